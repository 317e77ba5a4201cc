#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "source/log_names_rank.h"

#define NOW_MS INT64_C(1795773600000) /* 2026-11-27 10:00 UTC */
#define DAY_MS INT64_C(86400000)

/* A log, its generations, and two names of a writer, the older one first. */
static const struct {
	const char *writer;
	const char *base;
	const char *generations;
	const char *older;
	const char *newer;
} writers[] = {
    {"logrotate, extension", "app.log", "app.%i.log", "app.2.log", "app.1.log"},
    {"logrotate, extension and dateext", "app.log", "app-%Y%m%d.log",
	"app-20261125.log", "app-20261126.log"},
    {"logrotate, olddir", "app.log", "old/app.log.%i", "old/app.log.2",
	"old/app.log.1"},
    {"logrotate, compress", "app.log", "app.log.%i", "app.log.2.gz",
	"app.log.1.gz"},
    {"logback, fixed window", "app.log", "app.%i.log", "app.10.log",
	"app.9.log"},
    {"logback, by time", "app.log", "app.%Y-%m-%d.log", "app.2026-11-25.log",
	"app.2026-11-26.log"},
    {"logback, by time and size", "app.log", "app.%Y-%m-%d.%I.log",
	"app.2026-11-26.9.log", "app.2026-11-26.10.log"},
    {"Spring Boot", "app.log", "app.log.%Y-%m-%d.%I", "app.log.2026-11-26.0.gz",
	"app.log.2026-11-26.1.gz"},
    {"Dropwizard", "app.log", "app-%Y-%m-%d-%I.log.gz",
	"app-2026-11-25-1.log.gz", "app-2026-11-26-0.log.gz"},
    {"log4j2", "app.log", "app-%i.log", "app-2.log", "app-1.log"},
    {"log4j2, a folder a month", "app.log", "2026-11/app-%m-%d-%Y-%I.log.gz",
	"2026-11/app-11-25-2026-2.log.gz", "2026-11/app-11-26-2026-1.log.gz"},
    {"Elasticsearch", "es.log", "es-%Y-%m-%d-%I.log", "es-2026-11-26-1.log",
	"es-2026-11-26-2.log"},
    {"java.util.logging.FileHandler", "app.0.log", "app.%i.log", "app.2.log",
	"app.1.log"},
    {"lumberjack", "audit.log", "audit-%Y-%m-%dT%H-%M-%S.%f.log",
	"audit-2026-11-26T13-00-00.123.log",
	"audit-2026-11-26T13-00-00.124.log"},
    {"loguru", "app.log", "app.%Y-%m-%d_%H-%M-%S_%f.log",
	"app.2026-11-26_13-00-00_000999.log",
	"app.2026-11-26_13-00-00_123456.log"},
    {"log4js, keepFileExt", "app.log", "app.%Y-%m-%d.log", "app.2026-11-25.log",
	"app.2026-11-26.log"},
    {"pm2-logrotate", "app-out.log", "app-out__%Y-%m-%d_%H-%M-%S.log",
	"app-out__2026-11-25_00-00-00.log", "app-out__2026-11-26_00-00-00.log"},
    {"winston, tailable", "app.log", "app%i.log", "app2.log", "app1.log"},
    {"NLog, rolling", "app.log", "app.%i.log", "app.1.log", "app.0.log"},
    {"NLog, sequence", "app.log", "app.%I.log", "app.0.log", "app.1.log"},
    {"Serilog", "app.log", "app_%I.log", "app_001.log", "app_010.log"},
    {"WebSphere", "SystemOut.log", "SystemOut_%y.%m.%d_%H.%M.%S.log",
	"SystemOut_25.12.31_13.00.00.log", "SystemOut_26.11.26_13.00.00.log"},
    {"Oracle's listener", "log.xml", "log_%I.xml", "log_9.xml", "log_10.xml"},
    {"WebLogic", "server.log", "server.log%I", "server.log00001",
	"server.log00002"},
    {"svlogd", "current", "@%t.s @%t.u", "@400000006924f3e500000000.s",
	"@400000006924f3e500000001.s"},
    {"s6-log", "current", "%t.s", "@400000006924f3e512345678.s",
	"@400000006924f3e612345678.s"},
    {"Minecraft", "latest.log", "%Y-%m-%d-%I.log", "2026-11-25-12.log.gz",
	"2026-11-26-1.log.gz"},
    {"renamed with its extension", "app.log", "", "app.log.2", "app.log.1"},
    {"renamed with its extension, .bak", "app.log", "app.log.bak", NULL,
	"app.log.bak"},
};

