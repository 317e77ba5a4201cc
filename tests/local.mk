# Preloaded, it lets an allocation fail: see memory.sh, below.
check_LTLIBRARIES = %D%/memory/failing.la
# Unit tests: one program for each noun of lib/.
unit_tests = \
	%D%/unit/slice_test \
	%D%/unit/buf_test \
	%D%/unit/budget_test \
	%D%/unit/clock_test \
	%D%/unit/fdio_test \
	%D%/unit/utf8_test \
	%D%/unit/encode_test \
	%D%/unit/lines_test \
	%D%/unit/decode_test \
	%D%/unit/block_test \
	%D%/unit/roundtrip_test \
	%D%/unit/position_test %D%/unit/file_position_test \
	%D%/unit/source_kind_test \
	%D%/unit/joined_test %D%/unit/fifo_test \
	%D%/unit/notes_test \
	%D%/unit/path_explain_test \
	%D%/unit/query_test \
	%D%/unit/request_test \
	%D%/unit/response_test \
	%D%/unit/writer_test \
	%D%/unit/adapter_test \
	%D%/unit/null_test \
	%D%/unit/random_test \
	%D%/unit/sized_test \
	%D%/unit/escape_test \
	%D%/unit/line_time_test \
	%D%/unit/become_test \
	%D%/unit/landlock_test \
	%D%/unit/seccomp_filter_test \
	%D%/unit/reach_test \
	%D%/unit/sandbox_test \
	%D%/unit/program_test \
	%D%/unit/print_test \
	%D%/unit/nuls_test \
	%D%/unit/holes_test \
	%D%/unit/splitter_test \
	%D%/unit/plain_line_test \
	%D%/unit/plain_frames_test %D%/unit/stream_frames_test \
	%D%/unit/name_pattern_test %D%/unit/name_order_test \
	%D%/unit/link_pattern_test \
	%D%/unit/rotation_test \
	%D%/unit/log_names_test \
	%D%/unit/log_path_test \
	%D%/unit/fingerprint_test %D%/unit/readable_test \
	%D%/unit/walk_test %D%/unit/watch_test \
	%D%/unit/inotify_test %D%/unit/inotify_mark_test \
	%D%/unit/hints_test \
	%D%/unit/log_file_test \
	%D%/unit/seek_test %D%/unit/lines_before_test \
	%D%/unit/stream_test \
	%D%/unit/snapshot_take_test \
	%D%/unit/search_look_test %D%/unit/judge_test %D%/unit/match_test \
	%D%/unit/name_set_test \
	%D%/unit/log_file_read_test \
	%D%/unit/opening_test \
	%D%/unit/replay_test \
	%D%/unit/log_set_look_test \
	%D%/unit/log_set_resolve_test %D%/unit/log_set_due_test \
	%D%/unit/search_test \
	%D%/unit/snapshot_test \
	%D%/unit/unchanged_test \
	%D%/unit/file_descriptors_test \
	%D%/unit/file_shared_test \
	%D%/unit/folder_test \
	%D%/unit/effort_test \
	%D%/unit/given_up_test \
	%D%/unit/conf_table_test \
	%D%/unit/listing_test \
	%D%/unit/resolve_test \
	%D%/unit/stages_test \
	%D%/unit/scan_step_test \
	%D%/unit/scan_finish_test \
	%D%/unit/name_values_test \
	%D%/unit/log_rank_test \
	%D%/unit/folder_pattern_test \
	%D%/unit/nameless_test \
	%D%/unit/snapshot_order_test \
	%D%/unit/file_test \
	%D%/unit/entry_test \
	%D%/unit/gap_test \
	%D%/unit/journal_cursor_test %D%/unit/journal_match_test \
	%D%/unit/journal_fault_test \
	%D%/unit/journal_place_test %D%/unit/journal_test \
	%D%/unit/journal_model_test \
	%D%/unit/without_journal_test \
	%D%/unit/leader_test \
	%D%/unit/stamp_test \
	%D%/unit/rotate_wait_test \
	%D%/unit/catch_up_test \
	%D%/unit/successor_test \
	%D%/unit/log_set_test \
	%D%/unit/scan_test \
	%D%/unit/start_test \
	%D%/unit/time_reader_test \
	%D%/unit/unreadable_test \
	%D%/unit/trouble_test %D%/unit/obstacle_test \
	%D%/unit/shortage_test \
	%D%/unit/pipe_test \
	%D%/unit/source_test \
	%D%/unit/origin_test \
	%D%/unit/conf_value_test \
	%D%/unit/nearest_test \
	%D%/unit/conf_text_test \
	%D%/unit/conf_error_test \
	%D%/unit/conf_path_test \
	%D%/unit/conf_setting_test \
	%D%/unit/conf_entry_test \
	%D%/unit/conf_file_test \
	%D%/unit/conf_key_test \
	%D%/unit/conf_allowed_test \
	%D%/unit/conf_check_test \
	%D%/unit/conf_print_test \
	%D%/unit/conf_test \
	%D%/unit/options_test \
	%D%/unit/help_test \
	%D%/unit/option_test \
	%D%/unit/format_test \
	%D%/unit/format_json_test \
	%D%/unit/json_text_test \
	%D%/unit/reverse_reader_test %D%/unit/front_buf_test \
	%D%/unit/boundary_test %D%/unit/newest_test \
	%D%/unit/context_test \
	%D%/unit/multiline_test \
	%D%/unit/filter_test \
	%D%/unit/sanitize_test \
	%D%/unit/record_start_test \
	%D%/unit/format_sse_test \
	%D%/unit/unsent_test %D%/unit/held_test \
	%D%/unit/passing_test %D%/unit/greeting_test \
	%D%/unit/beginning_test %D%/unit/stream_error_test \
	%D%/unit/stream_item_test %D%/unit/look_test %D%/unit/shape_test \
	%D%/unit/find_id_test \
	%D%/unit/pattern_test \
	%D%/unit/ansi_test \
	%D%/unit/ansi_sequence_test \
	%D%/unit/since_text_test \
	%D%/unit/local_time_test \
	%D%/unit/time_format_test \
	%D%/unit/record_time_test \
	%D%/unit/time_piece_test \
	%D%/unit/find_time_test \
	%D%/unit/resume_cost_test \
	%D%/unit/listing_cache_test %D%/unit/open_folders_test \
	%D%/unit/listing_order_test \
	%D%/unit/admit_test %D%/unit/index_test \
	%D%/unit/log_test %D%/unit/system_log_test

check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
# `make check slow_tests=` leaves out what takes longest, and does not find more
# with another compiler.
slow_tests = %D%/unit/errno.sh
check_PROGRAMS += %D%/unit/errno_test
TESTS += $(slow_tests)
EXTRA_DIST += %D%/unit/errno.sh
UNIT_RUNNER = %D%/unit/test.c %D%/unit/test.h %D%/unit/file_source.h \
	%D%/unit/positions.h \
	%D%/unit/pipe_source.h %D%/unit/log_search.h

%C%_unit_slice_test_SOURCES = %D%/unit/slice_test.c $(UNIT_RUNNER)
%C%_unit_slice_test_LDADD = $(CORE_LIBS)
%C%_unit_buf_test_SOURCES = %D%/unit/buf_test.c $(UNIT_RUNNER)
%C%_unit_buf_test_LDADD = $(CORE_LIBS)
%C%_unit_budget_test_SOURCES = %D%/unit/budget_test.c $(UNIT_RUNNER)
%C%_unit_budget_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_clock_test_SOURCES = %D%/unit/clock_test.c $(UNIT_RUNNER)
%C%_unit_clock_test_LDADD = $(CORE_LIBS)
%C%_unit_fdio_test_SOURCES = %D%/unit/fdio_test.c $(UNIT_RUNNER)
%C%_unit_fdio_test_LDADD = $(CORE_LIBS)
%C%_unit_fdio_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=statx \
	-Wl,--wrap=faccessat
%C%_unit_utf8_test_SOURCES = %D%/unit/utf8_test.c $(UNIT_RUNNER) \
	%D%/unit/random.h
%C%_unit_utf8_test_LDADD = $(CORE_LIBS)
%C%_unit_encode_test_SOURCES = %D%/unit/encode_test.c $(UNIT_RUNNER)
%C%_unit_encode_test_LDADD = $(CORE_LIBS)
%C%_unit_lines_test_SOURCES = %D%/unit/lines_test.c $(UNIT_RUNNER)
%C%_unit_lines_test_LDADD = $(CORE_LIBS)
%C%_unit_block_test_SOURCES = %D%/unit/block_test.c $(UNIT_RUNNER)
%C%_unit_block_test_LDADD = $(CORE_LIBS)
%C%_unit_decode_test_SOURCES = %D%/unit/decode_test.c $(UNIT_RUNNER)
%C%_unit_decode_test_LDADD = $(CORE_LIBS)
# Memory that is used up.
%C%_unit_decode_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=realloc
%C%_unit_roundtrip_test_SOURCES = %D%/unit/roundtrip_test.c $(UNIT_RUNNER) \
	%D%/unit/random.h
%C%_unit_roundtrip_test_LDADD = $(CORE_LIBS)
%C%_unit_position_test_SOURCES = %D%/unit/position_test.c $(UNIT_RUNNER) \
	%D%/unit/random.h
%C%_unit_position_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_path_explain_test_SOURCES = %D%/unit/path_explain_test.c \
	$(UNIT_RUNNER)
