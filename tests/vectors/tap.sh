# tap.sh - for decode.sh and encode.sh: TAP around the runner.  Sourced.
# shellcheck shell=sh disable=SC2034

: "${srcdir:?the top of the source}" "${builddir:?the top of the build}"
vectors=$srcdir/tests/vectors
tools=$builddir/tests/tools

# plan COUNT: or, without node, leave everything out; CI has to have it.
plan()
{
	if [ -n "${NODE:-}" ]; then
		echo "1..$1"
	elif [ "${CI:-}" = true ]; then
		printf '1..1\nnot ok 1 - CI needs node\n'
		exit 1
	else
		echo '1..0 # SKIP node was not found'
		exit 0
	fi
	number=0
	failed=0
	work=$(mktemp -d "${TMPDIR:-/tmp}/ssekit-vectors.XXXXXX") || exit 99
	trap 'rm -rf "$work"' EXIT
	trap 'exit 99' HUP INT TERM
}

# check DESCRIPTION COMMAND...: what the command prints is kept in
# $work/output, and shown if it fails.
check()
{
	number=$((number + 1))
	description=$1
	shift
	if "$@" >"$work/output" 2>&1; then
		echo "ok $number - $description"
	else
		sed 's/^/# /' "$work/output"
		echo "not ok $number - $description"
		failed=1
	fi
}
