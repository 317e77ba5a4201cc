# journal.bash - a journald of the test's own, in a namespace.  It ends by itself
# when nobody writes for half a minute.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # helper.bash has what is not used or set here

JOURNALD=/lib/systemd/systemd-journald

# Sets NAMESPACE, FILES and IN_MEMORY, where they are while there is no disk;
# ORDINARY may read them.
need_journald() {
	need journalctl logger perl
	((EUID == 0)) || skip 'only root starts a journald'
	[ -x "$JOURNALD" ] || skip 'there is no journald'
	NAMESPACE=ssekit-$BASHPID
	FILES=/var/log/journal/$(cat /etc/machine-id).$NAMESPACE
	IN_MEMORY=/run/log/journal/${FILES##*/}
	SETTINGS=/etc/systemd/journald@$NAMESPACE.conf
	printf '%s\n' '[Journal]' 'Storage=persistent' \
		'RateLimitIntervalSec=0' 'SyncIntervalSec=1' >"$SETTINGS"
	ORDINARY=(setpriv --reuid=65534 --regid=65534
		"--groups=$(getent group systemd-journal | cut -d: -f3)")
}

# It ends what it runs beside with the test.
start_journald() {
	setsid "$JOURNALD" "$NAMESPACE" >"$DIR/journald.log" 2>&1 3>&- &
	JOURNALD_PID=$!
	STARTED+=("$JOURNALD_PID")
	wait_until "$DEADLINE" write_nothing
	wait_until "$DEADLINE" ls "$FILES/system.journal"
}

# Whether it listens; it is an entry, too.  The socket that entries are written
# to comes after the other one; where a journald was killed, both are there,
# and nobody listens.
write_nothing() {
	logger -u "/run/systemd/journal.$NAMESPACE/dev-log" -t ready ready &&
		perl -MSocket -e '
			socket(S, AF_UNIX, SOCK_DGRAM, 0) or die;
			connect(S, pack_sockaddr_un(shift)) or die
		' "/run/systemd/journal.$NAMESPACE/socket"
}

# For a teardown, when nothing runs any more.
remove_journal() {
	[ -n "${NAMESPACE:-}" ] || return 0
	! mountpoint -q "$FILES" || umount -l "$FILES"
	rm -rf "$FILES" "$IN_MEMORY" "$SETTINGS" \
		"/run/systemd/journal.$NAMESPACE"
}

# write MESSAGE...: an entry for each, in their order.
write() {
	printf '%s\n' "$@" | perl -MSocket -ne '
		BEGIN {
			socket(S, AF_UNIX, SOCK_DGRAM, 0) or die;
			connect(S, pack_sockaddr_un(shift)) or die;
		}
		chomp;
		send(S, "MESSAGE=$_\nSYSLOG_IDENTIFIER=test\n", 0) or die
	' "/run/systemd/journal.$NAMESPACE/socket"
	# A signal to rotate would go before what is still in the socket.
	wait_until "$DEADLINE" is_written "${!#}"
}

is_written() {
	journalctl --namespace="$NAMESPACE" -o cat 2>/dev/null |
		grep -xF -e "$1" >/dev/null
}

# conf LINE...: the stream log, with these keys.
conf() {
	printf '%s\n' 'heartbeat = 300ms' '[log]' "source = journal:$NAMESPACE" \
		'match = SYSLOG_IDENTIFIER=test' 'from = start' "$@" >sse.conf
}

# conf_of_all LINE...: without a match, so that entries are counted.
conf_of_all() {
	printf '%s\n' 'heartbeat = 300ms' '[log]' "source = journal:$NAMESPACE" \
		"$@" >sse.conf
}

rotate() {
	local before
	before=$(journal_files)
	kill -USR2 "$JOURNALD_PID"
	wait_until "$DEADLINE" more_files "$before"
}

# Of the system's own: a user's that was not closed well is moved out of the way
# instead.
journal_files() {
	find "$FILES" -name 'system@*.journal' | wc -l
}

more_files() {
	[ "$(journal_files)" -gt "$1" ]
}

vacuum() {
	journalctl --namespace="$NAMESPACE" --vacuum-files=1 2>/dev/null
}

# got NAME TEXT: data that has arrived there.
got() {
	grep -qx -e "data: $2" "$1.out"
}

# id_of NAME TEXT: the id of the event with these data.
id_of() {
	grep -x -B 9 -e "data: $2" "$1.out" | sed -n 's/^id: //p' | tail -n 1
}

# number_of ID: the entry's number.
number_of() {
	local rest=${1#*.????????-}
	echo "${rest%%-*}"
}

# events NAME: the data and gaps of an answer, in a line.
events() {
	sed -n 's/^data: //p' "$1.out" | tr '\n' ' '
}
