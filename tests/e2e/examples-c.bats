#!/usr/bin/env bats
#
# The programs of examples/c, behind the servers that their configurations are
# for, and their pages in a real browser.

load helper
load examples-c

prepare() {
	need curl
	copy_examples
}

# ------------------------------------------------------ CGI and FastCGI --

@test "clock: the time, every second" {
	both clock_ticks
}

clock_ticks() {
	stream clock "$1/clock"
	wait_until "$DEADLINE" two_times clock.out
	head_of "$1/clock"
	head_has 'content-type: text/event-stream.*'
	head_has 'cache-control: .*no-store.*'
}

two_times() {
	[ "$(messages "$1" | grep -cxE "The server time is: $TIME")" -ge 2 ]
}

@test "event: an id, a name, two lines, and JSON" {
	both event_ends
}

event_ends() {
	curl -sS --max-time "$DEADLINE" "$URL/$1/event" >event.out
	decode event.out >decoded
	assert_equal "$(cat decoded)" "$(printf '%s\t%s\t%s\n' \
		order 1 'two cups of tea\nno sugar' \
		message 2 '{"cups": 2, "drink": "tea"}')"
	head_of "$1/event" -H 'Last-Event-ID: 2'
	status_is 204
}

@test "fields: all five, and a log of who connects and disconnects" {
	both fields_are_logged
}

fields_are_logged() {
	: >"$DIR/programs.log"
	stream fields "$1/fields"
	wait_until "$DEADLINE" grep -qx 'data: all five fields' fields.out
	block_is fields.out ': not for the page' 'id: 7' 'event: tick' \
		'retry: 3000' 'data: all five fields'
	wait_until "$DEADLINE" grep -q 'fields: a client has connected' \
		"$DIR/programs.log"
	run ! grep -q 'fields: the client has left' "$DIR/programs.log"
	kill -KILL -- "-$PID"
	wait_until "$DEADLINE" grep -q 'fields: the client has left' \
		"$DIR/programs.log"
}

@test "timestamp: it goes on after the last id" {
	both timestamp_goes_on
}

timestamp_goes_on() {
	stream one "$1/timestamp" -H 'Last-Event-ID: 41'
	stream two "$1/timestamp" -H 'Last-Event-ID: no number'
	stream three "$1/timestamp"
	wait_until "$DEADLINE" ids_are one.out 42 43
	wait_until "$DEADLINE" ids_are two.out 1 2
	wait_until "$DEADLINE" ids_are three.out 1 2
	head_of "$1/timestamp"
	head_has 'x-accel-buffering: no'
}

ids_are() {
	[ "$(decode "$1" | awk -F '\t' '$1 == "timestamp" { print $2 }' |
		head -n 2 | xargs)" = "$2 $3" ]
}

@test "cur-time: JSON, comments between, and another site" {
	both cur_time_is_read
}

cur_time_is_read() {
	stream cur "$1/cur-time"
	wait_until "$DEADLINE" grep -qxE 'retry: [12][0-9]{4}' cur.out
	wait_until "$DEADLINE" grep -qxE \
		'data: \{"cur_time": "[0-9T:-]+Z"\}' cur.out
	wait_until "$DEADLINE" grep -qx ':' cur.out
	head_of "$1/cur-time" -H "Origin: http://127.0.0.1:$PORT"
	head_has "access-control-allow-origin: http://127.0.0.1:$PORT"
	head_of "$1/cur-time" -H "Origin: http://127.0.0.2:$PORT"
	run ! grep -qi '^access-control-allow-origin' "$DIR/answer.head"
}

@test "the programs answer HEAD and DELETE as they should" {
	local path

	start_server c-lighttpd
	for path in {cgi,fcgi}-bin/{clock,event,fields,timestamp,cur-time} \
		'fcgi-bin/broadcast?stream=time'; do
		head_of "$path"
		status_is 200
		head_of "$path" -X DELETE
		status_is 405
		head_has 'allow: GET, HEAD, OPTIONS'
	done
}

# ------------------------------------------------------------ broadcast --

@test "broadcast: a stream with replay and one without, by lighttpd" {
	start_server c-lighttpd
	shares_streams
}

@test "broadcast: a stream with replay and one without, by nginx" {
	start_fastcgi broadcast
	start_server c-nginx
	shares_streams
}

