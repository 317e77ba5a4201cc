#!/usr/bin/env bats
#
# One stream file with several streams: as a program in a real cgi-bin, and
# given to sse-fcgi; and stream files that are wrong.

load helper
load cgi

prepare() {
	need curl node
	cp "$builddir/fcgi/sse-fcgi" "$DIR/cgi-bin/sse-fcgi"
	SECOND=$DIR/second
	append 'line 1' 'line 2'
	printf 'second 1\n' >"$SECOND"
	place logs <<-END
		#!$PROGRAM -f
		select = path query
		heartbeat = 1s

		[access]
		source = $LOG
		from = -50

		[error]
		source = $SECOND
		event = problem
		from = start
	END
}

# both_come PREFIX PATH [/]: both streams to their last lines, in files whose
# names begin with the prefix, one named by the path and one by the query, before
# which nginx wants a slash.
both_come() {
	local prefix=$1

	stream_of "$prefix-path" "$2/access"
	stream_of "$prefix-query" "$2${3:-}?stream=error"
	append "$prefix 3"
	echo "$prefix 2" >>"$SECOND"
	wait_until "$DEADLINE" has_data "$prefix-path.out" "$prefix 3"
	wait_until "$DEADLINE" has_data "$prefix-query.out" "$prefix 2"
}

stream_of() {
	start "$1" curl -sSN --max-time "$DEADLINE" "$URL/$2"
	wait_until "$DEADLINE" grep -q '^data: ' "$1.out"
}

has_data() {
	grep -qxF "data: $2" "$1"
}

# in_a_cgi_bin SERVER
in_a_cgi_bin() {
	start_server "$1"
	both_come cgi cgi-bin/logs
	run messages cgi-path.out
	assert_output $'line 1\nline 2\ncgi 3'
	run decode cgi-query.out
	assert_line --regexp $'^problem\t.+\tsecond 1$'
	assert_line --regexp $'^problem\t.+\tcgi 2$'
	# The path is stronger.
	stream_of stronger 'cgi-bin/logs/access?stream=error'
	has_data stronger.out 'line 1'
	for path in logs logs/ logs/other 'logs?stream=other'; do
		answer "$path"
		status_is 404
		plain_line
	done
}

@test "in the cgi-bin of Apache with mod_cgid: by the path and by the query" {
	in_a_cgi_bin apache-event
}

@test "in the cgi-bin of Apache with mod_cgi: by the path and by the query" {
	in_a_cgi_bin apache-prefork
}

@test "in the cgi-bin of lighttpd: by the path and by the query" {
	in_a_cgi_bin lighttpd
}

# The worker with the stream file, and nginx before it.
start_worker_site() {
	start worker "$DIR/cgi-bin/sse-fcgi" -f "$DIR/cgi-bin/logs" \
		--listen "unix:$DIR/sse.sock,mode=0666"
	wait_until "$DEADLINE" test -S sse.sock
	start_server fcgi-nginx
}

@test "given to sse-fcgi: the same events with the same ids" {
	local name

	start_server lighttpd
	both_come cgi cgi-bin/logs
	stop_server
	start_worker_site
	for name in path query; do
		cp "cgi-$name.out" "before-$name"
	done
	both_come fcgi sse /
	for name in path query; do
		# What the one has sent, the other has sent, too; then its own.
		diff <(decode "before-$name") \
			<(decode "fcgi-$name.out" | sed '$d')
		[ "$(decode "fcgi-$name.out" | wc -l)" -ge 3 ]
	done
	# The id of the one is good for the other.
	append 'line 5'
	start back curl -sSN --max-time "$DEADLINE" \
		-H "Last-Event-ID: $(last_id before-path)" "$URL/sse/access"
	wait_until "$DEADLINE" has_data back.out 'line 5'
	run messages back.out
	assert_output $'fcgi 3\nline 5'
	run gaps back.out
	assert_output ''
}

# The keys of streams, by --help.
keys_of_streams() {
	"$1" --help | sed -n '/^For all streams/,$s/^ *--\([^ ]*\) .*/\1/p'
}

