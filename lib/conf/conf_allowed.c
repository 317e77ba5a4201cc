/*
 * conf_allowed.c - what a value that was refused is, and what is allowed.
 *
 * Where another noun refuses, it says why: a pattern, a name of a log.
 */
#include "config.h"

#include "conf/conf_allowed.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "source/log_names.h"
#include "source/source_kind.h"
#include "record/pattern.h"

/* A number that is only too small, or too large; else "". */
static struct conf_allowed
out_of_range(const struct conf_key *key, const char *value)
{
	struct conf_allowed allowed = {""};
	uint64_t number = 0;
	int error = conf_value_read(key->unit, value, &number);
	bool too_large = error == -ERANGE || number > key->max;

	if (error != -EINVAL && (too_large || number < key->min))
		(void)snprintf(allowed.text, sizeof(allowed.text),
		    "%s than %s (from %s to %s is allowed)",
		    too_large ? "more" : "less",
		    conf_value_print(key->unit, too_large ? key->max : key->min)
			.text,
		    conf_value_print(key->unit, key->min).text,
		    conf_value_print(key->unit, key->max).text);
	return allowed;
}

static struct conf_allowed
allowed_number(const struct conf_key *key, const char *value)
{
	static const char *const words[][2] = {
	    [CONF_UNIT_NONE] = {"number", ""},
	    [CONF_UNIT_BYTES] = {"size",
		" (a number with K, M, G or T, or of bytes)"},
	    [CONF_UNIT_MS] = {"time", " (a number with ms, s, m, h or d)"},
	};
	struct conf_allowed allowed = out_of_range(key, value);

	if (allowed.text[0] != '\0')
		return allowed;
	(void)snprintf(allowed.text, sizeof(allowed.text),
	    "no %s from %s to %s%s", words[key->unit][0],
	    conf_value_print(key->unit, key->min).text,
	    conf_value_print(key->unit, key->max).text, words[key->unit][1]);
	return allowed;
}

static struct conf_allowed
allowed_choice(const struct conf_key *key)
{
	struct conf_allowed allowed = {"not one of: "};
	size_t used;

	if (key->kind == CONF_KIND_CHOICES)
		(void)snprintf(allowed.text, sizeof(allowed.text),
		    "not some of these, with blanks between: ");
	used = strlen(allowed.text);
	for (const struct conf_choice *choice = key->choices;
	     choice->text != NULL; choice++) {
		int size = snprintf(allowed.text + used,
		    sizeof(allowed.text) - used, "%s%s",
		    choice == key->choices ? "" : ", ", choice->text);

		/* The table's words are few and short. */
		assert(size > 0 && (size_t)size < sizeof(allowed.text) - used);
		used += (size_t)size;
	}
	if (key->lacks != NULL)
		(void)snprintf(allowed.text + used, sizeof(allowed.text) - used,
		    "; this program was built without %s", key->lacks);
	return allowed;
}

/* What is wrong with this one. */
static struct conf_allowed
allowed_pattern(const char *value)
{
	struct conf_allowed allowed = {""};
	struct pattern_error why = {"memory is used up"};
	struct pattern *pattern = NULL;
	int error = pattern_new(value, &pattern, &why);

	pattern_free(pattern);
	if (error == 0)
		(void)snprintf(why.text, sizeof(why.text),
		    "it has control characters, or blanks at its ends, where"
		    " [ ] is a blank");
	(void)snprintf(allowed.text, sizeof(allowed.text),
	    "no regular expression: %s", why.text);
	return allowed;
}

static struct conf_allowed
allowed_text(const struct conf_key *key)
{
	struct conf_allowed allowed;

	(void)snprintf(allowed.text, sizeof(allowed.text),
	    "no text of %s to %s bytes, in UTF-8, without control"
	    " characters, or blanks at its ends",
	    conf_value_print(CONF_UNIT_NONE, key->min).text,
	    conf_value_print(CONF_UNIT_NONE, key->max).text);
	return allowed;
}

/* What is wrong with this source. */
static struct conf_allowed
allowed_source(const struct conf_key *key, const char *value)
{
	struct conf_allowed allowed;
	char reason[SOURCE_REASON_SIZE_MAX];

	if (source_check(value, reason) != -EINVAL)
		return allowed_text(key);
	(void)snprintf(allowed.text, sizeof(allowed.text), "not %s: %s",
	    source_is_path(value) ? "a path" : "a source", reason);
	return allowed;
}

/* The same of a log's generations. */
static struct conf_allowed
allowed_generations(const struct conf_key *key, const char *value)
{
	struct conf_allowed allowed;
	struct log_names_error why;

	if (log_names_check_generations(value, &why) != -EINVAL)
		return allowed_text(key);
	(void)snprintf(allowed.text, sizeof(allowed.text),
	    "not \"none\" or patterns of names: %s", why.text);
	return allowed;
}

struct conf_allowed
conf_allowed(const struct conf_key *key, const char *value)
{
	struct conf_allowed allowed = {""};

	switch (key->kind) {
	case CONF_KIND_NUMBER:
		return allowed_number(key, value);
	case CONF_KIND_CHOICE:
	case CONF_KIND_CHOICES:
		return allowed_choice(key);
	case CONF_KIND_FLUSH:
		(void)snprintf(allowed.text, sizeof(allowed.text),
		    "none of frame, ready and a time from %s to %s"
		    " (a number with ms or s)",
		    conf_value_print(key->unit, key->min).text,
		    conf_value_print(key->unit, key->max).text);
		break;
	case CONF_KIND_FROM:
		(void)snprintf(allowed.text, sizeof(allowed.text),
		    "none of start, end and -N with N from %s to %s",
		    conf_value_print(key->unit, key->min).text,
		    conf_value_print(key->unit, key->max).text);
		break;
	case CONF_KIND_ORIGINS:
		(void)snprintf(allowed.text, sizeof(allowed.text),
		    "neither \"*\" nor origins (https://host or"
		    " https://host:port, in lower case, and without 443 or 80,"
		    " which browsers leave out) with blanks between");
		break;
	case CONF_KIND_FOLDERS:
		(void)snprintf(allowed.text, sizeof(allowed.text),
		    "not folders, each written whole, as /srv/logs, with"
		    " blanks between; \"/\" is none");
		break;
	case CONF_KIND_HEADERS:
		(void)snprintf(allowed.text, sizeof(allowed.text),
		    "no names of headers (A-Z, a-z, 0-9, - and _) with blanks"
		    " between, of at most %s bytes",
		    conf_value_print(CONF_UNIT_NONE, key->max).text);
		break;
	case CONF_KIND_PATTERN:
		return allowed_pattern(value);
	case CONF_KIND_TIME_FORMAT:
		(void)snprintf(allowed.text, sizeof(allowed.text),
		    "not a date or time as in strptime(3), like"
		    " %%Y-%%m-%%d %%H:%%M:%%S, with %%f for a fraction,"
		    " %%s for seconds or milliseconds since 1970,"
		    " @%%t for TAI64N and %%* for what stands before, of at"
		    " most %s bytes, without blanks at its ends",
		    conf_value_print(CONF_UNIT_NONE, key->max).text);
		break;
	case CONF_KIND_SOURCE:
		return allowed_source(key, value);
	case CONF_KIND_GENERATIONS:
		return allowed_generations(key, value);
	case CONF_KIND_TEXT:
		return allowed_text(key);
	}
	return allowed;
}
