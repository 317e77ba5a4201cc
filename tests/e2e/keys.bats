#!/usr/bin/env bats
#
# What each key of a stream does, in both programs.  What a bad value of each
# says stands in tests/unit/conf_key_test.c.

load helper
load fcgi
load both

# conf LINE...: the stream log, with these keys.
conf() {
	stop_both
	printf '%s\n' 'heartbeat = 300ms' '[log]' "source = $LOG" "$@" \
		>sse.conf
}

# given LINE...: the whole log.
given() {
	printf '%s\n' "$@" >"$LOG"
}

begun() {
	grep -q '^retry: ' "$1"
}

ends() {
	wait_until "$DEADLINE" gone "$PID"
}

@test "source: the file, or a FIFO" {
	given 'line 1'
	mkfifo -m 666 fifo
	for which in "${PROGRAMS[@]}"; do
		conf
		stream_from "$which" answer
		wait_until "$DEADLINE" has answer.out 'line 1'
		stop_both
		sed -i "s,^source = .*,source = $DIR/fifo," sse.conf
		stream_from "$which" answer
		wait_until "$DEADLINE" begun answer.out
		echo 'from a FIFO' >fifo
		wait_until "$DEADLINE" has answer.out 'from a FIFO'
	done
}

@test "generations: what the log was called before" {
	for which in "${PROGRAMS[@]}"; do
		given 'line 3'
		echo 'line 1' >"$DIR/before.2.log"
		echo 'line 2' >"$DIR/before.1.log"
		conf 'from = -3' 'generations = before.%i.log'
		stream_from "$which" answer
		wait_until "$DEADLINE" has answer.out 'line 3'
		run messages answer.out
		assert_output $'line 1\nline 2\nline 3'
		conf 'from = -3' 'generations = none'
		stream_from "$which" answer
		wait_until "$DEADLINE" has answer.out 'line 3'
		run messages answer.out
		assert_output 'line 3'
	done
}

@test "select: path, query, both, or the web server alone" {
	local select way

	given 'line 1'
	for select in path query server 'query path'; do
		conf "select = $select" 'follow = no'
		for way in PATH_INFO=/log QUERY_STRING=stream=log; do
			start answer "${CGI[@]}" "$way" "$PROGRAM" -f sse.conf
			ends
			case "$select $way" in
			*path*PATH*|*query*QUERY*)
				has answer.out 'line 1'
				;;
			*)
				run head -n 1 answer.out
				assert_output --partial 'Status: 404'
				grep -q '^sse-cgi: log: select: ' answer.err ||
					fail "$(cat answer.err)"
				;;
			esac
		done
		start answer "${CGI[@]}" SSE_STREAM=log "$PROGRAM" -f sse.conf
		ends
		has answer.out 'line 1'
	done
	# The worker tells it once, however many ask so.
	conf 'select = query' 'follow = no'
	start worker "$builddir/fcgi/sse-fcgi" --listen "unix:$DIR/s,mode=0666" \
		-f sse.conf
	wait_until "$DEADLINE" test -S s
	for way in 1 2 3; do
		run "$srcdir/tests/tools/fcgi-get" "$DIR/s" log
		assert_output --partial 'Status: 404'
	done
	assert_equal "$(grep -c '^sse-fcgi: log: select: a path named' worker.err)" 1
}

@test "follow: no ends, and then there is nothing more" {
	given 'line 1'
	for which in "${PROGRAMS[@]}"; do
		conf 'follow = no'
		stream_from "$which" answer
		ends
		run decode answer.out
		assert_line --index 1 --regexp $'^message\t.*\tline 1$'
		assert_line --index 2 $'end\tend\t'
		stream_from "$which" answer end
		ends
		run head -n 1 answer.out
		assert_output --partial 'Status: 204'
	done
}

