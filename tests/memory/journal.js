// journal.js - a folder with the files of a journal, which a journald of the
// test's own has written.
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

// Whether the messages are in the folder: where there is no journald, or it may
// not be started, there is none.
async function makeJournal(folder, messages) {
	const space = `ssekit-memory-${process.pid}`;
	const socket = `/run/systemd/journal.${space}`;
	const settings = `/etc/systemd/journald@${space}.conf`;
	let machine;

	if (process.getuid() !== 0 || !fs.existsSync(JOURNALD) ||
	    run("logger", "--version").status !== 0)
		return false;
	try {
		machine = fs.readFileSync("/etc/machine-id", "utf8").trim();
		fs.writeFileSync(settings, "[Journal]\nStorage=persistent\n");
	} catch {
		return false;
	}
	const files = `/var/log/journal/${machine}.${space}`;
	const journald = spawn(JOURNALD, [space], { stdio: "ignore" });
	const write = (text) => run("logger", "-u", `${socket}/dev-log`,
		"-t", "test", text).status === 0;
	const has = (text) => run("journalctl", `--namespace=${space}`, "-o", "cat")
		.stdout.includes(text);

	journald.on("error", () => {});
	const done = await until(() => write(messages[0])) &&
		messages.slice(1).every(write) &&
		await until(() => has(messages.at(-1)));
	journald.kill("SIGTERM");
	await new Promise((over) => journald.exitCode !== null ||
		journald.signalCode !== null ? over() : journald.on("exit", over));
	if (done)
		fs.cpSync(files, folder, { recursive: true });
	for (const left of [files, settings, socket,
		`/run/log/journal/${machine}.${space}`])
		fs.rmSync(left, { recursive: true, force: true });
	return done && fs.existsSync(path.join(folder, "system.journal"));
}

module.exports = { makeJournal };
