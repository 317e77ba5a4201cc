#!/bin/sh
# completion.sh - the completion that the build made offers each option of a
# program, and the words that an option takes.
. "${srcdir:?}/tests/library/helper.sh"

# offers PROGRAM WORD...: what bash would offer for the last word, one a line.
offers() {
	bash -c '
		program=$1
		shift
		. "packaging/bash/$program"
		COMP_WORDS=("$program" "$@")
		COMP_CWORD=$#
		"_${program//-/_}"
		printf "%s\n" "${COMPREPLY[@]}"' bash "$@"
}

all_options() {
	"$1/$2" --help | grep -oE '^ +(-[a-zA-Z], )?--[-a-z]+' |
		grep -oE -e '--[-a-z]+' | sort >"$WORK/options"
	[ "$(wc -l <"$WORK/options")" -gt 20 ] || return 1
	offers "$2" -- | sort | diff "$WORK/options" - || return 1
	while read -r option; do
		grep -qF -e "'${option}[" -e "'${option}=[" \
			"packaging/zsh/_$2" || return 1
	done <"$WORK/options"
}

words_are_offered() {
	[ "$(offers sse-cgi --format '')" = "$(printf 'lines\njson\nsse')" ] &&
		[ "$(offers sse-cgi --format = j)" = json ] &&
		[ "$(offers sse-cgi --format =)" = \
			"$(printf 'lines\njson\nsse')" ] &&
		[ "$(offers sse-cgi --heartbeat '')" = '' ]
}

# "path|query|server..." is a list.
words_of_a_list_are_offered() {
	[ "$(offers sse-cgi --select '')" = \
		"$(printf 'path\nquery\nserver')" ] &&
		[ "$(offers sse-cgi --select = q)" = query ] &&
		[ "$(offers sse-cgi --allow-headers '')" = '' ]
}

zsh_reads_and_offers() {
	zsh -n packaging/zsh/_sse-cgi &&
		grep -F -e "'--select=[" packaging/zsh/_sse-cgi |
		grep -F ':(path query server)'"'"
}

files_are_offered() {
	touch "$WORK/some.conf"
	[ "$(offers sse-cgi -f "$WORK/some")" = "$WORK/some.conf" ] &&
		[ "$(offers sse-cgi "$WORK/some")" = "$WORK/some.conf" ]
}

cd "${builddir:?}" || exit 1
echo 1..6
if command -v bash >"$WORK/said" && [ -e packaging/bash/sse-cgi ]; then
	test_case "each option of sse-cgi" all_options cgi sse-cgi
	if [ -e packaging/bash/sse-fcgi ]; then
		test_case "each option of sse-fcgi" all_options fcgi sse-fcgi
	else
		skip_case "each option of sse-fcgi" "sse-fcgi"
	fi
	test_case "the words that an option takes" words_are_offered
	test_case "the words of a list" words_of_a_list_are_offered
	test_case "files" files_are_offered
else
	for name in "sse-cgi" "sse-fcgi" "words" "lists" "files"; do
		skip_case "$name" bash
	done
fi
if command -v zsh >"$WORK/said" && [ -e packaging/zsh/_sse-cgi ]; then
	test_case "zsh can read its own" zsh_reads_and_offers
else
	skip_case "zsh can read its own" zsh
fi
exit "$FAILED"
