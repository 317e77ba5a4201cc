# examples-c.bash - the programs of examples/c behind a web server.
# shellcheck disable=SC2034,SC2154 # the tests use what is set here

# As the programs and pages write it.
TIME='[0-9-]{10} [0-9:]{8}'

# The programs go where examples/c/lighttpd.conf looks for them.
copy_examples() {
	local name

	mkdir "$DIR/fcgi-bin"
	for name in clock event fields timestamp cur-time; do
		cp "$builddir/examples/c/$name" "$DIR/cgi-bin/$name"
	done
	for name in clock-fcgi event fields timestamp cur-time broadcast; do
		cp "$builddir/examples/c/$name" "$DIR/fcgi-bin"
	done
	cp "$srcdir"/examples/page/*.html "$DIR/page"
	if [ "$(id -u)" = 0 ]; then
		chown -R 65534:65534 "$DIR"
	fi
}

# What start_server asks: c-lighttpd or c-nginx.
server_command() {
	local configuration=$DIR/server.conf

	need "${1#c-}"
	configure_server "c/${1#c-}.conf"
	sed -i -e "s#https://app\.example#http://127.0.0.1:$PORT#" \
		-e "s/127\.0\.0\.1:8080/127.0.0.1:$PORT/" "$configuration"
	case $1 in
	c-lighttpd)
		SERVER_COMMAND=(lighttpd -D -f "$configuration")
		;;
	c-nginx)
		SERVER_COMMAND=(nginx -e error.log -p "$DIR"
			-c "$configuration")
		;;
	esac
}

# start_fastcgi NAME: one process by spawn-fcgi; sets FASTCGI_PID.
start_fastcgi() {
	local program=$DIR/fcgi-bin/$1

	need spawn-fcgi
	[ -e "$program" ] || program+=-fcgi
	start "$1" spawn-fcgi -n -s "$DIR/$1.sock" -M 0666 -- "$program"
	FASTCGI_PID=$PID
	wait_until "$DEADLINE" [ -S "$DIR/$1.sock" ]
}

# both FUNCTION: with the folder of the CGI programs, then of the FastCGI ones.
both() {
	start_server c-lighttpd
	"$1" cgi-bin
	"$1" fcgi-bin
}

# stream NAME PATH [OPTION]...: curl in the background, answer in NAME.out.
stream() {
	local name=$1 path=$2

	shift 2
	start "$name" curl -sSN --max-time "$DEADLINE" "$@" "$URL/$path"
}

# head_of PATH [OPTION]...: of the answer to HEAD; it is in answer.head.
head_of() {
	local path=$1

	shift
	curl -sS --max-time "$DEADLINE" -I "$@" "$URL/$path" \
		>"$DIR/answer.head"
}

status_is() {
	head -n 1 "$DIR/answer.head" | grep -q "^HTTP/1.1 $1 " ||
		fail "$(cat "$DIR/answer.head")"
}

head_has() {
	tr -d '\r' <"$DIR/answer.head" | grep -qix -e "$1" ||
		fail "no $1 in: $(cat "$DIR/answer.head")"
}

# block_is FILE LINE...: whether a block of the stream is these lines.
block_is() {
	local file=$1 block

	shift
	block=$(printf '%s\n' "$@")
	awk -v RS= -v block="$block" '$0 == block { found = 1 }
		END { exit !found }' "$file" || fail "$(cat "$file")"
}

# page NAME[?QUERY] TEXT...: the page, until it has shown the texts in order;
# with PATTERNS set, what these match.
page() {
	local name=${1%%\?*} query=

	[ "$name" = "$1" ] || query="?${1#*\?}"
	shift
	need chromium node
	[ -n "${SERVER_PID:-}" ] || start_server c-lighttpd
	run "${ORDINARY[@]}" env TMPDIR="$DIR" \
		"$srcdir/tests/tools/page-watch" --seconds 100 \
		${PATTERNS:+--patterns} \
		"$URL/$name.html$query" "$@"
	assert_success
}
