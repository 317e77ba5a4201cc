#!/bin/sh
# symbols.sh - the interface is said in three places, which have to agree: the
# functions of ssekit.h, the version script, and what the library exports.
set -eu
cd "${builddir:?}"

work=$(mktemp -d "${TMPDIR:-/tmp}/ssekit-symbols.XXXXXX")
trap 'rm -rf "$work"' EXIT

shared=lib/.libs/libssekit.so
static=lib/.libs/libssekit.a
number=0
failed=0

# The functions that the header declares, without its comments.
declared() {
	perl -0777 -ne 's{/\*.*?\*/}{}gs; s{^#.*\n}{}gm;
		print "$1\n" while /SSE_PUBLIC\s[^;(]*?(\w+)\(/g' \
		"${srcdir:?}/lib/ssekit.h"
}

scripted() {
	sed -n '/^global:/,/^local:/s/^	\([a-z_]*\);$/\1/p' \
		"$srcdir/lib/ssekit.map"
}

exported() {
	nm -D --defined-only "$shared" |
		awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }'
}

# All that a program which is linked with the archive must not name likewise.
archived() {
	nm --defined-only "$static" |
		awk '$2 ~ /^[A-Z]$/ && $3 !~ /^(_|DW\.)/ { print $3 }'
}

# report NAME: what the last command has written must be nothing.
report() {
	number=$((number + 1))
	if [ -s "$work/wrong" ]; then
		printf 'not '
		failed=1
	fi
	echo "ok $number - $1"
	sed 's/^/# /' "$work/wrong"
}

# same NAME FILE FILE
same() {
	if [ -s "$2" ]; then
		diff "$2" "$3" >"$work/wrong" || true
	else
		echo "nothing was found" >"$work/wrong"
	fi
	report "$1"
}

skip() {
	number=$((number + 1))
	echo "ok $number - $1 # SKIP $2"
}

echo 1..3
declared | sort >"$work/declared"
scripted | sort >"$work/scripted"
same "the version script has the functions of ssekit.h" \
	"$work/declared" "$work/scripted"

if [ -e "$shared" ]; then
	exported | sort >"$work/exported"
	same "the shared library exports them, and nothing else" \
		"$work/declared" "$work/exported"
else
	skip "the shared library exports them" "it is not built"
fi

if [ -e "$static" ]; then
	archived | grep -v '^sse_' >"$work/wrong" || true
	report "each name in the archive begins with sse_"
else
	skip "each name in the archive begins with sse_" "it is not built"
fi
exit $failed
