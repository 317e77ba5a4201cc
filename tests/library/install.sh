#!/bin/sh
# install.sh - `make install` gives others all that they need, and `make
# uninstall` takes all of it away.  Programs are built with what was installed
# alone: pkg-config says where it is.
. "${srcdir:?}/tests/library/helper.sh"

root=$WORK/root
export PKG_CONFIG_SYSROOT_DIR="$root"
# Also where the prefix is /usr, whose folders are left out otherwise.
export PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 PKG_CONFIG_ALLOW_SYSTEM_LIBS=1
unset PKG_CONFIG_PATH

# make_target TARGET: as by hand, whatever make this is started by.
make_target() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u PKG_CONFIG_SYSROOT_DIR \
		make -s -C "${builddir:?}" DESTDIR="$root" "$1"
}

# Sets library and PKG_CONFIG_LIBDIR to where ssekit.pc has been installed.
find_library() {
	PKG_CONFIG_LIBDIR=$(dirname "$(find "$root" -name ssekit.pc)")
	export PKG_CONFIG_LIBDIR
	library=$(dirname "$PKG_CONFIG_LIBDIR")
}

installs() {
	make_target install || return 1
	find_library
	find "$root" -type f -o -type l | sort >"$WORK/installed"
	for file in /include/ssekit.h /include/ssekit-fcgi.h /pkgconfig/ssekit.pc /man3/ssekit.3 \
		/bin/sse-cgi /man1/sse-cgi.1 /man5/ssekit.conf.5 \
		/ssekit/README.md /examples/c/clock.c \
		/ssekit/nginx.conf /completions/sse-cgi /_sse-cgi; do
		grep "$file\$" "$WORK/installed" || return 1
	done
	# The manual says where the programs are.
	bin=$(dirname "$(find "$root" -name sse-cgi -path '*/bin/*')")
	grep "^#!${bin#"$root"}/sse-cgi -f\$" \
		"$(find "$root" -name sse-cgi.1)" || return 1
	# Each example is there, but for the one that needs the sources.
	for file in $(cd "$srcdir" && find examples -type f \
		! -name quickstart ! -name local.mk); do
		grep "/ssekit/$file\$" "$WORK/installed" || return 1
	done
	[ "$(pkg-config --modversion ssekit)" ]
}

flags() {
	pkg-config --cflags --libs ssekit
}

# A program of examples/c says the time, and is ended by SIGPIPE.
says_time() {
	REQUEST_METHOD=GET $LIMIT "$1" | sed '/^data: /q' >"$WORK/got" &&
		grep -q '^Content-Type: text/event-stream' "$WORK/got" &&
		grep -q '^data: The server time is: 2' "$WORK/got"
}

# shellcheck disable=SC2046 # flags are words
shared_program_runs() {
	compile -o "$WORK/shared" "$srcdir/examples/c/clock.c" $(flags) &&
		readelf -d "$WORK/shared" | grep 'NEEDED.*libssekit\.so\.' &&
		(
			export LD_LIBRARY_PATH="$library"
			says_time "$WORK/shared"
		)
}

# shellcheck disable=SC2046 # flags are words
static_program_runs() {
	compile -o "$WORK/static" "$srcdir/examples/c/clock.c" \
		$(pkg-config --cflags ssekit) "$library/libssekit.a" &&
		says_time "$WORK/static"
}

# The header for libfcgi is used where it was installed, by C and by C++; what
# is built is a CGI program where it is started as one.
# shellcheck disable=SC2046 # flags are words
fastcgi_program_runs() {
	compile -o "$WORK/fastcgi" "$srcdir/examples/c/event.c" $(flags) \
		-lfcgi || return 1
	for standard in c99 c11 gnu11; do
		echo '#include <ssekit-fcgi.h>' | ${CC:-cc} -std="$standard" -Wall \
			-Wextra -pedantic -Werror -fsyntax-only $(flags) \
			-x c - || return 1
	done
	echo '#include <ssekit-fcgi.h>' | ${CXX:-c++} -std=c++11 -Wall \
		-Wextra -Wshadow -Werror -fsyntax-only $(flags) \
		-x c++ - || return 1
	LD_LIBRARY_PATH=$library REQUEST_METHOD=GET $LIMIT "$WORK/fastcgi" \
		</dev/null >"$WORK/got" || return 1
	grep -qx 'data: two cups of tea' "$WORK/got" &&
		grep -qx 'data: {"cups": 2, "drink": "tea"}' "$WORK/got"
}

# Each of the examples needs the interface alone.
# shellcheck disable=SC2046 # flags are words
examples_build() {
	for file in "$srcdir"/examples/c/*.c; do
		case $(head -n 40 "$file") in
		*ssekit-fcgi.h*)
			[ -n "$fcgi" ] || continue
			set -- -pthread -lfcgi
			;;
		*) set -- ;;
		esac
		compile -o "$WORK/example" "$file" $(flags) "$@" || return 1
	done
}

# shellcheck disable=SC2046,SC2086 # flags are words
cplusplus_program_runs() {
	${CXX:-c++} -std=c++11 -Wall -Wextra -Wshadow -pedantic -Werror \
		$SANITIZER_CFLAGS -o "$WORK/round" \
		"$srcdir/tests/library/round.cc" $(flags) &&
		[ "$(LD_LIBRARY_PATH=$library "$WORK/round")" = 'the same' ]
}

uninstalls() {
	make_target uninstall || return 1
	! find "$root" -type f -o -type l | grep . || return 1
	# Of what is its own, no folder is left either.
	! find "$root" -name ssekit | grep .
}

fcgi=
if echo '#include <fcgiapp.h>' | ${CC:-cc} -E - >"$WORK/said" 2>&1; then
	fcgi=yes
fi

echo 1..7
test_case "make install" installs
if [ -e "$library/libssekit.so" ]; then
	test_case "a program runs with the shared library" shared_program_runs
	test_case "the examples build with what is installed" examples_build
else
	not_built "a program runs with the shared library"
	not_built "the examples build"
fi
if [ -n "$fcgi" ] && [ -e "$library/libssekit.so" ]; then
	test_case "a program with libfcgi runs" fastcgi_program_runs
else
	skip_case "a program with libfcgi runs" libfcgi
fi
if [ -e "$library/libssekit.a" ]; then
	test_case "a program runs with the archive" static_program_runs
else
	not_built "a program runs with the archive"
fi
if command -v "${CXX:-c++}" >"$WORK/said" && [ -e "$library/libssekit.so" ]
then
	test_case "a C++ program runs" cplusplus_program_runs
else
	skip_case "a C++ program runs" "a C++ compiler"
fi
test_case "make uninstall takes all of it away" uninstalls
exit "$FAILED"