%C%_unit_path_explain_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_notes_test_SOURCES = %D%/unit/notes_test.c $(UNIT_RUNNER) \
	%D%/unit/hand_clock.h
%C%_unit_notes_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_joined_test_SOURCES = %D%/unit/joined_test.c $(UNIT_RUNNER)
%C%_unit_joined_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_fifo_test_SOURCES = %D%/unit/fifo_test.c $(UNIT_RUNNER)
%C%_unit_fifo_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_source_kind_test_SOURCES = %D%/unit/source_kind_test.c \
	$(UNIT_RUNNER)
%C%_unit_source_kind_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_file_position_test_SOURCES = %D%/unit/file_position_test.c \
	$(UNIT_RUNNER)
%C%_unit_file_position_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_query_test_SOURCES = %D%/unit/query_test.c $(UNIT_RUNNER)
%C%_unit_query_test_LDADD = $(CORE_LIBS)
%C%_unit_request_test_SOURCES = %D%/unit/request_test.c $(UNIT_RUNNER)
%C%_unit_request_test_LDADD = $(CORE_LIBS)
%C%_unit_response_test_SOURCES = %D%/unit/response_test.c $(UNIT_RUNNER)
%C%_unit_response_test_LDADD = $(CORE_LIBS)
%C%_unit_writer_test_SOURCES = %D%/unit/writer_test.c $(UNIT_RUNNER)
%C%_unit_writer_test_LDADD = $(CORE_LIBS)
%C%_unit_writer_test_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=sse_clock_monotonic_ms -Wl,--wrap=sse_random
%C%_unit_adapter_test_SOURCES = %D%/unit/adapter_test.c $(UNIT_RUNNER)
%C%_unit_adapter_test_LDADD = $(CORE_LIBS)
%C%_unit_null_test_SOURCES = %D%/unit/null_test.c $(UNIT_RUNNER)
%C%_unit_null_test_LDADD = $(CORE_LIBS)
%C%_unit_random_test_SOURCES = %D%/unit/random_test.c $(UNIT_RUNNER)
%C%_unit_random_test_LDADD = $(CORE_LIBS)
%C%_unit_sized_test_SOURCES = %D%/unit/sized_test.c $(UNIT_RUNNER)
%C%_unit_sized_test_LDADD = $(CORE_LIBS)

# Those of the private archive.
%C%_unit_line_time_test_SOURCES = %D%/unit/line_time_test.c $(UNIT_RUNNER)
%C%_unit_line_time_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_become_test_SOURCES = %D%/unit/become_test.c $(UNIT_RUNNER)
%C%_unit_become_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_landlock_test_SOURCES = \
	%D%/unit/landlock_test.c %D%/unit/confined.c %D%/unit/confined.h $(UNIT_RUNNER)
%C%_unit_landlock_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_reach_test_SOURCES = %D%/unit/reach_test.c $(UNIT_RUNNER)
%C%_unit_reach_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_sandbox_test_SOURCES = \
	%D%/unit/sandbox_test.c %D%/unit/confined.c \
	%D%/unit/confined.h $(UNIT_RUNNER)
%C%_unit_sandbox_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_seccomp_filter_test_SOURCES = \
	%D%/unit/seccomp_filter_test.c %D%/unit/confined.c \
	%D%/unit/confined.h $(UNIT_RUNNER)
%C%_unit_seccomp_filter_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_program_test_SOURCES = %D%/unit/program_test.c $(UNIT_RUNNER)
%C%_unit_program_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_escape_test_SOURCES = %D%/unit/escape_test.c $(UNIT_RUNNER)
%C%_unit_escape_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_print_test_SOURCES = %D%/unit/print_test.c $(UNIT_RUNNER)
%C%_unit_print_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_holes_test_SOURCES = %D%/unit/holes_test.c $(UNIT_RUNNER)
%C%_unit_holes_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_holes_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=sse_fd_pread
%C%_unit_errno_test_SOURCES = %D%/unit/errno_test.c $(UNIT_RUNNER) \
	%D%/unit/ahead_clock.h
%C%_unit_errno_test_LDADD = $(PRIVATE_LIBS)
# Each call that a reader of a log makes.
%C%_unit_errno_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=statx \
	-Wl,--wrap=pread -Wl,--wrap=pread64 -Wl,--wrap=read \
	-Wl,--wrap=getdents64 -Wl,--wrap=syscall -Wl,--wrap=lseek -Wl,--wrap=lseek64 \
	-Wl,--wrap=inotify_init1 -Wl,--wrap=inotify_add_watch \
	-Wl,--wrap=statfs -Wl,--wrap=statfs64 -Wl,--wrap=fstatfs \
	-Wl,--wrap=fstatfs64 -Wl,--wrap=openat -Wl,--wrap=openat64 \
	-Wl,--wrap=fcntl -Wl,--wrap=fcntl64
%C%_unit_nuls_test_SOURCES = %D%/unit/nuls_test.c $(UNIT_RUNNER)
%C%_unit_nuls_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_plain_line_test_SOURCES = %D%/unit/plain_line_test.c \
	$(UNIT_RUNNER)
%C%_unit_plain_line_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_plain_frames_test_SOURCES = %D%/unit/plain_frames_test.c \
	$(UNIT_RUNNER)
%C%_unit_plain_frames_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_stream_frames_test_SOURCES = %D%/unit/stream_frames_test.c \
	$(UNIT_RUNNER) %D%/unit/any_log.h %D%/unit/random.h \
	%D%/unit/stream_confs.h
%C%_unit_stream_frames_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_stream_frames_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=sse_fd_pread
%C%_unit_splitter_test_SOURCES = %D%/unit/splitter_test.c $(UNIT_RUNNER) \
	%D%/unit/random.h
%C%_unit_splitter_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_splitter_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=realloc
%C%_unit_name_pattern_test_SOURCES = %D%/unit/name_pattern_test.c $(UNIT_RUNNER)
%C%_unit_name_pattern_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_name_order_test_SOURCES = %D%/unit/name_order_test.c $(UNIT_RUNNER)
%C%_unit_name_order_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_link_pattern_test_SOURCES = %D%/unit/link_pattern_test.c $(UNIT_RUNNER)
%C%_unit_link_pattern_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_log_names_test_SOURCES = %D%/unit/log_names_test.c $(UNIT_RUNNER)
%C%_unit_log_names_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_log_path_test_SOURCES = %D%/unit/log_path_test.c $(UNIT_RUNNER)
%C%_unit_log_path_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_log_path_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=asprintf \
	-Wl,--wrap=__asprintf_chk
%C%_unit_rotation_test_SOURCES = %D%/unit/rotation_test.c $(UNIT_RUNNER)
%C%_unit_rotation_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_fingerprint_test_SOURCES = %D%/unit/fingerprint_test.c $(UNIT_RUNNER)
%C%_unit_fingerprint_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_readable_test_SOURCES = %D%/unit/readable_test.c $(UNIT_RUNNER)
%C%_unit_readable_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_walk_test_SOURCES = %D%/unit/walk_test.c $(UNIT_RUNNER)
%C%_unit_walk_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_walk_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=sse_fd_open \
	-Wl,--wrap=sse_fd_open_unlinked -Wl,--wrap=sse_fd_open_at \
	-Wl,--wrap=readlinkat
%C%_unit_inotify_test_SOURCES = %D%/unit/inotify_test.c $(UNIT_RUNNER)
%C%_unit_inotify_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_inotify_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=sse_fd_read
%C%_unit_inotify_mark_test_SOURCES = %D%/unit/inotify_mark_test.c \
	$(UNIT_RUNNER)
%C%_unit_inotify_mark_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_hints_test_SOURCES = %D%/unit/hints_test.c $(UNIT_RUNNER)
%C%_unit_hints_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_watch_test_SOURCES = %D%/unit/watch_test.c $(UNIT_RUNNER)
%C%_unit_watch_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_watch_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=fstatfs \
	-Wl,--wrap=fstatfs64 -Wl,--wrap=sse_fd_read
%C%_unit_log_file_test_SOURCES = %D%/unit/log_file_test.c $(UNIT_RUNNER) \
	%D%/unit/file_reads.h
%C%_unit_log_file_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_stream_test_SOURCES = %D%/unit/stream_test.c \
	%D%/unit/stream_confs.h $(UNIT_RUNNER)
%C%_unit_stream_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_stream_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=format_event
%C%_unit_lines_before_test_SOURCES = %D%/unit/lines_before_test.c $(UNIT_RUNNER)
%C%_unit_lines_before_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_seek_test_SOURCES = %D%/unit/seek_test.c $(UNIT_RUNNER)
%C%_unit_seek_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_seek_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=sse_fd_data_from
%C%_unit_snapshot_take_test_SOURCES = %D%/unit/snapshot_take_test.c $(UNIT_RUNNER)
%C%_unit_snapshot_take_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_snapshot_take_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=sse_name_stat \
	-Wl,--wrap=walk_open_name
%C%_unit_search_look_test_SOURCES = %D%/unit/search_look_test.c $(UNIT_RUNNER)
%C%_unit_search_look_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_judge_test_SOURCES = %D%/unit/judge_test.c $(UNIT_RUNNER) \
	%D%/unit/fake_search.h
%C%_unit_judge_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_match_test_SOURCES = %D%/unit/match_test.c $(UNIT_RUNNER) \
	%D%/unit/fake_search.h
%C%_unit_match_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_snapshot_order_test_SOURCES = %D%/unit/snapshot_order_test.c \
	$(UNIT_RUNNER) %D%/unit/fake_search.h
