// leader.mjs - which of the tabs that show one stream has the connection: one
// at a time, and another one as soon as it goes.
//
// The browser's locks say so where they are; they are not on plain http from
// another machine.  There the tabs agree over the channel that they have.

const LEADER_ASK_MS = 300; // for an answer to who leads
const LEADER_LOOK_MS = 3000; // between two looks whether there is still one

// lead() is called when this tab leads; what is returned gives that up.
export function leadByLock(name, { lead, locks = navigator.locks }) {
	const control = new AbortController();
	let release;
	const held = new Promise((resolve) => { release = resolve; });
	locks.request(name, { signal: control.signal }, () => {
		// Its turn may come while it gives up.
		if (!control.signal.aborted)
			lead();
		return held;
	}).catch(() => {
		// A browser that forbids storage forbids locks, too.
		if (!control.signal.aborted)
			lead();
	});
	return () => {
		control.abort();
		release();
	};
}

// Without locks.  Whoever hears nothing of a leader claims to be it; of two
// that do, the one with the lesser name gives in.  A tab that was frozen while
// another one took over steps down when it hears of that.
export class Election {
	constructor(channel, { lead, follow, random = Math.random,
		askMs = LEADER_ASK_MS, lookMs = LEADER_LOOK_MS }) {
		Object.assign(this, { channel, lead, follow, askMs, lookMs });
		this.name = random().toString(36).slice(2);
		this.leads = false;
		this.ask();
	}

	say(word) {
		this.channel.postMessage({ word, name: this.name });
	}

	ask() {
		if (this.leads)
			return;
		this.say("who");
		clearTimeout(this.timer);
		// Not all at the same moment.
		this.timer = setTimeout(() => this.claim(),
			this.askMs * (1 + Math.random()));
	}

	claim() {
		this.leads = true;
		this.say("lead");
		this.lead();
	}

	stepDown() {
		this.leads = false;
		this.follow();
		this.lookLater();
	}

	lookLater() {
		clearTimeout(this.timer);
		this.timer = setTimeout(() => this.ask(), this.lookMs);
	}

	// What another tab has said.
	hear({ word, name }) {
		if (word === "who" && this.leads)
			this.say("lead");
		else if (word === "gone")
			this.ask();
		else if (word === "lead" && !this.leads)
			this.lookLater();
		else if (word === "lead" && name > this.name)
			this.stepDown();
		else if (word === "lead")
			this.say("lead");
	}

	leave() {
		clearTimeout(this.timer);
		if (this.leads)
			this.say("gone");
		this.leads = false;
	}
}
