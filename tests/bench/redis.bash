# redis.bash - the figures of a Redis Stream as a source, and nchan with the same
# server; see run.
# shellcheck disable=SC2154 # run sets what is used here

REPLAYED=1000000 # entries
MANY=2000000
BACK_MS=5000

can_redis() {
	local tool
	for tool in redis-server redis-cli curl; do
		command -v "$tool" >/dev/null && continue
		echo "Redis: left out, $tool is not installed"
		return 1
	done
}

redis() {
	redis-cli -e -s "$work/redis.sock" "$@"
}

redis_answers() {
	[ "$(redis PING 2>/dev/null)" = PONG ]
}

# Sets REDIS; nchan needs a port.
start_redis() {
	rm -f "$work/redis.sock"
	REDIS_PORT=${REDIS_PORT:-$(free_port)}
	redis-server --port "$REDIS_PORT" --bind 127.0.0.1 --dir "$work" \
		--unixsocket "$work/redis.sock" --save '' --appendonly no \
		>"$work/redis.out" &
	REDIS=$!
	servers+=("$REDIS")
	wait_until redis_answers
}

# start_reader NAME [OPTION]...: a worker of the server's stream; sets READER.
start_reader() {
	local name=$1
	shift
	"$worker" --listen "unix:$work/$name.sock,mode=0666" --heartbeat=1h \
		--log "$work/$name.err" --write-timeout=1h --max-clients=12000 \
		"$@" "log=redis:unix:$work/redis.sock#log" &
	READER=$!
	servers+=("$READER")
	wait_until test -S "$work/$name.sock"
}

# add_many KEY COUNT: entries of about 100 bytes, by the server itself.
add_many() {
	local left=$2 some
	for ((; left > 0; left -= some)); do
		some=$((left < 100000 ? left : 100000))
		redis EVAL "for i = 1, $some do redis.call('XADD', KEYS[1],
			'*', 'data', string.format('%08d %090d', i, 0)) end" \
			1 "$1" >/dev/null
	done
}

# against_file NAME LIMIT SUBSCRIBERS [OPTION]...: of fan-out.
against_file() {
	local name=$1 limit=$2 subscribers=$3
	shift 3
	start_redis
	start_reader ours
	start_worker theirs
	"$bench/fan-out" "$@" "$name" "$limit" "$pairs" "$subscribers" \
		"fcgi:$work/ours.sock" "redis:$work/redis.sock" "$READER" \
		"fcgi:$work/theirs.sock" "$work/theirs.log" "$WORKER"
	end_round
}

# seconds COMMAND...: that it takes, and of processors.
seconds() {
	local TIMEFORMAT='%R %U %S'
	{ time "$@" >/dev/null; } 2>&1 | tail -n 1
}

replay_entries() {
	local real user system
	start_redis
	add_many log "$REPLAYED"
	read -r real user system < <(seconds "$cgi" --follow=no --flush=ready \
		--from=start --replay=4G "log=redis:unix:$work/redis.sock#log")
	awk -v n="$REPLAYED" -v real="$real" -v cpu="$user $system" 'BEGIN {
		split(cpu, part)
		printf "replay of %d entries: %.0f a second (at least 400000), \
%.2f us of sse-cgi each\n", n, n / real, (part[1] + part[2]) / n * 1e6
	}'
	end_round
}

# id_before KEY COUNT: the event id that so many entries are behind.
id_before() {
	"$cgi" --follow=no "--from=-$(($2 + 1))" \
		"log=redis:unix:$work/redis.sock#$1" |
		sed -n 's/^id: //p' | sed -n 2p
}

resume_in_many() {
	local few many source=redis:unix:$work/redis.sock
	start_redis
	add_many few 10
	add_many many "$MANY"
	few=$(id_before few 3)
	many=$(id_before many 3)
	"$bench/first-frame" "resuming in $MANY entries, against 10" 1.5 \
		"$pairs" 'data: ' \
		env "HTTP_LAST_EVENT_ID=$many" "$cgi" "$source#many" -- \
		env "HTTP_LAST_EVENT_ID=$few" "$cgi" "$source#few"
	end_round
}

# The private memory of a process, in KiB.
private_kib() {
	awk '/^RssAnon:/ { print $2 }' "/proc/$1/status"
}

# has_event FILE TEXT
has_event() {
	grep -q "^data: $2" "$1"
}

# One subscriber of each of 20 streams, with an entry of 100 bytes each.
source_memory() {
	local i first count=20 options=()
	start_redis
	for ((i = 0; i <= count; i++)); do
		add_many "key$i" 1
		options+=("s$i=redis:unix:$work/redis.sock#key$i")
	done
	"$worker" --listen "unix:$work/many.sock" --log "$work/many.err" \
		"${options[@]}" &
	READER=$!
	servers+=("$READER")
	wait_until test -S "$work/many.sock"
	for ((i = 0; i <= count; i++)); do
		: >"$work/crowd$i"
		"$build/tests/tools/fcgi-crowd" --subscribers=1 --tell \
			--seconds=60 "$work/many.sock" "s$i" 99 \
			>"$work/crowd$i" &
		servers+=($!)
		wait_until grep -qx ready "$work/crowd$i"
		[ "$i" -gt 0 ] || first=$(private_kib "$READER")
	done
	echo "memory of a source: $((($(private_kib "$READER") - first) / \
		count)) KiB, its hub and a subscriber as well (at most 1024)"
	end_round
}