static bool
rank_of(const struct log_names *names, const char *base, const char *name,
    struct log_rank *rank)
{
	struct log_base of_base;
	const char *slash = strrchr(name, '/');
	size_t folder = 0;

	log_base_init(&of_base, names, base);
	if (slash != NULL) {
		name = slash + 1;
		folder = 1;
	}
	return folder < log_names_folders(names) &&
	       log_names_rank(names, &of_base, folder, name, rank);
}

/* Who is told only of names that begin so is told of this one. */
static void
check_prefix(const struct log_names *names, const char *base, const char *name)
{
	struct log_base of_base;
	const char *slash = strrchr(name, '/');
	char prefix[NAME_MAX + 1];

	log_base_init(&of_base, names, base);
	log_names_prefix(names, &of_base, slash != NULL, prefix);
	if (slash != NULL)
		name = slash + 1;
	if (strncmp(name, prefix, strlen(prefix)) != 0)
		test_fail(__FILE__, __LINE__, "%s: %s", name, prefix);
}

TEST(finds_what_each_writer_calls_its_older_files)
{
	for (size_t i = 0; i < sizeof(writers) / sizeof(writers[0]); i++) {
		struct log_names *names;
		struct log_names_error why = {""};
		struct log_rank older, newer;
		char source[64];

		snprintf(source, sizeof(source), "/log/%s", writers[i].base);
		if (log_names_check_generations(writers[i].generations, &why) !=
		    0)
			test_fail(__FILE__, __LINE__, "%s: %s",
			    writers[i].writer, why.text);
		CHECK_EQUAL_INT(
		    log_names_new(source, writers[i].generations, &names), 0);
		if (!rank_of(names, writers[i].base, writers[i].newer, &newer))
			test_fail(
			    __FILE__, __LINE__, "%s: newer", writers[i].writer);
		if (writers[i].older != NULL &&
		    (!rank_of(
			 names, writers[i].base, writers[i].older, &older) ||
			log_rank_compare(&older, &newer) >= 0))
			test_fail(
			    __FILE__, __LINE__, "%s: older", writers[i].writer);
		CHECK(
		    !rank_of(names, writers[i].base, writers[i].base, &newer));
		check_prefix(names, writers[i].base, writers[i].base);
		check_prefix(names, writers[i].base, writers[i].newer);
		if (writers[i].older != NULL)
			check_prefix(names, writers[i].base, writers[i].older);
		log_names_free(names);
	}
}

