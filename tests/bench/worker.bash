# worker.bash - the figures of sse-fcgi; see run.
# shellcheck disable=SC2154 # run sets them

# start_worker NAME [OPTION]...: sets WORKER, its pid.
start_worker() {
	local name=$1 most=$(($(ulimit -Hn) - 500))
	shift
	: >"$work/$name.log"
	"$worker" --listen "unix:$work/$name.sock,mode=0666" \
		--log "$work/$name.err" --heartbeat=1h --write-timeout=1h \
		--max-clients="$((most < 19400 ? most : 19400))" "$@" \
		"log=$work/$name.log" &
	WORKER=$!
	servers+=("$WORKER")
	wait_until test -S "$work/$name.sock"
}

# start_bare BYTES: sets BARE.
start_bare() {
	mkfifo "$work/bare.fifo"
	"$bench/bare" "$work/bare.sock" "$work/bare.fifo" "$1" &
	BARE=$!
	servers+=("$BARE")
	wait_until test -S "$work/bare.sock"
}

# Ends what was started.
end_round() {
	stop_servers
	rm -f "$work"/*.sock "$work"/*.fifo
}

# against_bare SUBSCRIBERS LIMIT NAME [OPTION]...: of fan-out.
against_bare() {
	local subscribers=$1 limit=$2 name=$3 ours
	shift 3
	start_worker ours
	ours=("fcgi:$work/ours.sock" "$work/ours.log" "$WORKER")
	# The same bytes, but for those that have no subscriber.
	start_bare "$("$bench/fan-out" --bytes bytes 1 1 1 "${ours[@]}" - - 1)"
	"$bench/fan-out" "$@" "$name" "$limit" "$pairs" "$subscribers" \
		"${ours[@]}" "fcgi:$work/bare.sock" "$work/bare.fifo" "$BARE"
	end_round
}

idle_memory() {
	start_worker ours
	echo "user memory of an idle subscriber, up to 10000: $("$bench/fan-out" \
		--memory memory 1 1 10000 "fcgi:$work/ours.sock" \
		"$work/ours.log" "$WORKER" - - 1) bytes (at most 1024)"
	end_round
}

# A worker with subscribers that take nothing, against one without.
stalled() {
	local first
	start_worker first
	first=$WORKER
	start_worker second
	"$bench/fan-out" --stalled 500 "1500 subscribers, 500 more stalled" \
		1.15 "$pairs" 1500 \
		"fcgi:$work/first.sock" "$work/first.log" "$first" \
		"fcgi:$work/second.sock" "$work/second.log" "$WORKER"
	end_round
}

# One nginx, in front of the worker and with nchan.
configure_nginx() {
	cat >"$work/nginx.conf" <<-END
		load_module $1;
		user $(id -un) $(id -gn);
		daemon off;
		pid $work/nginx.pid;
		error_log $work/nginx.err;
		worker_processes 1;
		worker_rlimit_nofile 16384;
		events {
			worker_connections 16384;
		}
		http {
			access_log off;
			client_body_temp_path $work/nginx_body;
			fastcgi_temp_path $work/nginx_fastcgi;
			proxy_temp_path $work/nginx_proxy;
			scgi_temp_path $work/nginx_scgi;
			uwsgi_temp_path $work/nginx_uwsgi;
			keepalive_requests 100000000;
			keepalive_time 10h;
			server {
				listen 127.0.0.1:$2 backlog=4096;
				connection_pool_size 256;
				request_pool_size 1k;
				location /sse/ {
					fastcgi_split_path_info ^(/sse)(/.*)\$;
					fastcgi_param PATH_INFO \$fastcgi_path_info;
					fastcgi_param REQUEST_METHOD \$request_method;
					fastcgi_param QUERY_STRING \$query_string;
					fastcgi_pass unix:$work/ours.sock;
					fastcgi_buffering off;
					fastcgi_buffer_size 2k;
					fastcgi_read_timeout 1h;
				}
				location = /nchan {
					nchan_subscriber eventsource;
					nchan_channel_id log;
				}
				location = /publish {
					nchan_publisher;
					nchan_channel_id log;
					nchan_message_buffer_length 100;
				}
			}
		}
	END
}

nchan_module=/usr/lib/nginx/modules/ngx_nchan_module.so

has_nchan() {
	command -v nginx >/dev/null && [ -e "$nchan_module" ]
}

# start_nginx PORT: sets NGINX, the process that serves.
start_nginx() {
	configure_nginx "$nchan_module" "$1"
	nginx -e "$work/nginx.err" -c "$work/nginx.conf" &
	NGINX=$!
	servers+=("$NGINX")
	wait_until answers "$1"
	wait_until pgrep -P "$NGINX" >/dev/null
	NGINX=$(pgrep -P "$NGINX")
}

# against_nchan SUBSCRIBERS LIMIT NAME FLUSH [OPTION]...: of fan-out.
against_nchan() {
	local subscribers=$1 limit=$2 name=$3 flush=$4 port
	shift 4
	port=$(free_port)
	start_worker ours --flush="$flush"
	start_nginx "$port"
	"$bench/fan-out" "$@" "$name" "$limit" "$pairs" "$subscribers" \
		"http:$port/sse/log" "$work/ours.log" "$NGINX,$WORKER" \
		"http:$port/nchan" "post:$port/publish" "$NGINX"
	end_round
}

# What events gain that share a write, at one rate and another.
windows() {
	local rate flush limit
	while read -r rate flush limit; do
		against_nchan 300 "$limit" \
			"behind nginx, $rate events/s, flush = $flush" "$flush" \
			--rate="$rate" --events=$((rate * 2))
	done <<-'END'
		50 frame 1.5
		50 20ms 1.5
		50 50ms 0.7
		50 100ms 0.5
		200 frame 1.5
		200 20ms 0.45
		200 50ms 0.25
	END
}

bench_worker() {
	if [ ! -x "$worker" ]; then
		echo "sse-fcgi: left out, it is not built"
		return
	fi
	against_bare 100 1.2 "100 subscribers, against bare send()"
	against_bare 1000 1.08 "1000 subscribers, against bare send()"
	against_bare 10000 1.08 "10000 subscribers, against bare send()" \
		--events 50
	# With some more descriptors for what there is beside.
	[ "$(ulimit -Hn)" -lt 19200 ] || against_bare 19000 1.1 \
		"19000 subscribers, against bare send()" --events 25
	against_bare 10000 1.5 "99 % within, 10000, 10 events a second" \
		--latency --events 20
	idle_memory
	stalled
	if ! has_nchan; then
		echo "nginx and nchan: left out, they are not installed"
		return
	fi
	against_nchan 1000 1.35 "behind nginx, 1000 subscribers, against nchan" \
		frame
	windows
}
