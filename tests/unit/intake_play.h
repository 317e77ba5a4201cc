/*
 * intake_play.h - what an intake makes of a connection, however that is cut;
 * most connections as a text.
 *
 *	HELD(abort_of_a_request,
 *	    "begin 1; params 1 \1\1A1; abort 2; params 1; "
 *	    "> begin 1 role 1 flags 0|A=1|params 1 end; abort 1; > aborted")
 *
 * Steps are parted by "; ".  A step is a record:
 *
 *	begin ID [role NUMBER] [flags NUMBER] [+PADDING]
 *	TYPE ID [CONTENT] [+PADDING]
 *
 * TYPE is a number, or abort, params, stdin or data.  In the content @ is NUL;
 * it has no space and no semicolon.  A # is the number that the text is played
 * with.  Or a step says what has come of the records before it:
 *
 *	> TEXT   the requests, replies and aborts, as records.h writes them; a
 *	         bar is the end of a line
 *	broken   the record that follows is the last one, and an error
 */
#ifndef INTAKE_PLAY_H
#define INTAKE_PLAY_H

#include "intake.h"

/*
 * An intake, and what it has made of the bytes: each event, each reply, in
 * their order.  A request is ended at once, or held until it is aborted.
 */
struct play {
	struct intake intake;
	struct sse_buf replies;
	struct sse_buf text;
	bool hold;
	int error;
};

void play_init(struct play *play, bool hold);
void play_done(struct play *play);
void play_bytes(struct play *play, struct sse_slice bytes);
void play_pieces(struct play *play, struct sse_slice bytes, size_t size);
bool play_holds_memory(const struct play *play);

/* After an error: for ever, and without memory. */
void play_check_broken(struct play *play);

/* The text and the error are these; then it is done. */
void play_check(struct play *play, const char *want, int error);

/* The bytes make this text and this error: in one piece. */
void play_once(
    bool hold, const struct sse_buf *bytes, const char *want, int error);

/* Likewise in one piece, cut into two anywhere, and in small pieces. */
void play_cut(
    bool hold, const struct sse_buf *bytes, const char *want, int error);

/* A connection as a text: likewise, and record by record. */
void play_steps(bool hold, const char *steps, int number);

#define ENDED(name, steps)                   \
	TEST(name)                           \
	{                                    \
		play_steps(false, steps, 0); \
	}

#define HELD(name, steps)                   \
	TEST(name)                          \
	{                                   \
		play_steps(true, steps, 0); \
	}

/* Of these texts more are made. */
#define PAIRS_OF_VALUES "\16@FCGI_MAX_CONNS\17@FCGI_MPXS_CONNS"
#define VALUES "9 0 " PAIRS_OF_VALUES "; "
#define SAYS_VALUES "> values 0:|FCGI_MAX_CONNS=10|FCGI_MPXS_CONNS=0; "
#define REQUEST "begin 1; params 1 \1\1A1; params 1; " SAYS_REQUEST
#define SAYS_REQUEST "> begin 1 role 1 flags 0|A=1|params 1 end; "

#endif
