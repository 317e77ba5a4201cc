// firefox.mjs - Firefox without a window, over its own protocol (Marionette): one
// TCP connection to this machine and no package.  A page is driven as by
// browser.mjs.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync }
	from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Calls, Driven, patience, pause } from "./driven.mjs";

// What WebDriver calls the keys that write nothing.
const KEYS = { Escape: "\ue00c", Backspace: "\ue003", Enter: "\ue007" };

// Any free port, and nothing of what it does by itself.
const PREFERENCES = {
	"marionette.port": 0,
	"app.update.disabledForTesting": true,
	"browser.shell.checkDefaultBrowser": false,
	"browser.startup.page": 0,
	"datareporting.policy.dataSubmissionEnabled": false,
	"network.captive-portal-service.enabled": false,
	"network.connectivity-service.enabled": false,
	"toolkit.telemetry.server": "",
	"network.proxy.type": 0,
	"services.settings.server": "data:,#remote-settings-dummy/v1",
};

export class Firefox extends Driven {
	constructor(program = process.env.FIREFOX ?? "firefox-esr") {
		super();
		this.home = mkdtempSync(join(tmpdir(), "firefox."));
		this.calls = new Calls();
		this.received = Buffer.alloc(0);
		const { home } = this;
		writeFileSync(join(home, "user.js"), Object.entries(PREFERENCES)
			.map(([name, value]) => `user_pref(${JSON.stringify(
				name)}, ${JSON.stringify(value)});\n`).join(""));
		this.process = spawn(program, ["--headless", "--marionette",
			"--no-remote", "--profile", home, "about:blank"], {
			stdio: "ignore",
			env: { ...process.env, HOME: home, MOZ_CRASHREPORTER_DISABLE:
				"1", MOZ_DISABLE_CONTENT_SANDBOX: "1" } });
		this.process.on("error", (error) => { this.error = error; });
	}

	// Once it answers.
	async start() {
		const file = join(this.home, "MarionetteActivePort");
		await this.until(() => existsSync(file) &&
			readFileSync(file, "utf8").trim() !== "");
		this.socket = connect(Number(readFileSync(file, "utf8")),
			"127.0.0.1");
		const greeting = new Promise((done, fail) => {
			this.calls.expect(undefined).then(done, fail);
			this.socket.on("error", fail);
		});
		this.socket.on("data", (bytes) => this.take(bytes));
		await greeting;
		await this.call("WebDriver:NewSession", { capabilities: {} });
		await this.call("WebDriver:SetTimeouts",
			{ script: 1000 * patience });
	}

	async until(isSo) {
		const end = Date.now() + 1000 * patience;
		while (!await isSo()) {
			if (this.error)
				throw this.error;
			if (Date.now() > end)
				throw new Error("Firefox does not answer");
			await pause();
		}
	}

	// Each message is LENGTH:JSON.  The first one greets; an answer is
	// [1, id, error, result].
	take(bytes) {
		this.received = Buffer.concat([this.received, bytes]);
		for (;;) {
			const colon = this.received.indexOf(":");
			const end = colon + 1 +
				Number(this.received.subarray(0, colon));
			if (colon < 0 || this.received.length < end)
				return;
			const message = JSON.parse(
				this.received.subarray(colon + 1, end));
			this.received = this.received.subarray(end);
			const [, id, error, result] =
				Array.isArray(message) ? message : [];
			this.calls.answer(id, error, result);
		}
	}

	call(method, parameters = {}) {
		const id = this.calls.next();
		const text = JSON.stringify([0, id, method, parameters]);
		this.socket.write(`${Buffer.byteLength(text)}:${text}`);
		return this.calls.expect(id);
	}

	open(url) {
		return this.call("WebDriver:Navigate", { url });
	}

	async evaluate(expression) {
		const { value } = await this.call("WebDriver:ExecuteScript",
			{ script: `return (${expression})`, args: [],
				sandbox: "default" });
		return value;
	}

	perform(actions) {
		return this.call("WebDriver:PerformActions", { actions });
	}

	// The keys of a text, or one that writes nothing.
	key(...keys) {
		return this.perform([{ type: "key", id: "keys",
			actions: keys.flatMap((key) => ["keyDown", "keyUp"].map(
				(type) => ({ type, value: KEYS[key] ?? key }))) }]);
	}

	// In the middle of the element, or of what it begins with.
	async click(selector) {
		const { x, y } = await this.wait(`(() => {
			const box = document.querySelector(${JSON.stringify(
				selector)}).getBoundingClientRect();
			return { y: Math.round(box.y + box.height / 2),
				x: Math.round(box.x + Math.min(100, box.width / 2)) };
		})()`);
		await this.perform([{ type: "pointer", id: "mouse",
			actions: [{ type: "pointerMove", x, y, duration: 0 },
				{ type: "pointerDown", button: 0 },
				{ type: "pointerUp", button: 0 }] }]);
	}

	wheel(deltaY) {
		return this.perform([{ type: "wheel", id: "wheel", actions: [
			{ type: "scroll", x: 300, y: 300, deltaX: 0, deltaY,
				duration: 0 }] }]);
	}

	async close() {
		const over = new Promise((done) => {
			if (this.error || this.process.exitCode !== null)
				done();
			this.process.once("exit", done);
		});
		if (this.socket)
			this.call("Marionette:Quit", { flags: ["eForceQuit"] })
				.catch(() => {});
		else
			this.process.kill();
		await over;
		this.socket?.destroy();
		rmSync(this.home, { recursive: true, force: true,
			maxRetries: 50 });
	}
}
