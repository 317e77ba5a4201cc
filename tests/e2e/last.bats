#!/usr/bin/env bats
#
# ?last=N, in both programs: the newest records, over generations, and then
# live.

load helper
load fcgi
load both

prepare() {
	seq 1 40 >"$LOG.2"
	seq 41 97 >"$LOG.1"
	seq 98 100 >"$LOG"
	printf '%s\n' 'heartbeat = 300ms' 'rotate-wait = 100ms' '[log]' \
		"source = $LOG" >sse.conf
}

# begins_with N NAME: NAME.out has the records from N on, up to 101, live.
begins_with() {
	local first=$1 name=$2

	wait_until "$DEADLINE" grep -q '^retry: ' "$name.out"
	[ "$first" -gt 100 ] || wait_until "$DEADLINE" has "$name.out" 100
	echo 101 >>"$LOG"
	wait_until "$DEADLINE" has "$name.out" 101
	run messages "$name.out"
	assert_output "$(seq "$first" 101)"
	sed -i '/^101$/d' "$LOG"
}

@test "last=N: so many records, of older generations too" {
	local row which

	for row in 0:101 1:100 3:98 4:97 007:94 60:41 61:40 99:2 1000:1 \
		99999999999999999999:1; do
		for which in "${PROGRAMS[@]}"; do
			stop_both
			prepare
			stream_from "$which" answer '' "last=${row%:*}"
			begins_with "${row#*:}" answer
			run gaps answer.out
			assert_output ''
		done
	done
}

@test "last=N: what is no number is told, and begins as from says" {
	local which last

	echo 'from = -2' >>sse.conf
	for last in -10 +10 10K all; do
		for which in "${PROGRAMS[@]}"; do
			stop_both
			stream_from "$which" answer '' "last=$last"
			wait_until "$DEADLINE" has answer.out 100
			run messages answer.out
			assert_output $'99\n100'
			run grep -B 2 -A 1 '^event: gap' answer.out
			assert_line --partial '"reason":"unknown"'
			assert_line ': last is not a number of records like 100'
		done
	done
}

@test "last=N: an id goes before it, and so does a time" {
	local id which

	# Each line is a time, too.
	rm "$LOG.1" "$LOG.2"
	seq 1000000001 1000000100 >"$LOG"
	echo 'time-format = %s' >>sse.conf
	stream_from sse-cgi answer '' last=5
	wait_until "$DEADLINE" has answer.out 1000000100
	id=$(grep '^id: ' answer.out | sed -n 's/^id: //;3p')
	for which in "${PROGRAMS[@]}"; do
		stop_both
		stream_from "$which" answer "$id" last=50
		wait_until "$DEADLINE" has answer.out 1000000100
		run messages answer.out
		assert_output "$(seq 1000000098 1000000100)"
		stop_both
		stream_from "$which" answer '' \
			'last=1&since=2001-09-09T01:48:15Z'
		wait_until "$DEADLINE" has answer.out 1000000100
		run messages answer.out
		assert_output "$(seq 1000000095 1000000100)"
	done
}

@test "last=N: at most replay" {
	local which

	printf 'replay = 10\n' >>sse.conf
	for which in "${PROGRAMS[@]}"; do
		stop_both
		stream_from "$which" answer '' last=50
		wait_until "$DEADLINE" has answer.out 100
		run messages answer.out
		assert_output "$(seq 98 100)"
	done
}

@test "last=N: a worker that has others counts the same" {
	local row

	echo 'from = -20' >>sse.conf
	stream_from sse-fcgi first
	wait_until "$DEADLINE" has first.out 100
	for row in 0:101 5:96 20:81 60:41; do
		stream_from sse-fcgi "$row" '' "last=${row%:*}"
		begins_with "${row#*:}" "$row"
		stop_both
		prepare
		echo 'from = -20' >>sse.conf
		stream_from sse-fcgi first
		wait_until "$DEADLINE" has first.out 100
	done
}

@test "last=N, and from: at most replay of what a worker has" {
	local row which

	printf '%s\n' 'from = -1000' 'replay = 200' >>sse.conf
	stream_from sse-fcgi first
	wait_until "$DEADLINE" has first.out 100
	seq 101 150 >>"$LOG"
	wait_until "$DEADLINE" has first.out 150
	for row in :101 last=40:111 last=60:101; do
		for which in "${PROGRAMS[@]}"; do
			stream_from "$which" "$which" '' "${row%:*}"
			wait_until "$DEADLINE" has "$which.out" 150
			run messages "$which.out"
			assert_output "$(seq "${row#*:}" 150)"
		done
	done
}

@test "last=N: a worker counts what it does not send, too" {
	local which

	printf '%s\n' 'from = -20' 'exclude = [02468]$' >>sse.conf
	stream_from sse-fcgi first
	wait_until "$DEADLINE" has first.out 99
	seq 101 120 >>"$LOG"
	wait_until "$DEADLINE" has first.out 119
	for which in "${PROGRAMS[@]}"; do
		stream_from "$which" "$which" '' last=6
		wait_until "$DEADLINE" has "$which.out" 119
		run messages "$which.out"
		assert_output $'115\n117\n119'
	done
}

@test "last=N of a FIFO: what the worker still has" {
	mkfifo -m 666 fifo
	sed -i "s,^source = .*,source = $DIR/fifo," sse.conf
	stream_from sse-fcgi first
	wait_until "$DEADLINE" grep -q '^retry: ' first.out
	seq 1 20 >fifo
	wait_until "$DEADLINE" has first.out 20
	stream_from sse-fcgi second '' last=3
	wait_until "$DEADLINE" has second.out 20
	run messages second.out
	assert_output "$(seq 18 20)"
	stream_from sse-fcgi third '' last=50
	wait_until "$DEADLINE" has third.out 20
	run messages third.out
	assert_output "$(seq 1 20)"
}
