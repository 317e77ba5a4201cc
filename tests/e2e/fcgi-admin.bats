#!/usr/bin/env bats
#
# What an administrator of sse-fcgi sees of it, and does with it while it runs.

load helper
load fcgi
load crowd

GET=$srcdir/tests/tools/fcgi-get

# page STREAM...: by the web server's word; the answer is in output.
page() {
	run timeout "$DEADLINE" "$GET" --set "$DIR/sse.sock" "$@"
	assert_success
}

# counter NAME [STREAM]: from the status page.
counter() {
	page status
	# shellcheck disable=SC2154 # by run
	node -e '
		const [text, name, stream] = process.argv.slice(1);
		const page = JSON.parse(text.slice(text.indexOf("\n\n")));
		const of = stream ? page.streams[stream] : page.worker;
		const value = name.split(".").reduce((at, key) => at[key], of);
		console.log(value);' "$output" "$@"
}

counter_is() {
	[ "$(counter "${@:2}")" = "$1" ]
}

reload() {
	local before

	before=$(reloads)
	kill -HUP "$WORKER_PID"
	wait_until "$DEADLINE" reloaded "$before"
}

reloads() {
	grep -c 'configuration is' worker.log || true
}

reloaded() {
	(($(reloads) > $1))
}

# start_get NAME STREAM [ID]: an answer that does not end, in NAME.out.
start_get() {
	local name=$1

	shift
	start "$name" "$GET" "$DIR/sse.sock" "$@"
}

# got NAME N: line N has arrived there.
got() {
	grep -q "^data: line $2 " "$1.out"
}

@test "status: the counters tell what has happened" {
	need node
	# A heartbeat is a frame, too.
	configure record-max=1K heartbeat=1h
	write_lines 3
	start_worker --status status
	start_get first log
	wait_until "$DEADLINE" got first 2
	assert_equal "$(counter subscribers log)" 1
	assert_equal "$(counter source log)" open
	assert_equal "$(counter frames log)" 3
	assert_equal "$(counter sent_frames log)" 3
	start_get second log nonsense
	wait_until "$DEADLINE" grep -q '^event: gap' second.out
	assert_equal "$(counter clients log)" 2
	assert_equal "$(counter resumes log)" 1
	assert_equal "$(counter gaps.unknown log)" 1
	write_lines 1 2000
	wait_until "$DEADLINE" grep -q 'bytes left out' first.out
	assert_equal "$(counter cut_records log)" 1
	kill -KILL -- "-$PID"
	wait_until "$DEADLINE" counter_is 1 gone.left log
	assert_equal "$(counter subscribers log)" 1
	(($(counter descriptors) > 3))
	(($(counter resident_bytes) > 100000))
}

@test "status: searches that are given up are counted, and told once" {
	local i hard=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!

	need node
	configure 'exclude=(a+)+$' 'include=^line|(a+)+$' heartbeat=1h
	for ((i = 0; i < 3; i++)); do
		echo "$hard"
	done >log
	write_lines 1
	start_worker --status status
	start_get first log
	wait_until "$DEADLINE" got first 0
	assert_equal "$(grep -c "^data: $hard" first.out)" 3
	wait_until "$DEADLINE" counter_is 6 given_up_searches log
	run grep -c 'given up' worker.log
	assert_output 2
	run cat worker.log
	assert_line --partial ' log: include: a search reached its limit of steps'
	assert_line --partial ' log: exclude: a search reached its limit of steps'
}

@test "status: refused clients and private readers are counted" {
	need node
	configure stream-clients=1
	write_lines 1
	start_worker --status status
	start_get first log
	wait_until "$DEADLINE" got first 0
	run "$GET" "$DIR/sse.sock" log
	assert_line --regexp '^retry: [23][0-9]{4}$'
	assert_equal "$(counter refused log)" 1
}

