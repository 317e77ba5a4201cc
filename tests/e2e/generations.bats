#!/usr/bin/env bats
#
# Whose lines are delivered: those of the log and of its own older files, found
# by their names, and never those of a file that is called alike.  Both programs.
# shellcheck disable=SC2030,SC2031,SC2154 # a test is a shell of its own

load helper
load fcgi
load both

prepare() {
	cp "$builddir/fcgi/sse-fcgi" cgi-bin/sse-fcgi
}

# lines FROM TO [OF]: numbered lines of a log.
lines() {
	seq -f "line %03g of ${3:-the log}, with some text of its own" "$1" "$2"
}

# configure SOURCE [LINE]...: sse.conf for both programs, for streams that end.
configure() {
	local source=$1

	shift
	printf '%s\n' 'follow = no' 'from = start' 'rotate-wait = 100ms' "$@" \
		'[log]' "source = $DIR/$source" >sse.conf
}

ended() {
	grep -q '^event: end' "$1" || grep -q '^Status: ' "$1"
}

# ask NAME [ID [QUERY]]: the whole answer of $WHICH.
ask() {
	stream_from "$WHICH" "$@"
	wait_until "$DEADLINE" ended "$1.out"
}

# id_in NAME N: the id of the N-th event.
id_in() {
	decode "$1.out" | grep -v '^(id)' | sed -n "$2p" | cut -f 2
}

# assert_lines NAME FROM TO: these lines of the log, and no gap.
assert_lines() {
	assert_equal "$(messages "$1.out")" "$(lines "$2" "$3")"
	assert_equal "$(gaps "$1.out")" ''
}

refute_neighbour() {
	run messages "$1.out"
	refute_output --partial neighbour
}

# for_both COMMAND: with sse-cgi, then with sse-fcgi, each with a clean folder.
for_both() {
	for WHICH in "${PROGRAMS[@]}"; do
		"$@"
		stop_both
		find . -mindepth 1 -maxdepth 1 ! -name cgi-bin ! -name page \
			-exec rm -rf {} +
	done
}

# ----------------------------------------------------------- neighbours --

# The log, and a neighbour whose name has other digits.
neighbours=(
	'php8.2-fpm.log php8.1-fpm.log'
	'php8.2-fpm.log php8.3-fpm.log'
	'postgresql-15-main.log postgresql-14-main.log'
	'redis-server-6379.log redis-server-6380.log'
	'Xorg.0.log Xorg.1.log'
	'worker-1.log worker-2.log'
	'app-out-0.log app-out-1.log'
	'app.0.log app.1.log'
	'2026-11-27.log 2026-11-26.log'
)

# Rotated while a client was away, and written to by the neighbour as well.
away_beside() {
	local log=$1 other=$2

	lines 1 10 >"$log"
	lines 1 40 neighbour >"$other"
	configure "$log"
	ask first
	assert_lines first 1 10
	lines 11 20 >>"$log"
	mv "$log" "$log.1"
	lines 21 30 >"$log"
	lines 41 50 neighbour >>"$other"
	lines 1 10 neighbour >"$other.1"
	ask back "$(id_in first 5)"
	assert_lines back 6 30
	rm -f "$log"* "$other"*
	stop_both
}

neighbours_away() {
	local pair

	for pair in "${neighbours[@]}"; do
		# shellcheck disable=SC2086 # two words
		away_beside $pair
	done
}

@test "a client that was away gets nothing of a neighbour" {
	for_both neighbours_away
}

neighbour_ids() {
	lines 1 30 neighbour >app-8080.log
	lines 1 20 >app-8081.log
	configure app-8080.log
	ask theirs
	stop_both
	configure app-8081.log
	ask ours "$(id_in theirs 3)"
	refute_neighbour ours
	assert [ -n "$(gaps ours.out)" ]
}

@test "an id of a neighbour is not one of the log's" {
	for_both neighbour_ids
}

neighbour_since() {
	local n

	for n in $(seq 10 39); do
		echo "2026-11-27T10:00:${n}Z neighbour" >>worker-1.log
		echo "2026-11-27T11:00:${n}Z line" >>worker-2.log
	done
	configure worker-2.log 'time-format = %Y-%m-%dT%H:%M:%S%z'
	ask all '' since=2026-11-27T09:00:00Z
	refute_neighbour all
	assert_equal "$(messages all.out | wc -l)" 30
}

@test "a time before the log's first does not lead to a neighbour" {
	for_both neighbour_since
}

has_line() {
	has "$1" "$(lines "$2" "$2")"
}

neighbour_live() {
	lines 1 20 >php8.2-fpm.log
	lines 1 30 neighbour >php8.1-fpm.log
	configure php8.2-fpm.log
	sed -i '/^follow/d' sse.conf
	stream_from "$WHICH" live
	wait_until "$DEADLINE" has_line live.out 20
	mv php8.2-fpm.log php8.2-fpm.log.1
	lines 21 30 >php8.2-fpm.log
	lines 31 31 neighbour >>php8.1-fpm.log
	wait_until "$DEADLINE" has_line live.out 30
	lines 32 32 neighbour >>php8.1-fpm.log
	lines 31 31 >>php8.2-fpm.log
	wait_until "$DEADLINE" has_line live.out 31
	assert_lines live 1 31
}

