/*
 * redis_process.h - a Redis server in a folder, that can be killed.
 */
#ifndef REDIS_PROCESS_H
#define REDIS_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

/* Starts one, at redis.sock there; it writes down each command, or none. */
pid_t redis_process_start(const char *folder, bool appends);

/* As kill -9, and waits for its end. */
void redis_process_kill(pid_t process);

#endif
