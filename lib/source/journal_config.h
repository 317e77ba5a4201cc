/*
 * journal_config.h - what an administrator says of a journal: its text, and its
 * keys; what struct source_ops asks of them before there is a source.
 */
#ifndef JOURNAL_CONFIG_H
#define JOURNAL_CONFIG_H

#include "source/source_ops.h"

#define JOURNAL_KEYS \
	(SOURCE_KEY_FIELD | SOURCE_KEY_MATCH | SOURCE_KEY_JOURNAL_POLL)

/* As the members of struct source_ops. */
const char *journal_config_default_name(const char *text);
int journal_config_check(const char *text, char reason[SOURCE_REASON_SIZE_MAX]);
int journal_config_check_key(enum source_key key, const char *value,
    char reason[SOURCE_REASON_SIZE_MAX]);
bool journal_config_explain(
    const char *text, int error, char clause[SOURCE_CLAUSE_SIZE_MAX]);
int journal_config_peek(const char *text, const char *generations,
    const struct source_shared *shared);
void journal_config_reach(const char *text, const struct source_reach *source,
    struct reaches *reaches);
struct source_descriptors journal_config_descriptors(
    const char *text, const char *generations);

#endif