@test "status: another parser of OpenMetrics takes it" {
	need node /usr/bin/python3
	configure
	write_lines 3
	start_worker --status status "second=$LOG"
	start_get first log
	wait_until "$DEADLINE" got first 2
	run "$GET" --set --accept \
		'application/openmetrics-text;version=1.0.0,text/plain;q=0.5' \
		"$DIR/sse.sock" status
	assert_success
	assert_line --index 0 \
		'Content-Type: application/openmetrics-text; version=1.0.0; charset=utf-8'
	run /usr/bin/python3 -c '
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
text = sys.stdin.read().split("\n\n", 1)[1]
families = {f.name: f for f in text_string_to_metric_families(text)}
samples = {(s.name, tuple(sorted(s.labels.items()))): s.value
	for f in families.values() for s in f.samples}
print(len(families) > 20)
print(int(samples[("sse_stream_subscribers", (("stream", "log"),))]))
print(int(samples[("sse_stream_frames_total", (("stream", "log"),))]))
print(families["sse_stream_frames"].type)' <<<"$output"
	assert_output $'True\n1\n3\ncounter'
}

@test "status: nobody finds it by a name or a query" {
	need node curl
	configure
	write_lines 1
	start_worker --status sse-status
	start_server fcgi-nginx
	for path in sse/sse-status 'sse/?stream=sse-status' 'sse/sse-status/x'; do
		run curl -s -o /dev/null -w '%{http_code}' "$URL/$path"
		refute_output 200
	done
	run curl -s "$URL/sse-status"
	assert_output --partial '"subscribers": 0'
	run curl -s -I "$URL/sse-status"
	assert_output --partial 'application/json'
	run curl -s -o /dev/null -w '%{http_code}' -X POST "$URL/sse-status"
	assert_output 404
	# And not at all where it was not asked for.
	kill_worker
	start_worker
	run curl -s -o /dev/null -w '%{http_code}' "$URL/sse-status"
	assert_output 404
}

@test "the log tells who connects and disconnects, unless it is to be quiet" {
	need node
	configure
	write_lines 1
	start_worker
	start_get first log
	wait_until "$DEADLINE" got first 0
	kill -KILL -- "-$PID"
	wait_until "$DEADLINE" grep -q ' disconnect ' worker.log
	run sed 's/^[^ ]* //; s/seconds=[0-9.]*/seconds=S/' worker.log
	assert_line --index 0 'sse-fcgi: connect stream=log address=- start=new'
	assert_line --index 1 --regexp \
		'^sse-fcgi: disconnect stream=log address=- why=left seconds=S frames=1 bytes=[0-9]+$'
	kill_worker
	rm worker.log
	start_worker --quiet
	start_get second log
	wait_until "$DEADLINE" got second 0
	kill_worker
	run cat worker.log
	assert_output ''
}

@test "a log that was moved away is made anew" {
	need node
	configure
	write_lines 1
	start_worker
	mv worker.log worker.1.log
	kill -HUP "$WORKER_PID"
	wait_until "$DEADLINE" test -e worker.log
	start_get first log
	wait_until "$DEADLINE" grep -q ' connect ' worker.log
	refute grep -q ' connect ' worker.1.log
}

@test "a full disk, and no syslog: the stream goes on" {
	local where i=0

	need node
	configure
	write_lines 1
	for where in /dev/full syslog; do
		rm -f sse.sock
		start worker "$DIR/cgi-bin/sse-fcgi" --log "$where" \
			--listen "unix:$DIR/sse.sock,mode=0666" -f sse.conf
		WORKER_PID=$PID
		wait_until "$DEADLINE" test -S sse.sock
		start_get "client$i" log
		wait_until "$DEADLINE" got "client$i" 0
		kill -HUP "$WORKER_PID"
		write_lines 1
		wait_until "$DEADLINE" got "client$i" $((i + 1))
		i=$((i + 1))
		stop_all
	done
}

