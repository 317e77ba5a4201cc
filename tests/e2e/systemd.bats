#!/usr/bin/env bats
#
# The units of systemd: what they say, and whether the worker needs anything
# that they take away from it.

load helper
load redis

prepare() {
	need systemd-analyze
	mkdir units
	cp "$builddir/fcgi/sse-fcgi" "$DIR/cgi-bin/sse-fcgi"
	sed -e "s|@bindir@|$DIR/cgi-bin|" -e "s|@sysconfdir@|$DIR|" \
		"$srcdir/systemd/sse-fcgi.service.in" >units/sse-fcgi.service
	cp "$srcdir/systemd/sse-fcgi.socket" units/
}

# with FILE: of examples/redis, beside the unit.
with() {
	mkdir -p units/sse-fcgi.service.d
	cp "$srcdir/examples/redis/$1" units/sse-fcgi.service.d/redis.conf
}

has_no_complaint() {
	run systemd-analyze verify --man=no \
		"$DIR/units/sse-fcgi.service" "$DIR/units/sse-fcgi.socket"
	assert_success
	assert_output ''
}

# exposure_is_at_most TENTHS: of what systemd counts up to 10.
exposure_is_at_most() {
	run systemd-analyze security --offline=true --no-pager \
		--threshold="$1" "$DIR/units/sse-fcgi.service"
	assert_success
	echo "# ${lines[-1]}" >&3
}

@test "systemd has no complaint" {
	has_no_complaint
	with sse-fcgi.conf
	has_no_complaint
	with sse-fcgi-tcp.conf
	has_no_complaint
}

@test "what an attacker could do with it: at most 0.3 of 10" {
	exposure_is_at_most 3
	with sse-fcgi.conf
	exposure_is_at_most 3
}

@test "with a Redis server by TCP: at most 1.2 of 10" {
	with sse-fcgi-tcp.conf
	exposure_is_at_most 12
	# It was read: this is what the worker needs, and not more.
	assert_line --partial 'may allocate Internet sockets'
	assert_line --regexp '^.{1,4} IPAddressDeny= .*allow list with'
}

# members SET: the system calls of a set of systemd's, and of those in it.
members() {
	local line

	systemd-analyze --no-pager syscall-filter "$1" | sed 's/#.*//' |
		while read -r line; do
			case $line in
			"$1" | '') ;;
			@*) members "$line" ;;
			*) echo "$line" ;;
			esac
		done
}

# The calls that the unit lets through: its lines, one after the other.
allowed() {
	local line word

	sed -n 's/^SystemCallFilter=//p' units/sse-fcgi.service >filters
	while read -r line; do
		for word in ${line#\~}; do
			case $word in
			@*) members "$word" ;;
			*) echo "$word" ;;
			esac
		done | sort -u >filter
		case $line in
		\~*) comm -23 so-far filter ;;
		*) sort -u so-far filter ;;
		esac >next
		mv next so-far
	done <filters
}

# ask NAME ARGUMENT...: a client that stays.
ask() {
	local name=$1

	shift
	start "$name" "$srcdir/tests/tools/fcgi-get" --set "$@"
}

