#include "test.h"

#include <string.h>

#include "conf/option.h"

TEST(no_option_is_there_twice)
{
	for (int i = 0; i < OPTION_OWN_COUNT; i++) {
		const struct own_option *own = option_own((enum option_own)i);

		CHECK(own->name != NULL && own->summary != NULL);
		CHECK_EQUAL_INT(conf_key_find(sse_slice(own->name)) < 0, true);
		for (int j = 0; j < i; j++) {
			const struct own_option *other =
			    option_own((enum option_own)j);

			CHECK(strcmp(own->name, other->name) != 0);
			CHECK(own->letter == '\0' ||
			      own->letter != other->letter);
		}
	}
}

TEST(what_only_the_worker_obeys_is_an_option_of_it_alone)
{
	static const struct {
		enum conf_key_index key;
		bool of_cgi;
	} cases[] = {
	    {CONF_KEY_LISTEN, false}, {CONF_KEY_MAX_CLIENTS, false},
	    {CONF_KEY_READERS, false}, {CONF_KEY_STATUS, false},
	    {CONF_KEY_LOG, true}, {CONF_KEY_HEARTBEAT, true},
	    {CONF_KEY_BACKLOG, true}, /* of a stream */
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct conf_key *key = conf_key_at(cases[i].key);

		CHECK_EQUAL_INT(
		    option_is_obeyed(OPTIONS_CGI, key), cases[i].of_cgi);
		CHECK(option_is_obeyed(OPTIONS_FCGI, key));
	}
}

TEST(a_word_that_is_near_an_option_may_be_meant_as_it)
{
	static const struct {
		const char *word;
		const char *cgi, *fcgi; /* the questions */
	} cases[] = {
	    {"--hartbeat", " (did you mean \"--heartbeat\"?)",
		" (did you mean \"--heartbeat\"?)"},
	    {"--hartbeat=5s", " (did you mean \"--heartbeat\"?)",
		" (did you mean \"--heartbeat\"?)"},
	    {"--verson", " (did you mean \"--version\"?)",
		" (did you mean \"--version\"?)"},
	    {"--listn", "", " (did you mean \"--listen\"?)"},
	    {"--nothing-like-it", "", ""},
	    {"--", "", ""},
	    {"-hartbeat", "", ""},
	    {"heartbeat", "", ""},
	    {"", "", ""},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *word = cases[i].word;

		CHECK_EQUAL_TEXT(
		    sse_slice(option_nearest(OPTIONS_CGI, word).text),
		    sse_slice(cases[i].cgi));
		CHECK_EQUAL_TEXT(
		    sse_slice(option_nearest(OPTIONS_FCGI, word).text),
		    sse_slice(cases[i].fcgi));
	}
}
