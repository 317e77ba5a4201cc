#!/bin/sh
# symbols.sh - the interface is said in three places, which have to agree: the
# functions of ssekit.h, the version script, and what the library exports.
. "${srcdir:?}/tests/library/helper.sh"

shared=${builddir:?}/lib/.libs/libssekit.so
static=$builddir/lib/.libs/libssekit.a

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

# same FUNCTION: whether it lists the functions of the header.
same() {
	declared | sort >"$WORK/declared"
	"$1" | sort | diff "$WORK/declared" - && [ -s "$WORK/declared" ]
}

# Each function with the size of a struct is called by one without it.
sized_are_called() {
	declared | sed -n 's/_sized$//p' | sort >"$WORK/sized"
	declared SSE_INLINE | sort | diff "$WORK/sized" - && [ -s "$WORK/sized" ]
}

# NULL is treated alike by all of them.
called_with_null() {
	# A limit is all that the left out one takes.
	for function in $(called | grep -vx sse_decoder_new); do
		grep -qE "\b$function\(.*(NULL|absent)" \
			"$srcdir/tests/unit/null_test.c" ||
			echo "$function"
	done >"$WORK/missing"
	cat "$WORK/missing"
	[ ! -s "$WORK/missing" ] && [ "$(called)" ]
}

prefixed() {
	archived | grep -q '^sse_' && ! archived | grep -v '^sse_'
}

echo 1..5
test_case "the version script has the functions of ssekit.h" same scripted
test_case "each function with a size is called by one without" sized_are_called
test_case "each function has its row in null_test.c" called_with_null
if [ -e "$shared" ]; then
	test_case "the shared library exports them, and nothing else" \
		same exported
else
	not_built "the shared library exports them"
fi
if [ -e "$static" ]; then
	test_case "each name in the archive begins with sse_" prefixed
else
	not_built "each name in the archive begins with sse_"
fi
exit "$FAILED"
