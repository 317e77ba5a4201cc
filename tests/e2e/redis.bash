# redis.bash - a Redis server of the test's own, on a socket in its folder.
# shellcheck disable=SC2034,SC2154 # the tests use what is set here

# need_redis [COMMAND]...: besides a server, and a program that reads from one.
need_redis() {
	need redis-server redis-cli "$@"
	if "$PROGRAM" --check a=redis:unix:/nowhere#key 2>&1 |
		grep -q 'built without'; then
		skip 'it is built without Redis'
	fi
}

# With these options beside: REDIS_PID.
start_redis() {
	rm -f redis.sock
	start redis redis-server --port 0 --unixsocket "$DIR/redis.sock" \
		--unixsocketperm 666 --dir "$DIR" --save '' --appendonly no \
		--bind 127.0.0.1 "$@"
	REDIS_PID=$PID
	wait_until "$DEADLINE" redis_is_ready
}

redis_is_ready() {
	redis-cli -s "$DIR/redis.sock" ECHO ready 2>&1 |
		grep -qE 'ready|NOAUTH'
}

# Of the server that was started, by TCP: REDIS_PORT.
open_redis_port() {
	REDIS_PORT=$(free_port)
	until redis CONFIG SET port "$REDIS_PORT" | grep -qx OK; do
		REDIS_PORT=$(free_port)
	done
}

kill_redis() {
	kill -KILL -- "-$REDIS_PID"
	wait_until "$DEADLINE" gone "$REDIS_PID"
	# A killed server leaves it, and nobody listens there.
}

# redis COMMAND...: what the server answers; an error fails.
redis() {
	redis-cli -e -s "$DIR/redis.sock" "$@"
}

# put TEXT...: an entry for each.
put() {
	local text

	for text; do
		redis XADD orders '*' data "$text" >/dev/null
	done
}

# has_entries KEY COUNT: at least.
has_entries() {
	[ "$(redis XLEN "$1")" -ge "$2" ]
}

# all [OPTION]...: what the stream has now, as sse-cgi gives it, in all.out; the
# client's id is ID, and its query QUERY.
all() {
	run -0 "${CGI[@]}" PATH_INFO=/orders "HTTP_LAST_EVENT_ID=${ID:-}" \
		"QUERY_STRING=${QUERY:-}" timeout "$DEADLINE" \
		"$PROGRAM" --follow=no "$@" "orders=$SOURCE"
	printf '%s\n' "$output" >all.out
}

# data_is TEXT...: in this order, and no others.
data_is() {
	[ "$(sed -n 's/^data: //p' all.out | grep -v '^$')" = \
		"$(printf '%s\n' "$@")" ] || fail "$(cat all.out)"
}

# gap REASON SKIPPED: the data of such an event.
gap() {
	echo "{\"reason\":\"$1\",\"skipped\":$2,\"unit\":\"records\"}"
}

# id_behind TEXT: of the event with that data, in all.out or another answer.
id_behind() {
	grep -B 1 -x -e "data: $1" "${2:-all.out}" | sed -n 's/^id: //p'
}
