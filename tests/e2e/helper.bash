# helper.bash - what the end-to-end tests share.
#
# A test has a folder of its own, DIR, with a copy of the program under test in
# DIR/cgi-bin, and everything that it starts runs as an ordinary user.  What
# was started is killed at its end, and a report of a sanitizer anywhere in the
# folder makes it fail.  Nothing sleeps: wait_until looks for what is expected.
#
# srcdir and builddir say what is tested, as in `make check`.  By hand, with
# SSE_TEST_TRACE=1, bats names the line of a helper that failed, too.
# shellcheck disable=SC2034 # the tests use what is set here

bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

: "${srcdir:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}"
: "${builddir:=$srcdir/build}"
export srcdir builddir

# In another locale bash writes $'\ufffd' as six letters.
export LC_ALL=C.UTF-8

# A deadline, not a measure: it only matters when something is wrong.
DEADLINE=${SSE_TEST_SECONDS:-60}

# A descriptor on which nothing ever arrives, to wait on for a moment.
exec {NEVER}<> <(:)

setup() {
	DIR=$(mktemp -d /tmp/ssekit-e2e.XXXXXX)
	mkdir "$DIR/cgi-bin" "$DIR/page"
	cp "$builddir/cgi/sse-cgi" "$DIR/cgi-bin/sse-cgi"
	if ((EUID == 0)); then
		chown -R 65534:65534 "$DIR"
	fi
	PROGRAM=$DIR/cgi-bin/sse-cgi
	LOG=$DIR/log
	STARTED=()
	cd "$DIR" || return
	# bats looks where it is before each command, which takes it longer than
	# most of them do.  It names the line of the test that failed without
	# that in what the line calls, but not the line in there.
	[ -n "${SSE_TEST_TRACE:-}" ] || set +T
	if declare -F prepare >/dev/null; then
		prepare
	fi
}

# Kills all that was started, and what that started.
stop_all() {
	local group

	for group in "${STARTED[@]}"; do
		kill -KILL -- "-$group" 2>/dev/null || true
	done
	for group in "${STARTED[@]}"; do
		wait_until "$DEADLINE" group_gone "$group"
	done
	STARTED=()
}

teardown() {
	stop_all
	# They are not in the folder, or on it.
	if declare -F remove_journal >/dev/null; then
		remove_journal
	fi
	if declare -F remove_file_system >/dev/null; then
		remove_file_system
	fi
	if [ -z "$BATS_TEST_COMPLETED" ]; then
		show_files
	fi
	sanitizers_silent
	cd /
	wait_until "$DEADLINE" rm -rf "$DIR"
}

# For a test that failed: the ends of what the processes wrote.
show_files() {
	local file

	for file in "$DIR"/*.log "$DIR"/*.out "$DIR"/*.err; do
		if [ -s "$file" ]; then
			echo "--- ${file##*/}"
			tail -c 3000 "$file" | cat -v
		fi
	done
}

