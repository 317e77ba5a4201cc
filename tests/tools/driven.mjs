// driven.mjs - what all drivers of browsers do: questions to the browser, and
// looks at a page until it is what is waited for.

const LOOK_MS = 20; // between two looks

export const patience = Number(process.env.SSE_TEST_SECONDS ?? 60); // seconds

export const pause = () => new Promise((next) => setTimeout(next, LOOK_MS));

// Questions that have numbers, and their answers, in any order.
export class Calls {
	constructor() {
		this.last = 0;
		this.waiting = new Map();
	}

	next() {
		return ++this.last;
	}

	expect(id) {
		return new Promise((resolve, reject) =>
			this.waiting.set(id, { resolve, reject }));
	}

	answer(id, error, result) {
		const waiting = this.waiting.get(id);
		this.waiting.delete(id);
		if (error)
			waiting?.reject(new Error(error.message));
		else
			waiting?.resolve(result);
	}
}

// A page.  What extends it has evaluate(), which says what an expression is.
export class Driven {
	// Until the expression is true; what it is then.
	async wait(expression, seconds = patience) {
		const end = Date.now() + 1000 * seconds;
		for (;;) {
			const got = await this.evaluate(expression)
				.catch(() => undefined);
			if (got)
				return got;
			if (Date.now() > end)
				throw new Error(`in vain: ${expression}\n` +
					await this.text());
			await pause();
		}
	}

	text() {
		return this.evaluate("document.body.innerText");
	}

	sees(text) {
		return this.wait("document.body.innerText.includes(" +
			`${JSON.stringify(text)})`);
	}
}
