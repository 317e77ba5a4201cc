#!/usr/bin/env bats
#
# A worker whose system calls fail while it serves a file.

load faults

@test "a worker that serves" {
	may_attach
	fail_calls worker
}
