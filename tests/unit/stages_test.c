/*
 * What a stream is made of, out of its configuration.
 */
#include "config.h"

#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "source/source.h"
#include "stream/stages.h"

static char none[] = "", dashes[] = "^--", times[] = "%Y-%m-%d",
	    word[] = "error";

/* The rest of a configuration, and the log's path. */
static void
complete(struct stream_conf *conf)
{
	static char path[200];

	(void)snprintf(path, sizeof(path), "%s", test_path("log"));
	conf->source = path;
	conf->record_size_max = 1024;
	conf->replay_size = 1000000;
	conf->event = conf->generations = none;
}

/* What of the stages there is with a configuration. */
static const struct {
	const char *what;
	struct stream_conf conf;
	enum record_kind kind;
	bool has_start, has_times, is_filtered;
} made[] = {
    {"lines", {.format = CONF_FORMAT_LINES}, RECORD_IS_LINE, false, false,
	false},
    {"events", {.format = CONF_FORMAT_SSE}, RECORD_HAS_BLANK, false, false,
	true},
    {"no pattern", {.record_start = none, .time_format = none}, RECORD_IS_LINE,
	false, false, false},
    {"several lines", {.record_start = dashes}, RECORD_HAS_START, true, false,
	false},
    {"times", {.time_format = times}, RECORD_IS_LINE, false, true, false},
    {"included", {.include = word}, RECORD_IS_LINE, false, false, true},
    {"excluded", {.exclude = word}, RECORD_IS_LINE, false, false, true},
};

TEST(each_stage_is_what_its_key_says)
{
	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
		struct stream_conf conf = made[i].conf;
		struct stages_options options = {
		    .conf = &conf, .clock = sse_clock_system()};
		struct stages stages;

		printf("# %s\n", made[i].what);
		complete(&conf);
		CHECK_EQUAL_INT(stages_init(&stages, &options), 0);
		CHECK_EQUAL_INT(stages.rule.kind, made[i].kind);
		CHECK((stages.record_start != NULL) == made[i].has_start);
		CHECK((stages.rule.begins != NULL) == made[i].has_start);
		CHECK((stages.line_time != NULL) == made[i].has_times);
		CHECK_EQUAL_INT(stages.is_filtered, made[i].is_filtered);
		CHECK(stages.own == NULL);
		stages_done(&stages);
	}
}

static void
write_log(const char *text)
{
	int fd = open(test_path("log"), O_WRONLY | O_CREAT | O_APPEND, 0600);

	CHECK(fd >= 0);
	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static void
start(struct stages *stages)
{
	const struct source_start start = {.records = SOURCE_RECORDS_ALL};
	int error = source_start(stages->source, &start);

	while (error == RESULT_PARTIAL)
		error = source_go_on(stages->source);
	CHECK_EQUAL_INT(error, 0);
	multiline_restart(&stages->multiline);
}

/* The next record, and the events that it becomes: "TEXT=DATA ". */
static void
check_events(struct stages *stages, const char *want)
{
	char got[200] = "";
	struct source_item item;
	int more;

	while ((more = multiline_next(&stages->multiline, &item)) != 0) {
		struct sse_event event;

		if (more == RESULT_PARTIAL)
			continue;
		CHECK_EQUAL_INT(more, 1);
		if (item.kind == SOURCE_END)
			break;
		CHECK_EQUAL_INT(item.kind, SOURCE_RECORD);
		(void)strncat(
		    got, item.record.text.data, item.record.text.size);
		(void)strcat(got, "=");
		if (format_event(&stages->format, &item.record, &event) == 1)
			(void)strncat(got, event.data.data, event.data.size);
		(void)strcat(got, " ");
	}
	CHECK_EQUAL_TEXT(sse_slice(got), sse_slice(want));
}

TEST(lines_become_records_and_these_events)
{
	struct stream_conf conf = {.record_start = dashes, .exclude = word};
	const struct stages_options options = {
	    .conf = &conf, .clock = sse_clock_system(), .is_alone = true};
	struct stages stages;

	complete(&conf);
	write_log("--a\n b\n--error\n--c\n");
	CHECK_EQUAL_INT(stages_init(&stages, &options), 0);
	CHECK(stages.own != NULL);
	start(&stages);
	check_events(&stages, "--a\n b=--a\n b --error= --c=--c ");
	stages_done(&stages);
}

/* Ids of records would have their place taken. */
TEST(a_position_is_an_id_where_ids_are_positions)
{
	static const enum conf_ids ids[] = {
	    CONF_IDS_POSITION, CONF_IDS_RECORD, CONF_IDS_NONE};

	write_log("a\n");
	for (size_t i = 0; i < 3; i++) {
		struct stream_conf conf = {.ids = ids[i]};
		const struct stages_options options = {
		    .conf = &conf, .clock = sse_clock_system()};
		struct source_position position;
		struct stages stages;
		struct sse_slice id;

		complete(&conf);
		CHECK_EQUAL_INT(stages_init(&stages, &options), 0);
		start(&stages);
		check_events(&stages, "a=a ");
		position = source_position(stages.source);
		id = stages_id(&stages, &position);
		CHECK((id.size > 0) == (i == 0));
		CHECK((id.data != NULL) == (i == 0));
		stages_done(&stages);
	}
}

TEST(zeros_are_stages_that_are_done)
{
	struct stages stages = {.conf = NULL};

	stages_done(&stages);
}

/* Names that are none are no reason not to be there: the start says so. */
TEST(of_names_that_are_none_nothing_is_shared)
{
	static char wrong[] = "none app.%i";
	struct stream_conf conf = {.follow = true};
	const struct stages_options options = {
	    .conf = &conf, .clock = sse_clock_system(), .is_alone = true};
	struct stages stages;

	complete(&conf);
	conf.generations = wrong;
	CHECK_EQUAL_INT(stages_init(&stages, &options), 0);
	CHECK(stages.own == NULL);
	stages_done(&stages);
}
