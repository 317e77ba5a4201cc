# cgi.bash - the figures of the encoder and of sse-cgi; see run.
# shellcheck disable=SC2154 # run sets them

# ---------------------------------------------------------------- encode

bench_encode() {
	"$bench/encode" "$pairs"
}

# ---------------------------------------------------------------- replay

# shellcheck disable=SC2016  # that shell has a $0 of its own
plain='cat "$0" | cat >/dev/null'

replay_log() {
	lines 0 40000 >"$work/part"
	for _ in {1..100}; do
		cat "$work/part"
	done >"$work/log"
	echo "the last line" >>"$work/log"
	cat "$work/log" >/dev/null
	"$bench/replay" "replay of $(($(stat -c %s "$work/log") >> 20)) MiB" \
		2 "$pairs" "the last line" \
		"$cgi" --flush=ready --replay=4G --from=start "$work/log" \
		-- sh -c "$plain" "$work/log"
	rm -f "$work/log" "$work/part"
}

# ---------------------------------------------------------------- memory

# Lines of 1 MiB, each of another letter.
long_lines() {
	for letter in {a..t}; do
		head -c 1048575 /dev/zero | tr '\0' "$letter"
		echo
	done
	echo "the last line"
}

memory() {
	long_lines >"$work/long"
	for record_max in 256K 1M; do
		"$bench/replay" "lines of 1 MiB, record-max $record_max" \
			2 1 "the last line" "$cgi" --replay=4G --from=start \
			--record-max="$record_max" "$work/long" \
			-- sh -c "$plain" "$work/long"
	done
	rm -f "$work/long"
}

# ----------------------------------------------------------- first frame

export GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET QUERY_STRING=

# 10 KiB, and the same lines at both ends of 10 GiB.
two_logs() {
	mkdir "$work/small" "$work/large"
	lines 0 50 >"$work/small/log"
	lines 0 50 >"$work/large/log"
	lines 50 50 >>"$work/small/log"
	lines 50 50 >"$work/end"
	truncate -s $((10 * 1024 * 1024 * 1024 - $(stat -c %s "$work/end"))) \
		"$work/large/log"
	echo >>"$work/large/log"
	cat "$work/end" >>"$work/large/log"
}

# The id of the 40th line before the end of a log: no start without an id comes
# to the line behind it first.
some_id() {
	"$cgi" --from=-40 --follow=no "$1" |
		sed -n '/^data: /{x;s/^id: //p;q}; /^id: ./h'
}

large_file() {
	local small large
	two_logs
	"$bench/first-frame" "from = -10 in 10 GiB, against 10 KiB" \
		1.5 "$pairs" 'GET /page/0000090' \
		"$cgi" "$work/large/log" -- "$cgi" "$work/small/log"
	small=$(some_id "$work/small/log")
	large=$(some_id "$work/large/log")
	"$bench/first-frame" "resuming in 10 GiB, against 10 KiB" \
		1.5 "$pairs" 'GET /page/0000061' \
		env "HTTP_LAST_EVENT_ID=$large" "$cgi" "$work/large/log" \
		-- env "HTTP_LAST_EVENT_ID=$small" "$cgi" "$work/small/log"
	rm -rf "$work/large"
}

start_by_fork() {
	"$bench/first-frame" "first frame, program started by itself" \
		1.5 "$pairs" $'\n\n' "$cgi" "$work/small/log" \
		-- "$bench/smallest"
	"$bench/first-frame" "the same, sandbox = no, by the same libraries" \
		1.25 "$pairs" $'\n\n' "$cgi" --sandbox=no "$work/small/log" \
		-- "$bench/smallest-linked"
}

configure_server() {
	mkdir "$work/root"
	cp "$bench/smallest" "$work/root/smallest.cgi"
	cat >"$work/root/sse.cgi" <<-END
		#!$cgi -f
		[log]
		source = $work/small/log
	END
	chmod +x "$work/root/sse.cgi"
	cat >"$work/lighttpd.conf" <<-END
		server.modules = ("mod_cgi")
		server.bind = "127.0.0.1"
		server.port = $1
		server.document-root = "$work/root"
		server.errorlog = "$work/error.log"
		server.stream-response-body = 2
		cgi.assign = (".cgi" => "")
		cgi.limits = ("tcp-fin-propagate" => "SIGTERM")
	END
}

start_by_server() {
	local port
	if ! command -v lighttpd >/dev/null; then
		echo "first frame behind lighttpd: left out, there is no lighttpd"
		return
	fi
	port=$(free_port)
	configure_server "$port"
	lighttpd -D -f "$work/lighttpd.conf" &
	servers+=($!)
	wait_until answers "$port"
	"$bench/first-frame" "first frame, behind lighttpd" \
		1.5 "$pairs" $'\n\n' "http:$port/sse.cgi" \
		-- "http:$port/smallest.cgi"
	stop_servers
}

bench_cgi() {
	bench_encode
	replay_log
	memory
	large_file
	start_by_fork
	start_by_server
}
