#!/usr/bin/env bats
#
# What examples/README.md says of who may read, in each server: a stream that is
# protected is read by nobody else, whatever he calls it.

load helper
load pages
load document

prepare() {
	need curl
	PORT=$(free_port)
	URL=http://127.0.0.1:$PORT
	echo 'an open line' >open.log
	echo 'the secret' >secret.log
	chmod 644 ./*.log
	perl -e 'print "eve:", crypt("pass", "\$6\$salt\$"), "\n",
		"alice:", crypt("pass", "\$6\$salt\$"), "\n"' >htpasswd
	chmod 644 htpasswd
	mkdir -p page
	cat >sse.conf <<-END
		follow = no
		max-age = 1h
		[app]
		source = $DIR/open.log
		[secret]
		source = $DIR/secret.log
		origin = https://app.example
		allow-headers = Authorization
		[local]
		source = $DIR/open.log
		[orders]
		source = $DIR/secret.log
		select = server
		${SELECT:+[both]
		source = $DIR/secret.log
		select = $SELECT}
	END
}

# block FIRST-LINE, or "together": of the pages, or what the test has put
# together of them.
block() {
	case $1 in
	together) cat together ;;
	*) page_block "$1" ;;
	esac
}

# start_worker: as the package has it.
start_worker() {
	cp "$builddir/fcgi/sse-fcgi" "$DIR/cgi-bin/sse-fcgi"
	start worker "$DIR/cgi-bin/sse-fcgi" --log "$DIR/worker.log" \
		--listen "unix:$DIR/sse-fcgi.sock,mode=0666" -f "$DIR/sse.conf"
	WORKER_PID=$PID
	listens "$DIR/sse-fcgi.sock"
}

# start_site INNER OUTER HTTP: the block of README in a server, with these
# files in its location, beside that, and outside of the server.
start_site() {
	need nginx
	start_worker
	here 'location /sse/ {' | sed "/fastcgi_split_path_info/r $1" >streams
	cat >nginx.conf <<-END
		daemon off;
		pid nginx.pid;
		error_log error.log;
		$([ "$(id -u)" != 0 ] || echo "user nobody nogroup;")
		events { }
		http {
			access_log off;
			client_body_temp_path body;
			fastcgi_temp_path fastcgi;
			proxy_temp_path proxy;
			scgi_temp_path scgi;
			uwsgi_temp_path uwsgi;
			include $DIR/$3;
			server {
				listen 127.0.0.1:$PORT;
				include $DIR/streams;
				include $DIR/$2;
			}
		}
	END
	start nginx nginx -e error.log -p "$DIR" -c "$DIR/nginx.conf"
	wait_until "$DEADLINE" port_answers
}

# get PATH [OPTION]...: curl leaves the path as it is.
get() {
	local path=$1

	shift
	curl -sS --path-as-is --max-time "$DEADLINE" "$@" "$URL$path"
}

# status_of PATH [OPTION]...
status_of() {
	get "$@" -o /dev/null -w '%{http_code}'
}

# names_of PREFIX NAME: each way to name a stream that came to mind.
names_of() {
	cat <<-END
		$1/$2
		$1/$2/
		$1/$2//
		$1/$2/.
		$1/$2/app
		$1/$2/?x=1
		/$1/$2
		/.$1/$2
		$1//$2
		$1///$2
		$1/./$2
		$1/app/../$2
		$1/app/$2
		$1/x/../../$1/$2
		$1/%${2/#s/73}
		$1/%2f$2
		$1/%2e/$2
		$1/$2%2f
		$1/$2%20
		$1/%20$2
		$1/$2;a=b
		$1/$2.
		$1/$2.html
		$1/${2^}
		$1/${2^^}
		$1/?stream=$2
		$1?stream=$2
		$1/app?stream=$2
		$1/app/?stream=$2
		$1/?lastEventId=&stream=$2
		$1/?stream=app&stream=$2
		$1/?SSE_STREAM=$2
	END
}

# nobody_reads PREFIX NAME [OPTION]...: of curl, for each of the names.
nobody_reads() {
	local prefix=$1 name=$2

	shift 2
	names_of "$prefix" "$name" >names
	[ "$(wc -l <names)" -gt 30 ]
	rm -f answer.*
	# One curl for all of them.
	get_each <names "$@" -H 'SSE_STREAM: secret' -H "SSE-Stream: $name"
	[ "$(cat answer.* | wc -l)" -gt 30 ]
	if grep 'the secret' answer.*; then
		fail "$(cat -n names)"
		return 1 # also under run
	fi
}

# get_each [OPTION]...: the paths of stdin, each into an answer.NUMBER.
get_each() {
	awk -v "url=$URL" '{ printf "url = \"%s%s\"\noutput = answer.%d\n",
			url, $0, NR }' >urls
	curl -sS --globoff --path-as-is --max-time "$DEADLINE" -K urls "$@"
}

# open_and_protected PREFIX: eve alone reads the one, all read the other.
open_and_protected() {
	get "$1/app" | grep -qx 'data: an open line'
	get "$1/secret" -u eve:pass | grep -qx 'data: the secret'
	assert_equal "$(status_of "$1/secret")" 401
	nobody_reads "$1" secret
	nobody_reads "$1" secret -u eve:wrong
	nobody_reads "$1" orders -u eve:pass
}

@test "the names would find a stream that the query may name" {
	: >none
	SELECT='path query' prepare
	start_site none none none
	[[ $(get '/sse/?stream=both') == *'the secret'* ]]
	[[ $(get /sse/both) == *'the secret'* ]]
	run ! nobody_reads /sse both
}

@test "nginx: a path with a password, among open ones" {
	here 'location ^~ /sse/secret {' >inner
	: >none
	start_site inner none none
	open_and_protected /sse
	grep -q 'user=eve' worker.log
}

@test "nginx: the same as an exact location, a regular expression, or beside" {
	local how

	: >none
	for how in '= /sse/secret {' '~ ^/sse/secret {' '~ ^/sse/secret$ {' \
		'~* ^/sse/secret {' '/sse/secret {'; do
		here 'location ^~ /sse/secret {' |
			sed "1s|.*|location $how|" >inner
		start_site inner none none
		open_and_protected /sse
		kill_all
	done
	# A location of its own does not inherit how the path is split.
	{
		here 'location ^~ /sse/secret {' | sed '$d'
		here 'location /sse/ {' | sed -n '/include/,/PATH_INFO/p'
		echo '}'
	} >outer
	start_site none outer none
	open_and_protected /sse
}

kill_all() {
	kill -KILL -- "-$PID" "-$WORKER_PID" 2>/dev/null || true
	rm -f nginx.pid sse-fcgi.sock
}

@test "nginx: a page of another site asks with OPTIONS, without a password" {
	here 'location = /sse/secret {' >inner
	: >none
	start_site inner none none
	open_and_protected /sse
	run get /sse/secret -i -X OPTIONS -H 'Origin: https://app.example' \
		-H 'Access-Control-Request-Method: GET' \
		-H 'Access-Control-Request-Headers: authorization'
	assert_line --partial 'HTTP/1.1 204'
	assert_line --regexp \
		'^Access-Control-Allow-Origin: https://app.example.?$'
	assert_line --regexp \
		'^Access-Control-Allow-Headers: Last-Event-ID, Authorization.?$'
}

@test "nginx: a session in a cookie; it ends, and the stream with max-age" {
	here 'auth_request /session;' >inner
	# The program that knows the sessions, in nginx as well.
	here 'location = /session {' |
		sed "s,http://127.0.0.1:3000,$URL/program," >outer
	cat >>outer <<-'END'
		location /program {
			if (-f $document_root/ended) { return 401; }
			if ($cookie_session != "good") { return 401; }
			return 204;
		}
	END
	echo "root $DIR/page;" >http
	sed -i -e 's/^follow = no/heartbeat = 500ms/' \
		-e 's/^max-age = .*/max-age = 1s/' sse.conf
	start_site inner outer http
	nobody_reads /sse secret
	nobody_reads /sse secret -H 'Cookie: session=bad'
	get /sse/secret -H 'Cookie: session=good' >first
	has first 'the secret'
	echo 'after that' >>secret.log
	: >page/ended
	assert_equal "$(status_of /sse/secret -H 'Cookie: session=good' \
		-H "Last-Event-ID: $(last_id first)")" 401
	rm page/ended
	get /sse/secret -H 'Cookie: session=good' \
		-H "Last-Event-ID: $(last_id first)" >second
	assert_equal "$(messages second)" 'after that'
}

