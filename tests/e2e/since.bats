#!/usr/bin/env bats
#
# ?since=TIME, in both programs: the log from a time on, over generations, and
# then live.

load helper
load fcgi

prepare() {
	# One line a second from 10:00:00 on, in three files; some have more.
	records 0 600 >"$LOG.2"
	records 600 1200 >"$LOG.1"
	records 1200 1800 >"$LOG"
	printf '%s\n' 'replay = 8M' '[log]' \
		"source = $LOG" \
		'time-format = %Y-%m-%dT%H:%M:%S%f%z' '[plain]' \
		"source = $LOG" >sse.conf
}

# records FROM END: those of these seconds after ten.
records() {
	awk -v "from=$1" -v "end=$2" 'BEGIN {
		for (i = from; i < end; i++)
			printf "2026-11-20T10:%02d:%02d.5Z %d\n%s", i / 60,
				i % 60, i, i % 7 ? "" : "\tmore\n"
	}'
}

# What came, but for what belongs to another record.
numbers() {
	messages "$1.out" | sed -n 's/.*Z //p'
}

cgi() {
	start answer "${CGI[@]}" "$@" "$PROGRAM" -f sse.conf
}

# worker_get NAME QUERY [ID]
worker_get() {
	start "$1" "$srcdir/tests/tools/fcgi-get" --query="$2" "$DIR/sse.sock" \
		log "${@:3}"
}

has_number() {
	numbers "$1" | grep -qx "$2"
}

comes_from() {
	local name=$1 first=$2

	wait_until "$DEADLINE" has_number "$name" 1799
	run numbers "$name"
	assert_equal "$output" "$(seq "$first" 1799)"
	echo '2026-11-20T10:59:00Z 9999' >>"$LOG"
	wait_until "$DEADLINE" has_number "$name" 9999
}

@test "sse-cgi: from a time on, and live" {
	cgi PATH_INFO=/log 'QUERY_STRING=since=2026-11-20T10:25:00Z'
	comes_from answer 1500
	run gaps answer.out
	assert_output ''
}

@test "sse-cgi: a time in an older generation, with a zone" {
	cgi PATH_INFO=/log 'QUERY_STRING=since=2026-11-20T12:05:00%2B02:00'
	comes_from answer 300
	run gaps answer.out
	assert_output ''
}

@test "a record of a time that is not there: the next one" {
	cgi PATH_INFO=/log 'QUERY_STRING=since=2026-11-20T10:00:00.7Z'
	comes_from answer 1
}

@test "before everything: all there is" {
	cgi PATH_INFO=/log 'QUERY_STRING=since=2000-01-01T00:00:00Z'
	comes_from answer 0
	run gaps answer.out
	assert_output ''
}

@test "before everything, where some of it is compressed: a gap" {
	gzip "$LOG.2"
	cgi PATH_INFO=/log 'QUERY_STRING=since=2000-01-01T00:00:00Z'
	comes_from answer 600
	run gaps answer.out
	assert_output --partial '"reason":"rotated"'
}

@test "after everything: only what comes" {
	cgi PATH_INFO=/log 'QUERY_STRING=since=2030-01-01T00:00:00Z'
	wait_until "$DEADLINE" grep -q '^id:' answer.out
	echo '2030-01-01T00:00:00Z 1' >>"$LOG"
	wait_until "$DEADLINE" has_number answer 1
	run numbers answer
	assert_output 1
}

@test "replay limits it, and a gap says so" {
	sed -i 's/^replay.*/replay = 2K/' sse.conf
	cgi PATH_INFO=/log 'QUERY_STRING=since=2026-11-20T10:00:00Z'
	wait_until "$DEADLINE" has_number answer 1799
	run gaps answer.out
	assert_output --regexp '"reason":"limit","skipped":[0-9]+'
}

@test "an id wins over it, so that a page that comes back goes on" {
	local id

	cgi PATH_INFO=/log 'QUERY_STRING=since=2026-11-20T10:25:00Z'
	comes_from answer 1500
	id=$(last_id answer.out)
	kill -KILL -- "-$PID"
	cgi PATH_INFO=/log 'QUERY_STRING=since=nonsense' "HTTP_LAST_EVENT_ID=$id"
	echo '2026-11-20T10:59:59Z 10000' >>"$LOG"
	wait_until "$DEADLINE" has_number answer 10000
	run numbers answer
	assert_output 10000
}

