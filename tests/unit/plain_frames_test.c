/*
 * Plain lines into frames: which lines are, and what fits.
 */
#include "config.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/plain_frames.h"

#define ROOM_MAX 1000

static char none[] = "", type[] = "line", no_type[] = "a\nb",
	    long_type[PLAIN_TYPE_SIZE_MAX + 2];

static struct stream_conf conf = {
    .record_size_max = 100,
    .backlog_size = 65536,
    .ids = CONF_IDS_POSITION,
    .event = none,
};

static struct plain_form
form_of(const struct stream_conf *of)
{
	struct plain_form form;

	CHECK(plain_form_init(&form, of));
	return form;
}

/* Both ends are the last byte before a page that is not there. */
struct room {
	struct plain_frames frames;
	char *own;
};

static struct room
room_of(const struct plain_form *form, size_t size)
{
	struct room room = {.own = malloc(size > 0 ? size : 1)};

	CHECK(room.own != NULL);
	room.frames = (struct plain_frames){.form = form,
	    .data = room.own,
	    .capacity = size,
	    .count_max = SIZE_MAX};
	return room;
}

static ssize_t
begin(struct room *room, struct sse_slice bytes, size_t id_size)
{
	return plain_frames_begin(&room->frames,
	    (struct sse_slice){
		test_guarded(bytes.data, bytes.size), bytes.size},
	    id_size);
}

static struct sse_slice
made(const struct room *room)
{
	return (struct sse_slice){room->frames.data, room->frames.size};
}

TEST(a_frame_has_the_id_and_the_line)
{
	const struct plain_form form = form_of(&conf);
	struct room room = room_of(&form, ROOM_MAX);

	CHECK_EQUAL_INT(begin(&room, SLICE("one\ttwo\nnext\n"), 4), 7);
	plain_frames_end(&room.frames, SLICE("id-1"));
	CHECK_EQUAL_INT(begin(&room, SLICE("\n"), 4), 0);
	plain_frames_end(&room.frames, SLICE("id-2"));
	CHECK_EQUAL_TEXT(made(&room),
	    SLICE("id: id-1\ndata: one\ttwo\n\nid: id-2\ndata: \n\n"));
	CHECK_EQUAL_INT(room.frames.count, 2);
	free(room.own);
}

TEST(an_id_may_be_longer_or_shorter_than_was_thought)
{
	static const struct {
		size_t thought;
		const char *id;
	} ids[] = {{0, "1234567890"}, {5, "12345"}, {64, "1"}, {1, "12"},
	    {20, "1234567890123456789012345678901"}};
	const struct plain_form form = form_of(&conf);

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct room room = room_of(&form, ROOM_MAX);
		char want[200];

		CHECK_EQUAL_INT(begin(&room,
				    SLICE("a line of more than a "
					  "block\n"),
				    ids[i].thought),
		    27);
		plain_frames_end(&room.frames, sse_slice(ids[i].id));
		(void)snprintf(want, sizeof(want),
		    "id: %s\ndata: a line of more than a block\n\n", ids[i].id);
		CHECK_EQUAL_TEXT(made(&room), sse_slice(want));
		free(room.own);
	}
}

/* Each byte at each place of a line of some blocks, and of a short one. */
TEST(printable_ascii_and_tabs_are_plain_and_nothing_else)
{
	const struct plain_form form = form_of(&conf);
	static const size_t sizes[] = {1, 15, 16, 17, 40};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (int byte = 0; byte < 256; byte++) {
			size_t size = sizes[i], at = (size_t)byte % size;
			bool plain =
			    (byte >= ' ' && byte <= '~') || byte == '\t';
			struct room room = room_of(&form, ROOM_MAX);
			char line[64];

			memset(line, 'x', size);
			line[at] = (char)byte;
			line[size] = '\n';
			CHECK_EQUAL_INT(
			    begin(&room, (struct sse_slice){line, size + 1}, 4),
			    plain          ? (ssize_t)size
			    : byte == '\n' ? (ssize_t)at
					   : -1);
			CHECK_EQUAL_INT(room.frames.size, 0);
			free(room.own);
		}
}

TEST(a_line_without_an_end_is_none)
{
	const struct plain_form form = form_of(&conf);
	char line[64];

	memset(line, 'x', sizeof(line));
	for (size_t size = 0; size <= sizeof(line); size++) {
		struct room room = room_of(&form, ROOM_MAX);

		CHECK_EQUAL_INT(
		    begin(&room, (struct sse_slice){line, size}, 4), -1);
		free(room.own);
	}
}

