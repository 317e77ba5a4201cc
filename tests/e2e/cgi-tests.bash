#!/usr/bin/env bats
#
# sse-cgi in the cgi-bin of a real web server.  This file is run under the names
# cgi-SERVER.bats, which are links to it, once for each server.

load helper
load cgi

prepare() {
	SERVER=${BATS_TEST_FILENAME##*/cgi-}
	SERVER=${SERVER%.bats}
	start_cgi_bin "$SERVER"
}

@test "what is there and what comes, from all three" {
	local name

	for name in sse-cgi/one stream wrapper; do
		connect "${name%/*}" "$name"
	done
	for name in sse-cgi stream wrapper; do
		wait_until "$DEADLINE" has "$DIR/$name.out" 'line 2'
	done
	append 'line 3'
	for name in sse-cgi stream wrapper; do
		wait_until "$DEADLINE" has "$DIR/$name.out" 'line 3'
		run messages "$DIR/$name.out"
		assert_output $'line 1\nline 2\nline 3'
	done
}

@test "the head" {
	run --separate-stderr "$srcdir/tests/tools/sse-watch" --events 2 \
		"127.0.0.1:$PORT" /cgi-bin/stream
	assert_success
	assert_line --index 0 --partial '"status":200'
	assert_line --index 0 --partial \
		'"content-type":"text/event-stream; charset=utf-8"'
	assert_line --index 0 --partial \
		'"cache-control":"no-cache, no-store, no-transform"'
	if [ "$SERVER" != nginx-fcgiwrap ]; then # which takes it off
		assert_line --index 0 --partial '"x-accel-buffering":"no"'
	fi
	assert_line --index 0 --partial '"incremental":"?1"'
	assert_line --index 0 --partial '"x-content-type-options":"nosniff"'
	refute_line --index 0 --partial content-encoding
	refute_line --index 0 --partial content-length
}

@test "the first bytes come before there is a record" {
	: >"$LOG"
	start watch "$srcdir/tests/tools/sse-watch" --seconds 100 \
		"127.0.0.1:$PORT" /cgi-bin/stream
	wait_until "$DEADLINE" grep -q '"body"' watch.out
	run node -e '
		const body = JSON.parse(require("fs")
			.readFileSync("watch.out", "utf8").split("\n")[1]).body;
		if (!/^retry: \d+$/m.test(body) || !/^id: \S+$/m.test(body) ||
		    !/^:/m.test(body) || !body.endsWith("\n\n") ||
		    body.length < 100 || body.length > 400)
			throw new Error(body.length + ": " + body);'
	assert_success
}

@test "a line is with the client within 500 ms" {
	local i

	: >"$LOG"
	start watch "$srcdir/tests/tools/sse-watch" --latency --events 40 \
		--seconds 100 "127.0.0.1:$PORT" /cgi-bin/stream
	wait_until "$DEADLINE" grep -q '"body"' watch.out
	for ((i = 1; i <= 40; i++)); do
		append "$(now_ms)"
		wait_until "$DEADLINE" line_arrived "$i"
	done
	wait_until "$DEADLINE" grep -q worst_ms watch.out
	echo "# $SERVER: $(tail -n 1 watch.out)" >&3
	run node -e '
		const got = JSON.parse(require("fs")
			.readFileSync("watch.out", "utf8").trim().split("\n").pop());
		process.exit(got.median_ms <= 500 ? 0 : 1)'
	assert_success
}

line_arrived() {
	[ "$(grep -c 'data: ' watch.out)" -ge "$1" ]
}

@test "each frame comes by itself, also to a client that takes gzip" {
	local i

	: >"$LOG"
	start watch "$srcdir/tests/tools/sse-watch" --seconds 100 \
		--header 'Accept-Encoding: gzip, deflate, br' \
		"127.0.0.1:$PORT" /cgi-bin/stream
	wait_until "$DEADLINE" grep -q '"body"' watch.out
	# The next line is written when the one before has arrived.
	for i in 1 2 3 4 5; do
		append "frame $i"
		wait_until "$DEADLINE" grep -q "data: frame $i.n.n\"}\$" \
			watch.out
	done
	run head -n 1 watch.out
	refute_output --partial content-encoding
}

@test "a client that has gone leaves no process after three heartbeats" {
	soon_enough 3000 program_ends stream
}

@test "20 clients at once" {
	local i clients=()

	for ((i = 1; i <= 20; i++)); do
		connect "client$i" stream
		clients+=("$PID")
	done
	for ((i = 1; i <= 20; i++)); do
		wait_until "$DEADLINE" has "$DIR/client$i.out" 'line 2'
	done
	programs_are 20
	append 'line 3'
	for ((i = 1; i <= 20; i++)); do
		wait_until "$DEADLINE" has "$DIR/client$i.out" 'line 3'
		run messages "$DIR/client$i.out"
		assert_output $'line 1\nline 2\nline 3'
	done
	for i in "${clients[@]}"; do
		kill -KILL -- "-$i"
	done
	wait_until "$DEADLINE" programs_are 0
}

@test "HEAD has the head of GET and ends" {
	answer stream --head
	status_is 200
	head_has 'content-type: text/event-stream; charset=utf-8'
	head_has 'x-content-type-options: nosniff'
	wait_until "$DEADLINE" programs_are 0
}

@test "OPTIONS is answered with 204" {
	answer stream -X OPTIONS
	status_is 204
	assert_output ''
}

@test "another method is answered with 405, with a body or without" {
	local method

	for method in PUT DELETE PATCH; do
		answer stream -X "$method"
		status_is 405
		head_has 'allow: .*GET.*'
	done
	head -c 20000 /dev/zero | tr '\0' x >body
	for method in POST PUT; do
		answer stream -X "$method" --data-binary @body
		status_is 405
		plain_line
	done
	wait_until "$DEADLINE" programs_are 0
}

@test "a name in the path or in the query selects the stream" {
	connect path sse-cgi/two
	connect query 'sse-cgi?stream=two'
	connect both 'sse-cgi/two?stream=one'
	# busybox answers a "/" at the end with 404.
	connect slash "stream$([ "$SERVER" = busybox ] || echo /)?x=1"
	wait_until "$DEADLINE" has path.out 'second 1'
	wait_until "$DEADLINE" has query.out 'second 1'
	wait_until "$DEADLINE" has both.out 'second 1'
	wait_until "$DEADLINE" has slash.out 'line 2'
}

@test "a name that is no stream is answered with 404, and opens nothing" {
	local path

	for path in sse-cgi sse-cgi/ sse-cgi/three sse-cgi/one.log \
		'sse-cgi?stream=' 'sse-cgi?stream=three' stream/other \
		'stream?stream=other' 'sse-cgi?stream=../../../../etc/passwd' \
		'sse-cgi?stream=/etc/passwd' 'sse-cgi?stream=%2Fetc%2Fpasswd' \
		'sse-cgi?stream=one%00' 'sse-cgi?stream=one%0d%0aX:%20y' \
		sse-cgi/%2e%2e%2fone 'sse-cgi/one%0d%0aX:%20y' \
		"sse-cgi/$(printf '%0200d' 0)"; do
		answer "$path" --path-as-is
		# The servers themselves refuse some with 400 or 403.
		head -n 1 answer.head | grep -qE '^HTTP/1.1 40[034] ' ||
			fail "$path: $(cat answer.head)"
		refute_output --partial root:
		refute_output --partial 'line 1'
		run cat answer.head
		refute_line --partial 'X: y'
	done
	answer sse-cgi/three
	status_is 404
	plain_line
}

@test "a hostile id is answered with 200, a gap and the stream" {
	local id number=0

	for id in 0 -1 end. 18446744073709551616 ../../../etc/passwd \
		/etc/passwd "0.0-0-0" '%s%n%n' "'; drop table" '<script>' \
		"$(printf '\377\376')" "$(head -c 4000 /dev/zero | tr '\0' 9)" \
		"zz.zz-99999999999999999999-zz"; do
		number=$((number + 1))
		connect "id$number" stream -H "Last-Event-ID: $id"
		wait_until "$DEADLINE" has "$DIR/id$number.out" 'line 2'
		run gaps "$DIR/id$number.out"
		assert_line --index 0 --partial '"reason":"unknown"'
		kill -KILL -- "-$PID"
	done
}

@test "a client that comes back gets what it has not had" {
	connect first stream
	wait_until "$DEADLINE" has first.out 'line 2'
	kill -KILL -- "-$PID"
	append 'line 3' 'line 4'
	connect second stream -H "Last-Event-ID: $(last_id first.out)"
	wait_until "$DEADLINE" has second.out 'line 4'
	run messages second.out
	assert_output $'line 3\nline 4'
	run gaps second.out
	assert_output ''
}

@test "arguments made of a query are not looked at" {
	local query name

	# lighttpd gives no arguments, Apache does, some of them altered.
	for query in /etc/passwd '--config+x' '/etc/passwd+x*' \
		'--source%3D/etc/passwd+%3B' '-f+/etc/passwd+%00' \
		--help -V --check x '%3D'; do
		for name in sse-cgi sse-cgi/one stream wrapper; do
			answer "$name?$query"
			status_is 400
			plain_line
			refute_output --partial root:
		done
	done
}

@test "a query with = gives no arguments" {
	local name

	for name in sse-cgi/one stream wrapper; do
		connect "${name%/*}" "$name?x=--help+--source=/etc/passwd"
		wait_until "$DEADLINE" has "$DIR/${name%/*}.out" 'line 2'
		run messages "$DIR/${name%/*}.out"
		assert_output $'line 1\nline 2'
	done
}

@test "a source that cannot be opened: 500 and one line, the reason logged" {
	local name

	mkdir "$DIR/folder"
	for name in "$DIR/folder" "$LOG/x" /dev/zero; do
		place bad <<-END
			#!$PROGRAM -f
			source = $name
		END
		answer bad
		status_is 500
		plain_line
		logged "$name"
	done
}

@test "a bad configuration: 500 and one line, place and key logged" {
	place bad <<-END
		#!$PROGRAM -f
		source = $LOG
		heartbeet = 1s
	END
	answer bad
	status_is 500
	plain_line
	refute_output --partial heartbeet
	logged "bad:3.*heartbeet"
}

@test "a bad option: 500 and one line, the option logged" {
	place bad <<-END
		#!/bin/sh
		exec $PROGRAM --heartbeat=often $LOG
	END
	answer bad
	status_is 500
	plain_line
	logged "heartbeat"
}

@test "a file that does not exist yet is waited for" {
	place later <<-END
		#!$PROGRAM -f
		source = $DIR/later.txt
	END
	connect client later
	wait_until "$DEADLINE" grep -q '^id: ' client.out
	printf 'at last\n' >"$DIR/later.txt"
	wait_until "$DEADLINE" has client.out 'at last'
}

@test "TERM to the server ends every stream" {
	connect client stream
	wait_until "$DEADLINE" has client.out 'line 2'
	kill -TERM "$SERVER_PID"
	wait_until "$DEADLINE" gone "$SERVER_PID"
	if [ "$SERVER" = busybox ]; then # serves on whom it has
		append 'line 3'
		wait_until "$DEADLINE" has client.out 'line 3'
		kill -KILL -- "-$PID"
	fi
	wait_until "$DEADLINE" programs_are 0
}

@test "a log as dpkg writes it" {
	local log=$DIR/dpkg.log i

	for i in {10..39}; do
		printf '2026-11-24 10:00:%s %s libc6:amd64 2.36-9 2.36-%s\n' \
			"$i" "status half-configured" "$i"
	done >"$log"
	place dpkg <<-END
		#!$PROGRAM -f
		source = $log
	END
	connect client dpkg
	wait_until "$DEADLINE" has client.out "$(tail -n 1 "$log")"
	run messages client.out
	assert_equal "$output" "$(tail -n 10 "$log")"
}

# ----------------------------------------------------------- other sources --

# place_fifo: a stream of a FIFO.
place_fifo() {
	mkfifo -m 666 "$DIR/fifo"
	place fifo <<-END
		#!$PROGRAM -f
		source = $DIR/fifo
		heartbeat = 1s
	END
}

# begun FILE: the first bytes have come.
begun() {
	grep -q '^id: ' "$1"
}

@test "a FIFO: writers come and go, and a line may be begun by one" {
	place_fifo
	connect client fifo
	wait_until "$DEADLINE" begun client.out
	echo 'writer 1' >fifo
	wait_until "$DEADLINE" has client.out 'writer 1'
	printf 'writer 2\nha' >fifo
	wait_until "$DEADLINE" has client.out 'writer 2'
	printf 'lf\nwriter 3\n' >fifo
	wait_until "$DEADLINE" has client.out 'writer 3'
	run messages client.out
	assert_output $'writer 1\nwriter 2\nhalf\nwriter 3'
}

@test "a second client of a FIFO is asked to come back, and takes nothing" {
	place_fifo
	connect first fifo
	wait_until "$DEADLINE" begun first.out
	answer fifo
	status_is 200
	head_has 'content-type: text/event-stream; charset=utf-8'
	head_has 'retry-after: [234][0-9]'
	assert_line --regexp '^retry: [23][0-9]{4}$'
	refute_line --regexp '^(id|data)'
	seq 100 >fifo
	wait_until "$DEADLINE" has first.out 100
	run messages first.out
	assert_equal "$output" "$(seq 100)"
	# When the first has gone there is room.  What came meanwhile is not
	# known, which a gap tells.
	kill -KILL -- "-$PID"
	wait_until "$DEADLINE" programs_are 0
	connect second fifo -H "Last-Event-ID: $(last_id first.out)"
	wait_until "$DEADLINE" begun second.out
	echo 'for the second' >fifo
	wait_until "$DEADLINE" has second.out 'for the second'
	run gaps second.out
	assert_output --partial '"reason":"overrun"'
}

# place_pipeline [PRODUCER [EXPRESSION]]: the example, as it is but for where
# the program lies; or with another producer, a short heartbeat, and what else
# the expression for sed does.
place_pipeline() {
	local changes=(-e "s|/usr/bin/sse-cgi|$PROGRAM|")

	if [ -n "${1:-}" ]; then
		changes+=(-e "s|vmstat -n 1|$1|" -e 's| -$| --heartbeat=1s -|'
			-e "${2:-}")
	fi
	sed "${changes[@]}" "$srcdir/examples/cgi-bin/pipeline" |
		place pipeline
}

# The processes of the example, and of its producer, which is in this folder
# as it is started in the cgi-bin.
pipeline_processes() {
	find /proc/[0-9]*/cwd -maxdepth 0 -lname "$DIR/cgi-bin" 2>/dev/null |
		grep .
}

no_pipeline() {
	! pipeline_processes
}

@test "a pipeline: examples/cgi-bin/pipeline" {
	need vmstat
	place_pipeline
	connect client pipeline
	wait_until "$DEADLINE" grep -q '^data: procs ' client.out
	# The second line of figures comes after a second.
	wait_until "$DEADLINE" figures_are 2
	kill -KILL -- "-$PID"
	wait_until "$DEADLINE" no_pipeline
}

figures_are() {
	[ "$(messages client.out | grep -c '^ *[0-9]')" -ge "$1" ]
}

@test "a pipeline ends its producer, also a silent one, and it its stream" {
	place_pipeline cat "s|</dev/null|<$DIR/lines|"
	mkfifo -m 666 lines
	# A client that goes while the producer says nothing.
	connect client pipeline
	exec 4>lines
	echo 'line 1' >&4
	wait_until "$DEADLINE" has client.out 'line 1'
	kill -KILL -- "-$PID"
	wait_until "$DEADLINE" no_pipeline
	exec 4>&-
	# A producer that ends, with half a line.
	connect client pipeline
	printf 'line 2\nhalf' >lines
	wait_until "$DEADLINE" gone "$PID"
	run decode client.out
	assert_line --regexp $'^message\t.*\tline 2$'
	assert_line --regexp $'^message\t.*\thalf$'
	assert_line --index -1 --regexp $'^end\tend\t'
	wait_until "$DEADLINE" no_pipeline
}

@test "a pipeline: only GET takes lines of the producer" {
	local method

	place_pipeline 'seq 3' "s|kill|cat >$DIR/left; kill|"
	for method in POST PUT DELETE OPTIONS; do
		answer pipeline -X "$method" --data-binary 'line 0'
		nothing_taken
	done
	status_is 204
	answer pipeline --head
	status_is 200
	nothing_taken
	answer pipeline -H 'Last-Event-ID: end'
	status_is 204
	nothing_taken
	answer pipeline
	assert_line 'data: 3'
	assert_line 'event: end'
	assert_line 'id: end'
	wait_until "$DEADLINE" no_pipeline
	assert_equal "$(cat left)" ''
}

nothing_taken() {
	wait_until "$DEADLINE" no_pipeline
	assert_equal "$(cat left)" "$(seq 3)"
	rm left
}