@test "a client that watches a rotation gets nothing of a neighbour" {
	for_both neighbour_live
}

# ---------------------------------------------------------------- links --

daily_link() {
	lines 1 10 >app8-2026-11-24.log
	lines 1 9 neighbour >app7-2026-11-23.log
	ln -s app8-2026-11-24.log app.log
	configure app.log
	ask first
	lines 11 20 >>app8-2026-11-24.log
	lines 21 30 >app8-2026-11-25.log
	ln -sfn app8-2026-11-25.log app.log
	lines 31 40 >app8-2026-11-26.log
	ln -sfn app8-2026-11-26.log app.log
	lines 10 19 neighbour >>app7-2026-11-23.log
	ask back "$(id_in first 5)"
	assert_lines back 6 40
}

@test "a link to the file of the day: the files of other days" {
	for_both daily_link
}

numbered_link() {
	mkdir pod
	lines 1 10 >pod/0.log
	ln -s pod/0.log web.log
	configure web.log
	ask first
	lines 11 20 >pod/1.log
	ln -sfn pod/1.log web.log
	ask back "$(id_in first 5)"
	assert_lines back 6 20
	# In a folder that is shared the number may be anybody's.
	lines 1 10 neighbour >pod/2.log
	echo >pod/readme
	lines 21 22 >>pod/1.log
	ask shared "$(id_in back 15)"
	assert_lines shared 21 22
	ask old "$(id_in first 5)"
	refute_neighbour old
	assert [ -n "$(gaps old.out)" ]
}

@test "a link to a numbered file: the other numbers, if the folder is its own" {
	for_both numbered_link
}

hard_link() {
	lines 1 10 >log.20261124
	ln log.20261124 log
	configure log
	ask first
	assert_lines first 1 10
	lines 11 12 >>log.20261124
	ask back "$(id_in first 10)"
	assert_lines back 11 12
	lines 13 14 >log.20261125
	ln -f log.20261125 log
	cp -l log log-20261120
	ask next "$(id_in back 1)"
	assert_lines next 12 14
}

@test "a file that has two names is read once" {
	for_both hard_link
}

hard_link_live() {
	lines 1 14 >log.20261124
	ln log.20261124 log
	configure log
	sed -i '/^follow/d' sse.conf
	stream_from "$WHICH" live
	wait_until "$DEADLINE" has_line live.out 14
	lines 15 20 >log.20261125
	ln log.20261125 next
	mv next log
	wait_until "$DEADLINE" has_line live.out 20
	cp -l log log.20261120
	lines 21 22 >>log.20261125
	wait_until "$DEADLINE" has_line live.out 22
	assert_lines live 1 22
}

@test "a hard link that is switched to the next day's file" {
	for_both hard_link_live
}

# ------------------------------------------------------------- patterns --

# The key's value, and two names of older files, the older one first.
patterns=(
	'app.%i.log app.2.log app.1.log'
	'app.%I.log app.9.log app.10.log'
	'app-%Y%m%d.log app-20261125.log app-20261126.log'
	'app.%Y-%m-%d.%I.log app.2026-11-26.0.log app.2026-11-26.1.log'
	'app-%Y-%m-%dT%H-%M-%S.%f.log app-2026-11-26T13-00-00.099.log app-2026-11-26T13-00-00.1.log'
	'old/app.log.%i old/app.log.2 old/app.log.1'
	'@%t.s @400000006924f3e500000000.s @400000006924f3e500000001.s'
	'%d.%m.%Y 31.12.2025 01.11.2026'
)

