#!/usr/bin/env bats
#
# What is set up wrong, a row each, and what is said of it: by --check, in the
# log, to a client.

load helper
load fcgi
load both

prepare() {
	: >"$LOG"
	mkdir d
	if [ "$(id -u)" = 0 ]; then
		chown 65534:65534 d "$LOG"
	fi
	cp "$builddir/fcgi/sse-fcgi" cgi-bin/sse-fcgi
	PROGRAMS=(sse-cgi sse-fcgi)
}

# check STATUS WORDS ARGUMENT...: what --check of both programs ends with, and
# the one line that it says; no WORDS: none.
check() {
	local which want=$1 words=$2

	shift 2
	for which in "${PROGRAMS[@]}"; do
		run --separate-stderr "${ORDINARY[@]}" \
			"cgi-bin/$which" --check "$@"
		echo "$which $*: $status: $stderr"
		assert_equal "$status" "$want"
		if [ -z "$words" ]; then
			assert_equal "$stderr" ''
		else
			assert_equal "${#stderr_lines[@]}" 1
			[[ $stderr == *"$words"* ]]
		fi
	done
}

# conf LINE...: the configuration s.conf.
conf() {
	printf '%s\n' "$@" >s.conf
}

# ------------------------------------------------------------- the source --

@test "a path that does not exist" {
	check 0 '' "log=$LOG"
	check 1 "log: $DIR/sysog: No such file or directory; it is waited for" \
		"log=$DIR/sysog"
	check 1 "the folder $DIR/none does not exist" "log=$DIR/none/a.log"
	check 1 "the folder $DIR/none does not exist" \
		"log=$DIR/none/app-%Y-%m-%d.log"
	check 1 'No such file or directory' "log=$DIR/app-%Y-%m-%d.log"
	check 1 "$DIR/log is no folder" "log=$LOG/a.log"
	ln -s gone link
	check 1 "a link leads to $DIR/gone, which does not exist" \
		"log=$DIR/link"
	: >"d/100%"
	check 0 '' "log=$DIR/d/100%%"
}

@test "a comment behind the path" {
	conf '[log]' "source = $LOG # my log"
	check 1 'a comment stands on a line of its own' -f s.conf
}

@test "a folder, or a device, is no log" {
	check 1 "$DIR is a folder; write the path of a file in it" "log=$DIR"
	check 1 '/dev/null is neither a regular file nor a FIFO' log=/dev/null
}

@test "a file or folder that the user may not read" {
	local user group

	user=$(stat -c %U d)
	group=$(stat -c %G d)
	: >d/log
	"${ORDINARY[@]}" chmod 0 d
	check 1 "$user may not enter the folder $DIR/d, which is $user:$group 0000; write: chmod u+x $DIR/d" \
		"log=$DIR/d/log"
	"${ORDINARY[@]}" chmod 755 d
	"${ORDINARY[@]}" chmod 0 log
	check 1 "$user may not read the file $LOG, which is $user:$group 0000; write: chmod u+r $LOG" \
		"log=$LOG"
}

# as STATUS WORDS SOURCE: what both say as the user nobody.
as() {
	local which

	for which in "${PROGRAMS[@]}"; do
		run --separate-stderr "cgi-bin/$which" --check --as nobody \
			"${@:3}"
		echo "$which $*: $status: $stderr"
		assert_equal "$status" "$1"
		assert_equal "$stderr" "$2"
	done
}

