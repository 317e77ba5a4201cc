private_sources += \
	%D%/source_position.h \
	%D%/position.c %D%/position.h \
	%D%/file_position.c %D%/file_position.h \
	%D%/name_values.c %D%/name_values.h \
	%D%/name_pattern.c %D%/name_pattern.h \
	%D%/name_order.c %D%/name_order.h \
	%D%/folder_pattern.c %D%/folder_pattern.h \
	%D%/link_pattern.c %D%/link_pattern.h \
	%D%/rotation.c %D%/rotation.h \
	%D%/log_rank.c %D%/log_rank.h \
	%D%/log_names_part.h \
	%D%/log_names.c %D%/log_names.h \
	%D%/log_names_rank.c %D%/log_names_rank.h \
	%D%/fingerprint.c %D%/fingerprint.h \
	%D%/readable.c %D%/readable.h \
	%D%/unchanged.c %D%/unchanged.h \
	%D%/inotify_mark.c %D%/inotify_mark.h \
	%D%/inotify.c %D%/inotify.h \
	%D%/hints.c %D%/hints.h \
	%D%/watch.c %D%/watch.h \
	%D%/gap.c %D%/gap.h \
	%D%/item.c \
	%D%/log_file.c %D%/log_file.h \
	%D%/log_file_frames.c %D%/log_file_frames.h \
	%D%/log_file_read.c %D%/log_file_read.h \
	%D%/walk.c %D%/walk.h \
	%D%/folder.c %D%/folder.h \
	%D%/name_set.c %D%/name_set.h \
	%D%/open_folders.c %D%/open_folders.h \
	%D%/listing_cache.c %D%/listing_cache.h \
	%D%/snapshot.c %D%/snapshot.h \
	%D%/snapshot_order.c %D%/snapshot_order.h \
	%D%/listing.c %D%/listing.h \
	%D%/snapshot_take.c %D%/snapshot_take.h \
	%D%/log_path.c %D%/log_path.h \
	%D%/search.c %D%/search.h \
	%D%/match.c %D%/match.h \
	%D%/nameless.c %D%/nameless.h \
	%D%/search_look.c %D%/search_look.h \
	%D%/judge.c %D%/judge.h \
	%D%/due_names.c %D%/due_names.h \
	%D%/resolve_part.c %D%/resolve_part.h \
	%D%/resolve.c %D%/resolve.h \
	%D%/item.h \
	%D%/entry.c %D%/entry.h \
	%D%/reach.c %D%/reach.h \
	%D%/source_ops.h \
	%D%/file_shared.c %D%/file_shared.h \
	%D%/successor.c %D%/successor.h \
	%D%/log_set.c %D%/log_set.h \
	%D%/log_set_due.c %D%/log_set_due.h \
	%D%/log_set_resolve.c %D%/log_set_resolve.h \
	%D%/log_set_look.c %D%/log_set_look.h \
	%D%/catch_up.c %D%/catch_up.h \
	%D%/stamp.c %D%/stamp.h \
	%D%/newest.c %D%/newest.h \
	%D%/replay.c %D%/replay.h \
	%D%/start.c %D%/start.h \
	%D%/find_id.c %D%/find_id.h \
	%D%/time_reader.c %D%/time_reader.h \
	%D%/find_time.c %D%/find_time.h \
	%D%/opening.c %D%/opening.h \
	%D%/leader.c %D%/leader.h \
	%D%/rotate_wait.c %D%/rotate_wait.h \
	%D%/scan.c %D%/scan.h \
	%D%/scan_finish.c %D%/scan_finish.h \
	%D%/scan_step.c %D%/scan_step.h \
	%D%/path_explain.c %D%/path_explain.h \
	%D%/path_reach.c %D%/path_reach.h \
	%D%/file_descriptors.c %D%/file_descriptors.h \
	%D%/file.c %D%/file.h \
	%D%/journal_library.h \
	%D%/journal_place.c %D%/journal_place.h \
	%D%/journal_cursor.c %D%/journal_cursor.h \
	%D%/journal_match.c %D%/journal_match.h \
	%D%/journal_fault.c %D%/journal_fault.h \
	%D%/journal_log.c %D%/journal_log.h \
	%D%/journal_record.c %D%/journal_record.h \
	%D%/journal_find.c %D%/journal_find.h \
	%D%/journal_walk.c %D%/journal_walk.h \
	%D%/journal_reader.c %D%/journal_reader.h \
	%D%/journal_repair.c %D%/journal_repair.h \
	%D%/journal_start.c %D%/journal_start.h \
	%D%/journal_access.c %D%/journal_access.h \
	%D%/journal_items.c %D%/journal_items.h \
	%D%/journal_config.c %D%/journal_config.h \
	%D%/journal.c %D%/journal.h \
	%D%/fifo.c %D%/fifo.h \
	%D%/pipe.c %D%/pipe.h \
	%D%/source_kind.c %D%/source_kind.h \
	%D%/source.c %D%/source.h

# The systemd journal.
if WITH_JOURNAL
private_sources += %D%/journal_library.c
else
private_sources += %D%/journal_none.c
endif

# Redis Streams.
if WITH_REDIS
private_sources += \
	%D%/redis_endpoint.c %D%/redis_endpoint.h \
	%D%/redis_position.c %D%/redis_position.h \
	%D%/redis_loss.c %D%/redis_loss.h \
	%D%/redis_value.c %D%/redis_value.h \
	%D%/redis_room.c %D%/redis_room.h \
	%D%/redis_reader.c %D%/redis_reader.h \
	%D%/redis_link.c %D%/redis_link.h \
	%D%/redis_entry.c %D%/redis_entry.h \
	%D%/redis_trouble.c %D%/redis_trouble.h \
	%D%/redis_ask.c %D%/redis_ask.h \
	%D%/redis_password.c %D%/redis_password.h \
	%D%/redis_session.c %D%/redis_session.h \
	%D%/redis_start.c %D%/redis_start.h \
	%D%/redis_batch.c %D%/redis_batch.h \
	%D%/redis_reading.c %D%/redis_reading.h \
	%D%/redis_record.c %D%/redis_record.h \
	%D%/redis_check.c %D%/redis_check.h \
	%D%/redis.c %D%/redis.h
endif
