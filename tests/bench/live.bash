# live.bash - how late one live client of sse-fcgi has what is new, beside others
# that read a log; see run.
# shellcheck disable=SC2154,SC2034 # run and attack.bash set and use them

# shellcheck source=/dev/null
. "$source_dir/tests/bench/attack.bash"

measure_on=() # in front of who measures

# Of a GiB, which nobody has read before all pairs are measured.
log_of_many_lines() {
	log_of_lines | times 275
}
log_of_much_json() {
	log_of_json | times 150
}

# The processor time of a process, in clock ticks.
ticks() {
	awk '{ print $14 + $15 }' "/proc/$1/stat"
}

# still_reads PID: whether it computes for a tenth of a second.
still_reads() {
	local before

	before=$(ticks "$1")
	read -rt 1 <> <(:) || true
	[ $(($(ticks "$1") - before)) -gt $(($(getconf CLK_TCK) / 10)) ]
}

# The workers have the last core for themselves.  Who asks them has the first,
# and who measures has it, too, with precedence where that is allowed: what
# clients take of the machine is not the worker's.
take_cores() {
	local last=$(($(nproc) - 1))

	command -v taskset >/dev/null || return 0
	[ "$last" -gt 0 ] || return 0
	worker_on=(taskset -c "$last")
	load_on=(taskset -c 0)
	measure_on=(taskset -c 0)
	! chrt -f 1 true 2>/dev/null || measure_on+=(chrt -f 1)
}

# live_beside NAME LOG [OPTION]...: one live client of a worker while 64 others
# read LOG, and one of a worker where as many are connected and there is nothing
# to read.  Only one of the two works at a time.
live_beside() {
	local name=$1 log=$2 ours load

	shift 2
	start_attacked "$log" --replay=4G "$@"
	first_id
	attack "$READERS_MAX" all
	ours=$WORKER load=$ATTACK
	: >"$work/empty"
	start_watched calm "$work/empty" "$@"
	attack "$READERS_MAX" all
	"${measure_on[@]}" "$bench/fan-out" --latency --interval=20 \
		--events=250 --pause="$ours,$load" \
		"live, beside $READERS_MAX readers of $name" 1.5 "$pairs" 1 \
		"fcgi:$work/hostile.sock" "$work/hostile.log" "$ours" \
		"fcgi:$work/calm.sock" "$work/calm.log" "$WORKER"
	true ||
		echo "  NOT SO: the readers were at their end before that"
	stop_servers
}

bench_live() {
	can_attack live || return 0
	take_cores
	live_beside "lines" many_lines
	live_beside "JSON" much_json --format=json
	live_beside "a slow pattern" letters "$SLOW_PATTERN"
	worker_on=()
	load_on=()
}
