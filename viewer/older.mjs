// older.mjs - lines from before the first one that is there, by "last" in the
// query: so many of the newest, of which all but the oldest are here already.

import { beginAt } from "./begin.mjs";
import { Decoder } from "./decode.mjs";
import { readInTurns } from "./turns.mjs";

export const MORE_RECORDS = 1000; // at a time
const LAST_MAX = 1000000; // what is asked for at most
const WAIT_MS = 15000; // for all of them

export function olderAddress(address, count) {
	return beginAt(address, "last",
		Math.min(LAST_MAX, count + MORE_RECORDS));
}

// Until the event with that id: the events before it, or null if it did not
// come.
async function readUntil(reader, id) {
	const events = [];
	let found = false;
	const decoder = new Decoder({ event: (event) => {
		found ||= event.id === id;
		if (!found && event.type !== "gap")
			events.push({ ...event, time: Date.now() });
	} });
	for await (const part of readInTurns(reader)) {
		decoder.feed(part);
		if (found)
			return events.slice(-MORE_RECORDS);
	}
	return null;
}

// count is how many there are from the one with that id on.
export async function loadOlder(address, count, id) {
	const control = new AbortController();
	const timer = setTimeout(() => control.abort(), WAIT_MS);
	try {
		const answer = await fetch(olderAddress(address, count), {
			headers: { Accept: "text/event-stream" },
			cache: "no-store", signal: control.signal });
		const type = answer.headers.get("Content-Type") ?? "";
		if (!answer.ok || !/^text\/event-stream/i.test(type))
			return null;
		return await readUntil(answer.body.getReader(), id);
	} catch {
		return null;
	} finally {
		clearTimeout(timer);
		control.abort();
	}
}
