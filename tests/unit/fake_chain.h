/*
 * fake_chain.h - a set of files that nobody has opened: what is decided by
 * names, sizes and times alone is tested with it.
 */
#ifndef FAKE_CHAIN_H
#define FAKE_CHAIN_H

#include <string.h>

#include "source/log_set.h"

#define FAKE_FILES_MAX 8

struct fake_set {
	struct log_set set;
	struct log_file files[FAKE_FILES_MAX];
	struct log_file *open[FAKE_FILES_MAX];
	struct sse_file_stat due[FAKE_FILES_MAX];
};

/* Each letter is a file. */
static inline struct sse_file_stat
fake_stat(char letter)
{
	return (struct sse_file_stat){
	    .inode = (uint64_t)letter, .birth_ns = letter};
}

/*
 * These files are open, "ab", and those are due; an upper-case letter is the
 * lead, else the first one is.
 */
static inline void
fake_chain_init(struct fake_set *fake, const char *open, const char *due)
{
	memset(fake, 0, sizeof(*fake));
	for (size_t i = 0; open[i] != '\0'; i++) {
		bool leads = open[i] >= 'A' && open[i] <= 'Z';
		char letter = (char)(leads ? open[i] - 'A' + 'a' : open[i]);

		fake->files[i].fd = -1;
		fake->files[i].stat = fake_stat(letter);
		fake->files[i].file = (uint64_t)letter;
		fake->open[i] = &fake->files[i];
		fake->set.count++;
		if (leads)
			fake->set.lead = i;
	}
	for (size_t i = 0; due[i] != '\0'; i++)
		fake->due[fake->set.due_count++] = fake_stat(due[i]);
	fake->set.open = fake->open;
	fake->set.due = fake->due;
}

#endif
