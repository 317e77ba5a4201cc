#!/usr/bin/env bats
#
# sse-cgi as a process: what ends it and what does not, and what a web server
# leaves it.

load helper
load program

# heartbeats_are FILE COUNT: at least so many since line 2.
heartbeats_are() {
	[ "$(sed '1,/^data: line 2/d' "$1" | grep -c '^:')" -ge "$2" ]
}

@test "heartbeats come when nothing else does" {
	stream quiet -- --heartbeat=100ms "$LOG"
	wait_until "$DEADLINE" has quiet.out 'line 2'
	wait_until "$DEADLINE" heartbeats_are quiet.out 3
	append 'line 3'
	wait_until "$DEADLINE" has quiet.out 'line 3'
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

# listen_as SOCKET: writes down what it is sent.
listen_as() {
	# shellcheck disable=SC2016 # of JavaScript
	start peer node -e 'require("node:net").createServer((peer) =>
		peer.on("data", (bytes) => process.stdout.write(bytes)))
		.listen(process.argv[1])' "$1"
	wait_until "$DEADLINE" test -S "$1"
}

@test "standard descriptors that are closed are nothing else" {
	need node
	# Nothing of the answer goes to what was opened in their place.
	listen_as "$DIR/peer.sock"
	chmod 666 peer.sock
	run timeout "$DEADLINE" "${ORDINARY[@]}" bash -c 'exec "$@" 0<&- 1>&-' - \
		"$PROGRAM" "redis:unix:$DIR/peer.sock#key"
	assert_success
	wait_until "$DEADLINE" grep -q XREVRANGE peer.out
	refute grep -q Content-Type peer.out
	# What is closed cannot be read, either.
	start closed bash -c 'exec "$@" 0<&- 2>&1' - "$PROGRAM" -
	wait_until "$DEADLINE" grep -q "Bad file descriptor" closed.out
}

@test "they are nothing else in a root without /dev/null, either" {
	need strace
	# LeakSanitizer cannot work under strace.
	run timeout "$DEADLINE" bash -c 'exec "$@" 0<&- 2>&-' - \
		env ASAN_OPTIONS=detect_leaks=0 \
		strace -o trace -P /dev/null -e trace=open,openat,openat2 \
		-e inject=open,openat,openat2:error=ENOENT \
		"$PROGRAM" --follow=no "$LOG"
	assert_success
	assert_line 'data: line 2'
	run -0 grep -c INJECTED trace
	assert_output 2
}

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

@test "an output and a log that may not grow end nothing by a signal" {
	# shellcheck disable=SC2016 # of that shell
	run timeout "$DEADLINE" "${CGI[@]}" bash -c 'ulimit -c 0; ulimit -f 0
		exec "$@" >out' - "$PROGRAM" --log "$DIR/own.log" "$LOG"
	assert_failure 111
	# shellcheck disable=SC2016 # of that shell
	run timeout "$DEADLINE" "${CGI[@]}" bash -c 'ulimit -c 0; ulimit -f 0
		exec "$@"' - "$PROGRAM" --log "$DIR/own.log" a=/etc
	assert_failure 111
	assert_line --partial 'has no log that says why'
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

# What is not a stream, too; perl may have no signal ignored for it.
@test "a client that has gone before its answer ends nothing by a signal" {
	local given

	need perl
	append 'line 1'
	for given in HTTP_ACCEPT=text/html PATH_INFO=/none REQUEST_METHOD=PUT; do
		# shellcheck disable=SC2016 # for perl
		run -0 perl -e '$SIG{PIPE} = "DEFAULT";
			pipe(READ, WRITE) && close(READ) &&
			open(STDOUT, ">&", WRITE) && exec @ARGV or die' \
			"${CGI[@]}" "$given" "$PROGRAM" "$LOG"
	done
}