@test "--as looks as another user, with all groups that it has" {
	local group

	[ "$(id -u)" = 0 ] || skip 'only root can'
	group=$(stat -c %G d)
	chmod 755 .
	chown root:root d log
	as 0 '' "log=$LOG"
	chmod 750 d
	: >d/log
	as 1 "log: $DIR/d/log: Permission denied: nobody may not enter the folder $DIR/d, which is root:root 0750; write: setfacl -m u:nobody:x $DIR/d" \
		"log=$DIR/d/log"
	chgrp adm d
	as 1 "log: $DIR/d/log: Permission denied: nobody may not enter the folder $DIR/d, which is root:adm 0750; write: adduser nobody adm, and restart what runs as nobody" \
		"log=$DIR/d/log"
	chmod 755 d
	chmod 640 d/log
	chgrp adm d/log
	as 1 "log: $DIR/d/log: Permission denied: nobody may not read the file $DIR/d/log, which is root:adm 0640; write: adduser nobody adm, and restart what runs as nobody" \
		"log=$DIR/d/log"
	chmod 600 d/log
	as 1 "log: $DIR/d/log: Permission denied: nobody may not read the file $DIR/d/log, which is root:adm 0600; write: setfacl -m u:nobody:r $DIR/d/log" \
		"log=$DIR/d/log"
	# Its group may.
	chgrp "$group" d/log
	chmod 640 d/log
	as 0 '' "log=$DIR/d/log"
	# A configuration that the web server may not read serves nothing.
	conf "source = $LOG"
	chmod 600 s.conf
	as 1 "s.conf: nobody may not read the file $DIR/s.conf, which is root:root 0600; write: setfacl -m u:nobody:r $DIR/s.conf" \
		-f s.conf
}

# The system's groups are others for it alone.
@test "--as has the supplementary groups of the user" {
	# shellcheck disable=SC2016 # of that shell
	local mount='mount --bind "$0" /etc/group && exec "$@"'

	[ "$(id -u)" = 0 ] || skip 'only root can'
	sed 's/^adm:.*/adm:x:4:nobody/' /etc/group >group
	unshare -m bash -c "$mount" group true ||
		skip 'no file can be mounted here'
	chmod 755 .
	chown root:4 log
	chmod 640 log
	run unshare -m bash -c "$mount" group \
		cgi-bin/sse-cgi --check --as nobody "log=$LOG"
	assert_success
	run -1 cgi-bin/sse-cgi --check --as nobody "log=$LOG"
}

@test "--as needs root, a user, and --check" {
	local which

	check 100 '--as: only root can look as another user' --as nobody \
		"log=$LOG"
	for which in "${PROGRAMS[@]}"; do
		run -100 "cgi-bin/$which" --as nobody "$LOG"
		assert_output --partial '"--as" goes with --check only'
		[ "$(id -u)" = 0 ] || continue
		run -100 "cgi-bin/$which" --check --as n0body "$LOG"
		assert_output --partial '--as: "n0body": there is no such user'
	done
}

# --------------------------------------------------------- the log of both --

# said N WORDS: so many lines of the worker's log have them.
said() {
	[ "$(grep -cF -e "$2" worker.log)" = "$1" ]
}

page() {
	"$srcdir/tests/tools/fcgi-get" --set "$DIR/sse.sock" status
}

page_has() {
	page | grep -q "$1"
}

@test "sse-fcgi: at the start each source that cannot be read is a line" {
	: >secret
	"${ORDINARY[@]}" chmod 0 secret || chmod 0 secret
	conf "[log]" "source = $LOG" "[gone]" "source = $DIR/gone.log" \
		"[folder]" "source = $DIR/d" "[secret]" "source = $DIR/secret" \
		"[nowhere]" "source = $DIR/none/a.log"
	mv s.conf sse.conf
	start_worker --status status
	wait_until "$DEADLINE" said 4 'sse-fcgi: '
	said 1 "gone: $DIR/gone.log: No such file or directory"
	said 1 "folder: $DIR/d: Neither a regular file nor a FIFO"
	said 1 "secret: $DIR/secret: Permission denied: "
	said 1 "nowhere: $DIR/none/a.log: No such file or directory: the folder $DIR/none does not exist"
	page_has '"log": {"source": "closed".*"trouble": "none"}'
	page_has '"gone": {"source": "waiting".*"trouble": "missing"}'
	page_has '"folder": {"source": "failed".*"trouble": "kind"}'
	page_has '"secret": {"source": "waiting".*"trouble": "denied"}'
	# What is kept is not told anew.
	kill -HUP "$WORKER_PID"
	wait_until "$DEADLINE" said 1 'the configuration is read anew'
	said 5 'sse-fcgi: '
}

