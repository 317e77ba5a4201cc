// memory.js SOURCE BUILD OBJECT - runs the sequences; speaks TAP.
//
// OBJECT is failing.c, and shares a file of two numbers with the program.
"use strict";

const { spawn, spawnSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const { ask, Client, pause } = require("./client.js");
const { makeJournal } = require("./journal.js");

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
// What libc says, and ends, when a library's thread-local data have no room.
const LOADER = /^cannot allocate memory for thread-local data: ABORT/m;
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
		"[moving]", `source = ${at("moving")}`, "rotate-wait = 10ms",
		...redis ? ["[redis]", `source = redis:unix:${at("redis.sock")}#key`] : [],
		...journal ? ["[journal]", `source = journal:${at("journal")}`] : [],
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
	fs.writeFileSync(at("moving"), "first\n");
}

// ---- Redis ---------------------------------------------------------------

let redis; // its server, where there is one, and the programs know it
let journal; // likewise, whether there is one

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

async function startJournal() {
	const known = spawnSync(CGI, ["--check", "a=journal:"],
		{ encoding: "latin1" });

	journal = !/built without/.test(known.stderr + known.stdout) &&
		await makeJournal(at("journal"),
			[1, 2, 3].map((number) => `entry ${number}`));
}

// ---- a worker ------------------------------------------------------------

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
			if (wanted.test(await ask(at("socket"), variables, wanted)) ||
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

// The client of this worker, from the first turn on.
async function stay(one, ids, worker, turn) {
	if (worker.client !== undefined)
		return;
	failAfter(-1);
	worker.client = new Client(at("socket"), variables(one.variables, ids));
	check(await worker.client.has(/^data: /m), "no answer");
	failAfter(turn);
}

// So much that a file that begins anew is shorter.
async function fill(one, ids, worker, turn) {
	await stay(one, ids, worker, turn);
	failAfter(-1);
	fs.appendFileSync(at("moving"), `${"fill\n".repeat(9)}filled ${turn}\n`);
	check(await worker.client.has(new RegExp(`^data: filled ${turn}$`, "m")),
		"what is before it has not come: " + worker.log);
	failAfter(turn);
}

function write(name, text) {
	if (name === "redis")
		command("XADD", "key", "*", "data", text);
	else
		fs.appendFileSync(at(name), text, "latin1");
}

// Whether an allocation has failed, where the client has that in the end.
async function hasCome(worker, wanted) {
	check(await worker.client.has(new RegExp(wanted, "m")),
		`${wanted} has not come: ${worker.log}`);
	check(worker.end === undefined, `${worker.end}: ${worker.log}`);
	checkText(worker.log);
	return hasFailed();
}

const runs = {
	cgi(one, ids) {
		const done = spawnSync(CGI, words(one.rest, ids), {
			env: environment({ ...one.rest.includes("check") ||
				one.rest.includes("help") ? {} : {
				GATEWAY_INTERFACE: "CGI/1.1", REQUEST_METHOD: "GET" },
			...variables(one.variables, ids) }),
			input: "", encoding: "latin1", timeout: DEADLINE_MS });
		const failed = hasFailed();

		if (failed && done.status === 127 && LOADER.test(done.stderr))
			return failed;
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
		const first = await ask(at("socket"), given, wanted);

		check(!first.startsWith("(in vain)"), first);
		const failed = hasFailed();

		check(worker.end === undefined, `${worker.end}: ${worker.log}`);
		const next = await ask(at("socket"), given, wanted);

		check(wanted.test(next), "the next one gets: " + next);
		checkText(worker.log);
		return failed;
	},

	// What is written while a client is there, each with its number.
	async live(one, ids, worker, turn) {
		const file = variables(one.variables, ids).PATH_INFO.slice(1);
		const [text, wanted] = one.rest.replaceAll("%", turn).split(" | ");

		await stay(one, ids, worker, turn);
		write(file, unescape(text));
		return hasCome(worker, wanted);
	},

	// The log is cut, and no gap may be silent.
	async gap(one, ids, worker, turn) {
		await fill(one, ids, worker, turn);
		const gaps = worker.client.gaps();

		fs.writeFileSync(at("moving"), `line ${turn}\n`);
		const failed = await hasCome(worker, `^data: line ${turn}$`);

		check(worker.client.gaps() > gaps, "the client is told nothing");
		return failed;
	},

	// The log is rotated, and nothing is lost or told.
	async rotation(one, ids, worker, turn) {
		await fill(one, ids, worker, turn);
		fs.appendFileSync(at("moving"), `end ${turn}\n`);
		fs.renameSync(at("moving"), at("moving.1"));
		fs.writeFileSync(at("moving"), `line ${turn}\n`);
		const failed = await hasCome(worker, `^data: line ${turn}$`);

		check(await worker.client.has(new RegExp(`^data: end ${turn}$`, "m")),
			"the end of the old file has not come");
		check(worker.client.gaps() === 0, "there is a gap");
		return failed;
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
		const next = await ask(at("socket"), { PATH_INFO: "/log" }, LINE);

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
	await startJournal();
	configure(15);
	configure(15, "still", "follow = no");
	writeLogs();
	worker = new Worker(["-f", at("conf")]);
	await worker.begin();
	const ids = (await ask(at("socket"), { PATH_INFO: "/log" }, /line 9$/m))
		.match(/(?<=^id: )\S+(?=\ndata)/gm);

	ids.unshift("");
	await worker.stop();
	console.log(`1..${sequences.length}`);
	worker = undefined;
	for (const one of sequences) {
		const title = `${++number} - ${one.kind}: ${one.name}`;
		const serves = !["cgi", "start"].includes(one.kind);

		if ((!redis && one.variables.includes("/redis")) ||
		    (!journal && one.variables.includes("/journal"))) {
			console.log(`ok ${title} # SKIP there is none`);
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
