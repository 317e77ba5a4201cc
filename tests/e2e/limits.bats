#!/usr/bin/env bats
#
# LIMITS of the manual pages, of what only the running programs show.  The other
# rows are measured by unit tests, and in fcgi-cases.bats and hostile.bats.

load helper
load fcgi
load both

prepare() {
	cp "$builddir/fcgi/sse-fcgi" cgi-bin/sse-fcgi
	printf '%s\n' 'from = start' 'rotate-wait = 100ms' '[log]' \
		"source = $LOG" >sse.conf
	: >"$LOG"
}

# memory_kib PID: the most that the process has had.
memory_kib() {
	awk '/^VmHWM/ { print $2 }' "/proc/$1/status"
}

# Sanitizers need memory of their own.
need_its_own_memory() {
	if grep -aq __asan_init "$PROGRAM"; then
		skip 'the memory is that of a sanitizer'
	fi
}

# clients COUNT TAKE [OPTION]...: as tests/tools/fcgi-slow has them, with ID.
clients() {
	local count=$1 take=$2

	shift 2
	start clients "$srcdir/tests/tools/fcgi-slow" "$@" "$DIR/sse.sock" log \
		"$count" "$take" ${ID:+"$ID"}
	wait_until "$DEADLINE" grep -qx ready clients.out
}

connected() {
	[ "$(connections)" -ge "$1" ]
}

# ---------------------------------------------------------------- sse-cgi --

@test "the body of a request is taken up to 64 KiB, and waited for a second" {
	head -c 200000 /dev/zero >body
	exec 5<body
	run -0 "${CGI[@]}" REQUEST_METHOD=POST CONTENT_LENGTH=200000 \
		"$PROGRAM" "$LOG" <&5
	assert_line --partial 'Status: 405'
	assert_equal "$(wc -c <&5)" $((200000 - 65536))
	exec 5<&-
	mkfifo never
	exec 5<>never
	run -0 timeout "$DEADLINE" "${CGI[@]}" REQUEST_METHOD=POST \
		CONTENT_LENGTH=10 "$PROGRAM" "$LOG" <&5
	assert_line --partial 'Status: 405'
	exec 5<&-
}

# The log and older files of it that the process has open.
open_logs() {
	find "/proc/$1/fd" -lname "$LOG*" | wc -l
}

@test "eight older files of the log are kept open" {
	local i

	stream_from sse-cgi live
	for ((i = 0; i < 12; i++)); do
		append "line $i"
		wait_until "$DEADLINE" has live.out "line $i"
		mv "$LOG" "$LOG-202611$((10 + i))"
	done
	append 'line 12'
	wait_until "$DEADLINE" has live.out 'line 12'
	run gaps live.out
	assert_output ''
	assert_equal "$(open_logs "$PID")" 9
}

@test "a client that takes nothing costs 7 record-max + 113K" {
	local before

	need_its_own_memory
	stream_from sse-cgi reads
	append first
	wait_until "$DEADLINE" has reads.out first
	before=$(memory_kib "$PID")
	# Of which each byte becomes three.
	for _ in 1 2 3 4; do
		head -c 262000 /dev/zero | tr '\0' '\377' >>"$LOG"
		echo >>"$LOG"
	done
	mkfifo -m 666 nobody
	exec 5<>nobody
	start stalled bash -c 'exec "$@" >nobody' - "${CGI[@]}" "$PROGRAM" \
		-f sse.conf
	wait_until "$DEADLINE" waits_with "$PID" $((before + 700))
	echo "# $(($(memory_kib "$PID") - before)) KiB" >&3
	# Two processes differ by some pages.
	[ $(($(memory_kib "$PID") - before)) -lt $((7 * 256 + 113 + 256)) ]
	exec 5<&-
}

# waits_with PID KIB: it has had so much memory, for a frame, and sleeps.
waits_with() {
	[ "$(memory_kib "$1")" -gt "$2" ] && grep -q '^State:.S' "/proc/$1/status"
}

# --------------------------------------------------------------- sse-fcgi --

@test "unfinished requests have 32 MiB, and one that is whole is served" {
	need node
	append first
	start_worker
	clients 700 0 --params=62000
	stream_from sse-fcgi honest
	wait_until "$DEADLINE" has honest.out first
	# For each of which there are 64 KiB of memory.
	wait_until "$DEADLINE" at_most_connected $(((32 << 20) / 65536 + 1))
}

at_most_connected() {
	# And those that the worker listens on and logs with.
	[ "$(connections)" -le $(($1 + 2)) ]
}

@test "connections that say nothing make room for one that does" {
	need node
	append first
	start_worker --max-clients=50
	clients 200 0 --params=0 --again
	stream_from sse-fcgi honest
	wait_until "$DEADLINE" has honest.out first
	at_most_connected $((50 + 32 + 1))
}

# resident_kib PID: the memory that it has now.
resident_kib() {
	awk '/^VmRSS/ { print $2 }' "/proc/$1/status"
}

@test "a client that has everything costs 1 KiB at most" {
	local before more

	need node
	need_its_own_memory
	append first
	start_worker --quiet
	# What so many need at once while they ask stays.
	clients 3000 all
	wait_until "$DEADLINE" connected 3000
	before=$(resident_kib "$WORKER_PID")
	clients 3000 all
	wait_until "$DEADLINE" connected 6000
	stream_from sse-fcgi newest
	wait_until "$DEADLINE" has newest.out first
	more=$(($(resident_kib "$WORKER_PID") - before))
	echo "# $more KiB for 3000" >&3
	[ "$more" -le 3000 ]
}

@test "4096 connections wait" {
	need strace
	ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" \
		start traced strace -f -o trace.out -e trace=listen \
		cgi-bin/sse-fcgi --listen "unix:$DIR/sse.sock" -f sse.conf
	wait_until "$DEADLINE" grep -q 'listen(.*, 4096) *= 0' trace.out
}

# in_queue COUNT: connections that the worker has not accepted.
in_queue() {
	[ "$(grep -c "$DIR/sse.sock" /proc/net/unix)" -gt "$1" ]
}

# They are all there when the worker looks.
@test "8 status pages are written at the same time" {
	local i page

	need node
	start_worker --status status
	# It is bound before it listens.
	wait_until "$DEADLINE" is_ready
	kill -STOP "$WORKER_PID"
	for ((i = 0; i < 12; i++)); do
		start "page$i" "$srcdir/tests/tools/fcgi-get" --set \
			"$DIR/sse.sock" status
	done
	wait_until "$DEADLINE" in_queue 12
	kill -CONT "$WORKER_PID"
	for ((i = 0; i < 12; i++)); do
		wait_until "$DEADLINE" grep -Eq '}}}$|come back' "page$i.out"
	done
	run -0 grep -l '^Status: 503' page*.out
	for page in "${lines[@]}"; do
		grep -q '^Retry-After: 1' "$page"
	done
	run -0 grep -l '}}}$' page*.out
	[ "${#lines[@]}" -ge 8 ]
}