shares_streams() {
	local now

	head_of 'fcgi-bin/broadcast?stream=other'
	status_is 404
	stream early 'fcgi-bin/broadcast?stream=count'
	wait_until "$DEADLINE" has early.out 4
	stream late 'fcgi-bin/broadcast?stream=count'
	wait_until "$DEADLINE" has late.out 4
	assert_equal "$(messages late.out | head -n 1)" 1
	now=$EPOCHSECONDS
	stream time 'fcgi-bin/broadcast?stream=time'
	wait_until "$DEADLINE" grep -q '^data: ' time.out
	(($(messages time.out | head -n 1) >= now))
	# Whoever leaves takes nobody along.
	kill -KILL -- "-$PID"
	wait_until "$DEADLINE" has early.out 8
	wait_until "$DEADLINE" has late.out 8
	assert_equal "$(messages early.out | sed -n '/^4$/,/^8$/p' | xargs)" \
		'4 5 6 7 8'
}

@test "nginx passes each event on at once, though it buffers by default" {
	start_fastcgi timestamp
	start_server c-nginx
	stream one fcgi-bin/timestamp -H 'Last-Event-ID: 7'
	wait_until "$DEADLINE" ids_are one.out 8 9
}

@test "a process for each client: one more waits until one has left" {
	local first

	start_fastcgi timestamp
	start_server c-nginx
	stream one fcgi-bin/timestamp
	first=$PID
	wait_until "$DEADLINE" ids_are one.out 1 2
	stream two fcgi-bin/timestamp
	wait_until "$DEADLINE" in_queue
	run ! grep -q . two.out
	kill -KILL -- "-$first"
	wait_until "$DEADLINE" ids_are two.out 1 2
}

# Two connections from curl, and the second is not served.
in_queue() {
	[ "$(grep -c 'timestamp.sock$' /proc/net/unix)" -ge 3 ]
}

@test "SIGTERM ends a FastCGI example, though libfcgi takes it" {
	start_fastcgi clock
	start_server c-nginx
	stream one fcgi-bin/clock
	wait_until "$DEADLINE" two_times one.out
	kill -TERM "$FASTCGI_PID"
	wait_until "$DEADLINE" gone "$FASTCGI_PID"
}

# ---------------------------------------------------------------- pages --

@test "clock.html" {
	page clock 'The server time is: 2'
	page clock?fastcgi 'The server time is: 2'
}

@test "event.html" {
	page event 'order 1:' 'two cups of tea' 'no sugar' '2 cups of tea' \
		'that was all'
	page event?fastcgi 'order 1:' 'no sugar' '2 cups of tea' 'that was all'
}

@test "fields.html" {
	page fields 'id: 7' 'event: tick' 'data: all five fields' 'count: 2'
	page fields?fastcgi 'id: 7' 'event: tick' 'count: 2'
}

@test "broadcast.html" {
	local visit first last

	# How many there have been depends on how long the browser takes; but a
	# newcomer has the last ten at once.
	for visit in first second; do
		PATTERNS=yes page broadcast "time: $(date -u +%Y)-" \
			'the first count here: [0-9]+' \
			'the last count: ([0-9]{2,}|[4-9])'
		first=${lines[1]##* } last=${lines[2]##* }
		echo "# $visit visit: from $first to $last"
		((first == 1 || last - first >= 9))
	done
}

@test "timestamp.html goes on after a cut" {
	need chromium node
	start_server c-lighttpd
	start page env TMPDIR="$DIR" "$srcdir/tests/tools/page-watch" \
		--seconds 100 "$URL/timestamp.html" 'number 2,' \
		'connecting again' 'number 5,'
	wait_until "$DEADLINE" grep -qx 'saw number 2,' page.out
	stop_server
	wait_until "$DEADLINE" grep -qx 'saw connecting again' page.out
	start_server c-lighttpd
	wait_until "$DEADLINE" grep -q '^rows ' page.out
	# With new numbers it would be seven or more.
	(($(sed -n 's/^rows //p' page.out) <= 6))
}

@test "cur-time.html on another site" {
	start_server c-lighttpd
	sed -i "s#\"/cgi-bin#\"http://localhost:$PORT/cgi-bin#" \
		page/cur-time.html
	page cur-time "cur_time is $(date -u +%Y)-"
	sed -i 's#/cgi-bin#/fcgi-bin#' page/cur-time.html
	page cur-time "cur_time is $(date -u +%Y)-"
}

# ----------------------------------------------------------------- form --

@test "no example is longer than 60 lines" {
	local file

	for file in "$srcdir"/examples/c/*.[ch]; do
		(($(wc -l <"$file") <= 60)) || fail "$file"
	done
}
