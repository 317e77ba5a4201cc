#include "config.h"

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "program/log.h"
#include "program/system_log.h"

/* The system's log is not there in a test: these take its place. */
static char syslog_text[2048];
static char syslog_ident[64];
static int syslog_error;

void
system_log_init(struct system_log *log, const char *path)
{
	CHECK(strcmp(path, "/dev/log") == 0);
	log->fd = -1;
}

void
system_log_done(struct system_log *log)
{
	log->fd = -1;
	syslog_ident[0] = '\0';
}

int
system_log_send(struct system_log *log, const char *ident, const char *text)
{
	(void)log;
	snprintf(syslog_ident, sizeof(syslog_ident), "%s", ident);
	snprintf(syslog_text, sizeof(syslog_text), "%s", text);
	return syslog_error;
}

/* The file that is the last resort; "": it is not there. */
static char last_path[256];

int __real_sse_fd_open(const char *path, int flags);
int __wrap_sse_fd_open(const char *path, int flags);

int
__wrap_sse_fd_open(const char *path, int flags)
{
	if (strcmp(path, LOG_LAST_PATH) == 0) {
		CHECK((flags & O_CREAT) == 0);
		path = last_path;
	}
	return __real_sse_fd_open(path, flags);
}

/* What a file holds, as long as the test lives. */
static struct sse_slice
content(const char *path)
{
	static char bytes[8192];
	FILE *file = fopen(path, "r");
	struct sse_slice slice = {bytes, 0};

	CHECK(file != NULL);
	slice.size = fread(bytes, 1, sizeof(bytes) - 1, file);
	bytes[slice.size] = '\0';
	fclose(file);
	return slice;
}

/* Makes the descriptor that file; returns the old one, for restore(). */
static int
redirect(int fd, const char *path, int flags)
{
	int saved = dup(fd);
	int opened = open(path, flags, 0600);

	CHECK(opened >= 0);
	CHECK(dup2(opened, fd) == fd);
	close(opened);
	return saved;
}

static void
restore(int fd, int saved)
{
	fflush(stdout);
	CHECK(dup2(saved, fd) == fd);
	close(saved);
}

/* Takes one line off the content: its time is checked and left out. */
static struct sse_slice
take_line(struct sse_slice *content)
{
	static const char form[] = "0000-00-00T00:00:00Z ";
	const char *lf = memchr(content->data, '\n', content->size);
	struct sse_slice line = {content->data, 0};

	CHECK(lf != NULL);
	line.size = (size_t)(lf - line.data);
	content->data += line.size + 1;
	content->size -= line.size + 1;
	CHECK(line.size > strlen(form));
	for (size_t i = 0; form[i] != '\0'; i++)
		CHECK(form[i] == '0'
			  ? line.data[i] >= '0' && line.data[i] <= '9'
			  : line.data[i] == form[i]);
	line.data += strlen(form);
	line.size -= strlen(form);
	return line;
}

TEST(a_file_is_made_and_appended_to_with_the_time)
{
	const char *path = test_path("log");
	mode_t mask = umask(022);
	struct sse_slice lines;
	struct stat st;
	struct log *log;

	for (int i = 0; i < 2; i++) {
		CHECK_EQUAL_INT(log_open(path, "prog", true, &log), 0);
		log_line(log, "number %d", i);
		log_close(log);
	}
	umask(mask);
	CHECK_EQUAL_INT(stat(path, &st), 0);
	CHECK_EQUAL_INT(st.st_mode & 07777, 0640);
	lines = content(path);
	CHECK_EQUAL_TEXT(take_line(&lines), SLICE("prog: number 0"));
	CHECK_EQUAL_TEXT(take_line(&lines), SLICE("prog: number 1"));
	CHECK_EQUAL_INT(lines.size, 0);
}

TEST(a_file_that_cannot_be_opened_is_an_error)
{
	struct log *log = NULL;
	const char *fifo = test_path("fifo");

	CHECK_EQUAL_INT(
	    log_open(test_path("no/log"), "prog", false, &log), -ENOENT);
	CHECK_EQUAL_INT(
	    log_open(test_directory(), "prog", false, &log), -EISDIR);
	/* Without a reader: an error at once, and no wait. */
	CHECK_EQUAL_INT(mkfifo(fifo, 0600), 0);
	CHECK_EQUAL_INT(log_open(fifo, "prog", false, &log), -ENXIO);
	CHECK(log == NULL);
}

TEST(a_file_is_never_opened_as_a_standard_descriptor)
{
	int saved = dup(STDIN_FILENO);
	struct log *log;

	close(STDIN_FILENO);
	CHECK_EQUAL_INT(log_open(test_path("log"), "prog", false, &log), 0);
	CHECK(fcntl(STDIN_FILENO, F_GETFD) < 0);
	log_close(log);
	restore(STDIN_FILENO, saved);
}

