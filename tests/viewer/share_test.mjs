// The connection, with answers that a test gives, and tabs that share one.

import assert from "node:assert";
import test from "node:test";

import { Connection } from "../../viewer/connection.mjs";
import { Election, leadByLock } from "../../viewer/leader.mjs";
import { Lines } from "../../viewer/lines.mjs";
import { loadOlder, olderAddress } from "../../viewer/older.mjs";
import { Share } from "../../viewer/share.mjs";
import { TURN_BYTES } from "../../viewer/turns.mjs";

const soon = (ms = 0) => new Promise((done) => setTimeout(done, ms));

async function until(condition, what) {
	const end = Date.now() + 60000;
	while (!condition()) {
		assert.ok(Date.now() < end, `in vain: ${what ?? condition}`);
		await soon(2);
	}
}

/* ----- The connection ----- */

function streamOf(text, headers = {}) {
	return new Response(text, { headers: {
		"Content-Type": "text/event-stream", ...headers } });
}

// Gives the answers one after the other, and keeps what was asked.
function connectTo(answers, options = {}) {
	const told = [];
	const taken = [];
	const asked = [];
	globalThis.fetch = async (url, { headers }) => {
		asked.push({ url, headers });
		const answer = answers.shift();
		if (answer === undefined)
			return new Promise(() => {});
		if (answer instanceof Error)
			throw answer;
		return answer;
	};
	const connection = new Connection({ address: "http://h/log", ...options,
		take: (events) => taken.push(...events),
		tell: (state) => told.push(state) });
	connection.start();
	return { connection, told, taken, asked };
}

test("it goes on behind the last id, in header and query", async () => {
	const { connection, taken, asked } = connectTo([
		streamOf("retry: 0\ndata: 1\nid: a b\n\nid: c&\n\n"),
		streamOf("data: 2\n\n")]);
	await until(() => asked.length > 1 || connection.endPause);
	connection.wake();
	await until(() => taken.length === 2);
	assert.strictEqual(asked[0].url, "http://h/log");
	assert.strictEqual(asked[1].url, "http://h/log?lastEventId=c%26");
	assert.strictEqual(asked[1].headers["Last-Event-ID"], "c&");
	assert.strictEqual(taken[1].id, "c&");
	connection.stop();
});

// A server takes the first id of a query, and not all hand a header on.
test("the address of the page may have an id, or another beginning",
	async () => {
		const { connection, asked } = connectTo([
			streamOf("data: 1\nid: \u00e9\n\n")], {
			address: "http://h/log?lastEventId=a&last_event_id=b&" +
				"since=-1h&last=5&stream=x" });
		await until(() => connection.endPause !== undefined);
		connection.wake();
		await until(() => asked.length > 1);
		assert.strictEqual(asked[1].url,
			"http://h/log?stream=x&lastEventId=%C3%A9");
		assert.strictEqual(asked[1].headers["Last-Event-ID"], undefined);
		connection.stop();
		assert.strictEqual(olderAddress(connection.address, 500),
			"http://h/log?stream=x&last=1500");
	});

test("a refusal is shown as what it is, and asked again", async () => {
	const { connection, told, taken } = connectTo([
		new Response("There is no such stream.\nmore", { status: 404,
			statusText: "Not Found",
			headers: { "Content-Type": "text/plain" } }),
		new Response("<h1>Bad Gateway</h1>", { status: 502,
			statusText: "Bad Gateway",
			headers: { "Content-Type": "text/html" } }),
		new Response("<p>Hello", { headers: {
			"Content-Type": "text/html" } }),
		new TypeError("Failed to fetch"),
		streamOf("data: 1\n\n")]);
	for (let i = 0; i < 4; i++) {
		await until(() => connection.endPause !== undefined);
		connection.wake();
		await soon(5);
	}
	await until(() => taken.length === 1);
	const texts = told.map((state) => state.text).join("\n");
	assert.match(texts,
		/refused: 404 Not Found: There is no such stream\.; again in/);
	assert.match(texts, /refused: 502 Bad Gateway; again in/);
	assert.match(texts, /refused: no event stream, but text\/html; again/);
	assert.match(texts, /no connection; again in/);
	connection.stop();
});

test("what a web server says in place of the stream is how it stands",
	async () => {
		const { connection, told, taken } = connectTo([
			streamOf("retry: 100\n: the worker is not there\n\n"),
			streamOf(": ssekit 1.0: after each 1000 ms\n: a note\n\n" +
				"data: 1\n\n")]);
		await until(() => connection.endPause !== undefined);
		assert.match(told.at(-1).text,
			/^the worker is not there; again in 1 s$/);
		assert.deepStrictEqual(taken, []);
		connection.wake();
		await until(() => taken.length === 2);
		assert.deepStrictEqual(taken.map(({ type, data }) =>
			`${type}: ${data}`), [": a note", "message: 1"]);
		connection.stop();
	});

