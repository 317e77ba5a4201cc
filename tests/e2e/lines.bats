#!/usr/bin/env bats
#
# What becomes of the lines of a log, whatever is in them.

load helper
load program

@test "CR, NUL and invalid UTF-8: delivered, with the next line intact" {
	printf 'a\rb\nwith\0nul\nbad \377\376 \303( end\nlast\n' >"$LOG"
	streamed last -- "$LOG"
	# awk would stop at the NUL.
	tr '\0' '@' <answer.out >visible.out
	run messages visible.out
	assert_line --index 0 'a\nb'
	assert_line --index 1 'with@nul'
	assert_line --index 2 $'bad \ufffd\ufffd \ufffd( end'
	assert_line --index 3 last
	assert_equal "${#lines[@]}" 4
	iconv -f UTF-8 -t UTF-8 answer.out >/dev/null
}

@test "ansi: colours of a line are left out, or kept" {
	local red=$'\e[31mred\e[0m \e]0;title\ais \xc2\x9b1mbold'

	printf '%s\n' "$red" 'the end' >"$LOG"
	streamed 'the end' -- "$LOG"
	run messages answer.out
	assert_output $'red is bold\nthe end'
	streamed 'the end' -- --ansi=keep "$LOG"
	run messages answer.out
	assert_output "$red"$'\nthe end'
	# What rings, moves, or changes the letters or their order.
	printf '%s\n' $'a\a\b\x0eb\x7fc\xe2\x80\xaed' 'the end' >"$LOG"
	streamed 'the end' -- "$LOG"
	run messages answer.out
	assert_output $'abcd\nthe end'
	run "$PROGRAM" --check --ansi=html "$LOG"
	assert_failure 100
	assert_output --partial '"html" is not one of: strip, keep'
}

# The last id is behind the whole log.
moved() {
	last_id answer.out | grep -q -- "-$(wc -c <"$LOG")-"
}

@test "include and exclude: what they let through; the position of the rest" {
	local id

	printf '%s\n' 'GET /a' 'HEAD /b' 'GET /health' 'POST /c' 'HEAD /d' >"$LOG"
	streamed 'POST /c' -- --from=start --include='^(GET|POST)[ ]' \
		--exclude=/health "$LOG"
	run messages answer.out
	assert_output $'GET /a\nPOST /c'
	# Nothing comes but an id: behind what was filtered.
	stream answer -- --from=start --include='^never' --heartbeat=100ms \
		"$LOG"
	wait_until "$DEADLINE" moved
	kill -KILL -- "-$PID"
	id=$(last_id answer.out)
	echo 'HEAD /e' >>"$LOG"
	streamed 'HEAD /e' "HTTP_LAST_EVENT_ID=$id" -- "$LOG"
	run messages answer.out
	assert_output 'HEAD /e'
	run "$PROGRAM" --check --include='a(' "$LOG"
	assert_failure 100
	assert_output --partial 'include: "a(" is no regular expression: missing'
}

@test "a search that is given up is told once; its record is sent, or begins" {
	local hard=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!

	printf '%s\n' "$hard" "$hard" end >"$LOG"
	streamed end -- --from=start --log="$DIR/own.log" --exclude='(a+)+$' \
		"$LOG"
	run messages answer.out
	assert_output "$hard"$'\n'"$hard"$'\nend'
	run cat "$DIR/own.log"
	assert_output --partial ': exclude: a search reached its limit of steps'
	assert_output --partial 'given up: the record is sent (this is said once)'
	assert_equal "${#lines[@]}" 1
	rm "$DIR/own.log"
	streamed end -- --from=start --log="$DIR/own.log" \
		--record-start='^end|(a+)+$' "$LOG"
	run messages answer.out
	assert_output "$hard"$'\n'"$hard"$'\nend'
	run cat "$DIR/own.log"
	assert_output --partial ': record-start: a search reached its limit'
	assert_output --partial 'given up: the line begins a record (this is'
	assert_equal "${#lines[@]}" 1
}

@test "what looks like fields is data" {
	append 'id: 1' 'event: evil' 'data: x' ': comment' '' 'retry: 1'
	streamed 'retry: 1' -- "$LOG"
	run cat answer.out
	assert_line 'data: id: 1'
	assert_line 'data: event: evil'
	assert_line 'data: data: x'
	assert_line 'data: : comment'
	assert_line 'data: retry: 1'
	assert_line --regexp '^data: ?$'
	refute_line 'event: evil'
	refute_line 'retry: 1'
}

# The most memory that a process has had, in KiB.
memory_kib() {
	awk '/^VmHWM/ { print $2 }' "/proc/$1/status"
}

@test "a line of 64 MiB without an end: bounded memory, the next line intact" {
	local before after

	stream big -- --from=end "$LOG"
	wait_until "$DEADLINE" grep -q '^id: ' big.out
	append small
	wait_until "$DEADLINE" has big.out small
	before=$(memory_kib "$PID")
	head -c 64M /dev/zero | tr '\0' 'x' >>"$LOG"
	append '' 'next line'
	wait_until "$DEADLINE" has big.out 'next line'
	after=$(memory_kib "$PID")
	echo "# $before KiB before, $after KiB after"
	((after - before < 16384))
	run messages big.out
	assert_equal "${#lines[@]}" 3
	# record-max, of which the rest is left out; a comment says so.
	((${#lines[1]} <= 262144 && ${#lines[1]} > 200000))
	grep -q '^:.*[0-9]' big.out
}

@test "a line of 10 MiB stays whole up to record-max" {
	head -c 10M /dev/zero | tr '\0' 'y' >"$LOG"
	append '' after
	streamed after -- --record-max=64K \
		--replay=64M "$LOG"
	run messages answer.out
	assert_line --index 1 after
	((${#lines[0]} <= 65536 && ${#lines[0]} > 65000))
}