@test "SIGHUP: what is unchanged goes on, what is changed or gone ends" {
	need node
	printf '%s\n' '[same]' "source = $LOG" '[other]' "source = $LOG" \
		'[gone]' "source = $LOG" >sse.conf
	write_lines 1
	start_worker --status status
	for name in same other gone; do
		start_get "$name" "$name"
		wait_until "$DEADLINE" got "$name" 0
	done
	printf '%s\n' '[new]' "source = $LOG" '[same]' "source = $LOG" \
		'[other]' "source = $LOG" 'heartbeat = 1s' >sse.conf
	reload
	# The request ends in good order: fcgi-get ends with 0.
	wait_until "$DEADLINE" grep -q 'stream=other .*why=reload' worker.log
	wait_until "$DEADLINE" grep -q 'stream=gone .*why=reload' worker.log
	write_lines 1
	wait_until "$DEADLINE" got same 1
	refute got other 1
	refute got gone 1
	run "$GET" "$DIR/sse.sock" gone
	assert_line 'Status: 404 Not Found'
	for name in new other; do
		start_get "$name" "$name"
		wait_until "$DEADLINE" got "$name" 1
	done
	assert_equal "$(counter subscribers same)" 1
	assert_equal "$(counter clients same)" 1
	assert_equal "$(counter reloads)" 1
	page status
	refute_output --partial '"gone": {"source"'
}

@test "SIGHUP: a bad configuration changes nothing and says why" {
	need node
	configure
	write_lines 1
	start_worker --status status
	start_get client log
	wait_until "$DEADLINE" got client 0
	echo 'hearbeat = 1s' >>sse.conf
	reload
	run cat worker.log
	assert_output --partial "the configuration is refused: $DIR/sse.conf:4: unknown key \"hearbeat\""
	rm sse.conf
	reload
	run cat worker.log
	assert_output --partial "the configuration is refused: $DIR/sse.conf: No such file"
	# As an editor leaves it for a moment.
	: >sse.conf
	reload
	run cat worker.log
	assert_output --partial "the configuration is refused: there is no stream"
	write_lines 1
	wait_until "$DEADLINE" got client 1
	assert_equal "$(counter reloads_failed)" 3
	assert_equal "$(counter clients log)" 1
}

# listens ADDRESS: so does the configuration from now on.
listens() {
	printf '%s\n' "listen = $1" '[log]' "source = $LOG" >sse.conf
}

@test "SIGHUP: another listen waits for a restart, and a wrong one is refused" {
	local first="unix:$DIR/sse.sock,mode=0666" wrong

	write_lines 1
	listens "$first"
	start worker "$DIR/cgi-bin/sse-fcgi" --log "$DIR/worker.log" \
		-f "$DIR/sse.conf"
	WORKER_PID=$PID
	wait_until "$DEADLINE" test -S sse.sock
	for wrong in "$DIR/other.sock" "unix:$DIR/other.sock,mode=888" \
		"unix:$DIR/other.sock,owner=root" tcp:0.0.0.0:9000 \
		tcp:127.0.0.1:70000; do
		listens "$wrong"
		reload
		run tail -n 1 worker.log
		assert_output --partial \
			"the configuration is refused: $DIR/sse.conf:1: listen: \"${wrong:0:4}"
	done
	run grep -c 'the socket stays' worker.log
	assert_output 0
	# What it is called by is not looked up in a sandbox.
	listens "unix:$DIR/other.sock,user=nobody"
	reload
	run grep -c 'listen: the socket stays as it is until a restart' worker.log
	assert_output 1
	listens "$first"
	reload
	run grep -c 'the socket stays' worker.log
	assert_output 1
	run grep -c 'the configuration is read anew' worker.log
	assert_output 2
	start_get client log
	wait_until "$DEADLINE" got client 0
}

# logs_to PATH: so does the configuration from now on.
logs_to() {
	printf '%s\n' "log = $1" '[log]' "source = $LOG" >sse.conf
}

