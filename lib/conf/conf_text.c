/*
 * conf_text.c - the text of a configuration file, line by line.
 *
 * Lines end in LF or CRLF.  A value is the rest of its line as it stands, but
 * for blanks around it (of which those behind it are handed on, too, for keys
 * where they would mean something): no quotes, no escapes, no comment behind
 * it, so that every path and every regular expression is written as it is.  A
 * comment has a line of its own, which "#" or ";" begins; so "#!" in the first
 * line is one, and a configuration file can be a program.
 *
 * What it cannot take as it stands it refuses: nothing is ever cut or skipped.
 */
#include "conf/conf_text.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "conf/conf_error.h"
#include "utf8.h"

static struct sse_slice
part(struct sse_slice whole, size_t begin, size_t end)
{
	struct sse_slice slice = {whole.data + begin, end - begin};

	return slice;
}

void
conf_text_init(struct conf_text *text, const char *path, struct sse_slice bytes)
{
	static const char bom[] = "\xef\xbb\xbf"; /* some editors write one */

	*text = (struct conf_text){.path = path, .rest = bytes};
	if (bytes.size >= 3 && memcmp(bytes.data, bom, 3) == 0)
		text->rest = part(bytes, 3, bytes.size);
}

static bool
is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static struct sse_slice
trimmed(struct sse_slice text)
{
	size_t begin = 0;
	size_t end = text.size;

	while (begin < end && is_blank(text.data[begin]))
		begin++;
	while (end > begin && is_blank(text.data[end - 1]))
		end--;
	return part(text, begin, end);
}

/* Takes one line, without its end, off the text. */
static struct sse_slice
take_line(struct conf_text *text)
{
	struct sse_slice rest = text->rest;
	const char *lf = memchr(rest.data, '\n', rest.size);
	size_t size = lf != NULL ? (size_t)(lf - rest.data) : rest.size;

	text->line++;
	text->rest = part(rest, lf != NULL ? size + 1 : size, rest.size);
	if (lf != NULL && size > 0 && rest.data[size - 1] == '\r')
		size--;
	return part(rest, 0, size);
}

/* What is wrong with the bytes of a line; NULL: nothing. */
static const char *
bytes_wrong(struct sse_slice line)
{
	if (line.size > CONF_LINE_SIZE_MAX)
		return "the line is too long";
	if (memchr(line.data, '\0', line.size) != NULL)
		return "there is a NUL in the line";
	if (sse_utf8_valid(line) != line.size)
		return "the line is no valid UTF-8";
	return NULL;
}

static int
read_section(struct sse_slice line, const struct conf_place *place,
    struct conf_line *ret_line, struct conf_error *ret_error)
{
	assert(line.size > 0 && line.data[0] == '[');
	if (line.data[line.size - 1] != ']')
		return conf_refuse(ret_error, place,
		    "%s begins a section, which is \"[name]\"",
		    conf_quote(line).text);
	*ret_line = (struct conf_line){.kind = CONF_LINE_SECTION,
	    .number = place->line,
	    .name = part(line, 1, line.size - 1)};
	return 1;
}

static int
read_setting(struct sse_slice line, const struct conf_place *place,
    struct conf_line *ret_line, struct conf_error *ret_error)
{
	const char *equals = memchr(line.data, '=', line.size);
	size_t size = equals != NULL ? (size_t)(equals - line.data) : 0;

	if (size == 0)
		return conf_refuse(ret_error, place,
		    "%s is neither \"key = value\", \"[name]\" nor a comment",
		    conf_quote(line).text);
	*ret_line = (struct conf_line){.kind = CONF_LINE_SETTING,
	    .number = place->line,
	    .name = trimmed(part(line, 0, size)),
	    .value = trimmed(part(line, size + 1, line.size))};
	return 1;
}

/* The value and what is behind it in its line: blanks. */
static struct sse_slice
to_end(struct sse_slice value, struct sse_slice line)
{
	if (value.size > 0)
		value.size = (size_t)(line.data + line.size - value.data);
	return value;
}

/* As conf_text_next(), but 0 for a line that says nothing. */
static int
read_line(struct sse_slice line, const struct conf_place *place,
    struct conf_line *ret_line, struct conf_error *ret_error)
{
	const char *wrong = bytes_wrong(line);
	struct sse_slice said;
	int got;

	if (wrong != NULL)
		return conf_refuse(ret_error, place,
		    "%s; UTF-8 without NUL, up to %d bytes, is allowed", wrong,
		    CONF_LINE_SIZE_MAX);
	said = trimmed(line);
	if (said.size == 0 || said.data[0] == '#' || said.data[0] == ';')
		return 0;
	if (said.data[0] == '[')
		return read_section(said, place, ret_line, ret_error);
	got = read_setting(said, place, ret_line, ret_error);
	if (got == 1)
		ret_line->written = to_end(ret_line->value, line);
	return got;
}

int
conf_text_next(struct conf_text *text, struct conf_line *ret_line,
    struct conf_error *ret_error)
{
	struct conf_place place = {.path = text->path};
	int got = 0;

	while (got == 0 && text->rest.size > 0) {
		struct sse_slice line = take_line(text);

		place.line = text->line;
		got = read_line(line, &place, ret_line, ret_error);
	}
	if (got < 0)
		text->rest.size = 0;
	return got;
}
