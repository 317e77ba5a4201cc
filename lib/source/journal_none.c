/*
 * journal_none.c - a program that was built without the journal: in place of
 * journal_library.c.
 */
#include "config.h"

#include "source/journal_library.h"

const struct journal_library *
journal_library_load(const char **ret_why)
{
	*ret_why = "this program was built without the journal";
	return NULL;
}
