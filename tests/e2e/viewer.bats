#!/usr/bin/env bats
#
# The viewer at a stream's own URL, behind real servers, in Chromium.

load helper
load cgi
load fcgi

BROWSER='text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'

# asks URL [OPTION]...: as an address bar does; the head is in answer.head.
asks() {
	run -0 curl -sS --max-time "$DEADLINE" -D "$DIR/answer.head" \
		-o "$DIR/answer.body" -H "Accept: $BROWSER" "$@"
}

# is_page: the answer is the page, whole, with its policy.
is_page() {
	head_has 'content-type: text/html; charset=utf-8'
	head_has 'cache-control: no-store'
	head_has 'vary: .*accept.*'
	head_has "content-security-policy: $(cat "$builddir/viewer/policy")"
	cmp "$DIR/answer.body" "$builddir/viewer/page.html"
}

# shows URL TEXT...: in Chromium, one after the other.
shows() {
	need chromium node
	start page env TMPDIR="$DIR" "$srcdir/tests/tools/page-watch" \
		--seconds 100 "$@"
}

saw() {
	wait_until "$DEADLINE" grep -qxF -e "saw $1" page.out
}

@test "a browser gets the page, others the stream, from sse-cgi" {
	start_cgi_bin lighttpd
	asks "$URL/cgi-bin/stream"
	is_page
	asks -I "$URL/cgi-bin/stream"
	head_has 'content-type: text/html; charset=utf-8'
	connect stream stream -H 'Accept: text/event-stream'
	wait_until "$DEADLINE" has stream.out 'line 2'
	connect any stream
	wait_until "$DEADLINE" has any.out 'line 2'
}

@test "a browser gets the page, others the stream, from sse-fcgi" {
	start_site nginx
	asks "$URL/sse/log"
	is_page
	asks -I "$URL/sse/log"
	head_has 'content-type: text/html; charset=utf-8'
	asks "$URL/sse/none"
	head_has 'content-type: text/plain.*'
	stream one log -H 'Accept: text/event-stream'
	wait_until "$DEADLINE" has one.out 'line 2'
}

# A worker with two streams, of which none is named.
start_index() {
	start_site nginx
	kill_worker
	printf 'index = yes\n[log]\nsource = %s\n[other]\nsource = %s\n' \
		"$LOG" "$DIR/other.log" >sse.conf
	printf '[hidden]\nsource = %s\nindex = no\n' "$LOG" >>sse.conf
	echo 'other 1' >other.log
	start_worker
}

@test "index: a list for who asks for none of several streams, from sse-fcgi" {
	start_index
	asks "$URL/sse/"
	is_page
	stream one log
	wait_until "$DEADLINE" has one.out 'line 2'
	run -0 curl -sS --max-time "$DEADLINE" "$URL/sse/"
	assert_output '{"streams": [
{"name": "log", "source": "open", "frames": 2},
{"name": "other", "source": "closed", "frames": 0}]}'
	run -0 curl -sS -o none.out -w '%{http_code}' \
		-H 'Accept: text/event-stream' "$URL/sse/"
	assert_output 404
}

@test "index: a list for who asks for none of several streams, from sse-cgi" {
	place several <<-END
		#!$PROGRAM -f
		index = yes
		[log]
		source = $LOG
		[other]
		source = $LOG
	END
	start_cgi_bin lighttpd
	asks "$URL/cgi-bin/several"
	is_page
	run -0 curl -sS "$URL/cgi-bin/several"
	assert_output '{"streams": [
{"name": "log"},
{"name": "other"}]}'
}

@test "viewer = no: a browser gets the stream" {
	place without <<-END
		#!$PROGRAM -f
		source = $LOG
		heartbeat = 1s
		viewer = no
	END
	start_cgi_bin lighttpd
	connect stream without -H "Accept: $BROWSER" -D "$DIR/answer.head"
	wait_until "$DEADLINE" has stream.out 'line 2'
	run ! grep -qi '^vary:.*accept' "$DIR/answer.head"
}

@test "the page takes no place of a stream's client" {
	start_site nginx
	kill_worker
	printf '[few]\nsource = %s\nstream-clients = 1\n' "$LOG" >>sse.conf
	start_worker
	stream one few
	wait_until "$DEADLINE" has one.out 'line 2'
	asks "$URL/sse/few"
	is_page
	stream two few
	wait_until "$DEADLINE" grep -q 'too many clients' two.out
	shows "$URL/sse/few" 'too many readers; again in'
	saw 'too many readers; again in'
}

@test "the page shows its stream, as text, by lighttpd and sse-cgi" {
	start_cgi_bin lighttpd
	shows "$URL/cgi-bin/stream" live 'line 2' 'line 3' '<script>' \
		'the end of it'
	saw 'line 2'
	append 'line 3'
	saw 'line 3'
	append '<img src=x onerror="document.title = 1">' \
		'<script>document.title = 2</script>' 'the end of it'
	saw 'the end of it'
	wait_until "$DEADLINE" grep -qx 'title stream' page.out
}

# Each in words on the page, and in the end all lines, each once.
@test "the page goes on whatever becomes of the worker, and of nginx" {
	start_site nginx
	shows "$URL/sse/log" live 'line 2' 'the worker is not there; again in' \
		'line 3' rotated 'refused: 502 Bad Gateway; again in' 'line 4' \
		'no connection; again in' 'line 5' '6 lines' live \
		'gap: the file was truncated' 'after truncation' '8 lines'
	saw 'line 2'
	kill_worker
	saw 'the worker is not there; again in'
	append 'line 3'
	sed -i '1i retry = 500ms' sse.conf
	start_worker
	saw 'line 3'
	mv "$LOG" "$LOG.1"
	append rotated
	saw rotated
	# As without what examples/ has for that.
	sed -i '/error_page 502/d' server.conf
	kill -HUP "$SERVER_PID"
	kill_worker
	saw 'refused: 502 Bad Gateway; again in'
	append 'line 4'
	start_worker
	saw 'line 4'
	stop_server
	saw 'no connection; again in'
	append 'line 5'
	start_server fcgi-nginx
	saw 'line 5'
	saw '6 lines'
	# Nothing was a gap until now.
	: >"$LOG"
	append 'after truncation'
	saw 'gap: the file was truncated'
	saw 'after truncation'
	saw '8 lines'
}

@test "the page goes on when the worker is back, behind lighttpd" {
	start_site lighttpd
	shows "$URL/sse/log" live 'line 2' 'again in' 'line 3' '3 lines' live
	saw 'line 2'
	kill_worker
	saw 'again in'
	append 'line 3'
	start_worker
	saw 'line 3'
	saw '3 lines'
}

# run_viewer_test NAME: under Node.js, which starts the browser.
run_viewer_test() {
	export VIEWER_PAGE=$builddir/viewer/page.html
	export VIEWER_POLICY=$builddir/viewer/policy
	run env TMPDIR="$DIR" node --test-reporter=tap \
		"$srcdir/tests/viewer/$1.mjs"
	[ "$status" = 0 ] || fail "$(grep -A 14 '^not ok' <<<"$output")"
}

@test "what a person does with it" {
	need chromium node
	run_viewer_test browser_test
}

@test "random streams, as Chromium's EventSource has them" {
	need chromium node
	run_viewer_test streams_test
}

@test "the main points in Firefox" {
	need firefox-esr node
	run_viewer_test firefox_test
}
