/*
 * link_pattern.c - what changes in the name of a link's target.
 *
 * A pattern is written for the target as an administrator would do it, and a
 * name that it does not match itself has none.
 */
#include "source/link_pattern.h"

#include <stdio.h>
#include <string.h>

#define PATTERN_SIZE_MAX (2 * NAME_MAX + 32) /* bytes may be escaped */

/* Digits of a time in seconds: from 2001 on. */
#define SECONDS_DIGITS 10

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t
digits_at(const char *text)
{
	size_t count = 0;

	while (is_digit(text[count]))
		count++;
	return count;
}

/* --------------------------------------------------- finding what changes --
 */

/* Where something that changes stands in a name, and as what. */
struct span {
	size_t at;
	size_t size;
	const char *conversions;
};

/* "20261124", "20261124101112": digits in one piece. */
static const char *
whole_date(size_t digits)
{
	switch (digits) {
	case 8:
		return "%Y%m%d";
	case 10:
		return "%Y%m%d%H";
	case 12:
		return "%Y%m%d%H%M";
	case 14:
		return "%Y%m%d%H%M%S";
	default:
		return NULL;
	}
}

/* A pattern with separators, as "-" in "2026-11-24"; its digits are 0 here. */
struct form {
	const char *digits;
	const char *conversions;
};

/* Dates, and times behind a date, the longest first. */
static const struct form dates[] = {
    {"0000-00-00", "%Y-%m-%d"},
    {"0000_00_00", "%Y_%m_%d"},
    {"0000.00.00", "%Y.%m.%d"},
};
static const struct form times[] = {
    {"T00:00:00", "T%H:%M:%S"},
    {"T00-00-00", "T%H-%M-%S"},
    {"_00:00:00", "_%H:%M:%S"},
    {"_00-00-00", "_%H-%M-%S"},
    {"_00.00.00", "_%H.%M.%S"},
    {"-00-00-00", "-%H-%M-%S"},
    {"-00:00:00", "-%H:%M:%S"},
    {".00.00.00", ".%H.%M.%S"},
    {"T000000", "T%H%M%S"},
    {"_000000", "_%H%M%S"},
    {"-000000", "-%H%M%S"},
    {".000000", ".%H%M%S"},
    {"T00:00", "T%H:%M"},
    {"T00-00", "T%H-%M"},
    {"T0000", "T%H%M"},
    {"T00", "T%H"},
};

static bool
has_form(const char *text, const char *digits)
{
	for (; *digits != '\0'; text++, digits++)
		if (is_digit(*digits) ? !is_digit(*text) : *text != *digits)
			return false;
	return !is_digit(*text);
}

static const struct form *
find_form(const char *text, const struct form *forms, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (has_form(text, forms[i].digits))
			return &forms[i];
	return NULL;
}

#define FIND_FORM(text, forms) \
	find_form(text, forms, sizeof(forms) / sizeof((forms)[0]))

static bool
take_date(const char *text, struct span *span)
{
	size_t digits = digits_at(text);
	const char *whole = whole_date(digits);
	const struct form *form = FIND_FORM(text, dates);

	if (whole != NULL)
		*span = (struct span){span->at, digits, whole};
	else if (form != NULL)
		*span = (struct span){
		    span->at, strlen(form->digits), form->conversions};
	return whole != NULL || form != NULL;
}

/* Whether the date has a time to the second, and a number behind it. */
static bool
take_number(const char *text, struct span *span)
{
	size_t digits = *text != '\0' ? digits_at(text + 1) : 0;

	if (digits == 0 || strchr("._-", *text) == NULL)
		return false;
	*span = (struct span){span->at + 1, digits, "%I"};
	return true;
}

/* ------------------------------------------------------------- writing -- */

struct draft {
	char text[PATTERN_SIZE_MAX];
	size_t size;
};

static void
add_text(struct draft *draft, const char *text)
{
	size_t size = strlen(text);

	if (draft->size + size < sizeof(draft->text)) {
		memcpy(draft->text + draft->size, text, size);
		draft->size += size;
	}
}