%C%_unit_snapshot_order_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_nameless_test_SOURCES = %D%/unit/nameless_test.c $(UNIT_RUNNER) \
	%D%/unit/fake_search.h
%C%_unit_nameless_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_nameless_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=sse_fd_stat
%C%_unit_name_set_test_SOURCES = %D%/unit/name_set_test.c $(UNIT_RUNNER) \
	%D%/unit/random.h
%C%_unit_name_set_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_log_file_read_test_SOURCES = %D%/unit/log_file_read_test.c $(UNIT_RUNNER) \
	%D%/unit/file_reads.h
%C%_unit_log_file_read_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_log_file_read_test_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=sse_fd_pread -Wl,--wrap=sse_fd_stat \
	-Wl,--wrap=sse_fd_data_from \
	-Wl,--wrap=sse_fd_pread_all
%C%_unit_opening_test_SOURCES = %D%/unit/opening_test.c $(UNIT_RUNNER) \
	%D%/unit/log_sets.h
%C%_unit_opening_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_replay_test_SOURCES = %D%/unit/replay_test.c $(UNIT_RUNNER) \
	%D%/unit/log_sets.h
%C%_unit_replay_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_log_set_look_test_SOURCES = %D%/unit/log_set_look_test.c $(UNIT_RUNNER) \
	%D%/unit/log_sets.h
%C%_unit_log_set_look_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_log_set_due_test_SOURCES = %D%/unit/log_set_due_test.c $(UNIT_RUNNER) \
	%D%/unit/log_sets.h
%C%_unit_log_set_due_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_log_set_resolve_test_SOURCES = %D%/unit/log_set_resolve_test.c $(UNIT_RUNNER) \
	%D%/unit/log_sets.h
%C%_unit_log_set_resolve_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_search_test_SOURCES = %D%/unit/search_test.c $(UNIT_RUNNER) \
	%D%/unit/fake_search.h
%C%_unit_search_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_snapshot_test_SOURCES = %D%/unit/snapshot_test.c $(UNIT_RUNNER)
%C%_unit_snapshot_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_unchanged_test_SOURCES = %D%/unit/unchanged_test.c $(UNIT_RUNNER)
%C%_unit_unchanged_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_file_descriptors_test_SOURCES = \
	%D%/unit/file_descriptors_test.c $(UNIT_RUNNER)
%C%_unit_file_descriptors_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_file_shared_test_SOURCES = %D%/unit/file_shared_test.c $(UNIT_RUNNER)
%C%_unit_file_shared_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_folder_test_SOURCES = %D%/unit/folder_test.c $(UNIT_RUNNER)
%C%_unit_folder_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_folder_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=getdents64
%C%_unit_effort_test_SOURCES = %D%/unit/effort_test.c $(UNIT_RUNNER) \
	%D%/unit/hand_clock.h
%C%_unit_effort_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_given_up_test_SOURCES = %D%/unit/given_up_test.c $(UNIT_RUNNER)
%C%_unit_given_up_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_given_up_test_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=stream_take_given_up
%C%_unit_conf_table_test_SOURCES = %D%/unit/conf_table_test.c $(UNIT_RUNNER)
%C%_unit_conf_table_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_listing_test_SOURCES = %D%/unit/listing_test.c $(UNIT_RUNNER)
%C%_unit_listing_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_resolve_test_SOURCES = %D%/unit/resolve_test.c $(UNIT_RUNNER) \
	%D%/unit/log_reader.c %D%/unit/log_reader.h \
	%D%/unit/ahead_clock.h \
	%D%/unit/log_sequence.c %D%/unit/log_sequence.h
%C%_unit_resolve_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_stages_test_SOURCES = %D%/unit/stages_test.c $(UNIT_RUNNER)
%C%_unit_stages_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_scan_step_test_SOURCES = %D%/unit/scan_step_test.c $(UNIT_RUNNER) \
	%D%/unit/scans.h
%C%_unit_scan_step_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_scan_step_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=log_set_was_copied
%C%_unit_scan_finish_test_SOURCES = %D%/unit/scan_finish_test.c $(UNIT_RUNNER) \
	%D%/unit/scans.h
%C%_unit_scan_finish_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_name_values_test_SOURCES = %D%/unit/name_values_test.c $(UNIT_RUNNER)
%C%_unit_name_values_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_log_rank_test_SOURCES = %D%/unit/log_rank_test.c $(UNIT_RUNNER)
%C%_unit_log_rank_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_folder_pattern_test_SOURCES = %D%/unit/folder_pattern_test.c $(UNIT_RUNNER)
%C%_unit_folder_pattern_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_pipe_test_SOURCES = %D%/unit/pipe_test.c $(UNIT_RUNNER)
%C%_unit_pipe_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_pipe_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=close
%C%_unit_source_test_SOURCES = %D%/unit/source_test.c $(UNIT_RUNNER)
%C%_unit_source_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_shortage_test_SOURCES = %D%/unit/shortage_test.c $(UNIT_RUNNER)
%C%_unit_shortage_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_open_folders_test_SOURCES = %D%/unit/open_folders_test.c \
	$(UNIT_RUNNER)
%C%_unit_open_folders_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_obstacle_test_SOURCES = %D%/unit/obstacle_test.c $(UNIT_RUNNER)
%C%_unit_obstacle_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_trouble_test_SOURCES = %D%/unit/trouble_test.c $(UNIT_RUNNER)
%C%_unit_trouble_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_unreadable_test_SOURCES = %D%/unit/unreadable_test.c $(UNIT_RUNNER) \
	%D%/unit/ahead_clock.h
%C%_unit_unreadable_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_file_test_SOURCES = %D%/unit/file_test.c $(UNIT_RUNNER) \
	%D%/unit/log_reader.c %D%/unit/log_reader.h \
	%D%/unit/ahead_clock.h \
	%D%/unit/log_sequence.c %D%/unit/log_sequence.h
%C%_unit_file_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_file_test_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=sse_fd_pread -Wl,--wrap=sse_fd_pread_all
%C%_unit_entry_test_SOURCES = %D%/unit/entry_test.c $(UNIT_RUNNER)
%C%_unit_entry_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_journal_cursor_test_SOURCES = %D%/unit/journal_cursor_test.c \
	$(UNIT_RUNNER)
%C%_unit_journal_cursor_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_journal_fault_test_SOURCES = %D%/unit/journal_fault_test.c \
	$(UNIT_RUNNER)
%C%_unit_journal_fault_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_journal_match_test_SOURCES = %D%/unit/journal_match_test.c \
	$(UNIT_RUNNER)
%C%_unit_journal_match_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_journal_place_test_SOURCES = %D%/unit/journal_place_test.c \
	$(UNIT_RUNNER)
%C%_unit_journal_place_test_LDADD = $(PRIVATE_LIBS)
# libsystemd, as a test wants it.
FAKE_JOURNAL = %D%/unit/fake_journal.c %D%/unit/fake_journal.h \
	%D%/unit/journal_source.h
%C%_unit_journal_test_SOURCES = %D%/unit/journal_test.c $(FAKE_JOURNAL) \
	$(UNIT_RUNNER)
%C%_unit_journal_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_journal_model_test_SOURCES = %D%/unit/journal_model_test.c \
	$(FAKE_JOURNAL) $(UNIT_RUNNER)
%C%_unit_journal_model_test_LDADD = $(PRIVATE_LIBS)
# What a program that is built without it has in place of libsystemd.
%C%_unit_without_journal_test_SOURCES = %D%/unit/without_journal_test.c \
	lib/source/journal_none.c %D%/unit/confs.h $(UNIT_RUNNER)
%C%_unit_without_journal_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_gap_test_SOURCES = %D%/unit/gap_test.c $(UNIT_RUNNER)
%C%_unit_gap_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_leader_test_SOURCES = %D%/unit/leader_test.c $(UNIT_RUNNER) \
	%D%/unit/fake_chain.h
%C%_unit_leader_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_stamp_test_SOURCES = %D%/unit/stamp_test.c $(UNIT_RUNNER) \
	%D%/unit/fake_chain.h
%C%_unit_stamp_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_rotate_wait_test_SOURCES = %D%/unit/rotate_wait_test.c $(UNIT_RUNNER) \
	%D%/unit/fake_chain.h
%C%_unit_rotate_wait_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_catch_up_test_SOURCES = %D%/unit/catch_up_test.c $(UNIT_RUNNER) \
	%D%/unit/fake_chain.h
%C%_unit_catch_up_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_successor_test_SOURCES = %D%/unit/successor_test.c $(UNIT_RUNNER)
%C%_unit_successor_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_log_set_test_SOURCES = %D%/unit/log_set_test.c $(UNIT_RUNNER) \
	%D%/unit/log_sets.h \
	%D%/unit/fake_chain.h
%C%_unit_log_set_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_scan_test_SOURCES = %D%/unit/scan_test.c $(UNIT_RUNNER) \
	%D%/unit/scans.h
%C%_unit_scan_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_start_test_SOURCES = %D%/unit/start_test.c $(UNIT_RUNNER) \
	%D%/unit/log_sets.h
