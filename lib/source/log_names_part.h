/*
 * log_names_part.h - what is known of a log's names once they are read.
 */
#ifndef LOG_NAMES_PART_H
#define LOG_NAMES_PART_H

#include "source/name_pattern.h"

#define LOG_NAMES_PATTERNS_MAX 16

/* Of the key generations. */
struct log_pattern {
	size_t folder; /* index */
	struct name_pattern pattern;
};

struct log_names {
	char *path;       /* without escapes */
	const char *name; /* its last part */
	bool dated;
	struct name_pattern source; /* if it is dated */
	bool by_default;
	struct log_pattern patterns[LOG_NAMES_PATTERNS_MAX];
	size_t patterns_count;
	char *folders[LOG_NAMES_PATTERNS_MAX + 1];
	size_t folders_count;
	size_t order_size;
};

#endif
