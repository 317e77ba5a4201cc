// The decoder, by random streams that are cut anywhere: what comes of them is
// what both decoders of the vectors say, and the npm package eventsource-parser
// where EVENTSOURCE_PARSER is its index.js.  The same streams each time; with
// FUZZ_SECONDS new ones, for so long.

import assert from "node:assert";
import test from "node:test";

import { Decoder } from "../../viewer/decode.mjs";
import { SSEDecoder, decodeBatch } from "../vectors/refdecoder.mjs";
import { Random, pieces, randomStream } from "./random_streams.mjs";

const STREAMS = 3000;
const BEFORE = "before"; // the last id of an earlier connection
const { EVENTSOURCE_PARSER } = process.env;
const seconds = Number(process.env.FUZZ_SECONDS ?? 0);
const random = new Random(seconds > 0 ? Date.now() : 20261130);

function decode(stream) {
	const got = { events: [], retry: null, comments: [] };
	const decoder = new Decoder({
		event: ({ type, data, id }) =>
			got.events.push({ type, data, lastEventId: id }),
		retry: (digits) => { got.retry = digits; },
		comment: (text) => got.comments.push(text),
	}, BEFORE);
	for (const piece of pieces(random, stream))
		decoder.feed(piece);
	got.lastEventId = decoder.lastEventId;
	return got;
}

const shown = (stream) => `of ${stream.toString("base64")}`;

// A reference writes a retry without its leading zeros.
function check(stream) {
	const got = decode(stream);
	const seed = { lastEventId: BEFORE };
	const batch = decodeBatch(stream, seed);
	const comments = [];
	const pushed = new SSEDecoder({ ...seed,
		onComment: (comment) => comments.push(comment) });
	const retry = got.retry === null ? null : String(BigInt(got.retry));

	pushed.push(stream);
	assert.deepStrictEqual(got.events, batch.events, shown(stream));
	assert.strictEqual(got.lastEventId, batch.lastEventId, shown(stream));
	assert.strictEqual(retry, batch.retry === null ? null :
		String(batch.retry), shown(stream));
	assert.strictEqual(got.lastEventId, pushed.lastEventId, shown(stream));
	assert.deepStrictEqual(got.comments, comments, shown(stream));
}

// It takes text, keeps an id only where it stands, and takes the blank from the
// front of a comment.
function parse(createParser, stream) {
	const got = { events: [], retry: null, comments: [],
		lastEventId: BEFORE };
	const text = new TextDecoder("utf-8", { ignoreBOM: true });
	const parser = createParser({
		onId: (id) => { got.lastEventId = id; },
		onEvent: ({ event, data }) => got.events.push({ data,
			type: event ?? "message",
			lastEventId: got.lastEventId }),
		onRetry: (retry) => { got.retry = retry; },
		onComment: (comment) => got.comments.push(comment),
	});
	for (const piece of pieces(random, stream))
		parser.feed(text.decode(piece, { stream: true }));
	return got;
}

function checkOther(createParser, stream) {
	const { retry, comments, ...got } = decode(stream);

	assert.deepStrictEqual({ ...got,
		retry: retry === null ? null : Number(retry),
		comments: comments.map((comment) => comment.replace(/^ /, "")),
	}, parse(createParser, stream), shown(stream));
}

function everyStream(checkOne) {
	const end = Date.now() + seconds * 1000;

	for (let i = 0; i < STREAMS || Date.now() < end; i++)
		checkOne(randomStream(random));
}

test("random streams", () => everyStream(check));

test("random streams, as eventsource-parser has them", {
	skip: EVENTSOURCE_PARSER === undefined &&
		"EVENTSOURCE_PARSER is not set: no npm, or no registry",
}, async () => {
	const { createParser } = await import(EVENTSOURCE_PARSER);

	everyStream((stream) => checkOther(createParser, stream));
});
