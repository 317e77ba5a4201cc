#!/usr/bin/env bats
#
# Which writes the program makes: strace looks.  One write is one piece for the
# web server, so a frame that is one write is never held back in part.

load helper

prepare() {
	need strace
	: >"$LOG"
	mkfifo -m 666 pipe
	# strace does not like LeakSanitizer, which traces by itself.
	start program "${CGI[@]}" ASAN_OPTIONS=detect_leaks=0 \
		strace -f -xx -s 1000000 -o writes.out \
		-e trace=write,writev,sendto,sendmsg,poll,ppoll,read,pread64 \
		-e signal=none \
		sh -c "exec $PROGRAM --heartbeat=${HEARTBEAT:-1h} $LOG >pipe"
	start reader sh -c 'exec cat <pipe'
	wait_until "$DEADLINE" grep -q '^id: ' reader.out
}

# The writes to stdout after the program began, one line each: what was
# written, with \n for LF and \r for CR, then asked and done.
writes() {
	perl -ne '
		next unless /\b(write|writev|send\w*)\(1, (.*) = (-?\d+)/;
		my ($call, $rest, $done) = ($1, $2, $3);
		die "no plain write: $_" if $call ne "write";
		my ($hex, $asked) = $rest =~ /^"([^"]*)", (\d+)\)/ or die $_;
		$hex =~ s/\\x(..)/chr hex $1/ge;
		$hex =~ s/\n/\\n/g;
		$hex =~ s/\r/\\r/g;
		print "$hex $asked $done\n";' writes.out
}

# frames_whole: each write ends a frame, or is a heartbeat, and all of it was
# taken.
frames_whole() {
	run writes
	assert_success
	for line in "${lines[@]}"; do
		[[ $line =~ (\\n\\n|^:\\n)\ ([0-9]+)\ ([0-9]+)$ ]] ||
			fail "no whole frame: ${line:0:200}"
		assert_equal "${BASH_REMATCH[2]}" "${BASH_REMATCH[3]}"
	done
}

@test "the head and the first bytes are one write" {
	run writes
	assert_success
	assert_equal "${#lines[@]}" 1
	assert_output --regexp \
		'^Content-Type: .*\\r\\n\\r\\n.*\\n\\n [0-9]+'
	assert_output --regexp '\\nid: [^ ]*\\n'
	assert_output --regexp '\\nretry: [0-9]*\\n'
	assert_output --regexp '\\n: '
}

@test "one write for each frame" {
	local i

	for i in 1 2 3 4 5; do
		append "line $i"
		wait_until "$DEADLINE" has reader.out "line $i"
	done
	append 'together 1' 'together 2' 'together 3'
	wait_until "$DEADLINE" has reader.out 'together 3'
	frames_whole
	assert_equal "${#lines[@]}" 9
	for line in "${lines[@]:1}"; do
		run grep -o 'data: ' <<<"$line"
		assert_equal "${#lines[@]}" 1
	done
}

@test "a frame of 60,000 bytes is one write" {
	head -c 60000 /dev/zero | tr '\0' x >>"$LOG"
	append ''
	append after
	wait_until "$DEADLINE" has reader.out after
	frames_whole
	assert_equal "${#lines[@]}" 3
}

@test "a heartbeat is one write, between frames" {
	stop_all
	HEARTBEAT=100ms
	rm -f pipe ./*.out
	prepare
	wait_until "$DEADLINE" heartbeats_are 3
	append line
	wait_until "$DEADLINE" has reader.out line
	frames_whole
}

heartbeats_are() {
	[ "$(grep -c '^:' reader.out)" -gt "$1" ]
}

@test "it waits, and does not turn" {
	local before after

	append line
	wait_until "$DEADLINE" has reader.out line
	before=$(wc -l <writes.out)
	# Half a second of nothing: it is what is measured, and no wait for
	# something else.
	read -rt 0.5 -u "$NEVER" || true
	after=$(wc -l <writes.out)
	echo "# $((after - before)) calls in half a second"
	((after - before < 100))
}
