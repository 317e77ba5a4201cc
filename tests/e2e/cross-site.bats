#!/usr/bin/env bats
#
# A page of another site, in a real browser: a full house and a restart of the
# worker do not close its EventSource, and it makes no new one.

load helper
load fcgi

# The page, by a server of its own: another port is another origin.
start_other_site() {
	SITE=$(free_port)
	mkdir other
	chmod 755 other
	start other busybox httpd -f -p "127.0.0.1:$SITE" -h "$DIR/other"
}

write_page() {
	cat >other/index.html <<-END
		<!doctype html><pre id="log"></pre><script>
		const log = document.getElementById("log");
		const say = (text) => log.append(text + "\\n");
		const source = new EventSource("$URL/sse/only",
			{ withCredentials: true });
		source.onerror = () => say("state " + source.readyState);
		source.onmessage = (event) => say(event.data);
		</script>
	END
	chmod 644 other/index.html
}

saw() {
	wait_until "$DEADLINE" grep -qxF -e "saw $1" page.out
}

# lives_on SERVER: with one client, and then with none, and then anew.
lives_on() {
	local first page

	need chromium busybox node
	start_other_site
	start_site "$1"
	kill_worker
	cat >sse.conf <<-END
		[only]
		source = $LOG
		origin = http://127.0.0.1:$SITE
		credentials = yes
		stream-clients = 1
	END
	start_worker
	write_page
	stream first only
	wait_until "$DEADLINE" has first.out 'line 2'
	first=$PID
	start page env TMPDIR="$DIR" "$srcdir/tests/tools/page-watch" \
		--seconds 200 "http://127.0.0.1:$SITE/" 'state 0' 'line 2' \
		'line 3' 'line 4'
	page=$PID
	# It was refused, and will ask again.
	saw 'state 0'
	kill -KILL -- "-$first"
	saw 'line 2'
	append 'line 3'
	saw 'line 3'
	kill_worker
	append 'line 4'
	# It is told to come back by the web server before there is a worker.
	wait_until "$DEADLINE" told_to_come_back
	start_worker
	saw 'line 4'
	wait_until "$DEADLINE" gone "$page"
}

told_to_come_back() {
	curl -sS -H 'Accept: text/event-stream' --max-time "$DEADLINE" \
		"$URL/sse/only" | grep -q '^retry: 2'
}

@test "nginx" {
	lives_on nginx
}

@test "HAProxy" {
	lives_on haproxy
}

@test "Caddy" {
	lives_on caddy
}