sanitizers_silent() {
	! grep -aE 'Sanitizer:|runtime error:' "$DIR"/*.log "$DIR"/*.err \
		2>/dev/null
}

# A tool that is not there: skipped by hand, a failure where CI=true.
need() {
	local tool

	for tool; do
		if ! command -v "$tool" >/dev/null; then
			if [ "${CI:-}" = true ]; then
				fail "$tool is not installed"
			fi
			skip "$tool is not installed"
		fi
	done
}

# Between two looks, in milliseconds.  Each costs some processes, and many tests
# look at the same time: none spends more than a fifth of its time on looking,
# so that a machine that is slow is not made slower by those who wait.
PAUSES=(20 20 30 40 50 70)
PAUSE_MAX=100

# wait_until SECONDS COMMAND...: until the command succeeds.
wait_until() {
	local end=$((SECONDS + $1 + 1)) looks=0 before pause rest

	shift
	before=${EPOCHREALTIME/[.,]/}
	until "$@" >/dev/null 2>&1; do
		if ((SECONDS >= end)); then
			fail "in vain waited for: $*"
			return 1
		fi
		pause=${PAUSES[looks++]:-$PAUSE_MAX}
		rest=$(((${EPOCHREALTIME/[.,]/} - before) * 4 / 1000))
		((pause >= rest)) || pause=$rest
		printf -v pause '%d.%03d' $((pause / 1000)) $((pause % 1000))
		read -rt "$pause" -u "$NEVER" || true
		before=${EPOCHREALTIME/[.,]/}
	done
}

# in_namespace COMMAND...: as root of a user namespace with its own mounts, or
# skipped where that is not permitted.
in_namespace() {
	need unshare
	NAMESPACE=(unshare --user --map-root-user --mount)
	"${ORDINARY[@]}" "${NAMESPACE[@]}" sh -c "$*" >/dev/null 2>&1 ||
		skip "a user namespace for this is not permitted here"
}

now_ms() {
	echo $((${EPOCHREALTIME/[.,]/} / 1000))
}

# soon_enough MILLISECONDS FUNCTION...: which sets TOOK.  One time of some will
# do: the machine may have had something else to do.
soon_enough() {
	local limit=$1 try

	shift
	for try in {1..15}; do
		"$@"
		echo "# $*: $TOOK ms"
		if ((TOOK <= limit)); then
			return
		fi
	done
	fail "$try times not within $limit ms: $*"
}

# Put before a command, it runs as an ordinary user.
ORDINARY=()
if ((EUID == 0)); then
	ORDINARY=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi

# start NAME COMMAND...: runs it in the background as an ordinary user, with
# its output in NAME.out and NAME.err, and sets PID, which leads a group.
start() {
	local name=$1

	shift
	# Before the process makes them: what an earlier one wrote is not its.
	: >"$DIR/$name.out" 2>"$DIR/$name.err"
	"${ORDINARY[@]}" setsid "$@" >"$DIR/$name.out" 2>"$DIR/$name.err" \
		{NEVER}>&- 3>&- &
	PID=$!
	# Else bash tells of each that is killed; it may have ended, too.
	disown "$PID" 2>/dev/null || true
	STARTED+=("$PID")
	wait_until "$DEADLINE" leads_or_gone "$PID"
}

leads_or_gone() {
	kill -0 -- "-$1" || gone "$1"
}

# Whether the process has come to its end (a zombie has).
gone() {
	local stat

	{ read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
	# Behind its name, which stands in parentheses.
	[[ ${stat##*) } == Z* ]]
}

# Whether all of a group have come to their end: what its leader has left, as
# the workers of nginx, may listen for a moment longer.
group_gone() {
	local stat state parent group

	kill -0 -- "-$1" 2>/dev/null || return 0
	for stat in /proc/[0-9]*/stat; do
		{ read -r stat <"$stat"; } 2>/dev/null || continue
		read -r state parent group _ <<<"${stat##*) }"
		[ "$group" != "$1" ] || [[ $state == Z* ]] || return 1
	done
}

# The process ids of all that run a program of this test's cgi-bin.
programs() {
	find /proc/[0-9]*/exe -maxdepth 0 -lname "$DIR/cgi-bin/*" \
		2>/dev/null | cut -d/ -f3
}

programs_are() {
	[ "$(programs | wc -l)" = "$1" ]
}

# Put before a command, it runs with what a web server sets for GET, and no more;
# further variables may stand between.
CGI=(env -i "PATH=$PATH" "ASAN_OPTIONS=${ASAN_OPTIONS:-}"
	GATEWAY_INTERFACE=CGI/1.1 SERVER_PROTOCOL=HTTP/1.1
	REQUEST_METHOD=GET QUERY_STRING=)

# append LINE...: to the log, each with one write.
append() {
	printf '%s\n' "$@" >>"$LOG"
}

# The events of a stream, each of which it gives to a function event(); a block
# without data is one of type "(id)" when it changes the id.  A line ends with
# "\n" in the data.
# shellcheck disable=SC2016 # of awk
EVENTS='
	FNR == 1 { id = type = data = ""; lines = fresh = 0 }
	/^id: / { id = substr($0, 5); fresh = 1 }
	/^event: / { type = substr($0, 8) }
	/^data(: |$)/ {
		data = (lines++ ? data "\\n" : "") substr($0, 7)
	}
	/^$/ {
		if (lines)
			event(type == "" ? "message" : type, id, data)
		else if (fresh)
			event("(id)", id, "")
		type = data = ""
		lines = fresh = 0
	}'

# decode FILE...: one line for each event that is complete: its type, the last
# id and its data, with tabs between them.
decode() {
	awk "$EVENTS"'
	function event(type, id, data) {
		print type "\t" id "\t" data
	}' "$@"
}

# of_type TYPE FILE...: the data of these events.
of_type() {
	TYPE=$1 awk "$EVENTS"'
	function event(type, id, data) {
		if (type == ENVIRON["TYPE"])
			print data
	}' "${@:2}"
}

# messages FILE...: the data of events that have no type.
messages() {
	of_type message "$@"
}

gaps() {
	of_type gap "$@"
}

last_id() {
	decode "$@" | awk -F '\t' '{ id = $2 } END { print id }'
}

# has FILE TEXT: whether the events of the file have this data.  It is asked
# often, so it is one process.
has() {
	TEXT=$2 awk "$EVENTS"'
	function event(type, id, data) {
		if (type == "message" && data == ENVIRON["TEXT"])
			found = 1
	}
	END { exit !found }' "$1"
}

# ------------------------------------------------------------ web servers --

