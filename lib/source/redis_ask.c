/*
 * redis_ask.c - what is asked of a Redis server about a stream.
 *
 * All of a question is one transaction: whether something was lost can be said
 * only of one moment.  One that waits goes out with the command to wait before
 * it, and a server looks at it when that one has ended: so an entry that comes
 * is there after one way back, not after three.
 */
#include "config.h"

#include "source/redis_ask.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "source/redis_trouble.h"

#define WORDS_MAX 8
#define NUMBER_SIZE_MAX 24 /* bytes, with a NUL */

/* -------------------------------------------------------------- ranges -- */

void
redis_bound_at(char bound[REDIS_BOUND_SIZE_MAX], const struct redis_id *id)
{
	(void)redis_id_text(id, bound);
}

void
redis_bound_beside(char bound[REDIS_BOUND_SIZE_MAX], const struct redis_id *id)
{
	bound[0] = '(';
	(void)redis_id_text(id, bound + 1);
}

void
redis_bound_open(char bound[REDIS_BOUND_SIZE_MAX], char sign)
{
	bound[0] = sign;
	bound[1] = '\0';
}

/* Between the ends of a stream the wrong way round there is nothing. */
static void
make_empty(struct redis_range *range)
{
	redis_bound_open(range->from, range->backwards ? '-' : '+');
	redis_bound_open(range->to, range->backwards ? '+' : '-');
}

void
redis_range_behind(struct redis_range *range, const struct redis_id *id)
{
	if (id->ms == UINT64_MAX && id->seq == UINT64_MAX)
		make_empty(range);
	else
		redis_bound_beside(
		    range->backwards ? range->to : range->from, id);
}

/* -------------------------------------------------------------- asking -- */

struct command {
	struct sse_slice words[WORDS_MAX];
	size_t count;
};

static void
add(struct command *command, const char *word)
{
	assert(command->count < WORDS_MAX);
	command->words[command->count++] = sse_slice(word);
}

static void
add_key(struct command *command, struct sse_slice key)
{
	assert(command->count < WORDS_MAX);
	command->words[command->count++] = key;
}

static int
send_word(struct redis_link *link, const char *word)
{
	const struct sse_slice words[] = {sse_slice(word)};

	return redis_link_send(link, words, 1);
}

static int
send_info(struct redis_link *link, struct sse_slice key)
{
	struct command command = {.count = 0};

	add(&command, "XINFO");
	add(&command, "STREAM");
	add_key(&command, key);
	return redis_link_send(link, command.words, command.count);
}

static int
send_range(struct redis_link *link, struct sse_slice key,
    const struct redis_range *range)
{
	struct command command = {.count = 0};
	char count[NUMBER_SIZE_MAX];

	(void)snprintf(count, sizeof(count), "%u", range->count);
	add(&command, range->backwards ? "XREVRANGE" : "XRANGE");
	add_key(&command, key);
	add(&command, range->from);
	add(&command, range->to);
	add(&command, "COUNT");
	add(&command, count);
	return redis_link_send(link, command.words, command.count);
}

static int
send_proof(
    struct redis_link *link, struct sse_slice key, const struct redis_id *id)
{
	struct redis_range range = {.count = 1};

	redis_bound_at(range.from, id);
	redis_bound_at(range.to, id);
	return send_range(link, key, &range);
}

static int
send_wait(
    struct redis_link *link, struct sse_slice key, const struct redis_id *id)
{
	struct command command = {.count = 0};
	char text[REDIS_ID_SIZE_MAX], ms[NUMBER_SIZE_MAX];

	(void)snprintf(ms, sizeof(ms), "%d", REDIS_BLOCK_MS);
	add(&command, "XREAD");
	add(&command, "COUNT");
	add(&command, "1");
	add(&command, "BLOCK");
	add(&command, ms);
	add(&command, "STREAMS");
	add_key(&command, key);
	(void)redis_id_text(id, text);
	add(&command, text);
	return redis_link_send(link, command.words, command.count);
}

static int
send_look(struct redis_link *link, struct sse_slice key,
    const struct redis_question *question)
{
	int error = send_word(link, "MULTI");

	if (error == 0)
		error = send_info(link, key);
	if (error == 0 && question->proves)
		error = send_proof(link, key, &question->id);
	if (error == 0 && question->range.count > 0)
		error = send_range(link, key, &question->range);
	return error == 0 ? send_word(link, "EXEC") : error;
}

