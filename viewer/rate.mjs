// rate.mjs - how many lines came in each of the last seconds.

export const SECONDS = 60;

// Of a counter, which begins anew with its worker: so much more in that time.
export function perSecond(more, ms) {
	return Math.max(0, Math.round(1000 * more / ms)) || 0;
}

export class Rate {
	constructor() {
		this.counts = new Array(SECONDS).fill(0); // the oldest first
		this.second = 0;
	}

	// now is in seconds.
	add(count, now) {
		this.moveTo(now);
		this.counts[SECONDS - 1] += count;
	}

	moveTo(now) {
		const passed = Math.min(SECONDS, Math.floor(now) - this.second);
		for (let i = 0; i < passed; i++) {
			this.counts.shift();
			this.counts.push(0);
		}
		this.second = Math.floor(now);
	}

	// Of the last second that is over.
	get last() {
		return this.counts[SECONDS - 2];
	}

	// For a polyline, in a field of that size.
	points(width, height) {
		const most = Math.max(1, ...this.counts);
		return this.counts.slice(0, -1).map((count, i) => {
			const x = i * width / (SECONDS - 2);
			const y = height - 1 - count / most * (height - 2);
			return `${x.toFixed(1)},${y.toFixed(1)}`;
		}).join(" ");
	}
}
