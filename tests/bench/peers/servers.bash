# servers.bash - how each server that is compared is started; see peers.bash.
# shellcheck disable=SC2154,SC2034 # run and peers.bash set and use them
#
# peer_NAME SUBSCRIBERS STREAMS from=end|from=start sets CONNECT and PUBLISH,
# as place.h has them, and launches the server; new subscribers are given the
# last line, or all.  missing_NAME prints what is not installed.  The logs are
# $work/logs/s0.log and so on.

nchan_module=/usr/lib/nginx/modules/ngx_nchan_module.so
fpm=

# launch COMMAND...: with a process group of its own.
launch() {
	setsid "${server_on[@]}" "$@" >>"$work/peer.out" 2>&1 &
	servers+=("-$!")
	roots+=${roots:+,}$!
}

# Prints what is missing of these commands.
missing() {
	local tool
	for tool; do
		command -v "$tool" >/dev/null || echo "$tool"
	done
}

# ------------------------------------------------------------------- nginx --

nginx_locations() {
	cat <<-END
		location /worker/ {
			fastcgi_split_path_info ^(/worker)(/.*)\$;
			fastcgi_param PATH_INFO \$fastcgi_path_info;
			fastcgi_param REQUEST_METHOD \$request_method;
			fastcgi_param QUERY_STRING \$query_string;
			fastcgi_pass unix:$work/worker.sock;
		}
		location /php {
			fastcgi_param SCRIPT_FILENAME $peers/follow.php;
			fastcgi_param LOG $work/logs/s0.log;
			fastcgi_param REQUEST_METHOD \$request_method;
			fastcgi_param QUERY_STRING \$query_string;
			fastcgi_pass unix:$work/php.sock;
		}
		location /cgi {
			fastcgi_param SCRIPT_FILENAME $peers/follow.cgi;
			fastcgi_param LOG $work/logs/s0.log;
			fastcgi_param NO_BUFFERING 1;
			fastcgi_param REQUEST_METHOD \$request_method;
			fastcgi_param QUERY_STRING \$query_string;
			fastcgi_pass unix:$work/wrap.sock;
		}
		location /threads {
			fastcgi_param REQUEST_METHOD \$request_method;
			fastcgi_param QUERY_STRING \$query_string;
			fastcgi_pass unix:$work/threads.sock;
		}
	END
}

nchan_locations() {
	cat <<-'END'
		location ~ ^/nchan/(.*)$ {
			nchan_subscriber eventsource;
			nchan_channel_id $1;
			nchan_subscriber_first_message -1;
		}
		location ~ ^/nchan-all/(.*)$ {
			nchan_subscriber eventsource;
			nchan_channel_id $1;
		}
		location ~ ^/publish/(.*)$ {
			nchan_publisher;
			nchan_channel_id $1;
			nchan_message_buffer_length 1000000;
			nchan_message_timeout 1h;
		}
	END
}

