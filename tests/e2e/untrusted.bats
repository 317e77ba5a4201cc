#!/usr/bin/env bats
#
# Nothing that a client sends is a path, an argument or an id that is believed.

load helper
load program

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
