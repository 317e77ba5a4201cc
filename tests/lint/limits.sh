# limits.sh - does a test measure each row of LIMITS in the man pages?  Which
# one is said in the table beside this file, of which each line is needed.
# shellcheck shell=sh

table=${srcdir:?}/tests/lint/limits.txt
directory=$(mktemp -d) || exit 99
trap 'rm -rf "$directory"' EXIT

# The result of the command before it, and what it had to say.
result() {
	status=$?
	[ $status -eq 0 ] || sed 's/^/# /' "$directory/said"
	[ $status -eq 0 ] || printf 'not '
	printf 'ok %d - %s\n' "$1" "$2"
}

# "PAGE | ROW" for each.
rows() {
	for page in lib/ssekit.conf.5 cgi/sse-cgi.1 fcgi/sse-fcgi.8; do
		sed -n '/^\.Sh LIMITS/,/^\.El/s/^\.It //p' "$srcdir/$page" |
			sed "s/^/${page##*/} | /"
	done | sort
}

measured() {
	sed -n 's/^\([^#|][^|]* | [^|]*\) | .*/\1/p' "$table" | sort
}

each_row_is_measured() {
	rows >"$directory/rows"
	measured >"$directory/measured"
	[ -s "$directory/rows" ] &&
		diff -u "$directory/rows" "$directory/measured"
}

# FILE TEST: a unit test, or one of bats.
is_there() {
	grep -Fqx -e "TEST($2)" -e "@test \"$2\" {" "$srcdir/tests/$1"
}

each_test_is_there() {
	sed -n 's/^[^#|][^|]* | [^|]* | //p' "$table" >"$directory/tests"
	while IFS='|' read -r file name; do
		is_there "${file% }" "${name# }" ||
			echo "$file has no test$name"
	done <"$directory/tests" >"$directory/missing"
	cat "$directory/missing"
	[ -s "$directory/tests" ] && [ ! -s "$directory/missing" ]
}

echo 1..2

each_row_is_measured >"$directory/said" 2>&1
result 1 'each row of LIMITS has a test, and no other'
each_test_is_there >"$directory/said" 2>&1
result 2 'each of these tests is there'
