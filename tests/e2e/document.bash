# document.bash - commands and configurations of a document, as they stand there
# but for paths, ports and users.  The test has block FIRST-LINE, which prints
# the block that begins so, and sets PORT and URL.
# shellcheck disable=SC2154 # the tests set what is used here

# here FIRST-LINE: that block with paths, ports and users of this test.
here() {
	block "$1" >block.text || fail "no block begins with: $1"
	sed -E -e "s,/usr/bin/sse-,$DIR/cgi-bin/sse-,g" \
		-e "s,/usr/lib(/cgi-bin|\\$),$DIR\1,g" \
		-e "s,/run/,$DIR/,g" -e "s,/var/log/,$DIR/,g" \
		-e "s,/srv/www,$DIR,g" \
		-e "s,http://localhost/,$URL/,; s,127\.0\.0\.1:8080,127.0.0.1:$PORT," \
		-e "s,^:80 ,:$PORT ,; s,^( *bind ):80\$,\1127.0.0.1:$PORT," \
		-e "s,include fastcgi_params,include /etc/nginx/fastcgi_params," \
		-e "s,/etc/(nginx|apache2|lighttpd)/htpasswd,$DIR/htpasswd," \
		-e "s,group=www-data,group=$("${ORDINARY[@]}" id -g)," block.text
}

# Runs in the background what the block says.
start_block() {
	here "$2" >"$1.command"
	start "$1" bash "$1.command"
}

listens() {
	wait_until "$DEADLINE" test -S "$1"
}

# start_apache FIRST-LINE MODULE...
start_apache() {
	local first=$1 name

	shift
	need apache2
	cat >apache.conf <<-END
		ServerRoot /usr/lib/apache2
		$(for name in authz_core "$@"; do
			echo "LoadModule ${name}_module modules/mod_$name.so"
		done)
		ServerName localhost
		Listen 127.0.0.1:$PORT
		DefaultRuntimeDir $DIR
		PidFile $DIR/apache2.pid
		ErrorLog $DIR/error.log
		$(here "$first")
	END
	start apache apache2 -D FOREGROUND -f "$DIR/apache.conf"
}

# start_lighttpd FIRST-LINE [LINE]...
start_lighttpd() {
	need lighttpd
	cat >lighttpd.conf <<-END
		server.bind = "127.0.0.1"
		server.port = $PORT
		server.document-root = "$DIR/page"
		server.errorlog = "$DIR/error.log"
		server.upload-dirs = ( "$DIR" )
		$(here "$1")
		$(printf '%s\n' "${@:2}")
	END
	start lighttpd lighttpd -D -f "$DIR/lighttpd.conf"
}

# start_nginx FIRST-LINE
start_nginx() {
	need nginx
	cat >nginx.conf <<-END
		daemon off;
		pid nginx.pid;
		events { }
		http {
			access_log off;
			client_body_temp_path nginx_body;
			fastcgi_temp_path nginx_fastcgi;
			proxy_temp_path nginx_proxy;
			scgi_temp_path nginx_scgi;
			uwsgi_temp_path nginx_uwsgi;
			server {
				listen 127.0.0.1:$PORT;
				$(here "$1")
			}
		}
	END
	start nginx nginx -e error.log -p "$DIR" -c "$DIR/nginx.conf"
}
