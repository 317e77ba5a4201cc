/*
 * confs.h - configurations for tests: of a text that is in order, or that is
 * refused with a line.
 */
#ifndef CONFS_H
#define CONFS_H

#include <errno.h>
#include <stdio.h>

#include "conf/conf.h"
#include "test.h"

/* A configuration of one file, finished; the test fails if it is refused. */
__attribute__((unused)) static struct conf *
conf_of(struct sse_slice text)
{
	struct conf *conf = conf_new();
	struct conf_error error = {""};

	CHECK(conf != NULL);
	if (conf_add_text(conf, "/c", text, &error) != 0 ||
	    conf_finish(conf, &error) != 0)
		test_fail(__FILE__, __LINE__, "%s", error.text);
	return conf;
}

__attribute__((unused)) static const struct stream_conf *
stream_of(const struct conf *conf, const char *name)
{
	const struct stream_conf *stream = conf_find(conf, sse_slice(name));

	CHECK(stream != NULL);
	CHECK_EQUAL_TEXT(sse_slice(stream->name), sse_slice(name));
	return stream;
}

__attribute__((unused)) static void
check_refused(struct sse_slice text, const char *message)
{
	struct conf *conf = conf_new();
	struct conf_error error = {""}, again = {""};
	int got = conf_add_text(conf, "/c", text, &error);

	if (got == 0)
		got = conf_finish(conf, &error);
	CHECK_EQUAL_INT(got, -EINVAL);
	CHECK_EQUAL_TEXT(sse_slice(error.text), sse_slice(message));
	/* It is dead now, and says why. */
	CHECK_EQUAL_INT(conf_add_source(conf, "x=/y", &again), -EINVAL);
	CHECK_EQUAL_TEXT(sse_slice(again.text), sse_slice(message));
	conf_free(conf);
}

/* One key of a stream with that value. */
__attribute__((unused)) static struct conf *
conf_with(const char *key, const char *value)
{
	char text[5000];
	int size = snprintf(
	    text, sizeof(text), "[s]\nsource = /s\n%s = %s\n", key, value);

	return conf_of((struct sse_slice){text, (size_t)size});
}

__attribute__((unused)) static void
check_bad_value(const char *key, const char *value, const char *reason)
{
	char text[5000], message[5000];
	int size = snprintf(text, sizeof(text), "[s]\n%s = %s\n", key, value);

	snprintf(message, sizeof(message), "/c:2: %s: \"%s\" is %s", key, value,
	    reason);
	check_refused((struct sse_slice){text, (size_t)size}, message);
}

/* Options, then arguments, each list ending in NULL; then the end. */
__attribute__((unused)) static int
command_line(struct conf *conf, const char *const *options,
    const char *const *sources, struct conf_error *ret_error)
{
	int error = 0;

	for (; *options != NULL && error == 0; options += 2)
		error =
		    conf_add_option(conf, options[0], options[1], ret_error);
	for (; *sources != NULL && error == 0; sources++)
		error = conf_add_source(conf, *sources, ret_error);
	return error != 0 ? error : conf_finish(conf, ret_error);
}

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})
#define NOTHING ((const char *const[]){NULL})

#endif