%C%_unit_start_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_start_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=log_set_go_on
%C%_unit_time_reader_test_SOURCES = %D%/unit/time_reader_test.c $(UNIT_RUNNER)
%C%_unit_time_reader_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_origin_test_SOURCES = %D%/unit/origin_test.c $(UNIT_RUNNER)
%C%_unit_origin_test_LDADD = $(CORE_LIBS)
%C%_unit_conf_value_test_SOURCES = %D%/unit/conf_value_test.c $(UNIT_RUNNER)
%C%_unit_conf_value_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_nearest_test_SOURCES = %D%/unit/nearest_test.c $(UNIT_RUNNER)
%C%_unit_nearest_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_conf_text_test_SOURCES = %D%/unit/conf_text_test.c $(UNIT_RUNNER)
%C%_unit_conf_text_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_conf_error_test_SOURCES = %D%/unit/conf_error_test.c $(UNIT_RUNNER)
%C%_unit_conf_error_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_conf_path_test_SOURCES = %D%/unit/conf_path_test.c $(UNIT_RUNNER)
%C%_unit_conf_path_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_conf_setting_test_SOURCES = %D%/unit/conf_setting_test.c $(UNIT_RUNNER)
%C%_unit_conf_setting_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_conf_file_test_SOURCES = %D%/unit/conf_file_test.c $(UNIT_RUNNER)
%C%_unit_conf_file_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_conf_entry_test_SOURCES = %D%/unit/conf_entry_test.c $(UNIT_RUNNER)
%C%_unit_conf_entry_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_conf_allowed_test_SOURCES = %D%/unit/conf_allowed_test.c $(UNIT_RUNNER)
%C%_unit_conf_allowed_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_conf_key_test_SOURCES = %D%/unit/conf_key_test.c $(UNIT_RUNNER) \
	%D%/unit/confs.h
%C%_unit_conf_key_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_conf_check_test_SOURCES = %D%/unit/conf_check_test.c $(UNIT_RUNNER) \
	%D%/unit/confs.h
%C%_unit_conf_check_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_conf_print_test_SOURCES = %D%/unit/conf_print_test.c $(UNIT_RUNNER) \
	%D%/unit/confs.h
%C%_unit_conf_print_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_conf_test_SOURCES = %D%/unit/conf_test.c $(UNIT_RUNNER) \
	%D%/unit/confs.h %D%/unit/random.h
%C%_unit_conf_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_conf_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=calloc \
	-Wl,--wrap=strdup -Wl,--wrap=strndup -Wl,--wrap=reallocarray \
	-Wl,--wrap=pattern_new
%C%_unit_option_test_SOURCES = %D%/unit/option_test.c $(UNIT_RUNNER)
%C%_unit_option_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_help_test_SOURCES = %D%/unit/help_test.c $(UNIT_RUNNER)
%C%_unit_help_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_options_test_SOURCES = %D%/unit/options_test.c $(UNIT_RUNNER)
%C%_unit_options_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_format_test_SOURCES = %D%/unit/format_test.c $(UNIT_RUNNER)
%C%_unit_format_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_json_text_test_SOURCES = %D%/unit/json_text_test.c $(UNIT_RUNNER)
%C%_unit_json_text_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_format_json_test_SOURCES = %D%/unit/format_json_test.c $(UNIT_RUNNER)
%C%_unit_format_json_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_boundary_test_SOURCES = %D%/unit/boundary_test.c $(UNIT_RUNNER)
%C%_unit_boundary_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_newest_test_SOURCES = %D%/unit/newest_test.c $(UNIT_RUNNER)
%C%_unit_newest_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_front_buf_test_SOURCES = %D%/unit/front_buf_test.c $(UNIT_RUNNER)
%C%_unit_front_buf_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_reverse_reader_test_SOURCES = %D%/unit/reverse_reader_test.c $(UNIT_RUNNER) \
	%D%/unit/random.h
%C%_unit_reverse_reader_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_context_test_SOURCES = %D%/unit/context_test.c $(UNIT_RUNNER)
%C%_unit_context_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_multiline_test_SOURCES = %D%/unit/multiline_test.c $(UNIT_RUNNER) \
	%D%/unit/random.h
%C%_unit_multiline_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_sanitize_test_SOURCES = %D%/unit/sanitize_test.c $(UNIT_RUNNER)
%C%_unit_sanitize_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_record_start_test_SOURCES = %D%/unit/record_start_test.c \
	$(UNIT_RUNNER)
%C%_unit_record_start_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_filter_test_SOURCES = %D%/unit/filter_test.c $(UNIT_RUNNER)
%C%_unit_filter_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_format_sse_test_SOURCES = %D%/unit/format_sse_test.c $(UNIT_RUNNER)
%C%_unit_format_sse_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_unsent_test_SOURCES = %D%/unit/unsent_test.c $(UNIT_RUNNER) \
	%D%/unit/hand_clock.h
%C%_unit_unsent_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_held_test_SOURCES = %D%/unit/held_test.c $(UNIT_RUNNER) \
	%D%/unit/hand_clock.h
%C%_unit_held_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_passing_test_SOURCES = %D%/unit/passing_test.c $(UNIT_RUNNER) \
	%D%/unit/hand_clock.h
%C%_unit_passing_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_greeting_test_SOURCES = %D%/unit/greeting_test.c $(UNIT_RUNNER)
%C%_unit_greeting_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_look_test_SOURCES = %D%/unit/look_test.c \
	%D%/unit/stream_confs.h $(UNIT_RUNNER)
%C%_unit_look_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_shape_test_SOURCES = %D%/unit/shape_test.c \
	%D%/unit/stream_confs.h $(UNIT_RUNNER)
%C%_unit_shape_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_beginning_test_SOURCES = %D%/unit/beginning_test.c \
	%D%/unit/stream_confs.h $(UNIT_RUNNER)
%C%_unit_beginning_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_stream_error_test_SOURCES = %D%/unit/stream_error_test.c $(UNIT_RUNNER)
%C%_unit_stream_error_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_stream_item_test_SOURCES = %D%/unit/stream_item_test.c $(UNIT_RUNNER)
%C%_unit_stream_item_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_find_id_test_SOURCES = %D%/unit/find_id_test.c $(UNIT_RUNNER) \
	%D%/unit/random.h
%C%_unit_find_id_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_pattern_test_SOURCES = %D%/unit/pattern_test.c $(UNIT_RUNNER)
%C%_unit_pattern_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_ansi_sequence_test_SOURCES = %D%/unit/ansi_sequence_test.c $(UNIT_RUNNER)
%C%_unit_ansi_sequence_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_ansi_test_SOURCES = %D%/unit/ansi_test.c $(UNIT_RUNNER) \
	%D%/unit/random.h
%C%_unit_ansi_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_since_text_test_SOURCES = %D%/unit/since_text_test.c $(UNIT_RUNNER)
%C%_unit_since_text_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_local_time_test_SOURCES = %D%/unit/local_time_test.c \
	%D%/unit/random.h $(UNIT_RUNNER)
%C%_unit_local_time_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_time_format_test_SOURCES = %D%/unit/time_format_test.c $(UNIT_RUNNER)
%C%_unit_time_format_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_time_piece_test_SOURCES = %D%/unit/time_piece_test.c $(UNIT_RUNNER)
%C%_unit_time_piece_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_record_time_test_SOURCES = %D%/unit/record_time_test.c $(UNIT_RUNNER)
%C%_unit_record_time_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_find_time_test_SOURCES = %D%/unit/find_time_test.c $(UNIT_RUNNER) \
	%D%/unit/random.h
%C%_unit_find_time_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_find_time_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=sse_fd_pread_all
%C%_unit_resume_cost_test_SOURCES = %D%/unit/resume_cost_test.c \
	$(UNIT_RUNNER)
%C%_unit_resume_cost_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_resume_cost_test_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=sse_fd_open_at -Wl,--wrap=pread -Wl,--wrap=pread64
%C%_unit_listing_cache_test_SOURCES = %D%/unit/listing_cache_test.c \
	$(UNIT_RUNNER) %D%/unit/random.h
%C%_unit_listing_cache_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_listing_cache_test_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=folder_read -Wl,--wrap=sse_fd_open_at \
	-Wl,--wrap=sse_fd_stat -Wl,--wrap=sse_name_stat
%C%_unit_listing_order_test_SOURCES = %D%/unit/listing_order_test.c \
	$(UNIT_RUNNER)
%C%_unit_listing_order_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_listing_order_test_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=folder_begin -Wl,--wrap=getdents64 \
	-Wl,--wrap=log_names_rank
%C%_unit_admit_test_SOURCES = %D%/unit/admit_test.c $(UNIT_RUNNER)
%C%_unit_admit_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_index_test_SOURCES = %D%/unit/index_test.c $(UNIT_RUNNER) \
	%D%/unit/confs.h
%C%_unit_index_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_log_test_SOURCES = %D%/unit/log_test.c $(UNIT_RUNNER)
%C%_unit_log_test_LDADD = $(PRIVATE_LIBS)
# The last resort is a file of the machine.
%C%_unit_log_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=sse_fd_open
%C%_unit_system_log_test_SOURCES = %D%/unit/system_log_test.c $(UNIT_RUNNER)
%C%_unit_system_log_test_LDADD = $(PRIVATE_LIBS)

# What looks at the bytes of a record, compiled so that it tells of each branch.
if WITH_STEPS
check_LIBRARIES = %D%/libstepped.a
%C%_libstepped_a_SOURCES = lib/slice.c lib/buf.c lib/utf8.c lib/encode.c \
	lib/lines.c lib/block.c lib/decode.c lib/record/nuls.c lib/record/splitter.c \
	lib/record/seek.c lib/record/lines_before.c \
	lib/record/reverse_reader.c lib/record/boundary.c \
	lib/source/log_file.c lib/source/scan.c lib/source/file.c \
	lib/source/source.c lib/stream/context.c lib/stream/joined.c \
	lib/stream/multiline.c \
	lib/record/time_format.c lib/record/time_piece.c \
	lib/record/record_time.c lib/record/ansi_sequence.c lib/record/ansi.c \
	lib/record/sanitize.c lib/record/filter.c lib/record/record_start.c \
	lib/record/json_text.c lib/record/format_json.c lib/record/format_sse.c lib/record/format.c
