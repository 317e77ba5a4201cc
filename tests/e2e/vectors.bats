#!/usr/bin/env bats
#
# The http vectors of tests/vectors: what the standards demand of an answer.
# Directly, and behind servers, which answer some requests themselves.

load helper

# A vector asks for one of these profiles; each is a stream file.  The
# heartbeat is short, since without it a program behind a server would outlive
# its client, and hold the FIFO.
prepare() {
	need node
	event 1 2 3 4 5 >history
	event 1 2 3 >finished
	event 3 4 5 >rest
	mkfifo -m 666 idle
	profile base history
	profile cors history \
		'origin = https://app.example https://admin.example:8443' \
		'credentials = yes'
	profile cors-any history 'origin = *'
	profile window rest
	PROFILES=(base cors cors-any window)
}

# event N...: records of the format json.
event() {
	local number

	for number; do
		printf '{"id":"%s","data":"e%s"}\n' "$number" "$number"
	done
}

# profile NAME HISTORY [LINE]...
profile() {
	local name=$1 history=$2

	shift 2
	place "$name" <<-END
		#!$PROGRAM -f
		heartbeat = 1s
		format = json
		ids = record
		from = start
		select = path query
		$(printf '%s\n' "$@")
		[log]
		source = $DIR/$history
		[idle]
		source = $DIR/idle
		[done]
		source = $DIR/finished
		follow = no
	END
}

# vectors OPTION...: more of them at once than the runner's default, and watched
# for a shorter time, since most of the time is spent waiting.
vectors() {
	run "${ORDINARY[@]}" node "$srcdir/tests/vectors/run-vectors.mjs" http \
		"$srcdir/tests/vectors/http.public.json" --jobs=12 \
		--observe=1000 "$@"
	echo "# $BATS_TEST_DESCRIPTION: ${lines[-1]}" >&3
	assert_success
	assert_line --partial ' 0 failed, 0 warnings,'
}

# targets OPTION PREFIX: OPTION=PROFILE=PREFIX/PROFILE for each.
targets() {
	local name

	for name in "${PROFILES[@]}"; do
		echo "--$1=$name=$2/$name"
	done
}

@test "directly, with the name in the path" {
	# shellcheck disable=SC2046 # words
	vectors $(targets cgi "$DIR/cgi-bin")
}

@test "directly, with the name in the query" {
	# shellcheck disable=SC2046 # words
	vectors --style=query $(targets cgi "$DIR/cgi-bin")
}

# behind SERVER
behind() {
	start_server "$1"
	# shellcheck disable=SC2046 # words
	vectors $(targets url "$URL/cgi-bin")
}

@test "behind lighttpd" {
	behind lighttpd
}

@test "behind Apache" {
	behind apache-event
}

@test "behind nginx and fcgiwrap" {
	behind nginx-fcgiwrap
}

# Each profile is a worker of its own, and a copy of the example's location.
@test "behind nginx and sse-fcgi" {
	local name

	cp "$builddir/fcgi/sse-fcgi" "$DIR/cgi-bin/sse-fcgi"
	for name in "${PROFILES[@]}"; do
		tail -n +2 "$DIR/cgi-bin/$name" >"$DIR/$name.conf"
		start "worker-$name" "$DIR/cgi-bin/sse-fcgi" \
			--listen "unix:$DIR/$name.sock,mode=0666" \
			-f "$DIR/$name.conf"
		wait_until "$DEADLINE" test -S "$DIR/$name.sock"
	done
	PORT=$(free_port)
	awk -v names="${PROFILES[*]}" '
	/^\t\tlocation \/sse\// { inside = 1 }
	inside { block = block $0 "\n" }
	!inside { print }
	inside && /^\t\t}/ {
		inside = 0
		count = split(names, list, " ")
		for (i = 1; i <= count; i++) {
			copy = block
			gsub("/sse", "/" list[i], copy)
			gsub("sse.sock", list[i] ".sock", copy)
			print copy
		}
	}' "$srcdir/examples/nginx/sse-fcgi.conf" |
		sed "s/127\.0\.0\.1:8080/127.0.0.1:$PORT/" >server.conf
	start nginx nginx -e error.log -p "$DIR" -c "$DIR/server.conf"
	wait_until "$DEADLINE" test -s nginx.pid
	# shellcheck disable=SC2046 # words
	vectors $(targets url "http://127.0.0.1:$PORT")
}

# It would be no test if all passed.
@test "another program does not pass" {
	run node "$srcdir/tests/vectors/run-vectors.mjs" http \
		"$srcdir/tests/vectors/http.public.json" --only=H001 \
		--observe=200 --cgi='base=cat history'
	assert_failure 1
}
