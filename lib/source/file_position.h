/*
 * file_position.h - what a log says of its positions to who cannot look into
 * them: as in struct source_lines.
 */
#ifndef FILE_POSITION_H
#define FILE_POSITION_H

#include "source/position.h"

bool file_position_has_before(const struct source_position *position);

/* In the same file, or in none. */
bool file_position_same_run(
    const struct source_position *a, const struct source_position *b);

bool file_position_same_place(
    const struct source_position *a, const struct source_position *b);

/* The same bytes are before both, in the same file or in a copy. */
bool file_position_goes_on(
    const struct source_position *a, const struct source_position *b);

void file_position_renew(
    struct source_position *position, const struct source_position *newer);

#endif
