#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "record/ansi.h"
#include "random.h"
#include "utf8.h"

struct row {
	const char *text;
	const char *stripped;
};

static const struct row rows[] = {
    {"plain", "plain"},
    {"", ""},
    /* colours, cursors */
    {"\x1b[31mred\x1b[0m", "red"},
    {"a\x1b[1;38;5;208mb\x1b[mc", "abc"},
    {"a\x1b[?25l\x1b[2Jb", "ab"},
    {"a\x1b[4 qb", "ab"},
    {"a\x1b[38:2::1:2:3mb", "ab"},
    /* the same by U+009B */
    {"a\xc2\x9b"
     "31mb",
	"ab"},
    /* titles and links, ended by BEL, ESC \ or U+009C */
    {"a\x1b]0;title\ab", "ab"},
    {"a\x1b]8;;https://x/\x1b\\link\x1b]8;;\x1b\\b", "alinkb"},
    {"a\x1b]0;t\xc2\x9c"
     "b",
	"ab"},
    {"a\xc2\x9d"
     "0;t\ab",
	"ab"},
    {"a\x1bPq#0\x1b\\b", "ab"},
    {"a\x1b_x\x1b\\\x1b^y\x1b\\\x1bXz\x1b\\b", "ab"},
    /* BEL ends commands of the operating system only */
    {"a\x1bPq\ax\x1b\\b", "ab"},
    /* ESC breaks a string off */
    {"a\x1b]0;t\x1b[31mb", "ab"},
    /* others */
    {"a\x1b(Bb\x1b%Gc\x1b"
     "7d\x1b=e",
	"abcde"},
    {"a\xc2\x9b"
     "1;2 qb\xc2\x90q\xc2\x9c"
     "c\xc2\x9f_\x1b\\d",
	"abcd"},
    /* broken ones lose no text */
    {"a\x1b[31\xc3\xa4", "a\xc3\xa4"},
    {"a\x1b\xc3\xa4", "a\xc3\xa4"},
    {"a\x1b\tb", "a\tb"},
    {"a\x1b\x1b[31mb", "ab"},
    {"a\x1b]0;no end", "a0;no end"},
    {"a\x1bPno end", "ano end"},
    {"a\x1b]x\x1b", "ax"},
    /* controls by themselves */
    {"a\b\bb", "ab"},
    {"a\ad", "ad"},
    {"e\x7f", "e"},
    {"g\x0e\x0fh", "gh"},
    {"\x01\x05\v\f\x11\x13\x18\x1a\x1c\x1f", ""},
    {"h\ti\r\nj", "h\ti\r\nj"},
    {"more than sixteen bytes\bbefore it", "more than sixteen bytesbefore it"},
    /* and those that turn the order */
    {"a\xe2\x80\xae"
     "b\xe2\x80\xac"
     "c\xe2\x81\xa6\xe2\x81\xa9",
	"abc"},
    {"\xe2\x80\xaa\xe2\x80\xab\xe2\x80\xad\xe2\x81\xa7\xe2\x81\xa8", ""},
    /* their neighbours are marks, line ends and blanks */
    {"\xe2\x80\x8e\xe2\x80\x8f\xe2\x80\xa9\xe2\x80\xaf",
	"\xe2\x80\x8e\xe2\x80\x8f\xe2\x80\xa9\xe2\x80\xaf"},
    {"\xe2\x81\xa5\xe2\x81\xaa\xe2\x82\xaa\xd8\x9c",
	"\xe2\x81\xa5\xe2\x81\xaa\xe2\x82\xaa\xd8\x9c"},
    /* what one of them breaks off, too */
    {"a\xc2\x9b"
     "3\a1mb",
	"a31mb"},
    {"a\xc2\x9b"
     "3\xe2\x80\xae"
     "1mb",
	"a31mb"},
    {"a\xc2\x90q\a", "aq"},
    {"a\xc2\x9d"
     "0\x01;t\ab",
	"a0;tb"},
    {"a\x1b[31", "a"},
    {"a\x1b", "a"},
    {"a\x1b(", "a"},
    /* these are none */
    {"\xc2\xa0\xc3\x9b [31m \xe2\x82\xac",
	"\xc2\xa0\xc3\x9b [31m \xe2\x82\xac"},
    /* what another sequence breaks off loses what begins it */
    {"a\xc2\x9b\x1b[m31mb", "a31mb"},
    {"a\xc2\x9b\xc2\x9bm31mb", "a31mb"},
    {"a\xc2\x9b\xc2\x9b\xc2\x9bmmmb", "ammb"},
    {"a\xc2\x9d"
     "0;\xc2\x9b\x1b[mt\ab",
	"a0;tb"},
    {"a\xc2\x9d\xc2\x90x\x1b]t", "axt"},
    {"\xc2\x9d\xc3\xa4\xc2\x9dt\x1b[m\a", "\xc2\x9d\xc3\xa4t"},
};

