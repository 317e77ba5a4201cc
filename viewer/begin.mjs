// begin.mjs - an address of the same stream that begins elsewhere.

// A server takes the first of them that it finds, and an id before all.
const BEGINNINGS = ["lastEventId", "last_event_id", "since", "last"];

export function beginAt(address, name, value) {
	const url = new URL(address);
	BEGINNINGS.forEach((other) => url.searchParams.delete(other));
	url.searchParams.set(name, value);
	return url.href;
}
