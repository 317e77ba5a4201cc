#!/usr/bin/env bats
#
# sse-fcgi behind a real web server.  This file is run under the names
# fcgi-SERVER.bats, which are links to it, once for each server.

load helper
load fcgi

prepare() {
	SERVER=${BATS_TEST_FILENAME##*/fcgi-}
	SERVER=${SERVER%.bats}
	start_site "$SERVER"
}

@test "the head" {
	run --separate-stderr "$srcdir/tests/tools/sse-watch" --events 2 \
		"127.0.0.1:$PORT" /sse/log
	assert_success
	assert_line --index 0 --partial '"status":200'
	assert_line --index 0 --partial \
		'"content-type":"text/event-stream; charset=utf-8"'
	assert_line --index 0 --partial \
		'"cache-control":"no-cache, no-store, no-transform"'
	assert_line --index 0 --partial '"incremental":"?1"'
	assert_line --index 0 --partial '"x-content-type-options":"nosniff"'
	refute_line --index 0 --partial content-encoding
	refute_line --index 0 --partial content-length
}

@test "the first bytes come before there is a record" {
	: >"$LOG"
	start watch "$srcdir/tests/tools/sse-watch" --seconds 100 \
		"127.0.0.1:$PORT" /sse/log
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
	start watch "$srcdir/tests/tools/sse-watch" --latency --events 25 \
		--seconds 100 "127.0.0.1:$PORT" /sse/log
	wait_until "$DEADLINE" grep -q '"body"' watch.out
	for ((i = 1; i <= 25; i++)); do
		append "$(now_ms)"
		wait_until "$DEADLINE" lines_arrived "$i"
	done
	wait_until "$DEADLINE" grep -q worst_ms watch.out
	echo "# sse-fcgi behind $SERVER: $(tail -n 1 watch.out)" >&3
	run node -e '
		const got = JSON.parse(require("fs")
			.readFileSync("watch.out", "utf8").trim().split("\n").pop());
		process.exit(got.median_ms <= 500 ? 0 : 1)'
	assert_success
}

lines_arrived() {
	[ "$(grep -c 'data: ' watch.out)" -ge "$1" ]
}

@test "each frame comes by itself, also to a client that takes gzip" {
	local i

	: >"$LOG"
	start watch "$srcdir/tests/tools/sse-watch" --seconds 100 \
		--header 'Accept-Encoding: gzip, deflate, br' \
		--header 'Accept: text/event-stream' \
		"127.0.0.1:$PORT" /sse/log
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

# The time that a server may take to tell, in milliseconds, with a heartbeat of
# 500 ms, and as much again for a machine that is slow.
gone_within_ms() {
	case $SERVER in
	nginx | lighttpd) echo 2000 ;;
	apache) echo 3000 ;;
	*) echo 5000 ;;
	esac
}

# The client that has been killed, by the worker.
client_is_gone() {
	local before

	before=$(connections)
	stream client log
	wait_until "$DEADLINE" has client.out 'line 2'
	connections_are $((before + 1))
	kill -KILL -- "-$PID"
	TOOK=$(now_ms)
	wait_until "$DEADLINE" connections_are "$before"
	TOOK=$(($(now_ms) - TOOK))
	echo "# behind $SERVER: gone after $TOOK ms" >&3
}

@test "a client that has gone is noticed" {
	soon_enough "$(gone_within_ms)" client_is_gone
}

@test "a worker that was killed and started again: nothing lost or twice" {
	local round id='' line=2

	for round in 1 2 3; do
		stream "client$round" log ${id:+-H "Last-Event-ID: $id"}
		wait_until "$DEADLINE" has "client$round.out" "line $line"
		append "line $((line + 1))" "line $((line + 2))"
		line=$((line + 2))
		wait_until "$DEADLINE" has "client$round.out" "line $line"
		id=$(last_id "client$round.out")
		kill_worker
		append "line $((line + 1))"
		line=$((line + 1))
		start_worker
	done
	# Each client ends with its worker, or is told so; none got a line twice.
	for round in 1 2 3; do
		messages "client$round.out"
	done >got
	seq -f 'line %g' 1 $((line - 1)) | diff - got
	run gaps client1.out client2.out client3.out
	assert_output ''
}

@test "HEAD has the head of GET and ends" {
	local before

	before=$(connections)
	answer log --head
	status_is 200
	head_has 'content-type: text/event-stream; charset=utf-8'
	wait_until "$DEADLINE" connections_are "$before"
}

