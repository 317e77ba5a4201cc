// site.mjs - a web server for the viewer's tests: the page to who asks for
// one, and else a stream that the test writes, or another answer.

import assert from "node:assert";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const page = readFileSync(process.env.VIEWER_PAGE);
const policy = readFileSync(process.env.VIEWER_POLICY, "utf8").trim();

const WAIT_MS = 300000;

const FIRST = ": ssekit 1.0: a comment like this one after each 1000 ms of " +
	"silence keeps the connection open\nretry: 1000\n";

export class Site {
	constructor() {
		this.events = []; // { id, frame }
		this.open = new Set(); // answers that are streams
		this.requests = []; // for the stream
		this.cached = []; // that a browser's cache may have answered
		this.keeps = false; // whether a browser may keep the page
		this.others = new Map(); // streams by name, where it has a list
		this.instead = null; // answers in place of the stream
		this.server = createServer((request, response) =>
			this.answer(request, response));
	}

	async start(port = 0) {
		await new Promise((done) =>
			this.server.listen(port, "127.0.0.1", done));
		this.port = this.server.address().port;
		this.url = `http://127.0.0.1:${this.port}/sse/log`;
		this.beat = setInterval(() => [this, ...this.others.values()]
			.forEach((site) => site.send(":\n")), 1000);
	}

	// Nothing that a page of this site has asked for may come of a cache.
	async stop() {
		assert.deepStrictEqual(this.cached, []);
		clearInterval(this.beat);
		this.cut();
		this.server.closeAllConnections();
		await new Promise((done) => this.server.close(done));
	}

	cut() {
		this.open.forEach((response) => response.destroy());
		this.open.clear();
	}

	answer(request, response) {
		const [path, framed] = request.url.split("?framed=");
		if (path === "/frame") {
			response.writeHead(200, { "Content-Type": "text/html" });
			response.end('<link rel="icon" href="data:,">' +
				`<iframe src="${framed}"></iframe>`);
			return;
		}
		if (/text\/html/.test(request.headers.accept)) {
			response.writeHead(200, { "Content-Type": "text/html",
				"Content-Security-Policy": policy,
				"Cache-Control": this.keeps ? "no-cache" :
					"no-store" });
			response.end(page);
			return;
		}
		if (request.headers["cache-control"] !== "no-cache")
			this.cached.push(request.url);
		const name = new URL(request.url, "http://h").pathname
			.split("/").at(-1);
		if (this.others.has(name)) {
			this.others.get(name).answer(request, response);
			return;
		}
		if (this.others.size > 0) {
			this.list(response);
			return;
		}
		this.requests.push({ url: request.url,
			id: request.headers["last-event-id"] });
		if (this.instead !== null)
			this.instead(response);
		else
			this.stream(request, response);
	}

	list(response) {
		const streams = [...this.others].map(([name, { events }]) =>
			({ name, source: "open", frames: events.length }));
		response.writeHead(200, { "Content-Type": "application/json" });
		response.end(JSON.stringify({ streams }));
	}

	// A stream of that name, below this one's address.
	add(name) {
		const other = new Site();
		this.others.set(name, other);
		return other;
	}

	stream(request, response) {
		const query = new URL(request.url, "http://h").searchParams;
		const id = request.headers["last-event-id"] ??
			query.get("lastEventId");
		const last = query.get("last");
		const at = this.events.findIndex((event) => event.id === id);
		const from = at >= 0 ? at + 1 : last !== null ?
			Math.max(0, this.events.length - last) :
			Math.max(0, this.events.length - (this.shown ?? 1e9));
		response.writeHead(200,
			{ "Content-Type": "text/event-stream; charset=utf-8" });
		// The position where it begins, as the server has it.
		const begin = this.events[from - 1]?.id ?? "start";
		response.write(FIRST + `id: ${begin}\n\n` +
			this.events.slice(from).map((event) => event.frame)
				.join(""));
		this.open.add(response);
		response.on("close", () => this.open.delete(response));
	}

	// Until so many have the stream, and so often it was asked for.
	async has(count, asked = 0) {
		const end = Date.now() + WAIT_MS;
		while (this.open.size !== count ||
			this.requests.length < asked) {
			if (Date.now() > end)
				throw new Error(`${this.open.size} streams`);
			await new Promise((next) => setTimeout(next, 10));
		}
	}

	send(text) {
		this.open.forEach((response) => response.write(text));
	}

	// Records; each may have lines.
	write(...records) {
		this.writeFrames(records.map((record) => record.split("\n")
			.map((line) => `data: ${line}\n`).join("")));
	}

	// What stands in frames beside their ids.
	writeFrames(frames) {
		const added = frames.map((fields) => {
			const id = `e${this.events.length}`;
			const event = { id, frame: `id: ${id}\n${fields}\n` };
			this.events.push(event);
			return event.frame;
		});
		this.send(added.join(""));
	}
}

export function numbered(from, count) {
	return Array.from({ length: count }, (_, i) => `line ${from + i}`);
}