/* Characters U+0080 to U+009F that begin no sequence are text. */
static const char *const alone[] = {
    "a\xc2\x85"
    "b",
    "\xc2\x85",
    "a\xc2\x90no end",
    "a\xc2\x9dno end",
    "a\xc2\x98\xc2\x9e",
    "a\xc2\x9b",
    "a\xc2\x9b"
    "31",
    "a\xc2\x9b"
    "31\xc3\xa4",
    "a\xc2\x9b\tb",
    "a\xc2\x9c"
    "b",
    /* words that were encoded twice: their letters are in the string */
    "Stra\xc3\x83\xc2\x9f"
    "e \xc3\x83\xc2\x9c"
    "ber",
    "\xc3\xb0\xc2\x9f\xc2\x98\xc2\x80 \xc3\xa2\xc2\x9c\xc2\x93",
    "\xc3\x83\xc2\x98 \xc3\x83\xc2\x9d \xc3\x83\xc2\x9c",
};

static struct sse_slice
strip(struct sse_slice text, struct sse_buf *out)
{
	sse_buf_clear(out);
	CHECK_EQUAL_INT(ansi_strip(text, out), 0);
	return sse_buf_slice(out);
}

TEST(strips_sequences_and_nothing_else)
{
	struct sse_buf out;

	sse_buf_init(&out, 1000);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sse_slice text = sse_slice(rows[i].text);

		CHECK_EQUAL_TEXT(
		    strip(text, &out), sse_slice(rows[i].stripped));
		CHECK((ansi_find(text) == text.size) ==
		      (strcmp(rows[i].text, rows[i].stripped) == 0));
	}
	sse_buf_done(&out);
}

TEST(what_begins_no_sequence_stays)
{
	struct sse_buf out;

	sse_buf_init(&out, 1000);
	for (size_t i = 0; i < sizeof(alone) / sizeof(alone[0]); i++) {
		struct sse_slice text = sse_slice(alone[i]);

		CHECK_EQUAL_TEXT(strip(text, &out), text);
		CHECK_EQUAL_INT(ansi_find(text), text.size);
	}
	for (unsigned char last = 0x80; last <= 0x9f; last++) {
		const char bytes[] = {'a', '\xc2', (char)last, '\xc3', '\xa4'};
		struct sse_slice text = {bytes, sizeof(bytes)};

		CHECK_EQUAL_TEXT(strip(text, &out), text);
		text.size = 3;
		CHECK_EQUAL_TEXT(strip(text, &out), text);
	}
	sse_buf_done(&out);
}

