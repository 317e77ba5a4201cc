/*
 * redis_trouble.c - what keeps a source from a Redis Stream.
 */
#include "config.h"

#include "source/redis_trouble.h"

#include <errno.h>
#include <stdio.h>

static const struct {
	const char *word; /* of what the server says; NULL: it is our own */
	int error;
	bool stays;
	const char *clause;
} troubles[] = {
    {"WRONGTYPE", EMEDIUMTYPE, true, "the key holds something else"},
    {"NOPERM", EPERM, true,
	"the server does not allow it to this user, who needs +xread +xrange"
	" +xrevrange +xinfo|stream +multi +exec, and the key"},
    {"NOAUTH", EKEYREJECTED, true,
	"the server wants source-user and source-password-file, or other"
	" ones"},
    {"WRONGPASS", EKEYREJECTED, true, NULL},
    {"ERR AUTH", EKEYREJECTED, true, NULL},
    {"EXECABORT", EREMOTEIO, true, NULL},
    {"LOADING", EBUSY, false,
	"the server loads its data, or has no master or no majority"},
    {"BUSY", EBUSY, false, NULL},
    {"MASTERDOWN", EBUSY, false, NULL},
    {"CLUSTERDOWN", EBUSY, false, NULL},
    {"TRYAGAIN", EBUSY, false, NULL},
    {"ASK", EBUSY, false, NULL},
    {"UNBLOCKED", ECONNRESET, false,
	"the server has gone, or has closed the connection"},
    {"MOVED", EREMCHG, true,
	"another node of the cluster has the key, at another port or by a"
	" name: it needs its address in the source, and a restart"},
    {NULL, EREMOTEIO, true, "the server answers with an error"},
    {NULL, EPROTO, true, "what answers is no Redis server"},
    {NULL, ENOKEY, true,
	"source-password-file cannot be read, is empty, or may be read by"
	" others than its owner and group"},
    {NULL, ECONNREFUSED, false, "no server listens there"},
    {NULL, ENOENT, false, "there is no socket of a server"},
    {NULL, EACCES, false,
	"the server's socket needs the rights to read and write it"},
    {NULL, ETIMEDOUT, false, "the server does not answer"},
};

#define TROUBLES (sizeof(troubles) / sizeof(troubles[0]))

int
redis_trouble_of(const struct redis_value *error)
{
	for (size_t i = 0; i < TROUBLES; i++)
		if (troubles[i].word != NULL &&
		    redis_value_is_error(error, troubles[i].word))
			return -troubles[i].error;
	return -EREMOTEIO;
}

bool
redis_trouble_stays(int error)
{
	for (size_t i = 0; i < TROUBLES; i++)
		if (troubles[i].error == -error)
			return troubles[i].stays;
	return false;
}

bool
redis_trouble_explain(
    const char *text, int error, char clause[SOURCE_CLAUSE_SIZE_MAX])
{
	(void)text;
	for (size_t i = 0; i < TROUBLES; i++)
		if (troubles[i].error == -error && troubles[i].clause != NULL) {
			(void)snprintf(clause, SOURCE_CLAUSE_SIZE_MAX, "%s",
			    troubles[i].clause);
			return true;
		}
	return false;
}
