// journal.js - a journald of the test's own, in a namespace, which ends by itself
// where nobody writes for half a minute, and a folder with the files of one.
"use strict";

const { spawn, spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const JOURNALD = "/lib/systemd/systemd-journald";
const DEADLINE_MS = 20000;

const run = (program, ...args) =>
	spawnSync(program, args, { encoding: "latin1" });

async function until(holds) {
	for (const from = Date.now(); Date.now() - from < DEADLINE_MS;) {
		if (holds())
			return true;
		await new Promise((done) => setTimeout(done, 20));
	}
	return false;
}

const SETTINGS = "/etc/systemd";

class Journald {
	// The space has the number of this process behind a dash.
	constructor(space) {
		this.space = space;
		this.socket = `/run/systemd/journal.${space}`;
		this.settings = `${SETTINGS}/journald@${space}.conf`;
		process.once("exit", () => {
			this.process?.kill("SIGKILL");
			this.remove();
		});
	}

	// Of those that could not do so, as they were killed.
	removeOthers() {
		const [, kind] = this.space.match(/^(.*)-\d+$/);

		for (const name of fs.readdirSync(SETTINGS)) {
			const [, space, pid] = name.match(
				/^journald@(.*-(\d+))\.conf$/) ?? [];

			if (space === `${kind}-${pid}` && !fs.existsSync(`/proc/${pid}`))
				this.removeAllOf(space);
		}
	}

	// Whether it listens: where there is none, or it may not be started, not.
	async begin() {
		if (process.getuid() !== 0 || !fs.existsSync(JOURNALD) ||
		    run("logger", "--version").status !== 0)
			return false;
		try {
			const machine = fs.readFileSync("/etc/machine-id", "utf8");

			this.machine = machine.trim();
			this.removeOthers();
			fs.writeFileSync(this.settings, ["[Journal]",
				"Storage=persistent", "RateLimitIntervalSec=0",
				""].join("\n"));
		} catch {
			return false;
		}
		this.files = `/var/log/journal/${this.machine}.${this.space}`;
		this.process = spawn(JOURNALD, [this.space], { stdio: "ignore" });
		this.process.on("error", () => {});
		return until(() => this.write("ready") && fs.existsSync(
			path.join(this.files, "system.journal")));
	}

	write(text) {
		return run("logger", "-u", `${this.socket}/dev-log`, "-t", "test",
			text).status === 0;
	}

	// Whether it comes to have this.
	has(text) {
		return until(() => run("journalctl", `--namespace=${this.space}`,
			"-o", "cat").stdout.includes(text));
	}

	async stop() {
		const { process } = this;

		process?.kill("SIGTERM");
		await new Promise((over) => !process?.pid ||
			process.exitCode !== null || process.signalCode !== null ?
			over() : process.on("exit", over));
	}

	// When it runs no more.
	remove() {
		this.removeAllOf(this.space);
	}

	removeAllOf(space) {
		for (const left of [`${SETTINGS}/journald@${space}.conf`,
			`/run/systemd/journal.${space}`, ...this.machine ?
			["/var/log", "/run/log"].map((log) =>
				`${log}/journal/${this.machine}.${space}`) : []])
			fs.rmSync(left, { recursive: true, force: true });
	}
}

// Whether the messages are in the folder.
async function makeJournal(folder, messages) {
	const journald = new Journald(`ssekit-memory-${process.pid}`);
	const done = await journald.begin() &&
		messages.every((text) => journald.write(text)) &&
		await journald.has(messages.at(-1));

	await journald.stop();
	if (done)
		fs.cpSync(journald.files, folder, { recursive: true });
	journald.remove();
	return done && fs.existsSync(path.join(folder, "system.journal"));
}

module.exports = { Journald, makeJournal };
