# hostile.bash - sse-fcgi under attack: its longest turn, and its memory beside
# what LIMITS of sse-fcgi(8) allows; see run.
# shellcheck disable=SC2154 # run sets them

TURN_MS=10         # at most
ATTACK_SECONDS=10  # of each
RECORD_SIZE=262144 # record-max
READERS_MAX=64

# ------------------------------------------------------------------- logs --

# a_line SIZE PIECE: of so many bytes, with the LF.
a_line() {
	perl -e 'print substr($ARGV[1] x ($ARGV[0] / length($ARGV[1]) + 1), 0,
		$ARGV[0] - 1), "\n"' "$@"
}

# times COUNT: its input so often.
times() {
	perl -0777 -e 'my $all = <STDIN>; print $all for 1 .. $ARGV[0]' "$1"
}

# U+009E begins a control string, and nothing ends it.
log_of_controls() {
	a_line 8193 $'\302\236' | times 400
	a_line $((RECORD_SIZE - 1)) $'\302\236' | times 8
}
log_of_pounds() {
	a_line $((RECORD_SIZE - 1)) $'\302\243' | times 24
}
log_of_letters() {
	echo 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' | times 100000
}
# Too many values, and as many as there may be.
log_of_json() {
	{
		printf '{"data":['
		a_line $((RECORD_SIZE - 63)) '[],' | tr -d '\n'
		printf '[]]}\n'
		printf '{"data":["'
		a_line 240000 a | tr -d '\n'
		printf '"'
		printf ',[]' | times 4090
		printf ']}\n'
	} | times 14
}
log_of_escapes() {
	printf '{"id":"\\u0041","data":"\\u003cb\\u003e"}\n' | times 200000
}
log_of_bytes() {
	a_line 262000 $'\377' | times 8
}
log_of_nothing() {
	:
}
log_of_lines() {
	lines 1 40000
}

# ---------------------------------------------------------------- clients --

# attack COUNT TAKE [OPTION]...: clients, as tests/tools/fcgi-slow has them,
# with ID; returns when all have asked.
attack() {
	local count=$1 take=$2

	shift 2
	: >"$work/ready"
	"$source_dir/tests/tools/fcgi-slow" "$@" "$work/hostile.sock" attacked \
		"$count" "$take" ${ID:+"$ID"} >"$work/ready" &
	ATTACK=$!
	servers+=("$ATTACK")
	wait_long grep -q ready "$work/ready"
}

# wait_long COMMAND...: as wait_until, for two minutes.
wait_long() {
	local end=$((SECONDS + 120))

	until "$@"; do
		[ $SECONDS -lt $end ] || fail "in vain waited for: $*"
		read -rt 0.1 <> <(:) || true
	done
}

got_id() {
	ID=$(sed -n 's/^id: //p' "$work/first" | sed -n 2p)
	[ -n "$ID" ]
}

# Sets ID, that of the first record.
first_id() {
	local client

	"$source_dir/tests/tools/fcgi-get" "$work/hostile.sock" \
		attacked >"$work/first" &
	client=$!
	wait_long got_id
	kill "$client" 2>/dev/null || true
	wait "$client" 2>/dev/null || true
}

connections() {
	find "/proc/$WORKER/fd" -lname 'socket:*' 2>/dev/null | wc -l
}

at_most() {
	[ "$(connections)" -le "$1" ]
}

at_least() {
	[ "$(connections)" -ge "$1" ]
}

# ---------------------------------------------------------------- figures --

forget_turns() {
	head -c 24 /dev/zero | dd of="$work/turns" conv=notrunc status=none
}

# resident_kib WHICH: VmRSS or VmHWM of the worker.
resident_kib() {
	awk -v which="$1:" '$1 == which { print $2 }' "/proc/$WORKER/status"
}

# start_attacked LOG [OPTION]...: sets WORKER, and BEFORE, its memory; the log is
# what log_of_LOG prints.
start_attacked() {
	local log=$1

	shift
	ID=
	"log_of_$log" >"$work/attacked/log"
	start_watched hostile "$@"
	BEFORE=$(resident_kib VmRSS)
}

