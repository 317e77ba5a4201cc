#!/usr/bin/env bats
#
# The systemd journal as a source: many entries, large and binary ones, files
# that are cut, and a disk that is full.
# shellcheck disable=SC2154 # helper.bash sets what is not set here

load helper
load fcgi
load both
load journal

prepare() {
	need_journald
	start_journald
	conf
	cp "$builddir/fcgi/sse-fcgi" cgi-bin/sse-fcgi
}

# send_entries FROM TO [SIZE]: "line N", with so many bytes behind it.
send_entries() {
	perl -MSocket -e '
		my ($path, $from, $to, $size) = @ARGV;
		socket(S, AF_UNIX, SOCK_DGRAM, 0) or die;
		connect(S, pack_sockaddr_un($path)) or die;
		my $rest = $size ? " " . "x" x $size : "";
		send(S, "MESSAGE=line $_$rest\nSYSLOG_IDENTIFIER=test\n", 0)
			or die for $from .. $to
	' "/run/systemd/journal.$NAMESPACE/socket" "$@"
}

# lines_are NAME FROM TO: these, in this order, and no others.
lines_are() {
	sed -n 's/^data: line \([0-9]*\).*/\1/p' "$1.out" |
		cmp - <(seq "$2" "$3")
}

get() {
	start "$1" "$srcdir/tests/tools/fcgi-get" "$DIR/sse.sock" log "${@:2}"
}

@test "a hundred thousand entries, each once, and from the middle on" {
	local which id
	send_entries 1 100000
	wait_until "$DEADLINE" is_written 'line 100000'
	for which in "${PROGRAMS[@]}"; do
		stop_both
		start_journald
		stream_from "$which" all
		wait_until "$DEADLINE" got all 'line 100000'
		lines_are all 1 100000
		id=$(grep -x -B 1 'data: line 50000' all.out |
			sed -n 's/^id: //p')
		stream_from "$which" rest "$id"
		wait_until "$DEADLINE" got rest 'line 100000'
		lines_are rest 50001 100000
		run -1 grep -q 'event: gap' all.out rest.out
	done
}

@test "two workers of one journal give the same, and the same ids" {
	local id
	send_entries 1 20
	wait_until "$DEADLINE" is_written 'line 20'
	start_worker
	get first
	wait_until "$DEADLINE" got first 'line 20'
	id=$(id_of first 'line 10')
	mv sse.sock one.sock
	start_worker
	get second "$id"
	wait_until "$DEADLINE" got second 'line 20'
	rotate
	send_entries 21 40
	wait_until "$DEADLINE" got first 'line 40'
	wait_until "$DEADLINE" got second 'line 40'
	lines_are first 1 40
	lines_are second 11 40
	[ "$(id_of first 'line 40')" = "$(id_of second 'line 40')" ]
	# One goes on at the other, in both ways.
	start back "$srcdir/tests/tools/fcgi-get" "$DIR/one.sock" log \
		"$(id_of second 'line 30')"
	get forth "$(id_of first 'line 30')"
	for name in back forth; do
		wait_until "$DEADLINE" got "$name" 'line 40'
		lines_are "$name" 31 40
		run -1 grep -q 'event: gap' "$name.out"
	done
}

# Bytes that are no text, in the way that journald has for them.
send_binary() {
	perl -MSocket -e '
		socket(S, AF_UNIX, SOCK_DGRAM, 0) or die;
		connect(S, pack_sockaddr_un(shift)) or die;
		my $binary = "one\ntwo\0three\xff";
		my $large = "y" x 100000;
		send(S, "SYSLOG_IDENTIFIER=test\n" .
			"MESSAGE\n" . pack("Q<", length $binary) . "$binary\n" .
			"BYTES\n" . pack("Q<", 3) . "\x00\xfe\x01\n", 0) or die;
		send(S, "SYSLOG_IDENTIFIER=test\nMESSAGE=$large\n" .
			"BYTES=small\n", 0) or die
	' "/run/systemd/journal.$NAMESPACE/socket"
}

