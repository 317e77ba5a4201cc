# peers.bash - sse-fcgi beside others that do the same, in one table; see run.
# shellcheck disable=SC2154,SC2034 # run sets them, and the parts use them
#
# Each figure is of a server that was started for it, has all cores but the
# first, and is written the same events for the same clients, which have the
# first.  All processes of a server count.

peers=$source_dir/tests/bench/peers
all_peers=(worker bare ours ours20 nchan go threads php wrap busybox)

# shellcheck source=/dev/null
. "$peers/servers.bash"
# shellcheck source=/dev/null
. "$peers/report.bash"

name_of() {
	case $1 in
	worker) echo "sse-fcgi, no web server" ;;
	bare) echo "bare send(), no web server" ;;
	ours) echo "nginx, sse-fcgi" ;;
	ours20) echo "nginx, sse-fcgi, flush = 20ms" ;;
	nchan) echo "nginx with nchan" ;;
	go) echo "Go net/http" ;;
	threads) echo "nginx, libfcgi, a thread each" ;;
	php) echo "nginx, php-fpm" ;;
	wrap) echo "nginx, fcgiwrap, tail -F" ;;
	busybox) echo "busybox httpd, tail -F" ;;
	esac
}

# bears PEER: the most subscribers that it is asked to have.
bears() {
	case $1 in
	php | wrap | busybox) echo "$process_each_max" ;;
	threads) echo $((10 * process_each_max)) ;;
	ours | ours20) echo "$twice_max" ;;
	*) echo "$once_max" ;;
	esac
}

# Whether it can have more than one stream, without a process for each client.
has_streams() {
	case $1 in
	worker | ours | ours20 | nchan | go) ;;
	*) return 1 ;;
	esac
}

# Sizes, rates and rounds.  What one core can send a second is the end of what
# is tried: subscribers times rate.
choose_sizes() {
	rates=10,100 seconds=2 rounds=1 process_each_max=100
	counts=(1 100 1000)
	stream_counts=(10)
	line_sizes=(100 8192)
	file_lines=(10000)
	deliveries_max=100000
	# A web server in front has two descriptors for each.
	once_max=$(($(ulimit -Hn) - 200))
	twice_max=$((once_max / 2))
	if [ "$extent" = full ]; then
		rates=1,10,100,1000 seconds=5 rounds=3 process_each_max=1000
		counts=(1 100 1000 "$((twice_max < 10000 ? twice_max : 10000))"
			19000)
		# sse-fcgi takes 20,072 descriptors for 1,000, with clients.
		stream_counts=(10 100 "$((once_max < 20200 ? 900 : 1000))")
		line_sizes=(100 1000 8192 65536)
		file_lines=(10000 100000 1000000)
	fi
	[ -z "${PEERS_SUBSCRIBERS:-}" ] ||
		read -ra counts <<<"$PEERS_SUBSCRIBERS"
	[ -z "${PEERS:-}" ] || read -ra all_peers <<<"$PEERS"
	process_each_max=${PEERS_PROCESSES:-$process_each_max}
	rounds=${PEERS_ROUNDS:-$rounds} seconds=${PEERS_SECONDS:-$seconds}
}

choose_cores() {
	local last=$(($(nproc) - 1))
	server_on=() crowd_on=()
	if [ "$last" -gt 0 ] && command -v taskset >/dev/null; then
		server_on=(taskset -c "1-$last")
		crowd_on=(taskset -c 0)
	fi
}

build_peers() {
	make -s -C "$build" tests/bench/peers/crowd >>"$work/make.log" 2>&1 ||
		{ cat "$work/make.log" >&2; fail "the build failed"; }
	make -s -C "$build" tests/bench/peers/threads \
		>>"$work/make.log" 2>&1 || true
	! command -v go >/dev/null ||
		GOCACHE=$work/go GOFLAGS=-mod=mod go build -o "$work/serve" \
			"$peers/serve.go"
}

# Sets present; says what is left out, and why.
find_peers() {
	local peer lack
	present=()
	for peer in "${all_peers[@]}"; do
		lack=$("missing_$peer" | tr '\n' ' ')
		if [ -z "$lack" ]; then
			present+=("$peer")
		else
			echo "$(name_of "$peer"): left out, without $lack"
		fi
	done
}

# --------------------------------------------------------------- a figure --

crowd() {
	"${crowd_on[@]}" "$bench/peers/crowd" "${any[@]}" --roots="$roots" \
		--size="$SIZE" "$@" "$CONNECT" "$PUBLISH"
}

# A line of so many bytes, with the mark of crowd, so many times.
marked_lines() {
	awk -v size="$1" -v count="$2" 'BEGIN {
		for (x = "x"; length(x) < size - 11; x = x x)
			;
		x = substr(x, 1, size - 11)
		for (i = 0; i < count; i++)
			printf "%08d %s~\n", i, x
	}'
}

