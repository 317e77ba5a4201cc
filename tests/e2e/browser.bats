#!/usr/bin/env bats
#
# The page of examples/ in a real browser.

load helper
load cgi

prepare() {
	need chromium node
	cp "$srcdir/examples/page/index.html" "$DIR/page/"
}

# open_page SERVER TEXT...: the page with the stream, until it has shown the
# texts one after the other.
open_page() {
	start_cgi_bin "$1"
	shift
	start page env TMPDIR="$DIR" "$srcdir/tests/tools/page-watch" \
		--seconds 100 "$URL/?stream=/cgi-bin/stream" "$@"
}

saw() {
	wait_until 100 grep -qxF -e "saw $1" page.out
}

# shows_lines SERVER: what is there and what comes.
shows_lines() {
	open_page "$1" live 'line 1' 'line 2' 'line 3' 'line 4'
	saw 'line 2'
	append 'line 3'
	saw 'line 3'
	append 'line 4'
	saw 'line 4'
	wait_until "$DEADLINE" grep -qx 'rows 4' page.out
}

@test "the page shows the lines of a stream, by lighttpd" {
	shows_lines lighttpd
}

@test "the page shows the lines of a stream, by Apache with mod_cgi" {
	shows_lines apache-prefork
}

@test "the page shows the lines of a stream, by Apache with mod_cgid" {
	shows_lines apache-event
}

@test "what a line holds is text" {
	open_page lighttpd 'line 2' 'the end of it'
	append '<img src=x onerror="document.title = 1">' \
		'<script>document.title = 2</script>' 'event: gap' \
		'id: x' '</pre><h1>' 'the end of it'
	saw 'the end of it'
	wait_until "$DEADLINE" grep -qx 'rows 8' page.out
	grep -qx 'title /cgi-bin/stream' page.out
}

@test "the server goes and comes back: each line once" {
	open_page lighttpd 'line 2' 'connecting again' 'line 5'
	saw 'line 2'
	stop_server
	saw 'connecting again'
	append 'line 3' 'line 4'
	start_server lighttpd
	append 'line 5'
	saw 'line 5'
	wait_until "$DEADLINE" grep -qx 'rows 5' page.out
}

@test "a gap is shown as one" {
	open_page lighttpd 'line 2' 'gap: the file was truncated' 'new 1'
	saw 'line 2'
	: >"$LOG"
	append 'new 1'
	saw 'gap: the file was truncated'
	saw 'new 1'
}

@test "a stream that ends: the page says so, and does not ask again" {
	place ends <<-END
		#!/bin/sh
		echo asked >>"$DIR/asked"
		exec $PROGRAM --follow=no --retry=100ms $LOG
	END
	start_cgi_bin lighttpd
	start page env TMPDIR="$DIR" "$srcdir/tests/tools/page-watch" \
		--seconds 100 "$URL/?stream=/cgi-bin/ends" 'line 2' 'the end'
	saw 'the end'
	wait_until "$DEADLINE" gone "$PID"
	assert_equal "$(wc -l <asked)" 1
}

@test "a stream that is not there: the page says that it is closed" {
	start_cgi_bin lighttpd
	start page env TMPDIR="$DIR" "$srcdir/tests/tools/page-watch" \
		--seconds 100 "$URL/?stream=/cgi-bin/none" 'closed by the server; asking again soon'
	saw 'closed by the server; asking again soon'
}

@test "a link to the page cannot make it show another host" {
	start_cgi_bin lighttpd
	start page env TMPDIR="$DIR" "$srcdir/tests/tools/page-watch" \
		--seconds 100 "$URL/?stream=//localhost:$PORT/cgi-bin/stream" \
		/cgi-bin/log
	saw /cgi-bin/log
}
