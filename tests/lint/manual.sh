# manual.sh - are the man pages right?  The lists of keys in them are those of
# the table in the code, and mandoc finds nothing to complain about.
#
# `make manual-keys` renews the lists.

cgi=${srcdir:?}/cgi/sse-cgi.1
fcgi=$srcdir/fcgi/sse-fcgi.8
directory=$(mktemp -d) || exit 99
trap 'rm -rf "$directory"' EXIT

# The result of the command before it, and what it had to say.
result() {
	status=$?
	[ $status -eq 0 ] || sed 's/^/# /' "$directory/said"
	[ $status -eq 0 ] || printf 'not '
	printf 'ok %d - %s\n' "$1" "$2"
}

# PAGE [ARGUMENT]
keys_are_those_of_the_table() {
	sed '1,/^\.\\" keys begin/d; /^\.\\" keys end/,$d' "$1" \
		>"$directory/page"
	shift
	"${builddir:?}/tests/tools/conf-manual" "$@" >"$directory/table" ||
		return 1
	[ -s "$directory/table" ] || return 1
	diff -u "$directory/page" "$directory/table"
}

# A page that is not read, or a complaint, is a failure.
mandoc_is_content() {
	[ -n "$MANDOC" ] || { echo 'there is no mandoc'; return 1; }
	# The other page may not be installed.
	! "$MANDOC" -Tlint "$cgi" "$fcgi" |
		grep -v 'referenced manual not found\|mandoc.db' || return 1
	"$MANDOC" -Tutf8 "$cgi" | grep -q heartbeat || return 1
	"$MANDOC" -Tutf8 "$fcgi" | grep -q max-clients
}

echo 1..3

keys_are_those_of_the_table "$cgi" >"$directory/said" 2>&1
result 1 'the list of keys of sse-cgi is the one of the table'
keys_are_those_of_the_table "$fcgi" worker >"$directory/said" 2>&1
result 2 'the list of keys of sse-fcgi is the one of the table'

if [ -z "$MANDOC" ] && [ "$CI" != true ]; then
	echo 'ok 3 - mandoc finds nothing # SKIP there is no mandoc'
	exit 0
fi
mandoc_is_content >"$directory/said" 2>&1
result 3 'mandoc finds nothing'