# All that it does: each kind of source and of start, rotations, reloads.
serve_everything() {
	ask new "$DIR/sse.sock" log
	wait_until "$DEADLINE" grep -q 'line 1' new.out
	ask pipe "$DIR/sse.sock" pipe
	echo 'line 1' >fifo
	wait_until "$DEADLINE" grep -q 'line 1' pipe.out
	ask status "$DIR/sse.sock" status
	wait_until "$DEADLINE" grep -q descriptors status.out
	ask json "$DIR/sse.sock" json a
	wait_until "$DEADLINE" grep -q '"n":2' json.out
	ask since --query=since=2026-01-01T00:00:00Z "$DIR/sse.sock" log
	wait_until "$DEADLINE" grep -q 'line 1' since.out
	ask missing "$DIR/sse.sock" missing
	wait_until "$DEADLINE" grep -q waiting missing.out
	mv "$LOG" "$LOG.1"
	append 'line 2'
	wait_until "$DEADLINE" grep -q 'line 2' new.out
	ID=$(sed -n 's/^id: //p' new.out | head -n 1)
	ask again "$DIR/sse.sock" log "$ID"
	wait_until "$DEADLINE" grep -q 'line 2' again.out
	pkill -HUP -f "^$DIR/cgi-bin/sse-fcgi"
	wait_until "$DEADLINE" grep -q 'read anew' worker.log
	echo 'wrong' >>sse.conf
	pkill -HUP -f "^$DIR/cgi-bin/sse-fcgi"
	wait_until "$DEADLINE" grep -q 'is refused' worker.log
}

# Each process has a file of its own: it is started anew when it has ended.
calls() {
	sed -n 's/^\([a-z0-9_]*\)(.*/\1/p' calls.* reload | sort -u
}

has_ended() {
	grep -q '^exit_group' "calls.$1"
}

need_all_calls() {
	need strace node perl
	if grep -aq __asan_init "$DIR/cgi-bin/sse-fcgi"; then
		skip 'a sanitizer calls more than the program'
	fi
	members @default | sort -u >so-far
	allowed
}

# As systemd does, with the streams of sse.conf.
start_traced() {
	start units "$srcdir/tests/tools/supervise" "$DIR/sse.sock" \
		strace -D -ff -qq -o "$DIR/calls" \
		"$DIR/cgi-bin/sse-fcgi" --log "$DIR/worker.log" \
		--status=status -f "$DIR/sse.conf"
	wait_until "$DEADLINE" grep -q 'told READY=1' units.out
}

# It ends, and needed no call that the unit filters out, of more than COUNT.
needs_no_other() {
	local worker

	# As the unit reloads it.
	worker=$(sed -n 's/^pid //p' units.out)
	strace -qq -o "$DIR/reload" /bin/kill -HUP "$worker"
	kill -TERM "$worker"
	wait_until "$DEADLINE" has_ended "$worker"
	calls >made
	[ "$(wc -l <made)" -gt "$1" ]
	run comm -23 made so-far
	assert_output ''
}

@test "no system call of the worker is filtered out" {
	need_all_calls
	append '2026-01-01T00:00:01Z line 1'
	printf '{"id":"%s","data":{"n":%d}}\n' a 1 b 2 >json
	mkfifo fifo
	printf '%s\n' 'from = start' '[log]' "source = $LOG" \
		'include = line' 'record-start = ^' '[json]' \
		"source = $DIR/json" 'format = json' 'ids = record' \
		'[pipe]' "source = $DIR/fifo" \
		'[missing]' "source = $DIR/none/log" >sse.conf
	start_traced
	serve_everything
	needs_no_other 40
}

@test "nor of one that reads from a Redis server by TCP" {
	need_redis
	need_all_calls
	start_redis
	open_redis_port
	printf '%s\n' '[orders]' \
		"source = redis:tcp:127.0.0.1:$REDIS_PORT#orders" >sse.conf
	start_traced
	ask orders "$DIR/sse.sock" orders
	wait_until "$DEADLINE" grep -q '^retry: ' orders.out
	put one
	wait_until "$DEADLINE" grep -q one orders.out
	kill_redis
	wait_until "$DEADLINE" grep -q 'cannot be read' orders.out
	needs_no_other 30
	grep -qx connect made
}

@test "what it has no use for is filtered out" {
	local call

	members @default | sort -u >so-far
	allowed
	for call in bpf chown clone clone3 execveat fork ioctl io_uring_setup \
		keyctl link mkdir mount pivot_root process_vm_readv \
		ptrace rename setns setuid symlink unshare userfaultfd; do
		run grep -x "$call" so-far
		assert_failure
	done
}