pattern_is_found() {
	local pattern=$1 older=$2 newer=$3

	mkdir old
	lines 1 10 >app.log
	configure app.log "generations = $pattern"
	ask first
	lines 11 20 >>app.log
	mv app.log "$older"
	lines 21 30 >app.log
	mv app.log "$newer"
	# The names say it, whatever the times are.
	touch -d '2026-11-27 10:00' "$newer"
	touch -d '2026-11-27 11:00' "$older"
	lines 31 40 >app.log
	lines 1 9 neighbour >app.log.1
	ask back "$(id_in first 5)"
	assert_equal "$(messages back.out)" "$(lines 6 40)"
	rm -rf old app* @* ./*.2025 ./*.2026
	stop_both
}

patterns_are_found() {
	local row

	for row in "${patterns[@]}"; do
		# shellcheck disable=SC2086 # three words
		pattern_is_found $row
	done
}

@test "generations that are named by patterns, in their order" {
	for_both patterns_are_found
}

@test "generations = none: what the log was before is told as missing" {
	WHICH=sse-cgi
	lines 1 10 >app.log
	configure app.log 'generations = none'
	ask first
	mv app.log app.log.1
	lines 11 20 >app.log
	ask back "$(id_in first 5)"
	assert_equal "$(messages back.out)" "$(lines 11 20)"
	run gaps back.out
	assert_output --partial '"reason":"rotated"'
}

# ---------------------------------------------------------------- dates --

# day N: the date of that day from today on.
day() {
	date -d "$1 day" +%F
}

dated_away() {
	configure 'app-%Y-%m-%d.log'
	lines 1 9 neighbour >app-2026-13-45.log
	lines 1 9 neighbour >"app-$(day 3).log"
	lines 1 9 neighbour >"app-$(day -1).log.1"
	lines 1 10 >"app-$(day -2).log"
	ask first
	assert_lines first 1 10
	lines 11 20 >>"app-$(day -2).log"
	lines 21 30 >"app-$(day -1).log"
	lines 31 40 >"app-$(day 0).log"
	ask back "$(id_in first 5)"
	assert_lines back 6 40
	# A new client gets the current file.
	ask new
	assert_lines new 31 40
}

@test "a log that is named by date: away over midnight" {
	for_both dated_away
}

dated_live() {
	configure 'app-%Y-%m-%d.log'
	sed -i '/^follow/d' sse.conf
	stream_from "$WHICH" live
	wait_until "$DEADLINE" grep -q '^id: ' live.out
	lines 1 10 >"app-$(day -1).log"
	wait_until "$DEADLINE" has_line live.out 10
	lines 1 9 neighbour >"app-$(day 3).log"
	lines 1 9 neighbour >app-2026-11-31.log
	lines 11 12 >>"app-$(day -1).log"
	lines 13 20 >"app-$(day 0).log"
	wait_until "$DEADLINE" has_line live.out 20
	lines 21 30 >"app-$(day 1).log"
	wait_until "$DEADLINE" has_line live.out 30
	assert_lines live 1 30
}

@test "a log that is named by date: from before its first file on" {
	for_both dated_live
}

# The file of tomorrow is there before that of today, as something made it ahead.
dated_ahead() {
	configure 'app-%Y-%m-%d.log'
	lines 1 10 >"app-$(day -1).log"
	ask first
	: >"app-$(day 1).log"
	lines 11 20 >"app-$(day 0).log"
	ask back "$(id_in first 5)"
	assert_lines back 6 20
}

dated_ahead_live() {
	configure 'app-%Y-%m-%d.log'
	sed -i '/^follow/d' sse.conf
	lines 1 10 >"app-$(day -1).log"
	stream_from "$WHICH" live
	wait_until "$DEADLINE" has_line live.out 10
	: >"app-$(day 1).log"
	lines 11 11 >>"app-$(day -1).log"
	wait_until "$DEADLINE" has_line live.out 11
	lines 12 20 >"app-$(day 0).log"
	wait_until "$DEADLINE" has_line live.out 20
	lines 21 30 >>"app-$(day 1).log"
	wait_until "$DEADLINE" has_line live.out 30
	assert_lines live 1 30
}

@test "a log that is named by date: a file that was made a day ahead" {
	for_both dated_ahead
	for_both dated_ahead_live
}

@test "a path that cannot be one is refused, with what to write" {
	local path

	for path in "$DIR/*.log" "$DIR/%Y/app.log" "$DIR/app-%q.log"; do
		run -100 "$PROGRAM" --check "log=$path"
		assert_output --partial 'is not a path: '
	done
	run -100 "$PROGRAM" --check '--generations=../app.%i' "$DIR/app.log"
	assert_output --partial 'a folder in it is one below the log'
	mkdir 100%
	lines 1 1 >"100%/app-$(day 0).log"
	run -0 "$PROGRAM" --check "log=$DIR/100%%/app-%Y-%m-%d.log"
}

@test "a percent sign in a path is written twice" {
	WHICH=sse-cgi
	mkdir '50%'
	lines 1 10 >'50%/100%.log'
	configure '50%%/100%%.log'
	ask first
	assert_lines first 1 10
}

# -------------------------------------------------------------- bad input --

@test "a hundred thousand neighbours" {
	WHICH=sse-cgi
	mkdir many
	(cd many && seq -f 'app-%.0f.log' 100000 | xargs touch)
	lines 1 10 >many/app-7.log
	configure many/app-7.log
	ask first
	mv many/app-7.log many/app-7.log.1
	lines 11 20 >many/app-7.log
	ask back "$(id_in first 5)"
	assert_lines back 6 20
	configure 'many/app-%Y.log'
	ask dated
	assert_equal "$(messages dated.out)" ''
}

few_files() {
	local i

	for ((i = 60; i > 0; i--)); do
		lines $((601 - 10 * i)) $((610 - 10 * i)) >"log.$i"
	done
	lines 601 610 >log
	configure log.60
	ask oldest
	stop_both
	configure log
	# The worker takes what it may; the other one has what it is given.
	ulimit -S -n "$([ "$WHICH" = sse-cgi ] && echo 32 || echo 60)"
	ask back "$(id_in oldest 5)"
	ulimit -S -n "$(ulimit -H -n)"
	assert_lines back 6 610
}

@test "few open files, and sixty generations to read" {
	ulimit -S -n 60
	ulimit -H -n 60
	for_both few_files
}
