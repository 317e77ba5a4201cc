#!/usr/bin/env bats
#
# sse-cgi by itself, with the variables that a web server would set.

load helper

prepare() {
	append 'line 1' 'line 2'
}

# stream NAME [VARIABLE=VALUE]... -- ARGUMENT...: the program in the
# background, with its output in NAME.out.
stream() {
	local name=$1 variables=()

	shift
	while [ "$1" != -- ]; do
		variables+=("$1")
		shift
	done
	shift
	start "$name" "${CGI[@]}" "${variables[@]}" "$PROGRAM" "$@"
}

# answer [VARIABLE=VALUE]... -- ARGUMENT...: the same to its end, by `run`.
answer() {
	local variables=()

	while [ "$1" != -- ]; do
		variables+=("$1")
		shift
	done
	shift
	run --separate-stderr timeout "$DEADLINE" "${ORDINARY[@]}" \
		"${CGI[@]}" "${variables[@]}" "$PROGRAM" "$@"
}

# streamed TEXT [VARIABLE=VALUE]... -- ARGUMENT...: what comes until there is an
# event with that data, in answer.out, byte for byte.
streamed() {
	local text=$1

	shift
	stream answer "$@"
	wait_until "$DEADLINE" has answer.out "$text"
	kill -KILL -- "-$PID"
	wait_until "$DEADLINE" gone "$PID"
}

# An answer with a status, for people: one line of plain text.
status_and_line() {
	assert_line --index 0 --regexp "^Status: $1 "
	assert_line --regexp '^Content-Type: text/plain'
	run awk 'body { print } $0 == "\r" { body = 1 }' <<<"$output"
	assert_equal "${#lines[@]}" 1
	refute_output --partial "$DIR"
}

# ------------------------------------------------------------- command line --

@test "--version and --help" {
	run "$PROGRAM" --version
	assert_success
	assert_output --regexp '^ssekit [0-9]+\.[0-9]+\.[0-9]+'
	run "$PROGRAM" -h
	assert_success
	assert_output --partial --heartbeat
	assert_output --partial --rotate-wait
}

@test "--check prints every value and where it came from" {
	cat >sse.conf <<-END
		heartbeat = 20s
		[access]
		source = $LOG
		from = end
	END
	run "$PROGRAM" --check -f sse.conf
	assert_success
	assert_line '[access]'
	assert_line "source = $LOG"
	assert_line 'from = end'
	assert_line --regexp '^heartbeat = 20s?$'
	assert_line --regexp '^; .*sse\.conf:1'
	assert_line --regexp '^; default'
	printf '%s\n' "$output" >again.conf
	run "$PROGRAM" --check -f again.conf
	assert_success
	assert_line 'from = end'
}

@test "wrong use: one line on what is allowed, exit 100" {
	local arguments

	for arguments in --heartbeat=often --heartbeat=0.5s --from=middle \
		--no-such-key=1 --record-max=-1 --format=xml --flush=never \
		--follow=maybe --config=/nonexistent/sse.conf; do
		run --separate-stderr "$PROGRAM" "$arguments" "$LOG"
		assert_equal "$status" 100
		assert_output ''
		assert_equal "${#stderr_lines[@]}" 1
		answer -- "$arguments" "$LOG"
		assert_equal "$status" 100
		status_and_line 500
	done
}

# refused LINE WHAT EXPRESSION: a configuration with the text of WHAT.
refused() {
	printf '%s\n' "$2" >bad.conf
	run --separate-stderr "$PROGRAM" --check -f bad.conf
	assert_equal "$status" 100
	assert_output ''
	assert_equal "${#stderr_lines[@]}" 1
	output=$stderr
	assert_output --regexp "bad\.conf:$1[: ].*$3"
}

@test "a bad configuration: file, line, key and what is allowed" {
	refused 2 "[a]
heartbeet = 1s" heartbeet
	refused 2 "source = $LOG
heartbeat = soon" heartbeat
	refused 3 "source = $LOG
retry = 1s
retry = 2s" retry
	refused 1 "[no/name]
source = $LOG" no/name
	refused 3 "[a]
source = $LOG
[a]
source = $LOG" a
	refused 1 'a line without the sign' '='
	refused 2 "source = $LOG
heartbeat = 1ms" heartbeat
}

@test "on a terminal a file is streamed to the screen" {
	start screen script -qec "$PROGRAM $LOG" typescript
	wait_until "$DEADLINE" grep -q 'data: line 2' screen.out
}

