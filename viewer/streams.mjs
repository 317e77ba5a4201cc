// streams.mjs - where the address names none of several streams: which there
// are, how each stands, and which are shown.

import { perSecond } from "./rate.mjs";
import { makeElement } from "./row.mjs";

const LOOK_MS = 5000; // between two looks at the list
// Over HTTP/1.1 there are six connections to a host.
const TOGETHER_MAX = 4;
const COLOURS = 6;

const SOURCES = { closed: "not read now", waiting: "waits for its log",
	failed: "cannot be read" };

export class Streams {
	// changed(names) when others are chosen, full() when too many are.
	constructor(root, { address, chosen, changed, full }) {
		Object.assign(this, { root, address, changed, full });
		this.chosen = chosen.slice(0, TOGETHER_MAX);
		this.items = new Map(); // by name
		root.hidden = false;
		root.addEventListener("change", () => this.read());
		setInterval(() => this.look(), LOOK_MS);
	}

	addressOf(name) {
		const url = new URL(this.address);
		url.pathname = url.pathname.replace(/\/?$/, "/") +
			encodeURIComponent(name);
		return url.href;
	}

	async look() {
		if (document.hidden)
			return;
		try {
			const answer = await fetch(this.address, {
				headers: { Accept: "application/json" },
				cache: "no-store" });
			this.take(await answer.json());
		} catch {
			// What was known stays.
		}
	}

	// As the server tells.
	take({ streams }) {
		const names = streams.map(({ name }) => name);
		for (const [name, { item }] of this.items)
			if (!names.includes(name)) {
				item.remove();
				this.items.delete(name);
			}
		for (const stream of streams)
			this.show(stream, this.items.get(stream.name) ??
				this.add(stream.name));
	}

	show({ source, frames }, known) {
		const now = performance.now();
		const rate = perSecond(frames - known.frames, now - known.ms);
		known.text.textContent = source === undefined ? "" :
			SOURCES[source] ?? (source === "open" ? `${rate}/s` :
				source);
		Object.assign(known, { frames, ms: now });
	}

	add(name) {
		const item = makeElement("p");
		const label = makeElement("label");
		const box = makeElement("input");
		const number = this.items.size % COLOURS + 1;
		const text = makeElement("span");
		const link = makeElement("a", "", "alone");
		box.type = "checkbox";
		box.checked = this.chosen.includes(name);
		link.href = this.addressOf(name);
		link.ariaLabel = `${name} alone`;
		label.append(box, makeElement("b", `fore${number}`, name));
		item.append(label, text, link);
		this.root.append(item);
		const known = { item, box, text, number };
		this.items.set(name, known);
		return known;
	}

	// What is ticked.
	read() {
		const names = [...this.items.keys()].filter((name) =>
			this.items.get(name).box.checked);
		if (names.length > TOGETHER_MAX) {
			this.items.forEach(({ box }, name) => {
				box.checked = this.chosen.includes(name);
			});
			this.full(TOGETHER_MAX);
			return;
		}
		this.chosen = names;
		this.changed(names);
	}
}
