# faults.bash - each system call of a program fails, as tests/faults/calls has it.
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
