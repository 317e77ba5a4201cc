#!/usr/bin/env bats
#
# A program without shared libraries, as packaging/README.md has it.

load helper

prepare() {
	if grep -aq __asan_init "$builddir/cgi/sse-cgi"; then
		skip 'a sanitizer is a shared library'
	fi
	need make readelf
	append 'line 1' 'line 2'
}

# sse-cgi.static is beside the other one for as long as it takes.
build() {
	make -s -C "$builddir" EXEEXT=.static LDFLAGS=-all-static \
		cgi/sse-cgi.static >make.out 2>&1 || return
	mv "$builddir/cgi/sse-cgi.static" sse-cgi.static
}

lines_of() {
	"$1" --follow=no --from=start --retry=2s "$LOG" 2>&1 |
		grep -E '^(id|data|event):'
}

@test "make LDFLAGS=-all-static: sse-cgi, and what it sends is the same" {
	if ! build && grep -q 'cannot find -l' make.out; then
		skip 'the libraries are not there to be linked with'
	fi
	[ -x sse-cgi.static ] || fail "$(cat make.out)"
	run -0 readelf -lW sse-cgi.static
	refute_output --partial INTERP
	run -0 lines_of ./sse-cgi.static
	assert_line 'data: line 2'
	assert_equal "$output" "$(lines_of "$builddir/cgi/sse-cgi")"
}
