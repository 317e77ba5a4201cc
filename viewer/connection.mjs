// connection.mjs - the stream over fetch(): begins again behind the last id
// whatever happens, and says how it stands.

import { beginAt } from "./begin.mjs";
import { Decoder } from "./decode.mjs";
import { readInTurns } from "./turns.mjs";

const PAUSE_MS_MIN = 1000;
const PAUSE_MS_MAX = 60000;
const BUSY_MS_MAX = 120000; // what a server may ask for
const STATE_LENGTH_MAX = 200; // UTF-16 units of what is shown as a state
// Silence that is too long: of heartbeats, and so much on top.
const HEARTBEATS_MISSED = 2;
const SILENCE_MS_MORE = 5000;
const HEARTBEAT_MS = 15000; // until the stream says how often
const SILENCE_LOOK_MS = 2000;

// A connection that lasted so long was a good one, if silent.
const GOOD_MS = 10000;

const GREETING = /^ ?ssekit .*after each ([0-9]+) ms/;

const LIVE = { name: "live", text: "live" };
const RESUMING = { name: "resuming", text: "resuming" };
const ENDED = { name: "ended", text: "the stream has ended" };

// As a person reads it.
function seconds(ms) {
	return `${Math.max(1, Math.round(ms / 1000))} s`;
}

// The first line of an answer that is no stream.
async function firstLine(type, reader) {
	const text = new TextDecoder().decode((await reader.read()).value);
	reader.cancel().catch(() => {});
	return /^text\/plain/i.test(type) ?
		text.split("\n")[0].slice(0, STATE_LENGTH_MAX) : "";
}

async function readJson(reader) {
	const decoder = new TextDecoder();
	let text = "";
	for (;;) {
		const { value, done } = await reader.read();
		if (done)
			return JSON.parse(text);
		text += decoder.decode(value, { stream: true });
	}
}

export class Connection {
	// take(events), tell({ name, text }), list(streams) where it is none;
	// address without an id.  early is what was asked already.
	constructor({ lastEventId = "", ...rest }) {
		Object.assign(this, rest, { lastEventId });
		this.tries = 0; // that failed, one after the other
		this.retryMs = PAUSE_MS_MIN;
		this.heartbeatMs = HEARTBEAT_MS;
		this.isStopped = true;
	}

	async start() {
		this.isStopped = false;
		while (!this.isStopped) {
			const outcome = await this.attempt();
			if (this.isStopped || outcome.name === "ended") {
				this.isStopped = true;
				if (outcome.name === "ended")
					this.tell(outcome);
				return;
			}
			await this.pause(outcome);
		}
	}

	stop() {
		this.isStopped = true;
		this.control?.abort();
		this.endPause?.();
	}

	// The network is back, or somebody looks: at once, unless the server
	// has said when.
	wake() {
		if (!this.mayNotHurry)
			this.endPause?.();
	}

	url() {
		return this.lastEventId === "" ? this.address :
			beginAt(this.address, "lastEventId", this.lastEventId);
	}

	// Some servers do not hand the header on: so the query has it, too.
	headers() {
		const headers = { Accept: "text/event-stream" };
		if (/^[\x20-\x7e]+$/.test(this.lastEventId))
			headers["Last-Event-ID"] = this.lastEventId;
		return headers;
	}

	async ask() {
		const { early } = this;
		this.early = undefined;
		this.control = early?.control ?? new AbortController();
		const answer = await (early?.answer ?? fetch(this.url(), {
			headers: this.headers(), cache: "no-store",
			signal: this.control.signal }));
		return this.judge(answer, answer.body &&
			await (early?.first ?? answer.body.getReader()));
	}

	async attempt() {
		this.tell(this.lastEventId === "" && this.tries === 0 ?
			{ name: "connecting", text: "connecting" } :
			RESUMING);
		try {
			return await this.ask();
		} catch (error) {
			const isTooLong = error instanceof RangeError;
			return { name: "lost", text: isTooLong ?
				error.message : "no connection" };
		} finally {
			clearInterval(this.watch);
		}
	}

