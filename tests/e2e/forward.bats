#!/usr/bin/env bats
#
# examples/redis/forward: a log into a Redis Stream, each line exactly once.
# shellcheck disable=SC2034,SC2154 # helper.bash sets what is not set here

load helper
load redis
load pages

# shellcheck disable=SC2034 # of pages.bash
PAGES=("$srcdir/examples/redis/README.md")

# Once, as the README says, but for where the library is.
setup_file() {
	pkg-config --exists hiredis || return 0
	cd "$BATS_FILE_TMPDIR" || return
	cp "$srcdir/examples/redis/forward.c" .
	# shellcheck disable=SC2016 # as it stands there
	page_block 'cc -o forward forward.c $(pkg-config --cflags --libs ssekit hiredis)' |
		sed -e "s,^cc ,& -Wall -Wextra -Werror $(sanitizers) -I$srcdir/lib ," \
			-e "s,ssekit hiredis),hiredis) $builddir/lib/.libs/libssekit.a," \
			-e 1q | bash -e
}

# What the library was built with.
sanitizers() {
	sed -n 's/^SANITIZER_CFLAGS = //p' "$builddir/Makefile"
}

prepare() {
	need_redis cc
	[ -x "$BATS_FILE_TMPDIR/forward" ] || need libhiredis-dev
	cp "$BATS_FILE_TMPDIR/forward" "$DIR/cgi-bin"
	export PATH=$DIR/cgi-bin:$PATH
	# What a server has said is there when it comes back.
	PERSISTENT=(--appendonly yes --appendfsync always)
	start_redis "${PERSISTENT[@]}"
	NEXT=1
}

# write_lines COUNT: the next ones.
write_lines() {
	seq -f 'line %g' "$NEXT" $((NEXT + $1 - 1)) >>"$LOG"
	((NEXT += $1))
}

rotate() {
	local i

	for i in {9..1}; do
		[ ! -e "$LOG.$i" ] || mv "$LOG.$i" "$LOG.$((i + 1))"
	done
	mv "$LOG" "$LOG.1"
}

# forwards [NAME [SERVER]]: sets FORWARDER.
forwards() {
	start "${1:-forward}" forward "${2:-$DIR/redis.sock}" lines \
		--rotate-wait=100ms "$LOG"
	FORWARDER=$PID
}

entries() {
	redis --raw XRANGE lines - + | grep -A 1 -x data |
		grep -vxe data -e --
}

each_line_is_there_once() {
	wait_until "$DEADLINE" has_entries lines $((NEXT - 1))
	entries >entries.out
	seq -f 'line %g' 1 $((NEXT - 1)) | cmp - entries.out
}

@test "whatever is killed, through rotations, each line is there once" {
	local round

	write_lines 1000
	forwards
	# With none it would begin at the log as it is then.
	wait_until "$DEADLINE" has_entries lines 1
	for round in {1..15}; do
		write_lines 300
		((round % 4)) || rotate
		write_lines 300
		# Not with pauses: each is killed wherever it happens to be.
		case $((round % 3)) in
		0)
			kill -KILL "$FORWARDER"
			forwards
			;;
		1)
			pkill -KILL -g "$FORWARDER" -x sse-cgi || true
			;;
		2)
			kill_redis
			start_redis "${PERSISTENT[@]}"
			;;
		esac
	done
	each_line_is_there_once
}

# proxy COUNT: a socket before the server's, which cuts so many connections
# when the answer to a transaction is on its way.
proxy() {
	# shellcheck disable=SC2016 # of JavaScript
	start proxy node -e '
		const net = require("net");
		let cuts = Number(process.argv[1]);
		net.createServer((client) => {
			const server = net.connect("redis.sock");
			let executes = false;
			client.on("data", (data) => {
				executes = String(data).endsWith("EXEC\r\n");
				server.write(data);
			});
			server.on("data", (data) => {
				if (!executes || cuts === 0)
					return client.write(data);
				console.log("cut", --cuts);
				client.destroy();
				server.destroy();
			});
			for (const end of [client, server])
				end.on("error", () => {}).on("close", () => {
					client.destroy();
					server.destroy();
				});
		}).listen("proxy.sock");' "$1"
	wait_until "$DEADLINE" [ -S proxy.sock ]
}

@test "an answer that is lost, and a second forwarder, repeat nothing" {
	local cut

	need node
	proxy 3
	: >"$LOG"
	forwards first "$DIR/proxy.sock"
	for cut in 2 1 0; do
		write_lines 1000
		wait_until "$DEADLINE" grep -qx "cut $cut" proxy.out
	done
	each_line_is_there_once
	forwards second
	write_lines 2000
	each_line_is_there_once
	kill -KILL -- "-$FORWARDER"
	write_lines 1
	each_line_is_there_once
}

@test "what a server has lost is added again" {
	kill_redis
	start_redis
	write_lines 100
	forwards
	each_line_is_there_once
	redis SAVE
	write_lines 100
	each_line_is_there_once
	kill_redis
	start_redis
	each_line_is_there_once
}

@test "a gap of the log is an entry, and so one of who reads the stream" {
	"$PROGRAM" --help | grep -q 'lines|json' || skip 'without JSON'
	write_lines 3
	forwards
	each_line_is_there_once
	: >"$LOG"
	wait_until "$DEADLINE" grep -q 'gap.*truncated' forward.err
	echo another >>"$LOG"
	wait_until "$DEADLINE" has_entries lines 5
	"${CGI[@]}" PATH_INFO=/lines "$PROGRAM" --follow=no --format=json \
		--field='*' "lines=redis:unix:$DIR/redis.sock#lines" >all.out
	[ "$(decode all.out | cut -f 1,3 | tail -n 3)" = "$(printf '%s\t%s\n' \
		gap '{"reason":"truncated","skipped":null,"unit":"bytes"}' \
		message another end '')" ] || fail "$(cat all.out)"
}

@test "a stream that others add to is left alone, and wrong use is told" {
	redis XADD lines '*' data foreign
	write_lines 3
	forwards
	wait_until "$DEADLINE" grep -q 'not from here' forward.err
	[ "$(redis XLEN lines)" = 1 ]
	run -100 forward -k 0 "$DIR/redis.sock" lines "$LOG"
	run -100 forward "$DIR/redis.sock" lines
	assert_output --partial 'usage: forward'
}

@test "the server is one by TCP, with a user and a password" {
	redis ACL SETUSER writer on '>s3cret' '%RW~lines' -@all +auth \
		+xadd +xrevrange +watch +multi +exec
	open_redis_port
	write_lines 3
	start forward env REDISCLI_AUTH=s3cret forward -u writer \
		"127.0.0.1:$REDIS_PORT" lines "$LOG"
	each_line_is_there_once
}