# The milliseconds until a client has what is added when a server is there
# again, that was away for some seconds.
back_again() {
	local begun i
	start_redis
	start_reader ours
	"$build/tests/tools/fcgi-crowd" --subscribers=1 --tell --seconds=120 \
		"$work/ours.sock" log 1 >"$work/crowd" &
	servers+=($!)
	wait_until grep -qx ready "$work/crowd"
	redis XADD log '*' data 'line 0' >/dev/null
	wait_until grep -qx 'at 1' "$work/crowd"
	redis SAVE >/dev/null
	kill -KILL "$REDIS"
	wait "$REDIS" 2>/dev/null || true
	# So long that it asks as seldom as it ever does.
	read -rt 12 <> <(:) || true
	start_redis
	redis XADD log '*' data 'line 1' >/dev/null
	begun=${EPOCHREALTIME/[.,]/}
	for ((i = 0; i < 1000; i++)); do
		! grep -q '^subscribers 1 complete 1 ' "$work/crowd" || break
		read -rt 0.01 <> <(:) || true
	done
	echo "back after a server that was away for 12 s:" \
		"$(((${EPOCHREALTIME/[.,]/} - begun) / 1000)) ms" \
		"(at most $BACK_MS)"
	end_round
}

# ------------------------------------------------------------------- nchan --

configure_nchan_redis() {
	configure_nginx "$1" "$2"
	sed -i -e "s,^\t*server {,upstream redis { nchan_redis_server \
redis://127.0.0.1:$REDIS_PORT; }\n&," \
		-e 's,nchan_channel_id log;,&\nnchan_redis_pass redis;,' \
		-e 's,nchan_message_buffer_length,nchan_message_timeout 1h;\n&,' \
		"$work/nginx.conf"
}

# start_both: one nginx with both, sets PORT and NGINX.
start_both() {
	PORT=$(free_port)
	configure_nchan_redis "$1" "$PORT"
	nginx -e "$work/nginx.err" -c "$work/nginx.conf" &
	NGINX=$!
	servers+=("$NGINX")
	wait_until answers "$PORT"
	wait_until pgrep -P "$NGINX" >/dev/null
	NGINX=$(pgrep -P "$NGINX")
}

# What two clients get of one event before and one after kill -9 of the server,
# which has stored the first one; within so many seconds.
after_kill() {
	local of
	curl -sN "http://127.0.0.1:$PORT/sse/log" >"$work/of-ours" &
	servers+=($!)
	curl -sN -H 'Accept: text/event-stream' "http://127.0.0.1:$PORT/nchan" \
		>"$work/of-nchan" &
	servers+=($!)
	wait_until grep -q '^retry:' "$work/of-ours"
	wait_until grep -q . "$work/of-nchan"
	redis XADD log '*' data before >/dev/null
	curl -s -d before "http://127.0.0.1:$PORT/publish" >/dev/null
	wait_until has_event "$work/of-ours" before
	wait_until has_event "$work/of-nchan" before
	redis SAVE >/dev/null
	kill -KILL "$REDIS"
	wait "$REDIS" 2>/dev/null || true
	start_redis
	read -rt 6 <> <(:) || true # as long as either needs to come back
	redis XADD log '*' data after >/dev/null
	curl -s --max-time 5 -d after "http://127.0.0.1:$PORT/publish" \
		>/dev/null || true
	read -rt 3 <> <(:) || true
	for of in ours nchan; do
		echo "  after kill -9 of Redis, $of: $(grep -E \
			'^data: (before|after)|^event: ' "$work/of-$of" |
			tr '\n' ' ')"
	done
}

beside_nchan() {
	local module=/usr/lib/nginx/modules/ngx_nchan_module.so
	if ! command -v nginx >/dev/null || [ ! -e "$module" ]; then
		echo "nginx and nchan: left out, they are not installed"
		return
	fi
	start_redis
	start_reader ours
	start_both "$module"
	"$bench/fan-out" "1000 subscribers by Redis, against nchan" 1.5 \
		"$pairs" 1000 \
		"http:$PORT/sse/log" "redis:$work/redis.sock" \
		"$NGINX,$READER,$REDIS" \
		"http:$PORT/nchan" "post:$PORT/publish" "$NGINX,$REDIS"
	"$bench/fan-out" --median --interval=20 --events=100 \
		"published to received, against nchan by Redis" 1 "$pairs" 1 \
		"http:$PORT/sse/log" "redis:$work/redis.sock" "$READER" \
		"http:$PORT/nchan" "post:$PORT/publish" "$NGINX"
	after_kill
	end_round
}

bench_redis() {
	can_redis || return 0
	# shellcheck source=/dev/null
	. "$source_dir/tests/bench/worker.bash"
	make -s -C "$build" tests/tools/fcgi-crowd
	against_file "1000 subscribers, Redis against a file" 1.05 1000
	against_file "10000 subscribers, Redis against a file" 1.05 10000 \
		--events 50
	against_file "XADD to a subscriber, against a write to a file" 2 1 \
		--median --interval=20 --events=250
	replay_entries
	resume_in_many
	source_memory
	back_again
	beside_nchan
}
