# crowd.bash - subscribers of one sse-fcgi, on its socket, without a web server.
# shellcheck disable=SC2034,SC2154,SC2120,SC2119 # the tests use what is here

prepare() {
	cp "$builddir/fcgi/sse-fcgi" "$DIR/cgi-bin/sse-fcgi"
	CROWD=$builddir/tests/tools/fcgi-crowd
	: >"$LOG"
	LINE=0
	configure
}

# configure [KEY=VALUE]...: of the stream.
configure() {
	printf '%s\n' rotate-wait=100ms "$@" '[log]' "source = $LOG" \
		>"$DIR/sse.conf"
}

# write_lines N [BYTES]: so many more lines to the log, padded to that size.
write_lines() {
	local i

	for ((i = 0; i < $1; i++)); do
		printf 'line %d %0*d\n' $((LINE++)) "${2:-40}" 0
	done >>"$LOG"
}

# The number of the line that is written next.
next_line_is() {
	LINE=$1
}

# crowd LAST [OPTION]...: in the background, until it is ready.
crowd() {
	local last=$1

	shift
	# Not as another user: it raises its own limit of descriptors.
	start crowd "$CROWD" --seconds 100 "$@" "$DIR/sse.sock" log "$last"
	CROWD_PID=$PID
	wait_until "$DEADLINE" grep -qx ready crowd.out
}

# Every one of them got every line once.
all_is_well() {
	wait_until "$DEADLINE" gone "$CROWD_PID"
	run tail -n 1 crowd.out
	echo "# $output" >&3
	assert_output --regexp "^subscribers $1 complete $1 .* lost 0 repeated 0 "
}
