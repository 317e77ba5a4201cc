/*
 * writer_room.h - room in a writer for frames that are made right there: for
 * the programs, which link to the library's objects.
 */
#ifndef SSE_WRITER_ROOM_H
#define SSE_WRITER_ROOM_H

#include "ssekit.h"

/*
 * Room for so many bytes behind what waits, until the next call on the writer.
 * 0; -ENOMEM or -ENOBUFS, as of sse_writer_add(); an error of a write; -EPROTO
 * where no frames may follow.
 */
int sse_writer_room(struct sse_writer *writer, size_t size, char **ret_room);

/* So many bytes of whole frames were written there, and wait. */
void sse_writer_take(struct sse_writer *writer, size_t size);

#endif
