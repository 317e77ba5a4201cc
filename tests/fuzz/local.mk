# Fuzz targets, all in one program.  `make check` runs it without a fuzzer: the
# corpora, and mutations of them.
fuzz_sources = \
	%D%/fuzz.h %D%/targets.c \
	%D%/admit_fuzz.c \
	%D%/ansi_fuzz.c \
	%D%/conf_fuzz.c \
	%D%/cursor_fuzz.c \
	%D%/decode_fuzz.c \
	%D%/encode_fuzz.c \
	%D%/entry_fuzz.c \
	%D%/format_fuzz.c \
	%D%/journal_match_fuzz.c \
	%D%/json_fuzz.c \
	%D%/log_names_fuzz.c \
	%D%/lookback_fuzz.c \
	%D%/name_pattern_fuzz.c \
	%D%/options_fuzz.c \
	%D%/origin_fuzz.c \
	%D%/pattern_fuzz.c \
	%D%/position_fuzz.c \
	%D%/query_fuzz.c \
	%D%/record_time_fuzz.c \
	%D%/request_fuzz.c \
	%D%/sanitize_fuzz.c \
	%D%/since_fuzz.c \
	%D%/splitter_fuzz.c \
	%D%/sse_fuzz.c \
	%D%/stream_fuzz.c \
	%D%/time_fuzz.c \
	%D%/value_fuzz.c \
	%D%/watch_fuzz.c
if WITH_REDIS
fuzz_sources += %D%/endpoint_fuzz.c %D%/redis_position_fuzz.c %D%/reply_fuzz.c
endif
if WITH_FCGI
fuzz_sources += %D%/intake_fuzz.c %D%/params_fuzz.c %D%/wire_fuzz.c
CPPFLAGS_OF_FUZZ = $(WORKER_CPPFLAGS) -DWITH_FCGI
LIBS_OF_FUZZ = $(WORKER_LIBS)
else
CPPFLAGS_OF_FUZZ = $(AM_CPPFLAGS)
LIBS_OF_FUZZ = $(PRIVATE_LIBS)
endif
# What targets put in the place of the system.
LDFLAGS_OF_FUZZ = $(AM_LDFLAGS) -Wl,--wrap=sse_fd_open -Wl,--wrap=sse_fd_read

check_PROGRAMS += %D%/fuzz
TESTS += %D%/fuzz
%C%_fuzz_SOURCES = %D%/replay.c tests/unit/random.h $(fuzz_sources)
%C%_fuzz_CPPFLAGS = $(CPPFLAGS_OF_FUZZ)
%C%_fuzz_LDADD = $(LIBS_OF_FUZZ)
%C%_fuzz_LDFLAGS = $(LDFLAGS_OF_FUZZ)

# With clang's fuzzer: tests/fuzz/run builds it, in a build of its own.
EXTRA_PROGRAMS += %D%/fuzzer
%C%_fuzzer_SOURCES = %D%/libfuzzer.c $(fuzz_sources)
%C%_fuzzer_CPPFLAGS = $(CPPFLAGS_OF_FUZZ)
%C%_fuzzer_LDADD = $(LIBS_OF_FUZZ)
%C%_fuzzer_LDFLAGS = $(LDFLAGS_OF_FUZZ) -fsanitize=fuzzer

EXTRA_DIST += %D%/corpus %D%/dictionaries %D%/run
