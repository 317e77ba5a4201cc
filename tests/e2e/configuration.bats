#!/usr/bin/env bats
#
# The examples of ssekit.conf(5), as they stand there but for their paths, which
# begin in a folder of the test: both programs take each, and serve it.

load helper

MANUAL=$srcdir/lib/ssekit.conf.5

prepare() {
	cp "$builddir/fcgi/sse-fcgi" "$DIR/cgi-bin/sse-fcgi"
	ROOT=$DIR/root
	SOCKET=$DIR/sse.sock
}

# example TITLE: the blocks below that heading in block.1 and so on; the last of
# them, in example.conf, is the configuration.
example() {
	awk -v title="$1" '
		/^\.S[hs] / { inside = substr($0, 5) == title }
		/^\.Ed/ { literal = 0 }
		inside && literal { print >("block." block) }
		/^\.Bd -literal/ { literal = inside; block += inside }
		END { exit !block }' "$MANUAL"
	sed -Ei -e 's/\\e/\\/g' -e 's/\\&//g' -e 's/\\-/-/g' \
		-e "s,^#!/usr/bin/,#!$DIR/cgi-bin/," \
		-e "s,^(source = |access_log |listen = unix:)/,\1$ROOT/," \
		block.*
	cp "$(printf '%s\n' block.* | tail -n 1)" example.conf
	sed -En 's,^(source = |access_log |listen = unix:)(/.*)/.*,\2,p' \
		block.* | xargs "${ORDINARY[@]}" mkdir -p
	both_take_it
}

# print_check READER FILE: 1 is of logs that are not there yet.
print_check() {
	"$DIR/cgi-bin/$1" --check -f "$2" 2>/dev/null || [ $? = 1 ]
}

# --check of both programs: the same, with each line of the file in it, and
# what is printed says the same when it is read.
both_take_it() {
	local reader line

	for reader in sse-cgi sse-fcgi; do
		print_check "$reader" example.conf >"$reader.check"
		print_check "$reader" "$reader.check" >again.check
		diff <(values "$reader.check") <(values again.check)
	done
	diff sse-cgi.check sse-fcgi.check
	while read -r line; do
		grep -qxF -e "$line" sse-cgi.check
	done < <(values example.conf)
}

# Without comments and empty lines.
values() {
	grep -v '^[;#]' "$1" | grep .
}

# source_of NAME: the path of that stream.
source_of() {
	sed -n "/^\[$1\]/,\$s/^source = //p" sse-cgi.check | head -n 1
}

begun() {
	grep -q '^retry: ' "$1"
}

# has_event FILE TYPE DATA: whether the file has such an event.
has_event() {
	# As a variable of awk, "\n" would become a line end.
	decode "$1" | type=$2 data=$3 awk -F '\t' '
		$1 == ENVIRON["type"] && $3 == ENVIRON["data"] { found = 1 }
		END { exit !found }'
}

# ask PROGRAM NAME [QUERY]: in the background, its answer in PROGRAM.out.
ask() {
	local reader=$1 name=$2 query=${3:-} listen options=()

	if [ "$reader" = sse-cgi ]; then
		start sse-cgi "${CGI[@]}" "PATH_INFO=/$name" \
			"QUERY_STRING=$query" "$PROGRAM" -f example.conf
	else
		listen=$(sed -n 's/^listen = unix:\([^,]*\).*/\1/p' example.conf)
		if [ -z "$listen" ]; then
			listen=$SOCKET
			options=(--listen "unix:$SOCKET")
		fi
		start worker "$DIR/cgi-bin/sse-fcgi" "${options[@]}" \
			-f example.conf
		wait_until "$DEADLINE" socket_answers "$listen"
		start sse-fcgi "$srcdir/tests/tools/fcgi-get" \
			"--query=$query" "$listen" "$name"
	fi
	wait_until "$DEADLINE" begun "$reader.out"
}

# serves NAME RECORD TYPE DATA: each program makes that event of the record.
serves() {
	local reader

	for reader in sse-cgi sse-fcgi; do
		ask "$reader" "$1"
		printf '%s\n' "$2" >>"$(source_of "$1")"
		wait_until "$DEADLINE" has_event "$reader.out" "$3" "$4"
		stop_all
	done
}

@test "the file format" {
	example 'FILE FORMAT'
	serves app 'line 1' message 'line 1'
}

@test "nginx: what its log_format writes is served, but not the streams" {
	local reader

	need nginx curl node
	example 'The access log of nginx'
	cat >nginx.conf <<-END
		daemon off;
		pid nginx.pid;
		events { }
		http {
			client_body_temp_path nginx_body;
			fastcgi_temp_path nginx_fastcgi;
			proxy_temp_path nginx_proxy;
			scgi_temp_path nginx_scgi;
			uwsgi_temp_path nginx_uwsgi;
			$(cat block.1)
			server {
				listen unix:nginx.sock;
				location / { return 204; }
			}
		}
	END
	start nginx nginx -e error.log -p "$DIR" -c "$DIR/nginx.conf"
	wait_until "$DEADLINE" test -S nginx.sock
	request /sse/app
	request '/page?x="%0a'
	for reader in sse-cgi sse-fcgi; do
		ask "$reader" access
		wait_until "$DEADLINE" grep -q '^event: access' "$reader.out"
		run decode "$reader.out"
		assert_line --regexp $'^access\t.*\t\{"address":"unix:","request":"GET /page\\?x=.*","status":204,"bytes":0,"seconds":0\.[0-9]+\}$'
		refute_output --partial /sse/
		# It is the JSON that a page reads.
		decode "$reader.out" | awk -F '\t' '$1 == "access" { print $3 }' |
			node -e 'const text = require("fs").readFileSync(0, "utf8");
				process.exit(JSON.parse(text).status === 204 ? 0 : 1)'
	done
}

