/*
 * Lines of a log into records, forwards and backwards.  "=" begins a record.
 */
#include "config.h"

#include "positions.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record/boundary.h"
#include "fdio.h"
#include "stream/multiline.h"
#include "record/reverse_reader.h"
#include "random.h"

#define RECORD_SIZE_MAX 20
#define WAIT_MS 500
#define HOUR_MS 3600000

static int64_t now_ms = 100000;

static int64_t
monotonic_ms(void *context)
{
	(void)context;
	return now_ms;
}

static int64_t
file_time_ms(void *context)
{
	(void)context;
	return sse_clock_file_time_ms(sse_clock_system());
}

static const struct sse_clock test_clock = {monotonic_ms, file_time_ms, NULL};

static bool
begins(void *context, struct sse_slice line)
{
	(void)context;
	return line.size > 0 && line.data[0] == '=';
}

static const struct record_rule by_start = {RECORD_HAS_START, begins, NULL};
static const struct record_rule by_blank = {RECORD_HAS_BLANK, NULL, NULL};
static const struct record_rule by_line = {RECORD_IS_LINE, NULL, NULL};

static void
append(const char *text)
{
	int fd = open(test_path("log"), O_WRONLY | O_CREAT | O_APPEND, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

struct reader {
	struct source *source;
	struct multiline multiline;
};

/* From the beginning, or from a position. */
static void
start_waiting(struct reader *reader, const struct record_rule *rule,
    bool follow, const struct source_position *position, int64_t wait_ms)
{
	const struct source_options options = {
	    .clock = &test_clock,
	    .record_size_max = RECORD_SIZE_MAX,
	    .rule = rule,
	    .replay_size = 1 << 20,
	    .follow = follow,
	    .rotate_wait_ms = 10,
	    .random = 1,
	};
	const struct multiline_options joining = {
	    .clock = &test_clock,
	    .rule = rule,
	    .record_size_max = RECORD_SIZE_MAX,
	    .wait_ms = wait_ms,
	};
	const struct source_start from = {
	    .position = position,
	    .records = SOURCE_RECORDS_ALL,
	};

	CHECK_EQUAL_INT(
	    source_new(test_path("log"), &options, &reader->source), 0);
	multiline_init(&reader->multiline, reader->source, &joining);
	CHECK_EQUAL_INT(source_start(reader->source, &from), 0);
	multiline_restart(&reader->multiline);
}

static void
start(struct reader *reader, const struct record_rule *rule, bool follow,
    const struct source_position *position)
{
	start_waiting(reader, rule, follow, position, WAIT_MS);
}

static void
stop(struct reader *reader)
{
	multiline_done(&reader->multiline);
	source_free(reader->source);
}

/* Whether there is an item now; marks are of no interest. */
static bool
next(struct reader *reader, struct source_item *item)
{
	int got;

	do {
		got = multiline_next(&reader->multiline, item);
		CHECK(got >= 0 || got == RESULT_PARTIAL);
		if (got == 1 && item->kind != SOURCE_MARK)
			return true;
	} while (
	    got != 0 || multiline_poll(&reader->multiline).timeout_ms == 0);
	return false;
}

/* What is there now: "text@end|text+left_out@end|", "?" for unfinished. */
static const char *
all(struct reader *reader)
{
	static char text[4096];
	struct source_item item;
	size_t size = 0;

	text[0] = '\0';
	while (next(reader, &item)) {
		if (item.kind != SOURCE_RECORD) {
			size += (size_t)snprintf(text + size,
			    sizeof(text) - size, "(%d)|", (int)item.kind);
			continue;
		}
		size += (size_t)snprintf(text + size, sizeof(text) - size,
		    "%.*s%s", (int)item.record.text.size, item.record.text.data,
		    item.record.unfinished ? "?" : "");
		if (item.record.left_out > 0)
			size +=
			    (size_t)snprintf(text + size, sizeof(text) - size,
				"+%d", (int)item.record.left_out);
		if (item.has_position)
			size +=
			    (size_t)snprintf(text + size, sizeof(text) - size,
				"@%d", (int)packed_offset(item.position));
		size += (size_t)snprintf(text + size, sizeof(text) - size, "|");
		CHECK(size < sizeof(text));
	}
	return text;
}

#define CHECK_ALL(reader, want) \
	CHECK_EQUAL_TEXT(sse_slice(all(reader)), sse_slice(want))

TEST(lines_are_records_where_nothing_else_is_said)
{
	struct reader reader;

	append("=a\n b\n\nc\n");
	start(&reader, &by_line, true, NULL);
	CHECK_ALL(&reader, "=a@3| b@6|@7|c@9|");
	stop(&reader);
}

TEST(lines_that_begin_no_record_join_the_one_before)
{
	struct reader reader;

	append("=a\n b\n\n c\r\n=d\n=e\n f\n=g");
	start(&reader, &by_start, true, NULL);
	/* Of the last one nobody knows whether it is whole. */
	CHECK_ALL(&reader, "=a\n b\n\n c@11|=d@14|");
	CHECK_EQUAL_INT(
	    packed_offset(multiline_position(&reader.multiline)), 14);
	append("\n");
	CHECK_ALL(&reader, "=e\n f@20|");
	stop(&reader);
}

TEST(a_log_that_begins_with_no_start_loses_nothing)
{
	struct reader reader;

	append(" x\n y\n=a\n");
	start(&reader, &by_start, true, NULL);
	CHECK_ALL(&reader, " x\n y@6|");
	stop(&reader);
}

TEST(the_last_record_is_given_after_a_wait)
{
	struct reader reader;
	struct source_item item;

	append("=a\n b\n");
	start(&reader, &by_start, true, NULL);
	CHECK(!next(&reader, &item));
	CHECK_EQUAL_INT(multiline_poll(&reader.multiline).timeout_ms, WAIT_MS);
	now_ms += WAIT_MS - 1;
	append(" c\n");
	CHECK(!next(&reader, &item));
	now_ms += WAIT_MS - 1;
	CHECK(!next(&reader, &item));
	CHECK_EQUAL_INT(multiline_poll(&reader.multiline).timeout_ms, 1);
	now_ms++;
	CHECK_ALL(&reader, "=a\n b\n c@9|");
	/* What comes later is a record of its own, and nothing is lost. */
	append(" d\n=e\n");
	CHECK_ALL(&reader, " d@12|");
	now_ms += WAIT_MS;
	CHECK_ALL(&reader, "=e@15|");
	stop(&reader);
}

TEST(a_record_that_goes_on_slowly_does_not_wait_for_ever)
{
	struct reader reader;
	struct source_item item;
	int lines = 0;

	append("=\n");
	start(&reader, &by_start, true, NULL);
	while (!next(&reader, &item)) {
		CHECK(++lines <= MULTILINE_WAITS_MAX * 2);
		now_ms += WAIT_MS - 1;
		if (lines < RECORD_SIZE_MAX)
			append("\n");
	}
	CHECK_EQUAL_INT(item.record.text.size, MULTILINE_WAITS_MAX + 2);
	stop(&reader);
}

TEST(a_line_that_does_not_fit_any_more_begins_the_next_record)
{
	struct reader reader;

	append("=2345678\n 2345678901\n 23456789\n 234567890\n=x\n");
	start(&reader, &by_start, true, NULL);
	CHECK_ALL(
	    &reader, "=2345678\n 2345678901@21| 23456789\n 234567890@42|");
	stop(&reader);
}

TEST(a_line_that_is_cut_is_a_record_of_its_own)
{
	struct reader reader;

	append("=a\n 23456789012345678901234\n b\n=c\n");
	start(&reader, &by_start, true, NULL);
	CHECK_ALL(&reader, "=a@3| 2345678901234567890+4@28| b@31|");
	stop(&reader);
}

TEST(an_end_gives_what_has_begun)
{
	struct reader reader;

	append("=a\n b\n=c\n d");
	start(&reader, &by_start, false, NULL);
	CHECK_ALL(&reader, "=a\n b@6|=c\n d@11|(3)|");
	stop(&reader);
}

TEST(a_blank_line_ends_an_event)
{
	struct reader reader;

	append("\n\nid: 1\ndata: a\r\n\r\n\n\ndata: b\n");
	start(&reader, &by_blank, true, NULL);
	CHECK_ALL(&reader, "id: 1\ndata: a@19|");
	now_ms += 100 * WAIT_MS;
	CHECK_ALL(&reader, "");
	append("\ndata: c");
	CHECK_ALL(&reader, "data: b@30|");
	stop(&reader);
}

TEST(an_event_that_an_end_cuts_is_unfinished_and_has_no_position)
{
	struct reader reader;

	append("data: a\n\ndata: b\nid: 2\n");
	start(&reader, &by_blank, false, NULL);
	CHECK_ALL(&reader, "data: a@9|data: b\nid: 2?|(3)|");
	stop(&reader);
}

static void
append_to(const char *name, const char *text)
{
	int fd = open(test_path(name), O_WRONLY | O_CREAT | O_APPEND, 0600);

	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

/* Until that is there, which takes the file system's clock. */
static void
check_comes(int line, struct reader *reader, const char *want)
{
	char got[200] = "";

	for (int i = 0; i < 10000 && strlen(got) < strlen(want); i++) {
		const char *text = all(reader);

		CHECK(strlen(got) + strlen(text) < sizeof(got));
		strcat(got, text);
		usleep(1000);
	}
	test_equal_text(__FILE__, line, sse_slice(got), sse_slice(want));
}

#define CHECK_COMES(reader, want) check_comes(__LINE__, reader, want)

static int64_t
stamp_of(struct source_position position)
{
	return (int64_t)sse_position_unpack(&position).stamp_ms;
}

/* The position of the reader, once it covers all that is in that file. */
static struct source_position
covering(struct reader *reader, const char *name)
{
	struct source_position position = {{0}};
	struct sse_file_stat stat;

	CHECK_EQUAL_INT(sse_path_stat(test_path(name), &stat), 0);
	for (int i = 0; i < 10000; i++) {
		CHECK_ALL(reader, "");
		position = multiline_position(&reader->multiline);
		if (stamp_of(position) >= stat.mtime_ms)
			break;
		usleep(1000);
	}
	CHECK(stamp_of(position) >= stat.mtime_ms);
	return position;
}

/*
 * A late line ends an event that has begun.  Its rest is none of its own, and
 * who comes back has it whole.
 */
TEST(no_position_is_in_an_event_that_was_cut)
{
	static const char *const before_blank[] = {"", "data: bb\n"};
	struct source_position position;
	struct reader reader, back;

	for (int i = 0; i < 2; i++) {
		append("data: 0\n\n");
		start(&reader, &by_blank, true, NULL);
		CHECK_ALL(&reader, "data: 0@9|");
		CHECK(rename(test_path("log"), test_path("log.1")) == 0);
		append("data: a\n\ndata: b\n");
		CHECK_COMES(&reader, "data: a@9|");
		append_to("log.1", "data: late\n\n");
		CHECK_COMES(&reader, "data: b?|data: late|");
		append(before_blank[i]);
		/* The late line is covered: a mark says so. */
		position = covering(&reader, "log.1");
		CHECK_EQUAL_INT(packed_offset(position), 9);
		append("\ndata: c\n\n");
		CHECK_COMES(&reader, i == 0 ? "data: c@27|" : "data: c@36|");
		start(&back, &by_blank, true, &position);
		CHECK_ALL(&back, i == 0 ? "data: b@18|data: c@27|"
					: "data: b\ndata: bb@27|data: c@36|");
		stop(&back);
		stop(&reader);
		CHECK(unlink(test_path("log")) == 0);
		CHECK(unlink(test_path("log.1")) == 0);
	}
}

TEST(what_is_over_the_limit_of_an_event_is_left_out)
{
	struct reader reader;

	append("data: 23456\n: 3456789\n: 3456789\n\ndata: b\n\n");
	start(&reader, &by_blank, true, NULL);
	CHECK_ALL(&reader, "data: 23456\n: 345678+11@33|data: b@42|");
	stop(&reader);
}

TEST(the_limit_is_kept_at_a_character)
{
	struct reader reader;

	append("data: 2345678901\n: \xc3\xa4\xc3\xa4\n\n");
	start(&reader, &by_blank, true, NULL);
	CHECK_ALL(&reader, "data: 2345678901\n: +4@25|");
	stop(&reader);
}

/* The gap comes between what was before and what is after it. */
TEST(a_truncation_ends_a_record)
{
	struct reader reader;
	struct source_item item;
	int fd;

	append("=a\n b\n");
	start(&reader, &by_start, true, NULL);
	CHECK(!next(&reader, &item));
	fd = open(test_path("log"), O_WRONLY | O_TRUNC);
	CHECK(write(fd, " c\n=d\n", 6) == 6);
	close(fd);
	now_ms += 20000;
	CHECK(next(&reader, &item));
	CHECK_EQUAL_TEXT(item.record.text, SLICE("=a\n b"));
	CHECK(multiline_owes_gap(&reader.multiline));
	CHECK(next(&reader, &item));
	CHECK_EQUAL_INT(item.kind, SOURCE_GAP);
	CHECK(!multiline_owes_gap(&reader.multiline));
	CHECK(next(&reader, &item));
	CHECK_EQUAL_TEXT(item.record.text, SLICE(" c"));
	stop(&reader);
}

/* A stack trace that a rotation cuts is one record. */
TEST(a_record_goes_on_in_the_next_file)
{
	struct reader reader;
	struct source_item item;

	append("=a\n b\n");
	/* The wait for a rotated file's rest is over before the record's. */
	start_waiting(&reader, &by_start, true, NULL, HOUR_MS);
	CHECK(!next(&reader, &item));
	CHECK(rename(test_path("log"), test_path("log.1")) == 0);
	append(" c\n=d\n");
	/* That the rest is over takes the file system's clock, too. */
	for (int i = 0; i < 10000 && !next(&reader, &item); i++) {
		now_ms += 20;
		usleep(1000);
	}
	CHECK_EQUAL_TEXT(item.record.text, SLICE("=a\n b\n c"));
	CHECK_EQUAL_INT(packed_offset(item.position), 3);
	stop(&reader);
}

TEST(two_meet_where_they_have_begun_the_same_record)
{
	struct reader leader, reader;
	struct source_item item;
	struct source_position position;

	append("=a\n=b\n c\n");
	start(&leader, &by_start, true, NULL);
	CHECK_ALL(&leader, "=a@3|");
	position = multiline_position(&leader.multiline);
	CHECK_EQUAL_INT(packed_offset(position), 3);
	start(&reader, &by_start, true, &position);
	source_follow(reader.source, leader.source);
	CHECK(!multiline_meets(&reader.multiline, &leader.multiline));
	CHECK(!next(&reader, &item));
	CHECK(multiline_meets(&reader.multiline, &leader.multiline));
	/* The leader waits no longer: it has given what this one has not. */
	now_ms += WAIT_MS;
	CHECK_ALL(&leader, "=b\n c@9|");
	CHECK(!multiline_meets(&reader.multiline, &leader.multiline));
	CHECK_ALL(&reader, "=b\n c@9|");
	CHECK(multiline_meets(&reader.multiline, &leader.multiline));
	stop(&leader);
	stop(&reader);
}

/* A gap that is told in a record does not cut it, and has no place in it. */
TEST(a_late_gap_is_told_before_the_record)
{
	static const struct {
		const struct record_rule *rule;
		const char *older;
		const char *log;
		const char *first;
		const char *late;
		const char *leaders;
		const char *more;
		const char *whole;
	} table[] = {
	    {&by_start, "=x\n", "=aaa\n=b\n", "=aaa@5|", "=late\n",
		"=b@8|=late|", " c\n=d\n", "=b\n c@11|"},
	    {&by_blank, "data: x\n\n", "a: a\n\nb: b\n", "a: a@6|",
		"late: c\n\n", "b: b?|late: c|", "c: c\n\n", "b: b\nc: c@17|"},
	};
	struct reader leader, reader;
	struct source_item item;

	for (int i = 0; i < 2; i++) {
		append(table[i].older);
		start(&leader, table[i].rule, true, NULL);
		(void)all(&leader);
		now_ms += WAIT_MS;
		(void)all(&leader);
		CHECK(rename(test_path("log"), test_path("log.1")) == 0);
		append(table[i].log);
		CHECK_COMES(&leader, table[i].first);
		(void)covering(&leader, "log.1");
		/*
		 * A name that is none of the log's: the reader does not open
		 * it.
		 */
		CHECK(rename(test_path("log.1"), test_path("other")) == 0);
		start(&reader, table[i].rule, true, NULL);
		source_follow(reader.source, leader.source);
		CHECK_ALL(&reader, table[i].first);
		append_to("other", table[i].late);
		CHECK_COMES(&leader, table[i].leaders);
		CHECK(!multiline_meets(&reader.multiline, &leader.multiline));
		CHECK(multiline_owes_gap(&reader.multiline));
		CHECK(next(&reader, &item));
		CHECK_EQUAL_INT(item.kind, SOURCE_GAP);
		CHECK_EQUAL_INT(item.reason, GAP_LATE);
		CHECK_EQUAL_INT(packed_offset(item.position), 5 + i);
		append(table[i].more);
		(void)all(&leader);
		CHECK_ALL(&reader, table[i].whole);
		stop(&reader);
		stop(&leader);
		CHECK(unlink(test_path("log")) == 0);
		CHECK(unlink(test_path("other")) == 0);
	}
}

/* Of one that began elsewhere the beginning is not the leader's. */
TEST(who_has_begun_another_record_does_not_meet)
{
	struct reader leader, reader;
	struct source_item item;
	struct source_position position;

	append("=a\n b\n c\n");
	start(&leader, &by_line, true, NULL);
	CHECK(next(&leader, &item));
	position = item.position;
	stop(&leader);
	start(&leader, &by_start, true, NULL);
	CHECK(!next(&leader, &item));
	start(&reader, &by_start, true, &position);
	source_follow(reader.source, leader.source);
	CHECK(!next(&reader, &item));
	CHECK(!multiline_meets(&reader.multiline, &leader.multiline));
	/* Both give what they have, and then they do. */
	now_ms += WAIT_MS;
	CHECK_ALL(&leader, "=a\n b\n c@9|");
	CHECK_ALL(&reader, " b\n c@9|");
	CHECK(multiline_meets(&reader.multiline, &leader.multiline));
	stop(&leader);
	stop(&reader);
}

/* The lines of one that began in an older file are not the leader's alone. */
TEST(who_has_begun_at_the_same_offset_of_another_file_does_not_meet)
{
	struct reader leader, reader;
	struct source_item item;
	struct source_position old, new;

	append("=a\n b\n");
	start(&reader, &by_line, true, NULL);
	CHECK(next(&reader, &item));
	old = item.position;
	stop(&reader);
	CHECK(rename(test_path("log"), test_path("log.1")) == 0);
	append(" c\n d\n");
	start(&reader, &by_line, true, NULL);
	CHECK(next(&reader, &item));
	new = item.position;
	stop(&reader);
	CHECK_EQUAL_INT(packed_offset(old), packed_offset(new));
	start(&leader, &by_start, true, &new);
	CHECK(!next(&leader, &item));
	start(&reader, &by_start, true, &old);
	source_follow(reader.source, leader.source);
	CHECK(!next(&reader, &item));
	CHECK_EQUAL_INT(packed_offset(source_position(reader.source)), 6);
	CHECK(source_meets(reader.source));
	CHECK(!multiline_meets(&reader.multiline, &leader.multiline));
	now_ms += WAIT_MS;
	CHECK_ALL(&leader, " d@6|");
	CHECK_ALL(&reader, " b\n c\n d@6|");
	CHECK(multiline_meets(&reader.multiline, &leader.multiline));
	stop(&leader);
	stop(&reader);
}

/* ------------------------------------------- whatever the bytes are -- */

struct found {
	char text[RECORD_SIZE_MAX + 1];
	size_t size;
	uint64_t end;
	uint64_t left_out;
};

static size_t
make_log(struct random *random, char *log, size_t size_max)
{
	static const char *const lines[] = {"=", "=a", " b", "", "\r", " cc\r",
	    "\r\r", " 9 bytes.", "=9 bytes.", "a line that is over the limit"};
	size_t size = 0, count = sizeof(lines) / sizeof(lines[0]);

	size_max = 50 + random_below(random, size_max - 50);
	log[0] = '\0';
	if (random_below(random, 2) == 0)
		size += (size_t)sprintf(log, "\xef\xbb\xbf");
	while (size + 40 < size_max) {
		const char *start = random_below(random, 2) == 0 ? "=" : "";
		/* Long ones come rarely. */
		bool rare = random_below(random, 20) == 0;
		size_t line = random_below(random, rare ? count : count - 1);

		size +=
		    (size_t)sprintf(log + size, "%s%s\n", start, lines[line]);
	}
	if (random_below(random, 2) == 0)
		size += (size_t)sprintf(log + size, "=tail");
	return size;
}

/* All records, as a reader from the beginning has them. */
static size_t
forwards(const struct record_rule *rule, struct found *found)
{
	struct reader reader;
	struct source_item item;
	size_t count = 0;

	start(&reader, rule, true, NULL);
	for (int i = 0; i < 2; i++) {
		while (next(&reader, &item)) {
			CHECK(item.record.text.size <= RECORD_SIZE_MAX);
			memcpy(found[count].text, item.record.text.data,
			    item.record.text.size);
			found[count].size = item.record.text.size;
			found[count].left_out = item.record.left_out;
			found[count++].end = packed_offset(item.position);
		}
		now_ms += WAIT_MS;
	}
	stop(&reader);
	return count;
}

/*
 * A record begins where the one before ends, or behind more blank lines, of
 * which the first may have a byte order mark.
 */
static void
check_begins(int fd, uint64_t begin, uint64_t end_before)
{
	char byte;

	CHECK(begin >= end_before);
	for (uint64_t at = end_before; at < begin; at++) {
		CHECK(pread(fd, &byte, 1, (off_t)at) == 1);
		CHECK(byte == '\r' || byte == '\n' ||
		      (at < 3 && byte == "\xef\xbb\xbf"[at]));
	}
}

/* Each of the records that fits is found from the end on, too. */
static void
backwards(const struct record_rule *rule, int fd, uint64_t size,
    const struct found *found, size_t count)
{
	struct reverse_reader_options options = {
	    .fd = fd,
	    .rule = rule,
	    .end = size,
	    .bytes_max = size,
	    .record_size_max = RECORD_SIZE_MAX,
	};
	struct reverse_reader reverse;
	struct record record;
	int got;

	reverse_reader_init(&reverse, &options);
	while ((got = reverse_reader_next(&reverse, &record)) >= 0) {
		if (got == 0)
			continue;
		CHECK(count-- > 0);
		CHECK_EQUAL_TEXT(record.text,
		    ((struct sse_slice){found[count].text, found[count].size}));
		CHECK_EQUAL_INT(record.end, found[count].end);
		check_begins(
		    fd, reverse.end, count > 0 ? found[count - 1].end : 0);
	}
	CHECK_EQUAL_INT(got, RESULT_NONE);
	CHECK_EQUAL_INT(count, 0);
	reverse_reader_done(&reverse);
}

/* Where the last records begin, and the next one from anywhere. */
static void
boundaries(const struct record_rule *rule, int fd, uint64_t size,
    const struct found *found, size_t count)
{
	const struct boundary_file file = {
	    .fd = fd, .rule = rule, .record_size_max = RECORD_SIZE_MAX};
	struct boundary_back back;
	struct boundary_forward forward;
	uint64_t offset;

	for (size_t i = 1; i <= count + 1; i++) {
		uint64_t left = i;

		boundary_back_begin(&back, &file, size, size);
		CHECK_EQUAL_INT(boundary_back_next(&back, &left, &offset), 0);
		boundary_back_done(&back);
		CHECK_EQUAL_INT(left, i > count ? i - count : 0);
		check_begins(
		    fd, offset, i >= count ? 0 : found[count - i - 1].end);
	}
	for (size_t i = 1; i + 1 < count; i++) {
		uint64_t from = found[i - 1].end;

		boundary_forward_begin(&forward, &file, from + 1, size);
		CHECK_EQUAL_INT(boundary_forward_next(&forward, &offset), 0);
		CHECK(offset > from && offset <= found[i + 1].end);
	}
}

/* Whether all records of that log could be compared. */
static bool
both_ways(const struct record_rule *rule, uint64_t seed)
{
	static char log[600];
	static struct found found[600];
	struct random random = {seed};
	size_t size = make_log(&random, log, sizeof(log)), count;
	bool fits = true;
	int fd;

	(void)unlink(test_path("log"));
	append(log);
	count = forwards(rule, found);
	/* A record that was cut, or that another line did not fit into. */
	for (size_t i = 0; i < count; i++)
		fits = fits && found[i].left_out == 0 &&
		       (i == 0 || rule->kind != RECORD_HAS_START ||
			   (found[i].size > 0 && found[i].text[0] == '='));
	if (!fits)
		return false;
	fd = open(test_path("log"), O_RDONLY);
	CHECK(fd >= 0);
	backwards(rule, fd, size, found, count);
	boundaries(rule, fd, size, found, count);
	close(fd);
	return true;
}

TEST(records_are_the_same_forwards_and_backwards)
{
	static const struct record_rule *const rules[] = {
	    &by_line, &by_start, &by_blank};

	for (size_t i = 0; i < 3; i++) {
		unsigned compared = 0;

		for (uint64_t seed = 0; seed < 400; seed++)
			compared += both_ways(rules[i], seed);
		if (compared < 30)
			test_fail(__FILE__, __LINE__, "rule %zu: %u logs", i,
			    compared);
	}
}

/* The limit is anywhere: what is found is a beginning of a record. */
TEST(who_comes_back_at_any_position_has_exactly_the_rest)
{
	static struct found found[600];
	static char log[600];
	struct random random = {7};
	size_t count;

	make_log(&random, log, sizeof(log));
	append(log);
	for (int kind = 0; kind < 2; kind++) {
		const struct record_rule *rule =
		    kind == 0 ? &by_start : &by_blank;
		struct reader reader;
		struct source_item item;

		count = forwards(rule, found);
		start(&reader, rule, true, NULL);
		for (size_t i = 0; i + 2 < count; i++) {
			struct reader back;
			struct source_item rest;

			CHECK(next(&reader, &item));
			start(&back, rule, true, &item.position);
			CHECK(next(&back, &rest));
			CHECK_EQUAL_INT(rest.kind, SOURCE_RECORD);
			CHECK_EQUAL_INT(
			    packed_offset(rest.position), found[i + 1].end);
			CHECK_EQUAL_TEXT(rest.record.text,
			    ((struct sse_slice){
				found[i + 1].text, found[i + 1].size}));
			stop(&back);
		}
		stop(&reader);
	}
}

/* Then it is others' turn: there may be a search for each of them. */
TEST(so_many_lines_are_joined_in_a_call)
{
	const int lines = 4 * MULTILINE_ITEMS_MAX - 2; /* and a blank one */
	struct source_item item;
	struct reader reader;
	int calls = 1, got;

	for (int i = 0; i < lines; i++)
		append("a\n");
	append("\n");
	start(&reader, &by_blank, true, NULL);
	while ((got = multiline_next(&reader.multiline, &item)) ==
		   RESULT_PARTIAL ||
	       item.kind == SOURCE_MARK)
		calls += got == RESULT_PARTIAL;
	CHECK_EQUAL_INT(got, 1);
	CHECK_EQUAL_INT(item.kind, SOURCE_RECORD);
	CHECK_EQUAL_INT(calls, 4);
	stop(&reader);
}
