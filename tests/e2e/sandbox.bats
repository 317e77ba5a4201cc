#!/usr/bin/env bats
#
# Both programs in their sandbox: what they cannot do any more, and what goes on
# as it did.
# shellcheck disable=SC2154 # helper.bash and bats set what is not set here

load helper
load fcgi
load both

prepare() {
	need node
	cp "$builddir/fcgi/sse-fcgi" "$DIR/cgi-bin/sse-fcgi"
	mkdir up up/d
	LOG=$DIR/up/d/log
	CONF=sse.conf
	WORKER_LOG=worker.log
	append 'line 1' 'line 2'
	ordinary_owns up
	configure
	"${ORDINARY[@]}" "$PROGRAM" --sandbox=require --follow=no "$LOG" \
		>/dev/null || skip 'the kernel has no Landlock or no seccomp'
}

ordinary_owns() {
	if ((EUID == 0)); then
		chown -RPh 65534:65534 "$@"
	fi
}

# configure [LINE]...: of the stream.
configure() {
	printf '%s\n' 'sandbox = require' 'from = start' 'heartbeat = 300ms' \
		'retry = 100ms' 'rotate-wait = 200ms' "$@" '[log]' \
		"source = $LOG" >"$CONF"
}

# Else the folder of the test is that of the configuration, and let in.
start_apart() {
	mkdir -p etc
	ordinary_owns etc
	CONF=etc/sse.conf
	WORKER_LOG=etc/worker.log
	configure "$@"
	start worker "$DIR/cgi-bin/sse-fcgi" --listen "unix:$DIR/sse.sock" \
		--log "$DIR/$WORKER_LOG" -f "$CONF"
	WORKER_PID=$PID
	wait_until "$DEADLINE" test -S "$DIR/sse.sock"
	wait_until "$DEADLINE" is_ready
}

has() {
	grep -qx -e "data: $2" "$1.out"
}

told() {
	grep -q -e "$1" "$WORKER_LOG"
}

# told_times N TEXT: so many lines of the worker's log have it.
told_times() {
	[ "$(grep -c -e "$2" "$WORKER_LOG")" -eq "$1" ]
}

reload() {
	local before

	before=$(grep -c -e "$1" "$WORKER_LOG" || true)
	kill -HUP "$WORKER_PID"
	wait_until "$DEADLINE" told_times $((before + 1)) "$1"
}

instruments() {
	grep -q '^#define WITH_INSTRUMENTS' "$builddir/config.h"
}

# attempts NAME: what a source could do, in an answer.
attempts() {
	sed -n 's/^data: //p' "$1.out"
}

# probe WHICH SANDBOX TEXT: the program with the source of probe_source.h, in
# its sandbox or not, up to the last attempt; in probe.out.
probe() {
	local which=$1

	[ -x "$builddir/tests/tools/$which-probe" ] ||
		skip "$which-probe is not built"
	cp "$builddir/tests/tools/$which-probe" "$DIR/cgi-bin/$which"
	if [ "$which" = sse-cgi ]; then
		start probe "${CGI[@]}" "$PROGRAM" "--sandbox=$2" \
			--from=start "log=$3"
		return
	fi
	printf '%s\n' "sandbox = $2" 'from = start' '[log]' "source = $3" \
		>sse.conf
	# Where its log is it may write.
	start worker "$DIR/cgi-bin/sse-fcgi" --listen "unix:$DIR/sse.sock" \
		-f sse.conf
	WORKER_PID=$PID
	wait_until "$DEADLINE" test -S "$DIR/sse.sock"
	wait_until "$DEADLINE" is_ready
	start probe "$srcdir/tests/tools/fcgi-get" "$DIR/sse.sock" log
}

INSIDE='read /etc/passwd: EACCES
list /: EACCES
read file: 0
write file: EACCES
make file: EACCES
connect: EAFNOSUPPORT
socket: EAFNOSUPPORT
fork: ENOSYS
kill: ENOSYS'

prepare_probe() {
	mkdir inside
	: >inside/file
	ordinary_owns inside
}

