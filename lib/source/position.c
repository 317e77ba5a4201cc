/*
 * position.c - the event id of a place in a log, as text.
 *
 * base64url has "-" in its alphabet, so the parts of fixed width are cut by
 * their width and never searched for.  Numbers are written most significant
 * digit first, and each has one form; so parsing can refuse whatever would
 * not be written back the same.
 */
#include "source/position.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#define BASE64_BITS 6
#define FILE_DIGITS (SSE_POSITION_FILE_BITS / BASE64_BITS)
#define CHECK_DIGITS (SSE_POSITION_CHECK_BITS / BASE64_BITS)
#define NUMBER_DIGITS_MAX 19 /* of INT64_MAX in base 10; fewer in base 36 */

/* An offset's last digits, which are not kept with what is before them. */
#define LAST_DIGITS_LIMIT 10000

static_assert(SSE_POSITION_FILE_BITS % BASE64_BITS == 0, "whole digits");
static_assert(SSE_POSITION_CHECK_BITS % BASE64_BITS == 0, "whole digits");
static_assert(2 * NUMBER_DIGITS_MAX + FILE_DIGITS + CHECK_DIGITS + 3 <=
		  SSE_POSITION_SIZE_MAX,
    "the longest id fits");

static const char base36[] = "0123456789abcdefghijklmnopqrstuvwxyz";
static const char pairs[] =
    "00010203040506070809101112131415161718192021222324"
    "25262728293031323334353637383940414243444546474849"
    "50515253545556575859606162636465666768697071727374"
    "75767778798081828384858687888990919293949596979899";
