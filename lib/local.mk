# lib/README.md shows the floors; the order here is theirs.

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
	%D%/decode.c \
	%D%/position.c %D%/position.h \
	%D%/query.c %D%/query.h \
	%D%/request.c \
	%D%/origin.c %D%/origin.h \
	%D%/response.c \
	%D%/writer.c \
	%D%/adapter.c

# The programs take the same objects from an archive, so that one file in a
# cgi-bin is a whole installation.
noinst_LTLIBRARIES += %D%/libcore.la
%C%_libcore_la_SOURCES = $(core_sources)

# The rest of lib/: for the programs alone.
noinst_LTLIBRARIES += %D%/libprivate.la
%C%_libprivate_la_LIBTOOLFLAGS = --tag=disable-static
%C%_libprivate_la_LIBADD = %D%/libcore.la $(JANSSON_LIBS) \
	$(PCRE2_LIBS)
%C%_libprivate_la_SOURCES = \
	%D%/escape.c %D%/escape.h \
	%D%/print.c %D%/print.h \
	%D%/result.h \
	%D%/budget.c %D%/budget.h \
	%D%/nuls.c %D%/nuls.h \
	%D%/splitter.c %D%/splitter.h \
	%D%/record_rule.h \
	%D%/stream_conf.h \
	%D%/name_pattern.c %D%/name_pattern.h \
	%D%/link_pattern.c %D%/link_pattern.h \
	%D%/rotation.c %D%/rotation.h \
	%D%/log_names.c %D%/log_names.h \
	%D%/evidence.c %D%/evidence.h \
	%D%/watch.c %D%/watch.h \
	%D%/generation.c %D%/generation.h \
	%D%/seek.c %D%/seek.h \
	%D%/lookback.c %D%/lookback.h \
	%D%/boundary.c %D%/boundary.h \
	%D%/snapshot.c %D%/snapshot.h \
	%D%/walk.c %D%/walk.h \
	%D%/name_set.c %D%/name_set.h \
	%D%/folder.c %D%/folder.h \
	%D%/listing_cache.c %D%/listing_cache.h \
	%D%/listing.c %D%/listing.h \
	%D%/log_path.c %D%/log_path.h \
	%D%/search.c %D%/search.h \
	%D%/nameless.c %D%/nameless.h \
	%D%/resolve.c %D%/resolve.h \
	%D%/record_search.h %D%/item.h %D%/source_ops.h \
	%D%/gap.c %D%/gap.h \
	%D%/chain.c %D%/chain.h \
	%D%/successor.c %D%/successor.h \
	%D%/newest.c %D%/newest.h \
	%D%/start.c %D%/start.h \
	%D%/opening.c %D%/opening.h \
	%D%/pass.c %D%/pass.h \
	%D%/file.c %D%/file.h \
	%D%/pipe.c %D%/pipe.h \
	%D%/source.c %D%/source.h \
	%D%/context.c %D%/context.h \
	%D%/joiner.c %D%/joiner.h \
	%D%/nearest.c %D%/nearest.h \
	%D%/conf_error.c %D%/conf_error.h \
	%D%/conf_path.c %D%/conf_path.h \
	%D%/conf_value.c %D%/conf_value.h \
	%D%/conf_text.c %D%/conf_text.h \
	%D%/local_time.c %D%/local_time.h \
	%D%/since_text.c %D%/since_text.h \
	%D%/time_format.c %D%/time_format.h \
	%D%/record_time.c %D%/record_time.h \
	%D%/pattern.c %D%/pattern.h \
	%D%/conf_key.c %D%/conf_key.h \
	%D%/conf_table.c \
	%D%/conf_setting.c %D%/conf_setting.h \
	%D%/conf_entry.c %D%/conf_entry.h \
	%D%/conf_check.c %D%/conf_check.h \
	%D%/conf.c %D%/conf.h \
	%D%/conf_print.c \
	%D%/ansi.c %D%/ansi.h \
	%D%/clean.c %D%/clean.h \
	%D%/filter.c %D%/filter.h \
	%D%/record_start.c %D%/record_start.h \
	%D%/format_json.c %D%/format_json.h \
	%D%/format_sse.c %D%/format_sse.h \
	%D%/format.c %D%/format.h \
	%D%/recall.c %D%/recall.h \
	%D%/since.c %D%/since.h \
	%D%/line_time.c %D%/line_time.h \
	%D%/beginning.c %D%/beginning.h \
	%D%/unsent.c %D%/unsent.h \
	%D%/admit.c %D%/admit.h \
	%D%/obstacle.c %D%/obstacle.h \
	%D%/stream.c %D%/stream.h \
	%D%/look.c %D%/look.h \
	%D%/shape.c %D%/shape.h \
	%D%/options.c %D%/options.h \
	%D%/log.c %D%/log.h \
	%D%/system_log.c %D%/system_log.h \
	%D%/trouble.c %D%/trouble.h \
	%D%/become.c %D%/become.h \
	%D%/program.c %D%/program.h

lib_LTLIBRARIES += %D%/libssekit.la
%C%_libssekit_la_SOURCES =
%C%_libssekit_la_LIBADD = %D%/libcore.la
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
