#!/usr/bin/env bats
#
# Records that are more than one line, in both programs: stack traces, and the
# events of an event stream.

load helper
load fcgi
load both

prepare() {
	printf '%s\n' 'heartbeat = 500ms' 'rotate-wait = 100ms' '[log]' \
		"source = $LOG" >sse.conf
}

# The log of a program in Java, with a trace that has a trace.
java_log() {
	cat <<-'END'
		2026-11-20 10:00:00 INFO  started
		2026-11-20 10:00:01 ERROR java.lang.IllegalStateException: no
		    at app.Main.run(Main.java:12)
		    at app.Main.main(Main.java:5)
		Caused by: java.io.IOException: disk

		    ... 2 more
	END
	printf '\e[32m2026-11-20 10:00:02\e[0m INFO  goes on\n'
}

java_messages() {
	cat <<-'END'
		2026-11-20 10:00:00 INFO  started
		2026-11-20 10:00:01 ERROR java.lang.IllegalStateException: no\n    at app.Main.run(Main.java:12)\n    at app.Main.main(Main.java:5)\nCaused by: java.io.IOException: disk\n\n    ... 2 more
		2026-11-20 10:00:02 INFO  goes on
	END
}

traces() {
	local which=$1

	java_log >"$LOG"
	echo 'record-start = ^\d{4}-\d\d-\d\d[ ]' >>sse.conf
	# Nothing follows the last one: it comes after record-wait.
	stream_from "$which" answer
	wait_until "$DEADLINE" has answer.out '2026-11-20 10:00:02 INFO  goes on'
	run messages answer.out
	assert_output "$(java_messages)"
	# And what is written later.
	printf '%s\n' '2026-11-20 10:00:03 WARN  a' '  b' '  c' >>"$LOG"
	wait_until "$DEADLINE" has answer.out \
		'2026-11-20 10:00:03 WARN  a\n  b\n  c'
}

@test "sse-cgi: a stack trace is one event, and the last one never hangs" {
	traces sse-cgi
}

@test "sse-fcgi: a stack trace is one event, and the last one never hangs" {
	traces sse-fcgi
}

@test "from = -N counts records, not lines" {
	java_log >"$LOG"
	printf '%s\n' 'record-start = ^\d{4}-' 'from = -2' >>sse.conf
	for which in "${PROGRAMS[@]}"; do
		stream_from "$which" answer
		wait_until "$DEADLINE" has answer.out \
			'2026-11-20 10:00:02 INFO  goes on'
		run messages answer.out
		assert_output "$(java_messages | tail -n 2)"
	done
}

@test "from = -N reaches into older files, and a record in two is one" {
	local all=$'=a\\n b\n=c\\n d\\n e\n=f' wanted which

	printf '=a\n b\n=c\n d\n' >"$LOG.1"
	printf ' e\n=f\n' >"$LOG"
	for wanted in 1 2 3 9; do
		stop_both
		prepare
		printf '%s\n' 'record-start = ^=' "from = -$wanted" >>sse.conf
		for which in "${PROGRAMS[@]}"; do
			stream_from "$which" answer
			wait_until "$DEADLINE" has answer.out =f
			run messages answer.out
			assert_output "$(tail -n "$wanted" <<<"$all")"
		done
	done
}

@test "replay limits at a record, and the gap says how much" {
	local size

	java_log >"$LOG"
	size=$(tail -n 1 "$LOG" | wc -c)
	printf '%s\n' 'record-start = ^\d{4}-' 'from = start' \
		"replay = $((size + 30))" >>sse.conf
	stream_from sse-cgi answer
	wait_until "$DEADLINE" has answer.out '2026-11-20 10:00:02 INFO  goes on'
	run messages answer.out
	assert_output '2026-11-20 10:00:02 INFO  goes on'
	run gaps answer.out
	assert_output --partial "\"skipped\":$(($(wc -c <"$LOG") - size)),"
}

@test "a pattern that matches nothing: all lines, in records of record-max" {
	awk 'BEGIN { for (i = 0; i < 1000; i++) print "line " i }' >"$LOG"
	printf '%s\n' 'record-start = ^never' 'record-max = 1K' 'from = start' \
		>>sse.conf
	for which in "${PROGRAMS[@]}"; do
		stream_from "$which" answer
		wait_until "$DEADLINE" ends_with answer.out 'line 999'
		run bash -c 'sed -n "s/^data: //p" answer.out'
		assert_output "$(cat "$LOG")"
		run grep -c '^:.*left out' answer.out
		assert_output 0
	done
}

ends_with() {
	[ "$(sed -n 's/^data: //p' "$1" | tail -n 1)" = "$2" ]
}

# ---------------------------------------------- ids, while lines come in --