test("a comment of a record does not say how often a heartbeat comes",
	async () => {
		const { connection, taken } = connectTo([
			streamOf(": ssekit 1.0: after each 1000 ms\n" +
				": ssekit 2.0: after each 99000000 ms\n" +
				"data: 1\n\n")]);
		await until(() => taken.length === 2);
		assert.strictEqual(connection.heartbeatMs, 1000);
		assert.deepStrictEqual(taken.map(({ data }) => data),
			["ssekit 2.0: after each 99000000 ms", "1"]);
		connection.stop();
	});

test("pauses grow, up to a minute and a half", () => {
	const connection = new Connection({});
	let before = 0;
	for (connection.tries = 0; connection.tries < 20; connection.tries++) {
		const ms = connection.pauseMs({});
		assert.ok(ms <= 90000 && ms >= Math.min(before / 1.5, 60000));
		before = ms;
	}
	assert.ok(before >= 60000);
	assert.strictEqual(connection.pauseMs({ afterMs: 30000 }), 30000);
	assert.strictEqual(connection.pauseMs({ afterMs: 1e9 }), 120000);
});

test("a full house is waited for as long as it says", async () => {
	const { connection, told } = connectTo([streamOf(
		"retry: 20000\n: there are too many clients\n\n",
		{ "Retry-After": "20" })]);
	await until(() => told.at(-1)?.name === "busy");
	assert.match(told.at(-1).text, /too many readers; again in 20 s/);
	connection.wake();
	assert.notStrictEqual(connection.endPause, undefined);
	assert.ok(told.every((state) => state.name !== "live"));
	connection.stop();
});

test("a stream that has ended is not asked again", async () => {
	const ends = [[new Response(null, { status: 204 })],
		[streamOf("data: 1\n\nevent: end\nid: end\ndata\n\n")]];
	for (const answers of ends) {
		const { told, asked } = connectTo(answers);
		await until(() => told.at(-1).name === "ended");
		await soon(10);
		assert.strictEqual(asked.length, 1);
	}
});

test("waiting for the log is told, and that it is over", async () => {
	const greeting = ": ssekit 1: a comment like this one after each " +
		"700 ms of silence\n: waiting for the log: it does not " +
		"exist yet\nid: a\n\n";
	const { connection, told } = connectTo([streamOf(
		greeting + "data: 1\n\n")]);
	await until(() => told.some((state) => state.name === "waiting"));
	await until(() => told.filter((state) => state.name === "live")
		.length === 2 || told.at(-1).name === "resuming");
	assert.strictEqual(connection.heartbeatMs, 700);
	connection.stop();
});

/* ----- Turns ----- */

// A body whose reads are answered at once, with so much at a time: without a
// turn in between all of it would be one task.
function bodyOf(text, size) {
	const bytes = new TextEncoder().encode(text);
	let at = 0;
	return { cancel: async () => {}, getReader() {
		return { read: async () => ({ done: at >= bytes.length,
			value: bytes.subarray(at, at += size) }),
		cancel: async () => {} };
	} };
}

function answerOf(text, size) {
	return { ok: true, status: 200, body: bodyOf(text, size),
		headers: new Headers({ "Content-Type": "text/event-stream" }) };
}

// The most bytes that act() had decoded between two turns of the loop.
async function mostInOneTurn(act) {
	const { decode } = TextDecoder.prototype;
	let bytes = 0;
	let most = 0;
	let isOver = false;
	const count = () => {
		most = Math.max(most, bytes);
		bytes = 0;
		if (!isOver)
			setImmediate(count);
	};
	TextDecoder.prototype.decode = function (part, ...rest) {
		bytes += part?.length ?? 0;
		return decode.call(this, part, ...rest);
	};
	setImmediate(count);
	try {
		await act();
		await soon();
	} finally {
		isOver = true;
		TextDecoder.prototype.decode = decode;
	}
	return most;
}

const FRAMES = 8000;
const MANY = Array.from({ length: FRAMES }, (_, i) =>
	`id: i${i}\ndata: line ${i}\n\n`).join("");

for (const size of [1000, 150000, MANY.length]) {
	test(`what arrived already, ${size} bytes a read, takes many turns`,
		async () => {
			let made;
			const most = await mostInOneTurn(async () => {
				made = connectTo([answerOf(MANY, size)]);
				await until(() => made.taken.length === FRAMES);
			});
			made.connection.stop();
			assert.strictEqual(made.taken.at(-1).id, "i7999");
			assert.ok(most <= 2 * TURN_BYTES, `${most} bytes`);
		});
}