TEST(knows_what_its_names_begin_with)
{
	static const struct {
		const char *source, *generations, *target;
		size_t folder;
		const char *prefix;
	} cases[] = {
	    {"/log/app.log", "", "app.log", 0, "app.log"},
	    {"/log/app.log", "none", "app.log", 0, "app.log"},
	    {"/log/app.log", "app-%Y.log", "app.log", 0, "app"},
	    {"/log/app.log", "app-%Y.log apt.log.%i", "app.log", 0, "ap"},
	    {"/log/app.log", "%i.app.log", "app.log", 0, ""},
	    {"/log/app.log", "old/app.%i old/app-%Y", "app.log", 0, "app.log"},
	    {"/log/app.log", "old/app.%i old/app-%Y", "app.log", 1, "app"},
	    {"/log/app.log", "old/%Y", "app.log", 1, ""},
	    {"/log/app-%Y-%m-%d.log", "", "", 0, "app-"},
	    {"/log/%Y-%m-%d.log", "", "", 0, ""},
	    {"/log/a%%b-%Y.log", "", "", 0, "a%b-"},
	    {"/log/a%%b.log", "", "a%b.log", 0, "a%b.log"},
	    /* A link that is switched each day. */
	    {"/log/now", "", "app-2026-11-24.log", 0, "app-"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct log_names *names;
		struct log_base base;
		char prefix[NAME_MAX + 1];

		CHECK_EQUAL_INT(log_names_new(cases[i].source,
				    cases[i].generations, &names),
		    0);
		log_base_init(&base, names, cases[i].target);
		log_names_prefix(names, &base, cases[i].folder, prefix);
		if (strcmp(prefix, cases[i].prefix) != 0)
			test_fail(__FILE__, __LINE__, "%s %s: %s",
			    cases[i].source, cases[i].generations, prefix);
		log_names_free(names);
	}
}

static const struct {
	const char *text;
	const char *why;
} bad_generations[] = {
    {"app.log", "it needs a number or a date"},
    {"app.%i.log app", "it needs a number or a date"},
    {"none app.%i", "it needs a number or a date"},
    {"../app.%i", "below the log's own"},
    {"a/../app.%i", "below the log's own"},
    {"a/..//app.%i", "below the log's own"},
    {"./app.%i", "below the log's own"},
    {"/var/log/app.%i", "below the log's own"},
    {"a//app.%i", "below the log's own"},
    {"%Y/app.%i", "below the log's own"},
    {"*/app.%i", "below the log's own"},
    {"old/", "1 to 255 bytes"},
    {"app.%i.%I", "not two"},
    {"app.%q", "one of %Y"},
    {"app.*", "a * has no meaning"},
    {"%i %i %i %i %i %i %i %i %i %i %i %i %i %i %i %i %i",
	"16 patterns are allowed"},
};

TEST(refuses_generations_that_cannot_be_such)
{
	for (size_t i = 0;
	     i < sizeof(bad_generations) / sizeof(bad_generations[0]); i++) {
		struct log_names_error why = {""};

		if (log_names_check_generations(
			bad_generations[i].text, &why) != -EINVAL ||
		    strstr(why.text, bad_generations[i].why) == NULL)
			test_fail(__FILE__, __LINE__, "%s: %s",
			    bad_generations[i].text, why.text);
	}
}

static const struct {
	const char *text;
	const char *why; /* NULL: it is allowed */
} sources[] = {
    {"/var/log/app.log", NULL},
    {"-", NULL},
    {"app-%Y-%m-%d.log", NULL},
    {"/a/100%%/app-%Y.log", NULL},
    {"/a/100%%.log", NULL},
    {"/a/%Y/app.log", "only its last part"},
    {"/a/%/app.log", "only its last part"},
    {"/a/app-%q.log", "one of %Y"},
    {"/a/app-%i.log", "one of %Y"},
    {"/a/app-%", "one of %Y"},
    {"/a/app-%%%", "one of %Y"},
    {"/a/app-%Y-%d.log", "begins with its year"},
    {"/a/*.log", "a * has no meaning"},
    {"/*/app.log", "a * has no meaning"},
    {"/a/app-%Y*.log", "a * has no meaning"},
};

TEST(a_source_is_a_path_that_may_have_dates)
{
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		struct log_names_error why = {""};
		int error = log_names_check_source(sources[i].text, &why);

		if (sources[i].why == NULL
			? error != 0
			: error != -EINVAL ||
			      strstr(why.text, sources[i].why) == NULL)
			test_fail(__FILE__, __LINE__, "%s: %s", sources[i].text,
			    why.text);
	}
}

TEST(a_percent_sign_that_is_written_twice_is_one)
{
	struct log_names *names;

	CHECK_EQUAL_INT(log_names_new("/a/50%%/100%%.log", NULL, &names), 0);
	CHECK(!log_names_are_dated(names));
	CHECK_EQUAL_TEXT(
	    sse_slice(log_names_path(names)), SLICE("/a/50%/100%.log"));
	log_names_free(names);
}

