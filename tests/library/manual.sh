#!/bin/sh
# manual.sh - ssekit.3 is all that a program's author needs: every function
# stands in it, and each of its examples compiles, and does what it says.
. "${srcdir:?}/tests/library/helper.sh"

page=$srcdir/lib/ssekit.3

# SECTION: its lines.
section() {
	sed -n "/^\.Sh $1\$/,/^\.Sh /p" "$page"
}

# Each function of the header in the synopsis, and explained.
functions_are_there() {
	{
		called
		sed -n 's/^\(sse_fcg[ix]_[a-z]*\)(.*/\1/p' \
			"$srcdir/lib/ssekit-fcgi.h" | grep -vx sse_fcgi_begin
	} >"$WORK/functions"
	[ -s "$WORK/functions" ] || return 1
	while read -r function; do
		if ! section SYNOPSIS | grep -q "^\.F[no] $function\>" ||
			! section DESCRIPTION |
			grep -q "^\.It Fn $function\>"; then
			echo "$function is missing"
			return 1
		fi
	done <"$WORK/functions"
}

# Each error that the header names, in ERRORS, and no other.
errors_are_there() {
	grep -ohE '\-E[A-Z0-9]{3,}' "$srcdir/lib/ssekit.h" | sort -u \
		>"$WORK/errors"
	section ERRORS | sed -n 's/^\.It Er //p' | sort |
		diff "$WORK/errors" - && [ -s "$WORK/errors" ]
}

mandoc_is_content() {
	# Pages of other packages may not be installed.
	! "$MANDOC" -Tlint "$page" 2>"$WORK/errors" |
		grep -v 'referenced manual not found' || return 1
	"$MANDOC" -Tutf8 "$page" | grep -q "hostile until it is checked"
}

# Program N of the page is made into N.c: literal blocks of EXAMPLES.
extract() {
	section EXAMPLES | awk -v folder="$WORK" '
		/^\.Bd -literal/ { file = folder "/" ++number ".c"; next }
		/^\.Ed/ { file = ""; next }
		file { gsub(/\\e/, "\\"); print >file }'
	[ -e "$WORK/4.c" ] && [ ! -e "$WORK/5.c" ]
}

# build NUMBER [ARGUMENT]...
build() {
	source=$WORK/$1.c program=$WORK/$1

	shift
	# shellcheck disable=SC2046 # there may be several of them
	compile -I"$srcdir/lib" -o "$program" "$source" $(built_library) "$@"
}

cgi_program_streams() {
	build 1 || return 1
	# The first heartbeat comes after 15 s.
	REQUEST_METHOD=GET $LIMIT "$WORK/1" | sed '/^:$/q' >"$WORK/got"
	grep -q '^Content-Type: text/event-stream' "$WORK/got" &&
		grep -qx 'event: time' "$WORK/got" &&
		grep -qxE 'data: [0-9]+' "$WORK/got" &&
		[ "$(tail -n 1 "$WORK/got")" = : ] &&
		REQUEST_METHOD=POST $LIMIT "$WORK/1" |
		grep -q '^Status: 405'
}

# start_fastcgi SOCKET PROGRAM: as spawn-fcgi does it, with the socket as
# descriptor 0.
start_fastcgi() {
	perl -MIO::Socket::UNIX -e 'my $socket = IO::Socket::UNIX->new(
			Local => shift, Listen => 5) or die;
		open(STDIN, "<&", $socket) or die;
		exec @ARGV' "$@" &
	STARTED=$!
}

fastcgi_program_resumes() {
	build 2 -lfcgi || return 1
	start_fastcgi "$WORK/socket" "$WORK/2"
	# shellcheck disable=SC2016 # for the inner shell
	$LIMIT sh -c 'until [ -S "$1" ]; do :; done' - "$WORK/socket" || return 1
	$LIMIT "$NODE" "$srcdir/tests/tools/fcgi-get" "$WORK/socket" any 41 \
		2>/dev/null | sed '/^id: 43$/{n;q;}' >"$WORK/got"
	grep -qx 'id: 42' "$WORK/got" &&
		[ "$(tail -n 1 "$WORK/got")" = 'data: one more' ] &&
		kill "$STARTED" && ! wait "$STARTED"
}

frame_is_printed() {
	build 3 || return 1
	[ "$("$WORK/3")" = "$(printf 'id: 7\ndata: two\ndata: lines')" ]
}

events_are_printed() {
	build 4 || return 1
	printf 'event: a\ndata: 1\n\nid: 9\ndata: 2\n\ndata: cut' |
		"$WORK/4" >"$WORK/got"
	printf 'type=a id= data=1 \ntype=message id=9 data=2 \n' |
		diff - "$WORK/got"
}

echo 1..8
test_case "every function is in the synopsis, and explained" \
	functions_are_there
test_case "every error is listed" errors_are_there
if [ -n "$MANDOC" ]; then
	test_case "mandoc finds nothing" mandoc_is_content
else
	skip_case "mandoc finds nothing" mandoc
fi
test_case "there are four examples" extract
test_case "the CGI program streams" cgi_program_streams
if echo '#include <fcgiapp.h>' | ${CC:-cc} -E - >"$WORK/said" 2>&1 &&
	[ -n "$NODE" ]; then
	test_case "the FastCGI program streams, and goes on after an id" \
		fastcgi_program_resumes
else
	skip_case "the FastCGI program streams" "libfcgi or node"
fi
test_case "the frame is as it says" frame_is_printed
test_case "the reader prints events" events_are_printed
exit "$FAILED"