%C%_libstepped_a_CPPFLAGS = $(AM_CPPFLAGS) -U_FORTIFY_SOURCE
%C%_libstepped_a_CFLAGS = $(AM_CFLAGS) -U_FORTIFY_SOURCE -fno-builtin \
	$(STEPS_CFLAGS)
check_PROGRAMS += %D%/unit/steps_test
TESTS += %D%/unit/steps_test
%C%_unit_steps_test_SOURCES = %D%/unit/steps_test.c $(UNIT_RUNNER)
%C%_unit_steps_test_LDADD = %D%/libstepped.a $(PRIVATE_LIBS)
%C%_unit_steps_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=memchr \
	-Wl,--wrap=memrchr -Wl,--wrap=memmem -Wl,--wrap=memcmp \
	-Wl,--wrap=memcpy -Wl,--wrap=memmove -Wl,--wrap=strlen \
	-Wl,--wrap=pread -Wl,--wrap=pread64
endif

# Those of sse-cgi.
cgi_tests = %D%/unit/arguments_test %D%/unit/answer_test %D%/unit/pump_test
check_PROGRAMS += $(cgi_tests)
TESTS += $(cgi_tests)
CGI_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/cgi
%C%_unit_arguments_test_SOURCES = %D%/unit/arguments_test.c $(UNIT_RUNNER)
%C%_unit_arguments_test_CPPFLAGS = $(CGI_CPPFLAGS)
%C%_unit_arguments_test_LDADD = $(CGI_LIBS)
%C%_unit_answer_test_SOURCES = %D%/unit/answer_test.c $(UNIT_RUNNER)
%C%_unit_answer_test_CPPFLAGS = $(CGI_CPPFLAGS)
%C%_unit_answer_test_LDADD = $(CGI_LIBS)
# A kind of source that only tests have: a row more in the table.
SLOW_SOURCE = %D%/unit/stream_confs.h %D%/unit/slow_source.c %D%/unit/slow_source.h \
	lib/source/source_kind.c
SLOW_CPPFLAGS = -DSOURCE_OF_TESTS=slow_ops
# One more: what can be done from where a log is read.
PROBE_SOURCE = %D%/unit/probe_source.c %D%/unit/probe_source.h \
	lib/source/source_kind.c
PROBE_CPPFLAGS = -DSOURCE_OF_TESTS=probe_ops
noinst_PROGRAMS += %D%/tools/sse-cgi-probe
%C%_tools_sse_cgi_probe_SOURCES = cgi/main.c $(PROBE_SOURCE)
%C%_tools_sse_cgi_probe_CPPFLAGS = $(CGI_CPPFLAGS) $(PROBE_CPPFLAGS)
%C%_tools_sse_cgi_probe_LDFLAGS = $(AM_LDFLAGS)
%C%_tools_sse_cgi_probe_LDADD = $(CGI_LIBS)
%C%_unit_pump_test_SOURCES = %D%/unit/pump_test.c $(SLOW_SOURCE) \
	%D%/unit/slow_ways.h $(UNIT_RUNNER)
%C%_unit_pump_test_CPPFLAGS = $(CGI_CPPFLAGS) $(SLOW_CPPFLAGS)
%C%_unit_pump_test_LDADD = $(CGI_LIBS)
%C%_unit_pump_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=fcntl -Wl,--wrap=fcntl64

# Those of the worker.
# What only is there with Redis Streams.
if WITH_REDIS
unit_tests += %D%/unit/redis_endpoint_test %D%/unit/redis_position_test %D%/unit/redis_loss_test \
	%D%/unit/redis_reader_test %D%/unit/redis_link_test %D%/unit/redis_password_test \
	%D%/unit/redis_server_test %D%/unit/redis_start_test
endif
%C%_unit_redis_endpoint_test_SOURCES = %D%/unit/redis_endpoint_test.c \
	$(UNIT_RUNNER)
%C%_unit_redis_endpoint_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_redis_position_test_SOURCES = %D%/unit/redis_position_test.c \
	$(UNIT_RUNNER)
%C%_unit_redis_position_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_redis_start_test_SOURCES = %D%/unit/redis_start_test.c \
	$(UNIT_RUNNER)
%C%_unit_redis_start_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_redis_loss_test_SOURCES = %D%/unit/redis_loss_test.c \
	$(UNIT_RUNNER)
%C%_unit_redis_loss_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_redis_reader_test_SOURCES = %D%/unit/redis_reader_test.c \
	$(UNIT_RUNNER)
%C%_unit_redis_reader_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_redis_link_test_SOURCES = %D%/unit/redis_link_test.c \
	$(UNIT_RUNNER) \
	%D%/unit/hand_clock.h
%C%_unit_redis_link_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_redis_server_test_SOURCES = %D%/unit/redis_server_test.c \
	$(UNIT_RUNNER) \
	%D%/unit/hand_clock.h
%C%_unit_redis_server_test_LDADD = $(PRIVATE_LIBS)
%C%_unit_redis_password_test_SOURCES = %D%/unit/redis_password_test.c \
	$(UNIT_RUNNER)
%C%_unit_redis_password_test_LDADD = $(PRIVATE_LIBS)

if WITH_FCGI
worker_tests = %D%/unit/stats_test %D%/unit/params_test \
	%D%/unit/pending_test %D%/unit/process_test \
	%D%/unit/undecided_test \
	%D%/unit/feed_test %D%/unit/hub_frames_test %D%/unit/hubs_test %D%/unit/dispatch_test %D%/unit/arrivals_test \
	%D%/unit/exchange_test %D%/unit/frame_test %D%/unit/overview_test %D%/unit/page_test \
	%D%/unit/wire_test %D%/unit/intake_test \
	%D%/unit/intake_params_test %D%/unit/intake_management_test \
	%D%/unit/intake_memory_test %D%/unit/socket_pair_test \
	%D%/unit/libfcgi_test \
	%D%/unit/loop_test %D%/unit/listen_test %D%/unit/backlog_test \
	%D%/unit/place_test %D%/unit/ledger_test %D%/unit/client_test \
	%D%/unit/fanout_test %D%/unit/turns_test %D%/unit/worker_test \
	%D%/unit/session_test %D%/unit/status_test \
	%D%/unit/notify_test %D%/unit/descriptors_test \
	%D%/unit/fence_test %D%/unit/ssekit_fcgi_test %D%/unit/hub_test \
	%D%/unit/reader_test %D%/unit/outbox_test \
	%D%/unit/slow_test %D%/unit/acceptor_test %D%/unit/signals_test \
	%D%/unit/ring_test %D%/unit/connection_test %D%/unit/clients_test \
	%D%/unit/listen_socket_test %D%/unit/listen_unix_test \
	%D%/unit/listen_tcp_test %D%/unit/readers_test \
	%D%/unit/reader_run_test %D%/unit/source_watch_test \
	%D%/unit/wakeup_test \
	%D%/unit/subscriber_test
check_PROGRAMS += $(worker_tests)
TESTS += $(worker_tests)
SEND_ROOM = %D%/unit/send_room.c %D%/unit/send_room.h
PEERS = %D%/unit/peers.c %D%/unit/peers.h $(UNIT_RUNNER)
WORKER_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/fcgi
%C%_unit_stats_test_SOURCES = %D%/unit/stats_test.c $(UNIT_RUNNER)
%C%_unit_stats_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_stats_test_LDADD = $(WORKER_LIBS)
%C%_unit_params_test_SOURCES = %D%/unit/params_test.c %D%/unit/records.h \
	%D%/unit/random.h $(UNIT_RUNNER)
%C%_unit_params_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_params_test_LDADD = $(WORKER_LIBS)
%C%_unit_pending_test_SOURCES = %D%/unit/pending_test.c $(PEERS)
%C%_unit_pending_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_pending_test_LDADD = $(WORKER_LIBS)
%C%_unit_process_test_SOURCES = %D%/unit/process_test.c $(UNIT_RUNNER)
%C%_unit_process_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_process_test_LDADD = $(WORKER_LIBS)
%C%_unit_feed_test_SOURCES = %D%/unit/feed_test.c $(UNIT_RUNNER)
%C%_unit_feed_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_feed_test_LDADD = $(WORKER_LIBS)
%C%_unit_hub_frames_test_SOURCES = %D%/unit/hub_frames_test.c $(PEERS) \
	%D%/unit/any_log.h %D%/unit/random.h %D%/unit/stream_confs.h
%C%_unit_hub_frames_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_hub_frames_test_LDADD = $(WORKER_LIBS)
%C%_unit_hubs_test_SOURCES = %D%/unit/hubs_test.c $(PEERS) \
	%D%/unit/confs.h
%C%_unit_hubs_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_hubs_test_LDADD = $(WORKER_LIBS)
%C%_unit_dispatch_test_SOURCES = %D%/unit/dispatch_test.c $(UNIT_RUNNER) \
	%D%/unit/confs.h %D%/unit/requests.h
