// The decoder, by random streams, against Chromium's own EventSource: the same
// events with the same ids.
//
//	node streams_test.mjs
//
// The same streams each time; FUZZ_SECONDS=N: new ones, for so long.

import assert from "node:assert";
import { createServer } from "node:http";
import test, { after, before } from "node:test";

import { Decoder } from "../../viewer/decode.mjs";
import { Browser } from "../tools/browser.mjs";
import { Random, pieces, randomStream } from "./random_streams.mjs";

const STREAMS = 600;
const BATCH = 60; // of which a page reads as many at once as it may
const seconds = Number(process.env.FUZZ_SECONDS ?? 0);
const random = new Random(seconds > 0 ? Date.now() : 20261201);

// So that the last id is seen, too.
const END = Buffer.from("\n\ndata: end\n\n");

// Chromium loses the line behind an empty one that has nothing but a BOM before
// it: the standard has no such exception.
const isLost = (stream) => /^\xef\xbb\xbf[\r\n]/.test(stream.toString("latin1"));

let browser;
let server;
let streams = [];

function answer(request, response) {
	const stream = streams[Number(/^\/stream\/(\d+)$/.exec(request.url)?.[1])];

	response.setHeader("Content-Type", stream === undefined ? "text/html" :
		"text/event-stream");
	for (const piece of stream === undefined ? [] : pieces(random, stream))
		response.write(piece);
	response.end();
}

before(async () => {
	browser = new Browser();
	server = createServer(answer);
	await new Promise((done) => server.listen(0, "127.0.0.1", done));
});
after(async () => {
	await browser.close();
	server.closeAllConnections();
	await new Promise((done) => server.close(done));
});

function decode(stream) {
	const events = [];
	const decoder = new Decoder({
		event: ({ type, data, id }) =>
			events.push({ type, data, lastEventId: id }),
	});
	decoder.feed(stream);
	return events;
}

// In the page: an event is heard only by who knows its type.
function readAll(typesOf) {
	const read = (types, index) => new Promise((done) => {
		const events = [];
		const source = new EventSource(`/stream/${index}`);
		for (const type of types)
			source.addEventListener(type, ({ data, lastEventId }) =>
				events.push({ type, data, lastEventId }));
		source.onerror = () => {
			source.close();
			done(events);
		};
	});
	return Promise.all(typesOf.map(read));
}

function nextStream() {
	const stream = Buffer.concat([randomStream(random), END]);

	return isLost(stream) ? nextStream() : stream;
}

async function checkBatch(page) {
	streams = Array.from({ length: BATCH }, nextStream);
	const wanted = streams.map(decode);
	const typesOf = wanted.map((events) =>
		[...new Set(["message", ...events.map(({ type }) => type)])]);
	const got = await page.evaluate(
		`(${readAll})(${JSON.stringify(typesOf)})`);
	streams.forEach((stream, i) => assert.deepStrictEqual(wanted[i], got[i],
		`of ${stream.toString("base64")}`));
}

test("random streams, as Chromium's EventSource has them", async () => {
	const end = Date.now() + seconds * 1000;
	const page = await browser.open(
		`http://127.0.0.1:${server.address().port}/`);

	await page.wait("location.protocol === 'http:' && document.body !== null");
	for (let i = 0; i < STREAMS / BATCH || Date.now() < end; i++)
		await checkBatch(page);
});
