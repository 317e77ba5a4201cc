/*
 * log_names_fuzz.c - any names beside a log have a rank or none, and of two
 * that have one the same one is older, whichever is asked for first.
 *
 *	input: lines: source, generations, target of a link, names
 */
#include "config.h"

#include "fuzz.h"

#include <errno.h>

#include "source/log_names_rank.h"

#define NAMES_MAX 8

struct ranked {
	char *names[NAMES_MAX];
	struct log_rank ranks[NAMES_MAX];
	size_t count;
};

static int
sign(int number)
{
	return (number > 0) - (number < 0);
}

static void
check_order(const struct ranked *ranked, size_t order_size)
{
	for (size_t i = 0; i < ranked->count; i++)
		for (size_t k = 0; k < ranked->count; k++) {
			int got = log_rank_compare(
			    &ranked->ranks[i], &ranked->ranks[k]);
			int other = log_rank_compare(
			    &ranked->ranks[k], &ranked->ranks[i]);

			REQUIRE(sign(got) == -sign(other));
			if (order_size == 0)
				continue;
			other = strncmp(
			    ranked->names[i], ranked->names[k], order_size);
			REQUIRE(other == 0 || sign(got) == sign(other));
		}
}

static void
rank_all(const struct log_names *names, const char *target, size_t folder,
    struct sse_slice rest)
{
	struct ranked ranked = {.count = 0};
	struct log_base base;

	log_base_init(&base, names, target);
	while (rest.size > 0 && ranked.count < NAMES_MAX) {
		char *name = fuzz_string(fuzz_part(&rest, '\n'));

		if (strlen(name) <= NAME_MAX && strchr(name, '/') == NULL &&
		    log_names_rank(names, &base, folder, name,
			&ranked.ranks[ranked.count]))
			ranked.names[ranked.count++] = name;
		else
			free(name);
	}
	check_order(&ranked, log_names_order_size(names));
	while (ranked.count > 0)
		free(ranked.names[--ranked.count]);
}

static void
check_names(const char *source, const char *generations, const char *target,
    struct sse_slice rest)
{
	struct log_names *names;

	REQUIRE(log_names_new(source, generations, &names) == 0);
	REQUIRE(log_names_folders(names) > 0);
	REQUIRE(*log_names_folder(names, 0) == '\0');
	for (size_t i = 0; i < log_names_folders(names); i++)
		rank_all(names, target, i, rest);
	log_names_free(names);
}

void
log_names_fuzz(struct sse_slice input)
{
	char *source = fuzz_string(fuzz_part(&input, '\n'));
	char *generations = fuzz_string(fuzz_part(&input, '\n'));
	char *target = fuzz_string(fuzz_part(&input, '\n'));
	struct log_names_error why = {""};
	int wrong = log_names_check_source(source, &why);

	REQUIRE(wrong == 0 || (wrong == -EINVAL && why.text[0] != '\0'));
	if (wrong == 0) {
		why.text[0] = '\0';
		wrong = log_names_check_generations(generations, &why);
		REQUIRE(
		    wrong == 0 || (wrong == -EINVAL && why.text[0] != '\0'));
	}
	if (wrong == 0 && *source != '\0' && strlen(target) <= NAME_MAX &&
	    strchr(target, '/') == NULL)
		check_names(source, generations, target, input);
	free(source);
	free(generations);
	free(target);
}