# begin PEER SUBSCRIBERS STREAMS LINES FROM: starts it with logs of so many
# lines; sets START_MS, the time until somebody has the first line.
begin() {
	local peer=$1 i begun
	roots=
	any=()
	rm -rf "$work/logs"
	mkdir "$work/logs"
	marked_lines "$SIZE" "$4" >"$work/logs/s0.log"
	for ((i = 1; i < $3; i++)); do
		cp "$work/logs/s0.log" "$work/logs/s$i.log"
	done
	PUBLISH=$work/logs/s@.log
	begun=${EPOCHREALTIME/[.,]/}
	"peer_$peer" "$2" "$3" "$5"
	if [ "$peer" = nchan ]; then
		crowd --streams="$3" --fill="$3" || return
	fi
	START_MS=$(crowd --begun="$begun") || return
	if [ "$peer" = nchan ] && [ "$4" -gt 1 ]; then
		crowd --fill="$(($4 - 1))" || return
	fi
}

end() {
	local group
	for group in "${servers[@]}"; do
		kill -KILL -- "$group" 2>/dev/null || true
		wait "${group#-}" 2>/dev/null || true
		wait_until eval "! kill -0 -- $group 2>/dev/null"
	done
	servers=()
	rm -f "$work"/*.sock "$work"/*.fifo
}

# tell AXIS PEER X RATE CPU_US P50_MS P99_MS COMPLETE THERE BYTES
tell() {
	echo "$*" >>"$results"
}

# subscribe_to PEER AXIS X SUBSCRIBERS STREAMS: at all rates.
subscribe_to() {
	local peer=$1 axis=$2 x=$3 count=$4 streams=$5 word rest there=0 bytes=0
	if ! begin "$peer" "$count" "$streams" 1 from=end; then
		tell "$axis $peer $x 0 0 0 0 0 0 0"
		end
		return
	fi
	while read -r word rest; do
		# shellcheck disable=SC2086
		set -- $rest
		if [ "$word" = ready ]; then
			there=$1 bytes=$3
			[ "$there" -ge "$count" ] ||
				tell "$axis $peer $x 0 0 0 0 0 $there $bytes"
		else
			tell "$axis $peer $x $1 $3 $5 $7 $9 $there $bytes"
		fi
	done < <(crowd --subscribers="$count" \
		--streams="$streams" --rates="$(rates_of "$count" "$streams")" \
		--seconds="$seconds")
	end
}

# Those rates that so many subscribers leave possible, the lowest at least.
rates_of() {
	local rate possible=
	for rate in ${rates//,/ }; do
		[ -z "$possible" ] ||
			[ $((rate * $1 / $2)) -le "$deliveries_max" ] || continue
		possible+=${possible:+,}$rate
	done
	echo "$possible"
}

by_subscribers() {
	local peer count
	SIZE=100
	for count in "${counts[@]}"; do
		for peer in "${present[@]}"; do
			[ "$count" -le "$(bears "$peer")" ] || continue
			subscribe_to "$peer" subscribers "$count" "$count" 1
		done
	done
}

# Streams of ten.
by_streams() {
	local peer count rates=100
	SIZE=100
	for count in "${stream_counts[@]}"; do
		for peer in "${present[@]}"; do
			has_streams "$peer" || continue
			subscribe_to "$peer" streams "$count" $((count * 10)) \
				"$count"
		done
	done
}

by_line_size() {
	local peer rates=10
	for SIZE in "${line_sizes[@]}"; do
		for peer in "${present[@]}"; do
			[ 50 -le "$(bears "$peer")" ] || continue
			subscribe_to "$peer" size "$SIZE" 50 1
		done
	done
}

# open_log_of PEER LINES: the start, the first line and all lines.
open_log_of() {
	local peer=$1 lines=$2 ms cpu_ms
	if begin "$peer" 50 1 "$lines" from=end; then
		tell "start $peer $lines $START_MS"
		ms=$(crowd --first=21) && tell "first $peer $lines $ms"
	fi
	end
	if begin "$peer" 10 1 "$lines" from=start &&
		read -r ms cpu_ms < <(crowd --patience=60 --replay="$lines"); then
		tell "replay $peer $lines $ms $cpu_ms"
	fi
	end
}

by_file_size() {
	local peer lines
	SIZE=100
	for lines in "${file_lines[@]}"; do
		for peer in "${present[@]}"; do
			[ "$peer" != bare ] || continue
			[ "$peer" != nchan ] || [ "$lines" -le 100000 ] ||
				continue
			open_log_of "$peer" "$lines"
		done
	done
}

bench_peers() {
	local round before
	before=$(load)
	choose_sizes
	choose_cores
	build_peers
	find_peers
	results=$work/peers.txt
	: >"$results"
	for ((round = 0; round < rounds; round++)); do
		by_subscribers
		by_streams
		by_line_size
		by_file_size
	done
	report_peers "$before"
}