# By a client that sends a quote as it is.
request() {
	curl -sS --unix-socket nginx.sock --request-target "$1" \
		http://localhost/
}

@test "a FIFO" {
	example 'Lines from a FIFO'
	mkfifo -m 666 "$(source_of jobs)"
	serves jobs 'cc -c main.c' job 'cc -c main.c'
}

@test "several logs and what holds for all" {
	example 'Several logs, one worker'
	serves web 'an error' message 'an error'
	serves packages 'a package' message 'a package'
	serves app 'a request' message 'a request'
	run awk '/^\[/ { name = $0 } /^heartbeat = / { print name, $3 }' \
		sse-cgi.check
	assert_output $'[web] 30s\n[packages] 30s\n[app] 30s'
	grep -qx 'origin = https://dashboard.example' sse-cgi.check
}

@test "a program in a cgi-bin, by its own first line" {
	example 'A program in a cgi-bin'
	serves access 'GET /' message 'GET /'
	serves error 'no such file' problem 'no such file'
	chmod 755 example.conf
	start own "${CGI[@]}" PATH_INFO=/error "$DIR/example.conf"
	wait_until "$DEADLINE" has_event own.out problem 'no such file'
}

@test "a log with colours, and a filter" {
	local reader

	example 'Errors of a build, without its colours'
	printf '%s\n' 'cc -c main.c' $'\e[36mnote:\e[0m no error' \
		'terrors' >"$(source_of build)"
	serves build $'main.c:3: \e[1;31mERROR\e[0m: expected' \
		message 'main.c:3: ERROR: expected'
	for reader in sse-cgi sse-fcgi; do
		run messages "$reader.out"
		assert_line --index 0 'main.c:3: ERROR: expected'
		refute_output --partial error
	done
}

@test "stack traces, and a filter over their lines" {
	local reader

	example 'Stack traces'
	printf '%s\n' '2026-11-20 10:00:00 DEBUG x' '  (dump)' \
		'2026-11-20 10:00:01 ERROR no' '  at Main.java:5' \
		>"$(source_of service)"
	for reader in sse-cgi sse-fcgi; do
		ask "$reader" service
		wait_until "$DEADLINE" has_event "$reader.out" message \
			'2026-11-20 10:00:01 ERROR no\n  at Main.java:5'
		run messages "$reader.out"
		refute_output --partial dump
		stop_all
	done
}

# The other server is sse-cgi itself, behind busybox.
@test "an event stream from another server" {
	local reader port

	need busybox curl
	example 'An event stream from elsewhere'
	mkfifo -m 666 "$(source_of prices)"
	printf '%s\n' '{"event":"heartbeat","data":"1"}' \
		'{"event":"price","data":{"gold":1}}' >other.json
	mkdir other other/cgi-bin
	printf '#!/bin/sh\nexec %s --format=json --from=start %s\n' \
		"$PROGRAM" "$DIR/other.json" >other/cgi-bin/stream
	chmod 755 other/cgi-bin/stream
	for reader in sse-cgi sse-fcgi; do
		port=$(free_port)
		start other busybox httpd -f -p "127.0.0.1:$port" -h "$DIR/other"
		ask "$reader" prices
		start curl curl -sN --retry 20 --retry-connrefused \
			-o "$(source_of prices)" \
			"http://127.0.0.1:$port/cgi-bin/stream"
		wait_until "$DEADLINE" has_event "$reader.out" price '{"gold":1}'
		run decode "$reader.out"
		refute_output --partial heartbeat
		stop_all
	done
}

@test "ids that the records bring" {
	local record

	example 'Ids that the records bring'
	record=$(sed -n 's/^\.Dl \({"id":"order-.*\)/\1/p' "$MANUAL")
	serves orders "$record" paid '{"sum":"17.50"}'
	run decode sse-cgi.out sse-fcgi.out
	assert_output --regexp $'paid\torder-1042\t'
	# A client that comes back goes on behind it.
	printf '{"id":"order-1043","data":"next"}\n' >>"$(source_of orders)"
	start back "${CGI[@]}" HTTP_LAST_EVENT_ID=order-1042 \
		"$PROGRAM" -f example.conf
	wait_until "$DEADLINE" has_event back.out message next
	run decode back.out
	refute_output --partial paid
}

@test "a log with times" {
	local reader

	example 'A log with times'
	printf '%s\n' '2026-11-20T09:59:59.999999+00:00 host app: before' \
		'2026-11-20T12:00:00.123456+02:00 host app: after' \
		>"$(source_of app.log)"
	for reader in sse-cgi sse-fcgi; do
		ask "$reader" app.log since=2026-11-20T10:00:00Z
		wait_until "$DEADLINE" has_event "$reader.out" message \
			'2026-11-20T12:00:00.123456+02:00 host app: after'
		run decode "$reader.out"
		refute_output --partial before
		refute_output --partial gap
		stop_all
	done
}

@test "each example has its test" {
	diff <(sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE ALSO/s/^\.Ss //p' \
		"$MANUAL" | sort) \
		<(sed -n "s/^	example '\(.*\)'/\1/p" "$BATS_TEST_FILENAME" |
			grep -vx 'FILE FORMAT' | sort)
}
