# both.bash - both programs with one configuration, sse.conf, whose stream log
# is asked for.
# shellcheck disable=SC2034,SC2153,SC2154 # the tests use what is here

PROGRAMS=(sse-cgi sse-fcgi)

# stream_from WHICH NAME [ID [QUERY [OPTION]...]]: an answer of one of the two,
# in NAME.out; the options are those of fcgi-get.
stream_from() {
	local which=$1 name=$2 id=${3:-} query=${4:-}

	shift $(($# < 4 ? $# : 4))
	if [ "$which" = sse-cgi ]; then
		start "$name" "${CGI[@]}" "HTTP_LAST_EVENT_ID=$id" \
			"QUERY_STRING=$query" "HTTP_ORIGIN=${ORIGIN:-}" \
			"$PROGRAM" -f sse.conf
		return
	fi
	[ -S sse.sock ] || {
		cp "$builddir/fcgi/sse-fcgi" cgi-bin/sse-fcgi
		start_worker
	}
	start "$name" "$srcdir/tests/tools/fcgi-get" "--query=$query" \
		"--origin=${ORIGIN:-}" "$@" "$DIR/sse.sock" log ${id:+"$id"}
}

# The next stream_from has a worker of its own.
stop_both() {
	stop_all
	rm -f "$DIR/sse.sock"
}