/* Quadratic time would be minutes for each. */
TEST(long_texts_take_time_in_proportion)
{
	static const char *const parts[] = {"\xc2\x9d", "\xc2\x9b", "\x1b]",
	    "\x1b[", "\xc2\xa3", "\xc2\x9e\xc2\x9b", "\xc2\x9d a", "\x1b[m",
	    "\xc2\x9b\xc2\xa3\x1b", "\xc2\x9bm", "\x1bP\xc2\x9d"};
	static char bytes[1 << 19];
	struct sse_buf out;

	sse_buf_init(&out, sizeof(bytes));
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		size_t part = strlen(parts[i]), size = 0;

		for (; size + part + 8 < sizeof(bytes); size += part)
			memcpy(bytes + size, parts[i], part);
		for (int end = 0; end < 2; end++) {
			struct sse_slice text = {bytes, size};
			struct sse_slice got = strip(text, &out);

			CHECK_EQUAL_INT(ansi_find(got), got.size);
			CHECK(ansi_whole(text) <= size);
			memcpy(bytes + size, "\x1b[m", 3);
			size += 3;
		}
	}
	sse_buf_done(&out);
}

/* A short text is looked at byte by byte, a longer one by blocks. */
TEST(finds_a_sequence_at_every_place_of_every_size)
{
	static const char *const sequences[] = {"\x1b[m", "\xc2\x9bm"};

	for (size_t size = 4; size < 70; size++)
		for (size_t at = 0; at + 3 <= size; at++) {
			char *bytes = malloc(size);
			struct sse_slice text = {bytes, size};

			CHECK(bytes != NULL);
			memset(bytes, 'x', size);
			CHECK_EQUAL_INT(ansi_find(text), size);
			memcpy(bytes + at, sequences[at % 2], 3);
			CHECK_EQUAL_INT(ansi_find(text), at);
			/* No control, but another character with that byte. */
			memcpy(bytes + at, "x\xc2\xa0", 3);
			CHECK_EQUAL_INT(ansi_find(text), size);
			free(bytes);
		}
}

static bool
is_left_out(int byte)
{
	return byte == 0x7f || (byte > 0 && byte < ' ' && byte != '\t' &&
				   byte != '\n' && byte != '\r');
}

/* Each byte at each place of each size. */
TEST(plain_is_ascii_without_controls)
{
	for (size_t size = 0; size < 40; size++) {
		char *bytes = malloc(size > 0 ? size : 1);
		struct sse_slice text = {bytes, size};

		CHECK(bytes != NULL);
		memset(bytes, 'x', size);
		CHECK(ansi_is_plain(text));
		for (size_t at = 0; at < size; at++)
			for (int byte = 0; byte < 256; byte++) {
				bytes[at] = (char)byte;
				CHECK(ansi_is_plain(text) ==
				      (byte < 128 && !is_left_out(byte)));
				CHECK(byte >= 128 ||
				      (ansi_find(text) == text.size) ==
					  !is_left_out(byte));
				bytes[at] = 'x';
			}
		free(bytes);
	}
}

TEST(finds_what_a_cut_has_left)
{
	CHECK_EQUAL_INT(ansi_whole(SLICE("a\x1b[31mb")), 7);
	CHECK_EQUAL_INT(ansi_whole(SLICE("a\x1b[31mb\x1b")), 7);
	CHECK_EQUAL_INT(ansi_whole(SLICE("a\x1b[31mb\x1b[1;2")), 7);
	CHECK_EQUAL_INT(ansi_whole(SLICE("a\x1b[31mb\x1b]0;x")), 7);
	CHECK_EQUAL_INT(ansi_whole(SLICE("a\x1b[31mb\x1b]0;x\x1b")), 7);
	CHECK_EQUAL_INT(ansi_whole(SLICE("a\xc2\x9b"
					 "31mb\xc2\x9b"
					 "1;2")),
	    7);
	CHECK_EQUAL_INT(ansi_whole(SLICE("a\xc2\x9d"
					 "0;t\ab\xc2\x9d"
					 "0;t")),
	    8);
	CHECK_EQUAL_INT(ansi_whole(SLICE("a\xc2\x9d"
					 "0;t\x1b")),
	    1);
	CHECK_EQUAL_INT(ansi_whole(SLICE("a\xc2\x85")), 3);
	CHECK_EQUAL_INT(ansi_whole(SLICE("\xc2\x9d"
					 "a\xc3\xa4")),
	    5);
	CHECK_EQUAL_INT(ansi_whole(SLICE("")), 0);
}

