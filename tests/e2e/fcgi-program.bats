#!/usr/bin/env bats
#
# sse-fcgi by itself: what an administrator gives it, and what it says.

load helper

prepare() {
	cp "$builddir/fcgi/sse-fcgi" "$DIR/cgi-bin/sse-fcgi"
	WORKER=$DIR/cgi-bin/sse-fcgi
	SOCKET=$DIR/socket
	append 'line 1'
}

# worker ARGUMENT...: to its end, by `run`.
worker() {
	run --separate-stderr timeout "$DEADLINE" "${ORDINARY[@]}" \
		"$WORKER" "$@" </dev/null
}

# refused LINE ARGUMENT...: wrong use: one line, exit 100, nothing served.
refused() {
	local line=$1

	shift
	worker "$@"
	assert_equal "$status" 100
	assert_equal "$output" ''
	# shellcheck disable=SC2154 # by run
	assert_equal "$stderr" "sse-fcgi: $line"
	[ ! -S "$SOCKET" ]
}

# serves ARGUMENT...: the worker in the background, listening.
serves() {
	start worker "$WORKER" --listen "unix:$SOCKET" "$@"
	wait_until "$DEADLINE" test -S "$SOCKET"
	WORKER_PID=$PID
}

has_ended() {
	wait_until "$DEADLINE" gone "$WORKER_PID"
}

@test "version and help" {
	worker --version
	assert_success
	assert_output --regexp '^ssekit [0-9.]+$'
	worker --help
	assert_success
	assert_output --partial 'Usage: sse-fcgi [OPTION]... [[NAME=]SOURCE]...'
	assert_output --partial '--listen ADDRESS'
	assert_output --partial '--max-clients N'
}

@test "--check prints the values of the worker and of its streams" {
	printf '%s\n' 'listen = unix:/run/s' 'readers = 3' '[a]' \
		"source = $LOG" 'record-max = 1M' >conf
	: >"$LOG"
	worker -f conf --max-clients 5 --check
	assert_success
	assert_line 'listen = unix:/run/s'
	assert_line '; conf:1'
	assert_line 'readers = 3'
	assert_line 'max-clients = 5'
	assert_line 'backlog = 8M'
	assert_line 'stream-clients = 0'
}

@test "without a socket it says how to start it" {
	refused 'there is no socket to listen at: give one with --listen, or start it with spawn-fcgi or systemd'"'"'s socket' "log=$LOG"
}

@test "addresses that are none" {
	refused '--listen: "socket" is neither unix:PATH[,mode=0660][,user=U][,group=G] nor tcp:HOST:PORT' \
		--listen socket "log=$LOG"
	refused '--listen: "unix:" has no path' --listen unix: "log=$LOG"
	refused '--listen: "unix:s,mode=9" has no mode from 0 to 0777' \
		--listen unix:s,mode=9 "log=$LOG"
	refused '--listen: "unix:s,user=no-such" names a user that is not known' \
		--listen unix:s,user=no-such "log=$LOG"
	refused '--listen: "tcp:80" is not tcp:HOST:PORT (an IPv6 address in brackets)' \
		--listen tcp:80 "log=$LOG"
	refused '--listen: "tcp:0.0.0.0:0" can be reached from other machines; set FCGI_WEB_SERVER_ADDRS to the addresses of the web servers that may connect' \
		--listen tcp:0.0.0.0:0 "log=$LOG"
}

@test "a file at the socket's path is never removed" {
	echo precious >"$SOCKET"
	worker --listen "unix:$SOCKET" "log=$LOG"
	assert_equal "$status" 100
	assert_equal "$stderr" \
		"sse-fcgi: --listen: \"unix:$SOCKET\" is there, and is no socket"
	assert_equal "$(cat "$SOCKET")" precious
}

@test "who is not in FCGI_WEB_SERVER_ADDRS is refused, with one line" {
	local port peer

	port=$(free_port)
	start worker env FCGI_WEB_SERVER_ADDRS='10.0.0.1, ::1' "$WORKER" \
		--listen "tcp:127.0.0.1:$port" --log "$DIR/worker.log" "log=$LOG"
	wait_until "$DEADLINE" test -f worker.log
	for _ in 1 2; do
		exec {peer}<>"/dev/tcp/127.0.0.1/$port"
		# It is closed by the worker.
		run timeout "$DEADLINE" cat <&"$peer"
		assert_output ''
		exec {peer}<&-
	done
	run grep -c 'not in FCGI_WEB_SERVER_ADDRS may not connect' worker.log
	assert_output 1
}

