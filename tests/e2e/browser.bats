#!/usr/bin/env bats
#
# Streams in a real browser: by a page with EventSource, and by that of examples/.

load helper
load cgi

prepare() {
	need chromium node
	cp "$srcdir/tests/e2e/page/lines.html" "$DIR/page/index.html"
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
	wait_until "$DEADLINE" grep -qxF -e "saw $1" page.out
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

# In one browser, since starting one takes longer than all the rest.
@test "the page shows lines as text, and a gap as one, by lighttpd" {
	open_page lighttpd live 'line 1' 'line 2' 'line 3' 'the end of it' \
		'gap: the file was truncated' 'new 1'
	saw 'line 2'
	append 'line 3'
	saw 'line 3'
	append '<img src=x onerror="document.title = 1">' \
		'<script>document.title = 2</script>' 'event: gap' \
		'id: x' '</pre><h1>' 'the end of it'
	saw 'the end of it'
	: >"$LOG"
	append 'new 1'
	saw 'gap: the file was truncated'
	saw 'new 1'
	# Three lines and six that look like markup; a gap, and a new one.
	wait_until "$DEADLINE" grep -qx 'rows 11' page.out
	grep -qx 'title /cgi-bin/stream' page.out
}

@test "the page shows the lines of a stream, by Apache with mod_cgi" {
	shows_lines apache-prefork
}

@test "the page shows the lines of a stream, by Apache with mod_cgid" {
	shows_lines apache-event
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

# The page of examples/, as it says how.
place_example() {
	mkdir page/viewer
	cp "$srcdir/examples/page/index.html" page/
	cp "$srcdir"/viewer/*.mjs page/viewer/
}

@test "the page of examples/ shows lines and gaps, by lighttpd" {
	place_example
	open_page lighttpd live 'line 2' '<b>line 3</b>' \
		'gap: the file was truncated' 'new 1'
	saw 'line 2'
	append '<b>line 3</b>'
	saw '<b>line 3</b>'
	: >"$LOG"
	append 'new 1'
	saw 'new 1'
	wait_until "$DEADLINE" grep -qx 'rows 5' page.out
}

@test "the page of examples/ goes on when the server is back, by Apache" {
	place_example
	open_page apache-event 'line 2' 'no connection; again in' 'line 4'
	saw 'line 2'
	stop_server
	saw 'no connection; again in'
	append 'line 3'
	start_server apache-event
	append 'line 4'
	saw 'line 4'
	wait_until "$DEADLINE" grep -qx 'rows 4' page.out
}
