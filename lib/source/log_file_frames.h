/*
 * log_file_frames.h - the plain lines of a file, without a look at each stage:
 * what most lines of most logs are.
 */
#ifndef LOG_FILE_FRAMES_H
#define LOG_FILE_FRAMES_H

#include "record/plain_frames.h"
#include "record/plain_line.h"
#include "source/log_file.h"

/*
 * The plain lines that come next in what was read become frames, as many as
 * there is room for: whether there were any.  Position and check of the file
 * move with them, as by log_file_record().  Their ids have the stamp; id is
 * that of the newest one.
 */
bool log_file_frames(struct log_file *file, uint64_t stamp_ms,
    struct sse_position_text *id, struct plain_frames *frames);

/*
 * The plain lines that come next in what was read are passed over, as long as
 * the judge leaves them out: whether there were any.  Position and check move
 * once, behind the last.
 */
bool log_file_leave_out(struct log_file *file, const struct plain_judge *judge);

#endif
