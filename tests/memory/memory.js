// memory.js SOURCE BUILD OBJECT - runs the sequences; speaks TAP.
//
// OBJECT is failing.c, and shares a file of two numbers with the program.
"use strict";

const { spawn, spawnSync } = require("node:child_process");
const fs = require("node:fs");
const net = require("node:net");
const os = require("node:os");
const path = require("node:path");

const [source, build, object] = process.argv.slice(2);
const DEADLINE_MS = 20000, TRIES_MAX = 2000, LINES = 1500;
const CGI = path.join(build, "cgi/sse-cgi");
const FCGI = path.join(build, "fcgi/sse-fcgi");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ssekit-memory."));
const at = (name) => path.join(folder, name);
const plan = fs.openSync(at("plan"), "w+");
// What is told where memory is used up, and what never.
const SAID = /Cannot allocate memory|Out of memory|the client is told/;
const LINE = /^data: .* line 1$/m;
const WRONG = /regular expression|Assertion|assertion/;

// ---- which allocation fails ----------------------------------------------

function failAfter(count) {
	const numbers = Buffer.alloc(16);

	numbers.writeBigInt64LE(BigInt(count), 0);
	fs.writeSync(plan, numbers, 0, 16, 0);
}

// Whether one has failed; none does from now on.
function hasFailed() {
	const numbers = Buffer.alloc(16);

	fs.readSync(plan, numbers, 0, 16, 0);
	failAfter(-1);
	return numbers.readBigInt64LE(8) > 0n;
}

const environment = (more) => ({ PATH: process.env.PATH, TZ: "UTC",
	LD_PRELOAD: object, FAILING: at("plan"), ...more });

// ---- what is served ------------------------------------------------------

function configure(heartbeat, name = "conf", ...more) {
	fs.writeFileSync(at("new"), [
		"log = stderr", "from = start", "backlog = 64K", "record-max = 4K", "retry = 1s",
		`heartbeat = ${heartbeat}s`, ...more, "[log]", `source = ${at("log")}`,
		"include = line|none", "origin = https://app.example",
		"[json]", `source = ${at("json")}`, "format = json", "ids = record",
		"[events]", `source = ${at("events")}`, "format = sse",
		"[joined]", `source = ${at("joined")}`, "record-start = ^line",
		"exclude = none",
		...redis ? ["[redis]", `source = redis:unix:${at("redis.sock")}#key`] : [],
		""]
		.join("\n"));
	fs.renameSync(at("new"), at(name));
}

function writeLogs() {
	const lines = [], values = [], events = [];

	for (let i = 1; i <= LINES; i++) {
		const s = String(Math.min(i, 59)).padStart(2, "0");

		lines.push(`2026-01-02T03:04:${s}Z this is line ${i}\n`);
		if (i > 6)
			continue; // each of these is many allocations
		values.push(`{"id":"id${i}","data":{"n":${i}}}\n`);
		events.push(`id: e${i}\ndata: event ${i}\n\n`);
	}
	fs.writeFileSync(at("log"), lines.join(""));
	fs.writeFileSync(at("json"), values.join(""));
	fs.writeFileSync(at("events"), events.join(""));
	fs.writeFileSync(at("joined"), "line\nline\n");
}

// ---- Redis ---------------------------------------------------------------

let redis; // its server, where there is one, and the programs know it

const command = (...words) => spawnSync("redis-cli",
	["-s", at("redis.sock"), ...words], { encoding: "latin1" }).stdout;

async function startRedis() {
	const known = spawnSync(CGI, ["--check", "a=redis:unix:/nowhere#key"],
		{ encoding: "latin1" });

	if (/built without/.test(known.stderr) ||
	    spawnSync("redis-server", ["--version"]).status !== 0)
		return;
	redis = spawn("redis-server", ["--port", "0", "--dir", folder,
		"--unixsocket", at("redis.sock"), "--save", ""],
	{ stdio: "ignore" });
	for (const from = Date.now(); !/PONG/.test(command("PING"));) {
		check(Date.now() - from < DEADLINE_MS, "Redis does not answer");
		await pause();
	}
	for (const number of [1, 2])
		command("XADD", "key", `5-${number}`, "data", `entry ${number}`);
}

