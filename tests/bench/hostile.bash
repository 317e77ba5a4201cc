# hostile.bash - sse-fcgi under attack: its longest turn, and its memory beside
# what LIMITS of sse-fcgi(8) allows; see run.
# shellcheck disable=SC2154,SC2034 # run and attack.bash set and use them

TURN_MS=10        # at most
ATTACK_SECONDS=10 # of each

# shellcheck source=/dev/null
. "$source_dir/tests/bench/attack.bash"

# ---------------------------------------------------------------- figures --

# limit_kib CLIENTS PARAMS: what LIMITS allows.  The backlog with its tables, a
# KiB a client, what waits, and for those that read a buffer and a record.
limit_kib() {
	local readers=$(($1 < READERS_MAX ? $1 : READERS_MAX))

	echo $((BEFORE + 2 * 6144 + $1 + (64 << 10) + $2 +
		readers * (64 + (7 * RECORD_SIZE >> 10) + 113)))
}

# report NAME CLIENTS [PARAMS-KIB]: one line, and ends the attack.
report() {
	local longest count

	read -r longest _ count < <(od -An -t u8 -w24 "$work/turns")
	awk -v name="$1" -v ns="$longest" -v count="$count" -v most="$TURN_MS" \
		-v kib="$(resident_kib VmHWM)" \
		-v limit="$(limit_kib "$2" "${3:-0}")" 'BEGIN {
		printf "%-30s longest turn %5.1f ms (at most %d)%s, of %d; ",
			name, ns / 1e6, most, (ns > most * 1e6 ? " OVER" : ""),
			count
		printf "resident %.0f MiB (at most %.0f)%s\n", kib / 1024,
			limit / 1024, (kib > limit ? " OVER" : "")
	}'
	stop_servers
}

for_a_while() {
	read -rt "$ATTACK_SECONDS" <> <(:) || true
}

# ---------------------------------------------------------------- attacks --

# replayed NAME LOG CLIENTS [OPTION]...: clients that take what comes, and come
# back with the first id each second.
replayed() {
	local name=$1 log=$2 clients=$3

	shift 3
	start_attacked "$log" --max-age=1s "$@"
	first_id
	forget_turns
	attack "$clients" all --again
	for_a_while
	report "$name" "$clients"
}

# written NAME LOG [OPTION]...: a live client, and all of it comes at once.
written() {
	local name=$1 log=$2

	shift 2
	start_attacked lines "$@"
	attack 1 all
	forget_turns
	"log_of_$log" >>"$work/attacked/log"
	for_a_while
	report "$name" 1
}

# asked NAME LOG ID [OPTION]...: 64 clients that come back with such ids.
asked() {
	local name=$1 log=$2 id=$3

	shift 3
	start_attacked "$log" "$@"
	forget_turns
	ID=$id
	attack 64 all --again
	for_a_while
	report "$name" 64
}

# newest NAME LOG [OPTION]...: 64 clients that want the newest records.
newest() {
	local name=$1 log=$2

	shift 2
	start_attacked "$log" --max-age=1s "$@"
	forget_turns
	attack 64 all --again --query=last=100000
	for_a_while
	report "$name" 64
}

# forged_ids NAME COUNT FORM: with so many files beside the log.
forged_ids() {
	(cd "$work/attacked" && seq -f "$3%.0f" "$2" | xargs touch)
	asked "$1" lines 0.BAAAAAAA-%-BBBBBBBBBB
	rm -r "$work/attacked"
	mkdir "$work/attacked"
}

# unfinished NAME COUNT BYTES PARAMS-KIB [OPTION]...: requests without an end.
unfinished() {
	local name=$1 count=$2 bytes=$3 kib=$4

	shift 4
	start_attacked lines "$@"
	forget_turns
	attack "$count" 0 "--params=$bytes" --again
	for_a_while
	report "$name" "$count" "$kib"
}

# clients_of COUNT: as many of them as the descriptors of this machine allow.
clients_of() {
	local most=$(($(ulimit -n) - 200))

	echo $(($1 < most ? $1 : most))
}

slow_resumes() {
	local count

	count=$(clients_of 10000)
	start_attacked bytes
	first_id
	forget_turns
	attack "$count" 4096
	for_a_while
	for_a_while
	report "$count slow clients that resume" "$count"
}

closed_at_once() {
	local count

	count=$(clients_of 5000)
	start_attacked nothing
	attack "$count" all
	wait_long at_least "$count"
	forget_turns
	disown "$ATTACK" # else bash tells of it
	kill -KILL "$ATTACK"
	wait_long at_most 16
	report "$count clients close at once" "$count"
}

bench_hostile() {
	can_attack hostile || return 0
	written "controls, written" controls
	replayed "controls, 8 readers" controls 8
	written "pound signs, written" pounds
	replayed "pound signs, 8 readers" pounds 8
	written "a slow pattern, written" letters "$SLOW_PATTERN"
	replayed "a slow pattern, 8 readers" letters 8 "$SLOW_PATTERN"
	written "JSON of 256 KiB, written" json --format=json
	replayed "JSON of 256 KiB, 64 readers" json 64 --format=json
	asked "record ids that are not there" escapes none-% --format=json \
		--ids=record
	newest "the newest, a slow record-start" letters \
		'--record-start=(*NO_JIT)^b|(a+)+$'
	forged_ids "forged ids, 10000 older files" 10000 log.
	forged_ids "forged ids, 100000 older files" 100000 log.
	forged_ids "forged ids, 100000 others" 100000 other-
	unfinished "1000 unfinished requests" 1000 62000 $((32 << 10))
	unfinished "400 that say nothing, for 100" 400 0 0 --max-clients=100
	slow_resumes
	closed_at_once
}
