#!/usr/bin/env bats
#
# The units of systemd: what they say, and whether the worker needs anything
# that they take away from it.

load helper

prepare() {
	need systemd-analyze
	mkdir units
	cp "$builddir/fcgi/sse-fcgi" "$DIR/cgi-bin/sse-fcgi"
	sed -e "s|@bindir@|$DIR/cgi-bin|" -e "s|@sysconfdir@|$DIR|" \
		"$srcdir/systemd/sse-fcgi.service.in" >units/sse-fcgi.service
	cp "$srcdir/systemd/sse-fcgi.socket" units/
}

@test "systemd has no complaint" {
	run systemd-analyze verify --man=no \
		"$DIR/units/sse-fcgi.service" "$DIR/units/sse-fcgi.socket"
	assert_success
	assert_output ''
}

@test "what an attacker could do with it: at most 2.0 of 10" {
	run systemd-analyze security --offline=true --no-pager --threshold=20 \
		"$DIR/units/sse-fcgi.service"
	assert_success
	echo "# ${lines[-1]}" >&3
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

@test "no system call of the worker is filtered out" {
	need strace
	members @system-service | sort -u >allowed
	for set in @privileged @resources; do
		members "$set"
	done | sort -u >denied
	append 'line 1'
	printf '[log]\nsource = %s\n' "$LOG" >sse.conf
	# A sanitizer needs more of them than the program.
	start worker strace -f -qq -o "$DIR/calls" -E ASAN_OPTIONS= \
		"$DIR/cgi-bin/sse-fcgi" --listen "unix:$DIR/sse.sock" \
		--log "$DIR/worker.log" -f "$DIR/sse.conf"
	wait_until "$DEADLINE" test -S sse.sock
	start client "$srcdir/tests/tools/fcgi-get" "$DIR/sse.sock" log
	wait_until "$DEADLINE" has client.out 'line 1'
	mv "$LOG" "$LOG.1"
	append 'line 2'
	wait_until "$DEADLINE" has client.out 'line 2'
	pkill -HUP -f "^$DIR/cgi-bin/sse-fcgi"
	wait_until "$DEADLINE" grep -q 'read anew' worker.log
	pkill -TERM -f "^$DIR/cgi-bin/sse-fcgi"
	wait_until "$DEADLINE" gone "$PID" || true
	sed -n 's/^[0-9]* *\([a-z0-9_]*\)(.*/\1/p' calls | sort -u >made
	[ "$(wc -l <made)" -gt 20 ]
	comm -23 allowed denied >left
	run comm -23 made left
	assert_output ''
}
