#!/bin/sh
# The form of the sources, as .github/CONTRIBUTING.md has it.  A tool that is
# missing is a skip, and a failure where CI=true.  Each check is first made on
# a sample that it has to object to: a check that cannot fail is none.
set -eu
cd "${srcdir:?}"

WIDTH_MAX=80
FUNCTION_LINES_MAX=60
BANNED='sprintf|vsprintf|strcpy|strcat|strtok|gets|atoi|atol|alloca'
BANNED="$BANNED|localtime|select|signal"

PROGRAM_SOURCES=$(find lib cgi fcgi -name '*.[ch]')
C_SOURCES="$PROGRAM_SOURCES $(find tests examples -name '*.[ch]')"
SHELL_SOURCES=$(find tests examples packaging .ci -type f \
	-exec grep -lE '^#!.*sh$|^bats_|^# .*\.bash - ' {} +)
BATS_SOURCES=$(find tests -type f -exec grep -l '^#!.*bats$' {} +)

work=$(mktemp -d "${TMPDIR:-/tmp}/ssekit-lint.XXXXXX")
trap 'rm -rf "$work"' EXIT

# Each of these prints what is wrong with the files that it is given.

too_wide() {
	for file; do
		expand "$file" | awk -v file="$file" -v max="$WIDTH_MAX" \
			'length > max { print file ":" NR ": " length " wide" }'
	done
}

# The files without comments and strings, with their lines where they were.
bare() {
	perl -0777 -pe 's{(/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*")}
		{$1 =~ tr/\n//cdr}gsex' "$1"
}

# Where a program is compiled for C alone there is only signal().
banned_functions() {
	for file; do
		bare "$file" | grep -nE "(^|[^A-Za-z0-9_>.])($BANNED) *\(" |
			sed "s|^|$file:|" |
			grep -v '^lib/ssekit-fcgi.h:.*signal(SIGTERM,' || true
	done
}

long_functions() {
	ctags -x --c-kinds=f --fields=+ne \
		--_xformat='%{end} %{line} %F %N' "$@" |
		awk -v max="$FUNCTION_LINES_MAX" '$1 - $2 + 1 > max {
			print $3 ": " $4 "() has " $1 - $2 + 1 " lines" }'
}

left_over() {
	grep -nwE 'TO[D]O|FIX[M]E|HAC[K]|#if [0]' "$@" || true
}

# Functions that are called by name, tests that are subshells, variables of files
# that bats loads.
shell_errors() {
	shellcheck -e SC1091,SC2317,SC2030,SC2031,SC2154 "$@" || true
}

number=0
failed=0

# report NAME WHAT-IS-WRONG
report() {
	number=$((number + 1))
	if [ -z "$2" ]; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
		echo "$2" | sed 's/^/# /'
		failed=1
	fi
}

# check NAME TOOL FUNCTION SAMPLE FILE...
check() {
	name=$1 tool=$2 function=$3 sample=$4
	shift 4
	if ! command -v "$tool" >"$work/tool"; then
		if [ "${CI:-}" = true ]; then
			report "$name" "$tool is not installed"
		else
			number=$((number + 1))
			echo "ok $number - $name # SKIP $tool is not installed"
		fi
		return
	fi
	printf '%b\n' "$sample" >"$work/sample.c"
	if [ -z "$($function "$work/sample.c")" ]; then
		report "$name" "the check does not see what it is for"
	else
		report "$name" "$($function "$@")"
	fi
}

# Lists of names without blanks; code that is not meant to be run.
# shellcheck disable=SC2086,SC2016
{
	echo 1..5
	check "no line of C is wider than $WIDTH_MAX columns" awk too_wide \
		"$(printf '\\t%073d' 0)" $C_SOURCES
	check "no banned function" perl banned_functions \
		'int x = /* */ atoi(y);' $PROGRAM_SOURCES
	check "no function is longer than $FUNCTION_LINES_MAX lines" ctags \
		long_functions "int f(void)\n{\n$(seq -s '\n' -f '%g;' 70)\n}" \
		$C_SOURCES
	check "nothing is left for later" grep left_over \
		"$(printf 'FIX%s' ME)" $C_SOURCES $SHELL_SOURCES $BATS_SOURCES
	check "shellcheck" shellcheck shell_errors \
		'#!/bin/sh\nrm `ls`' $SHELL_SOURCES $BATS_SOURCES
}
exit $failed
