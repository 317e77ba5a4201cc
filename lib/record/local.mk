private_sources += \
	%D%/record_rule.h \
	%D%/record_search.h \
	%D%/stream_conf.h \
	%D%/nuls.c %D%/nuls.h \
	%D%/plain_line.c %D%/plain_line.h \
	%D%/plain_frames.c %D%/plain_frames.h \
	%D%/splitter.c %D%/splitter.h \
	%D%/pattern.c %D%/pattern.h \
	%D%/ansi_sequence.c %D%/ansi_sequence.h \
	%D%/ansi.c %D%/ansi.h \
	%D%/sanitize.c %D%/sanitize.h \
	%D%/filter.c %D%/filter.h \
	%D%/local_time.c %D%/local_time.h \
	%D%/time_format.c %D%/time_format.h \
	%D%/time_piece.c %D%/time_piece.h \
	%D%/record_time.c %D%/record_time.h \
	%D%/line_time.c %D%/line_time.h \
	%D%/record_start.c %D%/record_start.h \
	%D%/seek.c %D%/seek.h \
	%D%/lines_before.c %D%/lines_before.h \
	%D%/effort.c %D%/effort.h \
	%D%/front_buf.c %D%/front_buf.h \
	%D%/reverse_reader.c %D%/reverse_reader.h \
	%D%/boundary.c %D%/boundary.h \
	%D%/json_text.c %D%/json_text.h \
	%D%/format_json.c %D%/format_json.h \
	%D%/format_sse.c %D%/format_sse.h \
	%D%/format.c %D%/format.h