@test "a socket in use is left alone, and one that nobody listens at is not" {
	serves "log=$LOG"
	worker --listen "unix:$SOCKET" "log=$LOG"
	assert_equal "$status" 100
	assert_equal "$stderr" \
		"sse-fcgi: --listen: \"unix:$SOCKET\" is in use: another process listens there"
	kill -KILL "$WORKER_PID"
	has_ended
	test -S "$SOCKET"
	start worker "$WORKER" --listen "unix:$SOCKET,mode=0600" "log=$LOG"
	WORKER_PID=$PID
	wait_until "$DEADLINE" mode_is 600
	kill -TERM "$WORKER_PID"
	has_ended
	[ ! -e "$SOCKET" ]
}

mode_is() {
	[ "$(stat -c %a "$SOCKET")" = "$1" ]
}

@test "the mode of the socket is 0660 unless it is said" {
	serves "log=$LOG"
	wait_until "$DEADLINE" mode_is 660
}

@test "standard input cannot be the socket and a source" {
	need spawn-fcgi
	# spawn-fcgi hides standard error: the log is a file.
	"${ORDINARY[@]}" spawn-fcgi -s "$SOCKET" -- \
		"$WORKER" --log "$DIR/worker.log" - 3>&- {NEVER}>&- || true
	wait_until "$DEADLINE" grep -q 'sse-fcgi: "-": standard input is the socket to listen at, and cannot be a source; use --listen' \
		"$DIR/worker.log"
}

@test "more clients than there are descriptors" {
	run --separate-stderr timeout "$DEADLINE" "${ORDINARY[@]}" bash -c '
		ulimit -n 90 && exec "$@"' - \
		"$WORKER" --listen "unix:$SOCKET" --max-clients 37 "log=$LOG"
	assert_equal "$status" 100
	assert_equal "$stderr" \
		'sse-fcgi: --max-clients: 37 clients and 1 stream need 99 open files, and the limit is 90; raise LimitNOFILE= of the unit, or ulimit -n, or serve fewer clients or streams'
}

@test "a bad configuration serves nothing" {
	printf '%s\n' 'listen = unix:/run/s' '[a]' 'source = /log' \
		'backlog = 64K' >conf
	refused 'conf:4: backlog: is too small for stream "a": at least 2M, which is 8 times its record-max' \
		-f conf
}

ends_by() {
	serves "log=$LOG"
	TOOK=$(now_ms)
	kill -"$1" "$WORKER_PID"
	has_ended
	TOOK=$(($(now_ms) - TOOK))
	[ ! -e "$SOCKET" ]
}

@test "SIGTERM and SIGINT end it within a second, and its socket" {
	soon_enough 1000 ends_by TERM
	soon_enough 1000 ends_by INT
}

# sends SIGNAL: to a worker whose socket has just come, and that is not further.
sends() {
	rm -f worker.log
	ASAN_OPTIONS=detect_leaks=0 start worker strace -f -qq -o "$DIR/trace" \
		-e trace=listen -e inject=listen:delay_exit=300000 \
		"$WORKER" --listen "unix:$SOCKET" --log "$DIR/worker.log" \
		-f "$DIR/sse.conf"
	WORKER_PID=$PID
	wait_until "$DEADLINE" test -S "$SOCKET"
	pkill -"$1" -f "^$WORKER --listen"
}

@test "a signal that comes before it serves is obeyed as soon as it does" {
	local signal

	need strace
	printf '[log]\nsource = %s\n' "$LOG" >sse.conf
	for signal in TERM INT; do
		sends "$signal"
		has_ended
		[ ! -e "$SOCKET" ]
	done
	sends HUP
	wait_until "$DEADLINE" grep -q 'read anew' worker.log
	pkill -TERM -f "^$WORKER --listen"
	has_ended
}

@test "a log that cannot be written to is wrong use" {
	refused "--log: $DIR/no/log: No such file or directory" \
		--listen "unix:$SOCKET" --log "$DIR/no/log" "log=$LOG"
}
