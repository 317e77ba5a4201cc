#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "conf/conf_entry.h"

static const struct conf_place here = {.path = "/c", .line = 7};

struct play {
	struct conf_origin file;
	struct conf_origin command;
	struct conf_entries entries;
};

static struct play
play_new(void)
{
	static char path[] = "/c";

	return (struct play){.file = {.path = path}};
}

static void
end(struct play *play)
{
	conf_entries_done(&play->entries);
	conf_entries_done(&play->entries);
	conf_settings_done(&play->file.common);
	conf_settings_done(&play->command.common);
}

static int
add(struct play *play, const struct conf_origin *origin, const char *name)
{
	struct conf_error error = {""};
	int got = conf_entries_add(
	    &play->entries, origin, &here, sse_slice(name), &error);

	CHECK_EQUAL_INT(error.text[0] != '\0', got == -EINVAL);
	return got;
}

TEST(a_stream_has_a_valid_name)
{
	static const struct {
		struct sse_slice name;
		bool valid;
	} cases[] = {
	    {{"a", 1}, true},
	    {{"A.b_c-1", 7}, true},
	    {{"0", 1}, true},
	    {{"a\n", 1}, true}, /* it ends before the LF */
	    {{"", 0}, false},
	    {{".a", 2}, false},
	    {{"-", 1}, false},
	    {{"a b", 3}, false},
	    {{"a/b", 3}, false},
	    {{"a\0b", 3}, false},
	    {{"\xc3\xa4", 2}, false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct play play = play_new();
		struct conf_error error;

		CHECK_EQUAL_INT(conf_entries_add(&play.entries, &play.file,
				    &here, cases[i].name, &error),
		    cases[i].valid ? 0 : -EINVAL);
		CHECK_EQUAL_INT(play.entries.count, cases[i].valid);
		end(&play);
	}
}

TEST(a_stream_is_found_by_its_whole_name)
{
	struct play play = play_new();
	struct conf_entry *b;

	CHECK(conf_entries_find(&play.entries, SLICE("a")) == NULL);
	CHECK_EQUAL_INT(add(&play, &play.file, "ab"), 0);
	CHECK_EQUAL_INT(add(&play, &play.command, "b"), 0);
	b = conf_entries_find(&play.entries, SLICE("b"));
	CHECK(b != NULL && b->origin == &play.command && b->line == 7);
	CHECK(conf_entries_find(&play.entries, SLICE("a")) == NULL);
	CHECK(conf_entries_find(&play.entries, SLICE("b\0")) == NULL);
	CHECK(conf_entries_find(&play.entries, SLICE("B")) == NULL);
	CHECK(conf_entries_find(&play.entries, SLICE("")) == NULL);
	end(&play);
}

TEST(the_last_stream_is_that_of_its_origin)
{
	struct play play = play_new();

	CHECK(conf_entries_last(&play.entries, &play.file) == NULL);
	CHECK_EQUAL_INT(add(&play, &play.file, "a"), 0);
	CHECK_EQUAL_INT(add(&play, &play.file, "b"), 0);
	CHECK_EQUAL_TEXT(
	    sse_slice(conf_entries_last(&play.entries, &play.file)->name),
	    SLICE("b"));
	CHECK(conf_entries_last(&play.entries, &play.command) == NULL);
	CHECK_EQUAL_INT(add(&play, &play.command, "c"), 0);
	CHECK(conf_entries_last(&play.entries, &play.file) == NULL);
	end(&play);
}

TEST(a_name_is_taken_once)
{
	struct play play = play_new();

	CHECK_EQUAL_INT(add(&play, &play.file, "a"), 0);
	CHECK_EQUAL_INT(add(&play, &play.file, "a"), -EINVAL);
	CHECK_EQUAL_INT(add(&play, &play.command, "a"), -EINVAL);
	CHECK_EQUAL_INT(add(&play, &play.command, "A"), 0);
	CHECK_EQUAL_INT(play.entries.count, 2);
	end(&play);
}

TEST(there_are_so_many_streams_at_most)
{
	struct play play = play_new();
	char name[16];

	for (int i = 0; i < CONF_STREAMS_MAX; i++) {
		(void)snprintf(name, sizeof(name), "n%d", i);
		CHECK_EQUAL_INT(add(&play, &play.file, name), 0);
	}
	CHECK_EQUAL_INT(add(&play, &play.file, "more"), -EINVAL);
	CHECK_EQUAL_INT(play.entries.count, CONF_STREAMS_MAX);
	CHECK(conf_entries_find(&play.entries, SLICE("n0")) != NULL);
	end(&play);
}

TEST(a_stream_may_be_called_as_its_file)
{
	static const struct {
		const char *source;
		const char *name; /* NULL: it is none */
	} cases[] = {
	    {"/var/log/app.log", "app.log"},
	    {"app.log", "app.log"},
	    {"/a/b", "b"},
	    {"-", "stdin"},
	    {"/stdin", "stdin"},
	    {"/a/", NULL},
	    {"", NULL},
	    {"/a/.b", NULL},
	    {"/a/b c", NULL},
	    {"/a/b #c", NULL},
	    {"/a/-", NULL},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct play play = play_new();
		struct conf_error error;
		int got = conf_entries_add_source(
		    &play.entries, &play.file, &here, cases[i].source, &error);

		CHECK_EQUAL_INT(got, cases[i].name != NULL ? 0 : -EINVAL);
		if (got == 0)
			CHECK_EQUAL_TEXT(sse_slice(play.entries.list[0].name),
			    sse_slice(cases[i].name));
		end(&play);
	}
}

/* Nearest first: the stream's own, what holds for all, and the default. */
TEST(a_stream_is_made_of_what_was_said_nearest_to_it)
{
	struct play play = play_new();
	struct conf_error error;
	struct conf_entry *entry;

	CHECK_EQUAL_INT(add(&play, &play.file, "s"), 0);
	entry = conf_entries_last(&play.entries, &play.file);
	CHECK_EQUAL_INT(conf_settings_set(&play.file.common, &here,
			    CONF_KEY_RETRY, SLICE("5s"), &error),
	    0);
	CHECK_EQUAL_INT(conf_settings_set(&play.file.common, &here,
			    CONF_KEY_HEARTBEAT, SLICE("6s"), &error),
	    0);
	CHECK_EQUAL_INT(conf_settings_set(&entry->own, &here, CONF_KEY_RETRY,
			    SLICE("7s"), &error),
	    0);
	CHECK_EQUAL_INT(conf_settings_set(&entry->own, &here, CONF_KEY_SOURCE,
			    SLICE("/x"), &error),
	    0);
	CHECK(conf_entry_said(entry, CONF_KEY_RETRY) ==
	      &entry->own.of[CONF_KEY_RETRY]);
	CHECK(conf_entry_said(entry, CONF_KEY_HEARTBEAT) ==
	      &play.file.common.of[CONF_KEY_HEARTBEAT]);
	CHECK(conf_entry_said(entry, CONF_KEY_IDS) == NULL);
	CHECK_EQUAL_INT(conf_entry_fill_in(entry), 0);
	CHECK_EQUAL_TEXT(sse_slice(entry->stream.name), SLICE("s"));
	CHECK_EQUAL_TEXT(sse_slice(entry->stream.source), SLICE("/x"));
	CHECK_EQUAL_INT(entry->stream.retry_ms, 7000);
	CHECK_EQUAL_INT(entry->stream.heartbeat_ms, 6000);
	CHECK_EQUAL_INT(entry->stream.ids, CONF_IDS_POSITION);
	end(&play);
}
