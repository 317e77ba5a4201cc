/*
 * options.c - the command line of both programs, and the configuration file.
 *
 * An option that is cut short is refused although getopt_long(3) would take it:
 * it would change its meaning when a longer key is added.
 */
#include "config.h"

#include "conf/options.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "conf/conf_error.h"
#include "conf/conf_key.h"
#include "fdio.h"
#include "base/result.h"

/* What getopt_long(3) returns for a long option; its index is added. */
#define LONG_FIRST 256
#define SOURCE_ARGUMENT 1 /* what it returns for an argument, due to "-" */

struct reading {
	struct conf *conf;
	enum options_program program;
	struct conf_error *ret_error;
	const char *config; /* -f */
	bool names_streams; /* an argument, or --source */
	bool done;          /* --help or --version: nothing else counts */
	struct options_asked asked;
};

/* Whether the option with that index of the table takes a value. */
static int
argument_of(int index)
{
	enum conf_key_index key =
	    (enum conf_key_index)(index - OPTION_OWN_COUNT);

	if (index < OPTION_OWN_COUNT)
		return option_own((enum option_own)index)->takes != NULL
			   ? required_argument
			   : no_argument;
	return conf_key_at(key)->is_flag ? optional_argument
					 : required_argument;
}

/* First our own, then the keys; the last is all zeros. */
static void
fill_table(struct option table[OPTION_OWN_COUNT + CONF_KEY_COUNT + 1])
{
	memset(
	    table, 0, sizeof(*table) * (OPTION_OWN_COUNT + CONF_KEY_COUNT + 1));
	for (int i = 0; i < OPTION_OWN_COUNT + CONF_KEY_COUNT; i++) {
		bool own = i < OPTION_OWN_COUNT;

		table[i].name = own ? option_own((enum option_own)i)->name
				    : conf_key((size_t)(i - OPTION_OWN_COUNT));
		table[i].has_arg = argument_of(i);
		table[i].val = LONG_FIRST + i;
	}
}

static int
refuse_option(
    const struct reading *reading, const char *token, const char *reason)
{
	const struct conf_place nowhere = {0};

	return conf_refuse(reading->ret_error, &nowhere,
	    "%s %s; --help lists all options",
	    conf_quote(sse_slice(token)).text, reason);
}

static int
refuse_unknown(const struct reading *reading, const char *token)
{
	const struct conf_place nowhere = {0};

	return conf_refuse(reading->ret_error, &nowhere,
	    "%s is no option%s; --help lists all options",
	    conf_quote(sse_slice(token)).text,
	    option_nearest(reading->program, token).text);
}

static int
read_own(struct reading *reading, int option, const char *value)
{
	switch (option) {
	case OPTION_CONFIG:
		if (reading->config != NULL)
			return refuse_option(
			    reading, "--config", "is given twice");
		if (value[0] == '\0')
			return refuse_option(
			    reading, "--config", "needs a value");
		reading->config = value;
		break;
	case OPTION_CHECK:
		reading->asked.action = OPTIONS_CHECK;
		break;
	case OPTION_AS:
		if (reading->asked.as != NULL)
			return refuse_option(reading, "--as", "is given twice");
		reading->asked.as = value;
		break;
	case OPTION_HELP:
	case OPTION_VERSION:
		reading->asked.action =
		    option == OPTION_HELP ? OPTIONS_HELP : OPTIONS_VERSION;
		reading->done = true;
		break;
	}
	return 0;
}

static int
read_source(struct reading *reading, const char *argument)
{
	reading->names_streams = true;
	return conf_add_source(reading->conf, argument, reading->ret_error);
}

/* Whether the token is "--NAME" or "--NAME=VALUE", in full. */
static bool
is_written_out(const char *token, const char *name)
{
	size_t size = strlen(name);

	return strncmp(token, "--", 2) == 0 &&
	       strncmp(token + 2, name, size) == 0 &&
	       (token[2 + size] == '\0' || token[2 + size] == '=');
}

static int
read_long(struct reading *reading, int index, const char *token)
{
	enum conf_key_index key_index;
	const char *key;

	assert(index >= 0 && index < OPTION_OWN_COUNT + CONF_KEY_COUNT);
	if (index < OPTION_OWN_COUNT) {
		if (!is_written_out(
			token, option_own((enum option_own)index)->name))
			return refuse_unknown(reading, token);
		return read_own(reading, index, optarg);
	}
	key_index = (enum conf_key_index)(index - OPTION_OWN_COUNT);
	key = conf_key(key_index);
	if (!is_written_out(token, key) ||
	    !option_is_obeyed(reading->program, conf_key_at(key_index)))
		return refuse_unknown(reading, token);
	if (key_index == CONF_KEY_SOURCE)
		reading->names_streams = true;
	return conf_add_option(reading->conf, key,
	    optarg != NULL ? optarg : "yes", reading->ret_error);
}

static int
read_letter(struct reading *reading, int letter)
{
	for (int i = 0; i < OPTION_OWN_COUNT; i++)
		if (option_own((enum option_own)i)->letter == letter)
			return read_own(reading, i, optarg);
	return 0;
}

/* token is the word that the option stands in. */
static int
read_option(struct reading *reading, int got, const char *token)
{
	char letter[] = {'-', (char)optopt, '\0'};

	switch (got) {
	case SOURCE_ARGUMENT:
		return read_source(reading, optarg);
	case ':':
		return refuse_option(reading, token, "needs a value");
	case '?':
		if (strncmp(token, "--", 2) != 0)
			return refuse_unknown(reading, letter);
		return optopt != 0
			   ? refuse_option(reading, token, "takes no value")
			   : refuse_unknown(reading, token);
	default:
		if (got < LONG_FIRST)
			return read_letter(reading, got);
		return read_long(reading, got - LONG_FIRST, token);
	}
}