test("older lines take many turns, too", async () => {
	let older;
	globalThis.fetch = async () => answerOf(MANY, MANY.length);
	const most = await mostInOneTurn(async () => {
		older = await loadOlder("http://h/log", 10, "i5000");
	});
	assert.strictEqual(older.length, 1000);
	assert.strictEqual(older.at(-1).id, "i4999");
	assert.ok(most <= 2 * TURN_BYTES, `${most} bytes`);
});

test("who was stopped takes nothing more of what has arrived", async () => {
	const { connection, taken } = connectTo([answerOf(MANY, MANY.length)]);
	await until(() => taken.length > 0);
	connection.stop();
	const { length } = taken;
	assert.ok(length < FRAMES);
	await soon(20);
	assert.strictEqual(taken.length, length);
});

test("older lines are asked for by their number", () => {
	assert.strictEqual(olderAddress("http://h/log?since=x&a=1", 500),
		"http://h/log?since=x&a=1".replace("since=x&", "") +
		"&last=1500");
});

/* ----- Tabs ----- */

// Locks as a browser has them, as far as they are used.
class Locks {
	constructor() {
		this.waiting = [];
	}

	request(name, { signal }, run) {
		return new Promise((resolve, reject) => {
			const entry = { run, resolve };
			signal.addEventListener("abort", () => {
				this.waiting = this.waiting.filter((other) =>
					other !== entry);
				reject(signal.reason);
			});
			this.waiting.push(entry);
			this.next();
		});
	}

	async next() {
		if (this.isHeld || this.waiting.length === 0)
			return;
		this.isHeld = true;
		const { run, resolve } = this.waiting.shift();
		resolve(await run());
		this.isHeld = false;
		this.next();
	}
}

test("by locks one leads, and the next when it goes", async () => {
	const locks = new Locks();
	const leads = [];
	const leave = [0, 1, 2].map((i) => leadByLock("x", { locks,
		lead: () => leads.push(i) }));
	await soon();
	assert.deepStrictEqual(leads, [0]);
	leave[1]();
	leave[0]();
	await until(() => leads.length === 2);
	assert.deepStrictEqual(leads, [0, 2]);
	leave[2]();
});

test("where locks are forbidden, each leads for itself", async () => {
	const locks = { request: async () => { throw new Error("no"); } };
	let leads = 0;
	const leave = leadByLock("x", { locks, lead: () => leads++ });
	await until(() => leads === 1);
	leave();
	await soon(5);
	assert.strictEqual(leads, 1);
});

function elect(count) {
	const tabs = [];
	for (let i = 0; i < count; i++) {
		const channel = new BroadcastChannel("election");
		const tab = { channel, leading: false };
		tab.election = new Election(channel, { askMs: 20, lookMs: 60,
			lead: () => { tab.leading = true; },
			follow: () => { tab.leading = false; } });
		channel.onmessage = ({ data }) => tab.election.hear(data);
		tabs.push(tab);
	}
	return tabs;
}

const leaders = (tabs) => tabs.filter((tab) => tab.leading);

test("without locks one leads, and another when it goes", async () => {
	const tabs = elect(5);
	await until(() => leaders(tabs).length === 1);
	await soon(200);
	assert.strictEqual(leaders(tabs).length, 1);
	const [first] = leaders(tabs);
	first.election.leave();
	first.leading = false;
	await until(() => leaders(tabs).length === 1, "another one");
	// One that goes without a word.
	const [second] = leaders(tabs);
	second.channel.onmessage = null;
	second.leading = false;
	second.election.leads = false;
	clearTimeout(second.election.timer);
	await until(() => leaders(tabs).length === 1, "one after silence");
	tabs.forEach((tab) => { tab.election.leave(); tab.channel.close(); });
});

// A tab: its store, and the share; the connection is a list of events.
function openTab(name, connections, options = {}) {
	const lines = new Lines();
	const tab = { lines, states: [] };
	tab.share = new Share(name, lines, {
		connect: (handlers) => {
			const connection = { ...handlers, stopped: false,
				behind: lines.get(lines.end - 1)?.id,
				stop() { this.stopped = true; }, wake() {} };
			connections.push(connection);
			return connection;
		},
		take: (events) => events.forEach((event) => lines.add(event)),
		tell: (state) => tab.states.push(state.name), ...options });
	return tab;
}

const texts = ({ lines }) => lines.records.map((record) => record.text);

function events(...words) {
	return words.map((data) => ({ type: "message", data, id: `i${data}`,
		time: 0 }));
}

for (const hasLocks of [true, false]) {
	test(`tabs share a connection, ${hasLocks ? "" : "no "}locks`,
		async () => {
			Object.defineProperty(globalThis, "navigator", {
				configurable: true, writable: true,
				value: { locks: hasLocks ? new Locks() :
					undefined } });
			await playTabs(`tabs ${hasLocks}`);
		});
}

