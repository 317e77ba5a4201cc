#!/usr/bin/env bats
#
# A worker whose system calls fail while it serves a FIFO.

load faults

@test "a worker with a FIFO" {
	may_attach
	need setpriv
	fail_calls fifo
}
