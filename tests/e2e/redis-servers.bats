#!/usr/bin/env bats
#
# What becomes of Redis servers, and of who reads a stream of theirs: replicas, a
# new master, a cluster, eviction, restarts.
# shellcheck disable=SC2154 # helper.bash sets what is not set here

load helper
load redis

prepare() {
	need_redis
	SOURCE=redis:unix:$DIR/redis.sock#orders
}

# sse-cgi in the background, answer in live.out.
follows() {
	start live "${CGI[@]}" PATH_INFO=/orders "$PROGRAM" --heartbeat=1s \
		"orders=$SOURCE"
}

has() {
	grep -qx -e "$1" live.out
}

is() {
	[ "$("${@:2}")" = "$1" ]
}

# start_at NAME ADDRESS [OPTION]...: a server at ADDRESS and NODE_PORT.
start_at() {
	local name=$1 address=$2

	shift 2
	mkdir -p "$name.d"
	((EUID != 0)) || chown 65534 "$name.d"
	start "$name" redis-server --bind "$address" --port "$NODE_PORT" \
		--dir "$DIR/$name.d" --save '' --appendonly no "$@"
}

# at ADDRESS COMMAND...
at() {
	local address=$1

	shift
	redis-cli -e -h "$address" -p "$NODE_PORT" "$@"
}

both_answer() {
	at 127.0.0.1 PING && at 127.0.0.2 PING
}

# start_both [OPTION]...: servers one and two at 127.0.0.1 and 127.0.0.2, at the
# same port.  Sets ONE, the process of the first.
start_both() {
	local tries two

	for tries in 1 2 3 4 5; do
		NODE_PORT=$(free_port)
		start_at "one$tries" 127.0.0.1 "$@"
		ONE=$PID
		start_at "two$tries" 127.0.0.2 "$@"
		two=$PID
		wait_until "$DEADLINE" decided "$two"
		gone "$ONE" || gone "$two" || return 0
		kill -KILL -- "-$ONE" "-$two" || true
	done
	fail 'no port is free for both'
}

# Both listen, or one has not got its port.
decided() {
	both_answer || gone "$ONE" || gone "$1"
}

# --------------------------------------------------------------- a cluster --

cluster_is_whole() {
	is cluster_state:ok state_at 127.0.0.1 &&
		is cluster_state:ok state_at 127.0.0.2
}

state_at() {
	at "$1" CLUSTER INFO | tr -d '\r' | grep cluster_state
}

@test "the node of a cluster that has the key is gone to" {
	# "orders" has the slot 105, so the first node has it.
	start_both --cluster-enabled yes --cluster-node-timeout 2000
	at 127.0.0.1 CLUSTER ADDSLOTSRANGE 0 8191
	at 127.0.0.2 CLUSTER ADDSLOTSRANGE 8192 16383
	at 127.0.0.1 CLUSTER MEET 127.0.0.2 "$NODE_PORT"
	wait_until "$DEADLINE" cluster_is_whole
	run -0 at 127.0.0.1 CLUSTER KEYSLOT orders
	((output < 8192))
	at 127.0.0.1 XADD orders '*' data one
	SOURCE=redis:tcp:127.0.0.2:$NODE_PORT#orders
	follows
	wait_until "$DEADLINE" has 'data: one'
	at 127.0.0.1 XADD orders '*' data two
	wait_until "$DEADLINE" has 'data: two'
	run ! grep 'waiting' live.out live.err
}

# --------------------------------------------------- a master and a replica --

# What HAProxy needs of its configuration to find it.
start_haproxy() {
	sed -e "s|/run/haproxy/|$DIR/|" -e "s|10.0.0.5:6379|127.0.0.1:$NODE_PORT|" \
		-e "s|10.0.0.6:6379|127.0.0.2:$NODE_PORT|" -e 's|inter 1s|inter 100ms|' \
		-e 's|mode 660|mode 666|' \
		"$srcdir/examples/redis/haproxy.cfg" >haproxy.cfg
	start haproxy haproxy -db -f haproxy.cfg
	wait_until "$DEADLINE" redis_is_ready
	# Until it has asked, it takes the replica for a master, too.
	wait_until "$DEADLINE" grep -q 'redis/two is DOWN' haproxy.err
}

has_it() {
	[ "$(at 127.0.0.2 XLEN orders)" = "$1" ]
}

@test "behind HAProxy a reader goes on at the new master" {
	need haproxy
	start_both
	at 127.0.0.2 REPLICAOF 127.0.0.1 "$NODE_PORT"
	start_haproxy
	put one
	wait_until "$DEADLINE" has_it 1
	follows
	wait_until "$DEADLINE" has 'data: one'
	kill -KILL -- "-$ONE"
	# As Sentinel says it.
	at 127.0.0.2 REPLICAOF NO ONE
	at 127.0.0.2 XADD orders '*' data two
	wait_until "$DEADLINE" has 'data: two'
	run ! grep '^event: gap' live.out
}

# Sentinel, alone: SENTINEL_PORT.  Of the other one it knows by what that says of
# itself.
start_sentinel() {
	SENTINEL_PORT=$(free_port)
	mkdir sentinel.d
	printf '%s\n' "port $SENTINEL_PORT" 'bind 127.0.0.1' \
		"sentinel monitor orders 127.0.0.1 $NODE_PORT 1" \
		'sentinel down-after-milliseconds orders 500' \
		'sentinel failover-timeout orders 3000' >sentinel.d/sentinel.conf
	((EUID != 0)) || chown -R 65534 sentinel.d
	start sentinel redis-server "$DIR/sentinel.d/sentinel.conf" --sentinel
	wait_until "$DEADLINE" sentinel_knows_both
}

