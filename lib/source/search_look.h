/*
 * search_look.h - a search looks at a log's files until they are at rest.
 */
#ifndef SEARCH_LOOK_H
#define SEARCH_LOOK_H

#include "source/search.h"

#define SEARCH_TRIES_MAX 6 /* for a directory that does not come to rest */

/*
 * Looks until the directory is at rest, and finds the base if there is one: 0,
 * -ENOMEM, -EMFILE, ...  A log that does not exist is not an error.  In any
 * case search_done() follows.
 */
int search_look(struct search *search);

/*
 * One look: 1 when the position's file was truncated since, and a copy made; 0,
 * or RESULT_UNSETTLED, -ENOMEM, -EMFILE, ...: nobody knows.
 */
int search_finds_copy(const struct search_question *question);

#endif
