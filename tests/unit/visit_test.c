#include "test.h"

#include <stdio.h>
#include <string.h>

#include "visit.h"

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
	struct counts counts;
	size_t visitors;
};

static struct visit
visit_of(struct place *place)
{
	return (struct visit){.counts = &place->counts,
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
	struct visit visit;

	open_log(&place);
	visit = visit_of(&place);
	visit_begin(&visit, "192.0.2.7", NULL, VISIT_BACKLOG, 1000);
	CHECK_EQUAL_INT(place.counts.clients, 1);
	CHECK_EQUAL_INT(place.counts.resumes, 1);
	CHECK_EQUAL_INT(place.visitors, 1);
	visit.frames = 3;
	visit.bytes = 400;
	visit_end(&visit, CLIENT_OVERRUN, 62345);
	CHECK_EQUAL_INT(place.counts.gone[CLIENT_OVERRUN], 1);
	CHECK_EQUAL_INT(place.counts.sent_frames, 3);
	CHECK_EQUAL_INT(place.counts.sent_bytes, 400);
	CHECK_EQUAL_INT(place.visitors, 0);
	/* Once only. */
	visit_end(&visit, CLIENT_LEFT, 70000);
	CHECK_EQUAL_TEXT(sse_slice(told(place.path)),
	    SLICE("p: connect stream=log address=192.0.2.7 start=backlog\n"
		  "p: disconnect stream=log address=192.0.2.7 why=overrun"
		  " seconds=61.345 frames=3 bytes=400\n"));
	log_close(place.log);
}

TEST(each_start_and_each_end_has_a_word)
{
	struct place place;
	struct visit visit;
	const char *text;

	open_log(&place);
	visit = visit_of(&place);
	visit_begin(&visit, NULL, NULL, VISIT_NEW, 0);
	visit = visit_of(&place);
	visit_begin(&visit, "", NULL, VISIT_FILE, 0);
	CHECK_EQUAL_INT(place.counts.resumes, 1);
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
	struct visit visit;
	char longest[300];

	open_log(&place);
	memset(longest, 'a', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	visit = visit_of(&place);
	visit_begin(&visit, "1 start=new\n\033[2J\xff", NULL, VISIT_FILE, 0);
	visit = visit_of(&place);
	visit_begin(&visit, longest, NULL, VISIT_FILE, 0);
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
	struct visit visit;

	open_log(&place);
	visit = visit_of(&place);
	visit_begin(&visit, "::1", "eve why=left\n", VISIT_NEW, 0);
	visit_end(&visit, CLIENT_LEFT, 1);
	visit = visit_of(&place);
	visit_begin(&visit, "::1", "", VISIT_NEW, 0);
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
	struct counts counts = {.clients = 0};
	size_t visitors = 0;
	struct visit visit = {
	    .counts = &counts, .visitors = &visitors, .stream = "log"};

	visit_begin(&visit, "::1", NULL, VISIT_NEW, 0);
	visit_end(&visit, CLIENT_LEFT, 1);
	CHECK_EQUAL_INT(counts.clients, 1);
	CHECK_EQUAL_INT(counts.gone[CLIENT_LEFT], 1);
}
