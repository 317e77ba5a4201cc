#!/usr/bin/env bats
#
# The examples of sse-cgi(1) and sse-fcgi(8), as they stand there but for paths,
# ports and users.

load helper
load document
load journal

prepare() {
	need curl
	cp "$builddir/fcgi/sse-fcgi" "$DIR/cgi-bin/sse-fcgi"
	PORT=$(free_port)
	URL=http://127.0.0.1:$PORT
	export PATH=$DIR/cgi-bin:$PATH:/usr/sbin
	printf 'line 1\nline 2\n' >app.log
}

# examples PAGE: its examples as text, with a line "==" before each.
examples() {
	awk '
		/^\.S[hs] / { inside = $2 == "EXAMPLES"; next }
		/^\.Ed/ { literal = 0 }
		inside && literal
		/^\.Bd -literal/ { literal = inside; if (inside) print "==" }
		inside && sub(/^\.Dl (# |\$ )?/, "") { print "=="; print }' \
		"$srcdir/$1" | sed -E 's/\\e/\\/g; s/\\&//g; s/\\-/-/g'
}

block() {
	{
		examples cgi/sse-cgi.1
		examples fcgi/sse-fcgi.8
	} | first=$1 awk '
		$0 == "==" { fresh = 1; inside = 0; next }
		fresh { inside = $0 == ENVIRON["first"]; fresh = 0 }
		inside { print; found = 1 }
		END { exit !found }'
}

# The program "app" in the cgi-bin.
place_app() {
	here '#!/usr/bin/sse-cgi -f' >cgi-bin/app
	chmod 755 cgi-bin/app
}

serves_app() {
	wait_until "$DEADLINE" port_answers
	start curl curl -sSN "$URL/cgi-bin/app"
	wait_until "$DEADLINE" has curl.out 'line 2'
}

@test "on a terminal" {
	need script
	here 'sse-cgi --from=start /var/log/app.log' >example.command
	start terminal script -qec "bash $DIR/example.command" /dev/null
	wait_until "$DEADLINE" grep -q '^data: line 2' terminal.out
}

@test "what would be served" {
	here 'sse-cgi --check --heartbeat=5s app=/var/log/app.log' >example.command
	run bash example.command
	assert_success
	assert_line '[app]'
	assert_line "source = $DIR/app.log"
	assert_line 'heartbeat = 5s'
	assert_line '; command line'
}

@test "Apache" {
	place_app
	start_apache 'ScriptAlias /cgi-bin/ /usr/lib/cgi-bin/' \
		mpm_event cgid alias
	serves_app
}

@test "lighttpd" {
	place_app
	# shellcheck disable=SC2016 # lighttpd's
	start_lighttpd '$HTTP["url"] =~ "^/cgi-bin/" {' \
		'server.modules = ( "mod_alias", "mod_cgi" )' \
		"alias.url = ( \"/cgi-bin/\" => \"$DIR/cgi-bin/\" )"
	serves_app
}

@test "the page" {
	need busybox chromium node
	place_app
	{
		cat <<-'END'
			<pre id="out"></pre>
			<script>
			const out = document.getElementById("out");
			console.log = (text) => out.append(text + "\n");
			console.warn = (text) => out.append("warning " + text);
		END
		block 'const events = new EventSource("/cgi-bin/app");'
		echo '</script>'
	} >index.html
	start busybox busybox httpd -f -p "127.0.0.1:$PORT" -h "$DIR"
	wait_until "$DEADLINE" port_answers
	start page env TMPDIR="$DIR" "$srcdir/tests/tools/page-watch" \
		--seconds 100 "$URL/" 'line 2' 'warning {"reason":"truncated"'
	wait_until "$DEADLINE" grep -qx 'saw line 2' page.out
	echo new >app.log
	wait_until "$DEADLINE" grep -q '^saw warning' page.out
}

@test "two logs, behind nginx" {
	mkdir -p nginx log
	echo 'GET /' >nginx/access.log
	echo 'app says' >log/app
	here 'sse-fcgi --listen unix:/run/sse-fcgi.sock,group=www-data access=/var/log/nginx/access.log app=/srv/app/log' |
		sed "s,/srv/app/log,$DIR/log/app," >example.command
	start worker bash example.command
	listens sse-fcgi.sock
	start_nginx 'location /sse/ {'
	wait_until "$DEADLINE" port_answers
	start access curl -sSN "$URL/sse/access"
	start app curl -sSN "$URL/sse/app"
	wait_until "$DEADLINE" has access.out 'GET /'
	wait_until "$DEADLINE" has app.out 'app says'
}

# Only the namespace is put in.
@test "the journal" {
	need_journald
	start_journald
	here 'sse-fcgi --listen unix:/run/sse-fcgi.sock journal=journal:' |
		sed "s/ journal=journal:/&$NAMESPACE/" >example.command
	grep -q "$NAMESPACE" example.command
	start worker bash example.command
	listens sse-fcgi.sock
	start client "$srcdir/tests/tools/fcgi-get" sse-fcgi.sock journal
	wait_until "$DEADLINE" grep -q '^id: ' client.out
	write 'from the journal'
	wait_until "$DEADLINE" has client.out 'from the journal'
}

@test "each example has its test" {
	{
		examples cgi/sse-cgi.1
		examples fcgi/sse-fcgi.8
	} | awk '$0 == "==" { fresh = 1; next } fresh { print; fresh = 0 }' \
		>blocks
	[ "$(wc -l <blocks)" -ge 8 ]
	while read -r line; do
		grep -qF -e "'$line'" "$BATS_TEST_FILENAME" ||
			fail "no test takes: $line"
	done <blocks
}
