#!/usr/bin/env bats
#
# A worker whose system calls fail while it serves a journal.

load faults

# A sanitizer maps memory of its own, in the calls that fail.
@test "a worker with a journal" {
	without_sanitizer
	may_attach
	fail_calls journal
}