# ---------------------------------------------------------------- requests --

@test "GET: the head, the first bytes, the last ten records" {
	seq -f 'number %g' 12 >"$LOG"
	streamed 'number 12' -- "$LOG"
	run cat answer.out
	assert_line --index 0 $'Content-Type: text/event-stream; charset=utf-8\r'
	refute_line --partial 'Status: 5'
	run messages answer.out
	assert_equal "$output" "$(seq -f 'number %g' 3 12)"
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

@test "standard input is streamed to its end" {
	printf 'one\ntwo\nhalf' >input
	answer -- - <input
	assert_success
	printf '%s\n\n' "$output" >answer.out
	run messages answer.out
	assert_output $'one\ntwo\nhalf'
}

@test "a FIFO is streamed, from one writer after the other" {
	mkfifo -m 666 fifo
	stream client -- "$DIR/fifo"
	wait_until "$DEADLINE" grep -q '^id: ' client.out
	printf 'one\n' >fifo
	wait_until "$DEADLINE" has client.out one
	printf 'two\n' >fifo
	wait_until "$DEADLINE" has client.out two
}

@test "a FIFO that comes after its client is streamed" {
	stream client -- "$DIR/fifo"
	wait_until "$DEADLINE" grep -q '^id: ' client.out
	mkfifo -m 666 fifo
	# The first writer waits for its reader.
	timeout "$DEADLINE" sh -c 'echo one >fifo'
	wait_until "$DEADLINE" has client.out one
	timeout "$DEADLINE" sh -c 'echo two >fifo'
	wait_until "$DEADLINE" has client.out two
	run messages client.out
	assert_output $'one\ntwo'
	run gaps client.out
	assert_output ''
	run cat client.err
	assert_output ''
	# It has the lock as one that was there before.
	answer -- "$DIR/fifo"
	assert_line --regexp '^Retry-After: [234][0-9]'
}

@test "a FIFO in place of a log is told once, and the log goes on" {
	stream client -- --heartbeat=100ms "$LOG"
	wait_until "$DEADLINE" has client.out 'line 2'
	mv "$LOG" "$LOG.1"
	mkfifo -m 666 "$LOG"
	wait_until "$DEADLINE" grep -q "$LOG: Neither" client.err
	# A line that comes late is another reason to look.
	echo 'line 3' >>"$LOG.1"
	wait_until "$DEADLINE" has client.out 'line 3'
	wait_until "$DEADLINE" comments_are client.out \
		$(($(grep -c '^:' client.out) + 5))
	run cat client.err
	assert_equal "${#lines[@]}" 1
	rm "$LOG"
	append 'line 4'
	wait_until "$DEADLINE" has client.out 'line 4'
}

# Hundredths of a second that a process has computed.
computed() {
	awk '{ print $14 + $15 }' "/proc/$1/stat"
}

@test "a FIFO that may only be read: writers come and go, one client" {
	local i before

	[ "$(id -u)" = 0 ] || skip "only root can write where it may not"
	mkfifo -m 444 fifo
	stream client -- --heartbeat=100ms "$DIR/fifo"
	wait_until "$DEADLINE" grep -q '^id: ' client.out
	for i in 1 2 3; do
		echo "writer $i" >fifo
		wait_until "$DEADLINE" has client.out "writer $i"
		answer -- "$DIR/fifo"
		assert_line --index 0 --regexp '^Content-Type: text/event-stream'
		assert_line --regexp '^Retry-After: [234][0-9]'
	done
	run messages client.out
	assert_output $'writer 1\nwriter 2\nwriter 3'
	# At its end it waits, and does not turn.
	before=$(computed "$PID")
	wait_until "$DEADLINE" comments_are client.out \
		$(($(grep -c '^:' client.out) + 10))
	(($(computed "$PID") - before < 20))
}

# comments_are FILE COUNT: at least so many in all, heartbeats among them.
comments_are() {
	[ "$(grep -c '^:' "$1")" -ge "$2" ]
}

@test "standard input has no stream file" {
	refused 2 "[a]
source = -" path
	printf '#!%s -f\nsource = -\n' "$PROGRAM" >bad
	answer -- -f bad <<<line
	assert_equal "$status" 100
	status_and_line 500
	answer -- --source=- <<<line
	assert_success
	assert_line 'data: line'
	answer PATH_INFO=/name -- name=- <<<line
	assert_line 'data: line'
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

@test "nothing that a client sends is an argument" {
	local query

	for query in /etc/passwd --config+x '/etc/passwd+x*' \
		--source%3D/etc/passwd+%3B -f+/etc/passwd+%00; do
		answer "QUERY_STRING=$query" -- "$LOG" /etc/passwd
		status_and_line 400
		answer "QUERY_STRING=$query" -- --config x
		status_and_line 400
		answer "QUERY_STRING=$query" -- --source=/etc/passwd '\;'
		status_and_line 400
		answer "QUERY_STRING=$query" -- -f /etc/passwd ''
		status_and_line 400
		refute_output --partial root:
	done
}

# opens_nothing_of VARIABLE=VALUE [ARGUMENT]...: no system call has a path with
# "canary" in it, until the client is answered.
opens_nothing_of() {
	local variable=$1

	shift
	# LeakSanitizer cannot work under strace.
	start traced "${CGI[@]}" ASAN_OPTIONS=detect_leaks=0 "$variable" \
		strace -f -o trace.out -e trace=%file "$PROGRAM" "$LOG" "$@"
	wait_until "$DEADLINE" answer_complete traced.out
	grep -q "\"$LOG\"" trace.out || grep -q '^Status: [45]' traced.out
	run grep -v execve trace.out
	refute_output --partial canary
	stop_all
}

answer_complete() {
	has "$1" 'line 2' || grep -q '^Status: [45]' "$1"
}

@test "no path that a client sends is opened" {
	need strace
	local canary=$DIR/canary variable

	echo secret >canary
	for variable in "PATH_INFO=$canary" "PATH_TRANSLATED=$canary" \
		"QUERY_STRING=stream=$canary" \
		"QUERY_STRING=source=$canary&config=$canary" \
		"HTTP_LAST_EVENT_ID=$canary" "HTTP_HOST=$canary" \
		"REQUEST_URI=$canary" "HTTP_SSE_CONFIG=$canary" \
		"HTTP_ACCEPT=$canary" "REQUEST_METHOD=$canary"; do
		opens_nothing_of "$variable"
	done
	# As Apache does with a query without "=".
	opens_nothing_of "QUERY_STRING=$canary" "$canary"
	opens_nothing_of "QUERY_STRING=--config+$canary" --config "$canary"
	opens_nothing_of "QUERY_STRING=--log%3D$canary" "--log=$canary"
}

@test "the socket gets its owner and mode by no call that follows a link" {
	need strace

	start socket strace -f -o trace.out \
		-e trace=listen,chmod,fchmodat,chown,fchownat,lchown \
		env ASAN_OPTIONS=detect_leaks=0 "$builddir/fcgi/sse-fcgi" \
		--listen "unix:$DIR/s,mode=0666,user=$(stat -c %u .)" "$LOG"
	wait_until "$DEADLINE" grep -q 'listen(' trace.out
	[ "$(stat -c %a s)" = 666 ]
	grep -q 'fchownat(.*NOFOLLOW' trace.out
	run grep -E '(chmod|chmodat|chown|fchownat)\(' trace.out
	refute_output --regexp '"[^"]+"'
	stop_all
}

@test "a hostile id: 200, a gap and the stream" {
	local id

	for id in x 0 -1 .-. 0.0-0-0 0.0-99999999999999999999-0 \
		"$(head -c 100000 /dev/zero | tr '\0' 7)" '%s%n' $'a\tb' \
		$'\377\376' /etc/passwd; do
		streamed 'line 2' "HTTP_LAST_EVENT_ID=$id" -- "$LOG"
		run gaps answer.out
		assert_output --regexp '^\{"reason":"unknown"'
		run messages answer.out
		assert_output $'line 1\nline 2'
	done
}

# ----------------------------------------------------------------- sources --

@test "a directory, a device, what leads through a file: 500, the reason logged" {
	local path

	mkdir folder
	for path in "$DIR/folder" /dev/null /dev/zero "$LOG/x"; do
		answer -- s="$path"
		[[ $stderr == *"$path"* ]] || fail "not logged: $stderr"
		assert_equal "${#stderr_lines[@]}" 1
		status_and_line 500
	done
}

@test "CR, NUL and invalid UTF-8: delivered, with the next line intact" {
	printf 'a\rb\nwith\0nul\nbad \377\376 \303( end\nlast\n' >"$LOG"
	streamed last -- "$LOG"
	# awk would stop at the NUL.
	tr '\0' '@' <answer.out >visible.out
	run messages visible.out
	assert_line --index 0 'a\nb'
	assert_line --index 1 'with@nul'
	assert_line --index 2 $'bad \ufffd\ufffd \ufffd( end'
	assert_line --index 3 last
	assert_equal "${#lines[@]}" 4
	iconv -f UTF-8 -t UTF-8 answer.out >/dev/null
}

@test "ansi: colours of a line are left out, or kept" {
	local red=$'\e[31mred\e[0m \e]0;title\ais \xc2\x9b1mbold'

	printf '%s\n' "$red" 'the end' >"$LOG"
	streamed 'the end' -- "$LOG"
	run messages answer.out
	assert_output $'red is bold\nthe end'
	streamed 'the end' -- --ansi=keep "$LOG"
	run messages answer.out
	assert_output "$red"$'\nthe end'
	# What rings, moves, or changes the letters or their order.
	printf '%s\n' $'a\a\b\x0eb\x7fc\xe2\x80\xaed' 'the end' >"$LOG"
	streamed 'the end' -- "$LOG"
	run messages answer.out
	assert_output $'abcd\nthe end'
	run "$PROGRAM" --check --ansi=html "$LOG"
	assert_failure 100
	assert_output --partial '"html" is not one of: strip, keep'
}

@test "include and exclude: what they let through; the position of the rest" {
	local id

	printf '%s\n' 'GET /a' 'HEAD /b' 'GET /health' 'POST /c' 'HEAD /d' >"$LOG"
	streamed 'POST /c' -- --from=start --include='^(GET|POST)[ ]' \
		--exclude=/health "$LOG"
	run messages answer.out
	assert_output $'GET /a\nPOST /c'
	# Nothing comes but an id: behind what was filtered.
	stream answer -- --from=start --include='^never' --heartbeat=100ms \
		"$LOG"
	wait_until "$DEADLINE" moved
	kill -KILL -- "-$PID"
	id=$(last_id answer.out)
	echo 'HEAD /e' >>"$LOG"
	streamed 'HEAD /e' "HTTP_LAST_EVENT_ID=$id" -- "$LOG"
	run messages answer.out
	assert_output 'HEAD /e'
	run "$PROGRAM" --check --include='a(' "$LOG"
	assert_failure 100
	assert_output --partial 'include: "a(" is no regular expression: missing'
}

@test "a search that is given up is told once; its record is sent, or begins" {
	local hard=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!

	printf '%s\n' "$hard" "$hard" end >"$LOG"
	streamed end -- --from=start --log="$DIR/own.log" --exclude='(a+)+$' \
		"$LOG"
	run messages answer.out
	assert_output "$hard"$'\n'"$hard"$'\nend'
	run cat "$DIR/own.log"
	assert_output --partial ': exclude: a search reached its limit of steps'
	assert_output --partial 'given up: the record is sent (this is said once)'
	assert_equal "${#lines[@]}" 1
	rm "$DIR/own.log"
	streamed end -- --from=start --log="$DIR/own.log" \
		--record-start='^end|(a+)+$' "$LOG"
	run messages answer.out
	assert_output "$hard"$'\n'"$hard"$'\nend'
	run cat "$DIR/own.log"
	assert_output --partial ': record-start: a search reached its limit'
	assert_output --partial 'given up: the line begins a record (this is'
	assert_equal "${#lines[@]}" 1
}

# The last id is behind the whole log.
moved() {
	last_id answer.out | grep -q -- "-$(wc -c <"$LOG")-"
}

@test "what looks like fields is data" {
	append 'id: 1' 'event: evil' 'data: x' ': comment' '' 'retry: 1'
	streamed 'retry: 1' -- "$LOG"
	run cat answer.out
	assert_line 'data: id: 1'
	assert_line 'data: event: evil'
	assert_line 'data: data: x'
	assert_line 'data: : comment'
	assert_line 'data: retry: 1'
	assert_line --regexp '^data: ?$'
	refute_line 'event: evil'
	refute_line 'retry: 1'
}

# The most memory that a process has had, in KiB.
memory_kib() {
	awk '/^VmHWM/ { print $2 }' "/proc/$1/status"
}

@test "a line of 64 MiB without an end: bounded memory, the next line intact" {
	local before after

	stream big -- --from=end "$LOG"
	wait_until "$DEADLINE" grep -q '^id: ' big.out
	append small
	wait_until "$DEADLINE" has big.out small
	before=$(memory_kib "$PID")
	head -c 64M /dev/zero | tr '\0' 'x' >>"$LOG"
	append '' 'next line'
	wait_until 60 has big.out 'next line'
	after=$(memory_kib "$PID")
	echo "# $before KiB before, $after KiB after"
	((after - before < 16384))
	run messages big.out
	assert_equal "${#lines[@]}" 3
	# record-max, of which the rest is left out; a comment says so.
	((${#lines[1]} <= 262144 && ${#lines[1]} > 200000))
	grep -q '^:.*[0-9]' big.out
}

@test "a line of 10 MiB stays whole up to record-max" {
	head -c 10M /dev/zero | tr '\0' 'y' >"$LOG"
	append '' after
	streamed after -- --record-max=64K \
		--replay=64M "$LOG"
	run messages answer.out
	assert_line --index 1 after
	((${#lines[0]} <= 65536 && ${#lines[0]} > 65000))
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

# --------------------------------------------------------------- life time --

@test "heartbeats come when nothing else does" {
	stream quiet -- --heartbeat=100ms "$LOG"
	wait_until "$DEADLINE" has quiet.out 'line 2'
	wait_until "$DEADLINE" heartbeats_are quiet.out 3
	append 'line 3'
	wait_until "$DEADLINE" has quiet.out 'line 3'
}

# heartbeats_are FILE COUNT: at least so many since line 2.
heartbeats_are() {
	[ "$(sed '1,/^data: line 2/d' "$1" | grep -c '^:')" -ge "$2" ]
}

@test "TERM and HUP end it" {
	local signal

	for signal in TERM HUP; do
		stream client -- "$LOG"
		wait_until "$DEADLINE" has client.out 'line 2'
		kill "-$signal" "$PID"
		wait_until "$DEADLINE" gone "$PID"
	done
}

@test "a reader that has gone ends it" {
	mkfifo -m 666 pipe
	start program "${CGI[@]}" sh -c "exec $PROGRAM --heartbeat=1h $LOG >pipe"
	run -0 sed '/line 2/q' pipe
	# The reader has closed the pipe: nothing needs to be written.
	wait_until "$DEADLINE" gone "$PID"
}

@test "a reader that takes nothing is left after write-timeout" {
	local reader

	head -c 4M /dev/zero | tr '\0' '\n' >>"$LOG"
	mkfifo -m 666 pipe
	start program "${CGI[@]}" sh -c "exec $PROGRAM --from=start \
		--write-timeout=300ms $LOG >pipe"
	exec {reader}<pipe
	wait_until "$DEADLINE" gone "$PID"
	exec {reader}<&-
}

# --------------------------------------------------- what mini_httpd leaves --

@test "stderr that is stdout is never written to" {
	run timeout "$DEADLINE" "${ORDINARY[@]}" "${CGI[@]}" \
		"$PROGRAM" --heartbeat=often "$LOG"
	status_and_line 500
	run timeout "$DEADLINE" "${ORDINARY[@]}" "${CGI[@]}" "$PROGRAM" s=/dev
	status_and_line 500
}

@test "stderr that is stdout: nothing of the log in a stream" {
	local merge

	# Once beside the stream, to see that there is something to tell.
	for merge in '' '2>&1'; do
		append 'line 1' 'line 2'
		start client "${CGI[@]}" sh -c "exec \"\$@\" $merge | cat" sh \
			"$PROGRAM" --heartbeat=100ms "$LOG"
		wait_until "$DEADLINE" has client.out 'line 2'
		mv "$LOG" "$LOG.1"
		mkdir "$LOG"
		if [ -z "$merge" ]; then
			wait_until "$DEADLINE" grep -q "$LOG" client.err
		else
			wait_until "$DEADLINE" heartbeats_are client.out 5
			run cat client.out
			refute_output --partial "$LOG"
			refute_output --partial sse-cgi:
		fi
		rmdir "$LOG"
		kill -KILL -- "-$PID"
	done
}

@test "a pending alarm does not end it" {
	# shellcheck disable=SC2016 # for perl
	start client "${CGI[@]}" perl -e 'alarm 1; exec @ARGV' \
		"$PROGRAM" --heartbeat=100ms "$LOG"
	wait_until "$DEADLINE" has client.out 'line 2'
	# More than a second.
	wait_until "$DEADLINE" heartbeats_are client.out 15
	append 'line 3'
	wait_until "$DEADLINE" has client.out 'line 3'
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
