#!/bin/sh
# tarball.sh - the same sources give the same tarball, byte for byte, wherever
# and whenever it is made.
. "${srcdir:?}/tests/library/helper.sh"

# make_tarball FOLDER: of a copy of the sources there.
make_tarball() {
	mkdir "$1" "$1/source" "$1/build" || return 1
	tar -C "$srcdir" --exclude=./.git --exclude='./build*' -cf - . |
		tar -C "$1/source" -xpf - || return 1
	chmod -R u+w "$1/source"
	# What no Makefile is made from.
	find "$1/source/lib" "$1/source/examples" -type f \
		! -name '*.mk' -exec touch {} +
	cd "$1/build" && "$1/source/configure" --quiet &&
		env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL XZ_OPT=-0 \
			make -s dist
}

is_the_same() {
	unset SOURCE_DATE_EPOCH
	(umask 022 && make_tarball "$WORK/one") || return 1
	(umask 077 && make_tarball "$WORK/another") || return 1
	cmp "$WORK"/one/build/*.tar.xz "$WORK"/another/build/*.tar.xz
}

# Nor does it say who made it, or for whom.
is_of_nobody() {
	tar -tvf "$(echo "$WORK"/one/build/*.tar.xz)" >"$WORK/list" || return 1
	[ "$(awk '{ print $2 }' "$WORK/list" | sort -u)" = 0/0 ] &&
		[ "$(awk '{ print $4, $5 }' "$WORK/list" | sort -u | wc -l)" = 1 ]
}

echo 1..2
test_case "two tarballs of the same sources are equal" is_the_same
test_case "they have one time, and nobody owns what is in them" is_of_nobody
exit "$FAILED"