@test "from: start, end, and so many records" {
	given a b c
	for which in "${PROGRAMS[@]}"; do
		conf 'from = start'
		stream_from "$which" answer
		wait_until "$DEADLINE" has answer.out c
		run messages answer.out
		assert_output $'a\nb\nc'
		conf 'from = -2'
		stream_from "$which" answer
		wait_until "$DEADLINE" has answer.out c
		run messages answer.out
		assert_output $'b\nc'
		conf 'from = end'
		stream_from "$which" answer
		wait_until "$DEADLINE" begun answer.out
		append "$which"
		wait_until "$DEADLINE" has answer.out "$which"
		run messages answer.out
		assert_output "$which"
		given a b c
	done
}

@test "replay: what is older is a gap" {
	local id

	for which in "${PROGRAMS[@]}"; do
		given 'line 1'
		conf 'from = start' 'replay = 14'
		stream_from "$which" answer
		wait_until "$DEADLINE" has answer.out 'line 1'
		id=$(last_id answer.out)
		stop_both
		append 'line 2' 'line 3' 'line 4'
		stream_from "$which" answer "$id"
		wait_until "$DEADLINE" has answer.out 'line 4'
		run messages answer.out
		assert_output $'line 3\nline 4'
		run gaps answer.out
		assert_output '{"reason":"limit","skipped":7,"unit":"bytes"}'
	done
}

@test "format: json and sse" {
	for which in "${PROGRAMS[@]}"; do
		given '{"event":"tick","data":1}'
		conf 'format = json'
		stream_from "$which" answer
		wait_until "$DEADLINE" grep -q '^event: tick' answer.out
		given 'event:tock' 'data:2' ''
		conf 'format = sse'
		stream_from "$which" answer
		wait_until "$DEADLINE" grep -q '^event: tock' answer.out
		grep -qx 'data: 2' answer.out
	done
}

@test "record-start: lines that do not match join the one before" {
	given '= a' ' b' '= c'
	for which in "${PROGRAMS[@]}"; do
		conf 'record-start = ^='
		stream_from "$which" answer
		wait_until "$DEADLINE" has answer.out '= a\n b'
	done
}

@test "record-wait: the last record waits for more" {
	given '= a' ' b'
	for which in "${PROGRAMS[@]}"; do
		conf 'record-start = ^=' 'record-wait = 1h'
		stream_from "$which" answer
		wait_until "$DEADLINE" begun answer.out
		append ' c' '= d'
		wait_until "$DEADLINE" has answer.out '= a\n b\n c'
		run messages answer.out
		refute_line '= d'
		conf 'record-start = ^=' 'record-wait = 10ms'
		stream_from "$which" answer
		wait_until "$DEADLINE" has answer.out '= d'
		given '= a' ' b'
	done
}

@test "record-max: the rest is left out" {
	given "$(head -c 1100 /dev/zero | tr '\0' x)" 'next'
	for which in "${PROGRAMS[@]}"; do
		conf 'record-max = 1K'
		stream_from "$which" answer
		wait_until "$DEADLINE" has answer.out next
		grep -qx ': 76 bytes left out' answer.out
		run messages answer.out
		assert_equal "${#lines[0]}" 1024
	done
}

@test "ansi: strip and keep" {
	given $'\e[31mred\e[0m'
	for which in "${PROGRAMS[@]}"; do
		conf
		stream_from "$which" answer
		wait_until "$DEADLINE" has answer.out red
		conf 'ansi = keep'
		stream_from "$which" answer
		wait_until "$DEADLINE" has answer.out $'\e[31mred\e[0m'
	done
}

@test "include, exclude: what is sent, and the position of the rest" {
	local end

	given 'yes 1' 'no 2' 'yes but no 3' 'yes 4' 'no 5'
	end=$(wc -c <"$LOG")
	for which in "${PROGRAMS[@]}"; do
		conf 'include = ^yes' 'exclude = no'
		stream_from "$which" answer
		wait_until "$DEADLINE" moved_to "$end"
		run messages answer.out
		assert_output $'yes 1\nyes 4'
		conf 'include = ^never'
		stream_from "$which" answer
		wait_until "$DEADLINE" moved_to "$end"
		run messages answer.out
		assert_output ''
	done
}

# The client's position is behind so many bytes.
moved_to() {
	last_id answer.out | grep -q -- "-$1-"
}

