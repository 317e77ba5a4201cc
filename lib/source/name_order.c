/*
 * name_order.c - all names have the same length, and a date in it, its year
 * first.
 */
#include "config.h"

#include "source/name_order.h"

size_t
name_order_size(const struct name_pattern *pattern)
{
	size_t size = 0, fields = 0;

	for (size_t i = 0; i < pattern->parts_count; i++) {
		const struct name_part *part = &pattern->parts[i];

		/* A number, or a label, with its "@" or without. */
		if (part->size == 0)
			return 0;
		if (part->conversion != '\0' && part->field != fields++)
			return 0;
		size += part->size;
	}
	return fields > 0 ? size : 0;
}
