// header.mjs - how it stands: the state in words, the rate, the counts.

import { makeVisible } from "./pieces.mjs";
import { Rate } from "./rate.mjs";

const SPOKEN_MS = 10000; // between two announcements of new lines

// As toLocaleString("en") has it, which takes 30 ms when it is first called.
function grouped(count) {
	return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

function many(count, noun) {
	return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

export class Header {
	constructor(elements) {
		this.elements = elements;
		this.rate = new Rate();
		this.state = { name: "connecting", text: "connecting" };
		this.said = new Map(); // what the elements say now
		this.spokenMs = 0;
		this.unspoken = 0;
	}

	// Whatever does not change is not written.
	say(name, text, property = "textContent") {
		const key = name + property;
		if (this.said.get(key) === text)
			return;
		this.said.set(key, text);
		this.elements[name][property] = text;
	}

	count(records) {
		this.rate.add(records, Date.now() / 1000);
		this.unspoken += records;
	}

	draw({ shown, kept, isFiltered, unseen }) {
		this.say("state", makeVisible(this.state.text));
		this.say("state", this.state.name, "className");
		this.say("count", (isFiltered ? `${grouped(shown)} of ` : "") +
			many(kept, "line"));
		this.say("fresh", unseen > 0 ?
			`${many(unseen, "new line")} \u2193` : "");
		this.say("fresh", unseen === 0, "hidden");
		this.speak();
	}

	drawRate() {
		this.rate.moveTo(Date.now() / 1000);
		this.say("rate", `${grouped(this.rate.last)}/s`);
		this.elements.spark.setAttribute("points",
			this.rate.points(60, 16));
	}

	// For those who do not see it: how many, now and then, not each.
	speak() {
		const now = performance.now();
		if (this.unspoken === 0 || now - this.spokenMs < SPOKEN_MS)
			return;
		this.say("spoken", many(this.unspoken, "new line"));
		this.spokenMs = now;
		this.unspoken = 0;
	}

	// One thing, at once.
	tell(text) {
		this.say("spoken", "");
		this.say("spoken", text);
		this.spokenMs = performance.now();
	}
}
