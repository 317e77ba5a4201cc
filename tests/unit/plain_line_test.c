/*
 * Plain lines: which are, and which of them are passed over.
 */
#include "config.h"

#include "test.h"

#include <string.h>

#include "record/plain_line.h"

/* It ends before a page that is not there. */
static ssize_t
size_of(const char *bytes, size_t size, size_t size_max)
{
	return plain_line_size(
	    (struct sse_slice){test_guarded(bytes, size), size}, size_max);
}

TEST(a_line_is_as_long_as_up_to_its_end)
{
	CHECK_EQUAL_INT(size_of("\n", 1, 10), 0);
	CHECK_EQUAL_INT(size_of("a\tb ~\nc", 7, 10), 5);
	CHECK_EQUAL_INT(size_of("abc", 3, 10), -1);
	CHECK_EQUAL_INT(size_of("abc\r\n", 5, 10), -1);
	CHECK_EQUAL_INT(plain_line_size((struct sse_slice){NULL, 0}, 10), -1);
}

TEST(it_may_be_as_long_as_the_limit)
{
	CHECK_EQUAL_INT(size_of("abc\n", 4, 3), 3);
	CHECK_EQUAL_INT(size_of("abc\n", 4, 2), -1);
	CHECK_EQUAL_INT(size_of("\n", 1, 0), 0);
}

/* Wherever the byte stands, in a line of whatever size. */
TEST(any_other_byte_makes_a_line_another)
{
	for (size_t size = 1; size < 70; size++)
		for (size_t at = 0; at < size; at++)
			for (int byte = 0; byte < 256; byte++) {
				bool plain =
				    byte == '\t' || (byte >= ' ' && byte < 127);
				char line[70];

				if (byte == '\n')
					continue;
				memset(line, 'x', size);
				line[at] = (char)byte;
				line[size] = '\n';
				CHECK_EQUAL_INT(
				    plain_line_size(
					(struct sse_slice){line, size + 1}, 70),
				    plain ? (ssize_t)size : -1);
			}
}

/* Leaves out lines that begin with x, and counts how often it is asked. */
static bool
leaves_out(void *context, struct sse_slice line)
{
	size_t *asked = context;

	(*asked)++;
	return line.size > 0 && line.data[0] == 'x';
}

TEST(lines_are_passed_over_up_to_the_first_that_is_not_left_out)
{
	static const struct {
		const char *bytes;
		size_t size;
		size_t asked;
	} cases[] = {{"", 0, 0}, {"x", 0, 0}, {"a\nx\n", 0, 1}, {"x\n", 2, 1},
	    {"x1\nx2\na\nx\n", 6, 3}, {"x\nx\r\nx\n", 2, 1},
	    {"x\nxxxxx\nx\n", 2, 1}, {"x\n\nx\n", 2, 2}, {"x\nx", 2, 1}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t asked = 0;
		const struct plain_judge judge = {4, leaves_out, &asked};

		CHECK_EQUAL_INT(
		    plain_lines_left_out(&judge, sse_slice(cases[i].bytes)),
		    cases[i].size);
		CHECK_EQUAL_INT(asked, cases[i].asked);
	}
}