/* Behind the limit of a record it would be cut. */
TEST(a_line_of_the_limit_is_plain_and_no_longer_one)
{
	const struct plain_form form = form_of(&conf);
	char line[102];

	for (size_t size = 99; size <= 101; size++) {
		struct room room = room_of(&form, ROOM_MAX);

		memset(line, 'x', size);
		line[size] = '\n';
		CHECK_EQUAL_INT(
		    begin(&room, (struct sse_slice){line, size + 1}, 4),
		    size <= 100 ? (ssize_t)size : -1);
		free(room.own);
	}
}

/* Whatever room there is, what is written stays within it. */
TEST(what_does_not_fit_is_not_begun)
{
	const struct plain_form form = form_of(&conf);
	char line[41];
	size_t fits = 0;

	memset(line, 'x', 40);
	line[40] = '\n';
	for (size_t size = 0; size < 200; size++) {
		struct room room = room_of(&form, size);
		ssize_t got =
		    begin(&room, (struct sse_slice){line, sizeof(line)}, 64);

		if (got == 40) {
			plain_frames_end(&room.frames,
			    SLICE("0123456789012345678901234567890123456789"
				  "012345678901234567890123"));
			fits++;
		}
		CHECK(got == 40 || got == -1);
		CHECK_EQUAL_INT(room.frames.count, got == 40);
		/* "id: " and the id, "\ndata: " and the line, two LF. */
		CHECK_EQUAL_INT(got == 40, size >= 4 + 64 + 7 + 40 + 2);
		free(room.own);
	}
	CHECK(fits > 0);
}

TEST(no_more_are_made_than_were_asked_for)
{
	const struct plain_form form = form_of(&conf);
	struct room room = room_of(&form, ROOM_MAX);
	size_t ends[2];

	room.frames.count_max = 2;
	room.frames.ends = ends;
	for (int i = 0; i < 2; i++) {
		CHECK_EQUAL_INT(begin(&room, SLICE("ab\n"), 1), 2);
		plain_frames_end(&room.frames, SLICE("1"));
	}
	CHECK_EQUAL_INT(begin(&room, SLICE("ab\n"), 1), -1);
	CHECK_EQUAL_INT(ends[0], sizeof("id: 1\ndata: ab\n\n") - 1);
	CHECK_EQUAL_INT(ends[1], 2 * ends[0]);
	free(room.own);
}

/* What is configured, and what a line becomes with it; NULL: none is plain. */
static const struct {
	const char *what;
	struct stream_conf conf;
	const char *frame;
} forms[] = {
    {"lines", {.event = none}, "id: 1\ndata: ab\n\n"},
    {"no type at all", {.event = NULL}, "id: 1\ndata: ab\n\n"},
    {"a type", {.event = type}, "id: 1\nevent: line\ndata: ab\n\n"},
    {"a type that cannot be sent", {.event = no_type}, NULL},
    {"a long type", {.event = long_type}, NULL},
    {"JSON", {.event = none, .format = CONF_FORMAT_JSON}, NULL},
    {"events", {.event = none, .format = CONF_FORMAT_SSE}, NULL},
    {"no ids", {.event = none, .ids = CONF_IDS_NONE}, NULL},
    {"ids of records", {.event = none, .ids = CONF_IDS_RECORD}, NULL},
};

TEST(a_form_is_what_the_keys_say)
{
	memset(long_type, 'x', sizeof(long_type) - 1);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct stream_conf of = forms[i].conf;
		struct plain_form form;
		struct room room;

		printf("# %s\n", forms[i].what);
		of.record_size_max = 100;
		of.backlog_size = 65536;
		CHECK_EQUAL_INT(
		    plain_form_init(&form, &of), forms[i].frame != NULL);
		if (forms[i].frame == NULL)
			continue;
		room = room_of(&form, ROOM_MAX);
		CHECK_EQUAL_INT(begin(&room, SLICE("ab\n"), 1), 2);
		plain_frames_end(&room.frames, SLICE("1"));
		CHECK_EQUAL_TEXT(made(&room), sse_slice(forms[i].frame));
		free(room.own);
	}
}

/* Of what may be cut to fit a backlog nothing is promised. */
TEST(a_small_backlog_limits_a_line)
{
	struct stream_conf of = conf;

	of.backlog_size = 4 * (4096 + 7 * 20);
	CHECK_EQUAL_INT(form_of(&of).line_size_max, 20);
	of.backlog_size = 4096;
	CHECK_EQUAL_INT(form_of(&of).line_size_max, 0);
}
