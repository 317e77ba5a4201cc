#!/bin/sh
# The floors of lib/README.md are the architecture, and a total order: a file
# includes only what stands before it in the table, and its own header first.
# The table is read from that page, so that page and sources cannot part.
set -eu
cd "${srcdir:?}"

SOURCES=$(find lib cgi fcgi -name '*.[ch]')

# "RANK FILE FOLDER" for each file of the table, from its first one on.
floors() {
	awk -F'|' '
		/^\| floor /  { inside = 1; next }
		inside && /^\|---/ { next }
		inside && /^\|/ {
			count = split($3, files, " ")
			gsub(/ /, "", $2)
			# Two folders have a main.
			for (i = 1; i <= count; i++)
				print ++rank, (files[i] == "main" ? \
					$2 "/main" : files[i]), $2
			next
		}
		{ inside = 0 }' lib/README.md
}

# "FILE INCLUDED" for each include of one of our own headers.
includes() {
	for file in $SOURCES; do
		name=${file##*/}
		[ "$name" != main.c ] || name=$file
		sed -n 's/^#include "\(.*\)\.h".*/\1/p' "$file" |
			sed 's|.*/||' | grep -v '^config$' |
			sed "s|^|${name%.[ch]} |" || true
	done
}

violations() {
	{ floors | sed 's/^/rank /'; includes | sed 's/^/include /'; } | awk '
		$1 == "rank" { rank[$3] = $2; folder[$3] = $4; next }
		!($2 in rank) { print $2 ": not in the table"; next }
		!($3 in rank) { print $3 ": not in the table"; next }
		folder[$2] == "fcgi" && folder[$3] == "cgi" || \
		rank[$3] > rank[$2] { print $2 " includes " $3 }'
}

# Files that are in the table and not in the folder of their floor.
missing() {
	floors | while read -r _ name folder; do
		for file in "$folder/${name##*/}".[ch]; do
			[ -f "$file" ] && continue 2
		done
		echo "$folder: no $name"
	done
}

own_header_first() {
	for file in $SOURCES; do
		own=${file%.c}.h
		[ "$own" != "$file" ] || continue
		[ -f "$own" ] || continue
		first=$(sed -n 's/^#include "\(.*\)"$/\1/p' "$file" |
			grep -v '^config\.h$' | head -n 1)
		case $own in
		lib/*) own=${own#lib/} ;;
		*) own=${own##*/} ;;
		esac
		[ "$first" = "$own" ] || echo "$file: $first comes first"
	done
}

# A header stands alone: it compiles by itself.
alone() {
	for header in $SOURCES; do
		[ "${header%.h}" != "$header" ] || continue
		echo "#include \"$header\"" | ${CC:-cc} -std=gnu11 \
			-D_GNU_SOURCE -I. -Ilib -Icgi -Ifcgi -fsyntax-only \
			-x c - ||
			echo "$header: does not compile by itself"
	done 2>&1
}

# The public one is for C++, too.
for_cplusplus() {
	echo '#include "ssekit.h"' | ${CXX:-c++} -std=c++11 -Wall -Wextra \
		-Werror -Ilib -fsyntax-only -x c++ - 2>&1 ||
		echo "ssekit.h: does not compile as C++"
}

number=0
failed=0
check() { # NAME WHAT-IS-WRONG
	number=$((number + 1))
	if [ -z "$2" ]; then
		echo "ok $number - $1"
	else
		echo "not ok $number - $1"
		echo "$2" | sed 's/^/# /'
		failed=1
	fi
}

echo 1..5
check "each file includes what stands before it only" "$(violations)"
check "every file of the table is there" "$(missing)"
check "each file includes its own header first" "$(own_header_first)"
check "each header compiles by itself" "$(alone)"
check "ssekit.h compiles as C++" "$(for_cplusplus)"
exit $failed
