private_sources += \
	%D%/position.c %D%/position.h \
	%D%/name_pattern.c %D%/name_pattern.h \
	%D%/link_pattern.c %D%/link_pattern.h \
	%D%/rotation.c %D%/rotation.h \
	%D%/log_names.c %D%/log_names.h \
	%D%/evidence.c %D%/evidence.h \
	%D%/unchanged.c %D%/unchanged.h \
	%D%/watch.c %D%/watch.h \
	%D%/gap.c %D%/gap.h \
	%D%/generation.c %D%/generation.h \
	%D%/walk.c %D%/walk.h \
	%D%/folder.c %D%/folder.h \
	%D%/name_set.c %D%/name_set.h \
	%D%/listing_cache.c %D%/listing_cache.h \
	%D%/snapshot.c %D%/snapshot.h \
	%D%/listing.c %D%/listing.h \
	%D%/snapshot_take.c %D%/snapshot_take.h \
	%D%/log_path.c %D%/log_path.h \
	%D%/search.c %D%/search.h \
	%D%/nameless.c %D%/nameless.h \
	%D%/search_look.c %D%/search_look.h \
	%D%/resolve.c %D%/resolve.h \
	%D%/item.h \
	%D%/source_ops.h \
	%D%/successor.c %D%/successor.h \
	%D%/chain.c %D%/chain.h \
	%D%/newest.c %D%/newest.h \
	%D%/start.c %D%/start.h \
	%D%/recall.c %D%/recall.h \
	%D%/since.c %D%/since.h \
	%D%/opening.c %D%/opening.h \
	%D%/pass.c %D%/pass.h \
	%D%/file.c %D%/file.h \
	%D%/pipe.c %D%/pipe.h \
	%D%/source.c %D%/source.h
