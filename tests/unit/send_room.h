/*
 * send_room.h - sockets that take as much as a test says.  Linked with
 * -Wl,--wrap=send -Wl,--wrap=sendmsg.
 */
#ifndef SEND_ROOM_H
#define SEND_ROOM_H

#include <stdbool.h>

extern long send_room;        /* bytes until EAGAIN; -1: as much as there is */
extern bool send_interrupted; /* the next call fails with EINTR */

#endif
