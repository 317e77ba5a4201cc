# journal.bash - a journald of the test's own, in a namespace.  It ends by itself
# when nobody writes for half a minute.
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # helper.bash has what is not used or set here

JOURNALD=/lib/systemd/systemd-journald

# Sets NAMESPACE and FILES; ORDINARY may read them.
need_journald() {
	need journalctl logger perl
	((EUID == 0)) || skip 'only root starts a journald'
	[ -x "$JOURNALD" ] || skip 'there is no journald'
	NAMESPACE=ssekit-$BASHPID
	FILES=/var/log/journal/$(cat /etc/machine-id).$NAMESPACE
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
	rm -rf "$FILES" "$SETTINGS" "/run/systemd/journal.$NAMESPACE" \
		"/run/log/journal/$(cat /etc/machine-id).$NAMESPACE"
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
