# program.bash - sse-cgi by itself, with the variables that a web server would
# set, and a log of two lines.

prepare() {
	append 'line 1' 'line 2'
}

# stream NAME [VARIABLE=VALUE]... -- ARGUMENT...: the program in the
# background, with its output in NAME.out.
stream() {
	local name=$1 variables=()

	shift
	while [ "$1" != -- ]; do
		variables+=("$1")
		shift
	done
	shift
	start "$name" "${CGI[@]}" "${variables[@]}" "$PROGRAM" "$@"
}

# answer [VARIABLE=VALUE]... -- ARGUMENT...: the same to its end, by `run`.
answer() {
	local variables=()

	while [ "$1" != -- ]; do
		variables+=("$1")
		shift
	done
	shift
	run --separate-stderr timeout "$DEADLINE" "${ORDINARY[@]}" \
		"${CGI[@]}" "${variables[@]}" "$PROGRAM" "$@"
}

# streamed TEXT [VARIABLE=VALUE]... -- ARGUMENT...: what comes until there is an
# event with that data, in answer.out, byte for byte.
streamed() {
	local text=$1

	shift
	stream answer "$@"
	wait_until "$DEADLINE" has answer.out "$text"
	kill -KILL -- "-$PID"
	wait_until "$DEADLINE" gone "$PID"
}

# status_and_line STATUS: the last answer is for people: one line of plain text.
status_and_line() {
	assert_line --index 0 --regexp "^Status: $1 "
	assert_line --regexp '^Content-Type: text/plain'
	output=${output#*$'\n\r\n'}
	[[ -n $output && $output != *$'\n'* ]] || fail "not one line: $output"
	refute_output --partial "$DIR"
}
