// logs.js - what a worker has as a source: lines that are numbered, in a log or
// in a Redis Stream.
"use strict";

const { spawn, spawnSync } = require("node:child_process");
const fs = require("node:fs");

const { pause } = require("../memory/client.js");

const numbered = (n) => `this is line ${n}`;

class FileLog {
	constructor(at) {
		this.at = at; // name to path
		this.source = at("log");
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

class RedisLog {
	constructor(at) {
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

module.exports = { FileLog, RedisLog };
