#!/usr/bin/env bats
#
# A log that is missing, or that may not be read, in both programs: a client
# waits, keeps its id, and gets what it should when the log can be read.

load helper
load fcgi
load both

prepare() {
	if [ "$(id -u)" = 0 ]; then
		MINE=(chown 65534:65534)
	else
		MINE=(true)
	fi
	mkdir d
	LOG=$DIR/d/log
	: >"$LOG"
	"${MINE[@]}" d "$LOG"
	configure
}

# configure [LINE]...: of the stream.
configure() {
	printf '%s\n' 'heartbeat = 300ms' 'retry = 100ms' 'rotate-wait = 200ms' \
		"$@" '[log]' "source = $LOG" >sse.conf
}

# as_owner COMMAND...: not as root, who could read everything.
as_owner() {
	"${ORDINARY[@]}" "$@"
}

# What keeps the log from being read, and what ends that.
forbid_log() { as_owner chmod 0 "$LOG"; }
allow_log() { as_owner chmod 644 "$LOG"; }
forbid_folder() { as_owner chmod 0 d; }
allow_folder() { as_owner chmod 755 d; }
forbid_missing() { mv "$LOG" away; }
allow_missing() { mv away "$LOG"; }
forbid_no-folder() { mv d aside; }
allow_no-folder() { mv aside d; }
forbid_folder-at-its-name() { mv "$LOG" away && mkdir "$LOG"; }
allow_folder-at-its-name() { rmdir "$LOG" && mv away "$LOG"; }
forbid_link-to-itself() { mv "$LOG" away && ln -s log "$LOG"; }
allow_link-to-itself() { mv away "$LOG"; }
forbid_file-as-its-folder() { mv d aside && : >d; }
allow_file-as-its-folder() { rm d && mv aside d; }

DENIED='^: waiting for the log: it may not be read (Permission denied)$'
MISSING='^: waiting for the log: it does not exist yet$'
REFUSED='^: waiting for the log: it cannot be read$'

# comment_of OBSTACLE
comment_of() {
	case $1 in
	log | folder) echo "$DENIED" ;;
	missing | no-folder) echo "$MISSING" ;;
	*) echo "$REFUSED" ;;
	esac
}

OBSTACLES=(log folder missing no-folder folder-at-its-name link-to-itself
	file-as-its-folder)

is_200() {
	grep -q '^Content-Type: text/event-stream' "$1.out" &&
		! grep -q '^Status:' "$1.out"
}

# beats NAME: two heartbeats have come.
beats() {
	[ "$(grep -c '^:$\|^: $' "$1.out")" -ge 2 ]
}

# id_at_end WHICH: of a client that has everything.
id_at_end() {
	stream_from "$1" before
	wait_until "$DEADLINE" has before.out 'line 2'
	kill -KILL -- "-$PID" || true
	wait_until "$DEADLINE" gone "$PID"
	ID=$(grep '^id: ' before.out | grep -v 'id: end' | tail -n 1 | cut -c 5-)
}

# with_an_id WHICH OBSTACLE
with_an_id() {
	echo "# $1: $2"
	printf 'line %s\n' 1 2 >"$LOG"
	id_at_end "$1"
	append 'line 3' 'line 4'
	"forbid_$2"
	# A worker of its own, which finds it so.
	stop_both
	stream_from "$1" client "$ID"
	wait_until "$DEADLINE" is_200 client
	wait_until "$DEADLINE" grep -q "$(comment_of "$2")" client.out
	wait_until "$DEADLINE" beats client
	run grep -c '^id:\|^data:\|^event:' client.out
	assert_output 0
	"allow_$2"
	wait_until "$DEADLINE" has client.out 'line 4'
	run messages client.out
	assert_output $'line 3\nline 4'
	run gaps client.out
	assert_output ''
	refute grep -q "$DIR" client.out
	stop_both
}

@test "with an id: waits for whatever it is, and goes on at exactly the next line" {
	local which obstacle

	for which in "${PROGRAMS[@]}"; do
		for obstacle in "${OBSTACLES[@]}"; do
			with_an_id "$which" "$obstacle"
		done
	done
}

@test "without an id: what is missing or may not be read is waited for" {
	local which obstacle want

	configure 'from = -2'
	for which in "${PROGRAMS[@]}"; do
		for obstacle in log folder missing no-folder; do
			printf 'line %s\n' 1 2 3 >"$LOG"
			"forbid_$obstacle"
			stream_from "$which" client
			wait_until "$DEADLINE" is_200 client
			wait_until "$DEADLINE" grep -q \
				"$(comment_of "$obstacle")" client.out
			wait_until "$DEADLINE" beats client
			"allow_$obstacle"
			wait_until "$DEADLINE" has client.out 'line 3'
			# All of a log that was not there is new.
			want=$'line 2\nline 3'
			case $obstacle in
			missing | no-folder) want=$'line 1\nline 2\nline 3' ;;
			esac
			run messages client.out
			assert_output "$want"
			run gaps client.out
			assert_output ''
			# A client that is cut off now comes back right.
			append 'line 4'
			wait_until "$DEADLINE" has client.out 'line 4'
			stop_both
		done
	done
}

