#!/bin/sh
# What cppcheck sees in the sources that a compiler does not.  It is first given
# a sample that it has to object to.  tests/lint/tidy looks further, and longer.
set -eu
cd "${srcdir:?}"

name="cppcheck objects to nothing"
if ! command -v cppcheck >/dev/null; then
	if [ "${CI:-}" = true ]; then
		printf '1..1\nnot ok 1 - cppcheck is not installed\n'
		exit 1
	fi
	echo "1..0 # SKIP cppcheck is not installed"
	exit 0
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/ssekit-lint.XXXXXX")
trap 'rm -rf "$work"' EXIT

# objections FILE...: a line for each.
objections() {
	cppcheck --quiet --std=c11 --template='{file}:{line}: {message} [{id}]' \
		--template-location='' \
		--enable=warning,performance,portability \
		--include=tests/lint/cppcheck.h \
		--suppressions-list=tests/lint/cppcheck.txt \
		-D_GNU_SOURCE -DHAVE_CONFIG_H -DSYSCONFDIR='"/etc"' \
		-DWITH_JSON -DWITH_PCRE2 -DWITH_REDIS \
		-Ilib -Icgi -Ifcgi "$@" 2>&1 || true
}

echo 1..1
echo 'int f(void) { int a[2] = {0, 0}; return a[2]; }' >"$work/sample.c"
if [ -z "$(objections "$work/sample.c")" ]; then
	echo "not ok 1 - $name"
	echo "# it does not see what it is for"
	exit 1
fi
said=$(objections lib cgi fcgi)
if [ -n "$said" ]; then
	echo "not ok 1 - $name"
	echo "$said" | sed 's/^/# /'
	exit 1
fi
echo "ok 1 - $name"