# launch_nginx [nchan]: sets PORT.
launch_nginx() {
	PORT=$(free_port)
	{
		[ $# -eq 0 ] || echo "load_module $nchan_module;"
		cat <<-END
			user $(id -un) $(id -gn);
			daemon off;
			pid $work/nginx.pid;
			error_log $work/nginx.err;
			worker_processes 1;
			events {
				# With few that are free it closes others.
				worker_connections $((2 * $(ulimit -n)));
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
				client_body_buffer_size 128k;
				connection_pool_size 256;
				request_pool_size 1k;
				fastcgi_buffer_size 2k;
				fastcgi_buffering off;
				fastcgi_read_timeout 1h;
				${1:+nchan_shared_memory_size 1g;}
				server {
					listen 127.0.0.1:$PORT backlog=4096;
		END
		[ $# -eq 0 ] || nchan_locations
		nginx_locations
		echo "}}"
	} >"$work/nginx.conf"
	launch nginx -e "$work/nginx.err" -c "$work/nginx.conf"
}

missing_nchan() {
	missing nginx
	[ -e "$nchan_module" ] || echo "$nchan_module"
}
peer_nchan() {
	launch_nginx nchan
	CONNECT=http:$PORT/nchan/s@
	[ "$3" = from=end ] || CONNECT=http:$PORT/nchan-all/s@
	PUBLISH=post:$PORT/publish/s@
}

# --------------------------------------------------------------- sse-fcgi --

# launch_worker SUBSCRIBERS STREAMS from=... [OPTION]...
launch_worker() {
	local i last=$2 from=-1
	local most=$(($1 + 16)) options=()
	[ "$3" = from=end ] || from=start
	shift 3
	for ((i = 0; i < last; i++)); do
		options+=("s$i=$work/logs/s$i.log")
	done
	launch "$worker" --listen "unix:$work/worker.sock,mode=0666" --quiet \
		--heartbeat=1h --write-timeout=1h --max-clients="$most" \
		--from="$from" --replay=4G "$@" "${options[@]}"
}

missing_worker() {
	[ -x "$worker" ] || echo sse-fcgi
}
peer_worker() {
	launch_worker "$@"
	CONNECT=fcgi:$work/worker.sock/s@
}

missing_ours() {
	missing_worker
	missing nginx
}
peer_ours() {
	launch_worker "$@"
	launch_nginx
	CONNECT=http:$PORT/worker/s@
}

missing_ours20() {
	missing_ours
}
peer_ours20() {
	launch_worker "$@" --flush=20ms
	launch_nginx
	CONNECT=http:$PORT/worker/s@
}

# ----------------------------------------------------------------- others --

missing_bare() {
	:
}
peer_bare() {
	[ -p "$work/bare.fifo" ] || mkfifo "$work/bare.fifo"
	# As many bytes as a frame of sse-fcgi has, or the most that it takes.
	launch "$bench/bare" "$work/bare.sock" "$work/bare.fifo" \
		$((SIZE + 52 < 65536 ? SIZE + 52 : 65536))
	CONNECT=fcgi:$work/bare.sock/s0
	any=(--any) # it sends no line at first
	PUBLISH=$work/bare.fifo
}

missing_go() {
	[ -x "$work/serve" ] || missing go
}
peer_go() {
	PORT=$(free_port)
	launch "$work/serve" "127.0.0.1:$PORT" "$work/logs"
	CONNECT="http:$PORT/s@?$3"
}

missing_php() {
	missing nginx
	fpm=$(compgen -c php-fpm | sort | head -n 1) || fpm=
	[ -n "$fpm" ] || echo php-fpm
}
peer_php() {
	fpm=$(compgen -c php-fpm | sort | head -n 1)
	cat >"$work/fpm.conf" <<-END
		[global]
		error_log = $work/peer.out
		[www]
		user = $(id -un)
		group = $(id -gn)
		listen = $work/php.sock
		listen.backlog = 4096
		pm = static
		pm.max_children = $(($1 + 4))
	END
	launch "$fpm" -n -R -F -y "$work/fpm.conf"
	launch_nginx
	CONNECT="http:$PORT/php?$3"
}

missing_threads() {
	missing nginx
	[ -x "$bench/peers/threads" ] || echo libfcgi
}
peer_threads() {
	launch "$bench/peers/threads" "$work/threads.sock" \
		"$work/logs/s0.log" $(($1 + 4))
	launch_nginx
	CONNECT="http:$PORT/threads?$3"
}

missing_wrap() {
	missing nginx fcgiwrap
}
peer_wrap() {
	launch fcgiwrap -c $(($1 + 4)) -s "unix:$work/wrap.sock"
	launch_nginx
	CONNECT="http:$PORT/cgi?$3"
}

missing_busybox() {
	missing busybox
}
peer_busybox() {
	PORT=$(free_port)
	mkdir -p "$work/www/cgi-bin"
	cp "$peers/follow.cgi" "$work/www/cgi-bin/follow.cgi"
	launch env "LOG=$work/logs/s0.log" busybox httpd -f \
		-p "127.0.0.1:$PORT" -h "$work/www"
	CONNECT="http:$PORT/cgi-bin/follow.cgi?$3"
}
