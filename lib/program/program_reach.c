/*
 * program_reach.c - from a configuration to files, ports and sockets.
 */
#include "config.h"

#include "program/program_reach.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "program/log.h"
#include "record/format_json.h"
#include "record/pattern.h"
#include "source/source.h"

/* Folders with blanks between. */
static void
add_folders(const char *folders, struct reaches *reaches)
{
	char folder[PATH_MAX];

	while (*folders != '\0') {
		size_t size = strcspn(folders, " ");

		if (size < sizeof(folder)) {
			memcpy(folder, folders, size);
			folder[size] = '\0';
			reaches_add_folder(reaches, folder, REACH_READ);
		}
		folders += size;
		folders += strspn(folders, " ");
	}
}

static void
add_stream(const struct stream_conf *stream, struct reaches *reaches)
{
	const struct source_reach source = {
	    .generations = stream->generations,
	    .password_file = stream->source_password_file,
	};

	source_reach(stream->source, &source, reaches);
}

static void
add_more(const struct conf *conf, struct reaches *reaches)
{
	const char *folders = conf_sandbox_read(conf);

	if (folders != NULL)
		add_folders(folders, reaches);
}

/* What a build for tests adds to the program. */
static void
add_instruments(struct reaches *reaches)
{
	(void)reaches;
#ifdef WITH_INSTRUMENTS
	/* The sanitizers look for leaks from there. */
	reaches_add(reaches, "/proc/self", REACH_READ);
#endif
#ifdef WITH_GCOV_IN
	reaches_add_folder(
	    reaches, WITH_GCOV_IN, REACH_READ | REACH_WRITE | REACH_MAKE);
#endif
}

void
program_reach_stream(const struct conf *conf, const struct stream_conf *stream,
    struct reaches *reaches)
{
	add_stream(stream, reaches);
	add_more(conf, reaches);
	add_instruments(reaches);
}

void
program_reach(const struct conf *conf, struct reaches *reaches)
{
	const char *file;

	for (size_t i = 0; i < conf_streams(conf); i++)
		add_stream(conf_stream(conf, i), reaches);
	add_more(conf, reaches);
	log_reach_anew(conf_log(conf), reaches);
	for (size_t i = 0; (file = conf_file(conf, i)) != NULL; i++)
		reaches_add_file(reaches, file, REACH_READ);
	add_instruments(reaches);
}

void
program_reach_zones(struct reaches *reaches)
{
	reaches_add(reaches, "/etc/localtime", REACH_READ);
	reaches_add(reaches, "/usr/share/zoneinfo", REACH_READ);
}

void
program_warm_up(const struct stream_conf *stream)
{
	pattern_keep(stream->record_start);
	pattern_keep(stream->include);
	pattern_keep(stream->exclude);
	if (stream->format == CONF_FORMAT_JSON)
		format_json_warm_up();
}