@test "sse-fcgi: a log that comes, or is lost, is told without a client" {
	printf '%s\n' '[log]' "source = $LOG" '[gone]' \
		"source = $DIR/d/gone.log" >sse.conf
	start_worker --status status
	wait_until "$DEADLINE" said 1 'No such file or directory'
	"${ORDINARY[@]}" touch d/gone.log
	wait_until "$DEADLINE" said 1 \
		"gone: $DIR/d/gone.log: It can be read now"
	page_has '"gone": {"source": "closed".*"trouble": "none"}'
	"${ORDINARY[@]}" rm d/gone.log
	wait_until "$DEADLINE" said 2 \
		"gone: $DIR/d/gone.log: No such file or directory"
	page_has '"trouble": "missing"'
	said 3 'sse-fcgi: '
}

@test "sse-fcgi: a FIFO that comes later is read before a client asks" {
	printf '%s\n' '[log]' "source = $DIR/d/fifo" >sse.conf
	start_worker
	wait_until "$DEADLINE" said 1 'No such file or directory'
	"${ORDINARY[@]}" mkfifo d/fifo
	timeout "$DEADLINE" bash -c 'echo line >d/fifo'
	said 1 'It can be read now'
}

# --------------------------------------- keys that are of another log's form --

# It is looked for while the stream runs, so it may come after many a heartbeat.
says_shape() {
	cat worker.log client.err 2>/dev/null | grep -q 'none of the last 20 lines'
}

# How many heartbeats have come.
count_beats() {
	grep -c '^: *$' client.out || true
}

# two_beats_after COUNT: of them.
two_beats_after() {
	(($(count_beats) >= $1 + 2))
}

@test "a time-format, or record-start, that matches no line of the log" {
	local which line

	for line in 'time-format = %Y-%m-%dT%H:%M:%S' \
		'record-start = ^[0-9]{4}-'; do
		conf "$line" 'heartbeat = 100ms' '[log]' "source = $LOG"
		mv s.conf sse.conf
		# Nothing is known of an empty log.
		: >"$LOG"
		check 0 '' -f sse.conf
		printf '20 Nov 2026 10:00:%s it is\n' {10..29} >"$LOG"
		check 0 "log: $LOG: ${line%% =*}: none of the last 20 lines matches \"${line#*= }\"; the last is \"20 Nov 2026 10:00:29 it is\"" \
			-f sse.conf
		for which in "${PROGRAMS[@]}"; do
			rm -f worker.log
			stream_from "$which" client
			wait_until "$DEADLINE" says_shape
			wait_until "$DEADLINE" two_beats_after "$(count_beats)"
			assert_equal "$(cat worker.log client.err 2>/dev/null |
				grep -c 'none of the last 20 lines')" 1
			stop_both
		done
		# One that does is enough.
		printf '%s\n' '2026-11-20T10:00:00 a trace' '  at a' '' '  at b' \
			>"$LOG"
		check 0 '' -f sse.conf
		printf 'at %s\n' {1..100} >>"$LOG"
		check 0 'none of the last 100 lines' -f sse.conf
	done
	conf 'time-format = %d %b %Y %H:%M:%S' 'record-start = ^[0-9]' '[log]' \
		"source = $LOG"
	printf '\0\033[1m20 Nov 2026 10:00:%s\033[m\r\n' {10..29} >"$LOG"
	check 0 '' -f s.conf
	conf 'time-format = %s' 'record-start = x' '[log]' 'source = /dev/null'
	check 1 'is neither a regular file' -f s.conf
}

# --------------------------------------------------------- a stream file --

