/*
 * fake_journal.h - a journal for tests, in place of libsystemd: entries that a
 * test writes, in files that come and go, with the traps of the real one: what
 * is new is seen at once, but files are only with a notice; seeking to what is
 * not there succeeds.
 *
 * There is one; its name is "journal:/DIRECTORY", of any directory that exists.
 */
#ifndef FAKE_JOURNAL_H
#define FAKE_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ssekit.h"

/* Writes an entry with that MESSAGE, in the newest file: its serial number. */
uint64_t fake_journal_write(const char *message);

/* The same with another field, "NAME=value", and no MESSAGE if that is NULL. */
uint64_t fake_journal_write_with(const char *message, struct sse_slice field);

/* What is written now goes into a new file. */
void fake_journal_rotate(void);

/* The oldest entries go, so many; the newest, unsynced. */
void fake_journal_vacuum(size_t count);
void fake_journal_lose(size_t count);

/* How many are there. */
size_t fake_journal_count(void);

/* Numbers begin at 1, of another sequence. */
void fake_journal_new_sequence(void);

/*
 * What is written now is of a user, and so in files and of a sequence of their
 * own, with numbers of the same counter; 0: of nobody.
 */
void fake_journal_user(unsigned user);

/* All that is there has another sequence and other numbers: it is a copy. */
void fake_journal_copy(void);

/* The entry that was written last is of the same time as the one before. */
void fake_journal_same_time(void);

/* What is written now has numbers of the sequence that is all zeros. */
void fake_journal_no_sequence(void);

/* Nobody is told of files that come and go. */
void fake_journal_unwatched(bool unwatched);

/* The clock is set back, by so many entries. */
void fake_journal_set_back(unsigned entries);

/* So many looks for an entry read a page of a file that was cut. */
void fake_journal_cut(unsigned looks);

/* A file is damaged so that without matches none of its entries is found. */
void fake_journal_damage(bool damaged);

/* Cursors have another form from now on. */
void fake_journal_strange_cursors(bool strange);

/* How often notices were taken. */
unsigned fake_journal_processed(void);

/* The next call of so many says -ENOMEM; 0: none. */
void fake_journal_fail_at(unsigned call);

#endif
