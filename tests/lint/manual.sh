# manual.sh - are the man pages right?  The list of keys in sse-cgi.1 is the
# one of the table in the code, and mandoc finds nothing to complain about.
#
# `make manual-keys` renews the list.

page=${srcdir:?}/cgi/sse-cgi.1
directory=$(mktemp -d) || exit 99
trap 'rm -rf "$directory"' EXIT

# The result of the command before it, and what it had to say.
result() {
	status=$?
	[ $status -eq 0 ] || sed 's/^/# /' "$directory/said"
	[ $status -eq 0 ] || printf 'not '
	printf 'ok %d - %s\n' "$1" "$2"
}

keys_are_those_of_the_table() {
	sed '1,/^\.\\" keys begin/d; /^\.\\" keys end/,$d' "$page" \
		>"$directory/page"
	"${builddir:?}/tests/tools/conf-manual" >"$directory/table" || return 1
	[ -s "$directory/table" ] || return 1
	diff -u "$directory/page" "$directory/table"
}

# A page that is not read, or a complaint, is a failure.
mandoc_is_content() {
	[ -n "$MANDOC" ] || { echo 'there is no mandoc'; return 1; }
	"$MANDOC" -Tlint "$page" || return 1
	"$MANDOC" -Tutf8 "$page" | grep -q heartbeat
}

echo 1..2

keys_are_those_of_the_table >"$directory/said" 2>&1
result 1 'the list of keys is the one of the table'

if [ -z "$MANDOC" ] && [ "$CI" != true ]; then
	echo 'ok 2 - mandoc finds nothing # SKIP there is no mandoc'
	exit 0
fi
mandoc_is_content >"$directory/said" 2>&1
result 2 'mandoc finds nothing'
