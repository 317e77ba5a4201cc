#!/usr/bin/env bats
#
# The commands and configurations of README.md and of examples/README.md, as
# they stand there but for paths, ports and users.  A block is named by its first
# line, so that the last test finds one that no test takes; those that say who
# may read are in who-may-read.bats, and how to build is in quickstart.bats.

load helper
load pages
load document

prepare() {
	need curl
	cp "$builddir/fcgi/sse-fcgi" "$DIR/cgi-bin/sse-fcgi"
	printf 'line 1\nline 2\n' >dpkg.log
	PORT=$(free_port)
	URL=http://127.0.0.1:$PORT
	export PATH=$DIR/cgi-bin:$PATH:/usr/sbin
}

# ------------------------------------------------------------------ blocks --

block() {
	page_block "$1"
}

# The command of curl shows what is in the log, and what comes.
shows_lines() {
	wait_until "$DEADLINE" port_answers
	start curl bash curl.command
	wait_until "$DEADLINE" has curl.out 'line 2'
	echo 'line 3' >>dpkg.log
	wait_until "$DEADLINE" has curl.out 'line 3'
	run messages curl.out
	assert_output $'line 1\nline 2\nline 3'
}

@test "the packages are those that tests/run builds with" {
	diff <(block 'sudo apt install autoconf automake gcc libc6-dev libevent-dev libfcgi-dev' |
		sed -e 's/^sudo apt install//' -e 's/\\$//' | xargs -n 1 | sort) \
		<(sed -n '/# to build$/,/# to build in other ways/p' \
			"$srcdir/tests/run" | grep -v '#' | xargs -n 1 | sort)
}

