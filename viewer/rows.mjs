// rows.mjs - the records that are shown, one below the other, and their
// heights: guessed until they were on the screen.
//
// A record's place is a number that stays: the oldest go, the others keep
// theirs.  Sums are kept for blocks, so that nothing walks over all of them.

import { TURN_RECORDS } from "./turns.mjs";

const BLOCK = 256; // records

export class Rows {
	// guess(record) is its height in pixels.
	constructor(guess) {
		this.guess = guess;
		this.begin();
	}

	begin() {
		this.records = [];
		this.heights = [];
		this.first = 0; // the place of records[0]
		this.sums = []; // of the blocks from that of first on
		this.height = 0;
		this.stale = 0; // below this place heights are to be guessed again
	}

	get end() {
		return this.first + this.records.length;
	}

	get(place) {
		return this.records[place - this.first];
	}

	blockOf(place) {
		const blocks = (count) => Math.floor(count / BLOCK);
		return blocks(place) - blocks(this.first);
	}

	append(record) {
		const height = this.guess(record);
		const block = this.blockOf(this.end);
		this.sums[block] = (this.sums[block] ?? 0) + height;
		this.records.push(record);
		this.heights.push(height);
		this.height += height;
	}

	setHeight(place, height) {
		const more = height - this.heights[place - this.first];
		if (more === 0)
			return;
		this.heights[place - this.first] = height;
		this.sums[this.blockOf(place)] += more;
		this.height += more;
	}

	// Those with a number below that.
	dropBelow(number) {
		let count = 0;
		while (count < this.records.length &&
			this.records[count].number < number)
			count++;
		for (let i = 0; i < count; i++)
			this.setHeight(this.first + i, 0);
		this.sums.splice(0, this.blockOf(this.first + count));
		this.records.splice(0, count);
		this.heights.splice(0, count);
		this.first += count;
	}

	// All of them, in parts: the newest first.
	guessAgain() {
		this.stale = this.end;
	}

	get isStale() {
		return this.stale > this.first;
	}

	guessSome() {
		const to = Math.max(this.first, this.stale - TURN_RECORDS);
		while (this.stale > to)
			this.setHeight(--this.stale,
				this.guess(this.get(this.stale)));
	}

	// How far below the top a place begins.
	top(place) {
		const block = this.blockOf(place);
		let y = 0;
		for (let i = 0; i < block; i++)
			y += this.sums[i];
		const begins = Math.max(this.first,
			Math.floor(place / BLOCK) * BLOCK);
		for (let i = begins; i < place; i++)
			y += this.heights[i - this.first];
		return y;
	}

	// The place that is y below the top; the last one where there is none.
	at(y) {
		let block = 0;
		while (block < this.sums.length - 1 && y >= this.sums[block])
			y -= this.sums[block++];
		let place = Math.max(this.first,
			(Math.floor(this.first / BLOCK) + block) * BLOCK);
		while (place < this.end - 1 &&
			y >= this.heights[place - this.first])
			y -= this.heights[place++ - this.first];
		return place;
	}

	// The place of the record of that number, or of the next one there is.
	placeOf(number) {
		let low = 0;
		let high = this.records.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (this.records[middle].number < number)
				low = middle + 1;
			else
				high = middle;
		}
		return this.first + low;
	}
}
