# cgi.bash - a web server with streams in its cgi-bin.
#
# Each stream is there three times: from the program itself, which finds its
# configuration in the environment (names one and two), as a stream file, and
# from a shell program.
# shellcheck disable=SC2034

# start_cgi_bin SERVER
start_cgi_bin() {
	need curl node
	SERVER=$1
	cat >"$DIR/sse.conf" <<-END
		heartbeat = 1s
		select = path query
		[one]
		source = $LOG
		[two]
		source = $DIR/second
	END
	place stream <<-END
		#!$PROGRAM -f
		source = $LOG
		heartbeat = 1s
	END
	place wrapper <<-END
		#!/bin/sh
		exec $PROGRAM --heartbeat=1s log=$LOG "\$@"
	END
	append 'line 1' 'line 2'
	printf 'second 1\n' >second
	case $SERVER in
	lighttpd)
		# It passes on what it would refuse by itself, such as %00.
		EXTRA="server.http-parseopts =
				( \"url-ctrls-reject\" => \"disable\" )
			server.modules += ( \"mod_setenv\" )
			setenv.add-environment =
				( \"SSE_CONFIG\" => \"$DIR/sse.conf\" )"
		;;
	apache-*)
		EXTRA="LoadModule env_module modules/mod_env.so
			SetEnv SSE_CONFIG $DIR/sse.conf"
		;;
	*)
		# These hand on their own environment.
		export SSE_CONFIG=$DIR/sse.conf
		;;
	esac
	# What a site may have: a module that compresses.
	if [ "$SERVER" = lighttpd ] &&
		[ -e /usr/lib/lighttpd/mod_deflate.so ]; then
		EXTRA+='
			server.modules += ( "mod_deflate" )
			deflate.mimetypes = ( "text/" )
			deflate.allowed-encodings = ( "gzip" )'
	fi
	start_server "$SERVER"
}

# logged TEXT: waits for it in what the server logs.
logged() {
	wait_until "$DEADLINE" grep -aq -e "$1" "$DIR/error.log" \
		"$DIR"/server*.err
}

# connect NAME PATH [OPTION]...: curl in the background, answer in NAME.out.
connect() {
	local name=$1 path=$2

	shift 2
	start "$name" curl -sSN --max-time "$DEADLINE" "$@" "$URL/cgi-bin/$path"
}

# answer PATH [OPTION]...: what ends by itself; the head is in answer.head.
answer() {
	local path=$1

	shift
	run curl -sS --max-time "$DEADLINE" -D "$DIR/answer.head" "$@" \
		"$URL/cgi-bin/$path"
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

# An answer for people: plain text, one line.
plain_line() {
	head_has 'content-type: text/plain.*'
	assert_equal "${#lines[@]}" 1
	refute_output --partial /
}

# program_ends PATH: the program of a client that has been killed.
program_ends() {
	connect client "$1"
	wait_until "$DEADLINE" has "$DIR/client.out" 'line 2'
	programs_are 1
	kill -KILL -- "-$PID"
	TOOK=$(now_ms)
	wait_until "$DEADLINE" programs_are 0
	TOOK=$(($(now_ms) - TOOK))
}
