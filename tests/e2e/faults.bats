#!/usr/bin/env bats
#
# Each system call of the programs fails, as tests/faults/calls has it.
# shellcheck disable=SC2154 # srcdir and builddir are of helper.bash

load helper

# fail_calls PROGRAM...
fail_calls() {
	need node strace
	run env TMPDIR="$DIR" SSE_TEST_SECONDS="$DEADLINE" \
		node "$srcdir/tests/faults/faults.js" "$srcdir" "$builddir" "$@"
	assert_success
	assert_line --regexp '^1\.\.[1-9]'
	assert_line --regexp '^ok '
	refute_line --regexp '^(not ok|Bail out)'
}

# It makes calls of its own before main().
without_sanitizer() {
	if grep -aq __asan_init "$PROGRAM"; then
		skip 'a sanitizer does not bear it'
	fi
}

# To a process that it has not started.
may_attach() {
	local scope=/proc/sys/kernel/yama/ptrace_scope

	((EUID == 0)) || [ ! -e "$scope" ] || [ "$(cat "$scope")" = 0 ] ||
		skip 'only root may attach strace here'
}

@test "a run of sse-cgi" {
	without_sanitizer
	fail_calls cgi
}

@test "a start of sse-fcgi" {
	without_sanitizer
	fail_calls start
}

@test "a worker that serves" {
	may_attach
	fail_calls worker
}

@test "a run and a start with a FIFO" {
	without_sanitizer
	need setpriv
	fail_calls cgi-fifo start-fifo
}

@test "a worker with a FIFO" {
	may_attach
	need setpriv
	fail_calls fifo
}

@test "a run and a start with a journal" {
	without_sanitizer
	fail_calls cgi-journal start-journal
}

# A sanitizer maps memory of its own, in the calls that fail.
@test "a worker with a journal" {
	without_sanitizer
	may_attach
	fail_calls journal
}

@test "a worker with a Redis Stream" {
	may_attach
	need redis-cli redis-server
	fail_calls redis
}
