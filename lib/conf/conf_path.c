/*
 * conf_path.c - paths as an administrator writes them.
 */
#include "config.h"

#include "conf/conf_path.h"

#include <string.h>

static int
refuse(const struct conf_place *place, const char *path, const char *reason,
    struct conf_error *ret_error)
{
	return conf_refuse(ret_error, place, "%s %s",
	    conf_quote(sse_slice(path)).text, reason);
}

/* A name that does begin so is written as a path: "./~name". */
int
conf_path_check(const struct conf_place *place, const char *path,
    struct conf_error *ret_error)
{
	if (path[0] == '"' || path[0] == '\'')
		return refuse(place, path,
		    "has quotes; write the path without them", ret_error);
	if (path[0] == '~')
		return refuse(place, path,
		    "is not absolute, as nothing here knows what ~ is;"
		    " write the whole path, which begins with /",
		    ret_error);
	if (place->path != NULL && path[0] != '/')
		return refuse(place, path,
		    "is not absolute, and a web server has another working"
		    " directory; write the whole path, which begins with /",
		    ret_error);
	if (path[0] != '\0' && path[strlen(path) - 1] == '/')
		return refuse(place, path,
		    "is a folder, as it ends in /; write the path of a file",
		    ret_error);
	return 0;
}