# start_watched NAME [OPTION]...: sets WORKER; its socket is NAME.sock, and its
# streams are log, with nothing in it, and attacked.
start_watched() {
	local name=$1

	shift
	# Another worker may have the one that was there in its memory.
	rm -f "$work/turns"
	head -c 24 /dev/zero >"$work/turns"
	: >"$work/$name.log"
	rm -f "$work/$name.sock"
	LD_PRELOAD=$work/turns.so TURNS_FILE=$work/turns "$worker" \
		--listen "unix:$work/$name.sock,mode=0666" \
		--log "$work/$name.err" --quiet --from=start "$@" \
		"log=$work/$name.log" "attacked=$work/attacked/log" &
	WORKER=$!
	servers+=("$WORKER")
	wait_long test -S "$work/$name.sock"
}

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

# ---------------------------------------------------------------- latency --

# Of a GiB, which nobody has read before all pairs are measured.
log_of_many_lines() {
	log_of_lines | times 275
}
log_of_much_json() {
	log_of_json | times 150
}

read_bytes() {
	awk '$1 == "rchar:" { print $2 }' "/proc/$1/io"
}

# still_reads PID: whether it reads much within a second.
still_reads() {
	local before

	before=$(read_bytes "$1")
	read -rt 1 <> <(:) || true
	[ $(($(read_bytes "$1") - before)) -gt 65536 ]
}

# What a process that computes waits for the cores, whatever it is: a bare loop
# that does for 0.2 ms of a turn, held against a worker without readers.
live_computing() {
	local busy

	: >"$work/attacked/log"
	start_watched calm
	: >"$work/busy.log"
	"$bench/busy" "$work/busy.sock" "$work/busy.log" 200 &
	busy=$!
	servers+=("$busy")
	wait_long test -S "$work/busy.sock"
	"$bench/fan-out" --latency --interval=20 --events 250 \
		"live, a bare loop that computes" 1.5 "$pairs" 1 \
		"fcgi:$work/busy.sock" "$work/busy.log" "$busy" \
		"fcgi:$work/calm.sock" "$work/calm.log" "$WORKER"
	stop_servers
}

# live_beside NAME LOG [OPTION]...: one live client of a worker, 64 others of
# which read LOG, and one of a worker without such.  What those
# take of the machine disturbs both; the rest is the worker's.
live_beside() {
	local name=$1 log=$2 ours

	shift 2
	start_attacked "$log" --replay=4G "$@"
	ours=$WORKER
	first_id
	start_watched calm "$@"
	attack "$READERS_MAX" all
	"$bench/fan-out" --latency --interval=20 --events 250 \
		"live, beside $READERS_MAX readers of $name" 1.5 "$pairs" 1 \
		"fcgi:$work/hostile.sock" "$work/hostile.log" "$ours" \
		"fcgi:$work/calm.sock" "$work/calm.log" "$WORKER"
	still_reads "$ours" ||
		echo "  NOT SO: the readers were at their end before that"
	stop_servers
}

# Without the JIT, as the unit for systemd has it.
SLOW_PATTERN='--exclude=(*NO_JIT)(a+)+$'

bench_hostile() {
	if [ ! -x "$worker" ] || ! command -v node >/dev/null; then
		echo "hostile: left out, there is no sse-fcgi or no node"
		return
	fi
	"${CC:-cc}" -O2 -shared -fPIC -o "$work/turns.so" \
		"$source_dir/tests/bench/turns.c" -ldl
	mkdir "$work/attacked"
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
	forged_ids "forged ids, 10000 older files" 10000 log.
	forged_ids "forged ids, 100000 older files" 100000 log.
	forged_ids "forged ids, 100000 others" 100000 other-
	unfinished "1000 unfinished requests" 1000 62000 $((32 << 10))
	unfinished "400 that say nothing, for 100" 400 0 0 --max-clients=100
	slow_resumes
	closed_at_once
	live_computing
	live_beside "lines" many_lines
	live_beside "JSON" much_json --format=json
	live_beside "a slow pattern" letters "$SLOW_PATTERN"
}
