#!/usr/bin/env bats
#
# A Redis Stream as a source of sse-cgi, with a real server.
# shellcheck disable=SC2154 # helper.bash sets what is not set here

load helper
load redis

prepare() {
	need_redis
	SOURCE=redis:unix:$DIR/redis.sock#orders
	start_redis
}

# follows NAME [OPTION]...: sse-cgi in the background, answer in NAME.out.
follows() {
	local name=$1

	shift
	start "$name" "${CGI[@]}" PATH_INFO=/orders \
		"HTTP_LAST_EVENT_ID=${ID:-}" "$PROGRAM" --heartbeat=1s "$@" \
		"orders=$SOURCE"
}

has() {
	grep -qx -e "$2" "$1.out"
}

@test "entries are records, and a client goes on behind its id" {
	put one two three
	all
	data_is one two three
	ID=$(id_behind one) all
	data_is two three
	ID=$(id_behind three all.out) all
	data_is
}

@test "the id that XADD gave to an application is one, too" {
	local id

	put one
	id=$(redis XADD orders '*' data two)
	put three
	ID=$id all
	data_is three
}

@test "what was deleted unread is counted" {
	local id

	put one two three four
	all
	id=$(id_behind one)
	redis XTRIM orders MAXLEN = 3
	ID=$id all
	data_is two three four
	redis XTRIM orders MAXLEN = 1
	ID=$id all
	data_is "$(gap rotated 2)" four
	put five
	redis XTRIM orders MAXLEN = 0
	ID=$id all
	data_is "$(gap rotated 4)"
}

@test "a stream that was made anew is told of, and nothing is repeated" {
	put one two
	all
	ID=$(id_behind two)
	redis DEL orders
	all
	data_is "$(gap truncated null)"
	redis XADD orders 1-1 data old
	all
	data_is "$(gap truncated null)"
	put new
	all
	data_is "$(gap truncated null)" new
}

@test "behind the last id that there can be it goes on" {
	local last=18446744073709551615-18446744073709551615

	put one
	redis XADD orders "$last" data two
	all --from=start
	data_is one two
	ID=$last all
	data_is
	follows live
	wait_until "$DEADLINE" has live 'data: two'
	redis DEL orders
	wait_until "$DEADLINE" has live "data: $(gap truncated null)"
	put three
	wait_until "$DEADLINE" has live 'data: three'
}

@test "the same id with another content is not the same entry" {
	redis XADD orders 7-1 ab c
	redis XADD orders 8-1 data later
	all
	ID=$(id_behind '{"ab":"c"}')
	redis DEL orders
	redis XADD orders 7-1 a bc
	redis XADD orders 8-1 data later
	all
	data_is "$(gap truncated null)" later
}

@test "a client begins at the newest, at a time, or at the start" {
	redis XADD orders 1000000-0 data long-ago
	put one two three
	QUERY=last=2 all
	data_is two three
	QUERY=since=1970-01-01T00:16:41Z all
	data_is one two three
	QUERY=since=1970-01-01T00:16:40Z all
	data_is long-ago one two three
	all --from=start
	data_is long-ago one two three
	all --from=-1
	data_is three
	all --from=end
	data_is
}

@test "replay limits what comes at once, and says how much was left out" {
	put 0123456789 1123456789 2123456789 3123456789
	# With the name of the field an entry has 14 bytes.
	all --from=start --replay=30
	data_is "$(gap limit 2)" 2123456789 3123456789
	# Of the newest ones there are as many as there is room for.
	all --from=-3 --replay=30
	data_is 2123456789 3123456789
	all --from=start
	ID=$(id_behind 0123456789) all --replay=14
	data_is "$(gap limit 2)" 3123456789
}

@test "which field is the record, or all of them" {
	redis XADD orders '*' text hello data world
	redis XADD orders '*' other 'one "more"'
	all
	data_is world '{"other":"one \"more\""}'
	all --field=text
	data_is hello '{"other":"one \"more\""}'
	all --field='*'
	data_is '{"text":"hello","data":"world"}' '{"other":"one \"more\""}'
}

