// view.mjs - the part of the rows that is on the screen, and a little more.
//
// Everything that is written in a frame is written before anything is read,
// so that there is one layout a frame however much comes.  What is on the
// screen has its real height from then on; what is not, a guessed one.  The
// line at the top of the screen (the anchor) stays where it is, whatever comes
// below, goes above, or turns out to have another height.

import { guessLines, makeRow } from "./row.mjs";

const AT_END_PIXELS = 4; // that may be missing where somebody is at the end

export class View {
	// root scrolls, and has a sizer, which has a pane.
	constructor({ root, sizer, pane, probe }, options) {
		Object.assign(this, { root, sizer, pane, probe, options });
		this.elements = new Map(); // of the records in the pane
		this.follows = true;
		this.current = null; // the record that is chosen
		this.wasScrolled = false;
		this.setTop = 0;
		this.endSeen = 0; // the number behind what was on the screen
		// Until something was measured.
		Object.assign(this, { isStale: true, lineHeight: 20,
			columns: 120, height: 700 });
		root.addEventListener("scroll", () => {
			this.wasScrolled = true;
			this.changed();
		}, { passive: true });
	}

	// There is something to draw: set by whoever draws.
	changed() {}

	// How large a character is, and how many fit: in a frame, when nothing
	// is written any more.
	measure() {
		if (!this.isStale)
			return;
		this.isStale = false;
		const box = this.probe.getBoundingClientRect();
		this.lineHeight = box.height || 20;
		this.height = this.root.clientHeight;
		this.width = this.root.clientWidth;
		const width = this.width - this.options.besides();
		this.columns = Math.max(10, Math.floor(width /
			(box.width / this.probe.textContent.length || 8)));
		this.rows.guessAgain();
	}

	hasOtherSize() {
		return this.root.clientHeight !== this.height ||
			this.root.clientWidth !== this.width;
	}

	guess(record) {
		const columns = this.options.wrap() ? this.columns : 0;
		return this.lineHeight * guessLines(record, columns);
	}

	// The window has another size, or rows look different.
	restyle() {
		this.isStale = true;
	}

	/* Where the reader is. */

	readScroll() {
		if (!this.wasScrolled)
			return;
		this.wasScrolled = false;
		// Another size of the window scrolls, too, and nobody meant it.
		if (this.isStale && this.follows)
			return;
		const top = this.root.scrollTop;
		if (Math.abs(top - this.setTop) < 1)
			return;
		const below = this.root.scrollHeight - this.height - top;
		this.follows = below < AT_END_PIXELS;
		this.setTop = top;
		const place = this.rows.at(top);
		if (!this.follows)
			this.anchorAt(place, top - this.rows.top(place));
	}

	// The record of that place begins so far above the top of the screen.
	anchorAt(place, offset) {
		const record = this.rows.get(place);
		this.anchor = { number: record?.number ?? 0, offset };
		this.see(this.rows.at(this.setTop + this.height));
	}

	// All up to that place was on the screen.
	see(place) {
		const number = this.rows.get(place)?.number ?? -1;
		this.endSeen = Math.max(this.endSeen, number + 1);
	}

	// The least number that must not go.
	get kept() {
		return this.follows ? Infinity : this.anchor.number;
	}

	// How many rows came while somebody was reading above.
	get unseen() {
		return this.follows ? 0 :
			this.rows.end - this.rows.placeOf(this.endSeen);
	}

	goTo(number) {
		this.follows = false;
		this.anchor = { number, offset: -Math.floor(this.height / 3) };
		this.changed();
	}

	// What is at the top stays there, although it is the end.
	stay() {
		this.follows = false;
		const place = this.rows.at(this.setTop);
		this.anchorAt(place, this.setTop - this.rows.top(place));
	}

	goToEnd() {
		this.follows = true;
		this.changed();
	}

	// Others have the numbers from now on.
	begin() {
		this.endSeen = 0;
		this.goToEnd();
	}

	isOnScreen(record) {
		const box = this.elements.get(record)?.getBoundingClientRect();
		const edge = this.root.getBoundingClientRect();
		return box?.top >= edge.top &&
			box.bottom <= edge.bottom;
	}

	choose(record) {
		this.current = record;
		if (record !== null && !this.isOnScreen(record))
			this.goTo(record.number);
		this.changed();
	}

	/* What is drawn. */

	// The places from and up to which there are elements.
	range() {
		const { rows, height } = this;
		const above = this.follows ? 1.5 * height : height / 2;
		const start = this.follows ? rows.end :
			Math.min(rows.placeOf(this.anchor.number),
				Math.max(rows.first, rows.end - 1));
		const below = this.follows ? 0 :
			1.5 * height + Math.abs(this.anchor.offset);
		let from = start;
		let to = start;
		for (let y = 0; y < above && from > rows.first;)
			y += rows.heights[--from - rows.first];
		for (let y = 0; y < below && to < rows.end; to++)
			y += rows.heights[to - rows.first];
		return { start, from, to };
	}

	elementOf(record) {
		const known = this.elements.get(record);
		const time = this.options.time();
		if (known?.version === record.version && known.time === time)
			return known;
		const element = makeRow(record, { time });
		Object.assign(element, { record, version: record.version, time });
		return element;
	}

	put(from, to) {
		const wanted = new Map();
		for (let place = from; place < to; place++) {
			const record = this.rows.get(place);
			wanted.set(record, this.elementOf(record));
		}
		for (const [record, element] of this.elements)
			if (wanted.get(record) !== element)
				element.remove();
		let next = this.pane.firstChild;
		for (const [record, element] of wanted) {
			element.classList.toggle("current",
				record === this.current);
			if (element === next)
				next = next.nextSibling;
			else
				this.pane.insertBefore(element, next);
		}
		this.elements = wanted;
	}

	draw() {
		const { start, from, to } = this.range();
		const wasStale = this.isStale;
		const total = Math.ceil(this.rows.height);
		if (this.follows)
			this.see(to - 1);
		this.put(from, to);
		if (total !== this.total)
			this.sizer.style.height = `${total}px`;
		this.total = total;
		// From here on nothing is written that changes the layout.
		this.measure();
		this.rows.guessSome();
		let paneHeight = 0;
		let place = from;
		for (const element of this.elements.values()) {
			const { height } = element.getBoundingClientRect();
			this.rows.setHeight(place++, height);
			paneHeight += height;
		}
		this.scrollTo(start, total, from, paneHeight);
		if (wasStale || this.rows.isStale ||
			Math.ceil(this.rows.height) !== total)
			this.changed();
	}

	// The end of the last row is the end of all; or the anchor is where it
	// was.
	scrollTo(start, total, from, paneHeight) {
		const top = Math.max(0, this.follows ? total - this.height :
			this.rows.top(start) + this.anchor.offset);
		if (Math.abs(top - this.setTop) >= 1) {
			this.root.scrollTop = top;
			this.setTop = this.root.scrollTop;
		}
		const y = this.follows ? Math.max(0, total - paneHeight) :
			this.rows.top(from);
		if (y !== this.y)
			this.pane.style.transform = `translateY(${y}px)`;
		this.y = y;
	}
}