# Until there is a file "enough": records of 1 to 5 lines, numbered through;
# some come in pieces, and the log is rotated now and then, in the middle of a
# record, too.  No generation goes: a reader on a busy machine may be far behind.
write_records() {
	local line=0 record=0 more i

	while [ ! -e enough ]; do
		echo "= $((line++))" >>"$LOG"
		for ((more = 0; more < record % 5; more++)); do
			((record % 7)) || busy
			echo "  $((line++))" >>"$LOG"
			((record % 40 != 39 || more != 2)) || rotate
		done
		record=$((record + 1))
		busy
	done
	echo "= $line" >>"$LOG"
}

rotate() {
	local i

	[ ! -e "$LOG.60" ] || return 0
	for ((i = 59; i > 0; i--)); do
		[ ! -e "$LOG.$i" ] || mv "$LOG.$i" "$LOG.$((i + 1))"
	done
	mv "$LOG" "$LOG.1"
}

# Some time, as a program needs it to write the next line.
busy() {
	awk 'BEGIN { for (i = 0; i < 60000; i++); }'
}

numbers() {
	sed -n 's/^data: [= ] *//p' "$@"
}

exact() {
	local which=$1 parts=() i writer

	printf '%s\n' 'record-start = ^=' 'from = start' 'record-wait = 50ms' \
		>>sse.conf
	"${ORDINARY[@]}" touch "$LOG" # as all of its generations
	export -f write_records rotate busy
	stream_from "$which" first
	wait_until "$DEADLINE" grep -q '^id: ' first.out
	kill -KILL -- "-$PID"
	parts=(first.out)
	LOG=$LOG start writer bash -c write_records
	writer=$PID
	for ((i = 0; i < 12; i++)); do
		stream_from "$which" "part$i" "$(last_id "${parts[@]}")"
		parts+=("part$i.out")
		wait_until "$DEADLINE" some_more "part$i.out"
		kill -KILL -- "-$PID"
		wait_until "$DEADLINE" gone "$PID"
		keep_whole "part$i.out"
		((i % 3 != 2)) || [ "$which" = sse-cgi ] || {
			kill_worker
			rm sse.sock
		}
	done
	touch enough
	wait_until "$DEADLINE" gone "$writer"
	stream_from "$which" last "$(last_id "${parts[@]}")"
	wait_until "$DEADLINE" has_line "$(numbers_last)" "${parts[@]}" last.out
	run diff <(numbers "${parts[@]}" last.out) <(seq 0 "$(numbers_last)")
	assert_output ''
	run gaps "${parts[@]}" last.out
	assert_output ''
}

# has_line NUMBER FILE...
has_line() {
	numbers "${@:2}" | grep -qx "$1"
}

numbers_last() {
	tail -n 1 "$LOG" | tr -d '= '
}

# At least two frames after the first.
some_more() {
	[ "$(grep -c '^$' "$1")" -ge 3 ]
}

# A client drops what is not whole, as EventSource does.
keep_whole() {
	awk -v RS= 'NR > 1 { print block "\n" } { block = $0 }
		END { if (whole) print block "\n" }' \
		whole="$([ "$(tail -c 2 "$1" | od -An -c | tr -d ' ')" = '\n\n' ] &&
			echo 1)" "$1" >whole.out
	mv whole.out "$1"
}

@test "sse-cgi: each line once, across kills, pieces and rotations" {
	exact sse-cgi
}

@test "sse-fcgi: each line once, across kills, pieces and rotations" {
	exact sse-fcgi
}

# ------------------------------------------------------------ event streams --

events() {
	printf '%s\n' ': a comment' '' 'id:1' 'event: tick' 'data:one' \
		'data: more' '' 'nonsense' 'data: two' 'retry: 5000' '' \
		'data: three' $'data: in\rjected' '' '' 'id: 4' 'data: four' ''
}

@test "format = sse: events are read and written anew" {
	events >"$LOG"
	printf '%s\n' 'format = sse' 'from = start' >>sse.conf
	for which in "${PROGRAMS[@]}"; do
		stream_from "$which" answer
		wait_until "$DEADLINE" has answer.out four
		run decode answer.out
		assert_line --regexp $'^tick\t[^\t]+-[^\t]+\tone\\\\nmore$'
		assert_line --regexp $'^message\t[^\t]+\ttwo$'
		assert_line --regexp $'^message\t[^\t]+\tfour$'
		refute_output --partial three
		run cat answer.out
		assert_line 'retry: 5000'
		assert_line ': an event of 27 bytes left out: CR alone ends a line'
		refute_output --partial nonsense
		refute_output --partial jected
	done
}

@test "format = sse: one that cannot be sent costs itself, and comes once" {
	local id

	printf 'data: one\n\nevent: a\0b\ndata: two\n\ndata: three\n\n' >"$LOG"
	printf '%s\n' 'format = sse' 'from = start' >>sse.conf
	for which in "${PROGRAMS[@]}"; do
		stream_from "$which" answer
		wait_until "$DEADLINE" has answer.out three
		run messages answer.out
		assert_output $'one\nthree'
		run cat answer.out
		assert_line ': an event of 20 bytes left out: its type has a NUL'
		# Nobody who comes back meets it again.
		id=$(last_id answer.out)
		printf 'data: four\n\n' >>"$LOG"
		stream_from "$which" again "$id"
		wait_until "$DEADLINE" has again.out four
		run cat again.out
		refute_output --partial 'left out'
		refute_output --partial three
		stop_both
		printf 'data: one\n\nevent: a\0b\ndata: two\n\ndata: three\n\n' \
			>"$LOG"
	done
}

