#!/usr/bin/env bats
#
# A server that holds the stream back: what the man page gives to see it has to
# see it, and what it says to write has to help.

load helper
load cgi

MANUAL=$srcdir/cgi/sse-cgi.1

# begin SERVER: with a heartbeat that lets curl see that nobody reads on.
begin() {
	need curl node
	append 'line 1'
	place app <<-END
		#!$PROGRAM -f
		source = $LOG
		heartbeat = 500ms
	END
	start_server "$1"
}

# diagnosis SECONDS [--compressed]: the command of the man page, on this server,
# without that option unless it is given.
diagnosis() {
	local seconds=$1 command

	shift
	command=$(sed -n 's/^\.Dl \$ \(curl .*\)/\1/p' "$MANUAL")
	[[ $command == *' --compressed --max-time 5 http://localhost/'* ]]
	command=${command/max-time 5/max-time $seconds}
	command=${command/http:\/\/localhost/$URL}
	command=${command/ --compressed/${1:+ $1}}
	echo "$command"
	run sh -c "$command"
}

streams() {
	diagnosis "$DEADLINE" "$@"
	assert_output --regexp '^: ssekit '
}

held_back() {
	diagnosis 2 "$@"
	assert_output ''
}

# manual_has TEXT: what the tests write is what the page says.
manual_has() {
	grep -qxF -e "$1" "$MANUAL"
}

@test "lighttpd holds back what it is not told to pass on" {
	WITHOUT=stream-response-body begin lighttpd
	held_back
	stop_server
	grep -q stream-response-body server.conf && fail "$(cat server.conf)"
	manual_has '    server.stream-response-body = 2'
	start_server lighttpd
	streams
	streams --compressed
}

@test "fcgiwrap holds back what it is not told to pass on" {
	WITHOUT=NO_BUFFERING begin nginx-fcgiwrap
	held_back
	stop_server
	manual_has 'fastcgi_param NO_BUFFERING 1;'
	start_server nginx-fcgiwrap
	streams
	streams --compressed
}

@test "mod_deflate holds back what it compresses" {
	local deflate='<Location /cgi-bin/>
		SetOutputFilter DEFLATE
		</Location>'

	EXTRA=$deflate begin apache-event
	# It is the compression: without it the stream comes.
	held_back --compressed
	streams
	stop_server
	manual_has 'SetEnvIf Request_URI ^/cgi-bin/ no-gzip no-brotli'
	EXTRA="$deflate
		LoadModule setenvif_module modules/mod_setenvif.so
		SetEnvIf Request_URI ^/cgi-bin/ no-gzip no-brotli" \
		start_server apache-event
	streams --compressed
}

@test "Apache and busybox hold nothing back" {
	local server

	for server in apache-event busybox; do
		begin "$server"
		streams --compressed
		stop_server
	done
}
