#include "test.h"

#include <stdio.h>
#include <string.h>

#include "session.h"

/* What was told, without the time of each line. */
static const char *
told(const char *path)
{
	static char text[4096];
	char line[1100];
	FILE *file = fopen(path, "r");
	size_t size = 0;

	text[0] = '\0';
	while (fgets(line, sizeof(line), file) != NULL)
		size += (size_t)snprintf(
		    text + size, sizeof(text) - size, "%s", line + 21);
	fclose(file);
	return text;
}

struct place {
	char path[256];
	struct log *log;
	struct stats stats;
	size_t visitors;
};

static struct session
session_of(struct place *place)
{
	return (struct session){.stats = &place->stats,
	    .visitors = &place->visitors,
	    .stream = "log",
	    .log = place->log};
}

static void
open_log(struct place *place)
{
	memset(place, 0, sizeof(*place));
	snprintf(place->path, sizeof(place->path), "%s", test_path("told"));
	CHECK_EQUAL_INT(log_open(place->path, "p", false, &place->log), 0);
}

TEST(a_visit_is_counted_and_told)
{
	struct place place;
	struct session session;

	open_log(&place);
	session = session_of(&place);
	session_begin(&session, "192.0.2.7", NULL, SESSION_BACKLOG, 1000);
	CHECK_EQUAL_INT(place.stats.clients, 1);
	CHECK_EQUAL_INT(place.stats.resumes, 1);
	CHECK_EQUAL_INT(place.visitors, 1);
	session.frames = 3;
	session.bytes = 400;
	session_end(&session, CLIENT_OVERRUN, 62345);
	CHECK_EQUAL_INT(place.stats.gone[CLIENT_OVERRUN], 1);
	CHECK_EQUAL_INT(place.stats.sent_frames, 3);
	CHECK_EQUAL_INT(place.stats.sent_bytes, 400);
	CHECK_EQUAL_INT(place.visitors, 0);
	/* Once only. */
	session_end(&session, CLIENT_LEFT, 70000);
	CHECK_EQUAL_TEXT(sse_slice(told(place.path)),
	    SLICE("p: connect stream=log address=192.0.2.7 start=backlog\n"
		  "p: disconnect stream=log address=192.0.2.7 why=overrun"
		  " seconds=61.345 frames=3 bytes=400\n"));
	log_close(place.log);
}

TEST(each_start_and_each_end_has_a_word)
{
	struct place place;
	struct session session;
	const char *text;

	open_log(&place);
	session = session_of(&place);
	session_begin(&session, NULL, NULL, SESSION_NEW, 0);
	session = session_of(&place);
	session_begin(&session, "", NULL, SESSION_FILE, 0);
	CHECK_EQUAL_INT(place.stats.resumes, 1);
	text = told(place.path);
	CHECK(strstr(text, "address=- start=new\n") != NULL);
	CHECK(strstr(text, "address=- start=file\n") != NULL);
	for (int why = 0; why < CLIENT_WHYS; why++) {
		const char *word = client_why_text((enum client_why)why);

		CHECK(word != NULL && strlen(word) > 0);
		for (int other = 0; other < why; other++)
			CHECK(strcmp(word, client_why_text(
					       (enum client_why)other)) != 0);
	}
	log_close(place.log);
}

TEST(an_address_cannot_forge_a_line_or_a_field)
{
	struct place place;
	struct session session;
	char longest[300];

	open_log(&place);
	memset(longest, 'a', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	session = session_of(&place);
	session_begin(
	    &session, "1 start=new\n\033[2J\xff", NULL, SESSION_FILE, 0);
	session = session_of(&place);
	session_begin(&session, longest, NULL, SESSION_FILE, 0);
	CHECK_EQUAL_TEXT(sse_slice(told(place.path)),
	    SLICE("p: connect stream=log"
		  " address=1_start=new\\x0a\\x1b[2J\\xff start=file\n"
		  "p: connect stream=log"
		  " address=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		  " start=file\n"));
	log_close(place.log);
}

TEST(a_user_is_named_where_the_web_server_knows_one)
{
	struct place place;
	struct session session;

	open_log(&place);
	session = session_of(&place);
	session_begin(&session, "::1", "eve why=left\n", SESSION_NEW, 0);
	session_end(&session, CLIENT_LEFT, 1);
	session = session_of(&place);
	session_begin(&session, "::1", "", SESSION_NEW, 0);
	CHECK_EQUAL_TEXT(sse_slice(told(place.path)),
	    SLICE("p: connect stream=log address=::1 user=eve_why=left\\x0a"
		  " start=new\n"
		  "p: disconnect stream=log address=::1 user=eve_why=left\\x0a"
		  " why=left seconds=0.001 frames=0 bytes=0\n"
		  "p: connect stream=log address=::1 start=new\n"));
	log_close(place.log);
}

TEST(without_a_log_it_is_counted_only)
{
	struct stats stats = {.clients = 0};
	size_t visitors = 0;
	struct session session = {
	    .stats = &stats, .visitors = &visitors, .stream = "log"};

	session_begin(&session, "::1", NULL, SESSION_NEW, 0);
	session_end(&session, CLIENT_LEFT, 1);
	CHECK_EQUAL_INT(stats.clients, 1);
	CHECK_EQUAL_INT(stats.gone[CLIENT_LEFT], 1);
}