@test "a FIFO that may not be read is waited for" {
	local which

	LOG=$DIR/d/fifo
	configure
	for which in "${PROGRAMS[@]}"; do
		rm -f "$LOG"
		as_owner mkfifo -m 0 "$LOG"
		stream_from "$which" client
		wait_until "$DEADLINE" is_200 client
		wait_until "$DEADLINE" grep -q "$DENIED" client.out
		wait_until "$DEADLINE" beats client
		allow_log
		timeout "$DEADLINE" bash -c "echo 'line 1' >'$LOG'"
		wait_until "$DEADLINE" has client.out 'line 1'
		stop_both
	done
}

# The lines about the source, of either program.
lines_of_log() {
	cat worker.log client.err 2>/dev/null | grep ' log: /'
}

logged() {
	lines_of_log | grep -q "$1"
}

# The connection of a client of sse-fcgi ends with the answer.
refused() {
	stream_from "$1" client "${@:2}"
	wait_until "$DEADLINE" grep -q '^Status: 500' client.out
	run awk 'body { print } /^\r?$/ { body = 1 }' client.out
	assert_equal "${#lines[@]}" 1
	refute_output --partial /
}

@test "without an id: what is no log is 500, and the log says why" {
	local which obstacle

	for which in "${PROGRAMS[@]}"; do
		for obstacle in folder-at-its-name link-to-itself \
			file-as-its-folder; do
			rm -f worker.log
			"forbid_$obstacle"
			refused "$which"
			wait_until "$DEADLINE" logged "log: $LOG: "
			"allow_$obstacle"
			stop_both
		done
	done
	configure
	sed -i 's,^source = .*,source = /dev/zero,' sse.conf
	for which in "${PROGRAMS[@]}"; do
		refused "$which"
		stop_both
	done
}

@test "follow = no: 500 without an id, and with one it waits and then ends" {
	local which obstacle

	configure 'follow = no' 'from = start'
	for which in "${PROGRAMS[@]}"; do
		for obstacle in log folder missing no-folder; do
			printf 'line %s\n' 1 2 >"$LOG"
			id_at_end "$which"
			append 'line 3'
			"forbid_$obstacle"
			stop_both
			refused "$which"
			stream_from "$which" client "$ID"
			wait_until "$DEADLINE" is_200 client
			wait_until "$DEADLINE" beats client
			"allow_$obstacle"
			wait_until "$DEADLINE" grep -q '^event: end' client.out
			run messages client.out
			assert_output 'line 3'
			stop_both
		done
	done
}

@test "since: is searched for when the log can be read" {
	local which

	configure 'time-format = %Y-%m-%dT%H:%M:%S%z'
	for which in "${PROGRAMS[@]}"; do
		printf '2026-11-20T10:00:%sZ\n' {00..59} >"$LOG"
		forbid_log
		stream_from "$which" client '' since=2026-11-20T10:00:40Z
		wait_until "$DEADLINE" is_200 client
		wait_until "$DEADLINE" grep -q "$DENIED" client.out
		allow_log
		wait_until "$DEADLINE" has client.out '2026-11-20T10:00:59Z'
		run messages client.out
		assert_line --index 0 '2026-11-20T10:00:40Z'
		assert_equal "${#lines[@]}" 20
		run gaps client.out
		assert_output ''
		stop_both
	done
}

@test "each change is told once, and each trouble that lasts is a line in the log" {
	local which

	for which in "${PROGRAMS[@]}"; do
		rm -f worker.log
		printf 'line %s\n' 1 2 >"$LOG"
		id_at_end "$which"
		forbid_log
		stop_both
		stream_from "$which" client "$ID"
		wait_until "$DEADLINE" grep -q "$DENIED" client.out
		wait_until "$DEADLINE" logged 'log: .*Permission denied'
		mv "$LOG" away
		as_owner chmod 644 away
		wait_until "$DEADLINE" grep -q "$MISSING" client.out
		wait_until "$DEADLINE" logged 'log: .*No such file'
		mv away "$LOG"
		wait_until "$DEADLINE" logged 'log: .*can be read now'
		run grep -hc "$DENIED" client.out
		assert_output 1
		run lines_of_log
		assert_equal "${#lines[@]}" 3
		stop_both
	done
}

# rotate_often CONFIGURATION...: by the real program, a hundred times.
rotate_often() {
	local round

	for ((round = 1; round <= 100; round++)); do
		echo "line $round" >>"$LOG"
		logrotate -f -s "$DIR/rotate.state" rotate.conf
		echo "after $round" >>"$LOG"
		wait_until "$DEADLINE" has client.out "after $round"
	done
}

