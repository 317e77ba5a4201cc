#!/usr/bin/env bats
#
# sse-fcgi as administrators start it, behind the nginx of examples/.

load helper
load fcgi

prepare() {
	need curl node spawn-fcgi
	cp "$builddir/fcgi/sse-fcgi" "$DIR/cgi-bin/sse-fcgi"
	WORKER=$DIR/cgi-bin/sse-fcgi
	append 'line 1' 'line 2'
}

# spawn [OPTION]... -- ARGUMENT...: by spawn-fcgi, which leaves them behind.
spawn() {
	local options=()

	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	start spawn spawn-fcgi -n -s "$DIR/sse.sock" -M 0666 "${options[@]}" -- \
		"$WORKER" --heartbeat 500ms --log "$DIR/worker.log" "$@"
	wait_until "$DEADLINE" test -S "$DIR/sse.sock"
}

@test "by spawn-fcgi, in a few lines" {
	spawn -- "log=$LOG"
	start_server fcgi-nginx
	stream client log
	wait_until "$DEADLINE" has client.out 'line 2'
	append 'line 3'
	wait_until "$DEADLINE" has client.out 'line 3'
}

# -n and -F exclude each other: they are left behind, and found by name.
@test "several workers on one socket: one of them has the FIFO" {
	local workers i

	mkfifo -m 666 fifo
	"${ORDINARY[@]}" spawn-fcgi -s "$DIR/sse.sock" -M 0666 -F 2 -- \
		"$WORKER" --heartbeat 500ms --log "$DIR/worker.log" \
		"log=$LOG" "fifo=$DIR/fifo" 3>&- {NEVER}>&-
	# spawn-fcgi goes before its second child is the program.
	wait_until "$DEADLINE" programs_are 2
	mapfile -t workers < <(programs)
	STARTED+=("${workers[@]}")
	start_server fcgi-nginx
	wait_until "$DEADLINE" grep -q \
		"fifo: $DIR/fifo: Another process reads this FIFO" worker.log
	# Both serve the file.
	kill -STOP "${workers[0]}"
	stream first log
	wait_until "$DEADLINE" has first.out 'line 2'
	kill -CONT "${workers[0]}"
	kill -STOP "${workers[1]}"
	stream second log
	wait_until "$DEADLINE" has second.out 'line 2'
	# One has the FIFO, and the other asks to come back.
	for i in 0 1; do
		kill -CONT "${workers[@]}"
		kill -STOP "${workers[i]}"
		stream "fifo$i" fifo
		wait_until "$DEADLINE" grep -q '^retry: ' "fifo$i.out"
	done
	run cat fifo0.out fifo1.out
	assert_line --regexp '^retry: [23][0-9]{4}$'
	assert_line --regexp '^id: .*-0$'
	kill -CONT "${workers[@]}"
	kill -KILL "${workers[@]}"
}

# A 502 would end its EventSource for good: the example answers otherwise.
@test "a browser goes on when the worker is there again" {
	need chromium
	cp "$srcdir/tests/e2e/page/lines.html" "$DIR/page/index.html"
	spawn -- --retry 100ms "log=$LOG"
	start_server fcgi-nginx
	start page env TMPDIR="$DIR" "$srcdir/tests/tools/page-watch" \
		--seconds 100 "$URL/?stream=/sse/log" 'line 2' \
		'connecting again' 'line 5'
	saw 'line 2'
	pkill -KILL -f "^$WORKER"
	saw 'connecting again'
	append 'line 3' 'line 4'
	# It has asked while nobody was there.
	wait_until "$DEADLINE" grep -q 'connect() to unix:.* failed' error.log
	rm sse.sock
	spawn -- --retry 100ms "log=$LOG"
	append 'line 5'
	saw 'line 5'
	wait_until "$DEADLINE" grep -qx 'rows 5' page.out
}

saw() {
	wait_until "$DEADLINE" grep -qxF -e "saw $1" page.out
}

@test "a socket from systemd" {
	# shellcheck disable=SC2016 # of perl
	start systemd perl -MIO::Socket::UNIX -e '
		$^F = 10;
		my $s = IO::Socket::UNIX->new(Local => "sse.sock", Listen => 9)
			or die;
		chmod 0666, "sse.sock";
		require POSIX;
		POSIX::dup2(fileno($s), 3) or die if fileno($s) != 3;
		$ENV{LISTEN_FDS} = 1;
		$ENV{LISTEN_PID} = $$;
		exec @ARGV' "$WORKER" --log "$DIR/worker.log" "log=$LOG"
	wait_until "$DEADLINE" test -S sse.sock
	start_server fcgi-nginx
	stream client log
	wait_until "$DEADLINE" has client.out 'line 2'
}