@test "binary fields, and fields over record-max" {
	local which
	send_binary
	write last
	for which in "${PROGRAMS[@]}"; do
		stop_both
		start_journald
		conf 'record-max = 64K'
		stream_from "$which" text
		wait_until "$DEADLINE" got text last
		# The lines of a message, of which what is no text is replaced.
		grep -qx 'data: one' text.out
		tr '\000' . <text.out | grep -qx "data: two.three"$'\ufffd'
		iconv -f UTF-8 -t UTF-8 text.out >/dev/null
		# No part of the large one is over the limit.
		[ "$(sed -n 's/^data: \(y*\)$/\1/p' text.out | wc -L)" -le 65536 ]
		[ "$(grep -c '^data: yy' text.out)" -ge 1 ]
		stop_both
		start_journald
		conf 'record-max = 64K' 'field = *'
		stream_from "$which" object
		wait_until "$DEADLINE" grep -q '"MESSAGE":"last"' object.out
		sed -n 's/^data: \({.*\)/\1/p' object.out >objects
		[ "$(wc -l <objects)" -eq 3 ]
		[ "$(wc -L <objects)" -le 65536 ]
		iconv -f UTF-8 -t UTF-8 objects >/dev/null
		node -e 'require("fs").readFileSync("objects", "utf8")
			.trim().split("\n").forEach((line) => JSON.parse(line))'
	done
}

# What is taken of it is more than fits between the worker and its client.
@test "an archived file that is cut while it is read is told, and no end" {
	local archived client worker
	conf_of_all 'from = start' 'replay = 64M'
	send_entries 1 8000 2000
	wait_until "$DEADLINE" is_written "line 8000 $(printf 'x%.0s' {1..2000})"
	rotate
	write 'behind it'
	start_worker
	worker=$WORKER_PID
	get slow
	client=$PID
	wait_until "$DEADLINE" grep -q '^data: line 1 ' slow.out
	kill -STOP -- "-$client"
	for archived in "$FILES"/system@*.journal; do
		: >"$archived"
	done
	kill -CONT -- "-$client"
	write 'and more'
	wait_until "$DEADLINE" got slow 'and more'
	# It had all of it before, or was told.
	grep -q '^data: line 8000 ' slow.out || grep -q '^event: gap$' slow.out
	[ -d "/proc/$worker" ]
	get another
	wait_until "$DEADLINE" got another 'and more'
}

# A small file system below the files, which nobody else has.  Where it is full,
# journald goes on in /run, whose folder is made for it when a machine starts.
need_small_disk() {
	local folder
	stop_all
	rm -rf "${FILES:?}"
	mkdir -p "$FILES" "$IN_MEMORY"
	mount -t tmpfs -o size=24m tmpfs "$FILES" 2>/dev/null ||
		skip 'no file system can be mounted'
	for folder in "$FILES" "$IN_MEMORY"; do
		chgrp systemd-journal "$folder"
		chmod 2755 "$folder"
	done
	printf '%s\n' 'SystemKeepFree=0' >>"$SETTINGS"
	start_journald
}

@test "a disk that is full, and that has room again" {
	local id
	need_small_disk
	conf_of_all 'from = start' 'match = SYSLOG_IDENTIFIER=test'
	start_worker
	send_entries 1 10
	wait_until "$DEADLINE" is_written 'line 10'
	get live
	wait_until "$DEADLINE" got live 'line 10'
	id=$(id_of live 'line 5')
	dd if=/dev/zero of="$FILES/filler" bs=64K status=none || true
	# More than there is room for: what journald drops has no entry.
	send_entries 11 3000 4000
	rm "$FILES/filler"
	wait_until "$DEADLINE" write_nothing
	write 'room again'
	wait_until "$DEADLINE" got live 'room again'
	# All that is in the journal has come, once.
	journalctl --namespace="$NAMESPACE" -o cat -t test |
		sed -n 's/^line \([0-9]*\).*/\1/p' >written
	sed -n 's/^data: line \([0-9]*\).*/\1/p' live.out >given
	[ -z "$(sort -n given | uniq -d)" ]
	sort -n -c given
	[ -z "$(comm -23 <(sort written) <(sort given))" ]
	get again "$id"
	wait_until "$DEADLINE" got again 'room again'
}