@test "format = sse: an event comes when its blank line does" {
	printf 'data: a\n\ndata: b\n' >"$LOG"
	printf '%s\n' 'format = sse' 'from = start' >>sse.conf
	stream_from sse-cgi answer
	wait_until "$DEADLINE" has answer.out a
	# Two heartbeats later it has not come.
	wait_until "$DEADLINE" heartbeats answer.out 2
	run messages answer.out
	assert_output a
	printf 'data: c\n\n' >>"$LOG"
	wait_until "$DEADLINE" has answer.out 'b\nc'
}

heartbeats() {
	[ "$(grep -c '^: *$' "$1")" -ge "$2" ]
}

@test "format = sse: what has no end is told, not sent" {
	events >"$LOG"
	echo 'data: five' >>"$LOG"
	printf '%s\n' 'format = sse' 'from = start' 'follow = no' >>sse.conf
	for which in "${PROGRAMS[@]}"; do
		stream_from "$which" answer
		wait_until "$DEADLINE" grep -q '^event: end' answer.out
		run cat answer.out
		refute_output --partial five
		assert_line ': an event of 10 bytes left out: it has no blank line'
	done
}

@test "format = sse, ids = record: a client goes on behind its event" {
	events >"$LOG"
	printf '%s\n' 'format = sse' 'ids = record' 'from = start' >>sse.conf
	for which in "${PROGRAMS[@]}"; do
		stream_from "$which" answer 1
		wait_until "$DEADLINE" has answer.out four
		run messages answer.out
		assert_output $'two\nfour'
		run last_id answer.out
		assert_output 4
		stream_from "$which" answer unknown
		wait_until "$DEADLINE" has answer.out four
		run gaps answer.out
		assert_output --partial '"reason":"unknown"'
	done
}

@test "format = sse: an event over record-max is left out whole" {
	{
		echo 'event: big'
		head -c 3000 /dev/zero | tr '\0' y | fold -w 100 |
			sed 's/^/data: /'
		printf '\n\ndata: small\n\n'
	} >"$LOG"
	printf '%s\n' 'format = sse' 'from = start' 'record-max = 1K' >>sse.conf
	for which in "${PROGRAMS[@]}"; do
		stream_from "$which" answer
		wait_until "$DEADLINE" has answer.out small
		run cat answer.out
		refute_output --partial yyyy
		assert_line --regexp \
			'^: an event of [0-9]+ bytes left out: it is longer than'
	done
}

# first_data DATA KEY LOG: the first event has DATA with that key, and the second
# one is the last, in both programs.
first_data() {
	local wanted=$1 keys=$2 log=$3

	stop_both
	prepare
	printf '%s\n' 'from = start' "$keys" >>sse.conf
	printf '%b' "$log" >"$LOG"
	for which in "${PROGRAMS[@]}"; do
		stream_from "$which" answer
		wait_until "$DEADLINE" has answer.out last
		run messages answer.out
		assert_output "$wanted"$'\nlast'
	done
}

@test "a byte order mark is not a part of the first record" {
	local bom='\xef\xbb\xbf'

	first_data one '' "${bom}one\nlast\n"
	first_data one 'include = ^(one|last)' "${bom}one\nno\nlast\n"
	first_data one 'exclude = ^no' "${bom}one\nno\nlast\n"
	first_data 'a\n b' 'record-start = ^[a-z]' "${bom}a\n b\nlast\n"
	first_data one 'format = json' \
		"$bom"'{"data":"one"}\n{"data":"last"}\n'
	first_data one 'format = sse' "${bom}data: one\n\ndata: last\n\n"
	# In the middle, and a second one, it is text.
	first_data $'\ufeffone' '' "$bom${bom}one\nlast\n"
	first_data $'o\ufeffne' '' "o${bom}ne\nlast\n"
}

@test "CRs before a LF end a line, however many" {
	first_data one '' 'one\r\r\nlast\r\n'
	first_data 'a\n b' 'record-start = ^[a-z]' 'a\r\r\n b\r\r\r\nlast\r\r\n'
	first_data 'a\nb' 'format = sse' \
		'data: a\r\r\ndata: b\r\r\n\r\r\ndata: last\r\r\n\r\r\n'
	first_data one 'include = ^(one|last)$' 'one\r\r\nno\r\r\nlast\r\r\n'
}

@test "a bad record-start is told where it stands" {
	echo 'record-start = ^(a' >>sse.conf
	for path in cgi/sse-cgi fcgi/sse-fcgi; do
		run "$builddir/$path" --check -f sse.conf
		assert_failure 100
		assert_output --partial 'sse.conf:5: record-start: "^(a" is no regular'
	done
}
