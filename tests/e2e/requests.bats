#!/usr/bin/env bats
#
# What a request asks for, in the variables that a web server sets: which
# stream, from where, and how it is answered.

load helper
load program

@test "GET: the head, the first bytes, the last ten records" {
	seq -f 'number %g' 12 >"$LOG"
	streamed 'number 12' -- "$LOG"
	run cat answer.out
	assert_line --index 0 $'Content-Type: text/event-stream; charset=utf-8\r'
	refute_line --partial 'Status: 5'
	run messages answer.out
	assert_equal "$output" "$(seq -f 'number %g' 3 12)"
}

@test "HEAD: the head of GET and no body" {
	answer REQUEST_METHOD=HEAD -- "$LOG"
	assert_success
	assert_line --index 0 $'Content-Type: text/event-stream; charset=utf-8\r'
	refute_line --regexp '^(id|retry|data)'
}

@test "methods: 204, 405, 400" {
	local method

	answer REQUEST_METHOD=OPTIONS -- "$LOG"
	assert_line --index 0 --regexp '^Status: 204 '
	for method in POST get TRACE "$(printf '%0500d' 0)" $'X\nY'; do
		answer "REQUEST_METHOD=$method" -- "$LOG"
		printf '%s\n' "$output" >answer.out
		status_and_line 405
		run cat answer.out
		assert_line --regexp '^Allow: .*GET'
	done
	answer REQUEST_METHOD= -- "$LOG"
	status_and_line 400
}

@test "from: start, end and -N" {
	streamed 'line 2' -- --from=start "$LOG"
	run messages answer.out
	assert_output $'line 1\nline 2'
	streamed 'line 2' -- --from=-1 "$LOG"
	run messages answer.out
	assert_output 'line 2'
	stream end -- --from=end "$LOG"
	wait_until "$DEADLINE" grep -q '^id: ' end.out
	append 'line 3'
	wait_until "$DEADLINE" has end.out 'line 3'
	run messages end.out
	assert_output 'line 3'
}

@test "follow = no: the event end, and then 204" {
	local id

	answer -- --follow=no "$LOG"
	assert_success
	printf '%s\n\n' "$output" >answer.out
	run messages answer.out
	assert_output $'line 1\nline 2'
	run decode answer.out
	assert_line --index -1 --regexp $'^end\tend\t'
	id=$(decode answer.out | awk -F '\t' '/line 2/ { print $2 }')
	for id in end "$id"; do
		answer HTTP_LAST_EVENT_ID="$id" -- --follow=no "$LOG"
		assert_success
		assert_line --index 0 --regexp '^Status: 204 '
	done
}

@test "max-age ends a connection, and the client goes on behind it" {
	answer -- --max-age=1s "$LOG"
	assert_success
	printf '%s\n\n' "$output" >answer.out
	run messages answer.out
	assert_output $'line 1\nline 2'
	append 'line 3'
	streamed 'line 3' HTTP_LAST_EVENT_ID="$(last_id answer.out)" -- "$LOG"
	run messages answer.out
	assert_output 'line 3'
}

@test "no header Last-Event-ID: the id in the query" {
	local id name

	streamed 'line 2' -- "$LOG"
	id=$(last_id answer.out)
	append 'line 3'
	for name in lastEventId last_event_id; do
		streamed 'line 3' QUERY_STRING="x=1&$name=$id" -- "$LOG"
		run messages answer.out
		assert_output 'line 3'
		run gaps answer.out
		assert_output ''
	done
	# What EventSource itself has kept since is newer than the address.
	streamed 'line 3' QUERY_STRING="lastEventId=old" \
		HTTP_LAST_EVENT_ID="$id" -- "$LOG"
	run messages answer.out
	assert_output 'line 3'
}

@test "a limit on replay is told by a gap" {
	local id

	stream first -- "$LOG"
	wait_until "$DEADLINE" has first.out 'line 2'
	id=$(last_id first.out)
	seq -f 'number %08g' 10000 >>"$LOG"
	streamed 'number 00010000' HTTP_LAST_EVENT_ID="$id" -- \
		--replay=1K "$LOG"
	run gaps answer.out
	assert_output --regexp '^\{"reason":"limit"'
	run messages answer.out
	assert_line 'number 00010000'
	refute_line 'number 00009000'
}

@test "ids = none: no id at all" {
	streamed 'line 2' -- --ids=none "$LOG"
	run cat answer.out
	refute_line --regexp '^id: .*-'
}

@test "event: the type of what has none" {
	stream answer -- --event=log "$LOG"
	wait_until "$DEADLINE" grep -q '^event: log' answer.out
	run decode answer.out
	assert_line --regexp $'^log\t.*\tline 2$'
}

@test "origin: pages of a listed site may read, others not" {
	local other

	answer REQUEST_METHOD=HEAD HTTP_ORIGIN=https://a.example -- \
		--origin=https://a.example "$LOG"
	assert_line $'Access-Control-Allow-Origin: https://a.example\r'
	assert_line --regexp $'^Vary: .*Origin'
	for other in https://b.example null https://a.example.evil \
		http://a.example 'https://a.example, *'; do
		answer REQUEST_METHOD=HEAD HTTP_ORIGIN="$other" -- \
			--origin=https://a.example "$LOG"
		refute_line --partial Access-Control
		assert_line --regexp $'^Vary: .*Origin'
	done
	answer REQUEST_METHOD=HEAD HTTP_ORIGIN=https://a.example -- "$LOG"
	refute_line --partial Access-Control
}

@test "a stream is selected by SSE_STREAM, path or query, as select says" {
	local wrong

	streamed 'line 2' PATH_INFO=/log QUERY_STRING=stream=other -- "$LOG"
	streamed 'line 2' QUERY_STRING='x=1&stream=log' -- \
		'--select=path query' "$LOG"
	streamed 'line 2' SSE_STREAM=log PATH_INFO=/x -- "$LOG"
	streamed 'line 2' SSE_STREAM=log -- --select=server "$LOG"
	for wrong in PATH_INFO=/log QUERY_STRING=stream=log SSE_STREAM= x=y; do
		answer "$wrong" -- --select=server "$LOG"
		status_and_line 404
	done
	answer QUERY_STRING=stream=log -- "$LOG"
	status_and_line 404
	# shellcheck disable=SC2154 # by run
	grep -qx 'sse-cgi: log: select: a query named this stream, .*' \
		<<<"$stderr" || fail "$stderr"
	for wrong in "PATH_INFO=/$LOG" PATH_INFO=//log PATH_INFO=/x \
		PATH_INFO=/log/ PATH_INFO=/log/x PATH_INFO=log SSE_STREAM= \
		PATH_INFO=/.. "QUERY_STRING=stream=$LOG" SSE_STREAM=x \
		QUERY_STRING=stream=log%00 "PATH_INFO=/$(printf '%0300d' 0)"; do
		answer "$wrong" -- "$LOG"
		status_and_line 404
	done
}

@test "with no stream configured: 404" {
	: >empty.conf
	answer -- -f empty.conf
	status_and_line 404
}

@test "SSE_CONFIG names the configuration" {
	printf '[a]\nsource = %s\n' "$LOG" >sse.conf
	streamed 'line 2' SSE_CONFIG="$DIR/sse.conf" --
}
