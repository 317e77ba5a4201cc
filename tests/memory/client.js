// client.js - clients of sse-fcgi, in the place of a web server.
"use strict";

const net = require("node:net");

const DEADLINE_MS = 20000;

const pause = () => new Promise((done) => setTimeout(done, 5));

const record = (type, content) => Buffer.concat([Buffer.from(
	[1, type, 0, 1, content.length >> 8, content.length & 255, 0, 0]),
Buffer.from(content)]);

const pair = ([name, value]) => Buffer.from(
	String.fromCharCode(name.length, value.length) + name + value, "latin1");

const question = (variables) => Buffer.concat([
	record(1, [0, 1, 0, 0, 0, 0, 0, 0]),
	record(4, Buffer.concat(Object.entries(
		{ REQUEST_METHOD: "GET", ...variables }).map(pair))),
	record(4, []), record(5, [])]);

// What the records of STDOUT hold, the last one as far as it has come.
function stdout(bytes) {
	let text = "";

	for (let i = 0; i + 8 <= bytes.length;) {
		const end = i + 8 + bytes.readUInt16BE(i + 4);

		if (bytes[i + 1] === 6)
			text += bytes.toString("latin1", i + 8, end);
		i = end + bytes[i + 6];
	}
	return text.replaceAll("\r", "");
}

// What comes until it matches, or the connection ends; "(in vain)": neither.
const ask = (path, variables, wanted) => new Promise((done) => {
	const socket = net.connect(path);
	let got = Buffer.alloc(0);
	const end = (answer) => {
		clearTimeout(timer);
		socket.destroy();
		done(answer);
	};
	const timer = setTimeout(() => end("(in vain) " + stdout(got)),
		DEADLINE_MS);

	socket.on("connect", () => socket.write(question(variables)));
	socket.on("data", (bytes) => {
		got = Buffer.concat([got, bytes]);
		if (wanted.test(stdout(got)))
			end(stdout(got));
	});
	socket.on("error", () => {});
	socket.on("close", () => end(stdout(got)));
});

// A client that stays, and comes back with its id where it is cut off.
class Client {
	constructor(path, variables) {
		this.path = path; // of the socket
		this.variables = variables;
		this.seen = ""; // the frames of the connections before
		this.id = "";
		this.connect();
	}

	connect() {
		let got = Buffer.alloc(0);

		this.socket = net.connect(this.path);
		this.text = "";
		this.socket.on("connect", () => this.socket.write(question(
			{ ...this.variables, HTTP_LAST_EVENT_ID: this.id })));
		this.socket.on("data", (bytes) => {
			got = Buffer.concat([got, bytes]);
			this.text = stdout(got);
			this.id = this.text.match(/^id: \S+(?=\n(.+\n)*\n)/gm)
				?.pop().slice(4) ?? this.id;
		});
		this.socket.on("error", () => {});
		this.socket.on("close", () => {
			this.seen += this.text.replace(/(.+\n)*.*$/, "");
			this.text = "";
			if (!this.left)
				setTimeout(() => this.connect(), 5);
		});
	}

	// Whether that came in time.
	async has(wanted) {
		for (const from = Date.now(); Date.now() - from < DEADLINE_MS;) {
			if (wanted.test(this.seen + this.text))
				return true;
			await pause();
		}
		return false;
	}

	gaps() {
		return (this.seen + this.text).match(/^event: gap$/gm)?.length ?? 0;
	}

	leave() {
		this.left = true;
		this.socket.destroy();
	}
}

module.exports = { ask, Client, pause };
