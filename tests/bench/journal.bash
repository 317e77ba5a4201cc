# journal.bash - the figures of the systemd journal as a source; see run.
# shellcheck disable=SC2154 # run sets them

ENTRIES=500000
REPLAYS=7
LATENCIES=100
IDLE_S=10

# A journald of its own, in a namespace: its socket is JOURNAL, and its files
# are in FILES.  It ends with the benchmark.
start_journald() {
	NAMESPACE=ssekit-bench-$$
	JOURNAL=/run/systemd/journal.$NAMESPACE/socket
	FILES=/var/log/journal/$(cat /etc/machine-id).$NAMESPACE
	SETTINGS=/etc/systemd/journald@$NAMESPACE.conf
	printf '%s\n' '[Journal]' 'Storage=persistent' \
		'RateLimitIntervalSec=0' 'SystemMaxUse=4G' >"$SETTINGS"
	trap 'clean_up; remove_journal' EXIT
	/lib/systemd/systemd-journald "$NAMESPACE" 2>"$work/journald.err" &
	servers+=($!)
	wait_until test -S "$JOURNAL"
	entries 0 10
	wait_until has_entry 9
}

remove_journal() {
	rm -rf "$FILES" "$SETTINGS" "/run/systemd/journal.$NAMESPACE" \
		"/run/log/journal/$(cat /etc/machine-id).$NAMESPACE"
}

# entries FIRST COUNT: so many, of 100 bytes.
entries() {
	lines "$1" "$2" | "$source_dir/tests/bench/journal.pl" write "$JOURNAL"
}

# has_entry NUMBER: whether journald has written it.
has_entry() {
	journalctl --namespace="$NAMESPACE" -q -n 1 -o cat |
		grep -q "$(printf 'page/%07d' "$1")"
}

# The id of the fifth entry before the end.
journal_id() {
	"$cgi" --from=-5 --follow=no "log=$1" | sed -n '/^id: ./{s/^id: //p;q}'
}

# The processor time of sse-cgi; what reads its answer is not counted.
replay_entries() {
	local i
	for ((i = 0; i < REPLAYS; i++)); do
		"$source_dir/tests/bench/journal.pl" cost "$ENTRIES" \
			"$cgi" --flush=ready --replay=4G --from=start \
			--follow=no "log=journal:$FILES"
	done | sort -n | sed -n "$((REPLAYS / 2 + 1))s,\$, records/s of \
processor time in a replay of $ENTRIES (at least 250000),p"
}

resume_in() {
	local large small
	large=$(journal_id "journal:$FILES")
	small=$(journal_id "journal:$work/small")
	"$bench/first-frame" "resuming in $ENTRIES entries, against 10" \
		1.5 "$pairs" $'\ndata: ' \
		env "HTTP_LAST_EVENT_ID=$large" "$cgi" "log=journal:$FILES" \
		-- env "HTTP_LAST_EVENT_ID=$small" \
		"$cgi" "log=journal:$work/small"
}

# journal_worker NAME SOURCE: sets WORKER.
journal_worker() {
	"$worker" --listen "unix:$work/$1.sock,mode=0666" \
		--log "$work/$1.err" --heartbeat=1h --write-timeout=1h \
		--max-clients=12000 "log=$2" &
	WORKER=$!
	servers+=("$WORKER")
	wait_until test -S "$work/$1.sock"
}

# What is written to a FIFO goes into the journal.
deliveries() {
	local ours
	mkfifo "$work/entries"
	"$source_dir/tests/bench/journal.pl" write "$JOURNAL" \
		0<>"$work/entries" &
	servers+=($!)
	journal_worker ours "journal:$NAMESPACE"
	ours=$WORKER
	: >"$work/log"
	journal_worker theirs "$work/log"
	# More than journal-poll: each event has a turn of its own on both sides.
	"$bench/fan-out" --events=30 --interval=150 \
		"1000 subscribers of a journal, against a file" 1.05 "$pairs" \
		1000 "fcgi:$work/ours.sock" "$work/entries" "$ours" \
		"fcgi:$work/theirs.sock" "$work/log" "$WORKER"
}

latency() {
	"$source_dir/tests/bench/journal.pl" latency "$LATENCIES" "$JOURNAL" \
		"$cgi" --from=end "log=journal:$NAMESPACE"
}

# In nanoseconds.
time_of() {
	cut -d ' ' -f 1 "/proc/$1/schedstat"
}

# time_in PID SECONDS: its processor time meanwhile, in percent.
time_in() {
	local before

	before=$(time_of "$1")
	read -rt "$2" <> <(:) || true
	awk -v ns=$(($(time_of "$1") - before)) -v s="$2" \
		'BEGIN { printf "%.3f %%", ns / s / 1e7 }'
}

# What a process that does nothing else as often takes is the machine's.
idle() {
	local plain
	journal_worker idle "journal:$NAMESPACE"
	"$source_dir/tests/tools/fcgi-get" "$work/idle.sock" log \
		>"$work/idle.out" &
	servers+=($!)
	wait_until grep -q '^id: ' "$work/idle.out"
	perl -e 'select(undef, undef, undef, 0.1) while 1' &
	plain=$!
	servers+=("$plain")
	read -rt 1 <> <(:) || true
	echo "$(time_in "$WORKER" "$IDLE_S") of a core while a subscriber waits\
 (at most 0.1 %); $(time_in "$plain" "$IDLE_S") for 10 calls of select()"
}

without_journal() {
	: >"$work/log"
	printf '%s libraries more for a start without a journal (0)\n' "$(
		LD_DEBUG=files "$cgi" --follow=no "$work/log" 2>&1 |
			grep -c 'file=libsystemd')"
}

bench_journal() {
	export GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET QUERY_STRING=
	if [ "$EUID" != 0 ] || [ ! -x /lib/systemd/systemd-journald ]; then
		echo "journal: left out, only root starts a journald"
		return
	fi
	start_journald
	cp -r "$FILES" "$work/small"
	without_journal
	latency
	idle
	deliveries
	entries 10 $((ENTRIES - 10))
	wait_until has_entry $((ENTRIES - 1))
	replay_entries
	resume_in
	stop_servers
	remove_journal
}