@test "OPTIONS is answered with 204, and with the origin that is listed" {
	answer cors -X OPTIONS -H 'Origin: https://app.example'
	status_is 204
	head_has 'access-control-allow-origin: https://app.example'
	answer cors -X OPTIONS -H 'Origin: https://evil.example'
	status_is 204
	refuse_origin
}

# The answer is for no page of another site.
refuse_origin() {
	run grep -i '^access-control-allow-origin' answer.head
	assert_failure 1
}

@test "each answer is for pages of the origin that is listed, and for no other" {
	local path

	# Where there is no stream, those that may read any.
	for path in cors none; do
		answer "$path" -H 'Origin: https://app.example' -X DELETE
		head_has 'access-control-allow-origin: https://app.example'
		answer "$path" -H 'Origin: https://evil.example' -X DELETE
		refuse_origin
	done
	for path in log closed; do
		answer "$path" -H 'Origin: https://app.example' -X DELETE
		refuse_origin
	done
}

@test "another method is answered with 405, with a body or without" {
	local method

	head -c 20000 /dev/zero | tr '\0' x >body
	for method in PUT DELETE; do
		answer log -X "$method"
		status_is 405
		head_has 'allow: .*GET.*'
	done
	for method in PUT POST; do
		answer log -X "$method" --data-binary @body
		status_is 405
		assert_equal "${#lines[@]}" 1
	done
}

@test "a name that is no stream is answered with 404" {
	local path

	for path in three log.1 'log%0d%0aX:%20y' ../log '%2e%2e%2fetc'; do
		answer "$path" --path-as-is
		# The servers themselves refuse some.
		head -n 1 answer.head | grep -qE '^HTTP/1.1 (40[034]|500) ' ||
			fail "$path: $(cat answer.head)"
		refute_output --partial 'line 1'
	done
	answer three
	status_is 404
	assert_equal "${#lines[@]}" 1
}

@test "a source that cannot be opened: 500 and one line, the reason logged" {
	answer closed
	status_is 500
	assert_equal "${#lines[@]}" 1
	refute_output --partial /
	grep -q "closed: $DIR/folder: Neither a regular file nor a FIFO" \
		"$DIR/worker.log"
}

@test "the client that is one too many is asked to come back" {
	kill_worker
	start_worker --max-clients 1
	stream client log
	wait_until "$DEADLINE" has client.out 'line 2'
	answer log
	status_is 200
	assert_line --regexp '^retry: [23][0-9]{4}$'
	refute_output --partial data:
	append 'line 3'
	wait_until "$DEADLINE" has client.out 'line 3'
}

@test "a rotation while clients are connected" {
	stream client log
	wait_until "$DEADLINE" has client.out 'line 2'
	mv "$LOG" "$LOG.1"
	append 'line 3'
	wait_until "$DEADLINE" has client.out 'line 3'
	run messages client.out
	assert_output $'line 1\nline 2\nline 3'
	run gaps client.out
	assert_output ''
}

@test "a FIFO has many readers" {
	stream one fifo
	stream two fifo
	wait_until "$DEADLINE" grep -q '^id: ' one.out
	wait_until "$DEADLINE" grep -q '^id: ' two.out
	echo 'from the FIFO' >fifo
	wait_until "$DEADLINE" has one.out 'from the FIFO'
	wait_until "$DEADLINE" has two.out 'from the FIFO'
	# What was read is kept for who comes later.
	stream three fifo
	wait_until "$DEADLINE" has three.out 'from the FIFO'
}

@test "without its worker the server says come back, where it can" {
	kill_worker
	rm -f sse.sock
	run curl -sS --max-time "$DEADLINE" -D answer.head \
		-H 'Origin: https://any.example' "$URL/sse/log"
	assert_success
	case $SERVER in
	lighttpd | apache)
		status_is 503
		;;
	*)
		status_is 200
		head_has 'content-type: text/event-stream.*'
		assert_line --regexp '^retry: 2[0-9]{3}$'
		# Else it would close a page of another site for good.
		head_has 'access-control-allow-origin: https://any.example'
		;;
	esac
	start_worker
	wait_until "$DEADLINE" worker_is_back
}

# lighttpd looks for it again after a second.
worker_is_back() {
	curl -sN --max-time 1 "$URL/sse/log" >client.out || true
	has client.out 'line 2'
}
