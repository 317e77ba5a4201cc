#!/usr/bin/env bats
#
# The systemd journal as a source, in both programs: a journald of the test's
# own, in a namespace.  It ends by itself when nobody writes for half a minute.
# shellcheck disable=SC2154 # helper.bash sets what is not set here

load helper
load fcgi
load both
load pages
load journal

prepare() {
	need_journald
	start_journald
	conf
}

@test "what is written arrives, in both programs" {
	for which in "${PROGRAMS[@]}"; do
		stop_both
		start_journald
		write "old $which"
		stream_from "$which" answer
		wait_until "$DEADLINE" got answer "old $which"
		write "new $which" "more $which"
		wait_until "$DEADLINE" got answer "more $which"
		got answer "new $which"
	done
}

@test "a client resumes exactly, over rotations and a killed journald" {
	local id
	for which in "${PROGRAMS[@]}"; do
		stop_both
		start_journald
		write "a $which" "b $which"
		stream_from "$which" first
		wait_until "$DEADLINE" got first "b $which"
		id=$(id_of first "a $which")
		[ -n "$id" ]
		rotate
		write "c $which"
		wait_until "$DEADLINE" got first "c $which"
		kill -KILL "$JOURNALD_PID"
		start_journald
		write "d $which"
		wait_until "$DEADLINE" got first "d $which"
		stream_from "$which" second "$id"
		wait_until "$DEADLINE" got second "d $which"
		run events second
		assert_output "b $which c $which d $which "
	done
}

@test "how many entries were removed is told exactly" {
	local id next missing
	for which in "${PROGRAMS[@]}"; do
		stop_both
		start_journald
		conf_of_all 'from = -1'
		write "a $which"
		stream_from "$which" first
		wait_until "$DEADLINE" got first "a $which"
		id=$(id_of first "a $which")
		stop_both
		start_journald
		write "b $which" "c $which" "d $which"
		rotate
		write "e $which"
		rotate
		write "f $which"
		vacuum
		stream_from "$which" second "$id"
		wait_until "$DEADLINE" got second "f $which"
		# The number of the first one that is there, by what it is called.
		next=$(grep -A 9 'event: gap' second.out | sed -n 's/^id: //p' |
			sed -n 1p)
		missing=$(($(number_of "$next") - $(number_of "$id") - 1))
		((missing >= 4))
		grep -qx "data: {\"reason\":\"rotated\",\"skipped\":$missing,\"unit\":\"records\"}" \
			second.out
	done
}

# Neither it nor what is in it was there when the stream began.
@test "a folder that comes later is followed" {
	local which
	write a
	cp -r "$FILES" "$DIR/copy"
	chown -R 65534:65534 "$DIR/copy"
	sed -i "s,^source = .*,source = journal:$DIR/later," sse.conf
	for which in "${PROGRAMS[@]}"; do
		stop_both
		rm -rf later
		stream_from "$which" answer
		wait_until "$DEADLINE" grep -q '^: .*waiting' answer.out
		cp -r copy coming
		chown -R 65534:65534 coming
		mv coming later
		wait_until "$DEADLINE" got answer a
	done
}

