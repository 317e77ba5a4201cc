/*
 * Status pages on their way to clients, whose requests are not looked at: each
 * gets the page that the test has made.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clients.h"
#include "confs.h"
#include "page.h"
#include "peers.h"

#define STREAMS 3
#define ANSWER_SIZE_MAX 65536
#define TURNS_MAX 10000

struct play {
	struct loop *loop;
	struct clients clients;
	struct page *page;
	size_t pages;
	int peer;
	int turns;
	size_t size;
	char answer[ANSWER_SIZE_MAX];
};

static int64_t clock_ms;
static int64_t step_ms; /* of each look */

static int64_t
monotonic_ms(void *context)
{
	(void)context;
	return clock_ms += step_ms;
}

static const struct sse_clock stepping = {.monotonic_ms = monotonic_ms};

static void
take_request(void *context, struct client *client)
{
	struct play *play = context;

	CHECK_EQUAL_INT(page_serve(play->page, client), 0);
}

/* Nobody but the page has the conf afterwards. */
static struct page *
make_page(struct play *play, enum status_form form)
{
	struct conf *conf = conf_of(SLICE("[a]\nsource = /a\n[b]\nsource = /b\n"
					  "[c]\nsource = /c\n"));
	struct page *page;

	CHECK_EQUAL_INT(page_new(&play->pages, STREAMS, form, &page), 0);
	page_worker(page)->requests = 4711;
	for (size_t i = 0; i < STREAMS; i++)
		page_stream(page, i, conf)->name = conf_stream(conf, i)->name;
	conf_free(conf);
	return page;
}

static void
begin(struct play *play)
{
	memset(play, 0, sizeof(*play));
	clock_ms = step_ms = 0;
	play->peer = -1;
	CHECK_EQUAL_INT(loop_new(&play->loop), 0);
	peers_init(&play->clients, play->loop, &stepping, 1);
	play->clients.request = take_request;
	play->clients.context = play;
}

static void
end(struct play *play)
{
	if (play->peer >= 0)
		close(play->peer);
	clients_done(&play->clients);
	CHECK_EQUAL_INT(play->pages, 0);
	loop_free(play->loop);
}

static void
come(struct play *play)
{
	play->peer = peers_connect(&play->clients, PEERS_REQUEST);
}

static void
turn(struct play *play)
{
	CHECK(++play->turns < TURNS_MAX);
	turn_loop(play->loop);
}

/* To its end: the page, without records around it. */
static struct sse_slice
wait_for_page(struct play *play)
{
	ssize_t got;

	do {
		turn(play);
		got = recv(play->peer, play->answer + play->size,
		    sizeof(play->answer) - play->size, MSG_DONTWAIT);
		if (got > 0)
			play->size += (size_t)got;
	} while (got != 0);
	CHECK(play->size > WIRE_HEADER_SIZE + WIRE_FINISH_SIZE);
	CHECK_EQUAL_INT(play->answer[1], WIRE_STDOUT);
	CHECK_EQUAL_INT(
	    play->answer[play->size - WIRE_FINISH_SIZE + 9], WIRE_END_REQUEST);
	return (struct sse_slice){play->answer + WIRE_HEADER_SIZE,
	    play->size - WIRE_HEADER_SIZE - WIRE_FINISH_SIZE};
}

/* It is all there, in either form, and the conf as long as it is needed. */
TEST(a_page_says_what_was_so_when_it_was_made)
{
	static const char *const words[][3] = {
	    [STATUS_JSON] = {"{", "\"requests\": 4711", "}\n"},
	    [STATUS_OPENMETRICS] = {"# ", "_requests_total 4711\n", "# EOF\n"},
	};

	for (int form = STATUS_JSON; form <= STATUS_OPENMETRICS; form++) {
		static struct play play;
		struct sse_slice page;
		const char *last = words[form][2];

		begin(&play);
		play.page = make_page(&play, (enum status_form)form);
		come(&play);
		page = wait_for_page(&play);
		CHECK(strncmp(page.data, words[form][0],
			  strlen(words[form][0])) == 0);
		CHECK(memmem(page.data, page.size, words[form][1],
			  strlen(words[form][1])) != NULL);
		CHECK(memmem(page.data, page.size, "\"c\"", 3) != NULL);
		CHECK(memcmp(page.data + page.size - strlen(last), last,
			  strlen(last)) == 0);
		CHECK_EQUAL_INT(play.pages, 0);
		end(&play);
	}
}

/* In as many turns as it takes, and it is the same page. */
TEST(others_have_their_turn_between_its_parts)
{
	static struct play at_once, in_parts;
	struct sse_slice first, second;

	begin(&at_once);
	at_once.page = make_page(&at_once, STATUS_OPENMETRICS);
	come(&at_once);
	first = wait_for_page(&at_once);
	begin(&in_parts);
	in_parts.page = make_page(&in_parts, STATUS_OPENMETRICS);
	step_ms = PAGE_TURN_MS;
	come(&in_parts);
	second = wait_for_page(&in_parts);
	CHECK(in_parts.turns > at_once.turns + 10);
	CHECK(first.size > 1000);
	CHECK(second.size + 10 > first.size && second.size < first.size + 10);
	step_ms = 0;
	end(&at_once);
	end(&in_parts);
}

TEST(a_client_that_goes_takes_its_page_along)
{
	static struct play play;

	begin(&play);
	play.page = make_page(&play, STATUS_JSON);
	step_ms = PAGE_TURN_MS;
	come(&play);
	turn(&play);
	CHECK_EQUAL_INT(play.pages, 1);
	close(play.peer);
	play.peer = -1;
	while (play.clients.count > 0)
		turn(&play);
	CHECK_EQUAL_INT(play.pages, 0);
	end(&play);
}

TEST(so_many_pages_are_written_at_the_same_time)
{
	struct page *pages[PAGES_MAX], *more = NULL;
	size_t count = 0;

	for (size_t i = 0; i < PAGES_MAX; i++)
		CHECK_EQUAL_INT(page_new(&count, 1, STATUS_JSON, &pages[i]), 0);
	CHECK_EQUAL_INT(count, PAGES_MAX);
	CHECK_EQUAL_INT(page_new(&count, 1, STATUS_JSON, &more), -EBUSY);
	CHECK(more == NULL);
	page_free(pages[3]);
	CHECK_EQUAL_INT(page_new(&count, 1, STATUS_JSON, &pages[3]), 0);
	for (size_t i = 0; i < PAGES_MAX; i++)
		page_free(pages[i]);
	page_free(NULL);
	CHECK_EQUAL_INT(count, 0);
}