# The comments of the frame of the gap.
comments() {
	awk '/^$/ { if (gap) print comment; gap = 0; comment = "" }
		/^:/ { comment = comment $0 } /^event: gap/ { gap = 1 }' \
		"$1.out"
}

# is_told NAME TEXT: one gap, unknown, with a comment that has the text.
is_told() {
	run gaps "$1.out"
	assert_output --partial '"reason":"unknown"'
	assert_equal "$(gaps "$1.out" | wc -l)" 1
	run comments "$1"
	assert_output --partial "$2"
	refute_output --partial EVIL
}

# One record each 600 s, the newest 300 s ago; AT is between two of them.
recent() {
	local n now

	rm -f "$LOG".*
	now=$(date +%s)
	for n in $(seq 40 -1 1); do
		date -u -d "@$((now + 300 - 600 * n))" "+%FT%T.5Z $n"
	done >"$LOG"
	AT=$(date -u -d "@$((now - 600 * 20))" +%FT%T)
}

has_newest() {
	grep -q '^data: .*Z 1$' "$1.out"
}

@test "what people type, in both programs" {
	local since name

	recent
	cp "$builddir/fcgi/sse-fcgi" cgi-bin/sse-fcgi
	export TZ=UTC
	start_worker
	for since in "${AT}Z" "$AT" "${AT/T/ }" "${AT/T/+}" "${AT/T/%20}" \
		"$(date -u -d "${AT}Z" +%s)" "$(date -u -d "${AT}Z" +%s).25" \
		"$(date -u -d "${AT}Z" +%s)042" \
		200m -200m 12000s 3h20m; do
		name=$(tr -c 'a-zA-Z0-9\n' _ <<<"$since")
		cgi PATH_INFO=/log "QUERY_STRING=since=$since"
		worker_get "$name" "since=$since"
		wait_until "$DEADLINE" has_newest answer
		wait_until "$DEADLINE" has_newest "$name"
		for name in answer "$name"; do
			run numbers "$name"
			assert_equal "$output" "$(seq 20 -1 1)"
			run gaps "$name.out"
			assert_output ''
		done
		kill -KILL -- "-$PID"
	done
}

@test "what is no time: told in the stream, which begins at from" {
	local since name count=0

	cp "$builddir/fcgi/sse-fcgi" cgi-bin/sse-fcgi
	start_worker
	for since in EVIL yesterday 2026-02-31 30 %00 -30mEVIL \
		2026-11-20T10:00:00ZEVIL 99999999999999999999w \
		"$(printf '1%.0s' {1..100})"; do
		cgi PATH_INFO=/log "QUERY_STRING=since=$since"
		name=no$((count++))
		worker_get "$name" "since=$since"
		for name in answer "$name"; do
			wait_until "$DEADLINE" has_number "$name" 1799
			is_told "$name" 'since is not a time like '
			run numbers "$name"
			assert_equal "$output" "$(seq 1792 1799)"
			run head -n 1 "$name.out"
			refute_output --partial 'Status: 4'
		done
		kill -KILL -- "-$PID"
	done
}

@test "a stream without time-format: told, too" {
	local name

	cp "$builddir/fcgi/sse-fcgi" cgi-bin/sse-fcgi
	start_worker
	cgi PATH_INFO=/plain 'QUERY_STRING=since=2026-11-20T10:00:00Z'
	start first "$srcdir/tests/tools/fcgi-get" --query=since=-30m \
		sse.sock plain
	for name in answer first; do
		wait_until "$DEADLINE" has_number "$name" 1799
		is_told "$name" 'no time-format'
	done
}

@test "a log that is not there yet: told before its first record" {
	rm "$LOG"*
	cgi PATH_INFO=/log 'QUERY_STRING=since=yesterday'
	wait_until "$DEADLINE" grep -q '^event: gap' answer.out
	is_told answer 'since is not a time like '
	echo '2026-11-20T10:59:00Z 9999' >>"$LOG"
	wait_until "$DEADLINE" has_number answer 9999
}