TEST(stderr_gets_the_line_without_a_time)
{
	const char *path = test_path("stderr");
	int saved = redirect(STDERR_FILENO, path, O_CREAT | O_WRONLY);
	struct log *log;

	CHECK_EQUAL_INT(log_open("stderr", "prog", true, &log), 0);
	log_line(log, "explicit");
	log_close(log);
	CHECK_EQUAL_INT(log_open(NULL, "prog", true, &log), 0);
	log_line(log, "by default");
	log_close(log);
	restore(STDERR_FILENO, saved);
	CHECK_EQUAL_TEXT(
	    content(path), SLICE("prog: explicit\nprog: by default\n"));
}

TEST(a_client_never_gets_what_goes_to_stderr)
{
	const char *path = test_path("both");
	int saved_stdout, saved_stderr;
	struct log *log;

	fflush(stdout);
	saved_stdout = redirect(STDOUT_FILENO, path, O_CREAT | O_WRONLY);
	saved_stderr = dup(STDERR_FILENO);
	dup2(STDOUT_FILENO, STDERR_FILENO);
	CHECK_EQUAL_INT(log_open("stderr", "prog", true, &log), 0);
	log_line(log, "lost");
	log_close(log);
	CHECK_EQUAL_INT(log_open(NULL, "prog", true, &log), 0);
	log_line(log, "to syslog");
	log_close(log);
	/* Where nobody is served, it is as good as any stderr. */
	CHECK_EQUAL_INT(log_open("stderr", "prog", false, &log), 0);
	log_line(log, "seen");
	log_close(log);
	restore(STDERR_FILENO, saved_stderr);
	restore(STDOUT_FILENO, saved_stdout);
	CHECK_EQUAL_TEXT(content(path), SLICE("prog: seen\n"));
	CHECK_EQUAL_TEXT(sse_slice(syslog_text), SLICE("to syslog"));
}

TEST(syslog_where_stderr_is_nothing)
{
	int saved = redirect(STDERR_FILENO, "/dev/null", O_WRONLY);
	struct log *log;

	CHECK_EQUAL_INT(log_open(NULL, "prog", false, &log), 0);
	log_line(log, "null\n%s", "%n");
	CHECK_EQUAL_TEXT(sse_slice(syslog_ident), SLICE("prog"));
	CHECK_EQUAL_TEXT(sse_slice(syslog_text), SLICE("null\\x0a%n"));
	log_close(log);
	CHECK(syslog_ident[0] == '\0');
	close(STDERR_FILENO);
	CHECK_EQUAL_INT(log_open(NULL, "prog", false, &log), 0);
	log_line(log, "closed");
	CHECK_EQUAL_TEXT(sse_slice(syslog_text), SLICE("closed"));
	log_close(log);
	/* Asked for, and not there: no line, and no other descriptor's. */
	CHECK_EQUAL_INT(log_open("stderr", "prog", false, &log), 0);
	log_line(log, "nowhere");
	log_close(log);
	restore(STDERR_FILENO, saved);
	CHECK_EQUAL_INT(log_open("syslog", "prog", false, &log), 0);
	log_line(log, "asked for");
	CHECK_EQUAL_TEXT(sse_slice(syslog_text), SLICE("asked for"));
	log_close(log);
}

TEST(one_line_whatever_is_in_it)
{
	const char *path = test_path("log");
	char many[3 * LOG_LINE_SIZE_MAX];
	struct sse_slice all;
	struct log *log;

	memset(many, '\n', sizeof(many));
	many[sizeof(many) - 1] = '\0';
	CHECK_EQUAL_INT(log_open(path, "prog", false, &log), 0);
	log_line(log, "a\r\nforged: %s", "\x1b[31m\xff");
	all = content(path);
	CHECK_EQUAL_TEXT(
	    take_line(&all), SLICE("prog: a\\x0d\\x0aforged: \\x1b[31m\\xff"));
	CHECK_EQUAL_INT(all.size, 0);
	log_line(log, "%s", many);
	memset(many, 'a', sizeof(many) - 1);
	log_line(log, "%s", many);
	log_close(log);
	all = content(path);
	take_line(&all);
	CHECK(take_line(&all).size < LOG_LINE_SIZE_MAX);
	CHECK_EQUAL_INT(all.size, LOG_LINE_SIZE_MAX);
	CHECK_EQUAL_TEXT(
	    ((struct sse_slice){all.data + all.size - 5, 5}), SLICE("a...\n"));
}

