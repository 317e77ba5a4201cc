// turns.mjs - work that may be long is done in parts, each in a task of its own:
// in between, keys are heard and frames are drawn.
//
// The parts are bounded by what is in them, and not by the clock: so a task is
// short on a slow machine, too, and a test can count.

export const TURN_BYTES = 64 * 1024; // of a stream that are read
export const TURN_RECORDS = 5000; // that are shown or hidden, in a frame

// A timer would be held up where the tab is not in front.
export function nextTurn() {
	const { port1, port2 } = new MessageChannel();
	return new Promise((done) => {
		port1.onmessage = () => {
			port1.close();
			done();
		};
		port2.postMessage(0);
	});
}

// The bytes of a body.  What has arrived already would be read in one task,
// however much it is.
export async function* readInTurns(reader) {
	for (let taken = 0;;) {
		const { value, done } = await reader.read();
		if (done)
			return;
		for (let at = 0; at < value.length; at += TURN_BYTES) {
			const part = value.subarray(at, at + TURN_BYTES);
			taken += part.length;
			if (taken > TURN_BYTES) {
				taken = part.length;
				await nextTurn();
			}
			yield part;
		}
	}
}
