/*
 * file_descriptors.h - how many files a log may need to have open at once.
 */
#ifndef FILE_DESCRIPTORS_H
#define FILE_DESCRIPTORS_H

#include "source/source_ops.h"

/* As source_descriptors(). */
struct source_descriptors file_descriptors(
    const char *text, const char *generations);

#endif
