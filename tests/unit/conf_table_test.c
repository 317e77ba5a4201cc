/*
 * The table of keys: that each row is one that the rest can work with.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "conf/conf.h"
#include "conf/conf_key.h"

static const struct conf_key *
key_at(int index)
{
	return conf_key_at((enum conf_key_index)index);
}

TEST(each_key_is_found_by_its_name_alone)
{
	const struct sse_slice none[] = {SLICE(""), SLICE("sourc"),
	    SLICE("source "), SLICE("Source"), SLICE("source\0"),
	    SLICE("record_start"), SLICE("max-clients\n")};

	for (int i = 0; i < CONF_KEY_COUNT; i++) {
		CHECK_EQUAL_INT(conf_key_find(sse_slice(key_at(i)->name)), i);
		CHECK(strcmp(conf_key((size_t)i), key_at(i)->name) == 0);
	}
	CHECK(conf_key(CONF_KEY_COUNT) == NULL);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		CHECK_EQUAL_INT(conf_key_find(none[i]), -ENOENT);
}

TEST(a_default_is_a_value_that_its_key_allows)
{
	for (int i = 0; i < CONF_KEY_COUNT; i++) {
		const struct conf_key *key = key_at(i);
		struct stream_conf stream = {.name = NULL};

		printf("# %s\n", key->name);
		if (key->default_text != NULL)
			CHECK_EQUAL_INT(
			    conf_key_read(key, key->default_text, &stream), 0);
	}
}

TEST(each_row_says_what_help_needs_and_what_is_allowed)
{
	for (int i = 0; i < CONF_KEY_COUNT; i++) {
		const struct conf_key *key = key_at(i);
		bool has_choices = key->kind == CONF_KIND_CHOICE ||
				   key->kind == CONF_KIND_CHOICES ||
				   key->kind == CONF_KIND_FLUSH;

		printf("# %s\n", key->name);
		CHECK(key->name[strspn(
			  key->name, "abcdefghijklmnopqrstuvwxyz-")] == '\0');
		CHECK(key->takes != NULL && *key->takes != '\0');
		CHECK(key->summary != NULL && *key->summary != '\0');
		/* "  --KEY=VALUE" and the summary stand in a line each. */
		CHECK(strlen(key->name) + strlen(key->takes) < 40);
		CHECK(strlen(key->summary) <= 48);
		CHECK((key->choices != NULL) == has_choices);
		CHECK(key->min <= key->max);
		CHECK(has_choices || key->max > 0);
		CHECK(key->offset + key->size <= sizeof(struct stream_conf));
		CHECK(!key->is_flag || key->kind == CONF_KIND_CHOICE);
	}
}

/* Two keys that had one field would overwrite each other. */
TEST(no_two_keys_have_one_field)
{
	for (int i = 0; i < CONF_KEY_COUNT; i++)
		for (int j = 0; j < i; j++) {
			const struct conf_key *a = key_at(i), *b = key_at(j);

			CHECK(a->size == 0 || b->size == 0 ||
			      a->offset + a->size <= b->offset ||
			      b->offset + b->size <= a->offset);
		}
}
