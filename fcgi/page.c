/*
 * page.c - a status page in parts.
 *
 * A thousand streams have a hundred thousand lines, and ten thousand clients
 * as many descriptors: either takes tens of milliseconds.
 */
#include "config.h"

#include "page.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "base/budget.h"
#include "process.h"

struct page {
	size_t *count; /* of those that there are */
	struct status status;
	struct status_stream *streams;
	struct conf **confs; /* held: each has the name of a stream */
	enum status_form form;
	size_t step; /* that is written next */
	struct sse_buf text;
	struct process_count descriptors;
	bool counted; /* all of them */
	struct client *client;
	struct loop_timer *timer;
};

int
page_new(size_t *count, size_t streams_count, enum status_form form,
    struct page **ret_page)
{
	struct page *page;

	if (*count >= PAGES_MAX)
		return -EBUSY;
	page = calloc(1, sizeof(*page));
	if (page == NULL)
		return -ENOMEM;
	page->count = count;
	++*count;
	page->form = form;
	page->counted = form == STATUS_INDEX;
	sse_buf_init(&page->text, STATUS_SIZE_MAX);
	page->streams = calloc(streams_count + 1, sizeof(*page->streams));
	page->confs = calloc(streams_count + 1, sizeof(struct conf *));
	if (page->streams == NULL || page->confs == NULL) {
		page_free(page);
		return -ENOMEM;
	}
	page->status.streams = page->streams;
	page->status.streams_count = streams_count;
	*ret_page = page;
	return 0;
}

struct status_worker *
page_worker(struct page *page)
{
	return &page->status.worker;
}

struct status_stream *
page_stream(struct page *page, size_t i, struct conf *conf)
{
	assert(i < page->status.streams_count && page->confs[i] == NULL);
	page->confs[i] = conf_hold(conf);
	return &page->streams[i];
}

void
page_free(struct page *page)
{
	if (page == NULL)
		return;
	assert(*page->count > 0);
	--*page->count;
	process_count_done(&page->descriptors);
	loop_timer_free(page->timer);
	sse_buf_done(&page->text);
	for (size_t i = 0; i < page->status.streams_count; i++)
		conf_free(page->confs[i]);
	free(page->streams);
	free(page->confs);
	free(page);
}

/* ------------------------------------------- what the client tells us -- */

static void
take_gone(void *context, struct client *client)
{
	(void)client;
	page_free(context);
}

static const struct client_owner owner = {.gone = take_gone};

/* --------------------------------------------------------------- turns -- */

/* The next part: 1, 0 when there is none, or an error of sse_buf_add(). */
static int
make_part(struct page *page)
{
	int error;

	if (!page->counted) {
		page->counted = !process_count_more(&page->descriptors);
		page->status.worker.descriptors = page->descriptors.count;
		return 1;
	}
	if (page->step == status_steps(&page->status, page->form))
		return 0;
	error = status_print_step(
	    &page->status, page->form, page->step++, &page->text);
	return error != 0 ? error : 1;
}

/* The page is gone afterwards. */
static void
finish(struct page *page)
{
	struct client *client = page->client;
	int error = wire_stdout(&client->out.waiting, client->intake.request_id,
	    sse_buf_slice(&page->text));

	if (error != 0)
		client_close(client, CLIENT_FAILED);
	else
		client_finish(client, CLIENT_DONE);
}

static void
take_turn(void *context)
{
	struct page *page = context;
	struct budget budget =
	    budget_begin(page->client->all->clock, PAGE_TURN_MS);
	int got = 1;

	while (got == 1) {
		got = make_part(page);
		if (got == 1 && budget_is_over(&budget)) {
			loop_timer_set(page->timer, 0);
			return;
		}
	}
	if (got < 0)
		client_close(page->client, CLIENT_FAILED);
	else
		finish(page);
}

int
page_serve(struct page *page, struct client *client)
{
	assert(page->client == NULL && client->owner == NULL);
	page->timer = loop_timer_new(client->all->loop, take_turn, page);
	if (page->timer == NULL)
		return -ENOMEM;
	page->client = client;
	client_own(client, &owner, page);
	loop_timer_set(page->timer, 0);
	return 0;
}