@test "SIGHUP: a log that was moved away is made again, and a wrong one stays" {
	logs_to "$DIR/worker.log"
	start worker "$DIR/cgi-bin/sse-fcgi" \
		--listen "unix:$DIR/sse.sock,mode=0666" -f "$DIR/sse.conf"
	WORKER_PID=$PID
	wait_until "$DEADLINE" test -S sse.sock
	wait_until "$DEADLINE" test -f worker.log
	mv worker.log moved.log
	: >worker.log
	chmod 666 worker.log
	reload
	# With a folder in its place nothing is lost of what is said.
	logs_to "$DIR"
	reload
	run tail -n 2 worker.log
	assert_line --index 0 --partial \
		"sse-fcgi: $DIR/sse.conf:1: log: \"$DIR\" cannot be opened, and the log stays what it is: Is a directory"
	assert_line --index 1 --partial 'the configuration is read anew'
	refute grep -q 'configuration' moved.log
}

@test "SIGHUP: a FIFO and standard input keep being read" {
	need node
	mkfifo -m 666 fifo feed
	printf '%s\n' '[fifo]' "source = $DIR/fifo" >sse.conf
	# shellcheck disable=SC2016 # of that shell
	start worker bash -c 'exec "$0" "$@" <feed' \
		"$DIR/cgi-bin/sse-fcgi" --listen "unix:$DIR/sse.sock,mode=0666" \
		--log "$DIR/worker.log" -f sse.conf in=-
	WORKER_PID=$PID
	start feeder bash -c 'exec tail -f /dev/null >feed'
	wait_until "$DEADLINE" test -S sse.sock
	for name in fifo in; do
		start_get "$name" "$name"
		wait_until "$DEADLINE" grep -q '^id: ' "$name.out"
	done
	echo 'line 0 ' >fifo
	echo 'line 0 ' >feed
	wait_until "$DEADLINE" got fifo 0
	wait_until "$DEADLINE" got in 0
	# Of these, the file's is changed.
	echo 'heartbeat = 1s' >>sse.conf
	reload
	echo 'line 1 ' >fifo
	echo 'line 1 ' >feed
	wait_until "$DEADLINE" got in 1
	start_get again fifo
	wait_until "$DEADLINE" got again 1
}

@test "a thousand clients, reloaded and restarted with systemd's socket" {
	local i

	configure heartbeat=1s
	start supervise "$srcdir/tests/tools/supervise" "$DIR/sse.sock" \
		"$DIR/cgi-bin/sse-fcgi" --log "$DIR/worker.log" -f sse.conf
	wait_until "$DEADLINE" grep -qx 'told READY=1' supervise.out
	crowd 1999 --subscribers 1000
	for ((i = 0; i < 20; i++)); do
		write_lines 100
		WORKER_PID=$(sed -n 's/^pid //p' supervise.out | tail -n 1)
		case $((i % 5)) in
		1)
			configure "heartbeat=$((i + 2))s"
			kill -HUP "$WORKER_PID"
			;;
		3)
			kill -TERM "$WORKER_PID"
			wait_until "$DEADLINE" gone "$WORKER_PID"
			;;
		esac
		read -rt 0.2 -u "$NEVER" || true
	done
	all_is_well 1000
	run tail -n 1 crowd.out
	assert_output --partial ' gaps 0 '
	run cat supervise.out
	assert_line 'told RELOADING=1'
	assert_line --regexp '^told MONOTONIC_USEC=[0-9]+$'
	assert_line 'told STOPPING=1'
	assert_equal "$(grep -c '^pid ' supervise.out)" 5
}

@test "systemd-socket-activate starts it at the first client" {
	need node systemd-socket-activate
	configure
	write_lines 1
	start activate systemd-socket-activate -l "$DIR/sse.sock" \
		"$DIR/cgi-bin/sse-fcgi" --log "$DIR/worker.log" -f "$DIR/sse.conf"
	wait_until "$DEADLINE" test -S sse.sock
	start_get client log
	wait_until "$DEADLINE" got client 0
	write_lines 1
	wait_until "$DEADLINE" got client 1
}
