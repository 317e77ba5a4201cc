// lines.mjs - the store: the newest records of a stream, each with a number.
//
// The numbers have no holes, and tabs that share a connection agree on them.

import { readAnsi } from "./ansi.mjs";
import { levelOf } from "./levels.mjs";

export const LINES_MAX = 50000; // records
export const CHARACTERS_MAX = 32 * 1024 * 1024; // UTF-16 units of all of them

const REASONS = {
	rotated: "the file of the last position is gone",
	truncated: "the file was truncated",
	late: "an older file grew after it had been left",
	unknown: "the last position is not known",
	overrun: "the reader was too slow",
	limit: "more than one resume delivers",
};

export function describeGap(data) {
	let gap = {};
	try {
		gap = JSON.parse(data) ?? {};
	} catch {
		// What is no JSON is a gap all the same.
	}
	// A record may have made it: an object need not be text.
	let reason = typeof gap.reason === "string" ? gap.reason : data;
	if (Object.hasOwn(REASONS, reason))
		reason = REASONS[reason];
	const unit = gap.unit === "records" ? "records" : "bytes";
	const skipped = Number.isFinite(gap.skipped) ?
		`, ${gap.skipped} ${unit} left out` :
		", nobody knows how much is missing";
	return `gap: ${reason}${skipped}`;
}

// What is shown of an event.  One without a type is a note, the page's own word
// beside the stream's: streams have no such events.
export function makeRecord(event) {
	const { type, data } = event;
	if (type === "gap" || type === "")
		return { ...event, kind: type || "note", level: "", spans: null,
			text: type === "gap" ? describeGap(data) : data };
	const { text, spans } = readAnsi(data);
	return { ...event, kind: "line", level: levelOf(text), spans, text };
}

// What it takes, in UTF-16 units: a stream may make each of them long.
function sizeOf({ type, id, data }) {
	return type.length + id.length + data.length;
}

export class Lines {
	constructor(linesMax = LINES_MAX, charactersMax = CHARACTERS_MAX,
		make = makeRecord) {
		Object.assign(this, { linesMax, charactersMax, make });
		this.begin(0);
	}

	// Empty, and the next record has that number.
	begin(number) {
		this.records = [];
		this.first = number;
		this.characters = 0;
	}

	get end() {
		return this.first + this.records.length;
	}

	get(number) {
		return this.records[number - this.first];
	}

	add(event) {
		const record = this.make(event);
		record.version = 0; // counts what changes how it looks
		record.isOpen = false;
		record.found = null; // by the filter: where in its text
		return this.append(record);
	}

	append(record) {
		record.number = this.end;
		this.records.push(record);
		this.characters += sizeOf(record);
		return record;
	}

	// Only those: with numbers from 0 on.
	keep(isKept) {
		const { records } = this;
		this.begin(0);
		records.filter(isKept).forEach((record) => this.append(record));
	}

	// Older ones than all; their numbers are the page's own.
	prepend(events) {
		const older = new Lines();
		older.begin(this.first - events.length);
		events.forEach((event) => older.add(event));
		this.records = older.records.concat(this.records);
		this.first = older.first;
		this.characters += older.characters;
	}

	// How many are too many, the oldest first.
	surplus() {
		let count = Math.max(0, this.records.length - this.linesMax);
		let characters = this.characters;
		for (let i = 0; i < this.records.length; i++) {
			if (i >= count && characters <= this.charactersMax)
				return i;
			characters -= sizeOf(this.records[i]);
		}
		return this.records.length;
	}

	// Lets go what is too much, but nothing from the number kept on.
	trim(kept = Infinity) {
		const count = Math.min(this.surplus(),
			Math.max(0, kept - this.first));
		for (let i = 0; i < count; i++)
			this.characters -= sizeOf(this.records[i]);
		this.records.splice(0, count);
		this.first += count;
	}

	// Twice as many as are kept: where a place that is read holds them.
	isFull() {
		return this.records.length >= 2 * this.linesMax ||
			this.characters >= 2 * this.charactersMax;
	}
}
