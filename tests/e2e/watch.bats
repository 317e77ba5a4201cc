#!/usr/bin/env bats
#
# A file about which inotify says nothing: no instance is left, the file system
# does not report, the directory is not there yet.

load helper

# stream COMMAND...: put before the program, and it runs in the background.
# Started with ids and heartbeats that do not disturb.
stream() {
	local source=$1

	shift
	start client "${CGI[@]}" "$@" "$PROGRAM" --from=start "$source"
	wait_until "$DEADLINE" grep -q '^id: ' client.out
}

# next_line FILE: one more comes.
next_line() {
	LINE=$((LINE + 1))
	TOOK=$(now_ms)
	echo "line $LINE" >>"$1"
	wait_until "$DEADLINE" has client.out "line $LINE"
	TOOK=$(($(now_ms) - TOOK))
}

# All lines from that one on have come once, and no gap.
came_from() {
	run messages client.out
	assert_output "$(seq -f 'line %g' "$1" "$LINE")"
	run gaps client.out
	assert_output ''
}

# Lines of the file, of one that takes its place, and of one that comes late.
follows() {
	LINE=0
	soon_enough 1000 next_line "$1"
	soon_enough 1000 next_line "$1"
	mv "$1" "$1.1"
	# rotate-wait is a second.
	next_line "$1"
	soon_enough 1000 next_line "$1"
	came_from 1
}

# The same of a file that is compressed before anybody looks.
follows_compressed() {
	mv "$1" "$1.2"
	LINE=$((LINE + 1))
	echo "line $LINE" >>"$1"
	gzip "$1.2"
	next_line "$1"
	came_from 1
}

@test "no inotify instance left: looked at every 250 ms" {
	need strace
	# LeakSanitizer cannot work under strace.
	stream "$LOG" ASAN_OPTIONS=detect_leaks=0 strace -f -o trace.out \
		-e trace=inotify_init1 -e signal=none \
		-e inject=inotify_init1:error=EMFILE
	grep -q 'EMFILE.*INJECTED' trace.out
	follows "$LOG"
	follows_compressed "$LOG"
}

@test "the limit of inotify instances used up, by the system itself" {
	local limit='echo 0 >/proc/sys/user/max_inotify_instances'

	in_namespace "$limit"
	# shellcheck disable=SC2016 # for the shell that is started
	stream "$LOG" "${NAMESPACE[@]}" sh -c "$limit"' && exec "$@"' sh
	follows "$LOG"
}

# overlay LOG: the program on a log, once the overlay mnt/all and a link beside
# it are mounted; lines come in time, also when one copies the file up, and
# when lines come to the copy itself, of which inotify says nothing.
overlay() {
	local mount="mount -t tmpfs none $DIR/mnt && cd $DIR/mnt &&
		mkdir lower upper work all && echo 'line 0' >lower/log &&
		ln -s all/log link && mount -t overlay none -o \
			lowerdir=lower,upperdir=upper,workdir=work all" mnt

	mkdir -p mnt
	if [ "$(id -u)" = 0 ]; then
		chown 65534 mnt
	fi
	in_namespace "$mount"
	# shellcheck disable=SC2016 # for the shell that is started
	stream "$1" "${NAMESPACE[@]}" sh -c "$mount"' && exec "$@"' sh
	wait_until "$DEADLINE" has client.out 'line 0'
	# What the program sees of it, from outside.
	LINE=0
	mnt=/proc/$PID/root$DIR/mnt
	soon_enough 1000 next_line "$mnt/all/log"
	soon_enough 1000 next_line "$mnt/all/log"
	soon_enough 1000 next_line "$mnt/upper/log"
	soon_enough 1000 next_line "$mnt/upper/log"
	came_from 0
}

@test "an overlay file system, also when a line copies the file up" {
	overlay "$DIR/mnt/all/log"
}

@test "a local link to a file on an overlay file system" {
	overlay "$DIR/mnt/link"
}

@test "a directory that comes later, and goes, and comes again" {
	stream "$DIR/not/yet/log"
	mkdir -p not/yet
	follows "$DIR/not/yet/log"
	rm -r not
	mkdir -p not/yet
	next_line not/yet/log
	soon_enough 1000 next_line not/yet/log
}
