#!/usr/bin/env bats
#
# What sse-fcgi reads from, with many subscribers on its socket: FIFOs, its
# standard input, and logs that are read from their start.

load helper
load fcgi
load crowd

# FIFO and standard input: as the stream "log".
from_fifo() {
	mkfifo -m "${FIFO_MODE:-666}" fifo
	printf '%s\n' "$@" '[log]' "source = $DIR/fifo" >sse.conf
	LOG=$DIR/fifo
	start_worker
}

# start_get NAME STREAM [ID]: an answer that does not end, in NAME.out.
start_get() {
	local name=$1

	shift
	# An id may begin with "-".
	start "$name" "$srcdir/tests/tools/fcgi-get" -- "$DIR/sse.sock" "$@"
}

# got NAME N: line N has arrived there.
got() {
	grep -q "^data: line $2 " "$1.out"
}

# answer_of_socket STREAM [ID]: an answer that ends.
answer_of_socket() {
	run "$srcdir/tests/tools/fcgi-get" -- "$DIR/sse.sock" "$@"
	assert_success
}

@test "a FIFO with writers that come and go, and readers too" {
	local i

	from_fifo backlog=256K record-max=4K
	crowd 1999 --subscribers 300 --cut
	for ((i = 0; i < 20; i++)); do
		# Each is a writer of its own: it opens, writes and closes.
		write_lines 100
	done
	all_is_well 300
	run tail -n 1 crowd.out
	assert_output --partial ' gaps 0 '
	refute_output --partial ' cut 0'
}

# Whether the kernel tells the worker of a line: one descriptor is the lock, and
# the other one is read.
fifo_is_watched() {
	find "/proc/$WORKER_PID/fd" -lname "$DIR/fifo" \
		-printf '^tfd: *%f \n' >watched
	grep -q -f watched "/proc/$WORKER_PID/fdinfo"/*
}

beats() {
	grep -c '^:' client.out
}

more_beats() {
	[ "$(beats)" -gt "$1" ]
}

# Without a writer it is opened anew at each look, maybe twice, and then has the
# number that it had.
@test "a FIFO that may only be read is waited for, after many looks" {
	local i

	((EUID == 0)) || skip 'only root can write where it may not'
	FIFO_MODE=444 from_fifo heartbeat=100ms
	start_get client log
	for ((i = 1; i <= 5; i++)); do
		echo "line $i " >fifo
		wait_until "$DEADLINE" got client "$i"
		wait_until "$DEADLINE" more_beats $(($(beats) + i))
		wait_until "$DEADLINE" fifo_is_watched
	done
}

@test "standard input: all get all of it, and then the end" {
	local writer

	mkfifo -m 666 feed
	# shellcheck disable=SC2016 # of that shell
	start worker bash -c '
		exec "$0" --listen "unix:$1,mode=0666" --log "$2" log=- <feed' \
		"$DIR/cgi-bin/sse-fcgi" "$DIR/sse.sock" "$DIR/worker.log"
	# shellcheck disable=SC2034 # by connections
	WORKER_PID=$PID
	# It has a writer until that one is killed.
	start writer bash -c 'exec tail -f /dev/null >feed'
	writer=$PID
	wait_until "$DEADLINE" test -S sse.sock
	LOG=$DIR/feed
	crowd 499 --subscribers 300
	write_lines 500
	all_is_well 300
	# Who comes late gets what is kept, and both see the end.
	start_get late log
	wait_until "$DEADLINE" got late 499
	kill -KILL "$writer"
	wait_until "$DEADLINE" grep -q '^event: end' late.out
	run tail -n 5 late.out
	assert_line 'event: end'
	assert_line 'id: end'
	answer_of_socket log
	assert_line 'event: end'
	answer_of_socket log end
	assert_line --index 0 'Status: 204 No Content'
}

@test "what is out of the backlog of a FIFO is a gap, and said" {
	local i id

	from_fifo backlog=64K record-max=4K
	start_get first log
	wait_until "$DEADLINE" grep -q '^retry: ' first.out
	write_lines 1
	wait_until "$DEADLINE" got first 0
	id=$(sed -n 's/^id: //p' first.out | tail -n 1)
	# Three backlogs, of which no part is larger than one: who reads along
	# loses nothing, however slow it is.
	for ((i = 200; i <= 2000; i += 200)); do
		write_lines 200 100
		wait_until "$DEADLINE" got first "$i"
	done
	start_get second log "$id"
	wait_until "$DEADLINE" got second 2000
	run grep -A 2 '^event: gap' second.out
	assert_line --regexp '^data: .*"reason":"overrun"'
	# What is there is the end of it, without a hole.
	run bash -c "sed -n 's/^data: line \([0-9]*\) .*/\1/p' second.out |
		awk 'NR > 1 && \$1 != last + 1 { print last, \$1 }
			{ last = \$1 }'"
	assert_output ''
}