@test "a stream file without -f is refused, and nothing of it is served" {
	local which first

	append 'line 1'
	# shellcheck disable=SC2153 # of helper.bash
	for first in "#!$PROGRAM" "#!$DIR/cgi-bin/sse-fcgi" \
		'#!/usr/bin/env sse-cgi' $'\xef\xbb\xbf#!/usr/bin/sse-cgi\r'; do
		printf '%s\n' "$first" "source = $LOG" >cgi-bin/view
		chmod 755 cgi-bin/view
		check 1 "view\" is a stream file, not a log, and is not served as one: write -f behind the program in its first line" \
			"view=cgi-bin/view"
		run -100 cgi-bin/sse-fcgi --listen unix:s.sock cgi-bin/view
		assert_output --partial 'is a stream file, not a log'
		run --separate-stderr "${CGI[@]}" "$PROGRAM" "$DIR/cgi-bin/view"
		assert_output --partial 'Status: 500'
		refute_output --partial source
		[[ $stderr == *'is a stream file, not a log'* ]]
	done
	# As a web server runs it.
	printf '%s\n' "#!$PROGRAM" "source = $LOG" >cgi-bin/view
	run --separate-stderr "${CGI[@]}" cgi-bin/view
	assert_output --partial 'Status: 500'
	refute_output --partial source
	[[ $stderr == *"write -f behind the program in its first line, which is \"#!$PROGRAM\""* ]]
	# What only looks alike is a log.
	printf '%s\n' '#!/bin/sh' 'sse-cgi' >script
	check 0 '' "log=$DIR/script"
}

@test "more than -f in the first line of a stream file" {
	local words

	for words in '-f --heartbeat=1s' '-f /etc/ssekit.conf' '--check -f' \
		'--config s.conf'; do
		printf '%s\n' "#!$DIR/cgi-bin/sse-cgi $words" "source = $LOG" >s
		chmod 755 s
		run --separate-stderr "${CGI[@]}" ./s
		assert_output --partial 'Status: 500'
		assert_equal "$stderr" "sse-cgi: \"$words\" is one word, as the system makes it of a first line \"#!\": write -f alone there, and keys into lines of the file"
	done
	check 100 '"--config" needs a value' --config= "log=$LOG"
	conf "source = $LOG"
	check 0 '' --include='a b' --exclude 'c d' "log=$LOG"
	check 0 '' -fs.conf
}

@test "CRLF and a byte order mark: in the first line, and in all others" {
	append 'line 1'
	printf '%s\r\n' "#!$PROGRAM -f" "source = $LOG" 'follow = no' \
		>cgi-bin/view
	chmod 755 cgi-bin/view
	run "${CGI[@]}" cgi-bin/view
	assert_line 'data: line 1'
	printf '\xef\xbb\xbf[log]\r\nsource = %s\r\n' "$LOG" >s.conf
	check 0 '' -f s.conf
	printf '\xef\xbb\xbf%s\n' "source = $LOG" >s.conf
	check 0 '' -f s.conf
}

# ------------------------------------------------- which log says what it is --

# body_of ANSWER: what stands behind its head.
body_of() {
	awk 'body { print } /^\r?$/ { body = 1 }' "$1"
}

@test "500: the answer names the log that has the reason" {
	local want=', and sse-cgi has no log that says why: set its key "log".'

	"${CGI[@]}" "$PROGRAM" "log=$DIR" >answer.out 2>answer.err || true
	run body_of answer.out
	assert_output "The stream cannot be served; the server's log (sse-cgi) says why."
	grep -q "$DIR is a folder" answer.err
	"${CGI[@]}" "$PROGRAM" --log "$DIR/own.log" "log=$DIR" >answer.out || true
	run body_of answer.out
	assert_output 'The stream cannot be served; the log of sse-cgi says why.'
	grep -q "$DIR is a folder" own.log
	# As lighttpd runs it, and without a daemon for syslog.
	if [ -S /dev/log ]; then
		want='; the system log (syslog, sse-cgi) says why.'
	elif [ -w /var/log/ssekit.log ]; then
		skip 'the file of last resort is there'
	fi
	"${CGI[@]}" "$PROGRAM" "log=$DIR" >answer.out 2>/dev/null || true
	run body_of answer.out
	assert_output "The stream cannot be served$want"
	conf "[log]" "source = $DIR"
	mv s.conf sse.conf
	stream_from sse-fcgi client
	wait_until "$DEADLINE" grep -q 'served' client.out
	run body_of client.out
	assert_output 'The stream cannot be served; the log of sse-fcgi says why.'
}

