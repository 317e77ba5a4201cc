#!/usr/bin/env bats
#
# Each block of README.md and examples/README.md for nginx, lighttpd and Apache,
# pasted as it stands into what the packages of these servers install.  Only root
# can mount what keeps that from the machine itself: another is not a missing
# tool, and so this is skipped, also where CI=true.

load helper

README=$srcdir/README.md
EXAMPLES=$srcdir/examples/README.md

# pasted PAGE FIRST-LINE: that block.
pasted() {
	first=$2 awk '
		/^```/ { inside = 0; fresh = 1; next }
		fresh { inside = $0 == ENVIRON["first"]; fresh = 0 }
		inside { print; found = 1 }
		END { exit !found }' "$1"
}

# read_through SERVER WAY
read_through() {
	need curl unshare "${1%-cgi}"
	if [ "$(id -u)" != 0 ]; then
		skip "it needs root"
	fi
	cp "$builddir/cgi/sse-cgi" "$builddir/fcgi/sse-fcgi" .
	pasted "$README" '#!/usr/bin/sse-cgi -f' >log
	pasted "$README" '[log]' >ssekit.conf
	chmod 755 "$DIR"
	run "$srcdir/tests/tools/paste-and-read" "$1" "$2" "$DIR"
	if [ "$status" = 77 ]; then
		skip "overlays cannot be mounted here"
	fi
	assert_success
}

@test "nginx, sse-fcgi; while the worker is away, pages are told to come back" {
	pasted "$README" 'location /sse/ {' >block
	read_through nginx fcgi
	assert_output 'data: line 1
away: 200 text/event-stream
data: line 2'
}

@test "lighttpd, sse-fcgi" {
	pasted "$EXAMPLES" 'server.modules += ( "mod_fastcgi" )' >block
	read_through lighttpd fcgi
	assert_line --index 0 'data: line 1'
	assert_line --index 2 'data: line 2'
}

@test "Apache, sse-fcgi" {
	pasted "$EXAMPLES" '<Proxy "fcgi://sse" flushpackets=on timeout=300 retry=0>' \
		>block
	read_through apache2 fcgi
	assert_line --index 0 'data: line 1'
	assert_line --index 2 'data: line 2'
}

@test "lighttpd, a cgi-bin" {
	pasted "$EXAMPLES" 'server.modules += ( "mod_alias", "mod_cgi" )' >block
	read_through lighttpd cgi
	assert_output 'data: line 1
data: line 2'
}

@test "lighttpd, a cgi-bin, where Debian's cgi is enabled" {
	pasted "$EXAMPLES" 'server.modules += ( "mod_alias", "mod_cgi" )' >block
	read_through lighttpd-cgi cgi
	assert_output 'data: line 1
data: line 2'
}

@test "Apache, a cgi-bin" {
	read_through apache2 cgi
	assert_output 'data: line 1
data: line 2'
}

@test "what is installed for web servers is what the pages say" {
	local snippets=$srcdir/packaging/snippets

	pasted "$README" 'location /sse/ {' |
		diff <(grep -v '^# In a server' "$snippets/nginx.conf") -
	# The manual has it without the comments.
	sed -n '/^location \/sse\/ {/,/^\.Ed/{ /^\.Ed/d; s/\\e/\\/g; p; }' \
		"$srcdir/fcgi/sse-fcgi.8" >manual
	sed '/^ *#/d; s/  #.*//' "$snippets/nginx.conf" | diff - manual
	pasted "$EXAMPLES" 'server.modules += ( "mod_fastcgi" )' |
		diff <(tail -n +2 "$snippets/lighttpd.conf") -
	pasted "$EXAMPLES" '<Proxy "fcgi://sse" flushpackets=on timeout=300 retry=0>' |
		diff <(tail -n +2 "$snippets/apache.conf") -
	pasted "$README" '[log]' | diff <(grep -v '^#' "$snippets/ssekit.conf" |
		tail -n 2) -
}
