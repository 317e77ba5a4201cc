// What is kept and which of it is shown: lines, rows, filter, rate, choices.

import assert from "node:assert";
import test from "node:test";

import { Filter, findRanges, readPattern } from "../../viewer/filter.mjs";
import { DEFAULTS, readFragment, readRemembered, remember, writeFragment }
	from "../../viewer/fragment.mjs";
import { Header } from "../../viewer/header.mjs";
import { Lines, describeGap, makeRecord } from "../../viewer/lines.mjs";
import { perSecond, Rate, SECONDS } from "../../viewer/rate.mjs";
import { guessLines } from "../../viewer/row.mjs";
import { Rows } from "../../viewer/rows.mjs";
import { TURN_RECORDS } from "../../viewer/turns.mjs";

function event(data, id = "") {
	return { type: "message", data, id, time: 0 };
}

function fill(lines, count) {
	for (let i = 0; i < count; i++)
		lines.add(event(`line ${lines.end}`, `id ${lines.end}`));
}

test("the oldest go, by number and by length", () => {
	const lines = new Lines(10, 910);
	fill(lines, 25);
	lines.trim();
	assert.deepStrictEqual([lines.first, lines.end], [15, 25]);
	assert.strictEqual(lines.get(15).text, "line 15");
	lines.add(event("x".repeat(900)));
	lines.trim();
	assert.deepStrictEqual([lines.first, lines.end], [25, 26]);
	assert.strictEqual(lines.characters, 900 + "message".length);
	lines.add({ ...event("x"), type: "t".repeat(500) });
	lines.add(event("x", "i".repeat(500)));
	lines.trim();
	assert.deepStrictEqual([lines.first, lines.end], [27, 28]);
	lines.add(event("x".repeat(5000)));
	lines.trim();
	assert.strictEqual(lines.records.length, 0);
	assert.strictEqual(lines.characters, 0);
});

test("what is read does not go, until twice as many are there", () => {
	const lines = new Lines(10, 1000);
	fill(lines, 19);
	lines.trim(5);
	assert.strictEqual(lines.first, 5);
	fill(lines, 5);
	lines.trim(5);
	assert.strictEqual(lines.first, 5);
	assert.ok(!lines.isFull());
	fill(lines, 1);
	assert.ok(lines.isFull());
});

test("older ones have numbers below", () => {
	const lines = new Lines();
	fill(lines, 2);
	lines.prepend([event("a"), event("b")]);
	assert.strictEqual(lines.first, -2);
	assert.strictEqual(lines.get(-2).text, "a");
	assert.strictEqual(lines.get(-1).number, -1);
	assert.strictEqual(lines.get(1).text, "line 1");
});

test("a stream's event is no note, whatever its type", () => {
	const of = (type) => makeRecord({ type, id: "", data: "\x1b[31mERROR a" });
	assert.strictEqual(of("").kind, "note");
	for (const type of ["note", "message", "line", "__proto__"]) {
		assert.strictEqual(of(type).kind, "line");
		assert.strictEqual(of(type).text, "ERROR a");
		assert.strictEqual(of(type).level, "error");
	}
});

