// share.mjs - one connection for all tabs of a browser that show one stream,
// since over HTTP/1.1 it opens six to a host.
//
// The tab that leads has the connection, and tells the others what came, with
// the numbers that the records have in all of them.  Who misses some asks for
// them; where they have gone, it goes on with a connection of its own.
//
// A tab that has asked early shows what comes, until another one says that it
// leads: then it has all from that one.

import { Election, leadByLock } from "./leader.mjs";
import { nextTurn } from "./turns.mjs";

const PORTION_RECORDS = 1000; // in one message
const TRIAL_MS = 200; // at least
const SHARE_ASK_MS = 500; // between two questions of one tab

function bare({ type, id, data, time }) {
	return { type, id, data, time };
}

export class Share {
	// connect({ take, tell }) makes a connection, with wake() and stop().
	// begun() when the numbers begin elsewhere.  isEarly: it is on trial.
	constructor(name, lines, { connect, take, tell, begun, isEarly }) {
		Object.assign(this, { name, lines, connect, take, tell,
			begun });
		this.state = { name: "connecting", text: "connecting" };
		this.hasHistory = false;
		this.sending = new Set(); // tabs that are sent what they lack
		this.isTrial = isEarly === true;
		if (this.isTrial)
			this.open();
		// What is on the screen comes first.
		this.joinTimer = setTimeout(() => this.join(),
			this.isTrial ? TRIAL_MS : 0);
	}

	join() {
		this.isHeld = false;
		try {
			this.channel = new BroadcastChannel(
				"ssekit " + this.name);
		} catch {
			// There is none, or the browser forbids it.
			this.lead();
			return;
		}
		this.channel.onmessage = ({ data }) => this.hear(data);
		const roles = { lead: () => this.lead(),
			follow: () => this.follow() };
		if (navigator.locks) {
			this.giveUp = leadByLock("ssekit " + this.name, roles);
		} else {
			this.election = new Election(this.channel, roles);
			this.giveUp = () => this.election.leave();
		}
		this.ask();
	}

	// Without the others from now on.
	leave() {
		this.stop();
		this.giveUp?.();
		clearTimeout(this.joinTimer);
		clearTimeout(this.askTimer);
		this.askTimer = undefined;
		this.channel?.close();
		this.giveUp = this.channel = this.election = undefined;
	}

	open() {
		this.connection = this.connect({
			take: (events) => this.takeOwn(events),
			tell: (state) => this.tellOwn(state) });
	}

	stop() {
		this.connection?.stop();
		this.connection = undefined;
		this.isTrial = false;
	}

	// A tab that reads far above lets nothing more come in; and goes on.
	hold() {
		this.isHeld = true;
		this.leave();
	}

	wake() {
		this.connection?.wake();
		this.election?.ask();
	}

	/* The tab that leads. */

	lead() {
		if (this.isHeld)
			return;
		this.hasHistory = true;
		this.isTrial = false;
		if (!this.connection)
			this.open();
		// Who is on trial, and nothing comes, hears it so.
		this.post({ state: this.state });
	}

	takeOwn(events) {
		const first = this.lines.end;
		this.take(events);
		this.post({ first, events });
	}

	tellOwn(state) {
		this.state = state;
		this.tell(state);
		this.post({ state });
	}

	// What does not go through is asked for again.
	post(message) {
		if (!this.isTrial || message.ask)
			this.channel?.postMessage(message);
	}

	// What a tab lacks, which has all below that number; or all there is.
	async sendHistory(to, number) {
		const { lines } = this;
		if (this.sending.has(to))
			return;
		let first = Math.max(number ?? lines.first, lines.first);
		const isWhole = number === null || number >= lines.first;
		this.post({ to, state: this.state, start: first, isWhole });
		this.sending.add(to);
		while (isWhole && first < lines.end) {
			const from = first - lines.first;
			const events = lines.records
				.slice(from, from + PORTION_RECORDS).map(bare);
			this.post({ to, first, events });
			first += PORTION_RECORDS;
			if (first >= lines.end)
				break;
			await nextTurn();
			// Who misses what has gone asks again.
			first = Math.max(first, lines.first);
		}
		this.sending.delete(to);
	}

	/* One that follows. */

	follow() {
		this.stop();
		this.ask();
	}

	// Not for each message while the answer is on its way.
	ask() {
		this.asksAgain = Boolean(this.askTimer);
		if (this.asksAgain)
			return;
		this.me ??= Math.random().toString(36).slice(2);
		this.post({ ask: this.me,
			number: this.hasHistory ? this.lines.end : null });
		this.askTimer = setTimeout(() => {
			this.askTimer = undefined;
			if (this.asksAgain && !this.connection)
				this.ask();
		}, SHARE_ASK_MS);
	}

	hear(message) {
		if (message.word)
			this.election?.hear(message);
		else if (this.connection && !this.isTrial)
			this.hearAsLeader(message);
		else if (!message.ask &&
			(message.to ?? this.me) === this.me)
			this.hearAsFollower(message);
	}

	hearAsLeader(message) {
		if (message.ask)
			this.sendHistory(message.ask, message.number);
	}

	hearAsFollower(message) {
		this.stop(); // a trial, where there is one who leads
		if (message.state) {
			this.state = message.state;
			this.tell(message.state);
		}
		if (message.start !== undefined)
			this.begin(message);
		if (!this.hasHistory)
			this.ask();
		else if (message.events)
			this.takeNext(message.first, message.events);
	}

	begin({ start, isWhole }) {
		if (!this.hasHistory) {
			this.lines.begin(start);
			this.begun?.();
		}
		this.hasHistory = true;
		if (!isWhole)
			this.goAlone();
	}

	takeNext(first, events) {
		const { end } = this.lines;
		if (first > end)
			this.ask();
		else if (first + events.length > end)
			this.take(events.slice(end - first));
	}

	// Behind its last line, with a connection of its own.
	goAlone() {
		this.leave();
		this.lead();
	}
}
