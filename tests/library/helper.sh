# helper.sh - what the tests of the library share: results in TAP, a folder
# WORK, and compiling as another's program would be.  Source it.
# shellcheck shell=sh disable=SC2034

WORK=$(mktemp -d "${TMPDIR:-/tmp}/ssekit-library.XXXXXX") || exit 99
STARTED=
NUMBER=0
FAILED=0

clean_up() {
	if [ -n "$STARTED" ]; then
		kill "$STARTED" 2>/dev/null
		wait "$STARTED" 2>/dev/null
	fi
	rm -rf "$WORK"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

# The deadline of whatever a test waits for.
LIMIT="timeout ${SSE_TEST_SECONDS:-60}"

# test_case NAME COMMAND...: one result; what it writes is shown if it fails.
test_case() {
	NUMBER=$((NUMBER + 1))
	name=$1
	shift
	if "$@" >"$WORK/said" 2>&1; then
		echo "ok $NUMBER - $name"
	else
		FAILED=1
		echo "not ok $NUMBER - $name"
		sed 's/^/# /' "$WORK/said"
	fi
}

# skip_case NAME TOOL: a failure where CI=true.
skip_case() {
	NUMBER=$((NUMBER + 1))
	if [ "${CI:-}" = true ]; then
		FAILED=1
		echo "not ok $NUMBER - $1 ($2 is missing)"
	else
		echo "ok $NUMBER - $1 # SKIP $2 is missing"
	fi
}

# not_built NAME: what configure was told to leave out.
not_built() {
	NUMBER=$((NUMBER + 1))
	echo "ok $NUMBER - $1 # SKIP it is not built"
}

# declared [SSE_INLINE]: the functions that the header declares, without its
# comments: those of the library, or those that are in the header itself.
declared() {
	perl -0777 -ne 'BEGIN { $what = shift } s{/\*.*?\*/}{}gs; s{^#.*\n}{}gm;
		print "$1\n" while /$what\s[^;(]*?(\w+)\([^{}]*?;/g' \
		"${1:-SSE_PUBLIC}" "${srcdir:?}/lib/ssekit.h"
}

# What a program calls: for a function with a size, the one without it.
called() {
	declared | sed 's/_sized$//'
}

# compile ARGUMENT...: C, with no warning allowed.
compile() {
	# shellcheck disable=SC2086 # there may be several of them
	${CC:-cc} -Wall -Wextra -pedantic -Werror $SANITIZER_CFLAGS "$@"
}

# The library as it was built, for the linker.
built_library() {
	if [ -e "${builddir:?}/lib/.libs/libssekit.a" ]; then
		echo "$builddir/lib/.libs/libssekit.a"
	else
		echo "-L$builddir/lib/.libs -Wl,-rpath,$builddir/lib/.libs" \
			-lssekit
	fi
}