/* Beyond, what is left of it is text. */
TEST(what_a_cut_has_left_is_so_long_at_most)
{
	static char bytes[ANSI_SEQUENCE_MAX + 2];
	struct sse_slice text = {bytes, ANSI_SEQUENCE_MAX + 1};

	memset(bytes, 'x', sizeof(bytes));
	memcpy(bytes, "a\x1b]0;", 5);
	CHECK_EQUAL_INT(ansi_whole(text), 1);
	text.size++;
	CHECK_EQUAL_INT(ansi_whole(text), text.size);
}

static size_t
append(char *text, size_t size, const char *part)
{
	memcpy(text + size, part, strlen(part));
	return size + strlen(part);
}

/* No sequence stays, it is valid, and every cut will do. */
TEST(any_text_will_do)
{
	static const char *const parts[] = {"\x1b", "[", "]", "P", "\\", "\a",
	    "31;1", "m", "a", "\xc3\xa4", "\xc2\x9b", "\xc2\x9d", "\xc2\x9c",
	    "\xe2\x82\xac", " ", "(", "\xc2\xa0", "\xc2\x90", "\xc2\x9f",
	    "\xc2\x85", "\n", "\b", "\x0e", "\xe2\x80\xae", "\xe2\x80\xa6"};
	struct random random = {1};
	struct sse_buf out;

	sse_buf_init(&out, 1000);
	for (int round = 0; round < 50000; round++) {
		char text[256];
		size_t size = 0, count = random_below(&random, 20);
		struct sse_slice whole, got;

		for (size_t i = 0; i < count; i++)
			size = append(text, size,
			    parts[random_below(
				&random, sizeof(parts) / sizeof(parts[0]))]);
		whole = (struct sse_slice){text, size};
		if (round % 10 == 0)
			whole.data = test_guarded(text, size);
		got = strip(whole, &out);
		CHECK(got.size <= size);
		CHECK_EQUAL_INT(sse_utf8_valid(got), got.size);
		CHECK_EQUAL_INT(ansi_find(got), got.size);
		CHECK(got.size == 0 ||
		      memchr(got.data, '\x1b', got.size) == NULL);
		CHECK(ansi_whole(whole) <= size);
		if (round % 1000 != 0)
			continue;
		for (size_t cut = 0; cut < size; cut++)
			(void)strip(
			    (struct sse_slice){test_guarded(text, cut), cut},
			    &out);
	}
	sse_buf_done(&out);
}

/* What is looked at together ends somewhere in between. */
TEST(a_sequence_is_found_wherever_it_is)
{
	static const char *const sequences[] = {"\a", "\x7f", "\x1b[m",
	    "\xc2\x9bm", "\xc2\x9d\xc2\x9c", "\xe2\x80\xaa", "\xe2\x80\xae",
	    "\xe2\x81\xa6", "\xe2\x81\xa9"};
	static const char *const around[] = {
	    "x", "\xc2\xa3", "\xe2\x80\x99", "\xe2\x80\xa6"};

	for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++)
		for (size_t j = 0; j < 4 * 40; j++) {
			const char *other = around[j % 4];
			size_t before = j / 4, at = before * strlen(other);
			char text[400] = "";

			for (size_t k = 0; k < before; k++)
				strcat(text, other);
			CHECK_EQUAL_INT(ansi_find(sse_slice(text)), at);
			strcat(text, sequences[i]);
			CHECK_EQUAL_INT(ansi_find(sse_slice(text)), at);
			for (size_t k = before; k < 40; k++)
				strcat(text, other);
			CHECK_EQUAL_INT(ansi_find(sse_slice(text)), at);
		}
}
