/*
 * journal_library.c - loads libsystemd.  Nothing else knows it.
 */
#include "config.h"

#include "source/journal_library.h"

#include <assert.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/inside.h"

#define LIBRARY "libsystemd.so.0"

static const struct {
	const char *name;
	size_t offset; /* of the pointer to it */
} symbols[] = {
#define SYMBOL(name)                                                        \
	{                                                                   \
		"sd_journal_" #name, offsetof(struct journal_library, name) \
	}
    SYMBOL(open_namespace),
    SYMBOL(open_directory),
    SYMBOL(close),
    SYMBOL(set_data_threshold),
    SYMBOL(get_usage),
    SYMBOL(get_fd),
    SYMBOL(get_events),
    SYMBOL(get_timeout),
    SYMBOL(process),
    SYMBOL(next),
    SYMBOL(previous),
    SYMBOL(seek_head),
    SYMBOL(seek_tail),
    SYMBOL(seek_cursor),
    SYMBOL(seek_realtime_usec),
    SYMBOL(get_cursor),
    SYMBOL(get_data),
    SYMBOL(restart_data),
    SYMBOL(enumerate_available_data),
    SYMBOL(add_match),
    SYMBOL(add_disjunction),
    SYMBOL(flush_matches),
#undef SYMBOL
};

static_assert(sizeof(struct journal_library) ==
		  sizeof(symbols) / sizeof(symbols[0]) * sizeof(void *),
    "each function is loaded");

/* False: it is an older one, which lacks some. */
static bool
load_symbols(void *handle, struct journal_library *library)
{
	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++) {
		void *symbol = dlsym(handle, symbols[i].name);

		if (symbol == NULL)
			return false;
		memcpy((char *)library + symbols[i].offset, &symbol,
		    sizeof(symbol));
	}
	return true;
}

#define IN_SANDBOX                                                             \
	"the journal needs libsystemd, which can only be loaded before the "   \
	"sandbox is entered: it needs a restart (systemctl restart sse-fcgi; " \
	"clients come back)"

/*
 * The loader has words alone, and is out of memory in many ways; but then errno
 * was set by who had none.  In the sandbox it finds no library, and so says.
 */
static const char *
why_not(int error, char *why, size_t size)
{
	if (error == ENOMEM)
		return NULL;
	if (inside_is())
		return IN_SANDBOX;
	(void)snprintf(why, size,
	    "the journal needs libsystemd (Debian: libsystemd0): %.120s",
	    dlerror());
	return why;
}

const struct journal_library *
journal_library_load(const char **ret_why)
{
	/* For the life of the process, as the library itself. */
	static struct journal_library library;
	static bool is_loaded;
	static char why[200];
	void *handle;

	if (is_loaded)
		return &library;
	errno = 0;
	handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (handle == NULL) {
		*ret_why = why_not(errno, why, sizeof(why));
		return NULL;
	}
	*ret_why = why;
	is_loaded = load_symbols(handle, &library);
	if (is_loaded)
		return &library;
	(void)snprintf(why, sizeof(why),
	    "the journal needs libsystemd 246 or newer, and " LIBRARY
	    " is older");
	dlclose(handle);
	return NULL;
}
