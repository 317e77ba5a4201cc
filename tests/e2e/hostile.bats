#!/usr/bin/env bats
#
# Clients that mean no good, and records that somebody made up: the others are
# served, the memory stays below its limits, and a bad record costs itself.

load helper
load fcgi
load both

prepare() {
	cp "$builddir/fcgi/sse-fcgi" cgi-bin/sse-fcgi
	configure
}

# configure [LINE]...: of the stream.
configure() {
	printf '%s\n' 'from = start' 'rotate-wait = 100ms' "$@" '[log]' \
		"source = $LOG" >sse.conf
}

# end_of PID
end_of() {
	kill -KILL -- "-$1" || true
	wait_until "$DEADLINE" gone "$1"
}

# first_id NAME: sets ID, that of the first event that has data.
first_id() {
	ID=$(grep -aB 2 -m 1 '^data: ' "$1.out" | sed -n 's/^id: //p')
	[ -n "$ID" ]
}

# first_id_of WHICH: likewise, of a client that goes then.
first_id_of() {
	stream_from "$1" first
	wait_until "$DEADLINE" first_id first
	first_id first
	end_of "$PID"
	rm first.out # may be long, and is shown where a test fails
}

# slow_clients COUNT BYTES: they have asked with ID, and take little.
slow_clients() {
	start slow "$srcdir/tests/tools/fcgi-slow" "$DIR/sse.sock" log "$@" "$ID"
	wait_until "$DEADLINE" grep -qx ready slow.out
}

# connected COUNT: so many, or more.
connected() {
	[ "$(connections)" -ge "$1" ]
}

@test "64 slow clients that resume: the 65th begins within seconds" {
	local begun

	need node
	# Less than replay.
	seq -f 'line %.0f of a log that is long enough to be read slowly' \
		100000 >"$LOG"
	first_id_of sse-fcgi
	slow_clients 64 4096
	wait_until "$DEADLINE" connected 64
	begun=$(now_ms)
	stream_from sse-fcgi another "$ID"
	# Two seconds are what is meant; a busy machine has ten.  The slow ones
	# read for a quarter of an hour.
	wait_until "$DEADLINE" grep -aq '^data: line 2 ' another.out
	echo "# it begins after $(($(now_ms) - begun)) ms" >&3
	run gaps another.out
	assert_output ''
}

# has_head NAME: its answer has begun.
has_head() {
	grep -aq '^retry: ' "$1.out"
}

# data_of NAME: its lines, of the log.
data_of() {
	grep -a '^data: line' "$1.out"
}

@test "the first client beside very many older files misses no line" {
	printf '%s\n' 'from = end' '[log]' "source = $LOG" >sse.conf
	seq -f 'line %.0f' 1 10 >"$LOG"
	seq -f "$LOG.%.0f" 20000 | xargs touch
	stream_from sse-fcgi first
	wait_until "$DEADLINE" has_head first
	seq -f 'line %.0f' 11 20 >>"$LOG"
	wait_until "$DEADLINE" grep -aq '^data: line 20$' first.out
	assert_equal "$(data_of first)" "$(seq -f 'data: line %.0f' 11 20)"
	first_id first
	stream_from sse-fcgi forged 0.BAAAAAAA-5-BBBBBBBBBB
	wait_until "$DEADLINE" grep -aq '^event: gap$' forged.out
	seq -f 'line %.0f' 21 30 >>"$LOG"
	wait_until "$DEADLINE" grep -aq '^data: line 30$' first.out
	wait_until "$DEADLINE" grep -aq '^data: line 30$' forged.out
	stream_from sse-fcgi back "$ID"
	wait_until "$DEADLINE" grep -aq '^data: line 30$' back.out
	assert_equal "$(data_of back)" "$(seq -f 'data: line %.0f' 12 30)"
}

# most_kib: the most memory that the worker has had.
most_kib() {
	sed -n 's/^VmHWM:[[:space:]]*\([0-9]*\) kB/\1/p' \
		"/proc/$WORKER_PID/status"
}

# newest_has COUNT: events.
newest_has() {
	[ "$(grep -ac '^data: ' newest.out)" -ge "$1" ]
}

