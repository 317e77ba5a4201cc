# fcgi.bash - sse-fcgi behind a real web server, with the configuration of
# examples/.
#
# The streams are log (a file), fifo, closed (a folder, which cannot be opened)
# and cors (a file, with an origin).
# shellcheck disable=SC2034,SC2154,SC2119,SC2120 # the tests use what is here

WORKER_OPTIONS=()

# start_worker [OPTION]...: sets WORKER_PID.
start_worker() {
	rm -f "$DIR/sse.sock"
	start worker "$DIR/cgi-bin/sse-fcgi" \
		--listen "unix:$DIR/sse.sock,mode=0666" \
		--log "$DIR/worker.log" "${WORKER_OPTIONS[@]}" "$@" \
		-f "$DIR/sse.conf"
	WORKER_PID=$PID
	wait_until "$DEADLINE" socket_answers "$DIR/sse.sock"
	wait_until "$DEADLINE" is_ready
}

kill_worker() {
	kill -KILL -- "-$WORKER_PID"
	wait_until "$DEADLINE" gone "$WORKER_PID"
}

# start_site SERVER [OPTION]...: a worker with the options, and the server.
start_site() {
	need curl node
	SERVER=$1
	shift
	cp "$builddir/fcgi/sse-fcgi" "$DIR/cgi-bin/sse-fcgi"
	mkdir "$DIR/folder"
	mkfifo -m 666 "$DIR/fifo"
	append 'line 1' 'line 2'
	cat >"$DIR/sse.conf" <<-END
		heartbeat = 500ms
		rotate-wait = 100ms
		[log]
		source = $LOG
		[fifo]
		source = $DIR/fifo
		[closed]
		source = $DIR/folder
		[cors]
		source = $LOG
		origin = https://app.example
	END
	WORKER_OPTIONS=("$@")
	start_worker
	start_server "fcgi-$SERVER"
}

# stream NAME PATH [OPTION]...: curl in the background, answer in NAME.out.
stream() {
	local name=$1 path=$2

	shift 2
	start "$name" curl -sSN --max-time "$DEADLINE" "$@" "$URL/sse/$path"
}

# answer PATH [OPTION]...: what ends by itself; the head is in answer.head.
answer() {
	local path=$1

	shift
	run curl -sS --max-time "$DEADLINE" -D "$DIR/answer.head" "$@" \
		"$URL/sse/$path"
	assert_success
}

status_is() {
	head -n 1 "$DIR/answer.head" | grep -q "^HTTP/1.1 $1 " ||
		fail "$(cat "$DIR/answer.head")"
}

head_has() {
	tr -d '\r' <"$DIR/answer.head" | grep -qix -e "$1" ||
		fail "no $1 in: $(cat "$DIR/answer.head")"
}

# The connections that the worker has.
connections() {
	find "/proc/$WORKER_PID/fd" -lname 'socket:*' 2>/dev/null | wc -l
}

connections_are() {
	[ "$(connections)" -eq "$1" ]
}

# Its own socket is there before it serves: the pair to libfcgi comes last.
is_ready() {
	[ "$(connections)" -ge 3 ]
}

# idle_connections: those of a worker that serves, and that nobody asks.
idle_connections() {
	wait_until "$DEADLINE" is_ready
	connections
}
