/*
 * hex.h - digits of base 16.  Pure.
 */
#ifndef HEX_H
#define HEX_H

/* -1: it is not one. */
static inline int
sse_hex_value(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	if (byte >= 'A' && byte <= 'F')
		return byte - 'A' + 10;
	return -1;
}

#endif