@test "each log of the manual page has its times" {
	local line format count=0

	rm "$LOG".*
	while IFS= read -r line && IFS= read -r format; do
		# Without a year it would be another day's in some months.
		line=${line/1120 10:00:00/$(date -u -d '-1 hour' '+%m%d %T')}
		format=${format#*= }
		printf '%s\n' 'before' "$line" >"$LOG"
		printf '%s\n' 'follow = no' '[log]' "source = $LOG" \
			"time-format = $format" >sse.conf
		since=2026-11-20T10:00:00Z after=2026-11-20T10:00:01Z
		if [[ $format != *%Y* && $format == *%m* ]]; then
			since=2h after=30m
		fi
		cgi TZ=UTC PATH_INFO=/log "QUERY_STRING=since=$since"
		wait_until "$DEADLINE" grep -qxF "data: $line" answer.out
		cgi TZ=UTC PATH_INFO=/log "QUERY_STRING=since=$after"
		wait_until "$DEADLINE" grep -q '^Status: 204' answer.out
		count=$((count + 1))
	done < <(sed -n '/^Some logs/,/^\.Ed/{s/^\\&; //p;/^time-format/p}' \
		"$srcdir/lib/ssekit.conf.5" | sed 's/\\e/\\/g')
	assert_equal "$count" 8
}

# with_format FORMAT: the log's.
with_format() {
	rm -f "$LOG".*
	printf '%s\n' 'follow = no' '[log]' "source = $LOG" \
		"time-format = $1" "${@:2}" >sse.conf
}

# asked SINCE: what came, in answer.out.
asked() {
	cgi TZ="${ZONE:-UTC}" PATH_INFO=/log "QUERY_STRING=since=$1"
	wait_until "$DEADLINE" gone "$PID"
}

@test "colours, a byte order mark and NULs are no part of a line" {
	with_format '%Y-%m-%dT%H:%M:%S%z'
	{
		printf '\xef\xbb\xbf2026-11-20T10:00:00Z 0\n'
		printf '\033[90m2026-11-20T10:00:01Z\033[0m 1\n'
		printf '\0\0\0\0\0\0002026-11-20T10:00:02Z 2\n'
		printf '\033[1;31m2026-11-20T10:00:03Z 3\n'
	} >"$LOG"
	for n in 0 1 2 3; do
		asked "2026-11-20T10:00:0${n}Z"
		run bash -c "sed -n 's/^data: .* //p' answer.out"
		assert_equal "$output" "$(seq "$n" 3)"
		run gaps answer.out
		assert_output ''
	done
	sed -i 's/^follow.*/&\nansi = keep/' sse.conf
	asked 2026-11-20T10:00:01Z
	run bash -c "sed -n 's/^data: .* //p' answer.out"
	assert_equal "$output" "$(seq 1 3)" # the line has no time: rather sent
}

# The hours before, in and after the one that comes twice, or never.
@test "clocks that are put back or forward: too early rather than too late" {
	local zone begin first minute

	for zone in Europe/Berlin:1792877400 America/New_York:1793502000 \
		Australia/Lord_Howe:1775305800 Asia/Tokyo:1792877400 \
		Europe/Berlin:1774737000 Australia/Lord_Howe:1791030600; do
		ZONE=${zone%:*} begin=${zone#*:}
		with_format '%Y-%m-%d %H:%M:%S'
		for minute in $(seq 0 5 295); do
			TZ=$ZONE date -d "@$((begin + 60 * minute))" \
				"+%F %T $minute"
		done >"$LOG"
		for minute in $(seq 5 15 295); do
			asked $((begin + 60 * minute))
			first=$(sed -n 's/^data: .* //p' answer.out |
				head -n 1)
			[ "$first" -le "$minute" ] ||
				fail "$zone: $first instead of $minute"
			[ "$first" -ge $((minute - 60)) ] ||
				fail "$zone: $first instead of $minute"
			[[ $ZONE != Asia/* ]] ||
				assert_equal "$first" "$minute"
			run gaps answer.out
			assert_output ''
		done
	done
}

@test "two levels of klog under a format of one: nothing is lost, and told" {
	local n

	with_format 'I%m%d %H:%M:%S%f'
	for n in $(seq 0 9); do
		printf '%s%s 1 a.go:1] %d\n' "$( ((n % 2)) && echo E || echo I)" \
			"$(date -u -d "-$((10 - n)) minutes" '+%m%d %T.000001')" \
			"$n"
	done >"$LOG"
	asked 330s
	run bash -c "sed -n 's/^data: .* //p' answer.out"
	assert_equal "$output" "$(seq 5 9)"
	is_told answer 'time-format'
	with_format '%*%m%d %H:%M:%S%f'
	asked 330s
	run bash -c "sed -n 's/^data: .* //p' answer.out"
	assert_equal "$output" "$(seq 5 9)"
	run gaps answer.out
	assert_output ''
}

@test "a number that is no time is no time: told" {
	with_format '@%s'
	printf '@400000006b001a%02x00000000 a\n' $(seq 42 51) >"$LOG"
	asked 2026-11-20T10:00:05Z
	is_told answer 'no record has a time'
	with_format '[%s'
	printf '[  %d.123456] a\n' $(seq 42 51) >"$LOG"
	asked 2026-11-20T10:00:05Z
	is_told answer 'no record has a time'
}

@test "a log without such times: a gap, and the newest" {
	sed -i 's/^time-format.*/time-format = %b %e %T/' sse.conf
	cgi PATH_INFO=/log 'QUERY_STRING=since=2026-11-20T10:25:00Z'
	wait_until "$DEADLINE" has_number answer 1799
	is_told answer 'no record has a time'
}

@test "a local time without year or zone, by TZ" {
	rm "$LOG".*
	: >"$LOG"
	for second in 3600 1800 0; do
		TZ=Asia/Tokyo date -d "-$second seconds" "+%b %e %T $second" \
			>>"$LOG"
	done
	sed -i 's/^time-format.*/time-format = %b %e %T/' sse.conf
	cgi TZ=Asia/Tokyo PATH_INFO=/log "QUERY_STRING=since=$(
		date -u -d '-2000 seconds' +%FT%TZ)"
	wait_until "$DEADLINE" grep -q '^data: .* 0$' answer.out
	run bash -c "sed -n 's/^data: .* //p' answer.out"
	assert_output $'1800\n0'
}

@test "sse-fcgi: from a time on, then with all the others" {
	cp "$builddir/fcgi/sse-fcgi" cgi-bin/sse-fcgi
	start_worker
	worker_get early 'since=2026-11-20T10:05:00Z'
	worker_get late 'since=2026-11-20T10:25:00Z'
	worker_get end 'since=2030-01-01T00:00:00Z'
	wait_until "$DEADLINE" grep -q '^id:' end.out
	wait_until "$DEADLINE" has_number early 1799
	comes_from late 1500
	wait_until "$DEADLINE" has_number early 9999
	wait_until "$DEADLINE" has_number end 9999
	run numbers early
	assert_equal "$output" "$(seq 300 1799; echo 9999)"
	run numbers end
	assert_output 9999
	run cat early.out late.out end.out
	refute_output --partial 'event: gap'
}

@test "sse-fcgi: a FIFO has no times: a gap, and what there is" {
	cp "$builddir/fcgi/sse-fcgi" cgi-bin/sse-fcgi
	mkfifo -m 666 fifo
	printf '%s\n' '[log]' "source = $DIR/fifo" 'time-format = %T' >sse.conf
	start_worker
	start first "$srcdir/tests/tools/fcgi-get" sse.sock log
	wait_until "$DEADLINE" grep -q '^retry:' first.out
	echo 'a line' >fifo
	wait_until "$DEADLINE" has first.out 'a line'
	worker_get answer 'since=2026-11-20T10:05:00Z'
	wait_until "$DEADLINE" has answer.out 'a line'
	is_told answer 'cannot begin at a time'
	worker_get unread 'since=EVIL'
	wait_until "$DEADLINE" has unread.out 'a line'
	is_told unread 'since is not a time like '
}

@test "sse-cgi: so it is told of a pipe" {
	echo 'a line' >input
	"${CGI[@]}" 'QUERY_STRING=since=2026-11-20T10:05:00Z' "$PROGRAM" \
		--time-format=%T - <input >answer.out
	is_told answer 'cannot begin at a time'
	"${CGI[@]}" 'QUERY_STRING=since=EVIL' "$PROGRAM" \
		--time-format=%T - <input >answer.out
	is_told answer 'since is not a time like '
	run messages answer.out
	assert_output 'a line'
}