int
redis_ask(struct redis_link *link, struct sse_slice key,
    const struct redis_question *question, unsigned *ret_answers)
{
	int error = 0;

	*ret_answers = 3u + (question->waits ? 1 : 0) +
		       (question->proves ? 1 : 0) +
		       (question->range.count > 0 ? 1 : 0);
	if (question->waits)
		error = send_wait(link, key, &question->behind);
	return error == 0 ? send_look(link, key, question) : error;
}

/* ------------------------------------------------------------- reading -- */

static bool
read_number(
    const struct redis_value *info, const char *name, uint64_t *ret_number)
{
	const struct redis_value *at = redis_value_named(info, name);

	if (at == NULL || at->kind != REDIS_NUMBER || at->number < 0)
		return false;
	*ret_number = (uint64_t)at->number;
	return true;
}

/* 1 and the id of an entry that XINFO brings; 0: there is none. */
static int
read_end(
    const struct redis_value *info, const char *name, struct redis_id *ret_id)
{
	const struct redis_value *at = redis_value_named(info, name);
	struct redis_entry entry;

	if (at == NULL || at->kind == REDIS_NIL)
		return 0;
	if (redis_entry_read(at, &entry) != 0)
		return -EPROTO;
	*ret_id = entry.id;
	return 1;
}

static int
read_info(const struct redis_value *info, struct redis_answer *answer)
{
	const struct redis_value *last =
	    redis_value_named(info, "last-generated-id");
	int first, newest;

	answer->look.exists = true;
	answer->look.has_added =
	    read_number(info, "entries-added", &answer->look.added);
	if (!read_number(info, "length", &answer->look.length) ||
	    last == NULL || last->kind != REDIS_TEXT ||
	    redis_id_parse(last->text, &answer->look.last) != 0)
		return -EPROTO;
	first = read_end(info, "first-entry", &answer->first);
	newest = read_end(info, "last-entry", &answer->newest);
	answer->is_filled = first == 1 && newest == 1;
	return first >= 0 && first == newest ? 0 : -EPROTO;
}

/* What is at the place. */
static int
read_proof(const struct redis_value *range, struct redis_look *look)
{
	struct redis_entry entry;

	if (range == NULL || range->kind != REDIS_ARRAY || range->count > 1)
		return -EPROTO;
	look->is_present = range->count == 1;
	if (!look->is_present)
		return 0;
	if (redis_entry_read(&range->items[0], &entry) != 0)
		return -EPROTO;
	look->check = redis_entry_check(&entry);
	return 0;
}

static int
read_range(const struct redis_value *range, struct redis_answer *answer)
{
	if (range == NULL || range->kind != REDIS_ARRAY)
		return -EPROTO;
	answer->entries = range;
	answer->sent = range->sent;
	for (size_t i = 0; i < range->count; i++) {
		struct redis_entry entry;

		if (i > 0 && range->items[i].is_cut)
			break;
		if (redis_entry_read(&range->items[i], &entry) != 0)
			return -EPROTO;
		answer->count++;
		answer->is_cut = range->items[i].is_cut;
		if (answer->is_cut)
			break;
	}
	return 0;
}

static bool
is_missing(const struct redis_value *info)
{
	return redis_value_is_error(info, "ERR no such key");
}

static int
first_error(const struct redis_value *all)
{
	for (size_t i = 0; i < all->count; i++)
		if (all->items[i].kind == REDIS_ERROR &&
		    !is_missing(&all->items[i]))
			return redis_trouble_of(&all->items[i]);
	return 0;
}

static int
read_look(const struct redis_value *all, const struct redis_question *question,
    struct redis_answer *answer)
{
	size_t at = 0;
	int error = first_error(all);

	if (error == 0 && !is_missing(redis_value_at(all, at)))
		error = read_info(redis_value_at(all, at), answer);
	at++;
	if (error == 0 && question->proves)
		error = read_proof(redis_value_at(all, at++), &answer->look);
	if (error == 0 && question->range.count > 0)
		error = read_range(redis_value_at(all, at), answer);
	return error;
}

int
redis_answer_read(const struct redis_value *value,
    const struct redis_question *question, struct redis_answer *ret_answer)
{
	struct redis_answer answer = {.count = 0};
	int error;

	if (value->kind == REDIS_ERROR)
		return redis_trouble_of(value);
	if (value->kind != REDIS_ARRAY)
		return -EPROTO;
	error = read_look(value, question, &answer);
	if (error == 0)
		*ret_answer = answer;
	return error;
}
