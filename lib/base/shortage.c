#include "config.h"

#include "base/shortage.h"

#include <errno.h>

#include "base/result.h"

bool
is_shortage(int error)
{
	return error == -EMFILE || error == -ENFILE || error == -ENOMEM;
}

bool
error_passes(int error)
{
	return is_shortage(error) || error == -EAGAIN ||
	       error == RESULT_UNSETTLED;
}