@test "the script that makes packages is there, and installed is what it makes" {
	local package

	run block 'packaging/build-deb packages'
	[ -x "$srcdir/${lines[0]% *}" ]
	package=${lines[1]##*/}
	grep -qx "Package: ${package%%_*}" "$srcdir/packaging/debian/control"
}

# dpkg-source and rpmbuild look for a tarball of that name.
@test "each kind of package has the version of the source" {
	local version packaging=$srcdir/packaging

	version=$(sed -n 's/^AC_INIT(\[ssekit\], \[\(.*\)\])$/\1/p' \
		"$srcdir/configure.ac")
	[ "$version" ]
	grep -q -m 1 "^ssekit ($version-" "$packaging/debian/changelog"
	grep -qx "Version: $version" "$packaging/ssekit.spec"
	grep -qx "pkgver=$version" "$packaging/APKBUILD"
}

# It is what runs this test.
@test "tests/run ends as it is said" {
	run block '$ tests/run'
	assert_line --index 2 'N passed, N failed, N skipped'
	# shellcheck disable=SC2016 # as it stands there
	grep -qF '"$passed passed, $failed failed, $skipped skipped"' \
		"$srcdir/tests/run"
}

# ------------------------------------------------------------- in a cgi-bin --

# The stream file, as its block and the command after it make it.
place_stream() {
	here '#!/usr/bin/sse-cgi -f' >cgi-bin/log
	here 'chmod +x /usr/lib/cgi-bin/log' | head -n 1 | bash -e
	here 'chmod +x /usr/lib/cgi-bin/log' | tail -n 1 >curl.command
}

@test "a cgi-bin: Apache with mod_cgid, and with mod_cgi" {
	place_stream
	start_apache 'ScriptAlias /cgi-bin/ /usr/lib/cgi-bin/' \
		mpm_event cgid alias
	shows_lines
	stop_all
	PORT=$(free_port)
	sed -i "s,127\.0\.0\.1:[0-9]*,127.0.0.1:$PORT," curl.command
	printf 'line 1\nline 2\n' >dpkg.log
	rm apache2.pid
	start_apache 'ScriptAlias /cgi-bin/ /usr/lib/cgi-bin/' \
		mpm_prefork cgi alias
	shows_lines
}

@test "a cgi-bin: lighttpd" {
	place_stream
	start_lighttpd 'server.modules += ( "mod_alias", "mod_cgi" )'
	shows_lines
	# It tells the program that its client has gone, before a heartbeat would.
	programs_are 1
	kill -KILL -- "-$PID"
	wait_until "$DEADLINE" programs_are 0
}

@test "a cgi-bin: nginx with fcgiwrap, two clients" {
	need fcgiwrap
	place_stream
	start_block fcgiwrap 'fcgiwrap -f -c 50 -s unix:/run/fcgiwrap.sock'
	listens fcgiwrap.sock
	start_nginx 'location /cgi-bin/ {'
	shows_lines
	start second bash curl.command
	wait_until "$DEADLINE" has second.out 'line 3'
}

@test "a cgi-bin: busybox" {
	need busybox
	place_stream
	start_block busybox 'busybox httpd -f -p 127.0.0.1:8080 -h /srv/www'
	shows_lines
}

@test "the page, in Chromium" {
	need chromium node lighttpd
	place_stream
	block '<pre id="log"></pre>' >page/index.html
	start_lighttpd 'server.modules += ( "mod_alias", "mod_cgi" )' \
		'index-file.names = ( "index.html" )' \
		'mimetype.assign = ( ".html" => "text/html" )'
	wait_until "$DEADLINE" port_answers
	start page env TMPDIR="$DIR" "$srcdir/tests/tools/page-watch" \
		--seconds 100 "$URL/" 'line 2' 'line 3' '(something is missing)'
	wait_until "$DEADLINE" grep -qx 'saw line 2' page.out
	echo 'line 3' >>dpkg.log
	wait_until "$DEADLINE" grep -qx 'saw line 3' page.out
	echo 'line 4' >dpkg.log
	wait_until "$DEADLINE" grep -qx 'saw (something is missing)' page.out
}

# ------------------------------------------- one process for all clients --

start_sse_fcgi() {
	start_block worker \
		'sse-fcgi --listen unix:/run/sse-fcgi.sock,group=www-data log=/var/log/dpkg.log'
	listens sse-fcgi.sock
}

serves_fcgi() {
	here 'curl -N http://localhost/sse/log' >curl.command
	shows_lines
	# What follows /sse is the name: this is none.
	run curl -s -o answer.out -w '%{http_code}' "$URL/sse/other"
	assert_output 404
	grep -q 'no such stream' answer.out
}

@test "sse-fcgi: nginx, and spawn-fcgi starts the worker" {
	need spawn-fcgi
	here 'spawn-fcgi -s /run/sse-fcgi.sock -u www-data -g www-data --' \
		>spawn.command
	"${ORDINARY[@]}" bash -e spawn.command {NEVER}>&- 3>&-
	# It goes before its child is the program.
	wait_until "$DEADLINE" programs_are 1
	# shellcheck disable=SC2034 # helper.bash ends them
	mapfile -t STARTED < <(programs)
	listens sse-fcgi.sock
	start_nginx 'location /sse/ {'
	serves_fcgi
}

@test "sse-fcgi: lighttpd" {
	start_sse_fcgi
	start_lighttpd 'server.modules += ( "mod_fastcgi" )'
	serves_fcgi
}

@test "sse-fcgi: Apache" {
	start_sse_fcgi
	start_apache '<Proxy "fcgi://sse" flushpackets=on timeout=300 retry=0>' \
		mpm_event proxy proxy_fcgi env
	serves_fcgi
}

@test "sse-fcgi: HAProxy" {
	need haproxy
	start_sse_fcgi
	here 'frontend site' >haproxy.cfg
	start haproxy haproxy -db -f "$DIR/haproxy.cfg"
	serves_fcgi
	# It has no warning.
	run cat haproxy.err
	refute_output --regexp 'WARNING|ALERT'
}

@test "sse-fcgi: Caddy" {
	need caddy
	start_sse_fcgi
	printf '{\n\tadmin off\n\tdefault_bind 127.0.0.1\n}\n' >Caddyfile
	here ':80 {' >>Caddyfile
	start caddy env "HOME=$DIR" caddy run --adapter caddyfile \
		--config "$DIR/Caddyfile"
	serves_fcgi
}

@test "sse-fcgi: systemd has these units, and the configuration is taken" {
	local unit

	run block 'systemctl enable --now sse-fcgi.socket sse-fcgi.service'
	for unit in ${output#systemctl enable --now }; do
		[ -e "$srcdir/systemd/$unit" ] ||
			[ -e "$srcdir/systemd/$unit.in" ]
	done
	grep -qx 'ListenStream=/run/sse-fcgi.sock' \
		"$srcdir/systemd/sse-fcgi.socket"
	here '[log]' >ssekit.conf
	sse-fcgi --check -f ssekit.conf >check
	grep -qx "source = $DIR/dpkg.log" check
	grep -qx '\[log\]' check
}

# ----------------------------------------------------------- what is sent --

@test "the gap of a truncated log" {
	start client "${CGI[@]}" "$PROGRAM" "$DIR/dpkg.log"
	wait_until "$DEADLINE" has client.out 'line 2'
	: >dpkg.log
	echo 'line 4' >>dpkg.log
	wait_until "$DEADLINE" has client.out 'line 4'
	grep -v '^id' client.out | grep -A 1 '^event: gap' |
		diff <(block 'event: gap') -
}

# several_ask NAME: a client of a stream of the example, in NAME.out.
several_ask() {
	start "$1" "$srcdir/tests/tools/fcgi-get" sse-fcgi.sock "$1"
	wait_until "$DEADLINE" grep -q '^retry: ' "$1.out"
}

@test "several streams, and what each does with its records" {
	here 'heartbeat = 30s' >several.conf
	touch service.log prices.json
	sse-fcgi --check -f several.conf >check
	[ "$(grep -c '^heartbeat = 30s' check)" = 4 ]
	start worker sse-fcgi --listen "unix:$DIR/sse-fcgi.sock" -f several.conf
	listens sse-fcgi.sock
	several_ask service
	several_ask errors
	several_ask prices
	printf '%s\n' '2026-11-20 Error in a health check' \
		'2026-11-20 Error: null' '  at Main.java:5' '2026-11-20 fine' \
		>>service.log
	sed -n 's/.*JSON object: //p' several.conf >>prices.json
	wait_until "$DEADLINE" has service.out '2026-11-20 fine'
	run messages service.out
	assert_line --index 1 '2026-11-20 Error: null\n  at Main.java:5'
	wait_until "$DEADLINE" has errors.out '2026-11-20 Error: null'
	run messages errors.out
	assert_output '2026-11-20 Error: null'
	wait_until "$DEADLINE" grep -qx 'event: price' prices.out
	wait_until "$DEADLINE" grep -qxF 'data: {"gold":1}' prices.out
}

@test "?since= begins at a time" {
	printf '%s\n' '2026-11-20 09:59:59 status before' \
		'2026-11-20 10:00:00 status after' >dpkg.log
	export TZ=UTC
	here 'heartbeat = 30s' >several.conf
	start worker sse-fcgi --listen "unix:$DIR/sse-fcgi.sock" -f several.conf
	listens sse-fcgi.sock
	start_nginx 'location /sse/ {'
	wait_until "$DEADLINE" port_answers
	start_block curl \
		"curl -N 'http://localhost/sse/packages?since=2026-11-20T10:00:00Z'"
	wait_until "$DEADLINE" has curl.out \
		'2026-11-20 10:00:00 status after'
	run messages curl.out
	refute_output --partial before
}

# ----------------------------------------------------- FIFOs and pipelines --

@test "a FIFO" {
	start_block worker 'mkfifo /run/jobs'
	listens sse-fcgi.sock
	start client "$srcdir/tests/tools/fcgi-get" sse-fcgi.sock jobs
	wait_until "$DEADLINE" grep -q '^retry: ' client.out
	echo 'job 1' >"$DIR/jobs"
	wait_until "$DEADLINE" has client.out 'job 1'
}

@test "a pipeline" {
	need vmstat
	start_block worker \
		'vmstat -n 1 | sse-fcgi --listen unix:/run/sse-fcgi.sock vmstat=-'
	listens sse-fcgi.sock
	start client "$srcdir/tests/tools/fcgi-get" sse-fcgi.sock vmstat
	wait_until "$DEADLINE" figures_are 2
}

figures_are() {
	[ "$(messages client.out | grep -c '^ *[0-9]')" -ge "$1" ]
}

# ---------------------------------------------------------------- options --

@test "--check prints each key, with where its value came from" {
	place_stream
	here 'sse-cgi --check -f /usr/lib/cgi-bin/log' >check.command
	bash -e check.command >check
	grep -qx "source = $DIR/dpkg.log" check
	[ "$(grep -c '^[a-z-]* =' check)" -gt 20 ]
	grep -q '; default$' check
}

# ----------------------------------------------------- streams of your own --

# With what `make install` gives, in a cgi-bin.
@test "the program in C" {
	local root=$DIR/installed

	need busybox cc pkg-config
	make -s -C "$builddir" install DESTDIR="$root" >install.out 2>&1
	block '#include <ssekit.h>' >hello.c
	# shellcheck disable=SC2016 # as it stands there
	here 'cc -o /usr/lib/cgi-bin/hello hello.c $(pkg-config --cflags --libs ssekit)' |
		sed "s/^cc /&$(sanitizers) /" >compile.command
	# Instead of a library in a folder of the system.
	PKG_CONFIG_SYSROOT_DIR=$root \
		PKG_CONFIG_PATH=$root/usr/local/lib/pkgconfig \
		bash -e compile.command
	export LD_LIBRARY_PATH=$root/usr/local/lib
	start_block busybox 'busybox httpd -f -p 127.0.0.1:8080 -h /srv/www'
	wait_until "$DEADLINE" port_answers
	start curl curl -sSN "$URL/cgi-bin/hello"
	wait_until "$DEADLINE" says_hello
	# A heartbeat after 15 s.
	wait_until "$DEADLINE" grep -qx : curl.out
}

# What the library was built with.
sanitizers() {
	sed -n 's/^SANITIZER_CFLAGS = //p' "$builddir/Makefile"
}

says_hello() {
	[ "$(messages curl.out)" = hello ]
}

# ------------------------------------------------------------ the whole of it --

@test "local links lead somewhere" {
	local page link links

	for page in README.md lib/README.md examples/README.md \
		packaging/README.md COMPARED.md; do
		links=$(grep -oE '\]\([^)]+\)' "$srcdir/$page" |
			sed -E 's/^\]\(([^)#]*).*/\1/' | grep -v '^http' || true)
		for link in $links; do
			[ -e "$srcdir/$(dirname "$page")/$link" ] ||
				fail "$page: $link is not there"
		done
	done
	[ "$(grep -cE '\]\([^)]+\)' "$README")" -gt 10 ]
	# Within the page: a heading.
	for link in $(grep -oE '\]\(#[^)]+\)' "$README" | tr -d '](#)'); do
		grep -qix "##* ${link//-/ }" "$README" || fail "#$link"
	done
}

@test "each block has its test" {
	awk '
		/^```/ { inside = !inside; first = inside; next }
		inside && first { sub(/ \\$/, ""); print; first = 0 }' \
		"${PAGES[@]}" >blocks
	[ "$(wc -l <blocks)" -gt 20 ]
	# A block is found by its first line.
	run uniq -d <(sort blocks)
	assert_output ''
	while IFS= read -r line; do
		grep -qF -e "'$line'" -e "\"$line\"" "$BATS_TEST_FILENAME" \
			"$srcdir/tests/e2e/who-may-read.bats" \
			"$srcdir/tests/e2e/quickstart.bats" \
			"$srcdir/tests/e2e/journal.bats" ||
			fail "no test takes: $line"
	done <blocks
}
