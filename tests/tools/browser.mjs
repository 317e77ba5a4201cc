// browser.mjs - Chromium without a window, over the DevTools protocol and two
// pipes: no package and no port.  A page is driven as a person would: by keys,
// clicks and what stands on it.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Calls, Driven } from "./driven.mjs";

const STILL_FRAMES = 3; // in which what is clicked does not move

// Of keys that write nothing.
const KEY_CODES = { Escape: 27, Backspace: 8, Enter: 13, Tab: 9 };

const CONTROL = 2; // as the protocol counts modifiers

const OPTIONS = ["--headless", "--no-sandbox", "--disable-gpu",
	"--disable-quic", "--no-first-run", "--disable-background-networking",
	"--disable-component-update", "--disable-sync",
	"--disable-dev-shm-usage", "--remote-debugging-pipe"];

export class Browser {
	constructor(options = []) {
		this.home = mkdtempSync(join(tmpdir(), "browser."));
		this.calls = new Calls();
		this.received = "";
		const { home } = this;
		this.process = spawn(process.env.CHROMIUM ?? "chromium", [
			...OPTIONS, ...options, `--user-data-dir=${home}`,
			"about:blank"], {
			stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
			env: { ...process.env, HOME: home,
				XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home },
		});
		this.process.stdio[4].setEncoding("utf8")
			.on("data", (text) => this.take(text));
		this.process.stdio[3].on("error", () => {});
	}

	take(text) {
		const messages = (this.received + text).split("\0");
		this.received = messages.pop();
		for (const message of messages.map((one) => JSON.parse(one))) {
			const { id, error, result } = message;
			this.calls.answer(id, error, result);
		}
	}

	call(method, params = {}, sessionId = undefined) {
		const id = this.calls.next();
		this.process.stdio[3].write(JSON.stringify(
			{ id, method, params, sessionId }) + "\0");
		return this.calls.expect(id);
	}

	// A tab of its own, in front; in the same browser, or as another
	// person's.
	async open(url, { width = 1000, height = 700, context } = {}) {
		const { targetId } = await this.call("Target.createTarget",
			{ url: "about:blank", browserContextId: context });
		const { sessionId } = await this.call("Target.attachToTarget",
			{ targetId, flatten: true });
		const page = new Page(this, sessionId, targetId);
		await page.call("Page.enable");
		await page.call("Performance.enable");
		await page.call("Emulation.setDeviceMetricsOverride", { width,
			height, deviceScaleFactor: 1, mobile: width < 500 });
		await page.call("Page.navigate", { url });
		return page;
	}

	// Where downloads go from now on.
	downloadTo(downloadPath) {
		return this.call("Browser.setDownloadBehavior",
			{ behavior: "allow", downloadPath });
	}

	async close() {
		const over = new Promise((done) =>
			this.process.once("exit", done));
		this.call("Browser.close").catch(() => {});
		await over;
		rmSync(this.home, { recursive: true, force: true,
			maxRetries: 50 });
	}
}

export class Page extends Driven {
	constructor(browser, session, target) {
		super();
		Object.assign(this, { browser, session, target });
	}

	call(method, params) {
		return this.browser.call(method, params, this.session);
	}

	close() {
		return this.browser.call("Target.closeTarget",
			{ targetId: this.target });
	}

	async evaluate(expression) {
		const { result, exceptionDetails: wrong } = await this.call(
			"Runtime.evaluate", { expression, returnByValue: true,
				awaitPromise: true });
		if (wrong !== undefined)
			throw new Error(wrong.exception?.description ??
				wrong.text);
		return result.value;
	}

	front() {
		return this.call("Page.bringToFront");
	}

	async key(key) {
		const text = key.length === 1 ? key :
			key === "Enter" ? "\r" : undefined;
		const windowsVirtualKeyCode = KEY_CODES[key];
		for (const type of ["keyDown", "keyUp"])
			await this.call("Input.dispatchKeyEvent", { type, key,
				text, windowsVirtualKeyCode });
	}

	// With Ctrl, and what the browser does then: "paste", "selectAll".
	async control(key, command) {
		for (const type of ["rawKeyDown", "keyUp"])
			await this.call("Input.dispatchKeyEvent", { type, key,
				modifiers: CONTROL, commands: [command] });
	}

	async type(text) {
		for (const character of text)
			await this.key(character);
	}

	// Once it stands still, and a click there would come to it.
	async click(selector) {
		const { x, y } = await this.wait(`(async () => {
			const element = document.querySelector(
				${JSON.stringify(selector)});
			const before = element.getBoundingClientRect();
			for (let i = 0; i < ${STILL_FRAMES}; i++)
				await new Promise(requestAnimationFrame);
			const box = element.getBoundingClientRect();
			const x = box.x + Math.min(box.width / 2, 200);
			const y = box.y + box.height / 2;
			return box.x === before.x && box.y === before.y &&
				element.contains(document.elementFromPoint(
					x, y)) && { x, y };
		})()`);
		await this.clickAt(x, y);
	}

	async clickAt(x, y) {
		for (const type of ["mousePressed", "mouseReleased"])
			await this.call("Input.dispatchMouseEvent",
				{ type, x, y, button: "left", clickCount: 1 });
	}

	// The browser says so to the page, as when a cable is pulled.
	offline(offline) {
		return this.call("Network.emulateNetworkConditions", { offline,
			latency: 0, downloadThroughput: -1,
			uploadThroughput: -1 });
	}

	async wheel(deltaY) {
		await this.call("Input.dispatchMouseEvent", {
			type: "mouseWheel", x: 300, y: 300, deltaX: 0,
			deltaY });
	}

	// Of Chromium: LayoutCount, JSHeapUsedSize, ...
	async metric(name) {
		const { metrics } = await this.call("Performance.getMetrics");
		return metrics.find((metric) => metric.name === name).value;
	}

	async picture() {
		const { data } = await this.call("Page.captureScreenshot",
			{ format: "png" });
		return Buffer.from(data, "base64");
	}
}