# ---------------------------------------------- the configuration, row by row --

# refused WORDS LINE...: by both, before anything is served.
refused() {
	local words=$1

	shift
	conf "$@"
	check 100 "$words" -f s.conf
}

# refused_option WORDS OPTION...: likewise.
refused_option() {
	local words=$1

	shift
	check 100 "$words" "$@" "log=$LOG"
}

# no_start WORDS ARGUMENT...: of sse-fcgi alone.
no_start() {
	local words=$1

	shift
	run --separate-stderr timeout "$DEADLINE" "${ORDINARY[@]}" \
		cgi-bin/sse-fcgi "$@"
	echo "$*: $status: $stderr"
	assert_equal "$status" 100
	assert_equal "${#stderr_lines[@]}" 1
	[[ $stderr == *"$words"* ]]
}

@test "a path in quotes, in a section and without one" {
	refused 's.conf:2: source: ""/var/log/dpkg.log"" has quotes; write the path without them' \
		'[log]' 'source = "/var/log/dpkg.log"'
	refused "s.conf:1: source: \"'/var/log/dpkg.log'\" has quotes; write" \
		"source = '/var/log/dpkg.log'"
}

@test "quotes and comments of values that no path is" {
	refused 'event: ""deploy"" has quotes, which would be a part of it; values are written without quotes' \
		'event = "deploy"' "source = $LOG"
	refused "generations: \"'app.%i.log'\" has quotes" \
		"generations = 'app.%i.log'" "source = $LOG"
	refused 'event: "deploy # of the week" has a comment, which stands on a line of its own' \
		'event = deploy # of the week' "source = $LOG"
	refused "log: \"$DIR/own.log # ours\" has a comment" \
		"log = $DIR/own.log # ours" "source = $LOG"
	conf '[log]' "source = $LOG" 'include = error # only these'
	check 0 'log: include: " # only these" is a part of the pattern; a comment stands on a line of its own' \
		-f s.conf
	conf '[log]' "source = $LOG" 'event = the "first" one' \
		'exclude = "request":"GET /sse/'
	check 0 '' -f s.conf
}

@test "a source before the first section that no stream has" {
	refused 's.conf:2: source: is of no stream, since each section has its own; write "[name]" in a line above it' \
		'heartbeat = 1s' "source = $DIR/other" '[log]' "source = $LOG"
	conf "source = $LOG" '[log]' 'from = end' '[copy]' "source = $LOG"
	check 0 '' -f s.conf
}

@test "a source of no kind, and what the kernel makes up" {
	local source

	for source in journal journald: Journal:x Redis:tcp:127.0.0.1:6379#a \
		rediss:tcp:127.0.0.1:6379#a "file://$LOG"; do
		refused "source: \"$source\" is no source: a path begins with /, the journal is journal:, and a Redis Stream redis:" \
			'[log]' "source = $source"
	done
	for source in /proc/meminfo /sys/kernel/uevent_seqnum; do
		[ -r "$source" ] || continue
		check 1 "$source is made by the kernel as it is read, and nothing is added to it" \
			"log=$source"
		run --separate-stderr "${CGI[@]}" "$PROGRAM" "log=$source"
		assert_output --partial 'Status: 500'
	done
	check 100 '"/" is a folder, as it ends in /; write the path of a file' log=/
	refused "source: \"$LOG/\" is a folder, as it ends in /" '[log]' \
		"source = $LOG/"
	refused "log: \"$DIR/\" is a folder" "log = $DIR/" "source = $LOG"
}

@test "an origin as no browser sends it" {
	local origin

	for origin in https://a.example:443 http://a.example:80 \
		https://a.example:08443 https://a.example:65536; do
		refused "origin: \"$origin\" is neither \"*\" nor origins" \
			"origin = $origin" "source = $LOG"
	done
	conf "source = $LOG" \
		'origin = http://a.example:443 https://a.example:80 http://[::1]:65535'
	check 0 '' -f s.conf
}

