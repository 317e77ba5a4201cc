#!/usr/bin/env bats
#
# The file system that a log is on: full, read-only, taken away and put back, and
# on a device that cannot be read.
# Both programs; the lines are numbered.
# shellcheck disable=SC2034,SC2154 # the helpers set and use what is here

load helper
load fcgi
load both

prepare() {
	((EUID == 0)) || skip 'only root can mount'
	LOG=$DIR/fs/log
	mkdir fs
	mount_one || skip 'nothing can be mounted here'
	cp "$builddir/fcgi/sse-fcgi" cgi-bin/sse-fcgi
	printf '%s\n' 'log = stderr' 'from = start' 'rotate-wait = 100ms' \
		'[log]' "source = $LOG" >sse.conf
	N=0
}

mount_one() {
	mount -t tmpfs -o size=1m tmpfs "$DIR/fs" 2>/dev/null
}

# There may be one above the other.
remove_file_system() {
	while umount -l "$DIR/fs" 2>/dev/null; do
		:
	done
}

# write_lines COUNT: the next ones.
write_lines() {
	seq -f 'this is line %g' $((N + 1)) $((N + $1)) >>"$LOG"
	((N += $1))
}

# both_begin: a client of each program, which has all.
both_begin() {
	local which

	write_lines 10
	for which in "${PROGRAMS[@]}"; do
		stream_from "$which" "$which"
	done
	both_have
}

both_have() {
	local which

	for which in "${PROGRAMS[@]}"; do
		wait_until "$DEADLINE" has "$which.out" "this is line $N"
	done
}

# all_once NAME [FROM]
all_once() {
	assert_equal "$(messages "$1.out")" \
		"$(seq -f 'this is line %g' "${2:-1}" "$N")"
	assert_equal "$(gaps "$1.out")" ''
}

both_have_all_once() {
	local which

	both_have
	for which in "${PROGRAMS[@]}"; do
		all_once "$which"
	done
}

# come_back: new ones, which had the third line.
come_back() {
	local which id

	for which in "${PROGRAMS[@]}"; do
		id=$(decode "$which.out" | awk '/line 3$/ { print $2 }')
		stream_from "$which" "back-$which" "$id"
		wait_until "$DEADLINE" has "back-$which.out" "this is line $N"
		all_once "back-$which" 4
	done
}

# The line that had no room is whole, and no other one is missing.
lines_are_whole() {
	assert_equal "$(messages "$1.out" | sed 's/^xx*t/t/')" \
		"$(seq -f 'this is line %g' 10 && echo 'the rest' &&
			seq -f 'this is line %g' 12 "$N")"
	messages "$1.out" | grep -q '^xx*the rest$'
	assert_equal "$(gaps "$1.out")" ''
}

@test "a file system that is full, and has room again" {
	local which

	both_begin
	run ! bash -c 'head -c 2000000 /dev/zero >fs/filler'
	run ! bash -c 'head -c 100000 /dev/zero | tr "\0" x >>fs/log'
	: >fs/filler
	echo 'the rest' >>fs/log
	((++N))
	write_lines 5
	both_have
	for which in "${PROGRAMS[@]}"; do
		lines_are_whole "$which"
	done
}

@test "a file system that is made read-only, and is not any more" {
	both_begin
	mount -o remount,ro "$DIR/fs"
	run ! bash -c 'echo no >>fs/log'
	come_back
	mount -o remount,rw "$DIR/fs"
	write_lines 5
	both_have_all_once
	come_back
}

# With all that was on it: a copy of the log is proved to be the log.
@test "a file system that is taken away, and put back" {
	both_begin
	cp -p fs/log saved
	umount -l "$DIR/fs"
	mount_one
	cp -p saved fs/log
	write_lines 5
	both_have_all_once
	come_back
}

# A device whose blocks from that of the log on are missing while its file is cut
# there; it goes with its file system.
mount_device() {
	truncate -s 8M disk
	mkfs.ext4 -q -b 4096 -O ^has_journal,^resize_inode disk &&
		mount -o loop,noatime disk fs 2>/dev/null
}

break_device() {
	local block

	sync fs/log
	block=$(filefrag -v fs/log | awk '$1 == "0:" { print $4 + 0 }')
	cp disk whole
	truncate -s $((block * 4096)) disk
	# What was read of it stays in memory, but for this.
	wait_until "$DEADLINE" log_is_unreadable
}

log_is_unreadable() {
	dd if=fs/log iflag=nocache count=0 && ! cat fs/log
}

mend_device() {
	dd if=whole of=disk conv=notrunc status=none
}

# told NAME TEXT: how often, by that program.
told() {
	local log=worker.log

	[ "$1" = sse-fcgi ] || log=sse-cgi.err
	grep -c ": $LOG: $2" "$log"
}

# Not once more at each look.
beats_are() {
	[ "$(grep -c '^:' "$1.out")" -ge "$2" ]
}

@test "a device that cannot be read, and can again" {
	local which id

	need mkfs.ext4 filefrag
	mount_device || skip 'there is no loop device'
	sed -i '/^\[log\]/i heartbeat = 200ms' sse.conf
	echo 'other 1' >other
	WORKER_OPTIONS=(--from=start "other=$DIR/other")
	both_begin
	start other "$srcdir/tests/tools/fcgi-get" "$DIR/sse.sock" other
	wait_until "$DEADLINE" has other.out 'other 1'
	# shellcheck disable=SC2046 # words
	kill -STOP $(programs)
	write_lines 5
	break_device
	# shellcheck disable=SC2046 # words
	kill -CONT $(programs)
	for which in "${PROGRAMS[@]}"; do
		wait_until "$DEADLINE" told "$which" 'Input/output error'
		id=$(decode "$which.out" | awk '/line 3$/ { print $2 }')
		stream_from "$which" "back-$which" "$id"
		wait_until "$DEADLINE" beats_are "back-$which" 5
		wait_until "$DEADLINE" beats_are "$which" \
			$(($(grep -c '^:' "$which.out") + 5))
	done
	echo 'other 2' >>other
	wait_until "$DEADLINE" has other.out 'other 2'
	mend_device
	both_have_all_once
	for which in "${PROGRAMS[@]}"; do
		wait_until "$DEADLINE" has "back-$which.out" "this is line $N"
		all_once "back-$which" 4
		assert_equal "$(told "$which" 'Input/output error')" 1
		assert_equal "$(told "$which" 'It can be read now')" 1
	done
	write_lines 5
	both_have_all_once
	assert_equal "$(messages other.out)" $'other 1\nother 2'
}
