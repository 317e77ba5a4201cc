/*
 * conf_fuzz.c - any configuration is refused with one line, or it is one that,
 * printed, is read as the same streams with the same values.
 *
 *	input: text of a configuration
 */
#include "config.h"

#include "fuzz.h"

#include <errno.h>

#include "conf/conf.h"

static void
check_error(const struct conf_error *error)
{
	REQUIRE(strlen(error->text) > 0);
	for (const char *at = error->text; *at != '\0'; at++)
		REQUIRE((unsigned char)*at >= ' ' && *at != '\x7f');
}

static struct conf *
read_text(struct sse_slice text, struct conf_error *error)
{
	struct conf *conf = conf_new();
	int got;

	REQUIRE(conf != NULL);
	error->text[0] = '\0';
	got = conf_add_text(conf, "/etc/ssekit.conf", text, error);
	if (got == 0)
		got = conf_finish(conf, error);
	if (got == 0)
		return conf;
	REQUIRE(got == -EINVAL);
	check_error(error);
	conf_free(conf);
	return NULL;
}

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void
check_same(const struct conf *a, const struct conf *b)
{
	struct worker_conf one = conf_worker(a), other = conf_worker(b);

	REQUIRE(conf_streams(a) == conf_streams(b));
	for (size_t i = 0; i < conf_streams(a); i++) {
		const struct stream_conf *stream = conf_stream(a, i);

		REQUIRE(conf_stream_equal(stream, conf_stream(b, i)));
		REQUIRE(conf_find(a, sse_slice(stream->name)) == stream);
		REQUIRE(sse_name_valid(sse_slice(stream->name)));
	}
	REQUIRE(same_text(conf_log(a), conf_log(b)));
	REQUIRE(same_text(one.listen, other.listen));
	REQUIRE(same_text(one.status, other.status));
	REQUIRE(one.quiet == other.quiet);
	REQUIRE(one.readers_max == other.readers_max);
}

void
conf_fuzz(struct sse_slice input)
{
	struct sse_slice text = fuzz_copy(input);
	struct sse_buf printed = {.size_max = SIZE_MAX};
	struct conf_error error;
	struct conf *conf = read_text(text, &error), *again;

	if (conf != NULL) {
		REQUIRE(conf_print(conf, &printed) == 0);
		again = read_text(sse_buf_slice(&printed), &error);
		if (again == NULL)
			fprintf(stderr, "%s\n", error.text);
		REQUIRE(again != NULL);
		check_same(conf, again);
		conf_free(again);
	}
	conf_free(conf);
	sse_buf_done(&printed);
	fuzz_free(text);
}
