/*
 * index.c - the list of streams.
 */
#include "stream/index.h"

#include <inttypes.h>

#include "base/print.h"

bool
index_lists(const struct stream_conf *stream)
{
	return stream->index && (stream->select & CONF_SELECT_PATH) != 0;
}

bool
index_has_streams(const struct conf *conf)
{
	size_t count = conf_streams(conf);

	for (size_t i = 0; count > 1 && i < count; i++)
		if (index_lists(conf_stream(conf, i)))
			return true;
	return false;
}

bool
index_has_pages(const struct conf *conf)
{
	for (size_t i = 0; i < conf_streams(conf); i++) {
		const struct stream_conf *stream = conf_stream(conf, i);

		if (index_lists(stream) && stream->viewer)
			return true;
	}
	return false;
}

int
index_print_begin(struct sse_buf *out)
{
	return print_text(out, "{\"streams\": [");
}

/* A name has no character that JSON would write in another way. */
int
index_print_entry(const struct index_entry *entry, struct sse_buf *out)
{
	bool is_first = out->size > 0 && out->data[out->size - 1] == '[';
	int error = print_text(
	    out, "%s\n{\"name\": \"%s\"", is_first ? "" : ",", entry->name);

	if (error == 0 && entry->source != NULL)
		error = print_text(out,
		    ", \"source\": \"%s\", \"frames\": %" PRIu64, entry->source,
		    entry->frames);
	return error != 0 ? error : print_text(out, "}");
}

int
index_print_end(struct sse_buf *out)
{
	return print_text(out, "]}\n");
}

int
index_print_names(const struct conf *conf, struct sse_buf *out)
{
	int error = index_print_begin(out);

	for (size_t i = 0; i < conf_streams(conf) && error == 0; i++) {
		const struct stream_conf *stream = conf_stream(conf, i);

		if (index_lists(stream))
			error = index_print_entry(
			    &(struct index_entry){.name = stream->name}, out);
	}
	return error != 0 ? error : index_print_end(out);
}