# None of those that the kernel gives to clients: with many tests at a time one
# of these would have it before the server listens.
free_port() {
	local port

	while
		port=$((10000 + RANDOM % 20000))
		(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null
	do
		:
	done
	echo "$port"
}

# start_server NAME: a server with the configuration of examples/, without the
# lines that match WITHOUT, and for lighttpd and apache-* with what EXTRA holds
# after it.  NAME is lighttpd, apache-prefork (mod_cgi), apache-event
# (mod_cgid), nginx-fcgiwrap or busybox.  Sets PORT, URL and SERVER_PID.
start_server() {
	local name=$1 tries

	# Another may take the port first: then the server ends, and the next
	# port is tried.
	for tries in 1 2 3 4 5; do
		PORT=${PORT:-$(free_port)}
		# Of one that was killed: it would be taken for ready.
		rm -f "$DIR"/*.pid
		server_command "$name"
		start "server$tries" env SSE_DIR="$DIR" SSE_PORT="$PORT" \
			"${SERVER_COMMAND[@]}"
		SERVER_PID=$PID
		URL=http://127.0.0.1:$PORT
		wait_until "$DEADLINE" server_decided
		if ! gone "$SERVER_PID"; then
			return
		fi
		PORT=
	done
	fail "$name does not start"
}

# server_command NAME: writes its configuration, and sets SERVER_COMMAND.
server_command() {
	local configuration=$DIR/server.conf

	case $1 in
	lighttpd)
		need lighttpd
		configure_server lighttpd/lighttpd.conf
		SERVER_COMMAND=(lighttpd -D -f "$configuration")
		;;
	apache-*)
		need apache2
		configure_server apache/httpd.conf
		SERVER_COMMAND=(apache2 -D FOREGROUND -D "${1#apache-}"
			-f "$configuration")
		;;
	nginx-fcgiwrap)
		need nginx fcgiwrap
		start_fcgiwrap
		EXTRA='' configure_server nginx/fcgiwrap.conf
		sed -i "s/127\.0\.0\.1:8080/127.0.0.1:$PORT/" "$configuration"
		SERVER_COMMAND=(nginx -e error.log -p "$DIR"
			-c "$configuration")
		;;
	fcgi-nginx)
		need nginx
		EXTRA='' configure_server nginx/sse-fcgi.conf
		sed -i "s/127\.0\.0\.1:8080/127.0.0.1:$PORT/" "$configuration"
		SERVER_COMMAND=(nginx -e error.log -p "$DIR"
			-c "$configuration")
		;;
	fcgi-lighttpd)
		need lighttpd
		configure_server lighttpd/sse-fcgi.conf
		SERVER_COMMAND=(lighttpd -D -f "$configuration")
		;;
	fcgi-apache)
		need apache2
		configure_server apache/sse-fcgi.conf
		SERVER_COMMAND=(apache2 -D FOREGROUND -f "$configuration")
		;;
	fcgi-haproxy)
		need haproxy
		configure_server haproxy/haproxy.cfg
		cp "$srcdir/examples/haproxy/restarting.http" "$DIR"
		SERVER_COMMAND=(haproxy -db -f "$configuration")
		;;
	fcgi-caddy)
		need caddy
		configure_server caddy/Caddyfile
		SERVER_COMMAND=(env "HOME=$DIR" caddy run --adapter caddyfile
			--config "$configuration")
		;;
	busybox)
		need busybox
		rm -f "$configuration"
		SERVER_COMMAND=(busybox httpd -f -p "127.0.0.1:$PORT" -h "$DIR")
		;;
	esac
}

# configure_server EXAMPLE
configure_server() {
	sed -e "${WITHOUT:+/$WITHOUT/d}" "$srcdir/examples/$1" \
		>"$DIR/server.conf"
	printf '%s\n' "${EXTRA:-}" >>"$DIR/server.conf"
}

# Once, also where nginx is started again.
start_fcgiwrap() {
	if [ ! -e "$DIR/fcgiwrap.sock" ]; then
		start fcgiwrap fcgiwrap -f -c 50 -s unix:fcgiwrap.sock
		wait_until "$DEADLINE" [ -S "$DIR/fcgiwrap.sock" ]
	fi
}

# Whether it listens, or has come to its end.  Not all write a file of their
# pid.
server_decided() {
	[ -s "$(echo "$DIR"/*.pid)" ] || gone "$SERVER_PID" ||
		{ ! grep -qs '\.pid\|PidFile\|^pid ' "$DIR/server.conf" &&
			port_answers; }
}

port_answers() {
	(exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null
}

# socket_answers PATH: it is there before somebody listens.
socket_answers() {
	[ -S "$1" ] && perl -MIO::Socket::UNIX -e \
		'exit !IO::Socket::UNIX->new(Peer => shift)' "$1"
}

stop_server() {
	kill -KILL -- "-$SERVER_PID"
	wait_until "$DEADLINE" gone "$SERVER_PID"
	rm -f "$DIR"/*.pid
}

# place FILE: makes stdin a program in the cgi-bin.
place() {
	cat >"$DIR/cgi-bin/$1"
	chmod 755 "$DIR/cgi-bin/$1"
}
