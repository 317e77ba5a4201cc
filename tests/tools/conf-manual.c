/*
 * conf-manual.c - prints the list of keys for cgi/sse-cgi.1, or with
 * an argument that for fcgi/sse-fcgi.8.  It stands there between two comment
 * lines; tests/lint/manual.sh compares the two.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "conf.h"

#define MANUAL_SIZE_MAX 1048576 /* octets */

int
main(int argc, char **argv)
{
	struct sse_buf out;
	int error;

	(void)argv;
	sse_buf_init(&out, MANUAL_SIZE_MAX);
	error = conf_print_manual(&out, argc > 1);
	if (error != 0) {
		fprintf(stderr, "conf-manual: %s\n", strerror(-error));
		return 111;
	}
	fwrite(out.data, 1, out.size, stdout);
	sse_buf_done(&out);
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 111;
}
