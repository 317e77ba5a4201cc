/*
 * redis_position_test.c - a place in a Redis Stream, and its event id.
 */
#include "config.h"

#include "test.h"

#include <errno.h>

#include "source/redis_position.h"

#define MAX_TEXT "18446744073709551615"

TEST(an_entry_has_an_id_of_two_numbers)
{
	static const struct {
		const char *text;
		int error;
		struct redis_id id;
	} cases[] = {
	    {"0-0", 0, {0, 0}},
	    {"1526919030474-55", 0, {1526919030474, 55}},
	    {MAX_TEXT "-" MAX_TEXT, 0, {UINT64_MAX, UINT64_MAX}},
	    {"18446744073709551616-0", -EBADMSG, {0, 0}},
	    {"0-18446744073709551616", -EBADMSG, {0, 0}},
	    {"1", -EBADMSG, {0, 0}},
	    {"1-", -EBADMSG, {0, 0}},
	    {"-1", -EBADMSG, {0, 0}},
	    {"1-2-3", -EBADMSG, {0, 0}},
	    {"01-2", -EBADMSG, {0, 0}},
	    {"1-02", -EBADMSG, {0, 0}},
	    {"1-2 ", -EBADMSG, {0, 0}},
	    {" 1-2", -EBADMSG, {0, 0}},
	    {"+1-2", -EBADMSG, {0, 0}},
	    {"1-*", -EBADMSG, {0, 0}},
	    {"", -EBADMSG, {0, 0}},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[REDIS_ID_SIZE_MAX];
		struct redis_id id = {7, 7};

		CHECK_EQUAL_INT(redis_id_parse(sse_slice(cases[i].text), &id),
		    cases[i].error);
		if (cases[i].error != 0)
			continue;
		CHECK_EQUAL_INT(redis_id_compare(&id, &cases[i].id), 0);
		CHECK_EQUAL_TEXT(
		    redis_id_text(&id, text), sse_slice(cases[i].text));
	}
}

TEST(ids_have_an_order)
{
	static const struct redis_id ids[] = {{0, 0}, {0, 1}, {0, UINT64_MAX},
	    {1, 0}, {1, 5}, {UINT64_MAX, 0}, {UINT64_MAX, UINT64_MAX}};
	const size_t count = sizeof(ids) / sizeof(ids[0]);

	for (size_t a = 0; a < count; a++)
		for (size_t b = 0; b < count; b++) {
			int order = redis_id_compare(&ids[a], &ids[b]);

			CHECK_EQUAL_INT(
			    (order > 0) - (order < 0), (a > b) - (a < b));
		}
}

static void
check_same(const struct redis_position *a, const struct redis_position *b)
{
	CHECK_EQUAL_INT(redis_id_compare(&a->id, &b->id), 0);
	CHECK_EQUAL_INT(a->has_ordinal, b->has_ordinal);
	CHECK_EQUAL_INT(a->ordinal, b->ordinal);
	CHECK_EQUAL_INT(a->has_check, b->has_check);
	CHECK_EQUAL_INT(a->check, b->check);
}

TEST(a_position_comes_back_as_it_was)
{
	static const struct {
		struct redis_position position;
		const char *text; /* NULL: it has none */
	} cases[] = {
	    {{{0, 0}, 0, 0, true, false}, "0.AAAAAAAA-0-AAAAAAAAAA"},
	    {{{0, 0}, 9, 0, true, false}, "0.AAAAAAAJ-0-AAAAAAAAAA"},
	    {{{36, 5}, 3, 1, true, true}, "10.AAAAAAAD-5-AAAAAAAAAB"},
	    {{{36, 5}, 0, 1, false, true}, "10.AAAAAAAA-5-AAAAAAAAAB"},
	    {{{INT64_MAX, INT64_MAX}, (UINT64_C(1) << 48) - 1, 1, true, true},
		"1y2p0ij32e8e7.________-9223372036854775807-AAAAAAAAAB"},
	    {{{UINT64_C(1) << 63, 0}, 1, 1, true, true}, NULL},
	    {{{0, UINT64_C(1) << 63}, 1, 1, true, true}, NULL},
	    {{{1, 0}, UINT64_C(1) << 48, 1, true, true}, NULL},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sse_position_text kept = {.front_size = 0};
		struct redis_position got;
		struct source_position packed =
		    redis_position_pack(&cases[i].position);
		struct sse_slice text;

		got = redis_position_unpack(&packed);
		check_same(&got, &cases[i].position);
		text = redis_position_text(&kept, &cases[i].position);
		CHECK_EQUAL_TEXT(text, sse_slice(cases[i].text));
		if (cases[i].text == NULL)
			continue;
		CHECK_EQUAL_INT(redis_position_parse(text, &got), 0);
		check_same(&got, &cases[i].position);
	}
}

/* The id of the same place behind a loss: nobody gave it before. */
TEST(behind_a_loss_a_place_has_another_id)
{
	static const struct redis_position places[] = {
	    {{7, 1}, 3, 99, true, true}, {{0, 0}, 0, 0, true, false},
	    {{0, 0}, 6, 0, true, false}};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct redis_position apart = places[i], got;
		struct sse_position_text kept = {.front_size = 0},
					 other = {.front_size = 0};
		struct sse_slice text;

		redis_position_set_apart(&apart);
		text = redis_position_text(&kept, &apart);
		CHECK(!sse_slice_equal(
		    text, redis_position_text(&other, &places[i])));
		CHECK_EQUAL_INT(redis_position_parse(text, &got), 0);
		check_same(&got, &apart);
		CHECK_EQUAL_INT(got.ordinal, places[i].ordinal);
		CHECK_EQUAL_INT(redis_id_compare(&got.id, &places[i].id), 0);
	}
}

/* Ten digits and a dash are what a pipe's ids begin with, too. */
TEST(a_client_may_bring_what_the_server_has_given)
{
	struct redis_position got;

	CHECK_EQUAL_INT(
	    redis_position_parse(sse_slice("1234567890-5"), &got), 0);
	CHECK_EQUAL_INT(got.id.ms, 1234567890);
	CHECK_EQUAL_INT(got.id.seq, 5);
	CHECK(!got.has_ordinal && !got.has_check);
	CHECK_EQUAL_INT(
	    redis_position_parse(sse_slice("AAAAAAAAAB-5"), &got), -EBADMSG);
	CHECK_EQUAL_INT(
	    redis_position_parse(sse_slice("nonsense"), &got), -EBADMSG);
}
