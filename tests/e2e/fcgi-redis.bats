#!/usr/bin/env bats
#
# A Redis Stream behind nginx and sse-fcgi: one connection for all who follow
# it, one for who catches up, and two workers with the same ids.
# shellcheck disable=SC2154 # helper.bash sets what is not set here

load helper
load fcgi
load redis

prepare() {
	need_redis curl nginx
	cp "$builddir/fcgi/sse-fcgi" "$DIR/cgi-bin/sse-fcgi"
	start_redis
	printf '%s\n' 'heartbeat = 500ms' 'status = status' '[orders]' \
		"source = redis:unix:$DIR/redis.sock#orders" >sse.conf
	start_worker
	start_server fcgi-nginx
}

# got NAME TEXT: the line is in its answer.
got() {
	grep -qx -e "$2" "$1.out"
}

# Clients of the server that are not redis-cli's.
workers_of_redis() {
	redis CLIENT LIST | grep -vc 'cmd=client'
}

connections_to_redis_are() {
	[ "$(workers_of_redis)" -eq "$1" ]
}

# disconnected COUNT: so many have gone, with what they had.
disconnected() {
	[ "$(grep -c ' disconnect ' worker.log)" -ge "$1" ]
}

# Somebody has come, who may have no head yet.
is_serving() {
	[ "$(connections)" -gt "$IDLE" ]
}

# data_of NAME: of its messages, in one line.
data_of() {
	messages "$1.out" | tr '\n' ' '
}

# on_page NAME: what the status page has of the stream by that name.
on_page() {
	"$srcdir/tests/tools/fcgi-get" --set \
		--accept='application/openmetrics-text; version=1.0.0' \
		"$DIR/sse.sock" status |
		sed -n "s/^sse_stream_$1{stream=\"orders\"[,}] *//p"
}

@test "all who follow a stream share one connection, and have the same" {
	local i

	put one
	for i in 1 2 3 4 5; do
		stream "client$i" orders
		wait_until "$DEADLINE" got "client$i" 'data: one'
	done
	connections_to_redis_are 1
	put two three
	for i in 1 2 3 4 5; do
		wait_until "$DEADLINE" got "client$i" 'data: three'
		[ "$(data_of "client$i")" = 'one two three ' ]
		[ "$(last_id "client$i.out")" = "$(last_id client1.out)" ]
	done
}

@test "who comes back reads for itself, and joins the others" {
	local id i

	put {1..30}
	stream first orders
	wait_until "$DEADLINE" got first 'data: 30'
	redis XADD orders '*' data more
	"${CGI[@]}" PATH_INFO=/orders "$PROGRAM" --follow=no --from=start \
		"orders=redis:unix:$DIR/redis.sock#orders" >all.out
	id=$(id_behind 5)
	stream second orders -H "Last-Event-ID: $id"
	wait_until "$DEADLINE" got second 'data: more'
	wait_until "$DEADLINE" connections_to_redis_are 1
	put last
	wait_until "$DEADLINE" got first 'data: last'
	wait_until "$DEADLINE" got second 'data: last'
	[ "$(data_of second)" = "$(echo {6..30} more last) " ]
	run ! grep '^event: gap' second.out
}

@test "clients stay while the server is away, and go on" {
	put one
	stream first orders
	wait_until "$DEADLINE" got first 'data: one'
	[ "$(on_page endpoint_info)" = \
		"endpoint=\"redis:unix:$DIR/redis.sock#orders\"} 1" ]
	[ "$(on_page unread_entries)" -eq 0 ]
	redis SAVE
	kill_redis
	wait_until "$DEADLINE" \
		got first ': waiting for the log: it cannot be read'
	stream second orders
	wait_until "$DEADLINE" grep -q '^retry: ' second.out
	[ "$(on_page interruptions_total)" -eq 1 ]
	[ -z "$(on_page unread_entries)" ]
	start_redis
	put two
	wait_until "$DEADLINE" got first 'data: two'
	wait_until "$DEADLINE" got second 'data: two'
	[ "$(on_page interruptions_total)" -eq 1 ]
	[ "$(data_of first)" = 'one two ' ]
	run ! grep '^event: gap' first.out second.out
	grep -q 'orders: redis:unix:' worker.log
}

@test "a client of one worker goes on at another, which counts what it lost" {
	local id

	put one two
	stream first orders
	wait_until "$DEADLINE" got first 'data: two'
	id=$(id_behind one first.out)
	kill_worker
	put three
	redis XTRIM orders MAXLEN = 1
	start_worker
	stream second orders -H "Last-Event-ID: $id"
	wait_until "$DEADLINE" got second 'data: three'
	got second "data: $(gap rotated 1)"
	[ "$(data_of second)" = 'three ' ]
}

