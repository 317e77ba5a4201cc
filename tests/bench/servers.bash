# servers.bash - what a subscriber costs behind one web server and another,
# which run as in examples/; see run.
# shellcheck disable=SC2154 # run sets them
# shellcheck source=/dev/null
. "$source_dir/tests/bench/worker.bash"

# start_NAME PORT: the configuration of the examples, in the folder SSE_DIR.
start_lighttpd() {
	SSE_PORT=$1 lighttpd -D \
		-f "$source_dir/examples/lighttpd/sse-fcgi.conf" &
}

start_haproxy() {
	cp "$source_dir/examples/haproxy/restarting.http" "$SSE_DIR"
	SSE_PORT=$1 haproxy -db -f "$source_dir/examples/haproxy/haproxy.cfg" &
}

start_caddy() {
	SSE_PORT=$1 XDG_DATA_HOME=$SSE_DIR XDG_CONFIG_HOME=$SSE_DIR caddy run \
		--adapter caddyfile --config "$source_dir/examples/caddy/Caddyfile" \
		2>"$SSE_DIR/caddy.err" &
}

# start_behind NAME: sets SERVER, the pid that serves, and PORT.
start_behind() {
	export SSE_DIR=$work/$1
	mkdir -p "$SSE_DIR/page"
	start_worker "$1/sse"
	PORT=$(free_port)
	"start_$1" "$PORT"
	SERVER=$!
	servers+=("$SERVER")
	wait_until answers "$PORT"
}

# subscriber_memory NAME PORT LOG PID
subscriber_memory() {
	echo "  memory of a subscriber in $1: $("$bench/fan-out" --memory memory \
		1 1 4000 "http:$2/sse/log" "$3" "$4" - - 1) bytes"
}

# against_nginx NAME
against_nginx() {
	local port nginx_worker
	port=$(free_port)
	start_worker ours
	nginx_worker=$WORKER
	start_nginx "$port"
	start_behind "$1"
	"$bench/fan-out" --interval=20 --events=100 \
		"behind $1, 500 subscribers, against nginx" 1.5 "$pairs" 500 \
		"http:$PORT/sse/log" "$work/$1/sse.log" "$SERVER,$WORKER" \
		"http:$port/sse/log" "$work/ours.log" "$NGINX,$nginx_worker"
	subscriber_memory "$1" "$PORT" "$work/$1/sse.log" "$SERVER"
	subscriber_memory nginx "$port" "$work/ours.log" "$NGINX"
	end_round
}

bench_servers() {
	local server
	if [ ! -x "$worker" ] || ! has_nchan; then
		echo "web servers: left out, without sse-fcgi, nginx or nchan"
		return
	fi
	for server in lighttpd haproxy caddy; do
		if command -v "$server" >/dev/null; then
			against_nginx "$server"
		else
			echo "$server: left out, it is not installed"
		fi
	done
}
