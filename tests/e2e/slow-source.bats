#!/usr/bin/env bats
#
# A source that takes its time, behind nginx: sse-fcgi with one kind of source
# more, which does what the test writes to it (tests/unit/slow_source.h).
# shellcheck disable=SC2154 # helper.bash sets what is not set here

load helper
load fcgi

# Two FIFOs with commands: for the worker's source, and for a reader's own.
prepare() {
	need curl nginx
	[ -x "$builddir/tests/tools/sse-fcgi-slow" ] ||
		skip 'sse-fcgi-slow is not built'
	cp "$builddir/tests/tools/sse-fcgi-slow" "$DIR/cgi-bin/sse-fcgi"
	mkfifo -m 666 slow.leader slow.reader
	exec {leader}<>slow.leader {reader}<>slow.reader
	printf '%s\n' 'heartbeat = 500ms' '[slow]' "source = test:$DIR/slow" \
		>sse.conf
	start_worker
	start_server fcgi-nginx
}

# got NAME TEXT: the line is in its answer.
got() {
	grep -qx -e "$2" "$1.out"
}

# has NAME N TEXT: so many such lines are.
has() {
	[ "$(grep -cx -e "$3" "$1.out")" -ge "$2" ]
}

# No reader has the FIFO with its commands open: only what the worker got from
# the shell is.
no_reader() {
	[ "$(find "/proc/$WORKER_PID/fd" -lname "$DIR/slow.reader" | wc -l)" -eq 1 ]
}

id_of() {
	sed -n 's/^id: //p' "$1.out" | tail -n 1
}

@test "a client waits with head and heartbeats, and has its id later" {
	stream first slow
	wait_until "$DEADLINE" has first 2 ':'
	run -0 grep -c '^retry: ' first.out
	run ! grep '^id: ' first.out
	# An answer in pieces.
	printf .. >&"$leader"
	printf s >&"$leader"
	wait_until "$DEADLINE" grep -q '^id: ' first.out
	printf ..r. >&"$leader"
	wait_until "$DEADLINE" got first 'data: 1'
	stream second slow
	wait_until "$DEADLINE" grep -q '^id: ' second.out
	[ "$(id_of second)" = "$(id_of first)" ]
	printf r >&"$leader"
	wait_until "$DEADLINE" got first 'data: 2'
	wait_until "$DEADLINE" got second 'data: 2'
}

@test "a source that fails is told of, and comes back" {
	stream first slow
	wait_until "$DEADLINE" has first 1 ':'
	printf e >&"$leader"
	wait_until "$DEADLINE" \
		got first ': waiting for the log: it cannot be read'
	printf sr >&"$leader"
	wait_until "$DEADLINE" got first 'data: 1'
	printf e >&"$leader"
	wait_until "$DEADLINE" grep -q 'Connection reset' worker.log
	printf r >&"$leader"
	wait_until "$DEADLINE" got first 'data: 2'
}

@test "a client comes back with an id: from a reader to all the others" {
	local id

	stream first slow
	printf sr >&"$leader"
	wait_until "$DEADLINE" got first 'data: 1'
	id=$(id_of first)
	kill_worker
	start_worker
	stream second slow -H "Last-Event-ID: $id"
	wait_until "$DEADLINE" grep -q '^retry: ' second.out
	run ! grep '^id: ' second.out
	printf .s >&"$reader"
	wait_until "$DEADLINE" got second "id: $id"
	printf r. >&"$reader"
	printf r >&"$reader"
	wait_until "$DEADLINE" got second 'data: 3'
	printf srrr >&"$leader"
	# It is where the others are, and needs no source of its own.
	wait_until "$DEADLINE" no_reader
	printf r >&"$leader"
	wait_until "$DEADLINE" got second 'data: 4'
	[ "$(grep -c '^data: ' second.out)" -eq 3 ]
	run ! grep '^event: gap' second.out
}

@test "a client begins at a time, and one with another's id has a gap" {
	stream first 'slow?since=1700000000'
	wait_until "$DEADLINE" grep -q '^retry: ' first.out
	printf sr >&"$reader"
	wait_until "$DEADLINE" got first 'data: 1700000000'
	run ! grep '^event: gap' first.out
	stop_all
	start_worker
	start_server fcgi-nginx
	stream second slow -H 'Last-Event-ID: another'
	wait_until "$DEADLINE" grep -q '^retry: ' second.out
	printf sr >&"$reader"
	wait_until "$DEADLINE" got second 'event: gap'
	wait_until "$DEADLINE" got second 'data: 1'
	grep -q '"reason":"unknown","skipped":null,"unit":"records"' second.out
}
