#!/usr/bin/env bats
#
# The records of FastCGI as they may come, whole and in pieces, right and wrong,
# on the socket of a worker with some ordinary subscribers.  Those notice
# nothing, and afterwards the worker is as it was before.

load helper
load fcgi
load crowd

prepare_cases() {
	# What is freed is to be seen in the size of the process.
	export ASAN_OPTIONS=quarantine_size_mb=1
	echo 'line 0' >"$LOG"
	next_line_is 1
	start_worker
	BEFORE=$(idle_connections)
	crowd 9 --subscribers 3
}

# prepare_worker [OPTION]...: without subscribers.
prepare_worker() {
	echo 'line 0' >"$LOG"
	start_worker "$@"
}

# cases GROUP...
cases() {
	need node
	run "$srcdir/tests/tools/fcgi-cases" --log "$LOG" --pid "$WORKER_PID" \
		"$DIR/sse.sock" log "$@"
	assert_success
}

# The subscribers got all, and their connections were all that was left.
others_are_well() {
	wait_until "$DEADLINE" connections_are $((BEFORE + 3))
	write_lines 9
	all_is_well 3
	wait_until "$DEADLINE" connections_are "$BEFORE"
	[ ! -s "$DIR/worker.err" ]
}

resident_kib() {
	awk '/^VmRSS:/ { print $2 }' "/proc/$WORKER_PID/status"
}

@test "framing: pieces, padding, versions, random bytes" {
	prepare_cases
	cases framing
	others_are_well
}

@test "BEGIN_REQUEST: lengths, ids, roles, flags, a second one, silence" {
	prepare_cases
	cases begin
	others_are_well
}

@test "PARAMS: lengths, limits, odd names" {
	prepare_cases
	cases params
	others_are_well
}

@test "management records, and those of other requests" {
	prepare_cases
	cases management ids
	others_are_well
}

@test "STDIN and DATA" {
	prepare_cases
	cases stdin
	others_are_well
}

@test "ABORT_REQUEST" {
	prepare_cases
	cases abort
	others_are_well
}

@test "KEEP_CONN, and closing at any time" {
	prepare_cases
	cases keep close
	others_are_well
}

@test "over TCP, with resets" {
	local port

	need node
	export ASAN_OPTIONS=quarantine_size_mb=1
	echo 'line 0' >"$LOG"
	port=$(free_port)
	start worker "$DIR/cgi-bin/sse-fcgi" --listen "tcp:127.0.0.1:$port" \
		--log "$DIR/worker.log" -f "$DIR/sse.conf"
	WORKER_PID=$PID
	wait_until "$DEADLINE" tcp_answers "$port"
	BEFORE=$(idle_connections)
	run "$srcdir/tests/tools/fcgi-cases" "$port" log framing params \
		management ids stdin abort keep close
	assert_success
	wait_until "$DEADLINE" connections_are "$BEFORE"
	[ ! -s "$DIR/worker.err" ]
}

tcp_answers() {
	(: >"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# The bytes of records are controls, which are kept here.
@test "a frame is one record" {
	configure record-max=256K ansi=keep
	echo 'line 0' >"$LOG"
	start_worker
	cases output
}

@test "SIGTERM in the middle of a record" {
	configure record-max=256K
	echo 'line 0' >"$LOG"
	start_worker
	cases stop
	wait_until "$DEADLINE" gone "$WORKER_PID"
}

# Those of max-clients and of 32 more, who are turned away.
@test "all places are taken by those who say nothing" {
	prepare_worker --max-clients 20
	cases places --places 52
}

@test "all memory is taken by requests that do not end" {
	prepare_worker
	cases memory
}

@test "all of them again and again: the memory comes back" {
	local all=(framing params management ids stdin abort keep close) first

	prepare_cases
	cases "${all[@]}"
	first=$(resident_kib)
	cases "${all[@]}"
	cases "${all[@]}"
	echo "# resident: $first KiB, then $(resident_kib) KiB" >&3
	(($(resident_kib) - first < 2048))
	others_are_well
}