@test "a worker whose server was never there serves heads and heartbeats" {
	# It comes with what it has: a key that is not there yet would be a gap.
	redis XADD orders 5-1 data old
	redis SAVE
	kill_redis
	kill_worker
	start_worker
	stream first orders -H 'Last-Event-ID: 5-1'
	stream second orders
	wait_until "$DEADLINE" got first ':'
	wait_until "$DEADLINE" got second ':'
	start_redis
	put new
	wait_until "$DEADLINE" got first 'data: new'
	wait_until "$DEADLINE" got second 'data: new'
	[ "$(data_of first)" = 'new ' ]
}

@test "who was told of a loss does not get what a worker still has of it" {
	local id

	put one two three
	stream first orders
	wait_until "$DEADLINE" got first 'data: three'
	# The worker waits, and sees for some seconds nothing of it.
	redis DEL orders
	ID=$(id_behind three first.out)
	"${CGI[@]}" PATH_INFO=/orders "HTTP_LAST_EVENT_ID=$ID" "$PROGRAM" \
		--follow=no "orders=redis:unix:$DIR/redis.sock#orders" >all.out
	id=$(decode all.out | sed -n 's/^gap\t\([^\t]*\).*/\1/p')
	[ -n "$id" ]
	stream second orders -H "Last-Event-ID: $id"
	wait_until "$DEADLINE" grep -q '^id: ' second.out
	put four
	wait_until "$DEADLINE" got second 'data: four'
	[ "$(data_of second)" = 'four ' ]
}

@test "who has everything of a stream that ends is told so by 204" {
	local id

	kill_worker
	sed -i '/^source/i follow = no' sse.conf
	start_worker --max-clients=1
	put one two
	answer orders
	assert_line 'data: two'
	id=$(printf '%s\n' "$output" | sed -n 's/^id: //p' |
		grep -vx end | tail -n 1)
	answer orders -H "Last-Event-ID: $id"
	status_is 204
	# A server that does not say so in time: the head is there first.
	kill -STOP -- "-$REDIS_PID"
	stream late orders -H "Last-Event-ID: $id"
	wait_until "$DEADLINE" grep -q '^retry: ' late.out
	kill -CONT -- "-$REDIS_PID"
	wait_until "$DEADLINE" got late 'event: end'
	wait_until "$DEADLINE" disconnected 2
	# A reload meanwhile costs nobody anything.
	IDLE=$(connections)
	kill -STOP -- "-$REDIS_PID"
	stream asked orders -H "Last-Event-ID: $id"
	wait_until "$DEADLINE" is_serving
	sed -i '/^source/i retry = 1s' sse.conf
	kill -HUP "$WORKER_PID"
	wait_until "$DEADLINE" grep 'configuration is read anew' worker.log
	kill -CONT -- "-$REDIS_PID"
	wait_until "$DEADLINE" gone "$PID"
	answer orders -H "Last-Event-ID: $id"
	status_is 204
	# A worker that ends waits for nobody.
	IDLE=$(connections)
	kill -STOP -- "-$REDIS_PID"
	stream gone orders -H "Last-Event-ID: $id"
	wait_until "$DEADLINE" is_serving
	kill -TERM "$WORKER_PID"
	wait_until "$DEADLINE" gone "$WORKER_PID"
	kill -CONT -- "-$REDIS_PID"
}

@test "what the server refuses is told once, and so is its end" {
	redis SET orders text
	stream first orders
	wait_until "$DEADLINE" grep -q 'the key holds something else' worker.log
	# Who comes later hears the same.
	stream second orders
	wait_until "$DEADLINE" \
		got second ': waiting for the log: it cannot be read'
	run -1 grep 'It can be read now' worker.log
	redis DEL orders
	put one
	wait_until "$DEADLINE" got second 'data: one'
	wait_until "$DEADLINE" grep -q 'It can be read now' worker.log
	[ "$(grep -c 'the key holds something else' worker.log)" = 1 ]
	[ "$(grep -c 'It can be read now' worker.log)" = 1 ]
}

@test "--check asks the server, and says what it answers" {
	local source which

	open_redis_port
	source=redis:tcp:127.0.0.1:$REDIS_PORT#orders
	for which in sse-cgi sse-fcgi; do
		run -0 --separate-stderr "cgi-bin/$which" --check "a=$source"
		assert_equal "$stderr" ''
		redis SET text text
		run -1 --separate-stderr "cgi-bin/$which" --check \
			"a=redis:unix:$DIR/redis.sock#text"
		[[ $stderr == *'the key holds something else' ]]
		run -1 --separate-stderr "cgi-bin/$which" --check \
			"a=redis:unix:$DIR/sse.conf#orders"
		[[ $stderr == *'no server listens there' ]]
		run -1 --separate-stderr "cgi-bin/$which" --check \
			"a=redis:tcp:127.0.0.1:$(free_port)#orders"
		[[ $stderr == *'no server listens there' ]]
		kill -STOP -- "-$REDIS_PID"
		run -1 --separate-stderr "cgi-bin/$which" --check "a=$source"
		kill -CONT -- "-$REDIS_PID"
		[[ $stderr == *'the server does not answer' ]]
	done
}