test("a gap is told in words", () => {
	assert.match(describeGap(
		'{"reason":"truncated","skipped":12,"unit":"bytes"}'),
	/the file was truncated, 12 bytes left out/);
	assert.match(describeGap("{}"), /^gap: /);
	assert.match(describeGap("null"), /^gap: null/);
	assert.match(describeGap('{"reason":"toString"}'), /toString/);
	// What a record has written need not be text, nor become it.
	for (const odd of ['{"toString":1}', "[[]]", "true", "1e999"]) {
		assert.match(describeGap(`{"reason":${odd}}`), /^gap: \{/);
		assert.match(describeGap(
			`{"reason":"late","skipped":7,"unit":${odd}}`),
		/^gap: an older file .*, 7 bytes left out$/);
		assert.match(describeGap(`{"skipped":${odd}}`), /nobody knows/);
	}
});

test("rows: sums agree with heights, whatever goes and comes", () => {
	let seed = 1;
	const random = (below) => {
		seed = seed * 48271 % 2147483647;
		return seed % below;
	};
	const rows = new Rows((record) => record.height);
	let number = 0;
	for (let round = 0; round < 300; round++) {
		for (let i = random(200); i > 0; i--)
			rows.append({ number: number++, height: random(50) });
		if (random(3) === 0)
			rows.dropBelow(number - random(1500));
		for (let i = 0; i < 20 && rows.records.length > 0; i++)
			rows.setHeight(rows.first +
				random(rows.records.length), random(90));
		const sum = rows.heights.reduce((all, one) => all + one, 0);
		assert.strictEqual(rows.height, sum);
		if (rows.records.length === 0)
			continue;
		const place = rows.first + random(rows.records.length);
		const top = rows.heights.slice(0, place - rows.first)
			.reduce((all, one) => all + one, 0);
		assert.strictEqual(rows.top(place), top);
		if (rows.heights[place - rows.first] > 0)
			assert.strictEqual(rows.at(top), place);
		assert.strictEqual(rows.placeOf(rows.get(place).number), place);
	}
	assert.strictEqual(rows.at(1e9), rows.end - 1);
	assert.strictEqual(rows.at(-5), rows.first);
});

test("an expression that is wrong says why", () => {
	assert.match(readPattern("(", true).wrong, /parenth|group/i);
	assert.deepStrictEqual(readPattern("", true), {});
	const { pattern } = readPattern("a.(b", false);
	assert.deepStrictEqual(findRanges(pattern, "xA.(B a.(b"),
		[1, 5, 6, 10]);
	assert.strictEqual(findRanges(readPattern("ERR", false).pattern, "err"),
		null);
	const empty = readPattern("x*", true).pattern;
	assert.deepStrictEqual(findRanges(empty, "ab"), [0, 0, 1, 1, 2, 2]);
	assert.strictEqual(findRanges(readPattern("a", false).pattern,
		"a".repeat(100000)).length, 200);
});

// A worker that answers in the next turn, or never.
function newWorkers({ silent = false } = {}) {
	const workers = [];
	return { workers, make: () => {
		const worker = { terminated: false,
			terminate() { this.terminated = true; },
			postMessage({ job, source, flags, texts }) {
				const pattern = new RegExp(source, flags);
				const ranges = texts.map((text) =>
					findRanges(pattern, text));
				if (!silent)
					setImmediate(() => this.onmessage(
						{ data: { job, ranges } }));
			} };
		workers.push(worker);
		return worker;
	} };
}

function newFilter(options) {
	const lines = new Lines();
	const rows = new Rows(() => 20);
	const told = { wrong: "" };
	const { workers, make } = newWorkers(options);
	const filter = new Filter(lines, rows, { worker: make,
		changed: () => { filter.advance(); told.changed?.(); },
		failed: (text) => { told.wrong = text; } });
	return { lines, rows, filter, told, workers };
}

const texts = (rows) => rows.records.map((record) => record.text);

test("without a filter all are shown", () => {
	const { lines, rows, filter } = newFilter();
	fill(lines, 3);
	filter.advance();
	fill(lines, 1);
	filter.advance();
	assert.strictEqual(rows.records.length, 4);
});

test("of many, no more than a part is put together in one frame", () => {
	const { lines, rows, filter } = newFilter();
	const count = 2 * TURN_RECORDS + 1;
	let parts = 0;
	// As the page has it: the next part comes with the next frame.
	filter.changed = () => { parts++; };
	lines.make = (event) => ({ ...event, kind: "line", level: "" });
	fill(lines, count);
	for (const restart of [() => {}, () => filter.restart()]) {
		restart();
		parts = 0;
		for (let shown = 0; shown < count; shown = rows.records.length) {
			filter.advance();
			assert.ok(rows.records.length - shown <= TURN_RECORDS);
			assert.ok(rows.records.length > shown);
		}
		assert.strictEqual(parts, 2);
		assert.ok(!filter.isFilling);
	}
	// What comes beside it is no reason to wait.
	fill(lines, TURN_RECORDS + 1);
	filter.advance();
	assert.ok(!filter.isFilling);
});

test("heights are guessed again in parts, the newest first", () => {
	let guesses = 0;
	let height = 10;
	const rows = new Rows(() => {
		guesses++;
		return height;
	});
	const count = 2 * TURN_RECORDS + 7;
	for (let number = 0; number < count; number++)
		rows.append({ number });
	height = 20;
	rows.guessAgain();
	for (const done of [TURN_RECORDS, 2 * TURN_RECORDS, count]) {
		guesses = 0;
		assert.ok(rows.isStale);
		rows.guessSome();
		assert.ok(guesses <= TURN_RECORDS);
		assert.strictEqual(rows.height, 10 * (count + done));
	}
	assert.ok(!rows.isStale);
	// The oldest may have gone meanwhile.
	rows.guessAgain();
	rows.dropBelow(count - 3);
	rows.guessSome();
	assert.strictEqual(rows.height, 60);
	assert.ok(!rows.isStale);
});

// Of all records, whether they are on the screen or not.
test("a height is guessed without reading a record as JSON", () => {
	const record = { text: `{"a": "${"x".repeat(500)}"}`, spans: null,
		found: null, isOpen: false };
	assert.strictEqual(guessLines(record, 100), 6);
	assert.ok(!("isJson" in record));
	record.isOpen = true;
	assert.strictEqual(guessLines(record, 100), 1 + 6 + 1);
});

test("a filter shows what matches, and marks it", async () => {
	const { lines, rows, filter } = newFilter();
	fill(lines, 5000);
	lines.add({ type: "gap", data: "{}", id: "", time: 0 });
	const all = { text: "line 12", isRegex: false, only: true, least: "" };
	assert.strictEqual(filter.set(all), "");
	filter.advance();
	while (filter.isWaiting || filter.next < lines.end)
		await new Promise(setImmediate);
	// 12, 120 to 129, 1200 to 1299, and the gap.
	assert.strictEqual(rows.records.length, 1 + 10 + 100 + 1);
	assert.deepStrictEqual(rows.records[0].found, [0, 7]);
	assert.strictEqual(filter.matches, 111);
	filter.set({ ...all, only: false });
	filter.advance();
	while (filter.isWaiting || filter.next < lines.end)
		await new Promise(setImmediate);
	assert.strictEqual(rows.records.length, 5001);
	assert.strictEqual(filter.matches, 111);
	assert.notStrictEqual(filter.set({ text: "(", isRegex: true }), "");
	assert.strictEqual(rows.records.length, 5001);
});

test("an expression that takes too long is stopped, and said so", async () => {
	const { lines, rows, filter, told, workers } =
		newFilter({ silent: true });
	fill(lines, 3);
	const changed = new Promise((done) => { told.changed = done; });
	filter.set({ text: "(a+)+$", isRegex: true, only: true, least: "" });
	filter.advance();
	await changed;
	assert.ok(workers[0].terminated);
	assert.match(told.wrong, /too long/);
	assert.strictEqual(rows.records.length, 3);
});

test("a level takes the lines with it that do not say theirs", () => {
	const { lines, rows, filter } = newFilter();
	for (const text of ["INFO a", "b", "ERROR c", "  at d", "DEBUG e", "f",
		"WARN g"])
		lines.add(event(text));
	filter.set({ text: "", isRegex: false, only: true, least: "warn" });
	filter.advance();
	assert.deepStrictEqual(texts(rows), ["ERROR c", "  at d", "WARN g"]);
});

test("the rate counts seconds", () => {
	const rate = new Rate();
	rate.moveTo(1000);
	rate.add(5, 1000.5);
	rate.add(2, 1000.9);
	assert.strictEqual(rate.last, 0);
	rate.moveTo(1001);
	assert.strictEqual(rate.last, 7);
	rate.moveTo(1000 + SECONDS + 5);
	assert.ok(rate.counts.every((count) => count === 0));
	assert.strictEqual(rate.points(60, 16).split(" ").length, SECONDS - 1);
});

test("a counter that begins anew, or was not known, has no rate", () => {
	assert.strictEqual(perSecond(500, 5000), 100);
	assert.strictEqual(perSecond(0, 5000), 0);
	assert.strictEqual(perSecond(3 - 1000, 5000), 0);
	assert.strictEqual(perSecond(3 - undefined, 1 - undefined), 0);
});

test("announcements are few, and say how many", () => {
	const spoken = [];
	const element = { setAttribute() {} };
	const header = new Header({ state: element, count: element,
		fresh: element, rate: element, spark: element,
		spoken: { set textContent(text) { spoken.push(text); } } });
	header.spokenMs = -Infinity;
	for (let i = 0; i < 1000; i++) {
		header.count(3);
		header.draw({ shown: i, kept: i, isFiltered: false, unseen: 0 });
	}
	assert.deepStrictEqual(spoken, ["3 new lines"]);
	header.spokenMs = -Infinity;
	header.draw({ shown: 1, kept: 1, isFiltered: false, unseen: 0 });
	assert.deepStrictEqual(spoken, ["3 new lines", "2,997 new lines"]);
});

test("choices go through the address, and nothing else does", () => {
	const choice = { ...DEFAULTS, filter: "a&b=#", wrap: false,
		level: "warn", line: "x y" };
	assert.deepStrictEqual({ ...DEFAULTS,
		...readFragment("#" + writeFragment(choice)) }, choice);
	assert.strictEqual(writeFragment(DEFAULTS), "");
	assert.deepStrictEqual(readFragment(
		"#theme=pink&level=x&__proto__=1&wrap=0&other=2"),
	{ theme: "auto", level: "", wrap: false });
	assert.deepStrictEqual(readFragment("#filter=" + "x".repeat(5000)),
		{ filter: "" });
});

test("a browser remembers taste, not what is looked for", () => {
	const kept = new Map();
	const storage = () => ({ getItem: (key) => kept.get(key) ?? null,
		setItem: (key, value) => kept.set(key, value) });
	remember(storage, { ...DEFAULTS, theme: "dark", filter: "x" });
	assert.deepStrictEqual(readRemembered(storage), { theme: "dark" });
	const forbidden = () => { throw new Error("no"); };
	remember(forbidden, DEFAULTS);
	assert.deepStrictEqual(readRemembered(forbidden), {});
});
