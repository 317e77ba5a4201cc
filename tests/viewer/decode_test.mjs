// The decoder, by the vectors that the project's own has to pass, cut at every
// place.

import assert from "node:assert";
import { readFileSync } from "node:fs";
import test from "node:test";

import { Decoder, WAITING_LENGTH_MAX } from "../../viewer/decode.mjs";

const SPLITS_MAX = 400; // of one vector; of a long one they are spread

const { vectors } = JSON.parse(readFileSync(
	new URL("../vectors/decode.public.json", import.meta.url)));

function expand(text) {
	return text?.parts === undefined ? text :
		text.parts.map((part) => part.s.repeat(part.n ?? 1)).join("");
}

function inputOf(vector) {
	if (vector.input_b64 !== undefined)
		return Buffer.from(vector.input_b64, "base64");
	if (vector.input?.b64 !== undefined)
		return Buffer.from(vector.input.b64, "base64");
	return Buffer.from(expand(vector.input_parts === undefined ?
		vector.input : { parts: vector.input_parts }));
}

function decode(pieces, seed) {
	const got = { events: [], retry: null };
	const decoder = new Decoder({
		event: ({ type, data, id }) =>
			got.events.push({ type, data, lastEventId: id }),
		retry: (digits) => { got.retry = digits; },
	}, seed);
	pieces.forEach((piece) => decoder.feed(piece));
	got.lastEventId = decoder.lastEventId;
	return got;
}

function expected(vector) {
	return vector.events.map((event) => ({ type: expand(event.type),
		data: expand(event.data),
		lastEventId: expand(event.lastEventId) }));
}

function isRetry(vector, digits) {
	const allowed = [vector.retry, ...vector.retry_any ?? []];
	return allowed.some((retry) => retry === null ? digits === null :
		retry === "default" ||
		(digits !== null && (retry.min === undefined ?
			BigInt(retry) === BigInt(digits) :
			BigInt(digits) >= BigInt(retry.min))));
}

function* splits(input) {
	const step = Math.max(1, Math.ceil(input.length / SPLITS_MAX));
	yield [input];
	for (let at = step; at < input.length; at += step)
		yield [input.subarray(0, at), input.subarray(at)];
	if (input.length <= 20000)
		yield [...input].map((byte) => Uint8Array.of(byte));
}

assert.ok(vectors.length > 100);
for (const vector of vectors) {
	test(`${vector.id} ${vector.name}`, () => {
		for (const pieces of splits(inputOf(vector))) {
			const got = decode(pieces, vector.seed);
			assert.deepStrictEqual(got.events, expected(vector));
			assert.strictEqual(got.lastEventId,
				expand(vector.lastEventId));
			assert.ok(isRetry(vector, got.retry), got.retry);
		}
	});
}

test("comments are told", () => {
	const comments = [];
	const decoder = new Decoder({ event() {},
		comment: (text) => comments.push(text) });
	decoder.feed(Buffer.from(": one\n:two\r\n\n:\n"));
	assert.deepStrictEqual(comments, [" one", "two", ""]);
});

test("an event that never ends is not kept", () => {
	const decoder = new Decoder({ event() {} });
	const piece = Buffer.alloc(1024 * 1024, "x");
	assert.throws(() => {
		for (let i = 0; i <= WAITING_LENGTH_MAX / piece.length; i++)
			decoder.feed(piece);
	}, RangeError);
	const lines = new Decoder({ event() {} });
	const line = Buffer.from(`data:${"x".repeat(1024 * 1024)}\n`);
	assert.throws(() => {
		for (let i = 0; i <= 33; i++)
			lines.feed(line);
	}, RangeError);
});