// ---- FastCGI -------------------------------------------------------------

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
const ask = (variables, wanted) => new Promise((done) => {
	const socket = net.connect(at("socket"));
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
	constructor(variables) {
		this.variables = variables;
		this.seen = ""; // the frames of the connections before
		this.id = "";
		this.connect();
	}

	connect() {
		let got = Buffer.alloc(0);

		this.socket = net.connect(at("socket"));
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

	leave() {
		this.left = true;
		this.socket.destroy();
	}
}

// ---- a worker ------------------------------------------------------------

const pause = () => new Promise((done) => setTimeout(done, 5));

class Worker {
	constructor(args) {
		fs.rmSync(at("socket"), { force: true });
		this.log = "";
		this.process = spawn(FCGI, ["--listen", "unix:" + at("socket"),
			"--status=status", "--quiet", ...args], {
			env: environment({}), stdio: ["ignore", "ignore", "pipe"] });
		this.process.stderr.on("data", (text) => this.log += text);
		this.ended = new Promise((done) =>
			this.process.on("close", (code, signal) => {
				this.end = signal ?? code;
				done(this.end);
			}));
	}

	// Until it answers so, or has ended: its socket is there long before.
	async begin(variables = { PATH_INFO: "/none" }, wanted = /^Status: 404/m) {
		for (const from = Date.now(); Date.now() - from < DEADLINE_MS;) {
			if (wanted.test(await ask(variables, wanted)) ||
			    this.end !== undefined)
				return;
			await pause();
		}
		throw new Error("it neither serves nor ends");
	}

	async stop() {
		this.process.kill("SIGTERM");
		return this.ended;
	}
}

// ---- the sequences -------------------------------------------------------

const check = (holds, what) => {
	if (!holds)
		throw new Error(what);
};

const checkText = (text) =>
	check(!WRONG.test(text), "it says: " + text.trim());

// Its words, with what the test has in the place of @NAME.
const words = (text, ids) => text.split(" ").filter((word) => word !== "-")
	.map((word) => word.replace(/@(\w+)/g,
		(_, name) => /^\d+$/.test(name) ? ids[name] : at(name)));

const unescape = (text) => text.replaceAll("\\n", "\n").replace(/\\x(..)/g,
	(_, digits) => String.fromCharCode(parseInt(digits, 16)));

const variables = (text, ids) => Object.fromEntries(words(text, ids)
	.map((word) => [word.slice(0, word.indexOf("=")),
		word.slice(word.indexOf("=") + 1)]));

const runs = {
	cgi(one, ids) {
		const done = spawnSync(CGI, words(one.rest, ids), {
			env: environment({ ...one.rest.includes("check") ||
				one.rest.includes("help") ? {} : {
				GATEWAY_INTERFACE: "CGI/1.1", REQUEST_METHOD: "GET" },
			...variables(one.variables, ids) }),
			input: "", encoding: "latin1", timeout: DEADLINE_MS });
		const failed = hasFailed();

		check(done.status === 0 || (failed && done.status === 111),
			`it ends with ${done.signal ?? done.status}: ${done.stderr}`);
		checkText(done.stderr);
		if (done.status === 111)
			check(SAID.test(done.stderr + done.stdout),
				"it does not say why: " + done.stderr);
		return failed;
	},

	async start(one, ids) {
		const worker = new Worker(words(one.rest, ids));

		await worker.begin({ PATH_INFO: "/log" }, LINE);
		const failed = hasFailed(), began = worker.end === undefined;
		const end = began ? await worker.stop() : worker.end;

		check(end === 0 || (failed && end === 111),
			`it ends with ${end}: ${worker.log}`);
		checkText(worker.log);
		if (end === 111)
			check(SAID.test(worker.log),
				"it does not say why: " + worker.log);
		return failed;
	},

	async request(one, ids, worker) {
		const wanted = new RegExp(one.rest, "m");
		const given = variables(one.variables, ids);

		const first = await ask(given, wanted);

		check(!first.startsWith("(in vain)"), first);
		const failed = hasFailed();

		check(worker.end === undefined, `${worker.end}: ${worker.log}`);
		const next = await ask(given, wanted);

		check(wanted.test(next), "the next one gets: " + next);
		checkText(worker.log);
		return failed;
	},

	// What is written while a client is there, each with its number.
	async live(one, ids, worker, turn) {
		const file = variables(one.variables, ids).PATH_INFO.slice(1);
		const [text, wanted] = one.rest.replaceAll("%", turn).split(" | ");

		if (worker.client === undefined) {
			failAfter(-1);
			worker.client = new Client(variables(one.variables, ids));
			check(await worker.client.has(/^data: /m), "no answer");
			failAfter(turn);
		}
		fs.appendFileSync(at(file), unescape(text), "latin1");
		check(await worker.client.has(new RegExp(wanted, "m")),
			`${wanted} has not come: ${worker.log}`);
		check(worker.end === undefined, `${worker.end}: ${worker.log}`);
		checkText(worker.log);
		return hasFailed();
	},

	async reload(one, ids, worker, turn) {
		const before = worker.log.length, from = Date.now();
		const told = () => /configuration is/.test(worker.log.slice(before));

		configure(15 + turn % 2);
		worker.process.kill("SIGHUP");
		while (!told() && worker.end === undefined &&
		    Date.now() - from < DEADLINE_MS)
			await pause();
		const failed = hasFailed(), line = worker.log.slice(before);

		check(worker.end === undefined, `${worker.end}: ${worker.log}`);
		check(/is read anew/.test(line) ||
			(failed && /not taken: Cannot allocate memory/.test(line)),
		"it says: " + line);
		checkText(line);
		const next = await ask({ PATH_INFO: "/log" }, LINE);

		check(LINE.test(next), "the next one gets: " + next);
		return failed;
	},
};

// Each allocation in turn, until there are no more: how many.
async function runOne(one, ids, worker) {
	for (let turn = 0; turn < TRIES_MAX; turn++) {
		failAfter(turn);
		try {
			if (!await runs[one.kind](one, ids, worker, turn))
				return turn;
		} catch (error) {
			error.message = `allocation ${turn}: ${error.message}`;
			throw error;
		}
	}
	throw new Error("there is no end");
}

function read() {
	return fs.readFileSync(path.join(source, "tests/memory/sequences"),
		"utf8").split("\n").filter((line) => line && line[0] !== "#")
		.map((line) => line.split(" | ").map((part) => part.trim()))
		.map(([kind, name, variables, ...rest]) =>
			({ kind, name, variables, rest: rest.join(" | ") }));
}

async function main() {
	const sequences = read();
	let number = 0, worker;

	failAfter(-1);
	await startRedis();
	configure(15);
	configure(15, "still", "follow = no");
	writeLogs();
	worker = new Worker(["-f", at("conf")]);
	await worker.begin();
	const ids = (await ask({ PATH_INFO: "/log" }, /line 9$/m))
		.match(/(?<=^id: )\S+(?=\ndata)/gm);

	ids.unshift("");
	await worker.stop();
	console.log(`1..${sequences.length}`);
	worker = undefined;
	for (const one of sequences) {
		const title = `${++number} - ${one.kind}: ${one.name}`;
		const serves = ["request", "live", "reload"].includes(one.kind);

		if (!redis && one.variables.includes("/redis")) {
			console.log(`ok ${title} # SKIP there is no Redis`);
			continue;
		}
		try {
			if (serves) {
				failAfter(-1);
				worker = new Worker(["-f", at("conf")]);
				await worker.begin();
			}
			const count = await runOne(one, ids, worker);

			check(count > 0, "no allocation has failed");
			console.log(`ok ${title}\n# ${count} allocations`);
		} catch (error) {
			console.log(`not ok ${title}\n# ` +
				error.message.trim().replaceAll("\n", "\n# "));
		}
		worker?.client?.leave();
		if (worker?.end === undefined)
			await worker?.stop();
		worker = undefined;
	}
}

main().catch((error) => console.log("Bail out! " + error.stack))
	.finally(() => {
		redis?.kill("SIGKILL");
		fs.rmSync(folder, { recursive: true });
	});
