#!/usr/bin/env bats
#
# examples/quickstart, in a copy of the sources that was never built, and how to
# build it by README.md, which takes over what quickstart has built.

load helper
load pages
load document
load journal

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

teardown() {
	stop_all
	remove_journal
	[ -n "$BATS_TEST_COMPLETED" ] || show_files
	cd /
	wait_until "$DEADLINE" rm -rf "$DIR"
}

teardown_file() {
	chmod -R u+w "$SOURCES"
	rm -rf "$SOURCES"
}

# Other builds are optimized: here it is only that there is one.
prepare() {
	need lighttpd nginx curl
	export CFLAGS=-O0
	PORT=$(free_port)
	# shellcheck disable=SC2034 # of document.bash
	URL=http://127.0.0.1:$PORT
}

block() {
	page_block "$1"
}

# quickstart PORT [FILE]: until it says where to look.  A shell starts what is
# in the background without SIGINT; a terminal does not.
quickstart() {
	start quickstart env --default-signal=INT \
		"$SOURCES/examples/quickstart" --yes --port "$@"
	QUICKSTART=$PID
	wait_until $((10 * DEADLINE)) says_where_or_ends
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
	start curl curl -sSN --max-time "$DEADLINE" "$STREAM"
	wait_until "$DEADLINE" grep -q '^data: .* line 2' curl.out
	start fcgi curl -sSN --max-time "$DEADLINE" "$FCGI_STREAM"
	wait_until "$DEADLINE" grep -q '^data: .* line 2' fcgi.out
	run curl -sS "${STREAM%/cgi-bin/*}/"
	assert_output --partial ./viewer/connection.mjs
	run curl -sS -D - "${STREAM%/cgi-bin/*}/viewer/connection.mjs"
	assert_output --regexp 'text/javascript.*export class Connection'
	run curl -sS -H 'Accept: text/html' "$STREAM" "$FCGI_STREAM"
	assert_output --regexp '<!DOCTYPE html>.*<!DOCTYPE html>'
	run curl -sS "$STATUS"
	assert_output --partial '"subscribers": 1'
	interrupt
	[ ! -s quickstart.err ]
}

@test "a file of the user's own; a port in use is passed over" {
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
	start curl curl -sSN --max-time "$DEADLINE" "$STREAM"
	wait_until "$DEADLINE" has curl.out 'line 1'
	append 'line 2'
	wait_until "$DEADLINE" has curl.out 'line 2'
	start fcgi curl -sSN --max-time "$DEADLINE" "$FCGI_STREAM"
	wait_until "$DEADLINE" has fcgi.out 'line 2'
	interrupt
	[ -s "$LOG" ]
}

@test "the journal" {
	need_journald
	start_journald
	write 'entry 1'
	quickstart "$(free_port)" "journal:$NAMESPACE"
	start curl curl -sSN --max-time "$DEADLINE" "$STREAM"
	start fcgi curl -sSN --max-time "$DEADLINE" "$FCGI_STREAM"
	wait_until "$DEADLINE" grep -q '^: ssekit' curl.out
	wait_until "$DEADLINE" grep -q '^: ssekit' fcgi.out
	write 'entry 2'
	wait_until "$DEADLINE" grep -qx 'data: entry 2' curl.out
	wait_until "$DEADLINE" grep -qx 'data: entry 2' fcgi.out
	interrupt
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

# The words of a quickstart, but for what is different each time.
alike() {
	sed -E -e 's,^Building in .*,Building,' \
		-e 's,ssekit-quickstart\.[A-Za-z0-9]+,FOLDER,' \
		-e 's,(127\.0\.0\.1:)[0-9]+,\1PORT,' "$@"
}

# A stream without what is different each time.
alike_stream() {
	sed -E -e 's/^(id: 0\.).*/\1/' -e 's/^(retry: ).*/\1/' \
		-e 's/^(data: )[-0-9]+ [0-9:]+/\1/' "$@"
}

shown() {
	[ "$(grep -c '^data' curl.out)" -ge 2 ]
}

@test "what README says: build, install, and examples/quickstart" {
	local quickstart

	need lighttpd nginx autoreconf
	here 'autoreconf -i && mkdir -p build && cd build && ../configure && make' |
		sed "s,sudo make install,make install DESTDIR=$DIR/installed," \
			>build.command
	grep -q DESTDIR build.command
	export MAKEFLAGS=-j2
	(cd "$SOURCES" && "${ORDINARY[@]}" bash -e "$DIR/build.command") \
		>build.out 2>&1 {NEVER}>&- 3>&-
	run "$DIR/installed/usr/local/bin/sse-cgi" --version
	assert_output --partial ssekit
	[ -e "$DIR/installed/usr/local/lib/systemd/system/sse-fcgi.socket" ]

	# A shell starts what is in the background without SIGINT.
	start quickstart env --default-signal=INT \
		"$SOURCES/examples/quickstart" --yes --port "$PORT"
	quickstart=$PID
	wait_until "$DEADLINE" grep -q Ctrl-C quickstart.out
	# shellcheck disable=SC2016 # a prompt
	block '$ examples/quickstart' | tail -n +2 | alike >expected
	alike quickstart.out | diff expected -
	start curl curl -sSN "$(sed -n 's/.*curl -N //p' quickstart.out |
		head -n 1)"
	wait_until "$DEADLINE" shown
	block '$ curl -N http://127.0.0.1:8080/cgi-bin/log' | tail -n +2 |
		alike_stream >expected
	# A block is without the blank line at its end.
	alike_stream curl.out | head -n "$(wc -l <expected)" | diff expected -
	# It removes its folder.
	kill -INT -- "-$quickstart"
	wait_until "$DEADLINE" gone "$quickstart"
}