@test "what reads a log can read it, and do nothing else" {
	local which

	prepare_probe
	for which in "${PROGRAMS[@]}"; do
		echo "# $which"
		probe "$which" no "probe:$DIR/inside"
		wait_until "$DEADLINE" grep -q '^data: kill: ' probe.out
		run -0 attempts probe
		assert_line 'read /etc/passwd: 0'
		assert_line 'list /: 0'
		assert_line 'make file: 0'
		assert_line 'fork: 0'
		stop_both
		rm -f inside/made
		probe "$which" require "probe:$DIR/inside"
		wait_until "$DEADLINE" grep -q '^data: kill: ' probe.out
		run -0 attempts probe
		# There is no filter of system calls in such a build.
		if instruments; then
			assert_line 'read /etc/passwd: EACCES'
			assert_line 'make file: EACCES'
		else
			assert_output "$INSIDE"
		fi
		stop_both
	done
}

@test "what reads a log and calls another program is ended" {
	local which listen=()

	if instruments; then
		skip 'no filter of system calls in this build'
	fi
	prepare_probe
	for which in "${PROGRAMS[@]}"; do
		echo "# $which"
		cp "$builddir/tests/tools/$which-probe" "$DIR/cgi-bin/$which"
		run -159 timeout "$DEADLINE" "${ORDINARY[@]}" \
			"$DIR/cgi-bin/$which" --sandbox=require \
			"${listen[@]}" --from=start "log=probe:die:$DIR/inside" 3>&-
		listen=("--listen=unix:$DIR/sse.sock")
	done
}

