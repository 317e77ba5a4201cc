// filter.mjs - which records are shown, and what is marked in them.
//
// A worker looks, also for plain text: an expression that backtracks for ever
// holds up nothing but itself, and is stopped.

import { isAtLeast } from "./levels.mjs";
import { TURN_RECORDS } from "./turns.mjs";

const BATCH_RECORDS_MAX = 2000;
const BATCH_LENGTH_MAX = 1024 * 1024; // UTF-16 units
export const BATCH_MS_MAX = 2000; // for one; then the worker is stopped

// The places of matches as [start, end, start, end, ...]; null: none.
// It is a part of the worker, and so may use nothing from outside.
export function findRanges(pattern, text) {
	const rangesMax = 100; // that are marked in one record
	const ranges = [];
	pattern.lastIndex = 0;
	for (let found; (found = pattern.exec(text)) !== null;) {
		const end = found.index + found[0].length;
		if (end === found.index)
			pattern.lastIndex++;
		ranges.push(found.index, end);
		if (ranges.length >= 2 * rangesMax)
			break;
	}
	return ranges.length > 0 ? ranges : null;
}

function answerBatches(scope) {
	scope.onmessage = ({ data }) => {
		const pattern = new RegExp(data.source, data.flags);
		scope.postMessage({ job: data.job, ranges: data.texts.map(
			(text) => findRanges(pattern, text)) });
	};
}

function newWorker() {
	const source = `${findRanges}\n(${answerBatches})(self);`;
	const url = URL.createObjectURL(new Blob([source],
		{ type: "text/javascript" }));
	const worker = new Worker(url);
	URL.revokeObjectURL(url);
	return worker;
}

// { pattern } or { wrong }, the reason; neither where there is nothing to find.
// Capitals matter where the text has some.
export function readPattern(text, isRegex) {
	if (text === "")
		return {};
	const source = isRegex ? text :
		text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
	const flags = /\p{Lu}/u.test(text) ? "gm" : "gim";
	try {
		return { pattern: new RegExp(source, flags) };
	} catch (error) {
		return { wrong: error.message };
	}
}

export class Filter {
	// changed() when there is more to show, failed(text) when it gives up.
	constructor(lines, rows, { changed, failed, worker = newWorker }) {
		Object.assign(this, { lines, rows, changed, failed });
		this.makeWorker = worker;
		this.job = 0;
		this.choice = { text: "", isRegex: false, only: true,
			least: "" };
		this.restart();
	}

	// "" or what is wrong with it; then the one before stays.
	set(choice) {
		const { pattern, wrong } =
			readPattern(choice.text, choice.isRegex);
		if (wrong)
			return wrong;
		this.choice = choice;
		this.pattern = pattern;
		this.restart();
		return "";
	}

	restart() {
		this.stopWaiting();
		this.next = this.lines.first; // the number that comes next
		this.known = this.lines.end; // what there was to look at
		this.matches = 0;
		this.levels = new Map(); // of the record before, of each feed
		this.rows.begin();
	}

	stopWaiting() {
		this.job++; // what is on the way is not taken
		clearTimeout(this.timer);
		this.isWaiting = false;
	}

	// Whether what was shown before is still being put together anew.
	get isFilling() {
		return !this.pattern && this.next < this.known;
	}

	// Moves on as far as it may; the rest comes with changed().
	advance() {
		this.next = Math.max(this.next, this.lines.first);
		if (this.isWaiting)
			return;
		if (this.pattern) {
			this.ask();
			return;
		}
		const end = Math.min(this.lines.end, this.next + TURN_RECORDS);
		while (this.next < end)
			this.pass(this.lines.get(this.next++), null);
		if (end < this.lines.end)
			this.changed();
	}

	// A record that does not say how grave it is goes with the one before.
	pass(record, found) {
		const { only, least } = this.choice;
		if (record.found !== found)
			record.version++;
		record.found = found;
		const level = record.level ||
			(this.levels.get(record.feed) ?? "");
		this.levels.set(record.feed, level);
		const isGrave = isAtLeast(level, least);
		const isFound = found !== null || !this.pattern;
		// A gap stays where it is.
		if (record.kind === "line" && !(isGrave && (isFound || !only)))
			return;
		this.matches += found !== null;
		this.rows.append(record);
	}

	takeBatch() {
		const batch = [];
		let length = 0;
		while (this.next + batch.length < this.lines.end &&
			batch.length < BATCH_RECORDS_MAX &&
			length < BATCH_LENGTH_MAX) {
			const record = this.lines.get(this.next + batch.length);
			batch.push(record);
			length += record.text.length;
		}
		return batch;
	}

	ask() {
		const batch = this.takeBatch();
		if (batch.length === 0)
			return;
		const job = ++this.job;
		this.isWaiting = true;
		this.worker ??= this.makeWorker();
		this.worker.onmessage = ({ data }) => {
			if (data.job === this.job)
				this.take(batch, data.ranges);
		};
		this.worker.postMessage({ job, source: this.pattern.source,
			flags: this.pattern.flags,
			texts: batch.map((record) => record.text) });
		this.timer = setTimeout(() => this.giveUp(), BATCH_MS_MAX);
	}

	take(batch, ranges) {
		this.stopWaiting();
		batch.forEach((record, i) => {
			// It may have gone meanwhile.
			if (record.number >= this.lines.first)
				this.pass(record, ranges[i]);
		});
		this.next = batch.at(-1).number + 1;
		this.changed();
	}

	giveUp() {
		this.worker.terminate();
		this.worker = this.pattern = undefined;
		this.restart();
		this.failed("it takes too long and was stopped");
		this.changed();
	}
}