@test "one reader at once: the others wait, and all get all" {
	configure from=start record-max=1K backlog=64K
	write_lines 5000 100
	start_worker --readers 1
	crowd 5009 --subscribers 50
	write_lines 10
	all_is_well 50
	run tail -n 1 crowd.out
	assert_output --partial ' gaps 0 '
	assert_output --partial ' ended 0 '
}

@test "stream-clients: one too many is asked to come back, the others stay" {
	local i

	printf '%s\n' '[log]' "source = $LOG" 'stream-clients = 2' \
		'[other]' "source = $LOG" >sse.conf
	write_lines 1
	start_worker
	for i in 1 2; do
		start_get "client$i" log
		wait_until "$DEADLINE" got "client$i" 0
	done
	answer_of_socket log
	assert_line --regexp '^retry: [23][0-9]{4}$'
	refute_output --partial 'line 0'
	start_get other other
	wait_until "$DEADLINE" got other 0
	# One goes: there is room.
	kill -KILL -- "-$PID"
	write_lines 1
	for i in 1 2; do
		wait_until "$DEADLINE" got "client$i" 1
	done
}

@test "without the standard descriptors nothing is written to a client" {
	write_lines 1
	start worker bash -c 'exec "$@" 0<&- 1>&- 2>&-' - \
		"$DIR/cgi-bin/sse-fcgi" --listen "unix:$DIR/sse.sock,mode=0666" \
		--log "$DIR/worker.log" "log=$LOG" "closed=$DIR"
	wait_until "$DEADLINE" test -S sse.sock
	start_get client log
	wait_until "$DEADLINE" got client 0
	answer_of_socket closed
	assert_line --index 0 'Status: 500 Internal Server Error'
	wait_until "$DEADLINE" grep -q 'closed: .*Neither' worker.log
	write_lines 1
	wait_until "$DEADLINE" got client 1
	run grep -c '^data: ' client.out
	assert_output 2
	refute grep -q Neither client.out
}

# forged ID: asks the stream with it, and gets a gap and its own lines.
forged() {
	start_get forged log "$1"
	wait_until "$DEADLINE" grep -q '^data: own 2$' forged.out
	run gaps forged.out
	assert_output --regexp '^\{"reason":"(unknown|rotated|truncated)"'
	run grep -c 'theirs\|root:' forged.out
	assert_output 0
	kill -KILL -- "-$PID"
}

@test "forged ids: a gap, and never another file's lines" {
	local id theirs own

	printf 'own %s\n' 1 2 >"$LOG"
	printf 'theirs %s\n' 1 2 >other
	printf '%s\n' '[log]' "source = $LOG" '[other]' "source = $DIR/other" \
		>sse.conf
	start_worker
	start_get client other
	wait_until "$DEADLINE" grep -q '^data: theirs 2$' client.out
	theirs=$(last_id client.out)
	start_get client log
	wait_until "$DEADLINE" grep -q '^data: own 2$' client.out
	own=$(last_id client.out)
	for id in "$theirs" "${own%?}" "${own}x" "${own%-*}" "-$own" \
		"${own/-/--}" "${own%%-*}-99999999999999999999-${own##*-}" \
		"${own%%-*}-9223372036854775807-${own##*-}" \
		"${own%%-*}--6-${own##*-}" "${own%%-*}-5-${own##*-}" \
		"zzzzzzzzzzzzzzzz.${own#*.}" 0 -1 . '../other' "$DIR/other" \
		/etc/passwd '%s%n' "$(printf '7%.0s' {1..120})"; do
		forged "$id"
	done
	kill -0 "$WORKER_PID"
}

@test "include: all subscribers get the same, and the position of the rest" {
	local i id

	configure from=start 'include=line [0-9]*7[ ]' heartbeat=300ms
	write_lines 100
	start_worker
	for i in 1 2 3; do
		start_get "client$i" log
	done
	for i in 1 2 3; do
		wait_until "$DEADLINE" got "client$i" 97
		run grep -c '^data: ' "client$i.out"
		assert_output 10
		wait_until "$DEADLINE" is_at_end "client$i"
	done
	# All that comes now is filtered, and their ids go with it.
	write_lines 3
	for i in 1 2 3; do
		wait_until "$DEADLINE" is_at_end "client$i"
	done
	id=$(last_id client1.out)
	kill_worker
	start_worker
	start_get again log "$id"
	write_lines 10
	wait_until "$DEADLINE" got again 107
	run grep -c '^data: ' again.out
	assert_output 1
	refute grep -q '^event: gap' again.out
}