@test "a comment behind the path, without a section" {
	refused 's.conf:1: source: "/x # my log" has a comment behind it; comments stand on lines of their own' \
		'source = /x # my log'
}

@test "a path with ~, or a relative one" {
	refused 'source: "~/log" is not absolute, as nothing here knows what ~ is; write the whole path' \
		'[log]' 'source = ~/log'
	refused 'source: "logs/app.log" is not absolute, and a web server has another working directory; write the whole path' \
		'[log]' 'source = logs/app.log'
}

@test "a pattern of file names" {
	refused 'a pattern is not a file, and a * has no meaning in it; name one file' \
		'source = /var/log/*.log'
	refused 'a pattern is not a file' '[log]' 'source = /var/log/*.log'
	refused_option 'a pattern is not a file' "b=$DIR/*.log"
}

@test "a key or option that is not known: did you mean" {
	refused 's.conf:1: unknown key "sorce" (did you mean "source"?); the keys are source ' \
		'sorce = /x'
	refused_option '"--heartbeet=5s" is no option (did you mean "--heartbeat"?); --help lists all options' \
		--heartbeet=5s
}

@test "a number: its unit, its limits" {
	refused 'heartbeat: "15sec" is no time from 100ms to 1h (a number with ms, s, m, h or d)' \
		'heartbeat = 15sec'
	refused 'heartbeat: "2h" is more than 1h (from 100ms to 1h is allowed)' \
		'heartbeat = 2h'
	refused 'replay: "4MB" is no size from 0 to 1T (a number with K, M, G or T, or of bytes)' \
		'replay = 4MB'
}

@test "a regular expression, a time-format, a choice" {
	refused 'include: "[a" is no regular expression: missing terminating ]' \
		'include = [a'
	refused 'time-format: "YYYY-MM-DD" is not a date or time as in strptime(3), like %Y-%m-%d %H:%M:%S' \
		'time-format = YYYY-MM-DD'
	refused 'follow: "true" is not one of: yes, no' 'follow = true'
}

@test "sse-fcgi: the socket" {
	no_start "\"unix:$DIR/none/a.sock\" No such file or directory: the folder $DIR/none does not exist" \
		--listen "unix:$DIR/none/a.sock" "log=$LOG"
	"${ORDINARY[@]}" mkdir shut
	"${ORDINARY[@]}" chmod 500 shut
	if [ "$(id -u)" = 0 ] || [ ! -w shut ]; then
		no_start 'Permission denied: this user may not write in its folder' \
			--listen "unix:$DIR/shut/a.sock" "log=$LOG"
	fi
	no_start '--listen: "127.0.0.1:9000" is neither unix:PATH' \
		--listen 127.0.0.1:9000 "log=$LOG"
	no_start 'can be reached from other machines; set FCGI_WEB_SERVER_ADDRS' \
		--listen tcp:0.0.0.0:9000 "log=$LOG"
	no_start 'there is no socket to listen at: give one with --listen, or' \
		"log=$LOG"
	no_start 'names a group that is not known' \
		--listen "unix:$DIR/a.sock,group=nogrp" "log=$LOG"
	no_start 'has no mode from 0 to 0777' \
		--listen "unix:$DIR/a.sock,mode=999" "log=$LOG"
	no_start 'has something else than mode=, user= and group= behind its path' \
		--listen "unix:$DIR/a.sock,owner=x" "log=$LOG"
	conf '[log]' "source = $LOG"
	mv s.conf sse.conf
	start_worker
	no_start "\"unix:$DIR/sse.sock\" is in use: another process listens there" \
		--listen "unix:$DIR/sse.sock" "log=$LOG"
}

