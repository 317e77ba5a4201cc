#!/usr/bin/env bats
#
# The log is rotated in every way, while a client watches, and while it is away.
# Each line is numbered: nothing may be lost, and nothing come twice.

load helper

prepare() {
	: >"$LOG"
	WRITTEN=0
	CLIENTS=0
	OUTPUTS=()
}

# write N: the next N lines.
write() {
	seq -f 'line-%06.0f' $((WRITTEN + 1)) $((WRITTEN + $1)) >>"$LOG"
	WRITTEN=$((WRITTEN + $1))
}

# connect [OPTION...]: a client that goes on where the one before it came to.
connect() {
	local id=

	if [ "$CLIENTS" -gt 0 ]; then
		id=$(last_id "client$CLIENTS.out")
	fi
	CLIENTS=$((CLIENTS + 1))
	CLIENT=client$CLIENTS.out
	OUTPUTS+=("$CLIENT")
	start "client$CLIENTS" "${CGI[@]}" HTTP_LAST_EVENT_ID="$id" \
		"$PROGRAM" --from=start --rotate-wait=200ms "$@" "$LOG"
	wait_until "$DEADLINE" grep -q '^id: ' "$CLIENT"
}

disconnect() {
	kill -KILL "$PID"
	wait_until "$DEADLINE" gone "$PID"
}

# caught_up: until a client has had the last line that was written.
caught_up() {
	wait_until "$DEADLINE" last_line_came
}

last_line_came() {
	messages "${OUTPUTS[@]}" | grep -qx "$(printf 'line-%06d' "$WRITTEN")"
}

# Each line once and in order, whatever the connection.
assert_all_once() {
	run messages "${OUTPUTS[@]}"
	assert_equal "$output" "$(seq -f 'line-%06.0f' "$WRITTEN")"
}

reasons() {
	gaps "${OUTPUTS[@]}" | sed 's/.*"reason":"\([a-z]*\)".*/\1/'
}

assert_no_gap() {
	run gaps "${OUTPUTS[@]}"
	assert_output ''
}

# Makes room for LOG.1; the sixth generation goes.
shift_generations() {
	local number

	for number in 5 4 3 2 1; do
		if [ -e "$LOG.$number" ]; then
			mv "$LOG.$number" "$LOG.$((number + 1))"
		fi
	done
}

rotate_by_rename() {
	shift_generations
	mv "$LOG" "$LOG.1"
	: >"$LOG"
}

# A longer copy of the log takes its place: as rsync does, and as vi does.
replace_by_renaming() {
	cp "$LOG" "$DIR/copy"
	mv "$DIR/copy" "$LOG"
}

replace_in_place() {
	mv "$LOG" "$LOG~"
	cat "$LOG~" >"$LOG"
	rm "$LOG~"
}

rotate_by_copy() {
	shift_generations
	cp "$LOG" "$LOG.1"
	: >"$LOG"
}

# ---------------------------------------------------------- while it watches --

@test "live: append" {
	connect
	write 3
	caught_up
	write 500
	caught_up
	assert_all_once
	assert_no_gap
}

# The program has looked since then, whenever that was.
two_beats_later() {
	[ "$(grep -cx : "$CLIENT")" -ge $((BEATS + 2)) ]
}

@test "live: half a line is not delivered before its end" {
	connect --heartbeat=100ms
	printf 'line-00' >>"$LOG"
	append 0001
	WRITTEN=1
	caught_up
	printf 'line-000002' >>"$LOG"
	BEATS=$(grep -cx : "$CLIENT") || true
	wait_until "$DEADLINE" two_beats_later
	run messages "$CLIENT"
	assert_output line-000001
	append ''
	WRITTEN=2
	caught_up
	assert_all_once
}

@test "live: rename and create" {
	connect
	write 5
	caught_up
	rotate_by_rename
	write 5
	caught_up
	write 3
	rotate_by_rename
	write 3
	caught_up
	assert_all_once
	assert_no_gap
}

@test "live: rename, and the writer goes on in the old file for a while" {
	connect
	write 5
	mv "$LOG" "$LOG.1"
	seq -f 'line-%06.0f' 6 9 >>"$LOG.1"
	WRITTEN=9
	write 3
	caught_up
	assert_all_once
	assert_no_gap
}

@test "live: copy and truncate" {
	connect
	write 5
	caught_up
	rotate_by_copy
	write 5
	caught_up
	assert_all_once
	run reasons
	assert_output truncated
}

@test "live: truncate" {
	connect
	write 5
	caught_up
	: >"$LOG"
	write 2
	caught_up
	assert_all_once
	run reasons
	assert_output truncated
}

