// logs.js - what the programs have as a source: lines that are numbered, in a
// log, a FIFO, a journal or a Redis Stream.
"use strict";

const { spawn, spawnSync } = require("node:child_process");
const fs = require("node:fs");

const { pause } = require("../memory/client.js");
const { Journald } = require("../memory/journal.js");

const FOUND_MS = 400;

const numbered = (n) => `this is line ${n}`;

// The descriptors of that process that lead there; where it has ended, none.
function opened(pid, path) {
	const folder = `/proc/${pid}/fd`;
	const leads = (fd) => {
		try {
			return fs.readlinkSync(`${folder}/${fd}`) === path;
		} catch {
			return false; // closed meanwhile
		}
	};

	return fs.existsSync(folder) ?
		fs.readdirSync(folder).filter(leads).join() : "";
}

class FileLog {
	constructor(at) {
		this.at = at; // name to path
		this.name = "log";
		this.source = at("log");
		this.lines = ["rotate-wait = 20ms"];
	}

	begin() {
		for (const name of ["log", "log.1", "log.2"])
			fs.rmSync(this.at(name), { force: true });
		this.count = 0;
		this.append(10);
	}

	append(count) {
		let text = "";

		while (count-- > 0)
			text += numbered(++this.count) + "\n";
		fs.appendFileSync(this.at("log"), text);
	}

	rotate() {
		fs.rmSync(this.at("log.2"), { force: true });
		if (fs.existsSync(this.at("log.1")))
			fs.renameSync(this.at("log.1"), this.at("log.2"));
		fs.renameSync(this.at("log"), this.at("log.1"));
		this.append(2);
	}
}

// One that the programs may not write to: it is opened to be read only, and is at
// its end when the writer goes.  Only root can write to it, and takes the right to
// do so away from them.
class FifoLog {
	constructor(at) {
		this.name = "fifo";
		this.source = at("fifo");
		this.runner = ["setpriv", "--bounding-set=-dac_override"];
	}

	open() {
		this.writer = fs.openSync(this.source, fs.constants.O_RDWR);
	}

	begin() {
		this.end();
		spawnSync("mkfifo", ["-m", "444", this.source]);
		this.open();
		this.count = 0;
		this.append(10);
	}

	// What was read of it is gone.
	refill() {
		this.begin();
	}

	// In two pieces, of which the first one ends within a line.
	append(count) {
		const text = Array.from({ length: count },
			() => numbered(++this.count) + "\n").join("");

		fs.writeSync(this.writer, text.slice(0, 5));
		fs.writeSync(this.writer, text.slice(5));
	}

	// The writer goes, and there is another one when the end has been seen: then
	// it is opened anew; or after a while.
	async rotate(pid) {
		const before = opened(pid, this.source);

		fs.closeSync(this.writer);
		for (const from = Date.now(); Date.now() - from < FOUND_MS &&
			opened(pid, this.source) === before;)
			await pause();
		this.open();
		this.append(2);
	}

	end() {
		if (this.writer !== undefined)
			fs.closeSync(this.writer);
		this.writer = undefined;
		fs.rmSync(this.source, { force: true });
	}
}

class JournalLog {
	constructor() {
		this.name = "journal";
		this.journald = new Journald(`ssekit-faults-${process.pid}`);
		this.source = `journal:${this.journald.space}`;
	}

	async begin() {
		await this.end();
		if (!await this.journald.begin())
			return false;
		this.count = 0;
		this.append(10);
		return this.journald.has(numbered(this.count));
	}

	append(count) {
		while (count-- > 0)
			this.journald.write(numbered(++this.count));
	}

	async rotate() {
		this.journald.process.kill("SIGUSR2");
		this.append(2);
		await this.journald.has(numbered(this.count));
	}

	async end() {
		await this.journald.stop();
		this.journald.remove();
	}
}

class RedisLog {
	constructor(at) {
		this.name = "redis";
		this.at = at;
		this.socket = at("redis.sock");
		this.source = `redis:unix:${this.socket}#key`;
	}

	command(...words) {
		return spawnSync("redis-cli", ["-s", this.socket, ...words],
			{ encoding: "latin1" }).stdout;
	}

	// Whether there is a server.
	async start(deadlineMs) {
		if (spawnSync("redis-server", ["--version"]).status !== 0)
			return false;
		this.process = spawn("redis-server", ["--port", "0", "--save", "",
			"--unixsocket", this.socket], { stdio: "ignore" });
		for (const from = Date.now(); !/PONG/.test(this.command("PING"));) {
			if (Date.now() - from > deadlineMs)
				throw new Error("Redis does not answer");
			await pause();
		}
		return true;
	}

	begin() {
		this.command("DEL", "key");
		this.count = 0;
		this.append(10);
	}

	append(count) {
		while (count-- > 0)
			this.command("XADD", "key", "*", "data",
				numbered(++this.count));
	}

	// It cuts off all that are connected.
	rotate() {
		this.command("CLIENT", "KILL", "TYPE", "normal");
		this.append(2);
	}
}

module.exports = { FifoLog, FileLog, JournalLog, RedisLog };
