/*
 * One subscriber of a backlog, without a fanout: its client is on a socket
 * pair.
 */
#include "config.h"

#include "test.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peers.h"
#include "subscriber.h"

#define BACKLOG_SIZE 65536
#define RECORD(size) "\1\6\0\1\0" size "\0\0" /* its header: STDOUT */

struct play {
	struct loop *loop;
	struct clients clients;
	struct backlog *backlog;
	struct subscriber subscriber;
	int peer;
	int blocks; /* how often it was said that it blocks, or not any more */
	int gone;
};

static void
take_block(void *context, struct client *client, bool blocked)
{
	struct play *play = context;

	(void)client;
	(void)blocked;
	play->blocks++;
}

static void
take_gone(void *context, struct client *client)
{
	struct play *play = context;

	(void)client;
	play->gone++;
}

static const struct client_owner owner = {
    .block = take_block, .gone = take_gone};

static void
begin(struct play *play)
{
	memset(play, 0, sizeof(*play));
	CHECK_EQUAL_INT(loop_new(&play->loop), 0);
	peers_init(&play->clients, play->loop, sse_clock_system(), 1);
	CHECK_EQUAL_INT(backlog_new(BACKLOG_SIZE, &play->backlog), 0);
	play->peer = peers_connect(&play->clients, PEERS_REQUEST);
	play->subscriber = (struct subscriber){
	    .cursor = backlog_head(play->backlog),
	    .end = UINT64_MAX,
	    .client = play->clients.first,
	    .fd = play->clients.first->fd,
	    .request_id = 1,
	};
	client_own(play->clients.first, &owner, play);
}

static void
end(struct play *play)
{
	clients_done(&play->clients);
	CHECK_EQUAL_INT(play->gone, 1);
	backlog_free(play->backlog);
	loop_free(play->loop);
	close(play->peer);
}

static void
publish(struct play *play, const char *bytes)
{
	size_t size = strlen(bytes);

	memcpy(backlog_reserve(play->backlog, size), bytes, size);
	backlog_commit(play->backlog, size, BACKLOG_RECORD, SLICE(""));
}

static void
push(struct play *play)
{
	subscriber_push(&play->subscriber, play->backlog);
}

/* What has come since it was called before. */
static struct sse_slice
received(const struct play *play)
{
	static char bytes[1000];
	ssize_t got = recv(play->peer, bytes, sizeof(bytes), MSG_DONTWAIT);

	return (struct sse_slice){bytes, got > 0 ? (size_t)got : 0};
}

TEST(what_it_is_behind_comes_as_one_record)
{
	struct play play;

	begin(&play);
	push(&play);
	CHECK_EQUAL_TEXT(received(&play), SLICE(""));
	publish(&play, "a\n\n");
	publish(&play, "b\n\n");
	push(&play);
	CHECK_EQUAL_TEXT(received(&play), SLICE(RECORD("\6") "a\n\nb\n\n"));
	CHECK_EQUAL_INT(play.subscriber.cursor, backlog_head(play.backlog));
	push(&play);
	CHECK_EQUAL_TEXT(received(&play), SLICE(""));
	end(&play);
}

/* Wherever it was parted: in the header, behind it, in the content. */
TEST(a_record_that_was_taken_in_part_is_completed)
{
	static const char record[] = RECORD("\3") "a\n\n";

	for (size_t put = 0; put <= sizeof(record) - 1; put++) {
		struct play play;

		begin(&play);
		publish(&play, "a\n\n");
		CHECK(write(play.subscriber.fd, record, put) == (ssize_t)put);
		CHECK_EQUAL_INT(
		    subscriber_took(&play.subscriber, record, 3, put), 0);
		push(&play);
		CHECK_EQUAL_TEXT(received(&play), SLICE(record));
		CHECK_EQUAL_INT(play.subscriber.client->record_left, 0);
		end(&play);
	}
}

TEST(it_gets_no_more_than_up_to_its_end)
{
	struct play play;
	struct sse_slice got;
	uint64_t first;

	begin(&play);
	publish(&play, "a\n\n");
	first = backlog_head(play.backlog);
	publish(&play, "b\n\n");
	subscriber_end_at(&play.subscriber, play.backlog, first);
	CHECK(play.subscriber.aside);
	got = received(&play);
	CHECK(got.size > WIRE_HEADER_SIZE + 3);
	CHECK(
	    memcmp(got.data, RECORD("\3") "a\n\n", WIRE_HEADER_SIZE + 3) == 0);
	CHECK(memchr(got.data, 'b', got.size) == NULL);
	end(&play);
}

/* While its client blocks, an end is only noted. */
TEST(an_end_waits_for_who_blocks)
{
	struct play play;

	begin(&play);
	publish(&play, "a\n\n");
	play.subscriber.client->blocked = true;
	subscriber_end_at(
	    &play.subscriber, play.backlog, backlog_head(play.backlog));
	CHECK(play.subscriber.aside);
	CHECK_EQUAL_TEXT(received(&play), SLICE(""));
	play.subscriber.client->blocked = false;
	push(&play);
	CHECK(received(&play).size > WIRE_HEADER_SIZE + 3);
	end(&play);
}

TEST(a_socket_that_is_full_blocks_it)
{
	static char junk[65536];
	struct play play;

	begin(&play);
	while (send(play.subscriber.fd, junk, sizeof(junk), MSG_DONTWAIT) > 0)
		;
	publish(&play, "a\n\n");
	push(&play);
	CHECK(play.subscriber.client->blocked);
	CHECK_EQUAL_INT(play.blocks, 1);
	CHECK_EQUAL_INT(play.gone, 0);
	end(&play);
}

TEST(what_is_lost_closes_its_client)
{
	struct play play;

	begin(&play);
	for (int i = 0; backlog_tail(play.backlog) == 0; i++) {
		CHECK(i < BACKLOG_SIZE);
		publish(&play, "0123456789\n\n");
	}
	CHECK(play.subscriber.cursor < backlog_tail(play.backlog));
	push(&play);
	CHECK_EQUAL_INT(play.gone, 1);
	end(&play);
}

TEST(a_peer_that_has_gone_closes_it)
{
	struct play play;

	begin(&play);
	CHECK(shutdown(play.peer, SHUT_RDWR) == 0);
	publish(&play, "a\n\n");
	push(&play);
	CHECK_EQUAL_INT(play.gone, 1);
	end(&play);
}