# A deployment: "current" leads to another release (fluent-bit 1118).
@test "a link that leads to another folder" {
	local which

	mkdir -p r/1/log r/2/log
	ordinary_owns r
	ln -s r/1 current
	LOG=$DIR/current/log/log
	for which in "${PROGRAMS[@]}"; do
		rm -rf r/*/log/log
		ln -sfn r/1 current
		: >r/1/log/log
		append "$which 1"
		ordinary_owns r current
		configure
		stream_from "$which" live
		wait_until "$DEADLINE" has live "$which 1"
		echo "$which 2" >r/2/log/log
		ordinary_owns r
		ln -sfn r/2 next
		ordinary_owns next
		mv -T next current
		wait_until "$DEADLINE" has live "$which 2"
		append "$which 3"
		wait_until "$DEADLINE" has live "$which 3"
		stop_both
	done
}

# A container (kubernetes 59902): what the link leads to is rotated.
@test "a link to a log that is rotated" {
	local which

	mkdir -p pods/web
	for which in "${PROGRAMS[@]}"; do
		rm -f pods/web/* up/d/log
		echo "$which 1" >pods/web/0.log
		ln -s ../../pods/web/0.log up/d/log
		ordinary_owns pods up
		configure
		stream_from "$which" live
		wait_until "$DEADLINE" has live "$which 1"
		echo "$which 2" >>pods/web/0.log
		mv pods/web/0.log pods/web/0.log.20261127-100001
		echo "$which 3" >pods/web/0.log
		ordinary_owns pods
		wait_until "$DEADLINE" has live "$which 3"
		stream_from "$which" back \
			"$(decode live.out | sed -n 's/^message\t\(.*\)\t.* 1$/\1/p')"
		wait_until "$DEADLINE" has back "$which 3"
		assert_equal "$(messages back.out)" "$which 2
$which 3"
		stop_both
	done
}

@test "a folder that is made anew, and one that was not there" {
	local which

	for which in "${PROGRAMS[@]}"; do
		rm -rf up/d
		configure
		stream_from "$which" live
		wait_until "$DEADLINE" grep -q 'does not exist yet' live.out
		mkdir up/d
		append "$which 1"
		ordinary_owns up
		wait_until "$DEADLINE" has live "$which 1"
		mv up/d up/gone
		mkdir up/d
		append "$which 2"
		ordinary_owns up
		wait_until "$DEADLINE" has live "$which 2"
		stop_both
		rm -rf up/gone
	done
}

# Only the parent is let in: who makes that anew, too, is told.
@test "what is outside is said once, and sandbox-read lets it in" {
	mkdir far
	echo 'line 3' >far/log
	ordinary_owns far
	start_apart
	stream_from sse-fcgi live
	wait_until "$DEADLINE" has live 'line 2'
	rm up/d/log
	ln -s ../../far/log up/d/log
	ordinary_owns up
	wait_until "$DEADLINE" told 'it needs a restart'
	stream_from sse-fcgi late
	wait_until "$DEADLINE" grep -q \
		'^: waiting for the log: it is outside .* needs a restart$' \
		late.out
	told_times 1 'it needs a restart'
	told '/far/log is not in a folder'
	stop_both
	rm up/d/log
	echo 'line 1' >up/d/log
	ordinary_owns up
	start_apart "sandbox-read = /usr/share $DIR/far"
	stream_from sse-fcgi live
	wait_until "$DEADLINE" has live 'line 1'
	rm up/d/log
	ln -s ../../far/log up/d/log
	ordinary_owns up
	wait_until "$DEADLINE" has live 'line 3'
}

@test "a FIFO, whose writers come and go" {
	rm up/d/log
	mkfifo -m 666 up/d/log
	ordinary_owns up
	start_worker
	stream_from sse-fcgi live
	wait_until "$DEADLINE" grep -q '^: ' live.out
	timeout "$DEADLINE" bash -c 'echo one >up/d/log'
	wait_until "$DEADLINE" has live one
	timeout "$DEADLINE" bash -c 'echo two >up/d/log'
	wait_until "$DEADLINE" has live two
	# The worker holds both ends.
	run -0 grep -h '^flags:' "/proc/$WORKER_PID/fdinfo/$(find \
		"/proc/$WORKER_PID/fd" -lname "$DIR/up/d/log" -printf '%f\n' |
		head -n 1)"
	assert_output --regexp '2$'
}

# Nobody knew that it would have to be written to: it is opened for reading.
@test "a FIFO that comes later" {
	rm up/d/log
	start_worker
	stream_from sse-fcgi live
	wait_until "$DEADLINE" grep -q 'does not exist yet' live.out
	mkfifo -m 666 up/fifo
	ordinary_owns up
	mv up/fifo up/d/log
	timeout "$DEADLINE" bash -c 'echo one >up/d/log'
	wait_until "$DEADLINE" has live one
	timeout "$DEADLINE" bash -c 'echo two >up/d/log'
	wait_until "$DEADLINE" has live two
	reload 'the configuration is read anew'
}

@test "a reload within what was allowed, and one that is not" {
	mkdir up/other far
	echo 'other 1' >up/other/log
	echo 'far 1' >far/log
	ordinary_owns up far
	start_apart
	LOG=$DIR/up/other/log
	configure
	reload 'the configuration is read anew'
	stream_from sse-fcgi other
	wait_until "$DEADLINE" has other 'other 1'
	LOG=$DIR/far/log
	configure
	reload 'nothing is changed'
	told "$DIR/far is not in what the sandbox has allowed at the start: it needs a restart"
	printf '%s\n' 'sandbox = require' '[log]' \
		"source = $DIR/up/other/log" '[new]' \
		'source = redis:tcp:127.0.0.1:6379#k' >"$CONF"
	if ! "$PROGRAM" -f "$CONF" --check 2>&1 | grep -q 'without Redis'; then
		reload 'nothing is changed'
		told 'port 6379 is not what the sandbox has allowed'
	fi
	sed -i 's|redis:.*|journal:|' "$CONF"
	if ! "$PROGRAM" -f "$CONF" --check 2>&1 | grep -qi 'libsystemd\|without'; then
		reload 'nothing is changed'
		told 'only be loaded before the sandbox is entered: it needs a restart'
	fi
	stream_from sse-fcgi again
	wait_until "$DEADLINE" has again 'other 1'
}

@test "its own log is made anew, and the socket is removed at the end" {
	mkdir w
	ordinary_owns w
	start worker "$DIR/cgi-bin/sse-fcgi" --listen "unix:$DIR/w/s" \
		--log "$DIR/w/log" -f sse.conf
	WORKER_PID=$PID
	wait_until "$DEADLINE" test -S w/s
	wait_until "$DEADLINE" is_ready
	mv w/log w/log.1
	kill -HUP "$WORKER_PID"
	wait_until "$DEADLINE" grep -q 'read anew' w/log
	kill -TERM "$WORKER_PID"
	wait_until "$DEADLINE" gone "$WORKER_PID"
	[ ! -e w/s ]
}

@test "a pattern, times and JSON, which libraries come to late" {
	local which

	printf '%s\n' '{"data":"a 1","id":"1"}' '{"data":"b 2","id":"2"}' >"$LOG"
	configure 'format = json' 'include = ^\{.*b' \
		'time-format = %*%Y-%m-%d %H:%M:%S'
	for which in "${PROGRAMS[@]}"; do
		stream_from "$which" live '' 'since=2000-01-01'
		wait_until "$DEADLINE" has live 'b 2'
		run ! has live 'a 1'
		stop_both
	done
}
