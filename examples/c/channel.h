/*
 * channel.h - the last texts of a stream; a client is a number in it.
 */
#ifndef CHANNEL_H
#define CHANNEL_H

#include <pthread.h>
#include <stdio.h>

#define CHANNEL_KEPT 10
#define CHANNEL_TEXT_SIZE 64

struct channel {
	unsigned replay;    /* texts for a newcomer; at most CHANNEL_KEPT */
	unsigned published; /* text n is texts[n % CHANNEL_KEPT] */
	char texts[CHANNEL_KEPT][CHANNEL_TEXT_SIZE];
};

/* For all of them. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;

static void
channel_publish(struct channel *channel, const char *text)
{
	(void)pthread_mutex_lock(&lock);
	(void)snprintf(channel->texts[channel->published++ % CHANNEL_KEPT],
	    CHANNEL_TEXT_SIZE, "%s", text);
	(void)pthread_mutex_unlock(&lock);
	(void)pthread_cond_broadcast(&more);
}

/* Where a newcomer begins. */
static unsigned
channel_begin(struct channel *channel)
{
	unsigned number;

	(void)pthread_mutex_lock(&lock);
	number = channel->published;
	number -= number < channel->replay ? number : channel->replay;
	(void)pthread_mutex_unlock(&lock);
	return number;
}

/* Waits for the text after the last one; who is too slow misses some. */
static void
channel_next(struct channel *channel, unsigned *number, char *text)
{
	(void)pthread_mutex_lock(&lock);
	while (*number == channel->published)
		(void)pthread_cond_wait(&more, &lock);
	if (channel->published - *number > CHANNEL_KEPT)
		*number = channel->published - CHANNEL_KEPT;
	(void)snprintf(text, CHANNEL_TEXT_SIZE, "%s",
	    channel->texts[(*number)++ % CHANNEL_KEPT]);
	(void)pthread_mutex_unlock(&lock);
}

#endif
