#include "test.h"

#include <errno.h>
#include <string.h>

#include "conf/conf_file.h"

/* Two files, and what they say. */
struct play {
	struct conf_origin first;
	struct conf_origin second;
	struct conf_settings program;
	struct conf_entries entries;
	struct conf_error error;
};

static struct play
play_new(void)
{
	static char first[] = "/a", second[] = "/b";

	return (struct play){
	    .first = {.path = first}, .second = {.path = second}};
}

static void
end(struct play *play)
{
	conf_entries_done(&play->entries);
	conf_settings_done(&play->program);
	conf_settings_done(&play->first.common);
	conf_settings_done(&play->second.common);
}

static int
read_text(struct play *play, struct conf_origin *origin, const char *text)
{
	struct conf_file file = {origin, &play->program, &play->entries};

	play->error.text[0] = '\0';
	return conf_file_read(&file, sse_slice(text), &play->error);
}

static const char *
said(const struct conf_settings *settings, enum conf_key_index key)
{
	const char *text = settings->of[key].text;

	return text != NULL ? text : "";
}

TEST(a_key_goes_where_it_stands)
{
	struct play play = play_new();
	const struct conf_entry *entry;

	CHECK_EQUAL_INT(read_text(&play, &play.first,
			    "log = stderr\nretry = 5s\n"
			    "[s]\nsource = /s\nretry = 7s\n"
			    "[t]\nsource = /t\n"),
	    0);
	CHECK_EQUAL_TEXT(
	    sse_slice(said(&play.program, CONF_KEY_LOG)), SLICE("stderr"));
	CHECK_EQUAL_TEXT(
	    sse_slice(said(&play.first.common, CONF_KEY_RETRY)), SLICE("5s"));
	CHECK_EQUAL_INT(play.entries.count, 2);
	entry = &play.entries.list[0];
	CHECK_EQUAL_TEXT(
	    sse_slice(said(&entry->own, CONF_KEY_RETRY)), SLICE("7s"));
	CHECK_EQUAL_INT(entry->own.of[CONF_KEY_RETRY].line, 5);
	CHECK(entry->own.of[CONF_KEY_RETRY].path == play.first.path);
	CHECK_EQUAL_INT(entry->line, 3);
	CHECK_EQUAL_TEXT(
	    sse_slice(
		conf_entry_said(&play.entries.list[1], CONF_KEY_RETRY)->text),
	    SLICE("5s"));
	end(&play);
}

TEST(without_a_section_a_source_is_a_stream)
{
	struct play play = play_new();

	CHECK_EQUAL_INT(
	    read_text(&play, &play.first, "source = /var/log/x.log\n"), 0);
	CHECK_EQUAL_INT(play.entries.count, 1);
	CHECK_EQUAL_TEXT(sse_slice(play.entries.list[0].name), SLICE("x.log"));
	end(&play);
	play = play_new();
	CHECK_EQUAL_INT(read_text(&play, &play.first, "retry = 5s\n"), 0);
	CHECK_EQUAL_INT(play.entries.count, 0);
	end(&play);
}

/* A section of another file is none of this one. */
TEST(files_do_not_mix)
{
	struct play play = play_new();
	const struct conf_place nowhere = {0};

	CHECK_EQUAL_INT(read_text(&play, &play.first, "[s]\nsource = /s\n"), 0);
	CHECK_EQUAL_INT(
	    read_text(&play, &play.second, "log = syslog\nsource = /t\n"), 0);
	CHECK_EQUAL_INT(play.entries.count, 2);
	CHECK(play.entries.list[0].origin == &play.first);
	CHECK(play.entries.list[1].origin == &play.second);
	/* Nor is a stream that another one has left without a source. */
	CHECK_EQUAL_INT(conf_entries_add(&play.entries, &play.first, &nowhere,
			    SLICE("u"), &play.error),
	    0);
	CHECK_EQUAL_INT(
	    read_text(&play, &play.second, "[v]\nsource = /v\n"), 0);
	end(&play);
}

TEST(a_blank_at_the_end_counts_where_it_may_be_meant)
{
	struct play play = play_new();

	CHECK_EQUAL_INT(
	    read_text(&play, &play.first, "event = e \nsource = /s\t \n"), 0);
	CHECK_EQUAL_TEXT(
	    sse_slice(said(&play.first.common, CONF_KEY_EVENT)), SLICE("e"));
	end(&play);
	play = play_new();
	CHECK_EQUAL_INT(
	    read_text(&play, &play.first, "time-format = %F \n"), -EINVAL);
	CHECK(strncmp(play.error.text, "/a:1: time-format: \"%F \" is not",
		  31) == 0);
	end(&play);
}

TEST(what_is_wrong_is_told_with_its_line)
{
	static const struct {
		const char *text;
		const char *error; /* how it begins */
	} cases[] = {
	    {"\nretrie = 5s\n",
		"/a:2: unknown key \"retrie\" (did you mean \"retry\"?);"
		" the keys are source"},
	    {"[s]\nlog = stderr\n",
		"/a:2: log: stands before the first \"[name]\" only"},
	    {"[s]\n[t]\nsource = /t\n",
		"/a:1: stream \"s\" has no source; add \"source = PATH\""},
	    {"[s]\nsource = /s\n[s]\n",
		"/a:3: there is already a stream \"s\", in line 1"},
	    {"retry = 5s\nretry = 5s\n",
		"/a:2: retry: is already set in line 1"},
	    {"source\n", "/a:1: "},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct play play = play_new();
		const char *want = cases[i].error;

		CHECK_EQUAL_INT(
		    read_text(&play, &play.first, cases[i].text), -EINVAL);
		if (strncmp(play.error.text, want, strlen(want)) != 0)
			test_fail(__FILE__, __LINE__, "got: %s\nwant: %s",
			    play.error.text, want);
		end(&play);
	}
}