@test "a hundred rotations by logrotate, as another user: no gap, no line" {
	local which

	need logrotate
	[ "$(id -u)" = 0 ] || skip 'only root can rotate the log of another user'
	chown 0:0 d
	printf '%s\n' "$LOG {" 'rotate 200' 'create 0640 root nogroup' \
		'su root root' '}' >rotate.conf
	configure 'from = start'
	for which in "${PROGRAMS[@]}"; do
		rm -f "$LOG".*
		rm -f worker.log
		: >"$LOG"
		chown root:65534 "$LOG"
		chmod 640 "$LOG"
		stream_from "$which" client
		wait_until "$DEADLINE" is_200 client
		rotate_often
		run messages client.out
		assert_equal "$output" "$(for ((i = 1; i <= 100; i++)); do
			printf 'line %s\nafter %s\n' "$i" "$i"
		done)"
		run gaps client.out
		assert_output ''
		run lines_of_log
		assert_output ''
		stop_both
	done
}

# page: the status of the stream, as text.
page() {
	"$srcdir/tests/tools/fcgi-get" --set "$DIR/sse.sock" status |
		grep '"log"'
}

page_has() {
	page | grep -q "$1"
}

ends() {
	wait_until "$DEADLINE" gone "$1"
}

@test "sse-fcgi: clients that wait are counted, and end as others do" {
	local with without id=0.AAAAAAAA-4-AAAAAAAAAA

	cp "$builddir/fcgi/sse-fcgi" cgi-bin/sse-fcgi
	configure 'stream-clients = 2'
	forbid_log
	start_worker --status status
	stream_from sse-fcgi with "$id"
	with=$PID
	stream_from sse-fcgi without
	without=$PID
	wait_until "$DEADLINE" page_has '"source": "waiting", "subscribers": 2,'
	# One is too many.
	run "$srcdir/tests/tools/fcgi-get" "$DIR/sse.sock" log
	assert_output --partial 'too many'
	sed -i 's/^retry.*/retry = 200ms/' sse.conf
	kill -HUP "$WORKER_PID"
	ends "$with"
	ends "$without"
	wait_until "$DEADLINE" page_has '"subscribers": 0,'
	sed -i '1i max-age = 1s' sse.conf
	kill -HUP "$WORKER_PID"
	wait_until "$DEADLINE" grep -q 'reloaded\|configuration' worker.log
	stream_from sse-fcgi with "$id"
	with=$PID
	stream_from sse-fcgi without
	without=$PID
	ends "$with"
	ends "$without"
	sed -i '/^max-age/d' sse.conf
	kill -HUP "$WORKER_PID"
	stream_from sse-fcgi with "$id"
	with=$PID
	stream_from sse-fcgi without
	without=$PID
	wait_until "$DEADLINE" is_200 without
	kill -TERM "$WORKER_PID"
	ends "$with"
	ends "$without"
	ends "$WORKER_PID"
}

@test "sse-fcgi: forty clients that wait all begin where they should" {
	local i id

	cp "$builddir/fcgi/sse-fcgi" cgi-bin/sse-fcgi
	printf 'line %s\n' 1 2 >"$LOG"
	start_worker --readers 2
	id_at_end sse-fcgi
	append 'line 3'
	stop_both
	forbid_log
	start_worker --readers 2
	for ((i = 1; i <= 40; i++)); do
		stream_from sse-fcgi "client$i" "$ID"
	done
	wait_until "$DEADLINE" is_200 client40
	wait_until "$DEADLINE" beats client40
	allow_log
	for ((i = 1; i <= 40; i++)); do
		wait_until "$DEADLINE" has "client$i.out" 'line 3'
		run messages "client$i.out"
		assert_output 'line 3'
	done
}

# It has read what there is of its generation, and waits for the log: others,
# of a stream that can be read, do not wait for it.
@test "sse-fcgi: a reader that waits for the log keeps no other one waiting" {
	local other=$DIR/d/other

	cp "$builddir/fcgi/sse-fcgi" cgi-bin/sse-fcgi
	printf '%s\n' '[other]' "source = $other" 'from = start' >>sse.conf
	printf 'line %s\n' 1 2 >"$LOG"
	printf 'other %s\n' 1 2 >"$other"
	start_worker --readers 1
	id_at_end sse-fcgi
	append 'line 3'
	as_owner mv "$LOG" "$LOG.1"
	# Which makes it, and sets its times: it looks as one that was emptied.
	as_owner touch "$LOG"
	forbid_log
	stop_both
	start_worker --readers 1
	stream_from sse-fcgi client "$ID"
	wait_until "$DEADLINE" has client.out 'line 3'
	start other "$srcdir/tests/tools/fcgi-get" "$DIR/sse.sock" other
	wait_until "$DEADLINE" has other.out 'other 2'
	wait_until "$DEADLINE" beats client
	allow_log
	wait_until "$DEADLINE" grep -q 'can be read now' worker.log
	wait_until "$DEADLINE" beats client
	append 'line 4'
	wait_until "$DEADLINE" has client.out 'line 4'
	run messages client.out
	assert_output $'line 3\nline 4'
	run gaps client.out
	assert_output ''
}
