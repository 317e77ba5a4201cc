#!/usr/bin/env bats
#
# examples/quickstart, in a copy of the sources that was never built.

load helper

setup_file() {
	SOURCES=$(mktemp -d /tmp/ssekit-e2e.XXXXXX)
	export SOURCES
	chmod 755 "$SOURCES"
	tar -C "$srcdir" --exclude=./build --exclude=./.git \
		--exclude=./config.status --exclude='*.o' -c . |
		tar -C "$SOURCES" -x
	if [ "$(id -u)" = 0 ]; then
		chown -R 65534:65534 "$SOURCES"
	fi
}

teardown_file() {
	rm -rf "$SOURCES"
}

# Other builds are optimized: here it is only that there is one.
prepare() {
	need lighttpd nginx curl
	export CFLAGS=-O0
}

# quickstart PORT [FILE]: until it says where to look.  A shell starts what is
# in the background without SIGINT; a terminal does not.
quickstart() {
	start quickstart env --default-signal=INT \
		"$SOURCES/examples/quickstart" --yes --port "$@"
	QUICKSTART=$PID
	wait_until 500 says_where_or_ends
	grep -q 'curl -N' quickstart.out
	STREAM=$(sed -n 's/.*curl -N //p' quickstart.out | head -n 1)
	FCGI_STREAM=$(sed -n 's/.*curl -N //p' quickstart.out | tail -n 1)
	STATUS=$(sed -n 's/.*curl \(.*sse-status\)/\1/p' quickstart.out)
	FOLDER=$(pgrep -a -g "$PID" lighttpd | sed -n 's|.* -f \(.*\)/.*|\1|p')
	[ -d "$FOLDER" ]
}

says_where_or_ends() {
	grep -q 'Ctrl-C' quickstart.out || gone "$QUICKSTART"
}

# What Ctrl-C does, and what is left then.
interrupt() {
	kill -INT -- "-$QUICKSTART"
	wait_until "$DEADLINE" gone "$QUICKSTART"
	wait_until "$DEADLINE" nothing_runs
	[ ! -e "$FOLDER" ]
}

nothing_runs() {
	! pgrep -g "$QUICKSTART"
}

@test "it builds, streams a log that grows, and cleans up on Ctrl-C" {
	quickstart "$(free_port)"
	start curl curl -sSN --max-time 100 "$STREAM"
	wait_until "$DEADLINE" grep -q '^data: .* line 2' curl.out
	start fcgi curl -sSN --max-time 100 "$FCGI_STREAM"
	wait_until "$DEADLINE" grep -q '^data: .* line 2' fcgi.out
	run curl -sS "${STREAM%/cgi-bin/*}/"
	assert_output --partial EventSource
	run curl -sS "${FCGI_STREAM%/sse/*}/?stream=/sse/log"
	assert_output --partial EventSource
	run curl -sS "$STATUS"
	assert_output --partial '"subscribers": 1'
	interrupt
	[ ! -s quickstart.err ]
}

@test "a file of the user's own; a port in use is passed over" {
	PORT=$(free_port)
	# shellcheck disable=SC2016 # perl's variable
	start other perl -MIO::Socket::INET -e '
		my $port = IO::Socket::INET->new(Listen => 1, ReuseAddr => 1,
			LocalAddr => "127.0.0.1:$ARGV[0]") or die $!;
		print STDERR "listening\n";
		$port->accept while 1' "$PORT"
	wait_until "$DEADLINE" grep -q listening other.err
	append 'line 1'
	quickstart "$PORT" "$LOG"
	[[ $STREAM != *:$PORT/* ]]
	start curl curl -sSN --max-time 100 "$STREAM"
	wait_until "$DEADLINE" has curl.out 'line 1'
	append 'line 2'
	wait_until "$DEADLINE" has curl.out 'line 2'
	start fcgi curl -sSN --max-time 100 "$FCGI_STREAM"
	wait_until "$DEADLINE" has fcgi.out 'line 2'
	interrupt
	[ -s "$LOG" ]
}

@test "a file that is not there, or may not be read: it says so" {
	run "${ORDINARY[@]}" "$SOURCES/examples/quickstart" --yes "$DIR/none"
	assert_failure
	assert_output --partial "$DIR/none: no such file"
	append secret
	chmod 0 "$LOG"
	if [ "$(id -u)" = 0 ]; then
		chown 0 "$LOG"
	fi
	run "${ORDINARY[@]}" "$SOURCES/examples/quickstart" --yes "$LOG"
	assert_failure
	assert_output --partial "may not read it"
	refute_output --partial curl
}