sentinel_knows_both() {
	redis-cli -e -p "$SENTINEL_PORT" SENTINEL REPLICAS orders |
		grep -qx "127.0.0.2:$NODE_PORT"
}

role_of_the_second() {
	at 127.0.0.2 ROLE | head -n 1
}

@test "behind HAProxy a reader goes on at the master that Sentinel makes" {
	need haproxy
	start_both
	at 127.0.0.2 CONFIG SET replica-announce-ip 127.0.0.2
	at 127.0.0.2 REPLICAOF 127.0.0.1 "$NODE_PORT"
	start_haproxy
	start_sentinel
	put one
	wait_until "$DEADLINE" has_it 1
	follows
	wait_until "$DEADLINE" has 'data: one'
	kill -KILL -- "-$ONE"
	wait_until "$DEADLINE" is master role_of_the_second
	at 127.0.0.2 XADD orders '*' data two
	wait_until "$DEADLINE" has 'data: two'
	run ! grep '^event: gap' live.out
}

@test "a replica is read, also when it becomes the master without the end" {
	start_both
	at 127.0.0.2 REPLICAOF 127.0.0.1 "$NODE_PORT"
	SOURCE=redis:tcp:127.0.0.2:$NODE_PORT#orders
	at 127.0.0.1 XADD orders 5-1 data one
	wait_until "$DEADLINE" has_it 1
	follows
	wait_until "$DEADLINE" has 'data: one'
	at 127.0.0.1 XADD orders 5-2 data two
	wait_until "$DEADLINE" has 'data: two'
	at 127.0.0.2 REPLICAOF NO ONE
	at 127.0.0.2 XADD orders 5-3 data three
	wait_until "$DEADLINE" has 'data: three'
	run ! grep '^event: gap' live.out
	# Another client had an entry of the old master alone.
	at 127.0.0.1 XADD orders 5-3 data lost
	at 127.0.0.1 XADD orders 5-4 data lost-too
	SOURCE=redis:tcp:127.0.0.1:$NODE_PORT#orders all
	SOURCE=redis:tcp:127.0.0.2:$NODE_PORT#orders \
		ID=$(id_behind lost-too) all
	data_is "$(gap truncated null)"
	SOURCE=redis:tcp:127.0.0.1:$NODE_PORT#orders all
	SOURCE=redis:tcp:127.0.0.2:$NODE_PORT#orders ID=$(id_behind two) all
	data_is three
}

# ------------------------------------------------------------- one server --

@test "a server that writes down each entry loses none by kill -9" {
	start_redis --appendonly yes --appendfsync always
	put one
	follows
	wait_until "$DEADLINE" has 'data: one'
	kill_redis
	start_redis --appendonly yes --appendfsync always
	put two
	wait_until "$DEADLINE" has 'data: two'
	run ! grep '^event: gap' live.out
}

@test "a key that the server evicts is told of once" {
	start_redis
	put one
	follows
	wait_until "$DEADLINE" has 'data: one'
	redis CONFIG SET maxmemory-policy allkeys-lru
	redis CONFIG SET maxmemory 1
	wait_until "$DEADLINE" evicted
	redis CONFIG SET maxmemory 0
	redis XADD orders '*' data two
	wait_until "$DEADLINE" has 'data: two'
	[ "$(grep -c '^event: gap' live.out)" -eq 1 ]
	has "data: $(gap truncated null)"
}

# It evicts at commands that take memory.
evicted() {
	redis SET other more
	[ "$(redis EXISTS orders)" = 0 ]
}

# The number that is told is the one that is missing.
@test "however a stream is trimmed, the number is right" {
	local form id left

	start_redis --stream-node-max-entries 2
	for form in 'XTRIM orders MAXLEN = 3' 'XTRIM orders MAXLEN 0' \
		'XTRIM orders MAXLEN ~ 3' 'XTRIM orders MAXLEN ~ 1 LIMIT 4' \
		'XTRIM orders MINID 7-0' 'XTRIM orders MINID ~ 7-0' \
		'XADD orders MAXLEN = 2 11-0 data 11' \
		'XADD orders NOMKSTREAM MAXLEN ~ 2 11-0 data 11' \
		'XADD orders MINID = 8 11-0 data 11' \
		'XADD orders MINID ~ 8 11-0 data 11'; do
		redis DEL orders
		printf 'XADD orders %s-0 data %s\n' 1 1 2 2 3 3 4 4 5 5 6 6 7 7 \
			8 8 9 9 10 10 | redis-cli -s redis.sock
		# It follows from what the stream has: it is the same each time.
		if [ -z "${id:-}" ]; then
			all
			id=$(id_behind 1)
		fi
		# shellcheck disable=SC2086 # words
		redis $form
		left=$(redis XLEN orders)
		ID=$id all
		[[ $form = *11 ]] && left=$((left - 1))
		((left < 9)) || fail "$form: nothing was trimmed"
		grep -qxF "data: $(gap rotated $((9 - left)))" all.out ||
			fail "$form: $(cat all.out)"
		[ "$(grep -cE '^data: [0-9]+$' all.out)" -eq "$(redis XLEN orders)" ]
	done
}

@test "random sequences with a server that is killed: each number is right" {
	local model=$builddir/tests/model/redis-model keeps

	[ -x "$model" ] || skip 'the model is not built'
	for keeps in all some none; do
		mkdir "$keeps"
		run -0 "$model" --seed=2 --steps=1500 "--keeps=$keeps" \
			"$DIR/$keeps"
	done
}