%C%_unit_dispatch_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_dispatch_test_LDADD = $(WORKER_LIBS)
%C%_unit_exchange_test_SOURCES = %D%/unit/exchange_test.c $(UNIT_RUNNER) \
	%D%/unit/requests.h
%C%_unit_exchange_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_exchange_test_LDADD = $(WORKER_LIBS)
%C%_unit_frame_test_SOURCES = %D%/unit/frame_test.c $(UNIT_RUNNER)
%C%_unit_frame_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_frame_test_LDADD = $(WORKER_LIBS)
%C%_unit_arrivals_test_SOURCES = %D%/unit/arrivals_test.c $(PEERS) \
	%D%/unit/confs.h %D%/unit/records.h
%C%_unit_arrivals_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_arrivals_test_LDADD = $(WORKER_LIBS)
%C%_unit_overview_test_SOURCES = %D%/unit/overview_test.c $(PEERS) \
	%D%/unit/confs.h %D%/unit/requests.h
%C%_unit_overview_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_overview_test_LDADD = $(WORKER_LIBS)
%C%_unit_acceptor_test_SOURCES = %D%/unit/acceptor_test.c $(PEERS)
%C%_unit_acceptor_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_acceptor_test_LDADD = $(WORKER_LIBS)
%C%_unit_signals_test_SOURCES = %D%/unit/signals_test.c $(PEERS)
%C%_unit_signals_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_signals_test_LDADD = $(WORKER_LIBS)
%C%_unit_ring_test_SOURCES = %D%/unit/ring_test.c \
	$(UNIT_RUNNER)
%C%_unit_ring_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_ring_test_LDADD = $(WORKER_LIBS)
%C%_unit_connection_test_SOURCES = %D%/unit/connection_test.c %D%/unit/records.h \
	$(PEERS)
%C%_unit_connection_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_connection_test_LDADD = $(WORKER_LIBS)
%C%_unit_clients_test_SOURCES = %D%/unit/clients_test.c \
	$(PEERS)
%C%_unit_clients_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_clients_test_LDADD = $(WORKER_LIBS)
%C%_unit_listen_socket_test_SOURCES = %D%/unit/listen_socket_test.c \
	$(UNIT_RUNNER)
%C%_unit_listen_socket_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_listen_socket_test_LDADD = $(WORKER_LIBS)
%C%_unit_listen_unix_test_SOURCES = %D%/unit/listen_unix_test.c \
	$(UNIT_RUNNER)
%C%_unit_listen_unix_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_listen_unix_test_LDADD = $(WORKER_LIBS)
%C%_unit_listen_tcp_test_SOURCES = %D%/unit/listen_tcp_test.c \
	$(UNIT_RUNNER)
%C%_unit_listen_tcp_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_listen_tcp_test_LDADD = $(WORKER_LIBS)
%C%_unit_page_test_SOURCES = %D%/unit/page_test.c $(PEERS) \
	%D%/unit/confs.h
%C%_unit_page_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_page_test_LDADD = $(WORKER_LIBS)
%C%_unit_wire_test_SOURCES = %D%/unit/wire_test.c %D%/unit/records.h \
	$(UNIT_RUNNER)
%C%_unit_wire_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_wire_test_LDADD = $(WORKER_LIBS)
INTAKE_PLAY = %D%/unit/intake_play.c %D%/unit/intake_play.h \
	%D%/unit/records.h $(UNIT_RUNNER)
%C%_unit_intake_test_SOURCES = %D%/unit/intake_test.c %D%/unit/random.h \
	$(INTAKE_PLAY)
%C%_unit_intake_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_intake_test_LDADD = $(WORKER_LIBS)
%C%_unit_intake_params_test_SOURCES = %D%/unit/intake_params_test.c \
	$(INTAKE_PLAY)
%C%_unit_intake_params_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_intake_params_test_LDADD = $(WORKER_LIBS)
%C%_unit_intake_management_test_SOURCES = \
	%D%/unit/intake_management_test.c $(INTAKE_PLAY)
%C%_unit_intake_management_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_intake_management_test_LDADD = $(WORKER_LIBS)
%C%_unit_intake_memory_test_SOURCES = %D%/unit/intake_memory_test.c \
	$(INTAKE_PLAY)
%C%_unit_intake_memory_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_intake_memory_test_LDADD = $(WORKER_LIBS)
%C%_unit_intake_memory_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=realloc
%C%_unit_socket_pair_test_SOURCES = %D%/unit/socket_pair_test.c $(UNIT_RUNNER)
%C%_unit_socket_pair_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_socket_pair_test_LDADD = $(WORKER_LIBS)
%C%_unit_libfcgi_test_SOURCES = %D%/unit/libfcgi_test.c %D%/unit/records.h \
	%D%/unit/random.h $(UNIT_RUNNER)
%C%_unit_libfcgi_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_libfcgi_test_LDADD = $(WORKER_LIBS)
%C%_unit_ssekit_fcgi_test_SOURCES = %D%/unit/ssekit_fcgi_test.c $(UNIT_RUNNER)
%C%_unit_ssekit_fcgi_test_LDADD = $(CORE_LIBS) $(FCGI_LIBS)
%C%_unit_loop_test_SOURCES = %D%/unit/loop_test.c $(UNIT_RUNNER)
%C%_unit_loop_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_loop_test_LDADD = $(WORKER_LIBS)
%C%_unit_listen_test_SOURCES = %D%/unit/listen_test.c $(UNIT_RUNNER)
%C%_unit_listen_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_listen_test_LDADD = $(WORKER_LIBS)
%C%_unit_backlog_test_SOURCES = %D%/unit/backlog_test.c %D%/unit/random.h \
	$(UNIT_RUNNER)
%C%_unit_backlog_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_backlog_test_LDADD = $(WORKER_LIBS)
%C%_unit_fence_test_SOURCES = %D%/unit/fence_test.c $(UNIT_RUNNER)
%C%_unit_fence_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_fence_test_LDADD = $(WORKER_LIBS)
%C%_unit_descriptors_test_SOURCES = %D%/unit/descriptors_test.c $(UNIT_RUNNER)
%C%_unit_descriptors_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_descriptors_test_LDADD = $(WORKER_LIBS)
%C%_unit_place_test_SOURCES = %D%/unit/place_test.c $(UNIT_RUNNER)
%C%_unit_place_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_place_test_LDADD = $(WORKER_LIBS)
%C%_unit_ledger_test_SOURCES = %D%/unit/ledger_test.c %D%/unit/random.h \
	$(UNIT_RUNNER)
%C%_unit_ledger_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_ledger_test_LDADD = $(WORKER_LIBS)
%C%_unit_client_test_SOURCES = %D%/unit/client_test.c $(PEERS)
%C%_unit_client_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_client_test_LDADD = $(WORKER_LIBS)
%C%_unit_outbox_test_SOURCES = %D%/unit/outbox_test.c $(SEND_ROOM) $(UNIT_RUNNER)
%C%_unit_outbox_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_outbox_test_LDADD = $(WORKER_LIBS)
%C%_unit_outbox_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=send \
	-Wl,--wrap=sendmsg
%C%_unit_subscriber_test_SOURCES = %D%/unit/subscriber_test.c $(PEERS)
%C%_unit_subscriber_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_subscriber_test_LDADD = $(WORKER_LIBS)
%C%_unit_fanout_test_SOURCES = %D%/unit/fanout_test.c $(SEND_ROOM) $(PEERS)
%C%_unit_fanout_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_fanout_test_LDADD = $(WORKER_LIBS)
%C%_unit_fanout_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=send \
	-Wl,--wrap=sendmsg
%C%_unit_slow_test_SOURCES = %D%/unit/slow_test.c $(SLOW_SOURCE) \
	%D%/unit/slow_ways.h $(PEERS)
%C%_unit_slow_test_CPPFLAGS = $(WORKER_CPPFLAGS) $(SLOW_CPPFLAGS)
%C%_unit_slow_test_LDADD = $(WORKER_LIBS)
%C%_unit_readers_test_SOURCES = %D%/unit/readers_test.c $(SLOW_SOURCE) \
	%D%/unit/slow_ways.h %D%/unit/slow_party.h $(PEERS)
%C%_unit_readers_test_CPPFLAGS = $(WORKER_CPPFLAGS) $(SLOW_CPPFLAGS)
%C%_unit_readers_test_LDADD = $(WORKER_LIBS)
%C%_unit_undecided_test_SOURCES = %D%/unit/undecided_test.c $(SLOW_SOURCE) \
	%D%/unit/slow_ways.h %D%/unit/slow_party.h $(PEERS)
%C%_unit_undecided_test_CPPFLAGS = $(WORKER_CPPFLAGS) $(SLOW_CPPFLAGS)
%C%_unit_undecided_test_LDADD = $(WORKER_LIBS)
%C%_unit_reader_run_test_SOURCES = %D%/unit/reader_run_test.c $(SLOW_SOURCE) \
	%D%/unit/slow_ways.h %D%/unit/slow_party.h $(PEERS)
