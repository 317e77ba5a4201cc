/*
 * item.c - the items that all kinds of sources give alike.
 */
#include "config.h"

#include "source/item.h"

struct source_item
source_item_gap(const struct gap *gap, struct source_position position)
{
	return (struct source_item){
	    .kind = SOURCE_GAP,
	    .reason = gap->reason,
	    .skipped = gap->skipped,
	    .comment = gap->comment,
	    .has_position = true,
	    .position = position,
	};
}

struct source_item
source_item_mark(struct source_position position)
{
	return (struct source_item){
	    .kind = SOURCE_MARK, .has_position = true, .position = position};
}

struct source_item
source_item_end(void)
{
	return (struct source_item){.kind = SOURCE_END};
}
