#include "config.h"

#include "test.h"

#include <errno.h>

#include "base/result.h"
#include "base/shortage.h"

TEST(what_passes_by_itself)
{
	static const struct {
		int error;
		bool shortage;
		bool passes;
	} table[] = {
	    {-EMFILE, true, true},
	    {-ENFILE, true, true},
	    {-ENOMEM, true, true},
	    {-EAGAIN, false, true},
	    {RESULT_UNSETTLED, false, true},
	    {-EIO, false, false},
	    {-EACCES, false, false},
	    {-ESTALE, false, false},
	    {RESULT_CHANGED, false, false},
	    {RESULT_BUSY, false, false},
	    {0, false, false},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		CHECK_EQUAL_INT(is_shortage(table[i].error), table[i].shortage);
		CHECK_EQUAL_INT(error_passes(table[i].error), table[i].passes);
	}
}