TEST(a_pipe_that_nobody_reads_neither_blocks_nor_kills)
{
	static const char full[65536];
	int ends[2];
	int saved = dup(STDERR_FILENO);
	struct log *log;

	signal(SIGPIPE, SIG_DFL);
	CHECK_EQUAL_INT(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	CHECK_EQUAL_INT(log_open("stderr", "prog", false, &log), 0);
	fcntl(STDERR_FILENO, F_SETFL, O_NONBLOCK);
	while (write(STDERR_FILENO, full, sizeof(full)) > 0)
		;
	fcntl(STDERR_FILENO, F_SETFL, 0);
	log_line(log, "no room");
	close(ends[0]);
	log_line(log, "no reader");
	log_close(log);
	restore(STDERR_FILENO, saved);
}

TEST(a_log_that_was_moved_is_made_anew)
{
	char path[256], moved[256];
	struct log *log;

	snprintf(path, sizeof(path), "%s", test_path("log"));
	snprintf(moved, sizeof(moved), "%s", test_path("log.1"));
	CHECK_EQUAL_INT(log_open(path, "prog", false, &log), 0);
	log_line(log, "before");
	CHECK_EQUAL_INT(rename(path, moved), 0);
	log_line(log, "moved");
	CHECK_EQUAL_INT(log_reopen(log, path), 0);
	log_line(log, "after");
	CHECK(strstr(content(moved).data, "moved") != NULL);
	CHECK(strstr(content(path).data, "prog: after\n") != NULL);
	CHECK(strstr(content(path).data, "moved") == NULL);
	/* What cannot be opened changes nothing. */
	CHECK_EQUAL_INT(log_reopen(log, test_path("no/log")), -ENOENT);
	log_line(log, "still");
	CHECK(strstr(content(path).data, "prog: still\n") != NULL);
	CHECK_EQUAL_INT(log_reopen(log, "syslog"), 0);
	log_line(log, "elsewhere");
	CHECK_EQUAL_TEXT(sse_slice(syslog_text), SLICE("elsewhere"));
	log_close(log);
}

TEST(a_full_disk_costs_the_line_only)
{
	struct log *log;

	CHECK_EQUAL_INT(log_open("/dev/full", "prog", false, &log), 0);
	for (int i = 0; i < 100; i++)
		log_line(log, "line %d", i);
	log_close(log);
}

TEST(no_log_is_a_log_too)
{
	log_line(NULL, "nothing");
	log_close(NULL);
}

static void
check_refusal(struct log *log, const char *want)
{
	char text[LOG_REFUSAL_SIZE_MAX];

	log_line(log, "why");
	log_refusal(log, text);
	CHECK_EQUAL_TEXT(sse_slice(text), sse_slice(want));
	log_close(log);
}

TEST(a_client_is_told_which_log_it_is)
{
	struct log *log;
	int saved;

	CHECK_EQUAL_INT(log_open("syslog", "prog", true, &log), 0);
	check_refusal(log, "The stream cannot be served; the system log"
			   " (syslog, prog) says why.\n");
	CHECK_EQUAL_INT(log_open(test_path("l"), "prog", true, &log), 0);
	check_refusal(
	    log, "The stream cannot be served; the log of prog says why.\n");
	/* The test's own may be where its stdout goes, which is served. */
	saved =
	    redirect(STDERR_FILENO, test_path("stderr"), O_CREAT | O_WRONLY);
	CHECK_EQUAL_INT(log_open("stderr", "prog", true, &log), 0);
	check_refusal(log, "The stream cannot be served; the server's log"
			   " (prog) says why.\n");
	CHECK_EQUAL_INT(log_open("stderr", "prog", false, &log), 0);
	check_refusal(
	    log, "The stream cannot be served; the log of prog says why.\n");
	restore(STDERR_FILENO, saved);
}

/* A client is not sent to a log that does not have it. */
TEST(what_could_not_be_written_is_in_no_log)
{
	struct log *log;

	CHECK_EQUAL_INT(log_open("/dev/full", "prog", true, &log), 0);
	check_refusal(log,
	    "The stream cannot be served, and prog has no log that"
	    " says why: set its key \"log\".\n");
}

TEST(what_the_system_does_not_take_goes_to_the_last_file)
{
	struct log *log;
	char line[256];
	FILE *file;

	syslog_error = -ENOENT;
	CHECK_EQUAL_INT(log_open("syslog", "prog", true, &log), 0);
	check_refusal(log,
	    "The stream cannot be served, and prog has no log that"
	    " says why: set its key \"log\".\n");
	(void)snprintf(last_path, sizeof(last_path), "%s", test_path("last"));
	CHECK(close(creat(last_path, 0640)) == 0);
	CHECK_EQUAL_INT(log_open("syslog", "prog", true, &log), 0);
	check_refusal(
	    log, "The stream cannot be served; the log of prog says why.\n");
	file = fopen(last_path, "r");
	CHECK(file != NULL && fgets(line, sizeof(line), file) != NULL);
	CHECK(strstr(line, "Z prog: why\n") != NULL);
	CHECK(fclose(file) == 0);
	syslog_error = 0;
	last_path[0] = '\0';
}