# The last id is behind the whole log.
is_at_end() {
	last_id "$1.out" | grep -q -- "-$(wc -c <"$LOG")-"
}

@test "a log stays a log when a FIFO takes its name" {
	local id

	configure from=start
	write_lines 2000
	start_worker
	start_get first log
	wait_until "$DEADLINE" got first 1999
	id=$(grep '^id: ' first.out | sed -n 's/^id: //;4p')
	mv "$LOG" "$LOG.1"
	mkfifo -m 666 "$LOG"
	start_get second log "$id"
	wait_until "$DEADLINE" got second 1999
	refute grep -q '^event: gap' second.out
	[ "$(grep -c '^data: line ' second.out)" -gt 1990 ]
	wait_until "$DEADLINE" grep -q 'or no longer what it was$' worker.log
	# It goes on, for both, with the next file.
	rm "$LOG"
	echo 'line 2000 after it' >"$LOG"
	wait_until "$DEADLINE" got first 2000
	wait_until "$DEADLINE" got second 2000
}

@test "a FIFO stays a FIFO when a file takes its name" {
	local id

	from_fifo from=start
	start_get first log
	wait_until "$DEADLINE" grep -q '^retry: ' first.out
	exec {fifo}>"$LOG"
	echo 'line 0 of the FIFO' >&"$fifo"
	wait_until "$DEADLINE" got first 0
	id=$(sed -n 's/^id: //p' first.out | tail -n 1)
	rm "$LOG"
	seq -f 'line %g of the file' 100 200 >"$LOG"
	start_get second log "$id"
	start_get third log
	wait_until "$DEADLINE" grep -q '^retry: ' second.out
	echo 'line 1 of the FIFO' >&"$fifo"
	exec {fifo}>&-
	for name in first second third; do
		wait_until "$DEADLINE" got "$name" 1
		refute grep -q 'of the file' "$name.out"
	done
}

@test "a log that is waited for, and is a FIFO: all are served from it" {
	local id second

	configure
	write_lines 1
	mv "$LOG" "$LOG.1"
	write_lines 1
	start_worker
	start_get first log
	wait_until "$DEADLINE" got first 1
	id=$(sed -n 's/^id: //p' first.out | tail -n 1)
	stop_all
	rm "$LOG" "$LOG.1"
	start_worker
	start_get first log
	start_get second log "$id"
	second=$PID
	start_get third log unknown
	for name in first second third; do
		wait_until "$DEADLINE" grep -q '^retry: ' "$name.out"
	done
	mkfifo -m 666 "$LOG"
	echo 'line 0 of the FIFO' >"$LOG"
	wait_until "$DEADLINE" got first 0
	wait_until "$DEADLINE" got third 0
	# It waits for a file, and so has to come back.
	wait_until "$DEADLINE" gone "$second"
	start_get second log "$id"
	wait_until "$DEADLINE" got second 0
	run grep -A 2 '^event: gap' second.out
	assert_line --partial '"reason":"unknown","skipped":null,"unit":"records"'
}

# with_few LIMIT [OPTION]...: a worker that may open so many files.
with_few() {
	local limit=$1

	shift
	# shellcheck disable=SC2016 # of that shell
	start worker bash -c 'ulimit -n "$1" && exec "${@:2}"' - "$limit" \
		"$DIR/cgi-bin/sse-fcgi" --listen "unix:$DIR/sse.sock,mode=0666" \
		--log "$DIR/worker.log" "$@" -f "$DIR/sse.conf"
	WORKER_PID=$PID
}

# read_hundred NAME...: a hundred streams, of which these are read.
read_hundred() {
	local i

	for ((i = 1; i <= 100; i++)); do
		echo 'line 0 ' >"log.$i"
		printf '%s\n' "[s$i]" "source = $DIR/log.$i" >>sse.conf
	done
	start_worker
	for i; do
		start_get "s$i" "s$i"
		wait_until "$DEADLINE" got "s$i" 0
	done
}

instances() {
	find "/proc/$WORKER_PID/fd" -lname '*inotify*' | wc -l
}

@test "however many logs are read, there are two inotify instances" {
	local i j

	read_hundred 1 2 50 99 100
	assert_equal "$(instances)" 2
	for ((j = 1; j <= 20; j++)); do
		for i in 100 50 2 99 1; do
			echo "line $j " >>"log.$i"
		done
	done
	for i in 1 2 50 99 100; do
		wait_until "$DEADLINE" got "s$i" 20
		mv "log.$i" "log.$i.1"
		echo 'line 21 ' >"log.$i"
	done
	for i in 1 2 50 99 100; do
		wait_until "$DEADLINE" got "s$i" 21
		run bash -c "grep -c '^data: line' s$i.out"
		assert_output 22
	done
	assert_equal "$(instances)" 2
}