%C%_unit_reader_run_test_CPPFLAGS = $(WORKER_CPPFLAGS) $(SLOW_CPPFLAGS)
%C%_unit_reader_run_test_LDADD = $(WORKER_LIBS)
%C%_unit_reader_test_SOURCES = %D%/unit/reader_test.c $(PEERS)
%C%_unit_reader_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_reader_test_LDADD = $(WORKER_LIBS)
noinst_PROGRAMS += %D%/tools/sse-fcgi-slow
%C%_tools_sse_fcgi_slow_SOURCES = fcgi/main.c $(SLOW_SOURCE)
%C%_tools_sse_fcgi_slow_CPPFLAGS = $(WORKER_CPPFLAGS) $(SLOW_CPPFLAGS)
%C%_tools_sse_fcgi_slow_LDFLAGS = $(AM_LDFLAGS)
%C%_tools_sse_fcgi_slow_LDADD = $(WORKER_LIBS)
noinst_PROGRAMS += %D%/tools/sse-fcgi-probe
%C%_tools_sse_fcgi_probe_SOURCES = fcgi/main.c $(PROBE_SOURCE)
%C%_tools_sse_fcgi_probe_CPPFLAGS = $(WORKER_CPPFLAGS) $(PROBE_CPPFLAGS)
%C%_tools_sse_fcgi_probe_LDFLAGS = $(AM_LDFLAGS)
%C%_tools_sse_fcgi_probe_LDADD = $(WORKER_LIBS)
%C%_unit_wakeup_test_SOURCES = %D%/unit/wakeup_test.c $(PEERS)
%C%_unit_wakeup_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_wakeup_test_LDADD = $(WORKER_LIBS)
%C%_unit_source_watch_test_SOURCES = %D%/unit/source_watch_test.c $(PEERS)
%C%_unit_source_watch_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_source_watch_test_LDADD = $(WORKER_LIBS)
%C%_unit_hub_test_SOURCES = %D%/unit/hub_test.c $(SLOW_SOURCE) \
	%D%/unit/slow_ways.h $(PEERS)
%C%_unit_hub_test_CPPFLAGS = $(WORKER_CPPFLAGS) $(SLOW_CPPFLAGS)
%C%_unit_hub_test_LDADD = $(WORKER_LIBS)
%C%_unit_hub_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=folder_read
%C%_unit_worker_test_SOURCES = %D%/unit/worker_test.c $(UNIT_RUNNER)
%C%_unit_worker_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_worker_test_LDADD = $(WORKER_LIBS)
%C%_unit_worker_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=budget_begin \
	-Wl,--wrap=budget_is_over -Wl,--wrap=listener_accept
%C%_unit_turns_test_SOURCES = %D%/unit/turns_test.c $(PEERS)
%C%_unit_turns_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_turns_test_LDADD = $(WORKER_LIBS)
%C%_unit_turns_test_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=stream_start
%C%_unit_session_test_SOURCES = %D%/unit/session_test.c $(UNIT_RUNNER)
%C%_unit_session_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_session_test_LDADD = $(WORKER_LIBS)
%C%_unit_status_test_SOURCES = %D%/unit/status_test.c $(UNIT_RUNNER)
%C%_unit_status_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_status_test_LDADD = $(WORKER_LIBS)
%C%_unit_notify_test_SOURCES = %D%/unit/notify_test.c $(UNIT_RUNNER)
%C%_unit_notify_test_CPPFLAGS = $(WORKER_CPPFLAGS)
%C%_unit_notify_test_LDADD = $(WORKER_LIBS)
endif

# What the vectors are run against; they take apart what lib/ makes.
noinst_PROGRAMS += %D%/tools/sse-decode %D%/tools/sse-encode
TOOL_WIRE = %D%/tools/json.c %D%/tools/json.h \
	%D%/tools/base64.c %D%/tools/base64.h
%C%_tools_sse_decode_SOURCES = %D%/tools/sse-decode.c $(TOOL_WIRE)
%C%_tools_sse_decode_LDFLAGS = $(AM_LDFLAGS)
%C%_tools_sse_decode_LDADD = $(CORE_LIBS)
%C%_tools_sse_encode_SOURCES = %D%/tools/sse-encode.c $(TOOL_WIRE)
%C%_tools_sse_encode_LDFLAGS = $(AM_LDFLAGS)
%C%_tools_sse_encode_LDADD = $(CORE_LIBS)

# Vectors: data files that say what the standard demands.
# `make check vector_tests=` leaves out what takes long, where another build
# has it.
vector_tests = %D%/vectors/decode.sh %D%/vectors/encode.sh %D%/vectors/times.sh
TESTS += $(vector_tests)
EXTRA_DIST += %D%/vectors/decode.sh %D%/vectors/encode.sh \
	%D%/vectors/times.sh %D%/vectors/times.py \
	%D%/vectors/README.md %D%/vectors/tap.sh \
	%D%/vectors/choices.expected %D%/vectors/decode.public.json \
	%D%/vectors/encode.public.json %D%/vectors/http.public.json \
	%D%/vectors/refdecoder.mjs \
	%D%/vectors/run-vectors.mjs

# The viewer's modules, without a browser.
TESTS += %D%/viewer/units.sh
EXTRA_DIST += %D%/viewer/units.sh %D%/viewer/decode_test.mjs \
	%D%/viewer/fuzz_test.mjs %D%/viewer/random_streams.mjs \
	%D%/viewer/streams_test.mjs \
	%D%/viewer/text_test.mjs %D%/viewer/store_test.mjs \
	%D%/viewer/share_test.mjs %D%/viewer/page_test.mjs \
	%D%/viewer/browser_test.mjs %D%/viewer/firefox_test.mjs \
	%D%/viewer/site.mjs %D%/tools/browser.mjs %D%/tools/firefox.mjs \
	%D%/tools/driven.mjs

include %D%/fuzz/local.mk

# Lint: what is no program, or spans many of them.
# `make check text_tests=` leaves out what is the same whatever compiles it.
text_tests = \
	%D%/lint/includes.sh \
	%D%/lint/limits.sh \
	%D%/lint/manual.sh \
	%D%/lint/static.sh \
	%D%/lint/form.sh
lint_tests = $(text_tests) %D%/lint/hardening.sh

TESTS += $(lint_tests)

# Each allocation fails in turn.
%C%_memory_failing_la_SOURCES = %D%/memory/failing.c
%C%_memory_failing_la_CFLAGS =
%C%_memory_failing_la_LDFLAGS = -module -avoid-version -shared \
	-rpath $(abs_builddir)
TESTS += %D%/memory/memory.sh
EXTRA_DIST += %D%/memory/memory.sh %D%/memory/memory.js \
	%D%/memory/client.js %D%/memory/journal.js \
	%D%/memory/sequences %D%/memory/README.md \
	%D%/faults/calls %D%/faults/faults.js %D%/faults/logs.js \
	%D%/faults/README.md
EXTRA_DIST += %D%/lint/includes.sh %D%/lint/manual.sh %D%/lint/limits.sh \
	%D%/lint/limits.txt %D%/lint/form.sh %D%/lint/hardening.sh \
	%D%/lint/static.sh %D%/lint/cppcheck.h %D%/lint/cppcheck.txt \
	%D%/lint/tidy %D%/lint/tidy.txt

# The library as others see it.
library_tests = %D%/library/symbols.sh %D%/library/manual.sh \
	%D%/library/grow.sh %D%/library/tarball.sh \
	%D%/library/install.sh %D%/library/completion.sh
TESTS += $(library_tests)
EXTRA_DIST += %D%/library/symbols.sh %D%/library/manual.sh \
	%D%/library/grow.sh %D%/library/tarball.sh \
	%D%/library/install.sh %D%/library/completion.sh \
	%D%/library/helper.sh %D%/library/grow.c \
	%D%/library/round.cc

# Prints the lists of keys for the man pages.
check_PROGRAMS += %D%/tools/conf-manual
%C%_tools_conf_manual_SOURCES = %D%/tools/conf-manual.c
%C%_tools_conf_manual_LDADD = $(PRIVATE_LIBS)

# Reads times, to be compared with those of Python.
check_PROGRAMS += %D%/tools/times
%C%_tools_times_SOURCES = %D%/tools/times.c
%C%_tools_times_LDADD = $(PRIVATE_LIBS)

# Many raw subscribers; not for `make check` but for tests/run and benchmarks.
noinst_PROGRAMS += %D%/tools/fcgi-crowd
%C%_tools_fcgi_crowd_SOURCES = %D%/tools/fcgi-crowd.c \
	%D%/tools/crowd_wire.c %D%/tools/crowd_wire.h
%C%_tools_fcgi_crowd_LDFLAGS = $(AM_LDFLAGS)
%C%_tools_fcgi_crowd_LDADD = $(CORE_LIBS)

# The model: what readers of a log must have, whatever happens to it.
noinst_PROGRAMS += %D%/model/model
%C%_model_model_SOURCES = %D%/model/model.c %D%/model/world.c \
	%D%/model/world.h %D%/model/files.c %D%/model/files.h \
	%D%/model/writers.c %D%/model/rotations.c \
	%D%/model/neighbours.c %D%/model/moods.c %D%/model/moods.h \
	%D%/model/players.c %D%/model/players.h \
	%D%/model/steps.c %D%/model/steps.h %D%/model/faults.c \
	%D%/model/faults.h %D%/model/wire.c %D%/model/wire.h \
	%D%/model/client.c %D%/model/client.h \
	%D%/model/reader.c %D%/model/reader.h \
	lib/source/snapshot_take.c lib/source/judge.c \
	lib/source/start.c
# Its logs have few generations: they come to the limits of open ones all the
# same.
%C%_model_model_CPPFLAGS = $(AM_CPPFLAGS) -DSNAPSHOT_OPEN_MAX=1 \
	-DJUDGE_AHEAD_MAX=1
