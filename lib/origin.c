/*
 * origin.c - lists of origins, and of headers.
 *
 * An origin is compared as a whole string: no parsing of what a client sends,
 * no prefixes, no case.  "null", which every sandboxed frame has, is no
 * origin.
 */
#include "origin.h"

#include <stdlib.h>
#include <string.h>

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"
#define HEADER LOWER DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_"
#define PORT_DIGITS_MAX 5
#define PORT_MAX 65535

struct sse_slice
sse_list_next(const char **at)
{
	struct sse_slice word;

	*at += strspn(*at, " ");
	word = (struct sse_slice){*at, strcspn(*at, " ")};
	*at += word.size;
	if (word.size == 0)
		word.data = NULL;
	return word;
}

/* "[::1]" or "app.example": the bytes, 0 when it is not a host. */
static size_t
host_size(const char *text)
{
	size_t size;

	if (*text != '[')
		return strspn(text, LOWER DIGITS ".-");
	size = 1 + strspn(text + 1, DIGITS "abcdef:.");
	return size > 1 && text[size] == ']' ? size + 1 : 0;
}

/*
 * What browsers write behind the colon: no zeros before it, and not the port
 * that the scheme has by itself.  The bytes, 0 when it is not that.
 */
static size_t
port_size(const char *text, struct sse_slice scheme)
{
	size_t size = strspn(text, DIGITS);
	long port;

	if (size == 0 || size > PORT_DIGITS_MAX || *text == '0')
		return 0;
	port = strtol(text, NULL, 10);
	if (port > PORT_MAX ||
	    (port == 443 && sse_slice_equal(scheme, sse_slice("https"))) ||
	    (port == 80 && sse_slice_equal(scheme, sse_slice("http"))))
		return 0;
	return size;
}

/* scheme://host or scheme://host:port, up to a blank or the end. */
static bool
is_origin(struct sse_slice word)
{
	const char *at = word.data;
	size_t scheme = strspn(at, LOWER DIGITS "+.-"), host, port;

	if (strchr(LOWER, *at) == NULL || strncmp(at + scheme, "://", 3) != 0)
		return false;
	at += scheme + 3;
	host = host_size(at);
	at += host;
	if (*at == ':') {
		port = port_size(at + 1, (struct sse_slice){word.data, scheme});
		if (port == 0)
			return false;
		at += 1 + port;
	}
	return host > 0 && at == word.data + word.size &&
	       word.size <= SSE_ORIGIN_SIZE_MAX;
}

bool
sse_origin_list_any(const char *list)
{
	return strcmp(list, "*") == 0;
}

bool
sse_origin_list_valid(const char *list)
{
	struct sse_slice word;

	if (sse_origin_list_any(list))
		return true;
	while ((word = sse_list_next(&list)).data != NULL)
		if (!is_origin(word))
			return false;
	return true;
}

bool
sse_origin_list_has(const char *list, struct sse_slice origin)
{
	struct sse_slice word;

	while ((word = sse_list_next(&list)).data != NULL)
		if (sse_slice_equal(word, origin))
			return true;
	return false;
}

bool
sse_header_list_valid(const char *list)
{
	struct sse_slice word;

	while ((word = sse_list_next(&list)).data != NULL)
		if (strspn(word.data, HEADER) < word.size)
			return false;
	return true;
}
