/*
 * conf-manual.c - prints a list of keys for a man page.  manual-lists puts it
 * there.
 *
 *	conf-manual keys|worker-keys|options|worker-options
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "conf/conf.h"

#define MANUAL_SIZE_MAX 1048576 /* bytes */

struct list {
	const char *name;
	int (*print)(struct sse_buf *out, bool of_worker);
	bool of_worker;
};

static const struct list lists[] = {
    {"keys", conf_print_manual, false},
    {"worker-keys", conf_print_manual, true},
    {"options", conf_print_options, false},
    {"worker-options", conf_print_options, true},
};

static const struct list *
list_of(const char *name)
{
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (strcmp(lists[i].name, name) == 0)
			return &lists[i];
	return NULL;
}

int
main(int argc, char **argv)
{
	const struct list *list = argc == 2 ? list_of(argv[1]) : NULL;
	struct sse_buf out;
	int error;

	if (list == NULL) {
		fprintf(stderr, "conf-manual: which list?\n");
		return 100;
	}
	sse_buf_init(&out, MANUAL_SIZE_MAX);
	error = list->print(&out, list->of_worker);
	if (error != 0) {
		fprintf(stderr, "conf-manual: %s\n", strerror(-error));
		return 111;
	}
	fwrite(out.data, 1, out.size, stdout);
	sse_buf_done(&out);
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 111;
}
