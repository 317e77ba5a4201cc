# viewer.bash - the viewer in Chromium, against frontail and a bare page; see run.
# shellcheck disable=SC2154 # run sets them

FRONTAIL=frontail@4.9.2 # in npm's name

# What is there, or what npm has, for this run alone.
find_frontail() {
	command -v frontail && return
	if command -v npm >/dev/null && npm install --prefix "$work/npm" \
		--no-save --no-audit --no-fund --ignore-scripts \
		"$FRONTAIL" >"$work/npm.log" 2>&1; then
		echo "$work/npm/node_modules/.bin/frontail"
	fi
}

# sse-cgi as a server runs it, and the page of the tests, which is the bare one.
start_lighttpd() {
	mkdir "$work/www" "$work/www/cgi-bin"
	cp "$source_dir/tests/e2e/page/lines.html" "$work/www/bare.html"
	printf '#!%s -f\nsource = %s\nfrom = -10\n' "$cgi" "$work/viewer.log" \
		>"$work/www/cgi-bin/log"
	chmod 755 "$work/www/cgi-bin/log"
	cat >"$work/lighttpd.conf" <<-END
		server.modules = ( "mod_cgi" )
		server.document-root = "$work/www"
		server.bind = "127.0.0.1"
		server.port = $1
		server.errorlog = "$work/lighttpd.err"
		server.stream-response-body = 2
		mimetype.assign = ( ".html" => "text/html" )
		\$HTTP["url"] =~ "^/cgi-bin/" { cgi.assign = ( "" => "" ) }
	END
	lighttpd -D -f "$work/lighttpd.conf" &
	servers+=("$!")
	wait_until answers "$1"
}

# sse-fcgi behind nginx, as examples/ has it, with the same log and page.
start_nginx() {
	local folder=$work/nginx

	mkdir -p "$folder/page"
	sed 's|data-stream="[^"]*"|data-stream="/sse/log"|' \
		"$work/www/bare.html" >"$folder/page/bare.html"
	printf 'from = -10\n[log]\nsource = %s\n' "$work/viewer.log" \
		>"$folder/sse.conf"
	sed -e "s/127.0.0.1:8080/127.0.0.1:$1/" \
		-e "s/^user .*/user $(id -un);/" \
		"$source_dir/examples/nginx/sse-fcgi.conf" >"$folder/nginx.conf"
	"$worker" --listen "unix:$folder/sse.sock,mode=0600" \
		--log "$folder/worker.log" -f "$folder/sse.conf" &
	servers+=("$!")
	wait_until test -S "$folder/sse.sock"
	# Its socket is where nginx is started.
	(cd "$folder" && exec nginx -e error.log -p "$folder" \
		-c "$folder/nginx.conf") &
	servers+=("$!")
	wait_until answers "$1"
}

bench_viewer() {
	local tool port frontail options=()

	for tool in chromium node lighttpd; do
		if ! command -v "$tool" >/dev/null; then
			echo "viewer: left out, $tool is not installed"
			return
		fi
	done
	lines 0 10 >"$work/viewer.log"
	port=$(free_port)
	start_lighttpd "$port"
	options=("http://127.0.0.1:$port" "$work/viewer.log")
	if command -v nginx >/dev/null; then
		port=$(free_port)
		start_nginx "$port"
		options+=("http://127.0.0.1:$port")
	else
		echo "sse-fcgi: left out, nginx is not installed"
		options+=(none)
	fi
	frontail=
	[ "${OPENINGS_ONLY:-}" = 1 ] || frontail=$(find_frontail)
	if [ "${OPENINGS_ONLY:-}" = 1 ]; then
		: # it has no part in that
	elif [ -n "$frontail" ]; then
		port=$(free_port)
		"$frontail" --host 127.0.0.1 --port "$port" --number 10 \
			"$work/viewer.log" >"$work/frontail.log" 2>&1 &
		servers+=("$!")
		wait_until answers "$port"
		options+=("http://127.0.0.1:$port")
	else
		echo "frontail: left out, npm cannot install it"
	fi
	TMPDIR=$work node "$source_dir/tests/bench/viewer.mjs" "${options[@]}"
	stop_servers
}