%C%_model_model_LDADD = $(PRIVATE_LIBS)
%C%_model_model_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=sse_fd_open \
	-Wl,--wrap=sse_fd_open_at -Wl,--wrap=sse_fd_stat \
	-Wl,--wrap=sse_path_stat -Wl,--wrap=sse_name_stat \
	-Wl,--wrap=sse_fd_pread -Wl,--wrap=pread -Wl,--wrap=pread64

# The same of a Redis Stream, with a server.
if WITH_REDIS
noinst_PROGRAMS += %D%/model/redis-model
%C%_model_redis_model_SOURCES = %D%/model/redis_model.c \
	%D%/model/redis_process.c %D%/model/redis_process.h
%C%_model_redis_model_LDADD = $(PRIVATE_LIBS)
endif

# Made anew, the lists of keys in the man pages.
.PHONY: manual-keys
manual-keys: %D%/tools/conf-manual lib/conf/keys.mdoc
	for page in lib/ssekit.conf.5 cgi/sse-cgi.1 fcgi/sse-fcgi.8; do \
		page=$(srcdir)/$$page; \
		$(SHELL) $(srcdir)/%D%/tools/manual-lists \
			%D%/tools/conf-manual \
			$(srcdir)/lib/conf/keys.mdoc $$page >$$page.new && \
		mv $$page.new $$page || { rm -f $$page.new; exit 1; }; \
	done
EXTRA_DIST += %D%/tools/manual-lists

# With real servers and a browser: tests/run runs them.
EXTRA_DIST += %D%/run %D%/coverage %D%/valgrind %D%/valgrind.supp \
	%D%/valgrind.txt %D%/tools/page-watch %D%/tools/sse-watch \
	%D%/e2e/helper.bash %D%/e2e/cgi.bash %D%/e2e/cgi-tests.bash \
	%D%/e2e/cgi-apache-event.bats %D%/e2e/cgi-apache-prefork.bats \
	%D%/e2e/cgi-lighttpd.bats %D%/e2e/lighttpd.bats \
	%D%/e2e/cgi-busybox.bats %D%/e2e/cgi-nginx-fcgiwrap.bats \
	%D%/e2e/fcgi.bash %D%/e2e/fcgi-tests.bash %D%/e2e/fcgi-program.bats \
	%D%/e2e/fcgi-nginx.bats %D%/e2e/fcgi-lighttpd.bats \
	%D%/e2e/fcgi-apache.bats %D%/e2e/fcgi-haproxy.bats \
	%D%/e2e/fcgi-caddy.bats %D%/e2e/fcgi-start.bats \
	%D%/e2e/fcgi-crowd.bats %D%/e2e/fcgi-cases.bats %D%/e2e/crowd.bash \
	%D%/tools/fcgi-cases %D%/tools/fcgi-get %D%/tools/fcgi-slow \
	%D%/tools/supervise \
	%D%/tools/write-numbers %D%/e2e/page/numbers.html %D%/e2e/page/lines.html \
	%D%/e2e/waiting.bats %D%/e2e/mistakes.bats \
	%D%/e2e/fcgi-sources.bats %D%/e2e/sandbox.bats %D%/e2e/slow-source.bats \
	%D%/e2e/redis.bats %D%/e2e/redis-servers.bats %D%/e2e/redis.bash %D%/e2e/fcgi-redis.bats \
	%D%/e2e/redis-examples.bats %D%/e2e/forward.bats \
	%D%/e2e/fcgi-admin.bats %D%/e2e/systemd.bats \
	%D%/e2e/since.bats %D%/e2e/last.bats %D%/e2e/ids.bats %D%/e2e/logrotate.bats \
	%D%/e2e/soak.bats %D%/soak %D%/soak-redis %D%/e2e/model.bats %D%/model/sequences \
	%D%/e2e/program.bash %D%/e2e/program.bats \
	%D%/e2e/command-line.bats %D%/e2e/requests.bats \
	%D%/e2e/untrusted.bats %D%/e2e/inputs.bats %D%/e2e/lines.bats \
	%D%/e2e/flush.bats %D%/e2e/static.bats %D%/e2e/rotation.bats \
	%D%/e2e/browser.bats %D%/e2e/quickstart.bats %D%/e2e/records.bats \
	%D%/e2e/generations.bats %D%/e2e/journal.bats %D%/e2e/journal.bash \
	%D%/e2e/journal-files.bats \
	%D%/e2e/keys.bats %D%/e2e/both.bash \
	%D%/e2e/examples-c.bats %D%/e2e/examples-c.bash \
	%D%/e2e/vectors.bats %D%/e2e/viewer.bats \
	%D%/e2e/watch.bats %D%/e2e/buffering.bats \
	%D%/e2e/writers.bats %D%/e2e/writers %D%/e2e/faults.bats \
	%D%/e2e/faults.bash %D%/e2e/faults-fifo.bats \
	%D%/e2e/faults-journal.bats %D%/e2e/faults-redis.bats \
	%D%/e2e/faults-worker.bats \
	%D%/e2e/file-systems.bats \
	%D%/e2e/configuration.bats %D%/e2e/stream-file.bats \
	%D%/e2e/readme.bats %D%/e2e/document.bash \
	%D%/e2e/paste.bats %D%/tools/paste-and-read \
	%D%/e2e/manual-pages.bats %D%/e2e/hostile.bats \
	%D%/e2e/addresses.bats \
	%D%/e2e/cross-site.bats %D%/e2e/pages.bash \
	%D%/e2e/proxies.bats %D%/e2e/who-may-read.bats \
	%D%/e2e/limits.bats \
	.ci/run .ci/install-packages \
	.github/CONTRIBUTING.md .github/SECURITY.md

# Benchmarks: built and run by tests/bench/run alone.
bench_programs = %D%/bench/bare %D%/bench/encode \
	%D%/bench/fan-out \
	%D%/bench/first-frame %D%/bench/records %D%/bench/replay \
	%D%/bench/proofs %D%/bench/smallest %D%/bench/smallest-linked
EXTRA_PROGRAMS += $(bench_programs)
BENCH_COMMON = %D%/bench/bench.c %D%/bench/bench.h
BENCH_CHILD = $(BENCH_COMMON) %D%/bench/child.c %D%/bench/child.h
%C%_bench_bare_SOURCES = %D%/bench/bare.c $(BENCH_COMMON)
%C%_bench_encode_SOURCES = %D%/bench/encode.c $(BENCH_COMMON)
%C%_bench_encode_LDADD = $(PRIVATE_LIBS)
%C%_bench_fan_out_SOURCES = %D%/bench/fan-out.c %D%/bench/side.c \
	%D%/bench/side.h $(BENCH_COMMON)
%C%_bench_first_frame_SOURCES = %D%/bench/first-frame.c $(BENCH_CHILD)
%C%_bench_records_SOURCES = %D%/bench/records.c $(BENCH_COMMON)
%C%_bench_records_LDADD = $(PRIVATE_LIBS)
%C%_bench_records_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=sse_utf8_valid \
	-Wl,--wrap=ansi_find -Wl,--wrap=ansi_is_plain
%C%_bench_replay_SOURCES = %D%/bench/replay.c $(BENCH_CHILD)
%C%_bench_proofs_SOURCES = %D%/bench/proofs.c
%C%_bench_proofs_LDADD = $(PRIVATE_LIBS)
%C%_bench_smallest_SOURCES = %D%/bench/smallest.c
%C%_bench_smallest_linked_SOURCES = %D%/bench/smallest.c
%C%_bench_smallest_linked_LDADD = $(JANSSON_LIBS) $(PCRE2_LIBS)
%C%_bench_smallest_linked_LDFLAGS = $(AM_LDFLAGS) -Wl,--no-as-needed
bench_peers = %D%/bench/peers/crowd %D%/bench/peers/threads
EXTRA_PROGRAMS += $(bench_peers)
%C%_bench_peers_crowd_SOURCES = %D%/bench/peers/measure.c \
	%D%/bench/peers/crowd.c %D%/bench/peers/crowd.h \
	%D%/bench/peers/place.c %D%/bench/peers/place.h \
	%D%/bench/peers/processes.c %D%/bench/peers/processes.h \
	$(BENCH_COMMON)
%C%_bench_peers_threads_SOURCES = %D%/bench/peers/threads.c $(BENCH_COMMON)
%C%_bench_peers_threads_LDADD = -lfcgi -lpthread
EXTRA_DIST += %D%/bench/peers.bash %D%/bench/peers/servers.bash \
	%D%/bench/peers/report.bash %D%/bench/peers/report.awk \
	%D%/bench/peers/follow.cgi \
	%D%/bench/peers/follow.php %D%/bench/peers/serve.go \
	%D%/bench/plots/cpu.svg %D%/bench/plots/latency.svg \
	%D%/bench/plots/length.svg %D%/bench/plots/memory.svg \
	%D%/bench/plots/replay.svg %D%/bench/plots/streams.svg \
	%D%/bench/plots/peers.txt
EXTRA_DIST += %D%/bench/run %D%/bench/cgi.bash %D%/bench/records.bash \
	%D%/bench/worker.bash %D%/bench/servers.bash %D%/bench/proofs.bash \
	%D%/bench/attack.bash %D%/bench/hostile.bash %D%/bench/live.bash \
	%D%/bench/redis.bash %D%/bench/journal.bash %D%/bench/journal.pl \
	%D%/bench/viewer.bash %D%/bench/viewer.mjs \
	%D%/bench/turns.c \
	%D%/bench/README.md %D%/bench/RESULTS.md
.PHONY: bench-programs
bench-programs: $(bench_programs)