@test "with format = json an entry says what its event is" {
	"$PROGRAM" --help | grep -q 'lines|json' || skip 'without JSON'
	redis XADD orders '*' event paid data 17 comment seen
	all --format=json --field='*'
	grep -qx 'event: paid' all.out
	grep -qx 'data: 17' all.out
	grep -qx ': seen' all.out
}

@test "a key may have any bytes" {
	redis XADD 'a#b c\d' '*' data odd
	SOURCE="redis:unix:$DIR/redis.sock#a#b\\x20c\\\\d" all
	data_is odd
}

@test "what comes later is given at once, and so is what is trimmed" {
	put one
	follows live
	wait_until "$DEADLINE" has live 'data: one'
	put two
	wait_until "$DEADLINE" has live 'data: two'
	redis MULTI
	printf '%s\n' MULTI 'XADD orders MAXLEN = 1 * data three' \
		'XADD orders MAXLEN = 1 * data four' \
		'XADD orders MAXLEN = 1 * data five' EXEC |
		redis-cli -s "$DIR/redis.sock"
	wait_until "$DEADLINE" has live 'data: five'
	has live "data: $(gap rotated 2)"
	run ! has live 'data: three'
}

@test "a server that goes is waited for, and what it lost is told" {
	put one
	follows live
	wait_until "$DEADLINE" has live 'data: one'
	kill_redis
	wait_until "$DEADLINE" has live ': waiting for the log: it cannot be read'
	wait_until "$DEADLINE" has live ':'
	grep -q 'Connection re' live.err
	start_redis
	wait_until "$DEADLINE" has live "data: $(gap truncated null)"
	put two
	wait_until "$DEADLINE" has live 'data: two'
	run -0 grep -c '^event: gap' live.out
	assert_output 1
}

@test "a server that comes back with all it had is gone on with" {
	put one
	follows live
	wait_until "$DEADLINE" has live 'data: one'
	redis SAVE
	kill_redis
	start_redis
	put two
	wait_until "$DEADLINE" has live 'data: two'
	run ! grep '^event: gap' live.out
}

@test "an entry that a server has lost is told of where a client had it" {
	local kept lost

	put one two
	redis SAVE
	put three
	all
	kept=$(id_behind two)
	lost=$(id_behind three)
	kill_redis
	start_redis
	put four
	ID=$kept all
	data_is four
	ID=$lost all
	data_is "$(gap truncated null)" four
}

@test "a client that comes before the server has a head, and then its id" {
	kill_redis
	follows live
	wait_until "$DEADLINE" grep -q '^retry: ' live.out
	run ! grep '^id: ' live.out
	wait_until "$DEADLINE" has live ':'
	start_redis
	wait_until "$DEADLINE" grep -q '^id: ' live.out
	put one
	wait_until "$DEADLINE" has live 'data: one'
}

@test "a key that is no stream is told of, until it is one" {
	redis SET orders something
	follows live
	wait_until "$DEADLINE" grep -q 'the key holds something else' live.err
	redis DEL orders
	put one
	wait_until "$DEADLINE" has live 'data: one'
}

@test "a user with the least rights is enough, and the password is not shown" {
	printf 's3cret\n' >password
	chmod 600 password
	((EUID != 0)) || chown 65534 password
	redis ACL SETUSER reader on '>s3cret' '%R~orders' -@all +xread +xrange \
		+xrevrange '+xinfo|stream' +multi +exec
	redis ACL SETUSER default off
	redis-cli -s redis.sock --user reader --pass s3cret --no-auth-warning \
		XRANGE orders - + >/dev/null
	SOURCE=redis:unix:$DIR/redis.sock#orders
	follows live --source-user=reader "--source-password-file=$DIR/password"
	wait_until "$DEADLINE" grep -q '^id: ' live.out
	run "$PROGRAM" --check --source-user=reader \
		"--source-password-file=$DIR/password" "orders=$SOURCE"
	refute_output --partial s3cret
	run ! grep s3cret live.out live.err
	follows other --source-user=reader
	wait_until "$DEADLINE" grep -q 'source-password-file' other.err
}

