/*
 * page.h - the status page on its way to one client: what it says is what was
 * so when it was asked for, and it is written in parts, between which others
 * have their turn.
 */
#ifndef PAGE_H
#define PAGE_H

#include "client.h"
#include "conf/conf.h"
#include "status.h"

#define PAGE_TURN_MS 2  /* of writing one, in a turn of the loop */
#define PAGES_MAX 8     /* that are written at the same time */
#define PAGES_RETRY_S 1 /* until who is one too many comes back */

struct page;

/*
 * For so many streams; one more of *count, which has to outlive it.  0 and
 * *ret_page, -EBUSY when there are PAGES_MAX, or -ENOMEM.
 */
int page_new(size_t *count, size_t streams_count, enum status_form form,
    struct page **ret_page);

/* To be filled in, but for the descriptors, which are counted later. */
struct status_worker *page_worker(struct page *page);

/*
 * Likewise, once of each stream: its conf, which may be an older one than that
 * of others, is held, since its name is there.
 */
struct status_stream *page_stream(
    struct page *page, size_t i, struct conf *conf);

/* Nothing is sent. */
void page_free(struct page *page);

/*
 * The client, whose head is sent or waits in it, gets the page, and its request
 * ends.  0, and the page is its own; or -ENOMEM.
 */
int page_serve(struct page *page, struct client *client);

#endif
