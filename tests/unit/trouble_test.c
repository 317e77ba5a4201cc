#include "config.h"

#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "program/trouble.h"

static struct trouble trouble;
static struct log *log_file;

static char name[] = "app", source[] = "/log";
static const struct stream_conf conf = {.name = name, .source = source};

static void
open_log_file(void)
{
	CHECK_EQUAL_INT(
	    log_open(test_path("said"), "prog", false, &log_file), 0);
}

/* What was said since the last time, without its beginnings. */
static const char *
said(void)
{
	static char text[1024];
	char line[256];
	FILE *file = fopen(test_path("said"), "r+");

	CHECK(file != NULL);
	text[0] = '\0';
	while (fgets(line, sizeof(line), file) != NULL) {
		const char *found = strstr(line, "app: ");

		CHECK(found != NULL);
		(void)strncat(text, found, sizeof(text) - strlen(text) - 1);
	}
	CHECK(ftruncate(fileno(file), 0) == 0);
	CHECK(fclose(file) == 0);
	return text;
}

/* The error of stream_poll() at a time, and what is said of it. */
struct step {
	int64_t at_ms;
	int error;
	const char *want;
};

#define DENIED "app: /log: Permission denied\n"
#define MISSING "app: /log: No such file or directory\n"
#define FOLDER                                                             \
	"app: /log: Neither a regular file nor a FIFO, or no longer what " \
	"it was\n"
#define BROKEN "app: /log: Input/output error\n"
#define BUSY "app: /log: Another process reads this FIFO\n"
#define OVER "app: /log: It can be read now\n"

static void
play(const struct step *steps, size_t count)
{
	trouble = (struct trouble){0};
	for (size_t i = 0; i < count; i++) {
		printf("# step %zu\n", i + 1);
		trouble_note(
		    &trouble, steps[i].error, &conf, steps[i].at_ms, log_file);
		CHECK_EQUAL_TEXT(sse_slice(said()), sse_slice(steps[i].want));
	}
}

#define PLAY(...)                                              \
	do {                                                   \
		const struct step steps[] = {__VA_ARGS__};     \
		open_log_file();                               \
		play(steps, sizeof(steps) / sizeof(steps[0])); \
		log_close(log_file);                           \
	} while (0)

TEST(what_is_over_in_an_instant_is_not_told)
{
	PLAY({5000, 0, ""}, {5001, -EACCES, ""}, {5999, -EACCES, ""},
	    {6000, 0, ""}, {6500, -ENOENT, ""}, {7499, -ENOENT, ""},
	    {7500, -EACCES, ""}, {8499, -EACCES, ""}, {8500, 0, ""},
	    {20000, 0, ""});
}

TEST(what_lasts_is_told_once_and_its_end_too)
{
	PLAY({5000, -EACCES, ""}, {6000, -EACCES, DENIED}, {9000, -EACCES, ""},
	    {9001, 0, OVER}, {9002, 0, ""}, {9003, -EACCES, ""},
	    {10003, -EACCES, DENIED});
}

TEST(another_trouble_is_another_line)
{
	PLAY({5000, -EACCES, ""}, {6000, -EACCES, DENIED}, {6100, -ENOENT, ""},
	    {7100, -ENOENT, MISSING}, {7200, RESULT_WRONG_KIND, FOLDER},
	    {7300, -ENOENT, ""}, {8300, -ENOENT, MISSING}, {8400, 0, OVER});
}

TEST(other_trouble_is_told_at_once_and_its_end_too)
{
	PLAY({5000, -EIO, BROKEN}, {5001, -EIO, ""}, {5002, 0, OVER},
	    {5003, 0, ""}, {5004, -EIO, BROKEN}, {5005, RESULT_BUSY, BUSY},
	    {5006, 0, OVER});
}

TEST(who_was_refused_finds_the_reason)
{
	open_log_file();
	trouble = (struct trouble){0};
	trouble_note(&trouble, -EACCES, &conf, 5000, log_file);
	trouble_tell(&trouble, -EACCES, &conf, log_file);
	CHECK_EQUAL_TEXT(sse_slice(said()), SLICE(DENIED));
	trouble_tell(&trouble, -EACCES, &conf, log_file);
	trouble_note(&trouble, -EACCES, &conf, 9000, log_file);
	CHECK_EQUAL_TEXT(sse_slice(said()), SLICE(""));
	log_close(log_file);
}

TEST(a_remark_is_said_once)
{
	open_log_file();
	trouble = (struct trouble){0};
	trouble_remark(&trouble, NULL, &conf, log_file);
	CHECK_EQUAL_TEXT(sse_slice(said()), SLICE(""));
	trouble_remark(&trouble, "it is odd", &conf, log_file);
	trouble_remark(&trouble, "it is odd", &conf, log_file);
	CHECK_EQUAL_TEXT(sse_slice(said()),
	    SLICE("app: /log: it is odd (this is said once)\n"));
	log_close(log_file);
}