@test "what a user may not do is told" {
	redis ACL SETUSER nobody on nopass '~other' +@all
	follows live --source-user=nobody
	wait_until "$DEADLINE" grep -q 'does not allow it' live.err
}

@test "a password that everybody may read is refused" {
	echo s3cret >password
	chmod 644 password
	run -100 "$PROGRAM" --check "--source-password-file=$DIR/password" \
		"orders=$SOURCE"
	assert_output --partial 'everybody may read or write it'
	: >password
	chmod 600 password
	run -100 "$PROGRAM" --check "--source-password-file=$DIR/password" \
		"orders=$SOURCE"
	assert_output --partial 'is empty'
	run -100 "$PROGRAM" --check --source-password-file=/nowhere \
		"orders=$SOURCE"
	assert_output --partial 'No such file'
	run -100 "$PROGRAM" --check --source-password-file=password \
		"orders=$SOURCE"
	assert_output --partial 'the whole path'
}

@test "what has no meaning for entries is refused by name" {
	local option

	for option in --record-start=x --rotate-wait=2s --generations=none \
		--format=sse --ids=record --time-format=%s --match=a=b; do
		run -100 "$PROGRAM" --check "$option" "orders=$SOURCE"
		assert_output --partial "${option%%=*}"
	done
	run -100 "$PROGRAM" --check "orders=redis:tcp:localhost:6379#orders"
	assert_output --partial 'an address in numbers'
}

@test "a server by TCP" {
	open_redis_port
	put one
	SOURCE=redis:tcp:127.0.0.1:$REDIS_PORT#orders all
	data_is one
}

@test "the configuration of the example serves events of an application" {
	"$PROGRAM" --help | grep -q 'lines|json' || skip 'without JSON'
	printf 's3cret\n' >password
	chmod 600 password
	((EUID != 0)) || chown 65534 password
	redis ACL SETUSER reader on '>s3cret' '%R~orders' -@all +xread +xrange \
		+xrevrange '+xinfo|stream' +multi +exec
	sed -e "s|/run/redis/redis-server.sock|$DIR/redis.sock|" \
		-e "s|/run/credentials/.*|$DIR/password|" \
		"$srcdir/examples/redis/ssekit.conf" >ssekit.conf
	redis XADD orders '*' event paid data 18
	start live "${CGI[@]}" PATH_INFO=/orders "$PROGRAM" -f ssekit.conf
	wait_until "$DEADLINE" has live 'event: paid'
	has live 'data: 18'
}

@test "random sequences of what happens to a stream: each number is right" {
	local model=$builddir/tests/model/redis-model

	[ -x "$model" ] || skip 'the model is not built'
	run -0 "$model" --seed=1 --steps=5000 "$DIR/redis.sock"
	run -0 "$model" --seed=2 --steps=5000 --deletes "$DIR/redis.sock"
}

@test "large entries behind small ones are read one by one" {
	local i

	for i in {1..150}; do
		echo "XADD orders * data $i"
	done | redis-cli -s redis.sock >/dev/null
	head -c 200000 /dev/zero | tr '\0' x >large
	for i in {1..20}; do
		redis-cli -s redis.sock -x XADD orders '*' data <large
	done >/dev/null
	put last
	# Answers may have 1 MiB, and so many at once have 4 MB.
	all --record-max=64K --from=start --replay=100M
	[ "$(grep -c '^data: x' all.out)" -eq 20 ]
	[ "$(grep -cE '^data: [0-9]+$' all.out)" -eq 150 ]
	grep -qx 'data: last' all.out
}

