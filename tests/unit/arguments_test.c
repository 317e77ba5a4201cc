#include "test.h"

#include "arguments.h"

#define COUNT_MAX 3

TEST(standard_input_may_be_a_source)
{
	static struct {
		int argc;
		char argv[COUNT_MAX][16];
		bool reads;
	} cases[] = {
	    {0, {""}, false},
	    {1, {"p"}, false},
	    {1, {"-"}, false}, /* it is the program's name */
	    {2, {"p", "-"}, true},
	    {2, {"p", "a=-"}, true},
	    {2, {"p", "=-"}, true},
	    {2, {"p", "--source=-"}, true},
	    {3, {"p", "--source", "-"}, true},
	    {3, {"p", "", "-"}, true},
	    {2, {"p", "--"}, false},
	    {2, {"p", "a-"}, false},
	    {2, {"p", "-="}, false},
	    {3, {"p", "/x-", ""}, false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *argv[COUNT_MAX + 1] = {NULL};

		for (int at = 0; at < cases[i].argc; at++)
			argv[at] = cases[i].argv[at];
		CHECK_EQUAL_INT(
		    arguments_read_stdin(cases[i].argc, argv), cases[i].reads);
	}
}

TEST(empty_arguments_are_dropped)
{
	char program[] = "", a[] = "a", empty[] = "", b[] = "b";
	char *argv[] = {program, empty, a, empty, empty, b, empty, NULL};

	CHECK_EQUAL_INT(arguments_drop_empty(7, argv), 3);
	CHECK(argv[0] == program && argv[1] == a && argv[2] == b);
	CHECK(argv[3] == NULL);
	/* There is nothing more to drop. */
	CHECK_EQUAL_INT(arguments_drop_empty(3, argv), 3);
	CHECK(argv[2] == b && argv[3] == NULL);
	argv[1] = NULL;
	CHECK_EQUAL_INT(arguments_drop_empty(1, argv), 1);
	CHECK(argv[0] == program && argv[1] == NULL);
}