/* "#!/usr/bin/sse-cgi -f" in a file whose lines end in CRLF: so it comes. */
static bool
ends_in_cr(const char *token, int argc)
{
	return argc > 2 && strcmp(token, "-f\r") == 0;
}

/* "--quiet no": what could be the value of a flag is it, and no source. */
static bool
is_value_of_flag(int option, const char *next)
{
	const struct conf_choice *choice;

	if (option < LONG_FIRST + OPTION_OWN_COUNT || next == NULL)
		return false;
	choice = conf_key_at(
	    (enum conf_key_index)(option - LONG_FIRST - OPTION_OWN_COUNT))
		     ->choices;
	while (choice->text != NULL && strcmp(choice->text, next) != 0)
		choice++;
	return choice->text != NULL;
}

/*
 * "#!/usr/bin/sse-cgi -f --heartbeat=5s": what stands behind the program in
 * such a line is one word.
 */
static int
check_first(const struct reading *reading, const char *token)
{
	const struct conf_place nowhere = {0};
	size_t size = strcspn(token, " \t=");

	if (token[0] != '-' || token[size] == '\0' || token[size] == '=')
		return 0;
	return conf_refuse(reading->ret_error, &nowhere,
	    "%s is one word, as the system makes it of a first line \"#!\":"
	    " write -f alone there, and keys into lines of the file",
	    conf_quote(sse_slice(token)).text);
}

/*
 * optstring: "-" gives arguments in their order, without touching argv; ":"
 * tells a missing value from an unknown option.
 */
static int
read_command_line(struct reading *reading, int argc, char *const argv[])
{
	struct option table[OPTION_OWN_COUNT + CONF_KEY_COUNT + 1];
	int error = argc > 1 ? check_first(reading, argv[1]) : 0;

	fill_table(table);
	opterr = 0;
	optind = 0; /* begin anew, with glibc and with musl */
	while (error == 0 && !reading->done) {
		int at = optind > 0 ? optind : 1;
		int got = getopt_long(argc, argv, "-:f:hV", table, NULL);

		if (got < 0)
			break;
		if (at == 1 && got == 'f' && ends_in_cr(argv[at], argc))
			optarg = argv[optind++];
		else if (optarg == NULL && is_value_of_flag(got, argv[optind]))
			optarg = argv[optind++];
		error = read_option(reading, got, argv[at]);
	}
	/* Those behind "--". */
	while (error == 0 && !reading->done && optind < argc)
		error = read_source(reading, argv[optind++]);
	return error;
}

static int
refuse_file(struct reading *reading, const char *path, const char *reason)
{
	const struct conf_place place = {.path = path};

	return conf_refuse(reading->ret_error, &place, "%s", reason);
}

/* The text of an open file.  One byte too many says that it is too large. */
static int
read_text(int fd, struct sse_buf *text)
{
	struct sse_file_stat stat;
	ssize_t got;
	int error = sse_fd_stat(fd, &stat);

	if (error != 0)
		return error;
	if (!S_ISREG(stat.mode))
		return RESULT_WRONG_KIND;
	error = sse_buf_reserve(text, CONF_TEXT_SIZE_MAX + 1);
	if (error != 0)
		return error;
	got = sse_fd_pread_all(fd, text->data, CONF_TEXT_SIZE_MAX + 1, 0);
	if (got < 0)
		return (int)got;
	text->size = (size_t)got;
	return 0;
}

static int
add_file(struct reading *reading, const char *path, bool may_be_missing)
{
	struct sse_buf text;
	/* O_NONBLOCK: a FIFO must not hang it before it is looked at. */
	int fd = sse_fd_open(path, O_RDONLY | O_NONBLOCK);
	int error = fd;

	if (fd == -ENOENT && may_be_missing)
		return 0;
	sse_buf_init(&text, CONF_TEXT_SIZE_MAX + 1);
	if (fd >= 0)
		error = read_text(fd, &text);
	sse_fd_close(fd);
	if (error == RESULT_WRONG_KIND)
		error = refuse_file(reading, path, "is no regular file");
	else if (error == 0)
		error = conf_add_text(reading->conf, path, sse_buf_slice(&text),
		    reading->ret_error);
	else if (error != -ENOMEM)
		error = refuse_file(reading, path, strerror(-error));
	sse_buf_done(&text);
	return error;
}

/* The file that was asked for, if one was. */
static int
read_files(struct reading *reading, const char *config_path)
{
	if (reading->config != NULL)
		return add_file(reading, reading->config, false);
	if (reading->names_streams)
		return 0;
	if (config_path != NULL && config_path[0] != '\0')
		return add_file(reading, config_path, false);
	return add_file(reading, OPTION_DEFAULT_PATH, true);
}

int
options_read(struct conf *conf, enum options_program program, int argc,
    char *const argv[], const char *config_path,
    struct options_asked *ret_asked, struct conf_error *ret_error)
{
	struct reading reading = {.conf = conf,
	    .program = program,
	    .ret_error = ret_error,
	    .asked = {.action = OPTIONS_SERVE}};
	int error = read_command_line(&reading, argc, argv);

	if (error == 0 && reading.asked.as != NULL &&
	    reading.asked.action == OPTIONS_SERVE)
		error =
		    refuse_option(&reading, "--as", "goes with --check only");
	if (error == 0 && !reading.done)
		error = read_files(&reading, config_path);
	if (error == 0 && !reading.done)
		error = conf_finish(conf, ret_error);
	*ret_asked = reading.asked;
	return error;
}
