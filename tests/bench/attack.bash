# attack.bash - the logs and the clients of those who mean no good, for the parts
# hostile and live of run.
# shellcheck disable=SC2154,SC2034 # run sets and uses them

RECORD_SIZE=262144 # record-max
READERS_MAX=64
worker_on=() # taskset or none, in front of the worker, ...
load_on=()   # ... and of who attacks it

# Without the JIT, as the unit for systemd has it.
SLOW_PATTERN='--exclude=(*NO_JIT)(a+)+$'

# can_attack PART: what is needed for it, or why it is left out.
can_attack() {
	if [ ! -x "$worker" ] || ! command -v node >/dev/null; then
		echo "$1: left out, there is no sse-fcgi or no node"
		return 1
	fi
	"${CC:-cc}" -O2 -shared -fPIC -o "$work/turns.so" \
		"$source_dir/tests/bench/turns.c" -ldl
	rm -rf "$work/attacked"
	mkdir "$work/attacked"
}

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
# with ID, of the worker that was started last; sets ATTACK, and returns when
# all have asked.
attack() {
	local count=$1 take=$2

	shift 2
	: >"$work/ready"
	"${load_on[@]}" "$source_dir/tests/tools/fcgi-slow" "$@" "$work/$NAME.sock" attacked \
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

# ----------------------------------------------------------------- worker --

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
	start_watched hostile "$work/attacked/log" "$@"
	BEFORE=$(resident_kib VmRSS)
}

# start_watched NAME FILE [OPTION]...: sets WORKER, NAME; its socket is NAME.sock, and
# its streams are log, with nothing in it, and attacked, which is FILE.
start_watched() {
	local name=$1 file=$2

	shift 2
	# Another worker may have the one that was there in its memory.
	rm -f "$work/turns"
	head -c 24 /dev/zero >"$work/turns"
	: >"$work/$name.log"
	rm -f "$work/$name.sock"
	LD_PRELOAD=$work/turns.so TURNS_FILE=$work/turns \
		"${worker_on[@]}" "$worker" \
		--listen "unix:$work/$name.sock,mode=0666" \
		--log "$work/$name.err" --quiet --from=start "$@" \
		"log=$work/$name.log" "attacked=$file" &
	WORKER=$!
	servers+=("$WORKER")
	NAME=$name
	wait_long test -S "$work/$name.sock"
}

