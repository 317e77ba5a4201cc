#include "intake_play.h"

#include <errno.h>

#include "records.h"

void
play_init(struct play *play, bool hold)
{
	*play = (struct play){.hold = hold};
	intake_init(&play->intake, 10);
	sse_buf_init(&play->replies, 1 << 20);
	sse_buf_init(&play->text, RECORDS_SIZE_MAX);
}

void
play_done(struct play *play)
{
	intake_done(&play->intake);
	sse_buf_done(&play->replies);
	sse_buf_done(&play->text);
}

bool
play_holds_memory(const struct play *play)
{
	return play->intake.records.data != NULL ||
	       play->intake.content.data != NULL;
}

static void
on_event(struct play *play, int event)
{
	struct intake *intake = &play->intake;

	if (event == INTAKE_REQUEST) {
		CHECK_EQUAL_INT(intake->state, INTAKE_ACTIVE);
		say_records(&play->text, sse_buf_slice(&intake->records));
		if (play->hold) {
			intake_forget(intake);
			CHECK(!play_holds_memory(play));
			return;
		}
	} else {
		CHECK_EQUAL_INT(event, INTAKE_ABORTED);
		CHECK_EQUAL_INT(intake->state, INTAKE_ACTIVE);
		say(&play->text, "aborted\n");
	}
	intake_end(intake);
	CHECK_EQUAL_INT(intake->state, INTAKE_IDLE);
	CHECK(!play_holds_memory(play));
}

/* Feeds a copy that ends where its memory ends. */
void
play_bytes(struct play *play, struct sse_slice bytes)
{
	char *copy = malloc(bytes.size + 1);
	struct sse_slice rest = {copy + 1, bytes.size};
	int got;

	CHECK(copy != NULL);
	if (bytes.size > 0)
		memcpy(copy + 1, bytes.data, bytes.size);
	while (play->error == 0) {
		got = intake_feed(&play->intake, &rest, &play->replies);
		say_records(&play->text, sse_buf_slice(&play->replies));
		sse_buf_clear(&play->replies);
		if (got < 0)
			play->error = got;
		if (got <= 0)
			break;
		on_event(play, got);
	}
	CHECK(play->error != 0 || rest.size == 0);
	free(copy);
}

void
play_pieces(struct play *play, struct sse_slice bytes, size_t size)
{
	for (size_t at = 0; at < bytes.size; at += size)
		play_bytes(
		    play, (struct sse_slice){bytes.data + at,
			      bytes.size - at < size ? bytes.size - at : size});
}

void
play_check_broken(struct play *play)
{
	struct sse_slice rest = SLICE("\1\11\0\0\0\0\0\0");

	CHECK(!play_holds_memory(play));
	CHECK_EQUAL_INT(
	    intake_feed(&play->intake, &rest, &play->replies), -EPROTO);
	rest.size = 0;
	CHECK_EQUAL_INT(
	    intake_feed(&play->intake, &rest, &play->replies), -EPROTO);
	CHECK_EQUAL_INT(play->replies.size, 0);
}

void
play_check(struct play *play, const char *want, int error)
{
	CHECK_EQUAL_TEXT(sse_buf_slice(&play->text), sse_slice(want));
	CHECK_EQUAL_INT(play->error, error);
	if (error != 0)
		play_check_broken(play);
	play_done(play);
}

void
play_once(bool hold, const struct sse_buf *bytes, const char *want, int error)
{
	struct play play;

	play_init(&play, hold);
	play_bytes(&play, sse_buf_slice(bytes));
	play_check(&play, want, error);
}

void
play_cut(bool hold, const struct sse_buf *bytes, const char *want, int error)
{
	struct sse_slice all = sse_buf_slice(bytes);
	struct play play;

	play_once(hold, bytes, want, error);
	for (size_t cut = 1; cut < all.size; cut++) {
		play_init(&play, hold);
		play_bytes(&play, (struct sse_slice){all.data, cut});
		play_bytes(
		    &play, (struct sse_slice){all.data + cut, all.size - cut});
		play_check(&play, want, error);
	}
	for (size_t size = 1; size < 20; size++) {
		play_init(&play, hold);
		play_pieces(&play, all, size);
		play_check(&play, want, error);
	}
}

/* ---------------------------------------------------------- as a text -- */

/* What has been read of a text. */
struct script {
	struct sse_buf bytes; /* records */
	struct sse_buf want;  /* what comes of them */
	struct play play;     /* has got the records that have been read */
	int number;           /* for # */
	int error;            /* what the last record is */
};

/* The next word of a step; false behind the last one. */
static bool
next_word(struct sse_slice *step, struct sse_slice *ret_word)
{
	const char *space;

	if (step->size == 0)
		return false;
	space = memchr(step->data, ' ', step->size);
	*ret_word = (struct sse_slice){step->data,
	    space != NULL ? (size_t)(space - step->data) : step->size};
	step->data += ret_word->size;
	step->size -= ret_word->size;
	if (space != NULL) {
		step->data++;
		step->size--;
	}
	return true;
}

