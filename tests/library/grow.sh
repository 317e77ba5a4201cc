#!/bin/sh
# grow.sh - programs that were compiled with an older or a newer ssekit.h, whose
# structs have fewer members or more, run with this library.  These headers are
# made from this release's own.
. "${srcdir:?}/tests/library/helper.sh"

older_header() {
	sed -e '/^struct sse_event {/,/^};/{/has_retry;/d;/retry_ms;/d;}' \
		-e '/^struct sse_request {/,/^};/{/content_size;/d;/accepts;/d;}' \
		-e '/^struct sse_response {/,/^};/{/allow_headers;/d;/vary;/d;/policy;/d;}' \
		"$srcdir/lib/ssekit.h"
}

newer_header() {
	awk '/^struct sse_(event|request|response) \{/ { inside = 1 }
		inside && /^};/ { print "\tlong long added;"; inside = 0 }
		{ print }' "$srcdir/lib/ssekit.h"
}

# How many lines of the header are other ones.
changed_lines() {
	diff "$srcdir/lib/ssekit.h" "$1" | grep -c '^[<>]'
}

# build_and_run FOLDER [ARGUMENT]...: with the header in that folder.
build_and_run() {
	include=$1

	shift
	# shellcheck disable=SC2046 # there may be several of them
	compile -I"$include" "$@" -o "$WORK/grow" \
		"$srcdir/tests/library/grow.c" $(built_library) &&
		"$WORK/grow"
}

this_program_runs() {
	build_and_run "$srcdir/lib"
}

older_program_runs() {
	mkdir "$WORK/older"
	older_header >"$WORK/older/ssekit.h"
	[ "$(changed_lines "$WORK/older/ssekit.h")" = 7 ] &&
		build_and_run "$WORK/older"
}

newer_program_runs() {
	mkdir "$WORK/newer"
	newer_header >"$WORK/newer/ssekit.h"
	[ "$(changed_lines "$WORK/newer/ssekit.h")" = 3 ] &&
		build_and_run "$WORK/newer" -DADDED
}

echo 1..3
test_case "a program of this release runs" this_program_runs
test_case "a program with smaller structs runs" older_program_runs
test_case "a program with larger structs is understood, or told -E2BIG" \
	newer_program_runs
exit "$FAILED"
