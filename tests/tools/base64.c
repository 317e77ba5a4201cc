/*
 * base64.c - base64 with padding, group by group.
 */
#include "base64.h"

#include <errno.h>
#include <string.h>

static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int
decode_group(const char group[4], struct sse_buf *out)
{
	size_t used = group[3] != '=' ? 4 : group[2] != '=' ? 3 : 2;
	uint32_t bits = 0;
	char bytes[3];

	for (size_t i = 0; i < used; i++) {
		const char *digit = memchr(digits, group[i], 64);

		if (digit == NULL)
			return -EBADMSG;
		bits |= (uint32_t)(digit - digits) << (18 - 6 * i);
	}
	bytes[0] = (char)(bits >> 16);
	bytes[1] = (char)(bits >> 8);
	bytes[2] = (char)bits;
	return sse_buf_add(out, bytes, used - 1);
}

int
base64_decode(struct sse_slice text, struct sse_buf *out)
{
	int error = text.size % 4 == 0 ? 0 : -EBADMSG;

	for (size_t i = 0; i < text.size && error == 0; i += 4) {
		bool last = i + 4 == text.size;

		if (!last && text.data[i + 3] == '=')
			return -EBADMSG;
		error = decode_group(text.data + i, out);
	}
	return error;
}

int
base64_encode(struct sse_slice bytes, struct sse_buf *out)
{
	int error = 0;

	for (size_t i = 0; i < bytes.size && error == 0; i += 3) {
		size_t left = bytes.size - i < 3 ? bytes.size - i : 3;
		uint32_t bits = 0;
		char group[4] = {'=', '=', '=', '='};

		for (size_t j = 0; j < left; j++)
			bits |= (uint32_t)(unsigned char)bytes.data[i + j]
				<< (16 - 8 * j);
		for (size_t j = 0; j <= left; j++)
			group[j] = digits[bits >> (18 - 6 * j) & 63];
		error = sse_buf_add(out, group, sizeof(group));
	}
	return error;
}
