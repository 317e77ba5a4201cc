// faults.js SOURCE BUILD [--all] [PROGRAM[/CALL]]... - makes system calls fail, as
// calls has it; speaks TAP.  README.md says what has to hold.
"use strict";

const { spawn, spawnSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const { ask, Client, pause } = require("../memory/client.js");
const { FifoLog, FileLog, JournalLog, RedisLog } = require("./logs.js");

const [source, build, ...asked] = process.argv.slice(2);
const ALL = asked[0] === "--all" && asked.shift() !== undefined;
const DEADLINE_MS = Number(process.env.SSE_TEST_SECONDS ?? 60) * 1000;
const AWHILE_MS = 400; // in which a worker meets its faults
const TURNS = ALL ? 1000 : 4; // of a call, in one run: from the first to the last
const SAID_MAX = 60; // lines that a worker writes in one row
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "ssekit-faults."));
const at = (name) => path.join(folder, name);
const file = new FileLog(at);
const CGI = path.join(build, "cgi/sse-cgi");
const FCGI = path.join(build, "fcgi/sse-fcgi");
// LeakSanitizer cannot work under strace.
const environment = { PATH: process.env.PATH, TZ: "UTC",
	ASAN_OPTIONS: "detect_leaks=0" };
// What the loader does last, before main().
const LOADED = / munmap\(/;

const check = (holds, what) => {
	if (!holds)
		throw new Error(what);
};

// ---- the lines -----------------------------------------------------------

// From the one behind that number: each once and in its order, or a gap before
// what is missing, which may come late: an older file that could not be read for
// longer than rotate-wait allows is given up, and read once it can be.  The last
// one, and whether a gap is behind it.
function checkLines(text, last) {
	const missing = new Set();
	let gap = false;

	for (const [, told, number] of text.matchAll(
		/^(?:event: (gap|end)|data: this is line (\d+))$/gm)) {
		const n = Number(number);

		gap ||= told === "gap";
		if (number === undefined)
			continue;
		if (missing.delete(n))
			continue;
		check(n > last, `line ${n} comes again, after ${last}`);
		check(n === last + 1 || gap, `${last + 1} to ${n - 1} are missing`);
		while (++last < n)
			missing.add(last);
		gap = false;
	}
	return { last, gap };
}

// ---- a run from its beginning --------------------------------------------

let traces = 0;

// With its words of strace; -D: it is the program that is started; -I2: SIGTERM
// ends strace alone.
function strace(aside, trace, fault, command) {
	const [calls, file] = trace.split("@");

	return ["strace", ...aside ? ["-D", "-I2"] : [], "-f", "-qq",
		"-o", at(`trace.${++traces}`), "-e", `trace=${calls}`,
		...file ? ["-P", at(file)] : [],
		...fault ? ["-e", "inject=" + fault] : [], ...command];
}

const fails = (call, error, when) =>
	`${call.split("@")[0]}:error=${error}:when=${when}`;

function readTrace() {
	const text = fs.readFileSync(at(`trace.${traces}`), "latin1");

	fs.rmSync(at(`trace.${traces}`));
	return text;
}

const isInjected = () => readTrace().includes("(INJECTED)");

// How many of these calls there are before main(), and from there on; not those
// of its end.
function count(call) {
	const calls = readTrace().split(/^.*--- SIGTERM/m)[0].split("\n");
	const main = calls.findIndex((one) => LOADED.test(one));
	const of = (some) => some.filter((one) => one.includes(` ${call}(`)).length;

	check(main >= 0, "main() is not found");
	return { before: of(calls.slice(0, main)), from: of(calls.slice(main)) };
}

// Which of so many fail: as far apart as can be.
const turns = (calls) => Array.from({ length: Math.min(calls, TURNS) },
	(_, i, of = Math.min(calls, TURNS)) =>
		of < 2 ? 1 : 1 + Math.round(i * (calls - 1) / (of - 1)));

const RUNS = [
	{ name: "a new client", variables: {}, last: 12 },
	{ name: "one that comes back", variables: { HTTP_LAST_EVENT_ID: "@" },
		last: 3 },
	{ name: "the last three", variables: { QUERY_STRING: "last=3" },
		last: 11 },
];

// What is there once; and all of it, whatever was removed.
const FIFO_RUNS = RUNS.slice(0, 2).map((run) => ({ ...run, last: 0 }));
const JOURNAL_RUNS = [FIFO_RUNS[0], RUNS[1]];

const cgiVariables = (run, id) => ({ GATEWAY_INTERFACE: "CGI/1.1",
	REQUEST_METHOD: "GET", ...run.variables,
	...run.variables.HTTP_LAST_EVENT_ID ? { HTTP_LAST_EVENT_ID: id } : {} });

async function runCgi(log, command, more) {
	await log.refill?.();
	command = [...log.runner ?? [], ...command];
	return spawnSync(command[0], command.slice(1), { encoding: "latin1",
		env: { ...environment, ...more }, input: "", timeout: DEADLINE_MS });
}

// Of a client that has gone nothing has to be said.
const GONE = ["EPIPE", "ECONNRESET"];

function checkCgi(log, run, error, done) {
	const text = done.stdout.replaceAll("\r", "");
	const { last, gap } = checkLines(text, run.last);

	check(done.signal === null && done.error === undefined,
		`${done.error ?? done.signal}: ${done.stderr}${text.slice(-300)}`);
	check([0, 100, 111].includes(done.status), `status ${done.status}: ` +
		done.stderr);
	check(GONE.includes(error) || text !== "" || done.stderr !== "",
		"nothing is said");
	if (done.status !== 0)
		check(done.stderr !== "", `status ${done.status}, and nothing is said`);
	if (/^event: end$/m.test(text))
		check(last === log.count || gap, `it ends after line ${last}`);
}

async function* cgi(log, runs, { call, errors }) {
	const command = [CGI, "-f", at(`once.${log.name}`)];

	await log.begin();
	const first = await runCgi(log, command, cgiVariables({ variables: {} }));
	const id = first.stdout.match(/(?<=^id: )\S+(?=\r?\ndata: .* 3\r?$)/m)?.[0];

	check(id !== undefined, `no id in ${first.stdout}${first.stderr}`);
	if (!log.refill) {
		await log.rotate();
		await log.rotate();
	}
	for (const run of runs) {
		const more = cgiVariables(run, id);
		const fail = (fault) => runCgi(log,
			strace(false, fault ? call : `${call},munmap`, fault, command), more);
		await fail("");
		const { before, from } = count(call);

		for (const error of errors)
			for (const n of turns(from))
				yield { what: `${error} at ${n}, ${run.name}`, run: async () => {
					checkCgi(log, run, error,
						await fail(fails(call, error, before + n)));
					return isInjected();
				} };
	}
}

// ---- a start of a worker -------------------------------------------------

const worker = (log, ...before) => [...log.runner ?? [], ...before, FCGI,
	"--listen", "unix:" + at("socket"),
	"--status=status", "-f", at(`conf.${log.name}`)];

const running = new Set();

class Process {
	constructor(command) {
		fs.rmSync(at("socket"), { force: true });
		this.log = "";
		this.process = spawn(command[0], command.slice(1),
			{ env: environment, stdio: ["ignore", "ignore", "pipe"] });
		this.process.stderr.on("data", (text) => this.log += text);
		running.add(this.process);
		this.ended = new Promise((done) =>
			this.process.on("close", (code, signal) => {
				running.delete(this.process);
				this.end = signal ?? code;
				done(this.end);
			}));
	}

	// Whether it serves; else it has ended.
	async begin() {
		const wanted = /^data: this is line 10$/m;

		for (const from = Date.now(); Date.now() - from < DEADLINE_MS;) {
			if (this.end !== undefined)
				return false;
			if (wanted.test(await ask(at("socket"), { PATH_INFO: "/log" },
				wanted)))
				return true;
			await pause();
		}
		throw new Error("it neither serves nor ends: " + this.log);
	}

	// Its calls fail no more.
	async release() {
		const tracer = () => Number(fs.readFileSync(
			`/proc/${this.process.pid}/status`, "latin1")
			.match(/^TracerPid:\s*(\d+)/m)[1]);
		const from = Date.now();

		if (tracer() !== 0)
			process.kill(tracer(), "SIGTERM");
		while (tracer() !== 0) {
			if (Date.now() - from > DEADLINE_MS) {
				this.process.kill("SIGKILL");
				throw new Error("strace does not end");
			}
			await pause();
		}
	}

	async stop() {
		const late = setTimeout(() => this.process.kill("SIGKILL"),
			DEADLINE_MS);

		this.process.kill("SIGTERM");
		await this.ended;
		clearTimeout(late);
		return this.end;
	}
}

const tracedWorker = (log, trace, fault) =>
	new Process(worker(log, ...strace(true, trace, fault, [])));

async function startOne(log, call, error, when) {
	await log.refill?.();
	const one = tracedWorker(log, call, fails(call, error, when));

	if (await one.begin()) {
		// How often it was asked may be another number than when its calls were
		// counted, and its end is not what fails.
		await one.release();
		check(await one.stop() === 0, `it ends with ${one.end}: ${one.log}`);
	} else {
		check([100, 111].includes(one.end), `it ends with ${one.end}: ${one.log}`);
		check(one.log !== "", `it ends with ${one.end}, and says nothing`);
	}
	return isInjected();
}

async function countStart(log, call) {
	const one = tracedWorker(log, `${call},munmap`, "");

	check(await one.begin(), `it does not start: ${one.log}`);
	await one.stop();
	return count(call);
}

async function* start(log, { call, errors }) {
	await log.begin();
	const { before, from } = await countStart(log, call);

	for (const error of errors)
		for (const n of turns(from))
			yield { what: `${error} at ${n}`,
				run: () => startOne(log, call, error, before + n) };
}

// ---- a worker that serves ------------------------------------------------

// Until the calls of that process fail.
async function inject(pid, call, error, when) {
	const [strace_, ...words] = strace(false, call, fails(call, error, when),
		["-p", pid]);
	const one = spawn(strace_, words.filter((word) => word !== "-qq"), { env: environment,
		stdio: ["ignore", "ignore", "pipe"] });
	const ended = new Promise((done) => one.on("close", done));
	let said = "";

	one.stderr.on("data", (text) => said += text);
	for (const from = Date.now(); !/attached/.test(said);) {
		check(Date.now() - from < DEADLINE_MS, "strace: " + said);
		await pause();
	}
	return async () => {
		one.kill("SIGINT");
		await ended;
	};
}

const awhile = (done) => Promise.race([done,
	new Promise((over) => setTimeout(over, AWHILE_MS))]);

// All that may happen to a worker, while it has these faults; and what comes of
// what was asked, which may have to wait for their end.
async function everything(one, log, call) {
	const some = /^data: .*line|^Status: [45]/m;
	const goes = new Client(at("socket"), { PATH_INFO: "/log" });

	log.append(2);
	const asked = [{}, { HTTP_LAST_EVENT_ID: one.client.id },
		{ SSE_STREAM: "status" }, { QUERY_STRING: "last=3" }].map((more) =>
		ask(at("socket"), { PATH_INFO: "/log", ...more },
			/clients_max/.test(more) ? /# EOF/ : some));
	await awhile(Promise.all(asked));
	goes.leave();
	await log.rotate(one.process.pid);
	// A signal is a byte that would stay unread, and keep the worker busy.
	if (call !== "read")
		one.process.kill("SIGHUP");
	log.append(2);
	await awhile(one.client.has(new RegExp(`line ${log.count}$`, "m")));
	await log.rotate(one.process.pid);
	log.append(1);
	await awhile(one.client.has(new RegExp(`line ${log.count}$`, "m")));
	return { answers: Promise.all(asked) };
}

// When the faults have gone, each client has all, and a new one is served.
async function recovers(one, log) {
	const end = () => new RegExp(`^data: this is line ${log.count}$`, "m");

	log.append(1);
	check(await one.client.has(end()),
		`line ${log.count} does not come, but ${JSON.stringify(
			one.client.text.slice(-300))}: ${one.log.slice(-1000)}`);
	const next = await ask(at("socket"), { PATH_INFO: "/log" }, end());

	check(end().test(next), `a new one gets ${JSON.stringify(
		next.slice(-300))}: ${one.log.slice(-1000)}`);
	check(one.end === undefined, `${one.end}`);
	checkLines(one.client.seen + one.client.text, 0);
}

async function workerOne(one, log, { call, error, when }) {
	const before = one.log.length;
	const stop = await inject(one.process.pid, call, error, when);
	let all;

	try {
		all = await everything(one, log, call);
		await awhile(all.answers);
	} finally {
		await stop();
	}
	// What could not be opened is, when there is something new.
	log.append(1);
	await all.answers;
	await recovers(one, log);
	const said = one.log.slice(before);

	check(said.split("\n").length <= SAID_MAX, "it says too much: " + said);
	return isInjected();
}

async function* serve(log, { call, errors }) {
	await log.begin();
	const one = new Process(worker(log));

	try {
		check(await one.begin(), one.log);
		one.client = new Client(at("socket"), { PATH_INFO: "/log" });
		check(await one.client.has(/line 10$/m), "no answer");
		for (const error of errors)
			for (const when of ["1+", "2+3"])
				yield { what: `${error}, when ${when}`,
					run: () => workerOne(one, log, { call, error, when }) };
		one.client.leave();
		check(await one.stop() === 0, `it ends with ${one.end}: ${one.log}`);
	} finally {
		one.client?.leave();
		one.process.kill("SIGKILL");
		await one.ended;
	}
}

// ---- the table -----------------------------------------------------------

const redis = new RedisLog(at);
const fifo = new FifoLog(at);
const journal = new JournalLog();
const logs = [file, fifo, journal, redis];
const kinds = {
	"cgi": { log: file, turns: (row) => cgi(file, RUNS, row) },
	"cgi-fifo": { log: fifo, turns: (row) => cgi(fifo, FIFO_RUNS, row) },
	"cgi-journal": { log: journal,
		turns: (row) => cgi(journal, JOURNAL_RUNS, row) },
	"start": { log: file, turns: (row) => start(file, row) },
	"start-fifo": { log: fifo, turns: (row) => start(fifo, row) },
	"start-journal": { log: journal, turns: (row) => start(journal, row) },
	"worker": { log: file, turns: (row) => serve(file, row) },
	"fifo": { log: fifo, turns: (row) => serve(fifo, row) },
	"journal": { log: journal, turns: (row) => serve(journal, row) },
	"redis": { log: redis, turns: (row) => serve(redis, row) },
};

function configure(log) {
	const write = (name, ...more) => fs.writeFileSync(
		at(`${name}.${log.name}`), ["log = stderr", "from = start",
			"retry = 1s", "heartbeat = 1s", ...more, "[log]",
			`source = ${log.source}`, ...log.lines ?? [], ""].join("\n"));

	write("conf");
	write("once", "follow = no");
}

function table() {
	return fs.readFileSync(path.join(source, "tests/faults/calls"), "utf8")
		.split("\n").filter((text) => text && text[0] !== "#")
		.map((text) => text.split(" | "))
		.map(([kind, call, errors]) => ({ kind, call, errors: errors.split(" ") }))
		.filter(({ kind, call }) => asked.length === 0 ||
			asked.includes(kind) || asked.includes(`${kind}/${call}`));
}

// How many have failed, of how many runs.
async function tryRow(row) {
	let met = 0, runs = 0;

	for await (const one of kinds[row.kind].turns(row)) {
		try {
			met += await one.run();
		} catch (error) {
			error.message = `${one.what}: ${error.message}`;
			throw error;
		}
		runs++;
	}
	return { met, runs };
}

// Why there is no such source here, of those that have to be there.
async function why(log) {
	if (log === redis && !await redis.start(DEADLINE_MS))
		return "there is no redis-server";
	if (log === fifo && process.getuid() !== 0)
		return "only root can write where it may not";
	if (log === journal && /built without/.test(spawnSync(CGI,
		["--check", "a=journal:"], { encoding: "latin1" }).stderr))
		return "there is no journal in this build";
	if (log === journal && !await journal.begin())
		return "no journald can be started";
	return "";
}

async function main() {
	const rows = table();
	let number = 0;

	logs.forEach(configure);
	for (const log of new Set(rows.map(({ kind }) => kinds[kind].log)))
		log.missing = await why(log);

	console.log(`1..${rows.length}`);
	for (const row of rows) {
		const title = `${++number} - ${row.kind}: ${row.call}`;
		const { missing } = kinds[row.kind].log;

		if (missing) {
			console.log(`ok ${title} # SKIP ${missing}`);
			continue;
		}
		try {
			const { met, runs } = await tryRow(row);

			check(met > 0, "no call has failed");
			console.log(`ok ${title}\n# failed in ${met} of ${runs} runs`);
		} catch (error) {
			console.log(`not ok ${title}\n# ` +
				error.message.trim().replaceAll("\n", "\n# "));
		}
	}
}

// Also where it is told to end before.
process.once("exit", () => {
	redis.process?.kill("SIGKILL");
	running.forEach((one) => one.kill("SIGKILL"));
	fs.rmSync(folder, { recursive: true, force: true });
});
for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"])
	process.once(signal, () => process.exit(1));

main().catch((error) => console.log("Bail out! " + error.stack))
	.finally(async () => {
		redis.process?.kill("SIGKILL");
		await journal.end();
	});