static void
add_literal(struct draft *draft, const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		const char byte[] = {text[i], '\0'};

		add_text(draft, text[i] == '%' ? "%%" : byte);
	}
}

/* Whether the pattern is one, and the target's own. */
static bool
finish(struct link_pattern *link, struct draft *draft, const char *target,
    enum link_kind kind)
{
	struct name_pattern_error why;

	if (name_pattern_read(&link->pattern, NAME_PATTERN_OF_GENERATIONS,
		draft->text, draft->size, &why) != 0 ||
	    !name_pattern_match(
		&link->pattern, target, strlen(target), &link->own))
		return false;
	link->kind = kind;
	link->size = strlen(target);
	return true;
}

/* The date at that place of the target, with what belongs to it. */
static bool
read_date(struct link_pattern *link, const char *target, size_t at)
{
	struct draft draft = {.size = 0};
	struct span span = {.at = at}, number;
	const struct form *time;

	if (!take_date(target + at, &span))
		return false;
	add_literal(&draft, target, at);
	add_text(&draft, span.conversions);
	at += span.size;
	time = FIND_FORM(target + at, times);
	if (time != NULL && strstr(span.conversions, "%H") == NULL) {
		add_text(&draft, time->conversions);
		at += strlen(time->digits);
		span.conversions = time->conversions;
	}
	number.at = at;
	if (strstr(span.conversions, "%S") != NULL &&
	    take_number(target + at, &number)) {
		add_literal(&draft, target + at, 1);
		add_text(&draft, number.conversions);
		at = number.at + number.size;
	}
	add_literal(&draft, target + at, strlen(target + at));
	return finish(link, &draft, target, LINK_DATE);
}

/* The digits at that place are a number that changes. */
static bool
read_number(struct link_pattern *link, const char *target, size_t at,
    enum link_kind kind)
{
	struct draft draft = {.size = 0};
	size_t end = at + digits_at(target + at);

	add_literal(&draft, target, at);
	add_text(&draft, "%I");
	add_literal(&draft, target + end, strlen(target + end));
	return finish(link, &draft, target, kind);
}

void
link_pattern_read(struct link_pattern *link, const char *target)
{
	size_t digits, numbers = 0, number = 0;

	*link = (struct link_pattern){.kind = LINK_NONE};
	if (strlen(target) > NAME_MAX)
		return;
	for (size_t i = 0; target[i] != '\0'; i += digits > 0 ? digits : 1) {
		digits = digits_at(target + i);
		if (digits == 0)
			continue;
		if (read_date(link, target, i))
			return;
		if (digits == SECONDS_DIGITS &&
		    read_number(link, target, i, LINK_DATE))
			return;
		numbers++;
		number = i;
	}
	if (numbers != 1 || !read_number(link, target, number, LINK_NUMBER))
		link->kind = LINK_NONE;
}

/* ------------------------------------------------------------ matching -- */

/*
 * A number behind a date is another process's while the date is the same, and
 * seconds since 1970 have as many digits.
 */
static bool
is_same_log(const struct link_pattern *link, size_t size,
    const struct name_values *values)
{
	if (link->kind == LINK_NUMBER)
		return true;
	if (link->pattern.date_fields == 0)
		return size == link->size;
	return values->date != link->own.date ||
	       values->number == link->own.number;
}

bool
link_pattern_match(const struct link_pattern *link, const char *name,
    size_t size, struct name_values *ret_values)
{
	struct name_values values;

	if (link->kind == LINK_NONE ||
	    !name_pattern_match(&link->pattern, name, size, &values))
		return false;
	if (!is_same_log(link, size, &values))
		return false;
	*ret_values = values;
	return true;
}

bool
link_pattern_is_own(const struct link_pattern *link, const char *name)
{
	size_t size = strlen(name);
	struct name_values values;

	for (size_t i = 0; i <= size; i++)
		if ((name[i] == '.' || name[i] == '\0') &&
		    name_pattern_match(&link->pattern, name, i, &values))
			return true;
	return false;
}