@test "sse-fcgi --check: the socket, and where it is said" {
	local PROGRAMS=(sse-fcgi) address

	for address in run/a.sock /run/a.sock '"unix:/run/a.sock"' :9000 \
		tcp:9000 tcp:127.0.0.1:nosuch unix:,mode=0660 \
		"unix:$DIR/a.sock,mode=rw" "unix:$DIR/a.sock,user=no.such" \
		"unix:$DIR/a.sock mode=0660,owner=x" tcp:0.0.0.0:9000; do
		conf '# Where' "listen = $address" '[log]' "source = $LOG"
		check 100 "s.conf:2: listen: \"${address:0:5}" -f s.conf
		no_start "s.conf:2: listen: \"${address:0:5}" -f s.conf
	done
	conf "listen = unix:$DIR/none/a.sock,mode=0600" '[log]' "source = $LOG"
	check 0 '' -f s.conf
	assert [ ! -e a.sock ]
}

@test "what --check finds wrong is never only in the log" {
	local own=$DIR/own.log log

	for log in "$own" syslog; do
		conf "log = $log" '[log]' "source = $LOG" 'follow = maybe'
		check 100 's.conf:4: follow: "maybe" is not one of' -f s.conf
	done
	check 100 '"--nosuch" is no option' --check --log "$own" --nosuch
	assert [ ! -e "$own" ]
}

@test "folders for the sandbox that are none" {
	local folders

	for folders in '/srv, /usr/share' '/srv/logs,' srv / '/srv //'; do
		conf "sandbox-read = $folders" '[log]' "source = $LOG"
		check 100 "s.conf:1: sandbox-read: \"$folders\" is not folders, each written whole" \
			-f s.conf
	done
}

@test "a log of the program that cannot be opened" {
	no_start "--log: $DIR/none/own.log: No such file or directory" \
		--listen "unix:$DIR/a.sock" --log "$DIR/none/own.log" "log=$LOG"
	run --separate-stderr "${CGI[@]}" "$PROGRAM" --log "$DIR" "log=$LOG"
	assert_output --partial 'Status: 500'
	assert_equal "$stderr" "sse-cgi: --log: $DIR: Is a directory"
	conf "log = $DIR/none/own.log" "listen = unix:$DIR/a.sock" '[log]' \
		"source = $LOG"
	no_start "s.conf:1: log: $DIR/none/own.log: No such file" -f s.conf
	check 1 "s.conf:1: log: $DIR/none/own.log: No such file" -f s.conf
	conf "log = $DIR/d" '[log]' "source = $LOG"
	check 1 "s.conf:1: log: $DIR/d: Is a directory" -f s.conf
	conf "log = $DIR/d/own.log" '[log]' "source = $LOG"
	check 0 '' -f s.conf
	assert [ ! -e d/own.log ]
	chmod 555 d
	if [ "$(id -u)" = 0 ] || [ ! -w d ]; then
		check 1 "s.conf:1: log: $DIR/d/own.log: Permission denied" \
			-f s.conf
	fi
	chmod 755 d
	check 1 '--log: d: Is a directory' --log d "log=$LOG"
	conf "log = $DIR/none/own.log" "listen = unix:$DIR/a.sock" '[log]' \
		"source = $LOG"
	run --separate-stderr "${CGI[@]}" "$PROGRAM" -f s.conf
	assert_equal "$stderr" "sse-cgi: s.conf:1: log: $DIR/none/own.log: No such file or directory"
}

@test "a configuration without a stream" {
	: >s.conf
	check 100 'there is no stream; give a SOURCE, or a configuration' -f s.conf
	no_start 'there is no stream' --listen "unix:$DIR/a.sock" -f s.conf
	run "${CGI[@]}" "$PROGRAM" -f s.conf
	assert_output --partial 'Status: 404'
	assert_output --partial 'No stream is configured.'
}

@test "several streams and none named, a query without =, an empty argument" {
	append 'line 1'
	run "${CGI[@]}" "$PROGRAM" "a=$LOG" "b=$LOG"
	assert_output --partial 'There are several streams'
	run "${CGI[@]}" QUERY_STRING=a "$PROGRAM" "a=$LOG"
	assert_output --partial 'A query without "=" is not allowed here.'
	run "${CGI[@]}" "$PROGRAM" --follow=no '' "a=$LOG" ''
	assert_line 'data: line 1'
	# Who has a shell is told.
	run -100 "$PROGRAM" '' "a=$LOG"
}
