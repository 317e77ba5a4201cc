#!/bin/sh
# What configure tried shows in the files that were built: the programs and the
# library are read as the loader reads them.  What the compiler does not take is
# said, one by one; a build without hardening, as with --disable-hardening, is
# no default build.
set -eu

number=0

# report NAME RESULT: what a check answered.
report() {
	number=$((number + 1))
	if [ "$2" -eq 0 ]; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
	fi
}

# check NAME COMMAND...
check() {
	name=$1
	shift
	if "$@"; then report "$name" 0; else report "$name" 1; fi
}

leave_out() {
	number=$((number + 1))
	echo "ok $number - $1 # SKIP $2"
}

finish() {
	echo "1..$number"
	exit 0
}

skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

cd "${builddir:?}"
: "${HARDENING_CFLAGS=$(sed -n 's/^HARDENING_CFLAGS = //p' Makefile)}"
: "${SANITIZER_CFLAGS=$(sed -n 's/^SANITIZER_CFLAGS = //p' Makefile)}"
[ -n "$HARDENING_CFLAGS" ] || skip_all "built with --disable-hardening"
if ! command -v readelf >/dev/null; then
	[ "${CI:-}" != true ] || { echo "1..1"; echo "not ok 1 - no readelf"; exit; }
	skip_all "readelf is not installed"
fi

is_program() { readelf -hW "$1" | grep -q 'Type:.*DYN'; }
has_relro() { readelf -lW "$1" | grep -q GNU_RELRO; }
binds_now() { readelf -dW "$1" | grep -qE 'BIND_NOW|FLAGS_1.*NOW'; }
has_no_text_relocations() { ! readelf -dW "$1" | grep -q TEXTREL; }
has_no_path() { ! readelf -dW "$1" | grep -qE 'R(UN)?PATH'; }
stack_is_data() { readelf -lW "$1" | grep -q 'GNU_STACK.* RW '; }
nothing_is_both() { ! readelf -lW "$1" | grep -q 'LOAD.* RWE '; }
has_canaries() { readelf -sW "$1" | grep -q __stack_chk_fail; }
is_fortified() { readelf -sW "$1" | grep -v __stack_chk | grep -q '__[a-z]*_chk'; }
has_property() { readelf -nW "$1" | grep -q "$2"; }
# A page is touched before the stack grows over it.
probes_stack() {
	objdump -d "$1" | grep -qE '(or|mov)[bwlq]? +[$]0x0,(0x0)?[(]%[er]sp[)]'
}

takes() {
	case " $HARDENING_CFLAGS " in *" $1"*) return 0 ;; esac
	return 1
}

# visible FLAG NAME COMMAND...: where the compiler takes the flag.
visible() {
	flag=$1
	shift
	if takes "$flag"; then
		check "$@"
	else
		leave_out "$1" "not built with $flag"
	fi
}

# What every file has that is loaded.
check_file() {
	check "$1: relocations are read-only" has_relro "$1"
	check "$1: all is bound at the start" binds_now "$1"
	check "$1: code is not relocated" has_no_text_relocations "$1"
	check "$1: the stack is not executable" stack_is_data "$1"
	check "$1: nothing is writable and executable" nothing_is_both "$1"
	visible -fstack-protector-strong "$1: canaries" has_canaries "$1"
	visible -fcf-protection=full "$1: indirect branches" \
		has_property "$1" IBT
	visible -fcf-protection=full "$1: shadow stack" has_property "$1" SHSTK
	visible -mbranch-protection=standard "$1: branch targets" \
		has_property "$1" BTI
}

check_program() {
	check "$1: loaded anywhere" is_program "$1"
	check "$1: no path to look for libraries" has_no_path "$1"
	visible -D_FORTIFY_SOURCE= "$1: checked copies" is_fortified "$1"
	if [ "$(uname -m)" = x86_64 ]; then
		visible -fstack-clash-protection "$1: stack probes" \
			probes_stack "$1"
	fi
}

# Nothing of it can be seen in a file.
visible -ftrivial-auto-var-init=zero "variables begin as zeros" true
for program in cgi/sse-cgi fcgi/sse-fcgi; do
	[ -x "$program" ] || {
		leave_out "$program" "not built"
		continue
	}
	# libtool's script stands for a program that was linked to a library.
	[ ! -x "${program%/*}/.libs/${program##*/}" ] ||
		program=${program%/*}/.libs/${program##*/}
	check_file "$program"
	check_program "$program"
done
library=lib/.libs/libssekit.so
if [ -e "$library" ]; then
	check_file "$library"
else
	leave_out "$library" "built with --disable-shared"
fi
finish