@test "time-format: since" {
	given '2026-11-20T10:00:00Z a' '2026-11-20T11:00:00Z b'
	for which in "${PROGRAMS[@]}"; do
		conf 'time-format = %Y-%m-%dT%H:%M:%SZ'
		stream_from "$which" answer '' since=2026-11-20T10:30:00Z
		wait_until "$DEADLINE" has answer.out '2026-11-20T11:00:00Z b'
		run messages answer.out
		refute_output --partial ' a'
	done
}

@test "event: the type of events that bring none" {
	given '{"data":"a"}' '{"event":"own","data":"b"}'
	for which in "${PROGRAMS[@]}"; do
		conf 'event = other' 'format = json'
		stream_from "$which" answer
		wait_until "$DEADLINE" grep -qx 'data: b' answer.out
		run bash -c 'sed -n "s/^event: //p" answer.out'
		assert_output $'other\nown'
	done
}

@test "ids: record and none" {
	given '{"id":"7","data":"a"}' '{"id":"8","data":"b"}'
	for which in "${PROGRAMS[@]}"; do
		conf 'format = json' 'ids = record'
		stream_from "$which" answer 7
		wait_until "$DEADLINE" has answer.out b
		run decode answer.out
		assert_output $'message\t8\tb'
		conf 'format = json' 'ids = none'
		stream_from "$which" answer
		wait_until "$DEADLINE" has answer.out b
		run grep -c '^id:' answer.out
		assert_output 0
	done
}

@test "retry: that long to twice as long" {
	local retry

	given a
	for which in "${PROGRAMS[@]}"; do
		conf 'retry = 7s'
		stream_from "$which" answer
		wait_until "$DEADLINE" begun answer.out
		retry=$(sed -n 's/^retry: //p' answer.out)
		[ "$retry" -ge 7000 ] && [ "$retry" -le 14000 ]
	done
}

@test "heartbeat: a comment in silence" {
	given a
	for which in "${PROGRAMS[@]}"; do
		conf
		stream_from "$which" answer
		wait_until "$DEADLINE" beaten 3
		conf
		sed -i 's/^heartbeat.*/heartbeat = 1h/' sse.conf
		stream_from "$which" answer
		wait_until "$DEADLINE" has answer.out a
		run grep -c '^:$\|^: $' answer.out
		assert_output 0
	done
}

beaten() {
	[ "$(grep -c '^: *$' answer.out)" -ge "$1" ]
}

@test "max-age: the connection ends, without the event end" {
	given a
	for which in "${PROGRAMS[@]}"; do
		conf 'max-age = 500ms'
		stream_from "$which" answer
		ends
		run messages answer.out
		assert_output a
		run grep -c '^event: end' answer.out
		assert_output 0
	done
}

@test "write-timeout: a client that takes nothing is closed" {
	local client

	# More than all sockets and pipes hold.
	head -c 8M /dev/zero | tr '\0' '\n' >"$LOG"
	conf 'from = start' 'write-timeout = 300ms'
	mkfifo -m 666 pipe
	start program "${CGI[@]}" sh -c "exec $PROGRAM -f sse.conf >pipe"
	exec {reader}<pipe
	ends
	exec {reader}<&-
	conf 'from = start' 'write-timeout = 300ms' 'replay = 1G'
	stream_from sse-fcgi answer
	wait_until "$DEADLINE" begun answer.out
	kill -STOP -- "-$PID"
	client=$PID
	wait_until "$DEADLINE" grep -q 'disconnect .* why=stalled ' worker.log
	kill -KILL -- "-$client"
}

@test "rotate-wait: the next file waits until the old one rests" {
	for which in "${PROGRAMS[@]}"; do
		rm -f "$LOG".*
		given a
		conf 'rotate-wait = 1h'
		stream_from "$which" answer
		wait_until "$DEADLINE" has answer.out a
		mv "$LOG" "$LOG.1"
		append next
		echo late >>"$LOG.1"
		wait_until "$DEADLINE" has answer.out late
		wait_until "$DEADLINE" beaten 2
		run messages answer.out
		assert_output $'a\nlate'
		conf 'rotate-wait = 50ms' 'from = end'
		stream_from "$which" answer
		wait_until "$DEADLINE" begun answer.out
		mv "$LOG" "$LOG.0"
		mv "$LOG.1" "$LOG.2"
		mv "$LOG.0" "$LOG.1"
		append new
		wait_until "$DEADLINE" has answer.out new
	done
}

