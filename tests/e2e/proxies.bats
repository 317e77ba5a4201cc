#!/usr/bin/env bats
#
# A proxy of the house in front of nginx and sse-fcgi, as it is installed: what
# the manual says of each, and that its line is what it needs.

load helper
load pages
load document

MANUAL=$srcdir/cgi/sse-cgi.1

block() {
	page_block "$1"
}

# start_inner [LINE]: the block of README without its line for this; or with
# that line.
start_inner() {
	need curl nginx
	echo 'line 1' >log
	chmod 644 log
	cp "$builddir/fcgi/sse-fcgi" "$DIR/cgi-bin/sse-fcgi"
	start worker "$DIR/cgi-bin/sse-fcgi" --log "$DIR/worker.log" \
		--listen "unix:$DIR/sse-fcgi.sock,mode=0666" "log=$DIR/log"
	listens "$DIR/sse-fcgi.sock"
	INNER=$(free_port)
	PORT=$INNER
	here 'location /sse/ {' | sed '/fastcgi_pass_header/d' >streams
	if [ $# = 1 ]; then
		sed -i "/fastcgi_pass /a $1" streams
	fi
	nginx_of inner "$INNER" "include $DIR/streams;"
	wait_until "$DEADLINE" port_answers
	PORT=$(free_port)
	URL=http://127.0.0.1:$PORT
}

# nginx_of NAME PORT LINES
nginx_of() {
	mkdir "$1"
	[ "$(id -u)" != 0 ] || chown 65534:65534 "$1"
	cat >"$1.conf" <<-END
		daemon off;
		pid $1/nginx.pid;
		error_log $1/error.log;
		events { }
		http {
			access_log off;
			client_body_temp_path $1/body;
			fastcgi_temp_path $1/fastcgi;
			proxy_temp_path $1/proxy;
			scgi_temp_path $1/scgi;
			uwsgi_temp_path $1/uwsgi;
			server {
				listen 127.0.0.1:$2;
				$3
			}
		}
	END
	start "$1-server" nginx -e "$1/error.log" -p "$DIR" -c "$DIR/$1.conf"
}

outer_nginx() {
	nginx_of outer "$PORT" \
		"location / { proxy_pass http://127.0.0.1:$INNER; ${1:-} }"
	wait_until "$DEADLINE" port_answers
}

# Each line is there without another one behind it.
streams() {
	local i

	start curl curl -sSN --max-time "$DEADLINE" "$URL/sse/log"
	wait_until "$DEADLINE" has curl.out 'line 1'
	for i in 2 3 4; do
		echo "line $i" >>log
		wait_until "$DEADLINE" has curl.out "line $i"
	done
}

# Nothing comes, not even the head.
is_held_back() {
	run curl -sSN -i --max-time 2 "$URL/sse/log"
	assert_output --partial 'timed out'
	refute_output --partial 'line 1'
}

# The line is what the manual says.
manual_has() {
	grep -qF -e "$1" "$MANUAL"
}

@test "nginx before nginx: nothing comes; either line lets it through" {
	start_inner
	outer_nginx
	is_held_back
	manual_has 'fastcgi_pass_header X-Accel-Buffering;'
	manual_has 'proxy_buffering off;'
}

@test "nginx before nginx: the inner one passes the header on, as in README" {
	here 'location /sse/ {' |
		grep -q '^ *fastcgi_pass_header X-Accel-Buffering;'
	start_inner '    fastcgi_pass_header X-Accel-Buffering;'
	outer_nginx
	streams
}

@test "nginx before nginx: the outer one does not buffer" {
	start_inner
	outer_nginx 'proxy_buffering off;'
	streams
}

@test "HAProxy before nginx" {
	manual_has 'option http-no-delay'
	start_inner
	need haproxy
	cat >haproxy.cfg <<-END
		defaults
		    mode http
		    timeout connect 5s
		    timeout client 300s
		    timeout server 300s
		    option http-no-delay
		frontend site
		    bind 127.0.0.1:$PORT
		    default_backend inner
		backend inner
		    server inner 127.0.0.1:$INNER
	END
	start haproxy haproxy -db -f haproxy.cfg
	wait_until "$DEADLINE" port_answers
	streams
}

outer_lighttpd() {
	need lighttpd
	cat >lighttpd.conf <<-END
		server.modules = ( "mod_proxy" )
		server.bind = "127.0.0.1"
		server.port = $PORT
		server.document-root = "$DIR/page"
		server.errorlog = "$DIR/error.log"
		server.upload-dirs = ( "$DIR" )
		proxy.server = ( "" => ( ( "host" => "127.0.0.1",
			"port" => $INNER ) ) )
		${1:-}
	END
	start lighttpd lighttpd -D -f "$DIR/lighttpd.conf"
	wait_until "$DEADLINE" port_answers
}

@test "lighttpd before nginx: nothing comes without its line" {
	start_inner
	outer_lighttpd
	is_held_back
}

@test "lighttpd before nginx" {
	manual_has 'server.stream-response-body = 2'
	start_inner
	outer_lighttpd 'server.stream-response-body = 2'
	streams
}

@test "Caddy before nginx, which compresses" {
	start_inner
	need caddy
	cat >Caddyfile <<-END
		{
			admin off
			auto_https off
		}
		http://127.0.0.1:$PORT {
			encode gzip
			reverse_proxy 127.0.0.1:$INNER
		}
	END
	start caddy env "HOME=$DIR" caddy run --adapter caddyfile \
		--config "$DIR/Caddyfile"
	wait_until "$DEADLINE" port_answers
	streams
}

@test "Apache before nginx" {
	start_inner
	need apache2
	cat >apache.conf <<-END
		ServerRoot /usr/lib/apache2
		LoadModule mpm_event_module modules/mod_mpm_event.so
		LoadModule authz_core_module modules/mod_authz_core.so
		LoadModule proxy_module modules/mod_proxy.so
		LoadModule proxy_http_module modules/mod_proxy_http.so
		ServerName localhost
		Listen 127.0.0.1:$PORT
		DefaultRuntimeDir $DIR
		PidFile $DIR/apache2.pid
		ErrorLog $DIR/error.log
		ProxyPass / http://127.0.0.1:$INNER/
	END
	start apache apache2 -D FOREGROUND -f "$DIR/apache.conf"
	wait_until "$DEADLINE" port_answers
	streams
}

@test "Varnish before nginx" {
	start_inner
	need varnishd gcc
	start varnish varnishd -F -n "$DIR/varnish" -j none \
		-a "127.0.0.1:$PORT" -b "127.0.0.1:$INNER"
	wait_until "$DEADLINE" port_answers
	streams
}