# signed PATH EXPIRES: its query.
signed() {
	local expires=$2

	# shellcheck disable=SC2016 # it stands there so
	here 'echo -n "$expires/sse/app SECRET" | openssl md5 -binary | openssl base64 | tr +/ -_ | tr -d =' |
		sed "s,/sse/app,$1," >sign.command
	echo "?md5=$(expires=$expires bash sign.command)&expires=$expires"
}

@test "nginx: a signed URL holds for its path and its time" {
	local later=$(($(date +%s) + 3600))

	need openssl
	# shellcheck disable=SC2016 # nginx's
	here 'secure_link $arg_md5,$arg_expires;' >inner
	: >none
	start_site inner none none
	get "/sse/secret$(signed /sse/secret "$later")" |
		grep -qx 'data: the secret'
	nobody_reads /sse secret
	assert_equal "$(status_of "/sse/secret$(signed /sse/app "$later")")" 403
	assert_equal "$(status_of "/sse/secret$(signed /sse/secret 1)")" 410
	run get "/sse/app$(signed /sse/app "$later")&stream=secret"
	assert_line 'data: an open line'
	refute_line 'data: the secret'
}

@test "nginx: a stream for each user; who is in no line has none" {
	# shellcheck disable=SC2016 # nginx's
	here 'map $remote_user $sse_stream {' >http
	here 'location = /my-log {' >outer
	: >none
	start_site none outer http
	get /my-log -u alice:pass | grep -qx 'data: the secret'
	assert_equal "$(status_of /my-log)" 401
	for query in '' '?stream=orders' '?stream=app'; do
		assert_equal "$(status_of "/my-log$query" -u eve:pass)" 404
	done
	nobody_reads /sse orders -u alice:pass
}