TEST(with_patterns_or_none_nothing_else_is_a_file)
{
	struct log_names *names;
	struct log_rank rank;

	CHECK_EQUAL_INT(log_names_new("/log/app.log", "app.%i.log", &names), 0);
	CHECK(rank_of(names, "app.log", "app.1.log", &rank));
	CHECK(!rank_of(names, "app.log", "app.log.1", &rank));
	log_names_free(names);
	CHECK_EQUAL_INT(log_names_new("/log/app.log", "none", &names), 0);
	CHECK(!rank_of(names, "app.log", "app.log.1", &rank));
	log_names_free(names);
}

TEST(only_a_link_whose_target_has_another_name_has_other_dates)
{
	struct log_names *names;
	struct log_rank rank;

	CHECK_EQUAL_INT(log_names_new("/log/app.log", NULL, &names), 0);
	CHECK(
	    rank_of(names, "app-2026-11-24.log", "app-2026-11-23.log", &rank));
	CHECK(rank_of(
	    names, "app-2026-11-24.log", "app-2026-11-24.log.1", &rank));
	CHECK(
	    !rank_of(names, "app-2026-11-24.log", "app-2026-11-24.txt", &rank));
	log_names_free(names);
	CHECK_EQUAL_INT(
	    log_names_new("/log/app-2026-11-24.log", NULL, &names), 0);
	CHECK(
	    !rank_of(names, "app-2026-11-24.log", "app-2026-11-23.log", &rank));
	log_names_free(names);
}

/* What was tried of the name as a whole says nothing of it without .gz. */
TEST(a_compressed_name_has_the_place_of_the_plain_one)
{
	static const struct {
		const char *source, *generations, *base, *older, *newer;
	} table[] = {
	    {"/log/pod", NULL, "0.log", "0.log.20261124-000000",
		"0.log.20261125-000000"},
	    {"/log/pod", NULL, "0.log", "0.log.2", "0.log.1"},
	    {"/log/app", NULL, "app-20261126-101112.7.log",
		"app-20261126-101112.7.log.2", "app-20261126-101112.7.log.1"},
	    {"/log/app-%Y-%m-%d", "a.%I b.%I", "", "app-2026-11-24",
		"app-2026-11-25"},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct log_names *names;
		struct log_rank older, newer, packed;
		char name[64];

		printf("# case %zu\n", i);
		CHECK_EQUAL_INT(log_names_new(table[i].source,
				    table[i].generations, &names),
		    0);
		CHECK(rank_of(names, table[i].base, table[i].older, &older));
		CHECK(rank_of(names, table[i].base, table[i].newer, &newer));
		CHECK(log_rank_compare(&older, &newer) < 0);
		(void)snprintf(name, sizeof(name), "%s.gz", table[i].older);
		CHECK(rank_of(names, table[i].base, name, &packed));
		CHECK(log_rank_compare(&packed, &newer) < 0);
		CHECK_EQUAL_INT(log_rank_compare(&packed, &older), 0);
		older = packed;
		(void)snprintf(name, sizeof(name), "%s.gz", table[i].newer);
		CHECK(rank_of(names, table[i].base, name, &packed));
		CHECK(log_rank_compare(&older, &packed) < 0);
		log_names_free(names);
	}
}

TEST(a_name_over_a_day_ahead_is_not_due_yet)
{
	static const struct {
		const char *name;
		bool due;
	} names[] = {{"app-2026-11-27", true}, {"app-2026-11-28", true},
	    {"app-2026-11-29", false}, {"app-9999-12-31", false},
	    {"app-1970-01-01", true}};
	struct log_names *dated;
	struct log_rank rank;

	CHECK_EQUAL_INT(log_names_new("/log/app-%Y-%m-%d", NULL, &dated), 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		CHECK(rank_of(dated, "", names[i].name, &rank));
		CHECK(log_rank_is_due(&rank, NOW_MS, 0) == names[i].due);
	}
	/* The clock was put back after the file had been written. */
	CHECK(rank_of(dated, "", "app-2026-11-29", &rank));
	CHECK(log_rank_is_due(&rank, NOW_MS, NOW_MS + 2 * DAY_MS));
	log_names_free(dated);
}
