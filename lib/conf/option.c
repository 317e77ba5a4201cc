/*
 * option.c - an option of the programs: a key of the table, or one of their
 * own.
 */
#include "config.h"

#include "conf/option.h"

#include <assert.h>
#include <string.h>

static const struct own_option own_options[OPTION_OWN_COUNT] = {
    [OPTION_CONFIG] = {"config", 'f', "FILE", "read streams from FILE"},
    [OPTION_CHECK] = {"check", 0, NULL, "print what would be served, and exit"},
    [OPTION_AS] = {"as", 0, "USER", "check as that user, by root"},
    [OPTION_HELP] = {"help", 'h', NULL, "print this, and exit"},
    [OPTION_VERSION] = {"version", 'V', NULL, "print the version, and exit"},
};

const struct own_option *
option_own(enum option_own own)
{
	assert(own < OPTION_OWN_COUNT);
	return &own_options[own];
}

bool
option_is_obeyed(enum options_program program, const struct conf_key *key)
{
	return program == OPTIONS_FCGI || !key->of_worker || key->size > 0;
}

struct nearest_text
option_nearest(enum options_program program, const char *word)
{
	struct nearest nearest = {.said = {word, 0}};

	if (strncmp(word, "--", 2) != 0)
		return nearest_question(&nearest, "");
	nearest.said.data = word + 2;
	nearest.said.size = strcspn(word + 2, "=");
	for (int i = 0; i < OPTION_OWN_COUNT; i++)
		nearest_consider(&nearest, own_options[i].name);
	for (int i = 0; i < CONF_KEY_COUNT; i++) {
		const struct conf_key *key =
		    conf_key_at((enum conf_key_index)i);

		if (option_is_obeyed(program, key))
			nearest_consider(&nearest, key->name);
	}
	return nearest_question(&nearest, "--");
}
