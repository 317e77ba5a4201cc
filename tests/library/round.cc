/*
 * round.cc - the library from C++: an event is encoded, read again, and has to
 * be the same; so has a request that is copied.  It includes nothing but what an installation has.
 */
#include <ssekit.h>

#include <cstdio>
#include <cstring>

namespace
{

ssize_t
write_to(void *context, const void *bytes, size_t size)
{
	sse_decoder_feed(static_cast<sse_decoder *>(context),
	    static_cast<const char *>(bytes), size);
	return static_cast<ssize_t>(size);
}

bool
reads(sse_decoder *decoder, const struct sse_event &sent)
{
	struct sse_event got;

	return sse_decoder_next(decoder, &got) == 1 &&
	       sse_slice_equal(got.id, sent.id) &&
	       sse_slice_equal(got.type, sent.type) &&
	       sse_slice_equal(got.data, sent.data) &&
	       sse_decoder_next(decoder, &got) == 0;
}

/* Any variable is "NAME-value". */
const char *
get(void *context, const char *name)
{
	char *value = static_cast<char *>(context);

	std::snprintf(value, 64, "%s-value", name);
	return value;
}

/* A copy, as C++ makes them unasked, has texts of its own. */
bool
copies()
{
	char value[64];
	sse_request *first = new sse_request;
	bool same;

	sse_request_read(first, get, value);
	sse_request copy = *first;
	std::memset(static_cast<void *>(first), 'x', sizeof(*first));
	std::memset(value, 'x', sizeof(value));
	delete first;
	same = copy.naming == SSE_NAMING_SERVER &&
	       std::strcmp(copy.stream, "SSE_STREAM-value") == 0 &&
	       std::strcmp(copy.last_event_id, "HTTP_LAST_EVENT_ID-value") ==
		   0 &&
	       std::strcmp(copy.origin, "HTTP_ORIGIN-value") == 0;
	return same;
}

} // namespace

int
main()
{
	sse_decoder *decoder = sse_decoder_new(0);
	sse_writer *writer = sse_writer_new(write_to, decoder, 0);
	struct sse_response response = {};
	struct sse_event event = {};
	struct sse_event got;
	bool same = false;

	response.status = 200;
	response.event_stream = true;
	event.id = sse_slice("1");
	event.type = sse_slice("greeting");
	event.data = sse_slice("hello\nC++");
	if (sse_writer_head(writer, &response) == 0 &&
	    sse_writer_flush(writer) == 0 &&
	    /* The head is no part of the stream. */
	    sse_decoder_next(decoder, &got) == 0 &&
	    sse_decoder_restart(decoder, sse_slice(nullptr)) == 0 &&
	    sse_writer_publish(writer, &event) == 0)
		same = reads(decoder, event) && copies();
	std::puts(same ? "the same" : "not the same");
	sse_writer_free(writer);
	sse_decoder_free(decoder);
	return same ? 0 : 1;
}