# What waits has 64 MiB; the backlog and those that read have the rest.  Each of
# the 400 could have a buffer of 1 MiB.  Who takes what it gets is not closed for
# those that do not.
@test "400 clients that resume and take nothing: one limit for what waits" {
	local kib limit=$((128 << 10))

	need node
	# Sanitizers need memory of their own.
	if grep -aq __asan_init cgi-bin/sse-fcgi; then
		skip 'the memory is that of a sanitizer'
	fi
	# Not UTF-8: each byte becomes three.
	head -c 262000 /dev/zero | tr '\0' '\377' >record
	for _ in 1 2 3 4 5 6 7 8; do
		cat record
		echo
	done >"$LOG"
	first_id_of sse-fcgi
	slow_clients 400 0
	# It comes behind them all, so all have had their turn: 300 MB of frames.
	stream_from sse-fcgi newest "$ID"
	wait_until "$DEADLINE" newest_has 7
	rm newest.out
	kib=$(most_kib)
	echo "# at most $kib KiB" >&3
	[ "$kib" -lt "$limit" ]
}

# ------------------------------------------------------------- bad records --

# bad_records FORMAT: each of them on a line, for printf.
bad_records() {
	local long deep

	long=$(printf '%05000d' 0)
	deep=$(printf '%0200d' 0)
	case $1 in
	sse)
		printf '%s\n' 'event: a\0b\ndata: bad\n' "event: $long\ndata: bad\n" \
			'id: a\0b\ndata: bad\n' "id: $long\ndata: bad\n" \
			'data: b\rad\n' 'retry: 99999999999999999999999\n' \
			'event: \377\376\ndata: bad\n' ': \0\n' 'data\n' '\0\n' \
			'event: bad\n' 'data: \033]0;bad\n'
		;;
	json)
		printf '%s\n' '{"event":"a\\u0000b","data":"bad"}' \
			'{"event":"a\\nb","data":"bad"}' \
			'{"id":"a\\u0000b","data":"bad"}' \
			"{\"id\":\"$long\",\"data\":\"bad\"}" \
			'{"event":"\\ud800","data":"bad"}' \
			'{"retry":-1,"data":"bad"}' '{"retry":1e400}' \
			'{"retry":99999999999999999999,"data":"bad"}' \
			'{"comment":"a\\r\\n\\r\\ndata: bad"}' '{}' '[]' '"bad' '\0' \
			"${deep//0/[}" "${deep//0/{\"a\":}" \
			"{\"data\":[${long//0/[],}[]]}" '{"data":"\377"}'
		;;
	lines)
		printf '%s\n' '\0' '\r' '\377' 'data: bad\r\rid: bad' \
			'\302\235\302\235' '\033]0;bad' "$long$long$long"
		;;
	esac
}

# good FORMAT NUMBER
good() {
	case $1 in
	sse) printf 'data: good %s\n\n' "$2" ;;
	json) printf '{"data":"good %s"}\n' "$2" ;;
	lines) printf 'good %s\n' "$2" ;;
	esac
}

# mixed FORMAT: the bad ones with good ones before, between and behind them.
mixed() {
	local record number=0

	good "$1" 0
	while IFS= read -r record; do
		# shellcheck disable=SC2059 # it is one
		printf "$record\n"
		good "$1" $((++number))
	done < <(bad_records "$1")
}

# all_good NAME FIRST LAST: each of them has come once, in order, and no gap.
all_good() {
	messages "$1.out" | grep -ax 'good [0-9]*' |
		cmp - <(seq -f 'good %.0f' "$2" "$3") && [ -z "$(gaps "$1.out")" ]
}

# costs_itself WHICH FORMAT
costs_itself() {
	local last

	echo "# $1, $2"
	configure "format = $2" 'record-max = 8K'
	last=$(bad_records "$2" | wc -l)
	mixed "$2" >"$LOG"
	first_id_of "$1"
	stream_from "$1" start
	wait_until "$DEADLINE" all_good start 0 "$last"
	# Who comes back before them gets all behind them, and so on.
	stream_from "$1" back "$ID"
	wait_until "$DEADLINE" all_good back 1 "$last"
	end_of "$PID"
	stream_from "$1" end "$(last_id back.out)"
	good "$2" $((last + 1)) >>"$LOG"
	wait_until "$DEADLINE" all_good end $((last + 1)) $((last + 1))
	stop_both
	# Who is there as they are written.
	: >"$LOG"
	stream_from "$1" live
	wait_until "$DEADLINE" grep -q '^retry' live.out
	mixed "$2" >>"$LOG"
	wait_until "$DEADLINE" all_good live 0 "$last"
	stop_both
}

@test "a bad record costs itself, and does not come again" {
	local which format

	need node
	for which in "${PROGRAMS[@]}"; do
		for format in lines json sse; do
			costs_itself "$which" "$format"
		done
	done
}