	async judge(answer, reader) {
		const type = answer.headers.get("Content-Type") ?? "";
		if (answer.status === 204)
			return ENDED;
		if (answer.ok && /^text\/event-stream/i.test(type))
			return this.read(answer, reader);
		// Who is in between may have some JSON to say, too.
		if (answer.ok && this.list && /^application\/json/i.test(type)) {
			const list = await readJson(reader);
			if (list.streams) {
				this.isStopped = true;
				this.list(list);
				return {};
			}
		}
		const line = reader ? await firstLine(type, reader) : "";
		const what = answer.ok ? `no event stream, but ${type}` :
			`${answer.status} ${answer.statusText}`.trim();
		return { name: "refused",
			text: `refused: ${what}${line && ": "}${line}` };
	}

	// Until it is over.  A full house is a stream that ends at once, and
	// says when to come back.
	async read(answer, reader) {
		const retryAfter = Number(answer.headers.get("Retry-After"));
		const handler = this.handler();
		handler.isBusy = retryAfter > 0;
		const decoder = new Decoder(handler, this.lastEventId);
		this.lookForSilence();
		if (!handler.isBusy)
			this.tell(LIVE);
		for await (const part of readInTurns(reader)) {
			if (this.isStopped)
				return RESUMING;
			this.heardMs = performance.now();
			decoder.feed(part);
			this.lastEventId = decoder.lastEventId;
			this.hand(handler);
		}
		if (this.heardMs - this.beganMs > GOOD_MS)
			this.tries = 0;
		if (handler.hasEnded)
			return ENDED;
		if (handler.isBusy)
			return { name: "busy", text: "too many readers",
				afterMs: 1000 * retryAfter };
		return handler.word ? { name: "resuming", text: handler.word } :
			RESUMING;
	}

	handler() {
		const handler = { events: [], hasEnded: false, waits: false };
		handler.retry = (digits) => {
			this.retryMs = Math.min(PAUSE_MS_MAX, Number(digits));
		};
		handler.comment = (text) => this.takeComment(text, handler);
		handler.event = (event) => {
			handler.hasEnded ||= event.type === "end" &&
				event.id === "end";
			if (!handler.hasEnded)
				handler.events.push({ ...event,
					time: Date.now() });
		};
		return handler;
	}

	takeComment(text, handler) {
		// The first one only: a record may have a comment like it.
		const greeting = handler.isGreeted ? null : GREETING.exec(text);
		if (greeting !== null) {
			this.heartbeatMs = Number(greeting[1]);
			handler.isGreeted = true;
		} else if (/^ ?waiting for /.test(text)) {
			handler.waits = true;
			this.tell({ name: "waiting", text: text.trim()
				.slice(0, STATE_LENGTH_MAX) });
		} else if (!handler.isGreeted) {
			// What a web server says in place of the stream.
			handler.word = text.trim().slice(0, STATE_LENGTH_MAX);
		} else if (text.trim() !== "") {
			// A note: no event is of that type.
			handler.events.push({ type: "", data: text.trim(),
				id: "", time: Date.now() });
		}
	}

	hand(handler) {
		if (handler.events.length === 0)
			return;
		this.tries = 0;
		if (handler.waits)
			this.tell(LIVE);
		handler.waits = false;
		this.take(handler.events);
		handler.events = [];
	}

	// A connection that is dead looks like one that is silent, but for the
	// heartbeats.
	lookForSilence() {
		this.beganMs = this.heardMs = performance.now();
		this.watch = setInterval(() => {
			const silenceMs = performance.now() - this.heardMs;
			if (silenceMs > HEARTBEATS_MISSED * this.heartbeatMs +
				SILENCE_MS_MORE)
				this.control.abort();
		}, SILENCE_LOOK_MS);
	}

	// Growing, and not the same for all who were cut off together.
	pauseMs(outcome) {
		if (outcome.afterMs)
			return Math.min(BUSY_MS_MAX, outcome.afterMs);
		const grown = Math.max(this.retryMs, PAUSE_MS_MIN / 2) *
			2 ** Math.min(6, this.tries);
		return Math.min(PAUSE_MS_MAX, grown) * (1 + Math.random() / 2);
	}

	pause(outcome) {
		const ms = this.pauseMs(outcome);
		this.tries++;
		this.mayNotHurry = outcome.afterMs > 0;
		this.tell({ ...outcome,
			text: `${outcome.text}; again in ${seconds(ms)}` });
		return new Promise((resolve) => {
			const timer = setTimeout(resolve, ms);
			this.endPause = () => {
				clearTimeout(timer);
				resolve();
			};
		}).finally(() => { this.endPause = undefined; });
	}
}
