#!/usr/bin/env bats
#
# The configurations of nginx in examples/ limit the connections of one address:
# the one too many is told to come back, and the others go on.

load helper
load fcgi

FEW=2

# configure_server EXAMPLE: with FEW connections for each address.
configure_server() {
	sed -e "s/limit_conn sse [0-9]*;/limit_conn sse $FEW;/" \
		"$srcdir/examples/$1" >"$DIR/server.conf"
	grep -q "limit_conn sse $FEW;" "$DIR/server.conf"
}

# told PATH [OPTION]...: the answer to one more, with its status first.
told() {
	local path=$1

	shift
	run curl -sS --max-time "$DEADLINE" -w '\n%{http_code} %{content_type}\n' \
		"$@" "$URL$path"
	assert_success
}

# hold PATH: FEW clients; LAST is one of them.
hold() {
	local i

	for ((i = 1; i <= FEW; i++)); do
		start "client$i" curl -sSN --max-time "$DEADLINE" "$URL$1"
		LAST=$PID
		wait_until "$DEADLINE" grep -qx 'data: line 2' "client$i.out"
	done
}

# the_limit_holds PATH
the_limit_holds() {
	local path=$1 i

	hold "$path"
	told "$path" -H 'Accept: text/event-stream'
	assert_line --regexp '^retry: 3[0-9]{4}$'
	assert_line '200 text/event-stream'
	refute_output --partial data:
	told "$path"
	assert_line 'Too many connections.'
	assert_line --partial '429 text/'
	# Another address is served, and what else there is.
	told /
	assert_line --partial '200 text/html'
	start other curl -sSN --max-time "$DEADLINE" --interface 127.0.0.2 "$URL$path"
	wait_until "$DEADLINE" grep -qx 'data: line 2' other.out
	# Those who were there go on.
	append 'line 3'
	for i in client1 client2 other; do
		wait_until "$DEADLINE" grep -qx 'data: line 3' "$i.out"
	done
	# One goes, and the next one has its place.
	kill -TERM -- "-$LAST"
	wait_until "$DEADLINE" is_served "$path"
}

is_served() {
	curl -sS --max-time 2 -H 'Accept: text/event-stream' "$URL$1" |
		grep -qx 'data: line 3'
}

@test "sse-fcgi: each address has so many connections" {
	echo '<p>page</p>' >page/index.html
	start_site nginx
	the_limit_holds /sse/log
}

@test "a cgi-bin: each address has so many connections" {
	need curl
	echo '<p>page</p>' >page/index.html
	append 'line 1' 'line 2'
	printf '%s\n' "#!$PROGRAM -f" "source = $LOG" >cgi-bin/log
	chmod 755 cgi-bin/log
	start_server nginx-fcgiwrap
	the_limit_holds /cgi-bin/log
}