@test "origin, credentials: pages of that site may read it" {
	given a
	for which in "${PROGRAMS[@]}"; do
		conf 'origin = https://app.example' 'credentials = yes'
		# shellcheck disable=SC2034 # of stream_from
		ORIGIN=https://app.example
		stream_from "$which" answer
		wait_until "$DEADLINE" has answer.out a
		run tr -d '\r' <answer.out
		assert_line 'Access-Control-Allow-Origin: https://app.example'
		assert_line 'Access-Control-Allow-Credentials: true'
		assert_line 'Vary: Origin'
		# shellcheck disable=SC2034
		ORIGIN=https://evil.example
		stream_from "$which" answer
		wait_until "$DEADLINE" has answer.out a
		run tr -d '\r' <answer.out
		refute_output --partial Access-Control-Allow-
		assert_line 'Vary: Origin'
	done
}

@test "allow-headers: pages of that site may send them" {
	local origin
	local ask=("$srcdir/tests/tools/fcgi-get" --method=OPTIONS)

	conf 'origin = https://app.example' 'allow-headers = Authorization X-A'
	given a
	cp "$builddir/fcgi/sse-fcgi" cgi-bin/sse-fcgi
	start_worker
	for origin in https://app.example https://evil.example; do
		"${CGI[@]}" REQUEST_METHOD=OPTIONS "HTTP_ORIGIN=$origin" \
			"$PROGRAM" -f sse.conf | tr -d '\r' >cgi.head
		"${ask[@]}" "--origin=$origin" sse.sock log | tr -d '\r' \
			>fcgi.head
		for head in cgi.head fcgi.head; do
			run cat "$head"
			if [ "$origin" = https://evil.example ]; then
				refute_output --partial Access-Control
				continue
			fi
			assert_line \
				'Access-Control-Allow-Headers: Last-Event-ID, Authorization, X-A'
			assert_line 'Access-Control-Max-Age: 600'
		done
	done
}

# burst N: ten lines with one write, and the STDOUT records that they take.
burst() {
	: >answer.err
	seq "$1" "$(($1 + 9))" >>"$LOG"
	wait_until "$DEADLINE" has answer.out "$(($1 + 9))"
	wc -l <answer.err
}

# Who is behind gets more at once in any case: so one burst of fifty counts.
@test "flush, in sse-fcgi: a STDOUT record for each frame, or for all" {
	while read -r flush records; do
		given a
		conf "flush = $flush" 'from = end'
		stream_from sse-fcgi answer '' '' --records
		wait_until "$DEADLINE" begun answer.out
		for ((i = 10; i <= 500; i += 10)); do
			[ "$(burst "$i")" != "$records" ] || break
		done
		[ "$i" -le 500 ] || fail "flush = $flush: never $records records"
	done <<<$'frame 10\nready 1\n20ms 1'
}

# These have tests of their own: sse-fcgi's, those of sources that are no file,
# and the viewer's.
ELSEWHERE='backlog stream-clients field match source-user
source-password-file viewer index'
# This is only how often the journal is looked at.
UNSEEN=journal-poll

@test "each key of a stream has its test" {
	conf
	"$builddir/cgi/sse-cgi" --check -f sse.conf |
		sed -n 's/^\([a-z-]*\) =.*/\1/p' | sort >keys
	{
		sed -n 's/^@test "\([a-z, -]*\)[:,].*/\1/p' \
			"$BATS_TEST_FILENAME" | tr -s ', ' '\n'
		tr -s ' ' '\n' <<<"$ELSEWHERE $UNSEEN"
	} | sort >tested
	run comm -23 keys tested
	assert_output ''
	for key in $ELSEWHERE; do
		grep -qE "$key ?=" "$BATS_TEST_DIRNAME"/{fcgi-*,journal,redis,viewer}.bats ||
			fail "no test has the key $key"
	done
}