static const char base64url[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* A base that is known where it is called makes the division a product. */
static inline char *
put_number(char *at, uint64_t value, unsigned base)
{
	char digits[NUMBER_DIGITS_MAX];
	size_t count = 0;

	assert(value <= INT64_MAX);
	do
		digits[count++] = base36[value % base];
	while ((value /= base) > 0);
	while (count > 0)
		*at++ = digits[--count];
	return at;
}

static char *
put_decimal(char *at, uint64_t value)
{
	return put_number(at, value, 10);
}

static inline char *
put_bits(char *at, uint64_t value, unsigned digits)
{
	assert(value >> digits * BASE64_BITS == 0);
#pragma GCC unroll 10 /* CHECK_DIGITS, the most there are */
	for (unsigned i = digits; i-- > 0;)
		*at++ = base64url[value >> i * BASE64_BITS & 63];
	return at;
}

static char *
put_file(char *at, const struct sse_position *position)
{
	at = put_number(at, position->stamp_ms, 36);
	*at++ = '.';
	at = put_bits(at, position->file, FILE_DIGITS);
	*at++ = '-';
	return at;
}

static char *
put_check(char *at, const struct sse_position *position)
{
	*at++ = '-';
	return put_bits(at, position->check, CHECK_DIGITS);
}

static size_t
format_volatile(const struct sse_position *position, char *text)
{
	char *at = put_bits(text, position->epoch, CHECK_DIGITS);

	*at++ = '-';
	at = put_decimal(at, position->offset);
	return (size_t)(at - text);
}

size_t
sse_position_format(
    const struct sse_position *position, char text[SSE_POSITION_SIZE_MAX])
{
	char *at;

	if (position->epoch != 0)
		return format_volatile(position, text);
	at = put_file(text, position);
	at = put_decimal(at, position->offset);
	at = put_check(at, position);
	return (size_t)(at - text);
}

/* Whether the kept front, all before the last digits, is the position's. */
static bool
has_front(
    const struct sse_position_text *kept, const struct sse_position *position)
{
	return kept->front_size > 0 && position->epoch == 0 &&
	       kept->front.stamp_ms == position->stamp_ms &&
	       kept->front.file == position->file &&
	       kept->front.offset == position->offset / LAST_DIGITS_LIMIT;
}

/* False when the position has none: it is volatile, or the offset is short. */
static __attribute__((cold)) bool
make_front(struct sse_position_text *kept, const struct sse_position *position)
{
	char *at;

	kept->front_size = 0;
	if (position->epoch != 0 || position->offset < LAST_DIGITS_LIMIT)
		return false;
	kept->front = *position;
	kept->front.offset = position->offset / LAST_DIGITS_LIMIT;
	at = put_file(kept->text, position);
	at = put_decimal(at, kept->front.offset);
	kept->front_size = (size_t)(at - kept->text);
	return true;
}

/* All four of them, two at once. */
static char *
put_last_digits(char *at, unsigned value)
{
	memcpy(at, pairs + value / 100 * 2, 2);
	memcpy(at + 2, pairs + value % 100 * 2, 2);
	return at + 4;
}

struct sse_slice
sse_position_text(
    struct sse_position_text *kept, const struct sse_position *position)
{
	struct sse_slice text = {kept->text, 0};
	char *at;

	if (!has_front(kept, position) && !make_front(kept, position)) {
		text.size = kept->size =
		    sse_position_format(position, kept->text);
		return text;
	}
	at = put_last_digits(kept->text + kept->front_size,
	    (unsigned)(position->offset % LAST_DIGITS_LIMIT));
	at = put_check(at, position);
	text.size = kept->size = (size_t)(at - kept->text);
	return text;
}

/* The value of a digit, or 64 if the byte is none. */
static unsigned
digit_36(char byte)
{
	if (byte >= '0' && byte <= '9')
		return (unsigned)(byte - '0');
	if (byte >= 'a' && byte <= 'z')
		return (unsigned)(byte - 'a') + 10;
	return 64;
}

static unsigned
digit_64(char byte)
{
	if (byte >= 'A' && byte <= 'Z')
		return (unsigned)(byte - 'A');
	if (byte >= 'a' && byte <= 'z')
		return (unsigned)(byte - 'a') + 26;
	if (byte >= '0' && byte <= '9')
		return (unsigned)(byte - '0') + 52;
	if (byte == '-')
		return 62;
	return byte == '_' ? 63 : 64;
}

static bool
take(struct sse_slice *text, char byte)
{
	if (text->size == 0 || *text->data != byte)
		return false;
	text->data++;
	text->size--;
	return true;
}

static bool
take_number(struct sse_slice *text, unsigned base, uint64_t *ret_value)
{
	uint64_t value = 0;
	const char *start = text->data;

	while (text->size > 0 && digit_36(*text->data) < base) {
		unsigned digit = digit_36(*text->data);

		if (value > ((uint64_t)INT64_MAX - digit) / base)
			return false;
		if (value == 0 && text->data > start)
			return false; /* a leading zero */
		value = value * base + digit;
		text->data++;
		text->size--;
	}
	*ret_value = value;
	return text->data > start;
}

static bool
take_bits(struct sse_slice *text, unsigned digits, uint64_t *ret_value)
{
	uint64_t value = 0;

	if (text->size < digits)
		return false;
	for (unsigned i = 0; i < digits; i++) {
		unsigned digit = digit_64(text->data[i]);

		if (digit == 64)
			return false;
		value = value << BASE64_BITS | digit;
	}
	text->data += digits;
	text->size -= digits;
	*ret_value = value;
	return true;
}

static bool
parse_durable(struct sse_slice text, struct sse_position *position)
{
	return take_number(&text, 36, &position->stamp_ms) &&
	       take(&text, '.') &&
	       take_bits(&text, FILE_DIGITS, &position->file) &&
	       take(&text, '-') && take_number(&text, 10, &position->offset) &&
	       take(&text, '-') &&
	       take_bits(&text, CHECK_DIGITS, &position->check) &&
	       text.size == 0;
}

static bool
parse_volatile(struct sse_slice text, struct sse_position *position)
{
	return take_bits(&text, CHECK_DIGITS, &position->epoch) &&
	       position->epoch != 0 && take(&text, '-') &&
	       take_number(&text, 10, &position->offset) && text.size == 0;
}

int
sse_position_parse(struct sse_slice text, struct sse_position *ret_position)
{
	struct sse_position durable = {0}, momentary = {0};

	if (parse_durable(text, &durable))
		*ret_position = durable;
	else if (parse_volatile(text, &momentary))
		*ret_position = momentary;
	else
		return -EBADMSG;
	return 0;
}