@test "a journal that is none is told, and waited for" {
	local which none="journal:$NAMESPACE-none"
	cp "$builddir/fcgi/sse-fcgi" cgi-bin/sse-fcgi
	write a
	cp -r "$FILES" "$DIR/copy"
	chown -R 65534:65534 "$DIR/copy"
	for which in "${PROGRAMS[@]}"; do
		stop_both
		rm -rf empty
		mkdir empty
		chown 65534:65534 empty
		run -1 --separate-stderr "${ORDINARY[@]}" "cgi-bin/$which" \
			--check "a=$none" "b=journal:$DIR/empty"
		assert_equal "${#stderr_lines[@]}" 2
		[[ ${stderr_lines[0]} == "a: $none: "*': there is no journal of this namespace; it is waited for' ]]
		[[ ${stderr_lines[1]} == "b: journal:$DIR/empty: "*': there is no file of a journal in the folder; it is waited for' ]]
		sed -i "s,^source = .*,source = journal:$DIR/empty," sse.conf
		stream_from "$which" answer
		wait_until "$DEADLINE" grep -q "^id: " answer.out
		cp copy/*.journal empty
		chown -R 65534:65534 empty
		wait_until "$DEADLINE" got answer a
		run -1 grep 'event: gap' answer.out
	done
}

# user TEXT: an entry of somebody who has a file of their own.
user() {
	setpriv --reuid=12345 --regid=12345 --clear-groups logger \
		-u "/run/systemd/journal.$NAMESPACE/dev-log" -t test "$1"
	wait_until "$DEADLINE" is_written "$1"
}

# Each file has its own sequence, before systemd 254, and all have one counter.
@test "entries of users are counted with all others" {
	local id next missing
	conf_of_all 'from = start'
	write a
	user b
	write c
	user d
	stream_from sse-cgi first
	wait_until "$DEADLINE" got first d
	write e
	wait_until "$DEADLINE" got first e
	run -1 grep 'event: gap' first.out
	id=$(id_of first c)
	stop_all
	start_journald
	rotate
	user f
	write g
	rotate
	user h
	write i
	vacuum
	stream_from sse-cgi second "$id"
	wait_until "$DEADLINE" got second i
	next=$(grep -A 9 'event: gap' second.out | sed -n 's/^id: //p' |
		sed -n 1p)
	missing=$(($(number_of "$next") - $(number_of "$id") - 1))
	((missing >= 2))
	grep -qx "data: {\"reason\":\"rotated\",\"skipped\":$missing,\"unit\":\"records\"}" \
		second.out
	[ "$(grep -c '^event: gap' second.out)" = 1 ]
}

@test "a copy of the journal proves what a client had" {
	local id
	write a b c
	stream_from sse-cgi first
	wait_until "$DEADLINE" got first c
	id=$(id_of first b)
	stop_both
	# Elsewhere they would have been written anew; a folder is enough here.
	journalctl --namespace="$NAMESPACE" --sync 2>/dev/null || true
	cp -r "$FILES" "$DIR/copy"
	chown -R 65534:65534 "$DIR/copy"
	sed -i "s,^source = .*,source = journal:$DIR/copy," sse.conf
	for which in "${PROGRAMS[@]}"; do
		stop_both
		stream_from "$which" second "$id"
		wait_until "$DEADLINE" got second c
		run events second
		assert_output 'c '
	done
}

@test "where it may not be read is said, with what to do" {
	ORDINARY=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	run -1 "${ORDINARY[@]}" "$PROGRAM" --check -f sse.conf
	assert_output --partial 'Permission denied'
	assert_output --partial 'systemd-journal'
	for which in "${PROGRAMS[@]}"; do
		stop_both
		stream_from "$which" answer
		wait_until "$DEADLINE" grep -q '^: .*Permission denied.*: members of systemd-journal ' \
			answer.out
	done
	grep -q 'systemd-journal' worker.log
}

@test "twenty clients of one worker get all of it, once" {
	local i
	cp "$builddir/fcgi/sse-fcgi" cgi-bin/sse-fcgi
	conf_of_all 'match = SYSLOG_IDENTIFIER=test' 'from = end'
	start_worker
	for ((i = 0; i < 20; i++)); do
		start "client$i" "$srcdir/tests/tools/fcgi-get" \
			"$DIR/sse.sock" log
	done
	for ((i = 0; i < 20; i++)); do
		wait_until "$DEADLINE" grep -q '^id: ' "client$i.out"
	done
	# shellcheck disable=SC2046 # words
	write $(seq 1 500)
	rotate
	# shellcheck disable=SC2046 # words
	write $(seq 501 1000)
	for ((i = 0; i < 20; i++)); do
		wait_until "$DEADLINE" got "client$i" 1000
		run events "client$i"
		assert_output "$(seq 1 1000 | tr '\n' ' ')"
	done
}

@test "fields, as a line and as JSON" {
	write 'hello'
	conf 'field = text'
	stream_from sse-cgi line
	wait_until "$DEADLINE" grep -qE \
		'^data: [0-9T:+-]{24} .* test\[[0-9]+\]: hello$' line.out
	conf 'field = *'
	stream_from sse-cgi object
	wait_until "$DEADLINE" grep -q '"MESSAGE":"hello"' object.out
	if "$PROGRAM" --help | grep -q 'lines|json'; then
		conf 'field = *' 'format = json'
		stream_from sse-cgi event
		wait_until "$DEADLINE" got event hello
		grep -qx 'event: test' event.out
	fi
}

# The zone is what libc reads when it is needed: in the sandbox, too.
@test "the time of a line is that of the local zone" {
	write 'hello'
	conf 'field = text'
	export TZ=Asia/Kathmandu
	CGI+=("TZ=$TZ")
	for which in "${PROGRAMS[@]}"; do
		stream_from "$which" "$which"
		wait_until "$DEADLINE" grep -q ': hello$' "$which.out"
		grep -qE '^data: [0-9T:-]{19}\+0545 ' "$which.out"
	done
}

# Only the namespace is put in.
@test "the streams of examples/README.md" {
	page_block '[syslog]' | sed "s/^source = journal:/&$NAMESPACE/" \
		>examples.conf
	[ "$(grep -c "journal:$NAMESPACE" examples.conf)" = 2 ]
	cp "$builddir/fcgi/sse-fcgi" cgi-bin/sse-fcgi
	cp examples.conf sse.conf
	start_worker
	start syslog "$srcdir/tests/tools/fcgi-get" "$DIR/sse.sock" syslog
	start errors "$srcdir/tests/tools/fcgi-get" "$DIR/sse.sock" nginx-errors
	wait_until "$DEADLINE" grep -q '^retry: ' errors.out
	write 'a line'
	wait_until "$DEADLINE" grep -qE \
		'^data: [0-9T:+-]+ [^ ]+ test\[[0-9]+\]: a line$' syslog.out
	# It is no error of nginx.
	run -1 grep 'a line' errors.out
}

# cut: journald's file becomes empty below those who read it.
cut_file() {
	: >"$FILES/system.journal"
}

# Where it is read, there is nothing: that is no end of the program.
@test "a file that is cut while it is read costs no client" {
	local which
	for which in "${PROGRAMS[@]}"; do
		stop_both
		start_journald
		conf
		# shellcheck disable=SC2046 # words
		write $(seq 1 50) "a $which"
		stream_from "$which" first
		wait_until "$DEADLINE" got first "a $which"
		# Another client, of the same worker.
		stream_from "$which" second
		wait_until "$DEADLINE" got second "a $which"
		cut_file
		wait_until "$DEADLINE" grep -q '^event: gap$' first.out
		wait_until "$DEADLINE" grep -q '^event: gap$' second.out
		wait_until "$DEADLINE" write_nothing
		wait_until "$DEADLINE" journalctl --file="$FILES/system.journal" -q -n 1
		write "b $which"
		wait_until "$DEADLINE" got first "b $which"
		wait_until "$DEADLINE" got second "b $which"
		grep -q '^data: {"reason":"truncated","skipped":null' first.out
	done
	grep -q 'Input/output error: a file of the journal was cut' worker.log
}

# What a machine without a log file has: logger, journald, sse-fcgi, nginx, curl.
@test "behind nginx, over a journald that is killed, and files that are removed" {
	local id next missing
	need nginx
	LOG=$DIR/log
	: >"$LOG"
	start_site nginx "journal=journal:$NAMESPACE" --from=end
	start first curl -sN "$URL/sse/journal"
	wait_until "$DEADLINE" grep -q '^id: ' first.out
	logger -u "/run/systemd/journal.$NAMESPACE/dev-log" -t test 'a line'
	wait_until "$DEADLINE" got first 'a line'
	id=$(id_of first 'a line')
	kill -KILL "$JOURNALD_PID"
	start_journald
	rotate
	write b
	rotate
	write c
	rotate
	write d
	wait_until "$DEADLINE" got first d
	# Who was there all the time has all of it, without a gap.
	got first b
	got first c
	run -1 grep -q 'event: gap' first.out
	# What it has sent a worker remembers, and a new one does not.
	kill_worker
	vacuum
	start_worker
	start second curl -sN -H "Last-Event-ID: $id" "$URL/sse/journal"
	wait_until "$DEADLINE" got second d
	next=$(grep -A 9 'event: gap' second.out | sed -n 's/^id: //p' |
		sed -n 1p)
	missing=$(($(number_of "$next") - $(number_of "$id") - 1))
	((missing >= 1))
	grep -qx "data: {\"reason\":\"rotated\",\"skipped\":$missing,\"unit\":\"records\"}" \
		second.out
}

# A journal that is closed is not looked at.
@test "nobody reads it without a client" {
	cp "$builddir/fcgi/sse-fcgi" cgi-bin/sse-fcgi
	start_worker
	run -1 reads_journal
	start client "$srcdir/tests/tools/fcgi-get" "$DIR/sse.sock" log
	wait_until "$DEADLINE" grep -q '^id: ' client.out
	reads_journal
	kill -- "-$PID"
	wait_until "$DEADLINE" journal_is_closed
}

reads_journal() {
	readlink "/proc/$WORKER_PID/fd"/* 2>/dev/null | grep -F "$FILES" >/dev/null
}

journal_is_closed() {
	! reads_journal
}
