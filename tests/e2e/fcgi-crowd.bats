#!/usr/bin/env bats
#
# Many subscribers of one sse-fcgi, on its socket, without a web server.

load helper
load fcgi
load crowd

@test "ten thousand subscribers get every line in order" {
	local before i

	start_worker
	before=$(idle_connections)
	crowd 59 --subscribers 10000
	for ((i = 0; i < 20; i++)); do
		write_lines 3
	done
	all_is_well 10000
	wait_until "$DEADLINE" connections_are "$before"
}

resident_kib() {
	awk '/^VmRSS/ { print $2 }' "/proc/$WORKER_PID/status"
}

# What their kernel's side took is gone with them.
@test "a crowd that has left takes its memory with it" {
	local before idle

	if grep -aq __asan_init "$DIR/cgi-bin/sse-fcgi"; then
		skip 'the memory is that of a sanitizer'
	fi
	start_worker
	idle=$(idle_connections)
	crowd 0 --subscribers 10
	write_lines 1
	all_is_well 10
	wait_until "$DEADLINE" connections_are "$idle"
	before=$(resident_kib)
	crowd 1 --subscribers 10000
	(($(resident_kib) > before + 4096))
	write_lines 1
	all_is_well 10000
	wait_until "$DEADLINE" connections_are "$idle"
	wait_until "$DEADLINE" resident_is_at_most $((before + 1024))
}

resident_is_at_most() {
	(($(resident_kib) <= $1))
}

@test "frames of 8 to 40 KB in random small reads" {
	local i

	start_worker
	crowd 39 --subscribers 100 --pieces
	for ((i = 0; i < 40; i++)); do
		write_lines 1 $((8000 + i * 800))
	done
	all_is_well 100
}

@test "stalled ones are closed, and the others notice nothing" {
	local before

	configure backlog=64K record-max=4K
	start_worker
	before=$(idle_connections)
	crowd 1999 --subscribers 400 --stalled 100
	write_lines 2000 100
	all_is_well 300
	# The hundred were overrun before the last lines came.
	wait_until "$DEADLINE" grep -q \
		'log: clients closed that were too far behind: ' worker.log
	wait_until "$DEADLINE" connections_are "$before"
}

@test "one that takes nothing for write-timeout is closed" {
	local before

	configure write-timeout=1s
	start_worker
	before=$(idle_connections)
	crowd 499 --subscribers 20 --stalled 10
	write_lines 500 100
	all_is_well 10
	wait_until "$DEADLINE" connections_are "$before"
}

@test "hang-ups, kills and rotations: nothing lost or twice" {
	local i

	configure backlog=64K record-max=1K
	start_worker --readers 4
	crowd 2999 --subscribers 50 --cut
	for ((i = 0; i < 30; i++)); do
		write_lines 100
		case $((i % 10)) in
		3)
			[ ! -e "$LOG.1" ] || mv "$LOG.1" "$LOG.2"
			mv "$LOG" "$LOG.1"
			;;
		7)
			kill_worker
			start_worker --readers 4
			;;
		esac
		read -rt 0.05 -u "$NEVER" || true
	done
	all_is_well 50
	run tail -n 1 crowd.out
	assert_output --partial ' gaps 0 '
}

@test "more clients than descriptors: who is too many waits or is turned away" {
	local before

	# 50 are for the rest: that leaves 30 clients, and 11 to be turned away.
	start worker bash -c 'ulimit -n 91 && exec "$@"' - \
		"$DIR/cgi-bin/sse-fcgi" --listen "unix:$DIR/sse.sock,mode=0666" \
		--log "$DIR/worker.log" --readers 1 -f "$DIR/sse.conf"
	# shellcheck disable=SC2034 # by connections
	WORKER_PID=$PID
	wait_until "$DEADLINE" test -S sse.sock
	before=$(idle_connections)
	start first "$CROWD" --subscribers 30 "$DIR/sse.sock" log 9
	wait_until "$DEADLINE" grep -qx ready first.out
	# They come and are turned away, again and again.
	start second "$CROWD" --subscribers 200 --seconds 3 "$DIR/sse.sock" log 9
	SECOND=$PID
	wait_until "$DEADLINE" gone "$SECOND"
	write_lines 10
	wait_until "$DEADLINE" grep -q 'subscribers 30 complete 30 .* lost 0' \
		first.out
	wait_until "$DEADLINE" connections_are "$before"
	crowd 9 --subscribers 20
	all_is_well 20
}

@test "the crowd finds what is lost and what comes twice" {
	write_lines 3
	start_worker
	run timeout 20 "$CROWD" --seconds 2 "$DIR/sse.sock" log 2
	assert_success
	printf 'line 2 again\n' >>"$LOG"
	write_lines 1
	run timeout 20 "$CROWD" --seconds 2 "$DIR/sse.sock" log 3
	assert_failure 1
	assert_output --partial ' lost 0 repeated 1 '
	next_line_is 6
	write_lines 1
	run timeout 20 "$CROWD" --seconds 2 "$DIR/sse.sock" log 6
	assert_failure 1
	assert_output --partial ' lost 2 repeated 1 '
}
