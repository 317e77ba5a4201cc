#!/usr/bin/env bats
#
# examples/redis: the blocks of its README, as they stand there but for paths and
# ports, two hosts on this machine, and TLS.
# shellcheck disable=SC2034,SC2154 # as in helper.bash

load helper
load redis
load pages
load document

README=$srcdir/examples/redis/README.md
PAGES=("$README")

prepare() {
	need_redis
	export PATH=$DIR/cgi-bin:$PATH
	SOURCE=redis:unix:$DIR/redis.sock#orders
}

block() {
	page_block "$1"
}

# on_port FIRST-LINE: that block, with the port of this test's server.
on_port() {
	here "$1" | sed -e "s/6379/$REDIS_PORT/; s/^redis-cli /&-p $REDIS_PORT /"
}

@test "two commands" {
	start_redis
	open_redis_port
	on_port "redis-cli XADD orders '*' data 'order 17 was paid'" >commands
	start both bash -e commands
	wait_until "$DEADLINE" has both.out 'order 17 was paid'
	redis XADD orders '*' data 'order 18'
	wait_until "$DEADLINE" has both.out 'order 18'
}

@test "what an application adds, from the shell, Python and Node.js" {
	need python3 node
	"$PROGRAM" --help | grep -q 'lines|json' || skip 'without JSON'
	start_redis
	open_redis_port
	on_port "redis-cli XADD orders MAXLEN '~' 100000 '*' data 'order 18 was paid'" |
		bash -e
	on_port 'import socket' | python3 -
	on_port 'const server = require("node:net").connect(6379, "127.0.0.1");' |
		node -
	all --field='*' --format=json
	[ "$(decode all.out | cut -f 1,3 | grep order)" = \
		"$(printf '%s\t%s\n' message 'order 18 was paid' \
			paid 'order 19' paid 'order 20')" ] ||
		fail "$(cat all.out)"
	# An error is told.
	redis DEL orders
	redis SET orders other
	run ! python3 - < <(on_port 'import socket')
	assert_output --partial WRONGTYPE
	run ! node - < <(on_port 'const server = require("node:net").connect(6379, "127.0.0.1");')
	assert_output --partial WRONGTYPE
}

@test "the user of a site" {
	"$PROGRAM" --help | grep -q 'lines|json' || skip 'without JSON'
	start_redis
	open_redis_port
	printf 's3cret\n' >password
	chmod 600 password
	# shellcheck disable=SC2016 # as it stands there
	on_port 'redis-cli ACL SETUSER reader on ">$(cat /etc/ssekit-redis.password)"' |
		sed "s,/etc/ssekit-redis.password,$DIR/password," | bash -e
	((EUID != 0)) || chown 65534 password
	redis ACL SETUSER default off
	sed -e "s,/run/redis/redis-server.sock,$DIR/redis.sock," \
		-e "s,/run/credentials/.*,$DIR/password," \
		"$srcdir/examples/redis/ssekit.conf" >ssekit.conf
	start live "${CGI[@]}" PATH_INFO=/orders "$PROGRAM" -f ssekit.conf
	wait_until "$DEADLINE" grep -q '^id: ' live.out
	[ ! -s live.err ]
}

# ------------------------------------------------------------- two hosts --

