#!/usr/bin/env bats
#
# Ids that a client makes up from what it knows of a log, in both programs: the
# hash in them has no secret.

load helper
load fcgi
load both

prepare() {
	printf '%s\n' 'heartbeat = 500ms' 'rotate-wait = 100ms' 'from = -2' \
		'[log]' "source = $LOG" >sse.conf
}

# ids FILE: of a file that is read from its beginning to its end.
ids() {
	"${CGI[@]}" "$PROGRAM" --from=start --follow=no "$1" |
		sed -n 's/^id: //p' | grep -vx end
}

# forge TEXT: the id behind this text, which the log begins with.  An id is
# stamp.file-offset-check, and file has eight characters, of which any may be a
# dash.
forge() {
	local front end

	printf '%s' "$1" >guess
	front=$(ids "$LOG" | head -n 1 | sed -E 's/^([^.]*\..{8}).*/\1/')
	end=$(ids guess | tail -n 1 | sed -E 's/^[^.]*\..{8}//')
	echo "$front$end"
}

reasons() {
	gaps "$1" | sed 's/.*"reason":"\([a-z]*\)".*/\1/'
}

# answers_id WHICH ID LAST: what is there when the last message has come.
answers_id() {
	stream_from "$1" answer "$2"
	wait_until "$DEADLINE" has answer.out "$3"
}

into_a_line() {
	local id guess

	printf '%s\n' 'public' 'user=root password=hunter2' 'b' 'c' 'd' >"$LOG"
	echo 'exclude = password' >>sse.conf
	for guess in 'password=' 'passwort='; do
		id=$(forge $'public\nuser=root '"$guess")
		answers_id "$1" "$id" d
		run reasons answer.out
		assert_output truncated
		run messages answer.out
		assert_output $'public\nb\nc\nd'
		stop_both
		gaps answer.out >"$guess"
		# Heartbeats come when they do.
		grep -av '^:' answer.out | tail -n 2 >>"$guess"
	done
	# Who guesses is not told whether it was right.
	run diff 'password=' 'passwort='
	assert_success
	# What the client has seen it may come back to.
	answers_id "$1" "$(forge $'public\n')" d
	run gaps answer.out
	assert_output ''
	run messages answer.out
	assert_output $'b\nc\nd'
}

@test "sse-cgi: an id into a line is as a wrong one" {
	into_a_line sse-cgi
}

@test "sse-fcgi: an id into a line is as a wrong one" {
	into_a_line sse-fcgi
}

into_an_event() {
	local id

	printf '%s\n' 'data: a' '' 'event: b' 'data: b' '' 'data: c' '' >"$LOG"
	printf '%s\n' 'format = sse' >>sse.conf
	id=$(forge $'data: a\n\nevent: b\n')
	answers_id "$1" "$id" c
	run reasons answer.out
	assert_output truncated
	run decode answer.out
	assert_line --partial $'b\t'
	stop_both
	answers_id "$1" "$(forge $'data: a\n\n')" c
	run gaps answer.out
	assert_output ''
	run messages answer.out
	assert_output c
}

@test "sse-cgi: an id into an event of an event stream is as a wrong one" {
	into_an_event sse-cgi
}

@test "sse-fcgi: an id into an event of an event stream is as a wrong one" {
	into_an_event sse-fcgi
}

between_lines() {
	printf '%s\n' '= 1' '  password' '  hunter2' '= 2' '  x' >"$LOG"
	printf '%s\n' 'record-start = ^=' 'record-wait = 20ms' \
		'exclude = password' >>sse.conf
	# Nothing of the rest, which has no password in it.
	answers_id "$1" "$(forge $'= 1\n  password\n')" '= 2\n  x'
	run gaps answer.out
	assert_output ''
	run messages answer.out
	assert_output '= 2\n  x'
	stop_both
	# Of one that passes the rest alone.
	answers_id "$1" "$(forge $'= 1\n  password\n  hunter2\n= 2\n')" '  x'
	run messages answer.out
	assert_output '  x'
	# And what comes later belongs to it, too.
	printf '%s\n' '  password' >>"$LOG"
	printf '%s\n' '= 3' >>"$LOG"
	wait_until "$DEADLINE" has answer.out '= 3'
	run messages answer.out
	assert_output $'  x\n= 3'
}

@test "sse-cgi: a record is judged as a whole, whatever line an id is behind" {
	between_lines sse-cgi
}

@test "sse-fcgi: a record is judged as a whole, whatever line an id is behind" {
	between_lines sse-fcgi
}

older_line() {
	local id

	printf '%s\n' a b >"$LOG"
	printf 'half' >>"$LOG"
	id=$(forge $'a\nb\nhalf')
	mv "$LOG" "$LOG.1"
	echo c >"$LOG"
	answers_id "$1" "$id" c
	run gaps answer.out
	assert_output ''
	run messages answer.out
	assert_output c
	stop_both
	echo ' a line' >>"$LOG.1"
	answers_id "$1" "$id" c
	run gaps answer.out
	assert_output --partial '"reason":"late","skipped":8,'
	run messages answer.out
	assert_output c
}

@test "sse-cgi: a line that was sent unfinished, and has grown, is late" {
	older_line sse-cgi
}

@test "sse-fcgi: a line that was sent unfinished, and has grown, is late" {
	older_line sse-fcgi
}
