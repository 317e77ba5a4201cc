#!/usr/bin/env bats
#
# A browser reads 200 numbered lines a second through nginx and sse-fcgi, while
# the worker is killed ten times, and logrotate rotates the log ten times.

load helper
load fcgi

RATE=200
COUNT=$((RATE * ${SSE_TEST_MINUTE:-60}))
TIMES=10
SLOWLY=()
ROTATED=0

prepare() {
	need logrotate chromium node nginx strace
	cp "$srcdir/tests/e2e/page/numbers.html" page/
	chmod 755 .
}

# watch: the site, a page that reads the log, and a writer.
watch() {
	start_site nginx
	: >"$LOG"
	kill_worker
	sed -i '1i retry = 200ms' sse.conf
	sed -i 's/^rotate-wait.*/rotate-wait = 1s/' sse.conf
	if [ "$(id -u)" = 0 ]; then
		chown 65534:65534 "$LOG"
	fi
	start_worker
	start page env TMPDIR="$DIR" "$srcdir/tests/tools/page-watch" \
		--seconds $((COUNT / RATE + 60)) \
		"$URL/numbers.html?stream=/sse/log" open 'at its end:'
	wait_until "$DEADLINE" grep -qx 'saw open' page.out
	start writer "$srcdir/tests/tools/write-numbers" "$LOG" "$RATE" "$COUNT"
	WRITER_PID=$PID
}

# rotate LINE...: by real logrotate, as the owner of the log.
rotate() {
	printf '%s\n' "$LOG {" 'rotate 30' 'nocompress' "$@" '}' >rotate.conf
	"${ORDINARY[@]}" "${SLOWLY[@]}" logrotate --force --state "$DIR/rotate.state" \
		rotate.conf
}

by_renaming() {
	rotate create postrotate "kill -HUP $WRITER_PID" endscript
}

# Between the copy and the truncation there are 50 ms: some ten lines.  A worker
# that is there reads them, and so each second time there is none.
by_copytruncate() {
	SLOWLY=(strace -f -o "$DIR/strace.log" -e trace=ftruncate
		-e inject=ftruncate:delay_enter=50000)
	if ((ROTATED++ % 2)); then
		kill_worker
		rotate copytruncate
		start_worker
	else
		rotate copytruncate
	fi
}

# Who writes is at rest from before the copy until after the truncation.
by_copytruncate_at_rest() {
	local before

	before=$(grep -c paused writer.out) || true
	kill -USR1 "$WRITER_PID"
	wait_until "$DEADLINE" paused_again "$before"
	rotate copytruncate
	kill -USR2 "$WRITER_PID"
}

paused_again() {
	[ "$(grep -c paused writer.out)" -gt "$1" ]
}

# last_is N: whether the writer has come to that number.
has_come_to() {
	local last

	last=$(tail -n 1 "$LOG")
	[ "${last%% *}" -ge "$1" ] 2>/dev/null || gone "$WRITER_PID"
}

# disturb COMMAND: kills and rotations, evenly over the time.
disturb() {
	local i step=$((COUNT / (2 * TIMES + 1)))

	for ((i = 1; i <= TIMES; i++)); do
		wait_until "$DEADLINE" has_come_to $((step * (2 * i - 1)))
		"$1"
		wait_until "$DEADLINE" has_come_to $((step * 2 * i))
		kill_worker
		start_worker
	done
	wait_until "$DEADLINE" grep -q '^title ' page.out
	run grep '^title ' page.out
	echo "# $1: ${output#title }" >&3
	assert_output --partial ' twice 0 '
	assert_output --partial ' silent 0 '
}

@test "rotated by renaming: every number once, and no gap" {
	watch
	disturb by_renaming
	assert_output --partial "came $COUNT twice 0 missing 0 silent 0 gaps 0 "
}

@test "copied and truncated while the writer rests: every number once" {
	watch
	disturb by_copytruncate_at_rest
	assert_output --partial "came $COUNT twice 0 missing 0 silent 0 "
}

@test "copied and truncated under the writer: what is missing is told" {
	watch
	disturb by_copytruncate
	refute_output --partial ' missing 0 '
}