@test "files that come and go without end beside a hundred logs stop nobody" {
	local i j

	need python3
	read_hundred 1 50 100
	start flood python3 -c '
import os, sys
count = 0
while True:
    for name in "s.%d" % (count % 50), "log.50.x%d" % (count % 50):
        os.close(os.open(name, os.O_CREAT | os.O_WRONLY, 0o600))
        os.unlink(name)
    count += 1'
	for ((j = 1; j <= 10; j++)); do
		for i in 1 50 100; do
			echo "line $j " >>"log.$i"
			wait_until "$DEADLINE" got "s$i" "$j"
		done
	done
	for i in 1 50 100; do
		mv "log.$i" "log.$i.1"
		echo 'line 11 ' >"log.$i"
		wait_until "$DEADLINE" got "s$i" 11
		run bash -c "sed -n 's/^data: line \([0-9]*\) .*/\1/p' s$i.out"
		assert_output "$(seq 0 11)"
		run gaps "s$i.out"
		assert_output ''
	done
}

@test "no inotify instance left: the log says so, and lines come" {
	local limit='echo 0 >/proc/sys/user/max_inotify_instances'

	in_namespace "$limit"
	configure from=start
	write_lines 1
	# shellcheck disable=SC2016 # for the shell that is started
	start worker "${NAMESPACE[@]}" sh -c "$limit"' && exec "$@"' sh \
		"$DIR/cgi-bin/sse-fcgi" --listen "unix:$DIR/sse.sock,mode=0666" \
		--log "$DIR/worker.log" -f "$DIR/sse.conf"
	wait_until "$DEADLINE" test -S sse.sock
	start_get one log
	wait_until "$DEADLINE" got one 0
	write_lines 2
	wait_until "$DEADLINE" got one 2
	run cut -d ' ' -f 3- worker.log
	assert_line 'no inotify instance is left: logs are looked at every 250 ms; raise the sysctl fs.inotify.max_user_instances, and start again'
}

@test "few open files: fewer clients, and each resume begins" {
	local i id

	# Sixty older files: a client that was away long reads all of them.
	for ((i = 60; i > 0; i--)); do
		write_lines 20
		mv "$LOG" "$LOG.$i"
	done
	write_lines 1
	printf '%s\n' from=start rotate-wait=100ms '[log]' "source = $LOG" >sse.conf
	run "$PROGRAM" --follow=no --from=start "$LOG.60"
	assert_success
	printf '%s\n' "$output" | tr -d '\r' >oldest.txt
	id=$(decode oldest.txt | sed -n '5s/^[^\t]*\t\([^\t]*\).*/\1/p')
	with_few 70 --status status
	wait_until "$DEADLINE" test -S sse.sock
	# As many as there can be, less two who come back.
	for ((i = 0; i < 10; i++)); do
		start_get "live$i" log
		wait_until "$DEADLINE" got "live$i" 1200
	done
	for i in one two; do
		start_get "$i" log "$id"
	done
	for i in one two; do
		wait_until "$DEADLINE" got "$i" 1200
		assert_equal "$(messages "$i.out" | sed -n 1p | cut -d ' ' -f 2)" 4
		assert_equal "$(messages "$i.out" | wc -l)" 1197
	done
	# One too many is told to come back.
	answer_of_socket log
	assert_output --partial ': there are too many clients'
	run grep -c 'Too many open files' worker.log
	assert_output 0
}

@test "too few open files: it does not start, and a reload changes nothing" {
	local i

	write_lines 1
	printf '%s\n' from=start '[log]' "source = $LOG" >sse.conf
	with_few 57
	wait_until "$DEADLINE" gone "$WORKER_PID"
	assert_equal "$(cut -d ' ' -f 3- worker.log)" \
		'1 client and 1 stream need 58 open files, and the limit is 57; raise LimitNOFILE= of the unit, or ulimit -n, or serve fewer streams'
	rm worker.log
	with_few 58
	wait_until "$DEADLINE" test -S sse.sock
	start_get one log
	wait_until "$DEADLINE" got one 0
	for i in a b c; do
		printf '%s\n' "[$i]" "source = $LOG" >>sse.conf
	done
	kill -HUP "$WORKER_PID"
	wait_until "$DEADLINE" grep -q 'nothing is changed, as the configuration is refused: 1 client and 4 streams need 92 open files, and the limit is 58; ' worker.log
	write_lines 1
	wait_until "$DEADLINE" got one 1
}