@test "an entry that is too large is left out, and told" {
	local id

	put one
	head -c 3000000 /dev/zero | tr '\0' x >large
	redis-cli -s redis.sock -x XADD orders '*' data <large >/dev/null
	put two
	# As the newest, as the oldest, and where a client has had it.
	all --from=start --replay=100M
	data_is one "$(gap limit 1)" two
	id=$(grep -B 1 -x 'event: gap' all.out | sed -n 's/^id: //p')
	ID=$(id_behind one) all --replay=100M
	data_is "$(gap limit 1)" two
	[ "$(grep -B 1 -x 'event: gap' all.out | sed -n 's/^id: //p')" = "$id" ]
	redis XTRIM orders MAXLEN = 2
	ID=$id all
	data_is two
	redis-cli -s redis.sock -x XADD orders '*' data <large >/dev/null
	all
	data_is "$(gap limit 1)" two "$(gap limit 1)"
	follows live
	wait_until "$DEADLINE" has live 'data: two'
	put three
	wait_until "$DEADLINE" has live 'data: three'
}

# answer_to ID: what a client with it gets, in one line.
answer_to() {
	ID=$1 all
	sed -n 's/^data: //p' all.out | tr -d '\n'
}

@test "an id that is forged is never an error, and costs nobody else" {
	local first third

	printf 'XADD orders 5-%s data %s\n' 1 1 2 2 3 3 4 4 |
		redis-cli -s redis.sock
	all
	first=$(id_behind 1)
	third=$(id_behind 3)
	redis XTRIM orders MAXLEN 2
	[ "$(answer_to "$third")" = 4 ]
	# Of an entry that is there its hash proves the place, not its number.
	[ "$(answer_to "${third/AAAAAAAD-/AAAAAABD-}")" = 4 ]
	[ "$(answer_to "${third%?}$([[ $third = *A ]] && echo B || echo A)")" = \
		"$(gap truncated null)4" ]
	[ "$(answer_to "$first")" = "$(gap rotated 1)34" ]
	# More than ever were added.
	[ "$(answer_to "${first/AAAAAAAB-/________-}")" = \
		"$(gap truncated null)34" ]
	[ "$(answer_to 5-3)" = 4 ]
	[ "$(answer_to 9-9)" = "$(gap truncated null)" ]
	[ "$(answer_to 18446744073709551615-18446744073709551615)" = \
		"$(gap truncated null)" ]
	[ "$(answer_to 18446744073709551616-1)" = "$(gap unknown null)34" ]
	[ "$(answer_to 5-18446744073709551616)" = "$(gap unknown null)34" ]
	[ "$(answer_to '-5-3')" = "$(gap unknown null)34" ]
}

@test "entries may have any bytes, and any number of fields" {
	printf 'a\377b\000c\n' |
		redis-cli -s redis.sock -x XADD orders '*' data
	redis XADD orders '*' "$(printf 'n\377')" "$(printf 'v\377')"
	redis XADD orders '*' '' ''
	printf ' f%s v' {1..10000} | xargs redis-cli -s redis.sock XADD orders '*'
	put last
	all
	[ "$(grep -c '^data: ' all.out)" -ge 5 ]
	grep -qx 'data: {"":""}' all.out
	grep -q '^data: {"f1":"v","f2":"v".*"}$' all.out
	grep -qx 'data: last' all.out
	iconv -f UTF-8 -t UTF-8 all.out >/dev/null
	[ "$(tr -d '\000' <all.out | wc -c)" -eq "$(wc -c <all.out)" ]
}

@test "who has everything of a stream that ends is told so by 204" {
	put one
	all
	cp all.out all.first
	ID=$(id_behind one) all
	grep -q '^Status: 204' all.out
	# A server that does not say so in time: the head is there first.
	kill -STOP -- "-$REDIS_PID"
	ID=$(id_behind one all.first) follows live --follow=no
	wait_until "$DEADLINE" grep -q '^retry: ' live.out
	kill -CONT -- "-$REDIS_PID"
	wait_until "$DEADLINE" has live 'event: end'
	run ! grep '^Status' live.out
}