# Each value behind a line that says where it came from: NAME KEY FROM VALUE.
values() {
	awk '
	/^\[/ { name = $0; next }
	/^; / { from = substr($0, 3); next }
	/^$/ { next }
	{
		key = $1
		sub(/^[^ ]+ = ?/, "")
		print name, key, "(" from ")", $0
		from = "nowhere"
	}' "$1"
}

@test "--check prints every value of it and where it came from" {
	local reader file=$DIR/cgi-bin/logs

	for reader in sse-cgi sse-fcgi; do
		"$DIR/cgi-bin/$reader" --check -f "$file" >"$reader.check"
		diff <(grep '^\[' "$reader.check") <(echo '[access]
[error]')
		diff <(values "$reader.check" | awk '{ print $1, $2 }') \
			<(keys_of_streams "$DIR/cgi-bin/$reader" |
				sed 's/^/[access] /p; s/access/error/' |
				sort -sk1,1)
		run values "$reader.check"
		assert_line "[access] source ($file:6) $LOG"
		assert_line "[access] from ($file:7) -50"
		assert_line "[access] heartbeat ($file:3) 1s"
		assert_line "[access] event (default) "
		assert_line "[error] source ($file:10) $SECOND"
		assert_line "[error] event ($file:11) problem"
		assert_line "[error] from ($file:12) start"
		assert_line "[error] heartbeat ($file:3) 1s"
		assert_line "[error] retry (default) 2s"
		refute_output --partial nowhere
	done
	diff sse-cgi.check sse-fcgi.check
}

@test "what --check prints is a stream file that serves the same" {
	"$PROGRAM" --check -f cgi-bin/logs >first.check
	{ echo "#!$PROGRAM -f" && cat first.check; } | place again
	"$PROGRAM" --check -f cgi-bin/again >second.check
	diff <(sed '/^;/d' first.check) <(sed '/^;/d' second.check)
	start_server lighttpd
	both_come first cgi-bin/logs
	cp first-path.out before-path
	cp first-query.out before-query
	both_come second cgi-bin/again
	diff <(decode before-path) <(decode second-path.out | sed '$d')
	diff <(decode before-query) <(decode second-query.out | sed '$d')
}

# ------------------------------------------------------------ what is wrong --

# wrong NAME TEXT EXPRESSION: a stream file with that text behind its first
# line; the message has this after its name.
wrong() {
	printf '%s' "$3" >"$1.expected"
	{ printf '#!%s -f\n' "$PROGRAM" && printf '%b' "$2"; } | place "$1"
}

long() {
	head -c "$1" /dev/zero | tr '\0' x
}

wrong_files() {
	local source="source = $LOG"

	wrong key "$source\nheartbeet = 1s\n" \
		':3: unknown key .*heartbeet.*; the keys are source generations field match'
	wrong value "$source\nheartbeat = soon\n" \
		':3: heartbeat: .*soon.* is no time from 100ms to 1h'
	wrong key-twice "$source\nretry = 1s\nretry = 1s\n" \
		':4: retry: is already set in line 3'
	wrong section-twice "[a]\n$source\n[b]\n$source\n[a]\n" \
		':6: there is already a stream .*a.*, in line 2'
	wrong name "[a/../b]\n$source\n" \
		':2: .*a/../b.* is no name of a stream (1 to 64 of A-Z'
	wrong no-end "[a\n$source\n" ':2: .*\[a.* begins a section, which is'
	wrong no-source '[a]\nretry = 1s\n' ':2: stream .*a.* has no source; add'
	wrong word "$source\nretry 1s\n" ':3: .*retry 1s.* is neither .*key = value'
	wrong nul "$source\nevent = a\\0000b\n" \
		':3: there is a NUL in the line; UTF-8 without NUL, up to 4096'
	wrong encoding "$source\nevent = \\0377\n" \
		':3: the line is no valid UTF-8; UTF-8 without NUL'
	wrong stdin 'source = -\n' ':2: source: .*-.* is standard input'
	wrong of-program "[a]\n$source\nlog = syslog\n" \
		':4: log: stands before the first .*\[name\]'
	wrong line "$source\n# $(long 102400)\n" \
		':3: the line is too long; .*up to 4096 bytes, is allowed'
	wrong size "$source\n" ': is too large; 1048576 bytes are allowed'
	yes '# comment' | head -c 1048577 >>cgi-bin/size
}

@test "wrong: exit 100, 500 with one plain line, and the place on stderr" {
	local name

	wrong_files
	for name in *.expected; do
		name=${name%.expected}
		run --separate-stderr timeout "$DEADLINE" "${ORDINARY[@]}" \
			"${CGI[@]}" "$DIR/cgi-bin/$name"
		assert_equal "$name $status" "$name 100"
		# shellcheck disable=SC2154 # by run
		assert_equal "$name ${#stderr_lines[@]}" "$name 1"
		grep -q "^sse-cgi: $DIR/cgi-bin/$name$(cat "$name.expected")" \
			<<<"$stderr" || fail "$name: $stderr"
		assert_line --index 0 --regexp '^Status: 500 '
		assert_line --regexp '^Content-Type: text/plain'
		assert_equal "$(sed '1,/^\r$/d' <<<"$output" | wc -l)" 1
		refute_output --partial "$DIR"
		# The worker says the same of it, and serves nothing.
		run --separate-stderr timeout "$DEADLINE" "${ORDINARY[@]}" \
			"$DIR/cgi-bin/sse-fcgi" --listen "unix:$DIR/sse.sock" \
			-f "$DIR/cgi-bin/$name"
		assert_equal "$name $status $output" "$name 100 "
		grep -q "^sse-fcgi: $DIR/cgi-bin/$name$(cat "$name.expected")" \
			<<<"$stderr" || fail "$name: $stderr"
		[ ! -e sse.sock ]
	done
}

# wrong_in_a_cgi_bin SERVER
wrong_in_a_cgi_bin() {
	local name

	wrong_files
	start_server "$1"
	for name in *.expected; do
		name=${name%.expected}
		answer "$name"
		status_is 500
		plain_line
		logged "cgi-bin/$name$(cat "$name.expected")"
	done
}

@test "wrong in the cgi-bin of Apache with mod_cgid: 500, the place logged" {
	wrong_in_a_cgi_bin apache-event
}

@test "wrong in the cgi-bin of Apache with mod_cgi: 500, the place logged" {
	wrong_in_a_cgi_bin apache-prefork
}

@test "wrong in the cgi-bin of lighttpd: 500, the place logged" {
	wrong_in_a_cgi_bin lighttpd
}
