/*
 * unchanged.c - whether a file is after a rest what it was before.
 */
#include "config.h"

#include "source/unchanged.h"

int
unchanged_rest(struct unchanged *unchanged, int fd, uint64_t end)
{
	int error = unchanged->has_rested
			? 0
			: fingerprint_load(&unchanged->fingerprint, fd, end);

	unchanged->has_rested = error == 0;
	return error;
}

int
unchanged_check(const struct unchanged *unchanged, int fd)
{
	int holds = unchanged->has_rested
			? fingerprint_holds(&unchanged->fingerprint, fd)
			: 1;

	if (holds < 0)
		return holds;
	return holds == 1 ? 0 : RESULT_CHANGED;
}