@test "live: truncate, and as much is written again at once" {
	connect
	write 5
	caught_up
	: >"$LOG"
	write 50
	caught_up
	assert_all_once
	run reasons
	assert_output truncated
}

@test "live: delete and create" {
	connect
	write 5
	caught_up
	rm "$LOG"
	write 5
	caught_up
	assert_all_once
}

@test "live: replaced by a copy of itself, three times in a row" {
	connect
	write 100
	caught_up
	replace_by_renaming
	write 1
	caught_up
	replace_in_place
	write 1
	caught_up
	replace_by_renaming
	write 1
	caught_up
	assert_all_once
	assert_no_gap
}

@test "live: a file that appears later" {
	rm "$LOG"
	connect
	write 5
	caught_up
	assert_all_once
	assert_no_gap
}

@test "live: a folder that appears later" {
	LOG=$DIR/folder/log
	connect
	mkdir folder
	write 5
	caught_up
	assert_all_once
	assert_no_gap
}

# ----------------------------------------------------------- while it is away --

# away COMMAND...: five lines are seen, the command is done while the client
# is away, and at the end it has caught up.
away() {
	connect
	write 5
	caught_up
	disconnect
	"$@"
	connect
	caught_up
}

@test "away: append" {
	away write 500
	assert_all_once
	assert_no_gap
}

@test "away: nothing" {
	away true
	disconnect
	connect
	write 1
	caught_up
	assert_all_once
	assert_no_gap
}

renames() {
	write 3
	rotate_by_rename
	write 3
	rotate_by_rename
	write 3
}

@test "away: rename and create, twice" {
	away renames
	assert_all_once
	assert_no_gap
}

copies() {
	write 3
	rotate_by_copy
	write 3
}

@test "away: copy and truncate" {
	away copies
	assert_all_once
	run reasons
	assert_output truncated
}

copies_twice() {
	copies
	copies
}

@test "away: copy and truncate, twice" {
	away copies_twice
	assert_all_once
}

truncates() {
	: >"$LOG"
	write 3
}

@test "away: truncate" {
	away truncates
	assert_all_once
	run reasons
	assert_line truncated
}

replaces() {
	rm "$LOG"
	write 3
}

@test "away: delete and create" {
	away replaces
	assert_all_once
	run reasons
	assert_line rotated
}

appears() {
	write 3
}

replaces_by_copy() {
	replace_by_renaming
	write 2
	replace_in_place
	write 2
}

@test "away: replaced by a copy of itself" {
	away replaces_by_copy
	assert_all_once
	assert_no_gap
}

@test "away: a file that appears later" {
	rm "$LOG"
	connect
	disconnect
	appears
	connect
	caught_up
	assert_all_once
}

dates() {
	write 2
	mv "$LOG" "$LOG-20261120"
	write 2
	mv "$LOG" "$LOG-20261121"
	write 2
}

@test "away: rotated to names with a date" {
	away dates
	assert_all_once
	assert_no_gap
}

# ------------------------------------------------------------- kill and resume --

# One of what can happen to a log; the argument is a random number.
happens() {
	case $(($1 % 4)) in
	0) rotate_by_rename ;;
	1 | 2 | 3) write $(($1 % 7 + 1)) ;;
	esac
}

@test "kill -9 and resume, again and again: nothing lost, nothing twice" {
	local round step

	RANDOM=4711
	for ((round = 1; round <= 12; round++)); do
		connect
		for ((step = 0; step < 4; step++)); do
			happens $RANDOM
		done
		# Killed in the middle of it, or after all was seen.
		if ((RANDOM % 2)); then
			write 1
			caught_up
		fi
		write $((RANDOM % 200))
		disconnect
		happens $((RANDOM % 3 + 1))
	done
	connect
	write 1
	caught_up
	assert_all_once
	assert_no_gap
}

@test "kill -9 and resume with copy and truncate" {
	local round

	RANDOM=42
	for ((round = 1; round <= 6; round++)); do
		connect
		write $((RANDOM % 30 + 1))
		if ((RANDOM % 2)); then
			caught_up
		fi
		disconnect
		write $((RANDOM % 5 + 1))
		rotate_by_copy
		write $((RANDOM % 5 + 1))
	done
	connect
	write 1
	caught_up
	assert_all_once
}

@test "a generation that may not be read is a gap" {
	write 3
	connect
	caught_up
	disconnect
	mv "$LOG" "$LOG.2"
	write 3
	mv "$LOG" "$LOG.1"
	write 3
	chmod 0 "$LOG.1"
	connect
	caught_up
	run messages "${OUTPUTS[@]}"
	assert_output "$(seq -f 'line-%06.0f' 3; seq -f 'line-%06.0f' 7 9)"
	run reasons
	assert_output rotated
}
