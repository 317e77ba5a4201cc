#!/usr/bin/env bats
#
# Sources that are not a log: standard input, FIFOs, and what cannot be one.

load helper
load program

@test "standard input is streamed to its end" {
	printf 'one\ntwo\nhalf' >input
	answer -- - <input
	assert_success
	printf '%s\n\n' "$output" >answer.out
	run messages answer.out
	assert_output $'one\ntwo\nhalf'
}

@test "a FIFO is streamed, from one writer after the other" {
	mkfifo -m 666 fifo
	stream client -- "$DIR/fifo"
	wait_until "$DEADLINE" grep -q '^id: ' client.out
	printf 'one\n' >fifo
	wait_until "$DEADLINE" has client.out one
	printf 'two\n' >fifo
	wait_until "$DEADLINE" has client.out two
}

@test "a FIFO that comes after its client is streamed" {
	stream client -- "$DIR/fifo"
	wait_until "$DEADLINE" grep -q '^id: ' client.out
	mkfifo -m 666 fifo
	# The first writer waits for its reader.
	timeout "$DEADLINE" sh -c 'echo one >fifo'
	wait_until "$DEADLINE" has client.out one
	timeout "$DEADLINE" sh -c 'echo two >fifo'
	wait_until "$DEADLINE" has client.out two
	run messages client.out
	assert_output $'one\ntwo'
	run gaps client.out
	assert_output ''
	run cat client.err
	assert_output ''
	# It has the lock as one that was there before.
	answer -- "$DIR/fifo"
	assert_line --regexp '^Retry-After: [234][0-9]'
}

# comments_are FILE COUNT: at least so many in all, heartbeats among them.
comments_are() {
	[ "$(grep -c '^:' "$1")" -ge "$2" ]
}

@test "a FIFO in place of a log is told once, and the log goes on" {
	stream client -- --heartbeat=100ms "$LOG"
	wait_until "$DEADLINE" has client.out 'line 2'
	mv "$LOG" "$LOG.1"
	mkfifo -m 666 "$LOG"
	wait_until "$DEADLINE" grep -q "$LOG: Neither" client.err
	# A line that comes late is another reason to look.
	echo 'line 3' >>"$LOG.1"
	wait_until "$DEADLINE" has client.out 'line 3'
	wait_until "$DEADLINE" comments_are client.out \
		$(($(grep -c '^:' client.out) + 5))
	run cat client.err
	assert_equal "${#lines[@]}" 1
	rm "$LOG"
	append 'line 4'
	wait_until "$DEADLINE" has client.out 'line 4'
}

# Hundredths of a second that a process has computed.
computed() {
	awk '{ print $14 + $15 }' "/proc/$1/stat"
}

@test "a FIFO that may only be read: writers come and go, one client" {
	local i before

	[ "$(id -u)" = 0 ] || skip "only root can write where it may not"
	mkfifo -m 444 fifo
	stream client -- --heartbeat=100ms "$DIR/fifo"
	wait_until "$DEADLINE" grep -q '^id: ' client.out
	for i in 1 2 3; do
		echo "writer $i" >fifo
		wait_until "$DEADLINE" has client.out "writer $i"
		answer -- "$DIR/fifo"
		assert_line --index 0 --regexp '^Content-Type: text/event-stream'
		assert_line --regexp '^Retry-After: [234][0-9]'
	done
	run messages client.out
	assert_output $'writer 1\nwriter 2\nwriter 3'
	# At its end it waits, and does not turn.
	before=$(computed "$PID")
	wait_until "$DEADLINE" comments_are client.out \
		$(($(grep -c '^:' client.out) + 10))
	(($(computed "$PID") - before < 20))
}

@test "a directory, a device, what leads through a file: 500, the reason logged" {
	local path

	mkdir folder
	for path in "$DIR/folder" /dev/null /dev/zero "$LOG/x"; do
		answer -- s="$path"
		[[ $stderr == *"$path"* ]] || fail "not logged: $stderr"
		assert_equal "${#stderr_lines[@]}" 1
		status_and_line 500
	done
}
