/*
 * source_position.h - a place between two records of a source.  Only the kind
 * of the source knows what it says: all others keep it, and ask.
 */
#ifndef SOURCE_POSITION_H
#define SOURCE_POSITION_H

#include <stdint.h>

/*
 * Room for what a kind has to know: of a log the stamp, the file, the offset
 * and the check; of an engine an identity of 128 bits, two numbers and a hash.
 * A kind copies a structure of its own into it, which is not larger.
 */
struct source_position {
	uint64_t words[5];
};

#endif
