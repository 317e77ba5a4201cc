// The decoder, by random streams that are cut anywhere: what comes of them is
// what both decoders of the vectors say.  The same streams each time; with
// FUZZ_SECONDS new ones, for so long.

import assert from "node:assert";
import test from "node:test";

import { Decoder } from "../../viewer/decode.mjs";
import { SSEDecoder, decodeBatch } from "../vectors/refdecoder.mjs";

const STREAMS = 3000;
const PARTS_MAX = 40;
const seconds = Number(process.env.FUZZ_SECONDS ?? 0);
let state = seconds > 0 ? Date.now() >>> 0 : 20261130;

// mulberry32
function below(limit) {
	state = (state + 0x6d2b79f5) >>> 0;
	let t = Math.imul(state ^ state >>> 15, state | 1);
	t ^= t + Math.imul(t ^ t >>> 7, t | 61);
	return ((t ^ t >>> 14) >>> 0) % limit;
}

const PARTS = ["data", "data:", "data: ", "data:  ", "id", "id:", "id: 7",
	"event:", "event: name", "retry: 10", "retry: 010", "retry:1x", ":",
	": comment", "\n", "\n", "\n\n", "\r", "\r\n", "\r\n\r\n", "\r\r", "\0",
	"\ufeff", "text", "ä", "€", "😀", " ", "other: field", "data\n"]
	.map((part) => Buffer.from(part));

function randomPart() {
	const kind = below(20);
	if (kind > 1)
		return PARTS[below(PARTS.length)];
	const bytes = Buffer.alloc(1 + below(3));
	return bytes.map(() => kind === 0 ? below(256) : 0x80 + below(128));
}

function randomStream() {
	return Buffer.concat(Array.from({ length: below(PARTS_MAX) }, randomPart));
}

function* pieces(stream) {
	const most = 1 + below(stream.length + 1);
	for (let at = 0, next; at < stream.length; at = next) {
		next = at + 1 + below(most);
		yield stream.subarray(at, next);
	}
}

function decode(stream) {
	const got = { events: [], retry: null, comments: [] };
	const decoder = new Decoder({
		event: ({ type, data, id }) =>
			got.events.push({ type, data, lastEventId: id }),
		retry: (digits) => { got.retry = digits; },
		comment: (text) => got.comments.push(text),
	}, "before");
	for (const piece of pieces(stream))
		decoder.feed(piece);
	got.lastEventId = decoder.lastEventId;
	return got;
}

// A reference writes a retry without its leading zeros.
function check(stream) {
	const got = decode(stream);
	const seed = { lastEventId: "before" };
	const batch = decodeBatch(stream, seed);
	const comments = [];
	const pushed = new SSEDecoder({ ...seed,
		onComment: (comment) => comments.push(comment) });
	const retry = got.retry === null ? null : String(BigInt(got.retry));
	const shown = `of ${stream.toString("base64")}`;

	pushed.push(stream);
	assert.deepStrictEqual(got.events, batch.events, shown);
	assert.strictEqual(got.lastEventId, batch.lastEventId, shown);
	assert.strictEqual(retry,
		batch.retry === null ? null : String(batch.retry), shown);
	assert.strictEqual(got.lastEventId, pushed.lastEventId, shown);
	assert.deepStrictEqual(got.comments, comments, shown);
}

test("random streams", () => {
	const end = Date.now() + seconds * 1000;

	for (let i = 0; i < STREAMS; i++)
		check(randomStream());
	while (Date.now() < end)
		check(randomStream());
});