# Until it says where to look: HOSTS and ADD, the command.
start_two_hosts() {
	need nginx curl
	cp "$builddir/fcgi/sse-fcgi" "$DIR/cgi-bin/sse-fcgi"
	# A shell starts what is in the background without SIGINT.
	start hosts env --default-signal=INT \
		"$srcdir/examples/redis/two-hosts" --port "$(free_port)"
	TWO_HOSTS=$PID
	wait_until "$DEADLINE" says_where_or_ends
	grep -q 'curl -N' hosts.out
	mapfile -t HOSTS < <(sed -n 's,.*curl -N \(.*\)/sse/orders,\1,p' hosts.out)
	ADD=$(sed -n 's/.*\(redis-cli .*\)/\1/p' hosts.out)
	FOLDER=${ADD#* -s }
	FOLDER=${FOLDER%/redis.sock *}
}

says_where_or_ends() {
	grep -q 'Ctrl-C' hosts.out || gone "$TWO_HOSTS"
}

# follow NAME HOST [OPTION]...: its stream in NAME.out.
follow() {
	start "$1" curl -sSN --max-time "$DEADLINE" "${@:3}" "${HOSTS[$2]}/sse/orders"
}

no_process_is_left() {
	! pgrep -g "$TWO_HOSTS"
}

@test "two hosts: who is cut at one goes on at the other" {
	local worker

	[ "$(here 'examples/redis/two-hosts' | tail -n 1)" = \
		"curl -N http://127.0.0.1:${PORT:-}/sse/orders" ]
	start_two_hosts
	follow first 0
	wait_until "$DEADLINE" has first.out 'order 2'
	# Its host goes, and all who were there with it.
	worker=$(pgrep -g "$TWO_HOSTS" sse-fcgi | head -n 1)
	kill -KILL "$worker"
	wait_until "$DEADLINE" gone "$PID"
	bash -c "$ADD"
	follow second 1 -H "Last-Event-ID: $(last_id first.out)"
	wait_until "$DEADLINE" has second.out mine
	wait_until "$DEADLINE" has second.out 'order 4'
	[ "$(messages first.out second.out | grep order | head -n 4)" = \
		"$(seq -f 'order %g' 1 4)" ]
	[ "$(messages second.out | grep -c mine)" = 1 ]
	run gaps first.out second.out
	assert_output ''
	kill -INT -- "-$TWO_HOSTS"
	wait_until "$DEADLINE" gone "$TWO_HOSTS"
	wait_until "$DEADLINE" no_process_is_left
	[ ! -e "$FOLDER" ]
	[ ! -s hosts.err ] || fail "$(cat hosts.err)"
}

@test "two hosts: a page that moves has each order once" {
	need chromium node
	start_two_hosts
	start page env TMPDIR="$DIR" "$srcdir/tests/tools/page-watch" \
		--seconds 100 --patterns "${HOSTS[0]}/" \
		'moved ([2-9]|..) times, 0 gaps\s+(order 1\n)?order 2\norder 3\norder 4\norder 5\norder 6\norder 7\n'
	wait_until "$DEADLINE" gone "$PID"
	grep -q '^saw moved' page.out
}

# --------------------------------------------------------------------- TLS --

# Certificates of an authority of this test, for localhost.
make_certificates() {
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
		-addext subjectAltName=DNS:localhost \
		-keyout key.pem -out cert.pem 2>openssl.err
	((EUID != 0)) || chown 65534 key.pem
}

@test "TLS, by a socket of stunnel" {
	local port

	need openssl stunnel
	make_certificates
	start_redis
	redis CONFIG SET tls-cert-file "$DIR/cert.pem" \
		tls-key-file "$DIR/key.pem" tls-auth-clients no
	port=$(free_port)
	until redis CONFIG SET tls-port "$port" | grep -qx OK; do
		port=$(free_port)
	done
	put one
	sed -e "s,/run/ssekit-redis/,$DIR/tls-," \
		-e "s,redis.example:6379,localhost:$port," \
		-e "s,redis.example,localhost," \
		-e "s,/etc/ssl/certs/ca-certificates.crt,$DIR/cert.pem," \
		"$srcdir/examples/redis/stunnel.conf" >stunnel.conf
	start stunnel stunnel stunnel.conf
	wait_until "$DEADLINE" [ -S tls-redis.sock ]
	SOURCE=redis:unix:$DIR/tls-redis.sock#orders all
	data_is one
}

@test "each block has its test" {
	awk '
		/^```/ { inside = !inside; first = inside; next }
		inside && first { sub(/ \\$/, ""); print; first = 0 }' \
		"$README" >blocks
	[ "$(wc -l <blocks)" -gt 5 ]
	while IFS= read -r line; do
		grep -qF -e "'$line'" -e "\"$line\"" "$BATS_TEST_FILENAME" \
			"$srcdir/tests/e2e/forward.bats" ||
			fail "no test takes: $line"
	done <blocks
}
