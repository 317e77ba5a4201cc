# manual.sh - are the man pages right?  The lists of keys in them are those of
# the table in the code, each has a text, and mandoc finds nothing to complain about.
#
# `make manual-keys` renews the lists.

conf=${srcdir:?}/lib/ssekit.conf.5
cgi=$srcdir/cgi/sse-cgi.1
fcgi=$srcdir/fcgi/sse-fcgi.8
keys=$srcdir/lib/conf/keys.mdoc
directory=$(mktemp -d) || exit 99
trap 'rm -rf "$directory"' EXIT

# The result of the command before it, and what it had to say.
result() {
	status=$?
	[ $status -eq 0 ] || sed 's/^/# /' "$directory/said"
	[ $status -eq 0 ] || printf 'not '
	printf 'ok %d - %s\n' "$1" "$2"
}

# PAGE LIST...
lists_are_those_of_the_table() {
	page=$1
	shift
	sh "$srcdir/tests/tools/manual-lists" \
		"${builddir:?}/tests/tools/conf-manual" "$keys" "$page" \
		>"$directory/page" || return 1
	for list; do
		grep -q "^\.\\\\\" $list begin" "$page" || return 1
	done
	diff -u "$page" "$directory/page"
}

# A page that is not read, or a complaint, is a failure.
mandoc_is_content() {
	[ -n "$MANDOC" ] || { echo 'there is no mandoc'; return 1; }
	# The other pages may not be installed.
	! "$MANDOC" -Tlint "$conf" "$cgi" "$fcgi" |
		grep -v 'referenced manual not found\|mandoc.db' || return 1
	"$MANDOC" -Tutf8 "$conf" | grep -q 'From 100ms to 1h' || return 1
	"$MANDOC" -Tutf8 "$cgi" | grep -q 'so long a silence' ||
		return 1
	"$MANDOC" -Tutf8 "$fcgi" | grep -q 'most clients at once'
}

# A section that is named has to be one of the same page.
sections_are_there() {
	for page in "$conf" "$cgi" "$fcgi"; do
		sed -n 's/^\.Sx \(.*[A-Za-z]\).*/\1/p' "$page" |
			while read -r section; do
				grep -qix "\.S[hs] $section" "$page" ||
					echo "$page: no section $section"
			done
	done >"$directory/missing"
	cat "$directory/missing"
	grep -q '^\.Sx ' "$conf" && [ ! -s "$directory/missing" ]
}

echo 1..5

lists_are_those_of_the_table "$conf" keys worker-keys >"$directory/said" 2>&1
result 1 'the lists of keys of ssekit.conf are those of the table'
lists_are_those_of_the_table "$cgi" options >"$directory/said" 2>&1
result 2 'the list of options of sse-cgi is the one of the table'
lists_are_those_of_the_table "$fcgi" worker-options >"$directory/said" 2>&1
result 3 'the list of options of sse-fcgi is the one of the table'
sections_are_there >"$directory/said" 2>&1
result 4 'each section that a page names is there'

if [ -z "$MANDOC" ] && [ "$CI" != true ]; then
	echo 'ok 5 - mandoc finds nothing # SKIP there is no mandoc'
	exit 0
fi
mandoc_is_content >"$directory/said" 2>&1
result 5 'mandoc finds nothing'
