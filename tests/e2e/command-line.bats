#!/usr/bin/env bats
#
# The command line and the configuration of sse-cgi: what is wrong is said in one
# line.

load helper
load program

@test "--version and --help" {
	run "$PROGRAM" --version
	assert_success
	assert_output --regexp '^ssekit [0-9]+\.[0-9]+\.[0-9]+'
	run "$PROGRAM" -h
	assert_success
	assert_output --partial --heartbeat
	assert_output --partial --rotate-wait
}

@test "--check prints every value and where it came from" {
	cat >sse.conf <<-END
		heartbeat = 20s
		[access]
		source = $LOG
		from = end
	END
	run "$PROGRAM" --check -f sse.conf
	assert_success
	assert_line '[access]'
	assert_line "source = $LOG"
	assert_line 'from = end'
	assert_line --regexp '^heartbeat = 20s?$'
	assert_line --regexp '^; .*sse\.conf:1'
	assert_line --regexp '^; default'
	printf '%s\n' "$output" >again.conf
	run "$PROGRAM" --check -f again.conf
	assert_success
	assert_line 'from = end'
}

@test "wrong use: one line on what is allowed, exit 100" {
	local arguments

	for arguments in --heartbeat=often --heartbeat=0.5s --from=middle \
		--no-such-key=1 --record-max=-1 --format=xml --flush=never \
		--follow=maybe --config=/nonexistent/sse.conf; do
		run --separate-stderr "$PROGRAM" "$arguments" "$LOG"
		assert_equal "$status" 100
		assert_output ''
		assert_equal "${#stderr_lines[@]}" 1
		answer -- "$arguments" "$LOG"
		assert_equal "$status" 100
		status_and_line 500
	done
}

# refused LINE WHAT EXPRESSION: a configuration with the text of WHAT.
refused() {
	printf '%s\n' "$2" >bad.conf
	run --separate-stderr "$PROGRAM" --check -f bad.conf
	assert_equal "$status" 100
	assert_output ''
	assert_equal "${#stderr_lines[@]}" 1
	output=$stderr
	assert_output --regexp "bad\.conf:$1[: ].*$3"
}

@test "a bad configuration: file, line, key and what is allowed" {
	refused 2 "[a]
heartbeet = 1s" heartbeet
	refused 2 "source = $LOG
heartbeat = soon" heartbeat
	refused 3 "source = $LOG
retry = 1s
retry = 2s" retry
	refused 1 "[no/name]
source = $LOG" no/name
	refused 3 "[a]
source = $LOG
[a]
source = $LOG" a
	refused 1 'a line without the sign' '='
	refused 2 "source = $LOG
heartbeat = 1ms" heartbeat
}

@test "standard input has no stream file" {
	refused 2 "[a]
source = -" path
	printf '#!%s -f\nsource = -\n' "$PROGRAM" >bad
	answer -- -f bad <<<line
	assert_equal "$status" 100
	status_and_line 500
	answer -- --source=- <<<line
	assert_success
	assert_line 'data: line'
	answer PATH_INFO=/name -- name=- <<<line
	assert_line 'data: line'
}

@test "on a terminal a file is streamed to the screen" {
	start screen script -qec "$PROGRAM $LOG" typescript
	wait_until "$DEADLINE" grep -q 'data: line 2' screen.out
}
