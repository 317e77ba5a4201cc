# memory.sh - each allocation fails in turn, where sequences says: no program
# ends, and what is told is the right word.
# shellcheck shell=sh

skip() {
	echo "1..0 # SKIP $*"
	exit 0
}

object=${builddir:?}/tests/memory/.libs/failing.so
[ -n "${NODE:-}" ] || skip "there is no node"
[ -z "${SANITIZER_CFLAGS:-}" ] || skip "a sanitizer has an allocator of its own"
[ -x "$builddir/fcgi/sse-fcgi" ] || skip "sse-fcgi is not built"
[ -e "$object" ] || skip "nothing can be preloaded"
exec "$NODE" "${srcdir:?}/tests/memory/memory.js" "$srcdir" "$builddir" "$object"
