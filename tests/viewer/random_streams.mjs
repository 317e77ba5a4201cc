// random_streams.mjs - streams of random parts, and ways to cut them.

// mulberry32
export class Random {
	constructor(seed) {
		this.state = seed >>> 0;
	}

	below(limit) {
		this.state = (this.state + 0x6d2b79f5) >>> 0;
		const { state } = this;
		let t = Math.imul(state ^ state >>> 15, state | 1);
		t ^= t + Math.imul(t ^ t >>> 7, t | 61);
		return ((t ^ t >>> 14) >>> 0) % limit;
	}
}

const PARTS_MAX = 40;

const PARTS = ["data", "data:", "data: ", "data:  ", "id", "id:", "id: 7",
	"event:", "event: name", "retry: 10", "retry: 010", "retry:1x", ":",
	": comment", "\n", "\n", "\n\n", "\r", "\r\n", "\r\n\r\n", "\r\r", "\0",
	"\ufeff", "text", "ä", "€", "😀", " ", "other: field", "data\n"]
	.map((part) => Buffer.from(part));

function randomPart(random) {
	const kind = random.below(20);
	if (kind > 1)
		return PARTS[random.below(PARTS.length)];
	const bytes = Buffer.alloc(1 + random.below(3));
	return bytes.map(() => kind === 0 ? random.below(256) :
		0x80 + random.below(128));
}

export function randomStream(random) {
	return Buffer.concat(Array.from({ length: random.below(PARTS_MAX) },
		() => randomPart(random)));
}

export function* pieces(random, stream) {
	const most = 1 + random.below(stream.length + 1);
	for (let at = 0, next; at < stream.length; at = next) {
		next = at + 1 + random.below(most);
		yield stream.subarray(at, next);
	}
}