APACHE=(mpm_event authn_core authn_file authz_user authz_host auth_basic env
	proxy proxy_fcgi)


@test "Apache: a path with a password, another for this machine" {
	need apache2
	start_worker
	{
		page_block '<Proxy "fcgi://sse" flushpackets=on timeout=300 retry=0>'
		page_block '<Location "/sse/secret">'
		page_block '<Location "/sse/local">'
	} >together
	start_apache together "${APACHE[@]}"
	wait_until "$DEADLINE" port_answers
	open_and_protected /sse
	get /sse/local | grep -qx 'data: an open line'
	grep -q 'user=eve' worker.log
}

@test "Apache: a name of a program in the cgi-bin" {
	need apache2
	multi
	{
		page_block 'ScriptAlias /cgi-bin/ /usr/lib/cgi-bin/'
		page_block '<Location "/sse/secret">' |
			sed 's,/sse/,/cgi-bin/multi/,'
		page_block '<Location "/sse/local">' |
			sed -e 's,/sse/local,/cgi-bin/multi/orders,' \
				-e 's,local,all denied,'
	} >together
	start_apache together mpm_prefork authn_core authn_file authz_user \
		authz_host auth_basic env cgi alias
	wait_until "$DEADLINE" port_answers
	open_and_protected /cgi-bin/multi
}

# A program with several streams.
multi() {
	cp "$builddir/cgi/sse-cgi" "$DIR/cgi-bin/sse-cgi"
	{
		echo "#!$DIR/cgi-bin/sse-cgi -f"
		cat sse.conf
	} >cgi-bin/multi
	chmod 755 cgi-bin/multi
}

@test "lighttpd: a path with a password" {
	need lighttpd
	start_worker
	{
		page_block 'server.modules += ( "mod_auth", "mod_authn_file" )'
		page_block 'server.modules += ( "mod_fastcgi" )'
	} >together
	start_lighttpd together
	wait_until "$DEADLINE" port_answers
	open_and_protected /sse
	grep -q 'user=eve' worker.log
}

# haproxy_conf SED-EXPRESSION: the page's, with its line for a password.
haproxy_conf() {
	need haproxy
	start_worker
	page_block '    http-request auth realm logs if { path,url_dec -m beg /sse/secret } !{ http_auth(logs) }' |
		sed -E "$1" >auth
	[ -s auth ]
	here 'frontend site' | sed '/http-no-delay/{
		r auth
		:end
		n
		b end
	}' >haproxy.cfg
	page_block 'userlist logs' |
		sed "s,HASH,$(sed -n 's/^eve://p' htpasswd)," >>haproxy.cfg
	start haproxy haproxy -db -f "$DIR/haproxy.cfg"
	wait_until "$DEADLINE" port_answers
}

@test "HAProxy: a path with a password" {
	haproxy_conf ''
	open_and_protected /sse
}

@test "HAProxy: a path as it was sent is not what the worker is given" {
	haproxy_conf 's/,url_dec -m beg//'
	run ! nobody_reads /sse secret
}

@test "Caddy: a path with a password" {
	local hash

	need caddy
	start_worker
	# As caddy hash-password makes it, but for an old machine.
	hash=$(perl -e 'print crypt("pass", "\$2b\$04\$" . "s" x 21 . "u")')
	{
		printf '{\n\tadmin off\n\tdefault_bind 127.0.0.1\n}\n'
		here ':80 {' | sed '1q'
		page_block 'basicauth /sse/secret* {' | sed "s|HASH|$hash|"
		# Without this there is nothing in an answer 401.
		printf 'handle_errors {\n\trespond "%s\n"\n}\n' \
			'{err.status_code} {err.status_text}'
		here ':80 {' | sed '1d'
	} >Caddyfile
	start caddy env "HOME=$DIR" caddy run --adapter caddyfile \
		--config "$DIR/Caddyfile"
	wait_until "$DEADLINE" port_answers
	open_and_protected /sse
}

@test "lighttpd: a name of a program in the cgi-bin" {
	need lighttpd
	multi
	{
		page_block 'server.modules += ( "mod_auth", "mod_authn_file" )' |
			sed 's,/sse/,/cgi-bin/multi/,'
		page_block 'server.modules += ( "mod_alias", "mod_cgi" )'
	} >together
	start_lighttpd together
	wait_until "$DEADLINE" port_answers
	open_and_protected /cgi-bin/multi
}
