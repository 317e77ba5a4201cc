#!/usr/bin/env bats
#
# A worker whose system calls fail while it serves a Redis Stream.

load faults

@test "a worker with a Redis Stream" {
	may_attach
	need redis-cli redis-server
	fail_calls redis
}