async function playTabs(name) {
	const connections = [];
	const one = openTab(name, connections);
	await until(() => connections.length === 1, "a leader");
	connections[0].tell({ name: "live", text: "live" });
	connections[0].take(events("1", "2"));
	const two = openTab(name, connections);
	await until(() => texts(two).length === 2, "the history");
	connections[0].take(events("3"));
	await until(() => texts(two).length === 3, "what comes");
	assert.strictEqual(connections.length, 1);
	assert.strictEqual(two.states.at(-1), "live");
	// The other one goes on, behind what it has.
	one.share.leave();
	assert.ok(connections[0].stopped);
	await until(() => connections.length === 2, "the next leader");
	assert.strictEqual(connections[1].behind, "i3");
	connections[1].take(events("4"));
	assert.deepStrictEqual(texts(two), ["1", "2", "3", "4"]);
	await missSome(name, connections, two);
	two.share.leave();
}

// One that was held, and misses what the others have let go.
async function missSome(name, connections, leader) {
	const three = openTab(name, connections);
	await until(() => texts(three).length === 4);
	three.share.hold();
	connections[1].take(events("5", "6"));
	three.share.join();
	await until(() => texts(three).length === 6, "what it missed");
	three.share.hold();
	connections[1].take(events("7", "8"));
	leader.lines.trim(0);
	leader.lines.records.splice(0, 7);
	leader.lines.first += 7;
	three.share.join();
	await until(() => connections.length === 3, "a connection of its own");
	assert.strictEqual(connections[2].behind, "i6");
	three.share.leave();
}

// It has other things to do meanwhile, and what comes then is not lost.
test("a leader sends what a tab lacks in many turns", async () => {
	globalThis.navigator.locks = new Locks();
	const connections = [];
	const one = openTab("long", connections);
	await until(() => connections.length === 1);
	const COUNT = 10000;
	one.share.takeOwn(events(...Array.from(
		{ length: COUNT }, (_, i) => String(i))));
	const { post } = one.share;
	let inTurn = 0; // records
	let most = 0;
	let isOver = false;
	one.share.post = function (message) {
		if (message.to !== undefined)
			inTurn += message.events?.length ?? 0;
		post.call(this, message);
	};
	const count = () => {
		if (inTurn > 0 && most === 0)
			one.share.takeOwn(events("late"));
		most = Math.max(most, inTurn);
		inTurn = 0;
		if (!isOver)
			setImmediate(count);
	};
	count();
	const two = openTab("long", connections);
	await until(() => texts(two).length === COUNT + 1);
	isOver = true;
	assert.ok(most <= 2000, `${most} records`);
	assert.strictEqual(texts(two).at(-1), "late");
	assert.strictEqual(texts(two)[COUNT - 1],
		String(COUNT - 1));
	two.share.leave();
	one.share.leave();
});

test("who has asked early shows that, until another one leads", async () => {
	globalThis.navigator.locks = new Locks();
	const connections = [];
	const one = openTab("early", connections, { isEarly: true });
	assert.strictEqual(connections.length, 1);
	connections[0].take(events("1", "2"));
	assert.deepStrictEqual(texts(one), ["1", "2"]);
	await until(() => !one.share.isTrial, "it leads");
	assert.ok(!connections[0].stopped);
	const two = openTab("early", connections, { isEarly: true });
	connections[1].take(events("2"));
	assert.deepStrictEqual(texts(two), ["2"]);
	await until(() => texts(two).length === 2, "what the leader has");
	assert.deepStrictEqual(texts(two), ["1", "2"]);
	assert.ok(connections[1].stopped && !connections[0].stopped);
	connections[0].take(events("3"));
	await until(() => texts(two).length === 3);
	assert.strictEqual(connections.length, 2);
	one.share.leave();
	two.share.leave();
});

// Nobody leads yet when they ask, and nothing comes later.
test("who has asked early leaves it to one, though all is quiet", async () => {
	Object.defineProperty(globalThis, "navigator", { configurable: true,
		writable: true, value: { locks: undefined } });
	const connections = [];
	const tabs = [1, 2, 3, 4].map(() => {
		const tab = openTab("quiet", connections, { isEarly: true });
		connections.at(-1).take(events("1"));
		return tab;
	});
	const open = () => connections.filter(({ stopped }) => !stopped);
	await until(() => open().length === 1, "one connection");
	await until(() => tabs.every((tab) => texts(tab).join() === "1"));
	await soon(50);
	assert.strictEqual(open().length, 1);
	tabs.forEach((tab) => tab.share.leave());
});