static bool
is_word(struct sse_slice word, const char *text)
{
	return sse_slice_equal(word, sse_slice(text));
}

static int
number_of(const struct script *script, struct sse_slice digits)
{
	int number = 0;

	if (is_word(digits, "#"))
		return script->number;
	CHECK(digits.size > 0);
	for (size_t i = 0; i < digits.size; i++) {
		CHECK(digits.data[i] >= '0' && digits.data[i] <= '9');
		number = number * 10 + digits.data[i] - '0';
	}
	return number;
}

static int
next_number(const struct script *script, struct sse_slice *step)
{
	struct sse_slice word;

	CHECK(next_word(step, &word));
	return number_of(script, word);
}

static int
type_of(const struct script *script, struct sse_slice word)
{
	static const char *const names[] = {[1] = "begin",
	    [2] = "abort",
	    [4] = "params",
	    [5] = "stdin",
	    [8] = "data"};

	for (size_t i = 1; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i] != NULL && is_word(word, names[i]))
			return (int)i;
	return number_of(script, word);
}

/* A record as it is read. */
struct record {
	int type;
	int id;
	int role;
	int flags;
	int padding;
	struct sse_slice content;
};

static void
read_word(const struct script *script, struct record *record,
    struct sse_slice word, struct sse_slice *step)
{
	if (word.size > 1 && word.data[0] == '+') {
		word = (struct sse_slice){word.data + 1, word.size - 1};
		record->padding = number_of(script, word);
	} else if (is_word(word, "role")) {
		record->role = next_number(script, step);
	} else if (is_word(word, "flags")) {
		record->flags = next_number(script, step);
	} else {
		CHECK_EQUAL_INT(record->content.size, 0);
		record->content = word;
	}
}

static void
add_read(struct sse_buf *to, const struct record *record)
{
	const char begin[8] = {
	    (char)(record->role >> 8), (char)record->role, (char)record->flags};
	struct sse_slice content = {begin, sizeof(begin)};
	char *bytes = malloc(record->content.size + 1);

	CHECK(bytes != NULL);
	if (record->type != 1 || record->content.size > 0) {
		content = (struct sse_slice){bytes, record->content.size};
		for (size_t i = 0; i < content.size; i++)
			bytes[i] = record->content.data[i] == '@'
				       ? '\0'
				       : record->content.data[i];
	}
	add_padded(to, record->type, record->id, content, record->padding);
	free(bytes);
}

static void
read_record(struct script *script, struct sse_slice step)
{
	struct record record = {.role = 1};
	struct sse_slice word, added;
	size_t before = script->bytes.size;

	CHECK(next_word(&step, &word));
	record.type = type_of(script, word);
	record.id = next_number(script, &step);
	while (next_word(&step, &word))
		read_word(script, &record, word, &step);
	add_read(&script->bytes, &record);
	added = sse_buf_slice(&script->bytes);
	added.data += before;
	added.size -= before;
	play_bytes(&script->play, added);
}

/* What has come of the records so far. */
static void
read_text(struct script *script, struct sse_slice text)
{
	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] == '|')
			say(&script->want, "\n");
		else if (text.data[i] == '#')
			say(&script->want, "%d", script->number);
		else
			say(&script->want, "%c", text.data[i]);
	}
	say(&script->want, "\n");
	CHECK_EQUAL_TEXT(
	    sse_buf_slice(&script->play.text), sse_buf_slice(&script->want));
}

static void
read_step(struct script *script, struct sse_slice step)
{
	CHECK_EQUAL_INT(script->play.error, 0);
	if (is_word(step, "broken"))
		script->error = -EPROTO;
	else if (step.size > 2 && step.data[0] == '>')
		read_text(
		    script, (struct sse_slice){step.data + 2, step.size - 2});
	else
		read_record(script, step);
}

void
play_steps(bool hold, const char *steps, int number)
{
	struct script script = {.number = number};

	sse_buf_init(&script.bytes, RECORDS_SIZE_MAX);
	sse_buf_init(&script.want, RECORDS_SIZE_MAX);
	play_init(&script.play, hold);
	while (*steps != '\0') {
		const char *end = strstr(steps, "; ");
		size_t size =
		    end != NULL ? (size_t)(end - steps) : strlen(steps);

		read_step(&script, (struct sse_slice){steps, size});
		steps += size + (end != NULL ? 2 : 0);
	}
	say(&script.want, "%c", '\0');
	play_check(&script.play, script.want.data, script.error);
	play_cut(hold, &script.bytes, script.want.data, script.error);
	sse_buf_done(&script.bytes);
	sse_buf_done(&script.want);
}
