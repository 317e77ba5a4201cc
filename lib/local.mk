# lib/README.md has the order of the folders and of the files in them.

# base, codec and writer: what others link to.  It needs libc only.
core_sources = \
	%D%/ssekit.h \
	%D%/slice.c \
	%D%/buf.c %D%/buf.h \
	%D%/clock.c %D%/clock.h \
	%D%/fdio.c %D%/fdio.h \
	%D%/random.c %D%/random.h \
	%D%/sized.c %D%/sized.h \
	%D%/utf8.c %D%/utf8.h \
	%D%/encode.c \
	%D%/lines.c %D%/lines.h \
	%D%/block.c %D%/block.h \
	%D%/decode.c \
	%D%/hex.h \
	%D%/query.c %D%/query.h \
	%D%/request.c \
	%D%/origin.c %D%/origin.h \
	%D%/response.c \
	%D%/writer.c %D%/writer_room.h \
	%D%/adapter.c

# The programs have it from an archive, so that one file in a cgi-bin is a whole
# installation.  With flags of its own it has objects of its own.
noinst_LIBRARIES += %D%/libcore.a
%C%_libcore_a_SOURCES = $(core_sources)
%C%_libcore_a_CFLAGS = $(AM_CFLAGS)
CORE_LIBS = %D%/libcore.a

# The folders: for the programs alone.
noinst_LIBRARIES += %D%/libprivate.a
PRIVATE_LIBS = %D%/libprivate.a $(CORE_LIBS) $(JANSSON_LIBS) $(PCRE2_LIBS)
private_sources =
include %D%/base/local.mk
include %D%/record/local.mk
include %D%/source/local.mk
include %D%/conf/local.mk
include %D%/stream/local.mk
include %D%/program/local.mk
%C%_libprivate_a_SOURCES = $(private_sources)
# lib/stream/viewer.h has what is in it.
nodist_%C%_libprivate_a_SOURCES = viewer/page.c $(private_made)

lib_LTLIBRARIES += %D%/libssekit.la
%C%_libssekit_la_SOURCES = $(core_sources)
# Whose compiler reads it is not known.
%C%_libssekit_la_CFLAGS = $(AM_CFLAGS) $(NO_LTO_FLAGS)
%C%_libssekit_la_LDFLAGS = $(LIBRARY_LDFLAGS) -version-info 0:0:0 -no-undefined
# Where the linker takes it.  Elsewhere visibility alone hides the rest.
if WITH_VERSION_SCRIPT
%C%_libssekit_la_LDFLAGS += -Wl,--version-script=$(srcdir)/%D%/ssekit.map
EXTRA_%C%_libssekit_la_DEPENDENCIES = %D%/ssekit.map
endif
include_HEADERS += %D%/ssekit.h %D%/ssekit-fcgi.h
pkgconfig_DATA += %D%/ssekit.pc
dist_man_MANS += %D%/ssekit.3

dist_man_MANS += %D%/ssekit.conf.5

EXTRA_DIST += %D%/README.md %D%/ssekit.map
