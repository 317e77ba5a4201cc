// What a person does with the viewer and sees, in Chromium.
//
//	VIEWER_PAGE=... VIEWER_POLICY=... AXE=... node browser_test.mjs
//
// AXE is axe.min.js of the npm package axe-core.
// With PICTURES=FOLDER it leaves pictures there to be looked at.

import assert from "node:assert";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync }
	from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";

import { TURN_RECORDS } from "../../viewer/turns.mjs";
import { Browser } from "../tools/browser.mjs";
import { patience } from "../tools/driven.mjs";
import { Site, numbered } from "./site.mjs";

// A deadline of a person who waits; many others use the machine meanwhile.
const PATIENCE_MS = 120000;

const { AXE } = process.env;

let browser;

before(() => {
	// A name that is no secure context, as on a plain intranet.
	browser = new Browser(
		["--host-resolver-rules=MAP plain.test 127.0.0.1"]);
});
after(() => browser.close());

// The first lines come before the fields, and the keys.
const IS_THERE = "document.querySelector('#finder') !== null";

// A stream with a page that shows it; others in the same browser do not
// share it.
async function show(t, { fragment = "", size, shown, host } = {}) {
	const site = new Site();
	await site.start();
	site.shown = shown;
	if (host !== undefined)
		site.url = site.url.replace("127.0.0.1", host);
	const page = await browser.open(site.url + fragment, size);
	t.after(async () => {
		await page.close();
		await site.stop();
	});
	await page.wait(IS_THERE);
	return { site, page };
}

// What the clipboard has is pasted into the filter, and taken out again.
async function pasted(page) {
	await page.wait("document.querySelector('#spoken').textContent === " +
		"'copied'");
	await clearFilter(page);
	await page.control("v", "paste");
	const text = await page.wait("document.querySelector('#filter').value");
	await clearFilter(page);
	await page.key("Escape");
	return text;
}

async function clearFilter(page) {
	await page.click("#filter");
	await page.control("a", "selectAll");
	await page.key("Backspace");
	await page.wait("document.querySelector('#filter').value === ''");
}

// The bytes of the file that the browser has written when act() was done.
async function downloaded(name, act) {
	const folder = mkdtempSync(join(tmpdir(), "downloads."));
	const file = join(folder, name);
	try {
		await browser.downloadTo(folder);
		await act();
		const end = Date.now() + 1000 * patience;
		while (!existsSync(file)) {
			assert.ok(Date.now() < end, `no ${name}`);
			await new Promise((next) => setTimeout(next, 10));
		}
		return readFileSync(file);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

function picture(name, page) {
	return process.env.PICTURES === undefined ? undefined :
		page.picture().then((png) => writeFileSync(
			`${process.env.PICTURES}/${name}.png`, png));
}

const rows = "[...document.querySelectorAll('.row')]";
const SHOWN = `${rows}.map((row) => row.querySelector('.text').textContent)`;
// The text of the rows on the screen, from the top.
const ON_SCREEN = `(() => {
	const edge = document.querySelector("#log").getBoundingClientRect();
	return ${rows}.filter((row) => {
		const box = row.getBoundingClientRect();
		return box.bottom > edge.top + 1 && box.top < edge.bottom - 1;
	}).map((row) => row.querySelector(".text").textContent);
})()`;

// The wheel scrolls in several frames.
const STANDS_STILL = `(async () => {
	const before = document.querySelector("#log").scrollTop;
	for (let i = 0; i < 5; i++)
		await new Promise(requestAnimationFrame);
	return document.querySelector("#log").scrollTop === before;
})()`;

const shows = (text) =>
	`${SHOWN}.some((row) => row.includes(${JSON.stringify(text)}))`;
// The newest line, whole: after another size of the window the screen is at the
// end with the second frame, as the first one is drawn before the page hears of
// it.
const endsWith = (text) => `(${ON_SCREEN}).at(-1) === ${JSON.stringify(text)}`;
const state = (name) =>
	`document.querySelector("#state").className === "${name}"`;

test("lines come live, at the bottom", async (t) => {
	const { site, page } = await show(t);
	site.write(...numbered(1, 200));
	await page.wait(endsWith("line 200"));
	site.write("line 201");
	await page.wait(endsWith("line 201"));
	await page.wait(state("live"));
	await page.sees("201 lines");
	assert.strictEqual(await page.evaluate("document.title"), "log");
	assert.ok(await page.evaluate(`${rows}.length`) < 150);
	// Where text of several lines is selected, the click is in none.
	assert.strictEqual(await page.evaluate(`(() => {
		let wrong = "";
		onerror = (text) => { wrong = text; };
		document.querySelector("#pane").click();
		return wrong;
	})()`), "");
});

// Opens it, and keeps what every row said that ever was there, and whether the
// page's own script had begun.
async function watchRows(t, site) {
	const page = await browser.open("about:blank");
	t.after(() => page.close());
	await page.call("Page.addScriptToEvaluateOnNewDocument", { source: `
		window.rows_ = [];
		new MutationObserver((changes) => changes.forEach(
			({ addedNodes }) => addedNodes.forEach((node) => {
				if (node.className?.startsWith?.("row"))
					rows_.push({ text: node.textContent,
						begun: document.scripts.length > 2 });
			}))).observe(document, { subtree: true, childList: true });` });
	await page.call("Page.navigate", { url: site.url });
	return page;
}

test("the first lines are there before the script, if they are plain",
	async (t) => {
		const site = new Site();
		await site.start();
		t.after(() => site.stop());
		const lines = ["a <b>line</b>", "ERROR gr\u00fc\u00df Gott"];
		site.write(...lines);
		const early = "rows_.filter(({ begun }) => !begun)" +
			".map(({ text }) => text)";
		const end = Date.now() + PATIENCE_MS;
		let page;
		// A slow machine may begin the script before there are lines.
		do {
			assert.ok(Date.now() < end);
			page = await watchRows(t, site);
			await page.wait("document.querySelector('.row.error')");
			assert.deepStrictEqual(await page.evaluate(SHOWN),
				lines);
		} while ((await page.evaluate(early)).length === 0);
		assert.deepStrictEqual(await page.evaluate(early), lines);
		for (const other of ["\x1b[31mred", "\u202egnp.exe", "a\nb",
			"x".repeat(3000)]) {
			site.write(other);
			page = await watchRows(t, site);
			await page.wait(`${rows}.length === ${site.events.length}`);
			await page.wait(IS_THERE);
			assert.deepStrictEqual(await page.evaluate(early), []);
			site.events.pop();
		}
	});

test("20,000 lines at once: soon there, with one layout a frame", async (t) => {
	const { site, page } = await show(t);
	await page.wait(state("live"));
	await page.evaluate(`window.frames_ = window.most_ = 0;
		const sizer = document.querySelector("#sizer");
		let height = sizer.offsetHeight;
		const watch = new MutationObserver(() => {
			const now = parseFloat(sizer.style.height);
			window.most_ = Math.max(window.most_, now - height);
			height = now;
		});
		watch.observe(sizer, { attributes: true });
		(function count() {
			window.frames_++;
			requestAnimationFrame(count);
		})()`);
	const layouts = await page.metric("LayoutCount");
	const frames = await page.evaluate("window.frames_");
	const began = Date.now();
	site.write(...numbered(1, 20000));
	await page.wait(shows("line 20000"));
	const ms = Date.now() - began;
	const more = await page.metric("LayoutCount") - layouts;
	const most = await page.evaluate("window.frames_") - frames + 2;
	const atOnce = await page.evaluate("window.most_ / " +
		"document.querySelector('.row').getBoundingClientRect().height");
	t.diagnostic(`${ms} ms, ${more} layouts in ${most} frames, ` +
		`${Math.round(atOnce)} lines in one`);
	assert.ok(more <= most);
	assert.ok(atOnce <= TURN_RECORDS + 1);
	assert.ok(ms < PATIENCE_MS);
});

test("what is read stays where it is, and new lines are counted", async (t) => {
	const { site, page } = await show(t);
	site.write(...numbered(1, 1000));
	await page.wait(shows("line 1000"));
	await page.wheel(-4000);
	await page.wait(`!${shows("line 1000")}`);
	await page.wait(STANDS_STILL);
	const before = await page.evaluate(ON_SCREEN);
	site.write(...numbered(1001, 300), "x".repeat(5000));
	await page.sees("301 new lines");
	assert.deepStrictEqual(await page.evaluate(ON_SCREEN), before);
	// More than are kept.
	for (let i = 0; i < 6; i++)
		site.write(...numbered(2000 + 10000 * i, 10000));
	await page.sees("60,301 new lines");
	assert.deepStrictEqual(await page.evaluate(ON_SCREEN), before);
	await picture("reading", page);
	await page.click("#fresh");
	await page.wait(shows("line 61999"));
	await page.sees("50,000 lines");
});

test("who reads far above lets nothing in that would push, and loses nothing",
	async (t) => {
		const { site, page } = await show(t);
		site.write(...numbered(1, 1000));
		await page.wait(shows("line 1000"));
		await page.key("g");
		await page.wait(shows("line 1"));
		for (let i = 0; i < 11; i++)
			site.write(...numbered(10000 * (i + 1), 10000));
		await page.wait(state("held"));
		const [top] = await page.evaluate(ON_SCREEN);
		assert.strictEqual(top, "line 1");
		await page.key("G");
		await page.wait(state("live"));
		await page.wait(shows("line 119999"));
		assert.strictEqual(site.requests.length, 2);
	});

test("lines are text, and what is not seen is shown", async (t) => {
	const { site, page } = await show(t);
	const hostile = ["<img src=x onerror=\"document.title = 'x'\">",
		"<script>document.title = 'x'</script>", "</span></div><h1>",
		"\u202egnp.exe", "\x07 \x85", "javascript:alert(1)"];
	site.write(...hostile);
	site.writeFrames(["event: <b>type</b>\ndata: typed\n"]);
	site.write("y".repeat(262144), "the end");
	await page.wait(shows("the end"));
	const shown = await page.evaluate(SHOWN);
	assert.deepStrictEqual(shown.slice(0, 3), hostile.slice(0, 3));
	assert.strictEqual(shown[3], "<U+202E>gnp.exe");
	assert.strictEqual(shown[4], "\u2407 <U+0085>");
	assert.strictEqual(await page.evaluate("document.title"), "log");
	assert.strictEqual(await page.evaluate(
		"document.querySelectorAll('#pane img, #pane h1, " +
		"#pane script, #pane b, [style*=url]').length"), 0);
	await page.sees("260144 more characters");
	await picture("hostile", page);
});

test("what is not seen is shown beside a line, too", async (t) => {
	const { site, page } = await show(t);
	site.send("event: a\u202eb\u0007\ndata: x\n" +
		"id: c\u2066d\u001b" + "e".repeat(1000) + "\n\n");
	await page.sees("a<U+202E>b\u2407");
	await page.click("#pane .text");
	await page.sees("id c<U+2066>d\u241beee");
	assert.ok(await page.evaluate(
		"document.querySelector('#id').textContent.length") < 250);
	// A link is no more than text.
	await page.click("[data-command=link]");
	assert.match(await pasted(page), /#line=c%E2%81%A6d%1Be+$/);
	site.send(": waiting for <b>\u202e</b>" + "x".repeat(5000) + "\n\n");
	await page.sees("waiting for <b><U+202E></b>xxx");
	assert.ok(await page.evaluate(
		"document.querySelector('#state').textContent.length") < 250);
	assert.strictEqual(await page.evaluate("document.title"), "log");
});

test("no stream makes the page slow for good", async (t) => {
	const { site, page } = await show(t);
	await page.wait(state("live"));
	const long = (n) => `i${n}`.padEnd(1024, "i");
	for (let n = 0; n < 100000; n += 1000)
		site.send(Array.from({ length: 1000 }, (_, i) =>
			`event: type ${n + i}\ndata: x\n\n`).join(""));
	for (let n = 0; n < 3000; n++)
		site.send(`data: y\nid: ${long(n)}\n\n`);
	for (let n = 0; n < 10; n++)
		site.write("z ".repeat(131072), "\x1b[31m\u202e".repeat(20000),
			"{\"a\":".repeat(20000) + "1" + "}".repeat(20000),
			"\n".repeat(100000));
	site.write("behind it");
	await page.wait(shows("behind it"));
	assert.ok(await page.evaluate(
		"document.querySelectorAll('*').length") < 5000);
	// It does what a person wants, as before.
	await page.key("/");
	await page.type("behind");
	await page.sees("1 of 50,000 lines");
	site.write("behind it again");
	await page.sees("2 of 50,000 lines");
	await page.key("Escape");
	await page.call("HeapProfiler.collectGarbage");
	const heap = await page.metric("JSHeapUsedSize");
	t.diagnostic(`${Math.round(heap / 1e6)} MB`);
	assert.ok(heap < 150e6);
	const layouts = await page.metric("LayoutCount");
	site.write("the last one");
	await page.sees("50,000 lines");
	await page.wait("document.querySelector('#count').textContent === " +
		"'2 of 50,000 lines'");
	assert.ok(await page.metric("LayoutCount") - layouts < 20);
});

test("gaps, types, colours, levels, records of several lines", async (t) => {
	const { site, page } = await show(t);
	site.write("2026-11-29 INFO started", "WARN low on space",
		"ERROR it failed\n" + numbered(1, 20).join("\n"),
		"\x1b[31mred\x1b[0m plain", '{"level":"info","n":[1,2]}');
	site.writeFrames(["event: deploy\ndata: version 2\n", "event: gap\n" +
		'data: {"reason":"rotated","skipped":7,"unit":"bytes"}\n']);
	site.write("last");
	await page.sees("gap: the file of the last position is gone, 7 bytes");
	await page.sees("deploy");
	await page.wait("document.querySelector('.row.warn') && " +
		"document.querySelector('.row.error') && " +
		"document.querySelector('.fore1').textContent === 'red'");
	await page.wait(shows("last"));
	await picture("kinds", page);
	await page.click(".row.error .more");
	await page.wait(shows("line 20"));
	await page.click(".row.info:not(:first-child) .more");
	await page.wait(shows('"n": [\n    1,\n    2\n  ]'));
	await picture("unfolded", page);
});

test("a filter by text, by expression, by level", async (t) => {
	const { site, page } = await show(t);
	site.write(...numbered(1, 300), "ERROR bad", "WARN so so");
	await page.wait(shows("WARN so so"));
	await page.key("/");
	await page.type("line 29");
	await page.sees("11 of 302 lines");
	await page.wait("document.querySelector('mark').textContent === " +
		"'line 29'");
	site.write("line 2999", "other");
	await page.sees("12 of 304 lines");
	const chosen = (text) => page.wait("document.querySelector(" +
		`'.row.current .text')?.textContent === "${text}"`);
	await page.key("Escape");
	await page.key("N");
	await chosen("line 2999");
	await page.key("N");
	await chosen("line 299");
	await page.key("n");
	await chosen("line 2999");
	await page.key("Escape");
	await page.click("#only");
	await page.wait(shows("other"));
	await page.sees("12 of 304 lines");
	await page.click("#only");
	await page.click("#regex");
	await page.key("/");
	await page.click("#filter");
	await clearFilter(page);
	await page.type("^line (1|2)$");
	await page.sees("2 of 304 lines");
	await page.type("(");
	await page.wait("!document.querySelector('#wrong').hidden");
	await page.sees("2 of 304 lines");
	await picture("wrong", page);
	await clearFilter(page);
	await page.wait("document.querySelector('#wrong').hidden");
	// Past "regex" and "only" to the levels.
	for (let i = 0; i < 3; i++)
		await page.key("Tab");
	await page.key("w");
	// With the two behind them that do not say how grave they are.
	await page.sees("4 of 304 lines");
	await page.wait(shows("ERROR bad"));
	assert.match(await page.evaluate("location.hash"), /level=warn/);
});

test("an expression that backtracks freezes nothing", async (t) => {
	const { site, page } = await show(t, {
		fragment: "#regex=1&filter=(a%2B)%2B%24" });
	site.write("a".repeat(40) + "!");
	await page.sees("it takes too long and was stopped");
	site.write("goes on");
	await page.wait(shows("goes on"));
});

test("choices are in the address, and taste is remembered", async (t) => {
	const { site, page } = await show(t);
	site.write("line 1 " + "long ".repeat(300));
	await page.wait(shows("line 1"));
	await page.key("w");
	await page.wait("!document.querySelector('#log').classList" +
		".contains('wraps') && location.hash.includes('wrap=0')");
	await page.key("t");
	await page.wait("document.querySelector('.row time')");
	await page.key("d");
	await page.wait("location.hash.includes('theme=light')");
	await page.key("d");
	await page.wait("document.documentElement.classList.contains('dark')");
	await picture("dark", page);
	const other = await browser.open(site.url);
	await other.wait("document.documentElement.classList.contains('dark')");
	await other.evaluate("localStorage.clear()");
	await other.close();
});

test("the theme is the system's until one is chosen, and then stays",
	async (t) => {
		const { site, page } = await show(t);
		const system = (value) => page.call(
			"Emulation.setEmulatedMedia", { features: [
				{ name: "prefers-color-scheme", value }] });
		const GROUNDS = { light: "rgb(255, 255, 255)",
			dark: "rgb(20, 24, 27)" };
		const is = (theme) => page.wait("getComputedStyle(document.body)" +
			`.backgroundColor === "${GROUNDS[theme]}"`);
		for (const theme of ["dark", "light", "dark"]) {
			await system(theme);
			await is(theme);
		}
		await page.key("d");
		await is("light");
		await page.key("d");
		await is("dark");
		await system("light");
		await page.wait("!matchMedia('(prefers-color-scheme: dark)')" +
			".matches");
		await is("dark");
		// Without the choice in the address, too.
		await page.call("Page.navigate", { url: "about:blank" });
		await page.call("Page.navigate", { url: site.url });
		await page.wait(IS_THERE);
		await is("dark");
		await page.evaluate("localStorage.clear()");
	});

test("a page that comes back from the browser's memory goes on", async (t) => {
	const site = new Site();
	site.keeps = true;
	await site.start();
	site.write("line 1");
	const page = await browser.open(site.url);
	t.after(async () => { await page.close(); await site.stop(); });
	await page.wait(IS_THERE);
	await page.wait(shows("line 1"));
	await page.evaluate(`addEventListener("pageshow", ({ persisted }) => {
		window.persisted_ = persisted; })`);
	await page.call("Page.navigate",
		{ url: site.url.replace("/sse/log", "/frame?framed=about:blank") });
	await page.wait("location.pathname === '/frame'");
	await site.has(0);
	site.write("line 2");
	await page.evaluate("history.back()");
	await page.wait("window.persisted_ === true");
	await page.wait(shows("line 2"));
	site.write("line 3");
	await page.wait(shows("line 3"));
	assert.deepStrictEqual(await page.evaluate(SHOWN),
		["line 1", "line 2", "line 3"]);
	await site.has(1);
});

test("no page of another site can have it in a frame", async (t) => {
	const site = new Site();
	await site.start();
	const page = await browser.open("about:blank");
	t.after(async () => { await page.close(); await site.stop(); });
	const framed = site.url.replace("/sse/log",
		`/frame?framed=${site.url}`);
	const LOADED = "performance.getEntriesByType('navigation')[0]" +
		".loadEventEnd > 0 && location.host";
	const { host } = new URL(site.url);
	const other = host.replace("127.0.0.1", "plain.test");
	await page.call("Page.navigate",
		{ url: framed.replace("127.0.0.1", "plain.test") });
	await page.wait(`(${LOADED}) === "${other}"`);
	await page.call("Page.navigate", { url: framed });
	await page.wait(`(${LOADED}) === "${host}"`);
	site.write("line 1");
	await page.wait("frames[0].document.body.innerText" +
		".includes('line 1')");
	// What was refused has asked for nothing.
	assert.strictEqual(site.requests.length, 1);
});

test("a line is copied, and lines are downloaded, as they are", async (t) => {
	const { site, page } = await show(t);
	const texts = ["<b>1</b>\t\u202e \x07 gr\u00fc\u00df \u{1f600}",
		"ERROR bad\nat x", "INFO =1+1"];
	site.write(...texts);
	await page.wait(shows("INFO =1+1"));
	await page.click("#pane .row:first-child .text");
	await page.click("[data-command=copy]");
	assert.strictEqual(await pasted(page), texts[0]);
	await page.key("k");
	await page.key("c");
	assert.strictEqual(await pasted(page), texts[0]);
	// By the mouse all lines, by keys those of a level.
	const file = (...shown) => Buffer.from(shown.join("\n") + "\n");
	assert.deepStrictEqual(await downloaded("log.txt", async () => {
		await page.click("summary");
		await page.click("[data-command=save]");
	}), file(...texts));
	await page.click("summary");
	await page.key("/");
	for (let i = 0; i < 3; i++)
		await page.key("Tab");
	assert.strictEqual(await page.evaluate("document.activeElement.id"),
		"level");
	await page.key("e");
	await page.sees("1 of 3 lines");
	await page.key("Escape");
	assert.deepStrictEqual(await downloaded("log.txt",
		() => page.key("s")), file(texts[1]));
	await page.key("/");
	for (let i = 0; i < 3; i++)
		await page.key("Tab");
	await page.key("a");
	await page.wait(shows("INFO =1+1"));
	assert.strictEqual(await page.evaluate("document.title"), "log");
});

test("a link to a line opens at that line", async (t) => {
	const { site, page } = await show(t, { shown: 100 });
	site.write(...numbered(1, 500));
	await page.wait(shows("line 500"));
	await page.wheel(-3000);
	await page.wait(`!${shows("line 500")}`);
	await page.wait(STANDS_STILL);
	await page.clickAt(60, 300);
	const chosen = await page.wait("document.querySelector('.row.current " +
		".text')?.textContent");
	await page.key("l");
	const link = await pasted(page);
	assert.match(link, /#line=e\d+&after=e\d+$/);
	site.write(...numbered(501, 400));
	const other = await browser.open(link);
	await other.wait("document.querySelector('.row.current .text')" +
		`?.textContent === ${JSON.stringify(chosen)}`);
	assert.ok((await other.evaluate(ON_SCREEN)).includes(chosen));
	await other.close();
});

test("older lines come on demand, and the place stays", async (t) => {
	const site = new Site();
	await site.start();
	site.write(...numbered(1, 500));
	site.shown = 100;
	const page = await browser.open(site.url);
	t.after(async () => { await page.close(); await site.stop(); });
	await page.wait(IS_THERE);
	await page.sees("100 lines");
	const before = await page.evaluate(ON_SCREEN);
	await page.key("o");
	await page.sees("500 lines");
	assert.deepStrictEqual(await page.evaluate(ON_SCREEN), before);
	await page.key("g");
	await page.wait(shows("line 1"));
	await page.key("o");
	await page.sees("There are no older lines");
});

// Its path by itself is an address of another host.
test("what is chosen is written to an address with two slashes", async (t) => {
	const site = new Site();
	await site.start();
	site.write("line a", "line b");
	const page = await browser.open(site.url.replace("/sse", "//sse"));
	t.after(async () => { await page.close(); await site.stop(); });
	await page.wait(IS_THERE);
	await page.sees("2 lines");
	await page.click("#filter");
	await page.type("b");
	await page.sees("1 of 2 lines");
	assert.match(await page.evaluate("location.href"),
		/\/\/sse\/log#filter=b$/);
	await clearFilter(page);
	await page.sees("2 lines");
	assert.match(await page.evaluate("location.href"), /\/\/sse\/log$/);
});

test("who is refused older lines is not told that there are none", async (t) => {
	const { site, page } = await show(t);
	site.write("line 1");
	await page.wait(shows("line 1"));
	site.instead = (response) => {
		response.writeHead(503);
		response.end();
	};
	await page.key("o");
	await page.sees("Older lines did not come");
	site.instead = null;
	await page.key("o");
	await page.sees("There are no older lines");
});

test("older lines that are asked for twice come once", async (t) => {
	const site = new Site();
	await site.start();
	site.write(...numbered(1, 500));
	site.shown = 100;
	const page = await browser.open(site.url);
	t.after(async () => { await page.close(); await site.stop(); });
	await page.wait(IS_THERE);
	await page.sees("100 lines");
	await page.key("o");
	await page.key("o");
	await site.has(1, 3); // both have what they asked for
	await page.key("o");
	await page.sees("There are no older lines");
	await page.sees("500 lines");
});

test("it survives what servers do", async (t) => {
	const { site, page } = await show(t);
	site.write("line 1");
	await page.wait(shows("line 1"));
	site.instead = (response) => {
		response.writeHead(502, { "Content-Type": "text/html" });
		response.end("<h1>Bad Gateway</h1>");
	};
	site.cut();
	await page.sees("refused: 502 Bad Gateway; again in");
	await picture("refused", page);
	site.instead = (response) => {
		response.writeHead(200, { "Content-Type": "text/event-stream",
			"Retry-After": "1" });
		response.end("retry: 1000\n: too many\n\n");
	};
	await page.offline(true);
	await page.wait("!navigator.onLine");
	await page.offline(false);
	await page.sees("too many readers; again in 1 s");
	site.write("line 2");
	site.instead = null;
	await page.wait(shows("line 2"));
	assert.deepStrictEqual(await page.evaluate(SHOWN),
		["line 1", "line 2"]);
	site.instead = (response) => {
		response.writeHead(204);
		response.end();
	};
	site.cut();
	await page.sees("the stream has ended");
});

// A list of streams is one; what a gateway says need not be.
test("an answer of JSON that is no list is not the end", async (t) => {
	const { site, page } = await show(t);
	site.write("line 1");
	await page.wait(shows("line 1"));
	for (const [text, state] of [
		['{"error":"busy"}', "refused: no event stream, but"],
		["null", "no connection; again in"],
		['{"str', "no connection; again in"]]) {
		const asked = site.requests.length;
		site.instead = (response) => {
			response.writeHead(200,
				{ "Content-Type": "application/json" });
			response.end(text);
		};
		site.cut();
		await page.offline(true);
		await page.wait("!navigator.onLine");
		await page.offline(false);
		await site.has(0, asked + 1);
		await page.sees(state);
	}
	site.instead = null;
	site.write("line 2");
	await page.wait(shows("line 2"));
	assert.deepStrictEqual(await page.evaluate(SHOWN),
		["line 1", "line 2"]);
});

test("it asks at once when somebody looks, and shows no password",
	async (t) => {
		const site = new Site();
		await site.start();
		const page = await browser.open(
			site.url.replace("//", "//me:secret@"));
		t.after(async () => { await page.close(); await site.stop(); });
		site.write("line 1");
		await page.wait(IS_THERE);
		await page.wait(shows("line 1"));
		site.instead = (response) => {
			response.writeHead(503);
			response.end();
		};
		// So long that nothing but a wish ends it.
		site.send("retry: 3600000\n\n");
		site.cut();
		await page.sees("refused: 503 Service Unavailable; again in");
		site.instead = null;
		const asked = site.requests.length;
		// Another tab, and back.
		const other = await browser.open("about:blank");
		await page.wait("document.hidden");
		await page.front();
		await site.has(1, asked + 1);
		await other.close();
		await page.wait(state("live"));
		await page.click("#pane .text");
		await page.key("l");
		assert.doesNotMatch(await page.text(), /secret/);
	});

test("without JavaScript it says how to read the stream", async (t) => {
	const site = new Site();
	await site.start();
	const page = await browser.open("about:blank");
	t.after(async () => { await page.close(); await site.stop(); });
	await page.call("Emulation.setScriptExecutionDisabled",
		{ value: true });
	await page.call("Page.navigate", { url: site.url });
	await page.sees("curl -N");
});

test("a time to begin at is a page of its own", async (t) => {
	const { page } = await show(t);
	await page.click("summary");
	await page.wait("document.querySelector('#since').offsetWidth > 0");
	await page.click("#since");
	await page.type("-30m");
	await page.wait("document.querySelector('#since').value === '-30m'");
	await page.key("Enter");
	await page.wait("location.search === '?since=-30m'");
	await page.wait(state("live"));
});

test("a connection that is dead is noticed", async (t) => {
	const { site, page } = await show(t);
	site.write("line 1");
	await page.wait(shows("line 1"));
	// It stays open, and nothing comes any more.
	site.open.clear();
	site.write("line 2");
	await page.wait(shows("line 2"));
	assert.strictEqual(site.requests.length, 2);
});

test("several streams: listed, together, alone", async (t) => {
	const site = new Site();
	await site.start();
	site.url = site.url.replace(/log$/, "");
	const [app, web] = ["app", "web", "c", "d", "e"]
		.map((name) => site.add(name));
	app.write("app 1");
	const page = await browser.open(site.url);
	t.after(async () => { await page.close(); await site.stop(); });
	await page.sees("choose streams");
	await page.sees("app");
	assert.strictEqual(app.open.size + web.open.size, 0);
	await page.click("#streams p:nth-child(1) input");
	await page.wait(shows("app 1"));
	await page.wait(state("live")); // and nothing moves any more
	await page.click("#streams p:nth-child(2) input");
	await web.has(1);
	for (const [stream, line] of [[web, "web 1"], [app, "app 2"],
		[web, "WARN web 2"]]) {
		stream.write(line);
		await page.wait(shows(line));
	}
	await page.sees("live");
	assert.deepStrictEqual(await page.evaluate(SHOWN),
		["app 1", "web 1", "app 2", "WARN web 2"]);
	assert.deepStrictEqual(await page.evaluate(`${rows}.map((row) =>
		row.querySelector(".feed").className + " " +
		row.querySelector(".feed").textContent)`),
	["feed fore1 app", "feed fore2 web", "feed fore1 app",
		"feed fore2 web"]);
	await picture("several", page);
	assert.match(await page.evaluate("location.hash"),
		/streams=app%2Cweb/);
	// The next tab shows the same, over the same connections.
	const other = await browser.open(await page.evaluate("location.href"));
	await other.wait(shows("WARN web 2"));
	await app.has(1);
	await web.has(1);
	await other.close();
	await page.front();
	web.instead = (response) => {
		response.writeHead(503);
		response.end();
	};
	const box = "document.querySelector('#streams p:nth-child(2) input')" +
		".getBoundingClientRect().top";
	const top = await page.evaluate(box);
	web.cut();
	await page.sees("web: refused: 503");
	assert.strictEqual(await page.evaluate(box), top);
	web.instead = null;
	await page.wait(state("live")); // and nothing moves any more
	await page.click("#streams p:nth-child(2) input");
	await page.wait(`!${shows("web 1")}`);
	assert.deepStrictEqual(await page.evaluate(SHOWN), ["app 1", "app 2"]);
	for (const number of [2, 3, 4, 5]) {
		await page.wait(state("live"));
		await page.click(`#streams p:nth-child(${number}) input`);
	}
	await page.sees("At most 4 streams are shown together.");
	await page.click("#streams p:nth-child(1) a");
	await page.wait("location.pathname === '/sse/app'");
	await page.wait(shows("app 2"));
});

test("where one of several goes, new lines of the others are counted",
	async (t) => {
		const site = new Site();
		await site.start();
		site.url = site.url.replace(/log$/, "");
		const [app, web] = ["app", "web"].map((name) => site.add(name));
		web.write(...numbered(1, 1000));
		const page = await browser.open(`${site.url}#streams=app,web`);
		t.after(async () => { await page.close(); await site.stop(); });
		await page.wait(endsWith("line 1000"));
		app.write(...numbered(5001, 500));
		await page.wait(endsWith("line 5500"));
		await page.wait(state("live")); // and nothing moves any more
		await page.click("#streams p:nth-child(2) input");
		await page.sees("500 lines");
		await page.wheel(-4000);
		await page.wait(`!${shows("line 5500")}`);
		await page.wait(STANDS_STILL);
		app.write(...numbered(6001, 30));
		await page.sees("30 new lines");
	});

// None was shown, and no box could be unticked but all at once.
test("of an address with too many streams the first are shown", async (t) => {
	const site = new Site();
	await site.start();
	site.url = site.url.replace(/log$/, "");
	const names = ["a", "b", "c", "d", "e", "f"];
	const streams = names.map((name) => site.add(name));
	streams.forEach((stream, i) => stream.write(`line of ${names[i]}`));
	const page = await browser.open(
		`${site.url}#streams=${names.join(",")}`);
	t.after(async () => { await page.close(); await site.stop(); });
	for (const name of names.slice(0, 4))
		await page.wait(shows(`line of ${name}`));
	await page.wait(state("live")); // and nothing moves any more
	await page.click("#streams p:nth-child(1) input");
	await page.wait(`!${shows("line of a")}`);
	await page.click("#streams p:nth-child(6) input");
	await page.wait(shows("line of f"));
});

// A tab is drawn when it is in front.
async function allShow(pages, lines) {
	for (const page of pages) {
		await page.front();
		await page.wait(shows(lines.at(-1)));
		assert.deepStrictEqual(await page.evaluate(SHOWN), lines);
	}
}

// Where the browser has no clipboard for the page, the text is selected.
async function copiesWithoutClipboard(page) {
	await page.wait(IS_THERE);
	await page.key("k");
	await page.wait("document.querySelector('.row.current')");
	await page.key("c");
	await page.wait(`(() => {
		const { id, value, selectionEnd } = document.activeElement;
		return id === "copied" && value === "line 2" &&
			selectionEnd === value.length;
	})()`);
}

for (const host of ["127.0.0.1", "plain.test"]) {
	test(`tabs of ${host} share one connection`, async (t) => {
		const { site, page } = await show(t, { host });
		site.write("line 1");
		await page.wait(shows("line 1"));
		assert.strictEqual(await page.evaluate(
			"navigator.locks === undefined"), host !== "127.0.0.1");
		// Timers of a tab that is not in front are late: another one
		// could be the first.
		if (host === "127.0.0.1")
			await page.wait("navigator.locks.query().then(" +
				"({ held }) => held.length === 1)");
		const others = [];
		for (let i = 0; i < 3; i++)
			others.push(await browser.open(site.url));
		await allShow(others, ["line 1"]);
		// Each has asked early, and left it to the one that leads; what
		// it shows from then on is that one's.
		await site.has(1);
		site.write("line 2");
		await allShow(others, ["line 1", "line 2"]);
		if (host !== "127.0.0.1")
			await copiesWithoutClipboard(others.at(-1));
		// Without locks it may be another one that leads.
		const next = host === "127.0.0.1" ? site.requests.length + 1 : 0;
		await page.call("Page.navigate", { url: "about:blank" });
		await site.has(1, next);
		site.write("line 3");
		await allShow(others, ["line 1", "line 2", "line 3"]);
		await site.has(1);
		for (const other of others)
			await other.close();
	});
}

test("all by keyboard, and told to who does not see it", async (t) => {
	const { site, page } = await show(t);
	site.write(...numbered(1, 50));
	await page.wait(shows("line 50"));
	assert.strictEqual(await page.evaluate("document.activeElement.id"),
		"log");
	assert.strictEqual(await page.evaluate(
		"document.querySelector('#log').getAttribute('role')"), "log");
	await page.key("k");
	await page.key("k");
	await page.wait("document.querySelector('.row.current')");
	const spoken = await page.evaluate(
		"document.querySelector('#spoken').textContent");
	assert.match(spoken, /^line \d+$/);
	await page.key("?");
	await page.sees("unfold or fold the line");
	await picture("keys", page);
	await page.key("Escape");
	await page.wait("!document.querySelector('#help').open");
	await page.key("/");
	assert.strictEqual(await page.evaluate("document.activeElement.id"),
		"filter");
	await page.key("Escape");
	assert.strictEqual(await page.evaluate("document.activeElement.id"),
		"log");
	// Each control has a name.
	assert.deepStrictEqual(await page.evaluate(`[...document
		.querySelectorAll("input, select, button, textarea")]
		.filter((one) => !one.hidden && one.checkVisibility() &&
			!one.labels?.length &&
			!one.getAttribute("aria-label") &&
			one.textContent.trim() === "")
		.map((one) => one.id)`), []);
});

// What axe-core says against the page as it is, in a few words each.
async function findings(page) {
	await page.evaluate(`globalThis.axe === undefined &&
		(0, eval)(${JSON.stringify(readFileSync(AXE, "utf8"))})`);
	const { violations } = await page.evaluate("axe.run()");
	return violations.map(({ id, nodes }) =>
		`${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

test("axe-core finds nothing, whatever is open", { skip: !AXE &&
	"AXE is not set: no npm, or its registry was not reached" }, async (t) => {
	const { site, page } = await show(t);
	site.write("plain", "WARN so so", "ERROR bad", "2026 INFO good", "DEBUG x",
		"\x1b[31mred\x1b[0m \x1b[42mgreen\x1b[0m", '{"a":[1,2]}');
	site.writeFrames(["event: gap\ndata: {}\n"]);
	await page.wait(shows("red green"));
	const look = async (what) => assert.deepStrictEqual(
		await findings(page), [], what);
	for (const theme of ["light", "dark"]) {
		await page.key("d");
		await page.wait(`location.hash.includes("theme=${theme}")`);
		await look(`${theme}: lines`);
		await page.clickAt(60, 120);
		await page.wait("document.querySelector('.row.current')");
		await page.click("summary");
		await look(`${theme}: a line, the menu`);
		await page.click("summary");
		await page.key("?");
		await page.wait("document.querySelector('#help').open");
		await look(`${theme}: the keys`);
		await page.key("Escape");
		await page.wait("!document.querySelector('#help').open");
		await page.key("Escape");
	}
	await page.click("#regex");
	await page.click("#filter");
	await page.type("(");
	await page.wait("!document.querySelector('#wrong').hidden");
	await look("a wrong filter");
	await page.evaluate("localStorage.clear()");
	site.add("app").write("app 1");
	site.add("web");
	await page.call("Page.navigate",
		{ url: `${site.url}/#streams=app&theme=dark` });
	await page.wait(shows("app 1"));
	await look("several streams");
});

test("a phone, and twice the size", async (t) => {
	const { site, page } = await show(t,
		{ size: { width: 390, height: 800 } });
	site.write(...numbered(1, 50), "word ".repeat(60));
	await page.wait(shows("word word"));
	assert.ok(await page.evaluate(
		"document.documentElement.scrollWidth <= 390"));
	assert.ok(await page.evaluate(
		"document.querySelector('header').offsetHeight <= 110"));
	await picture("phone", page);
	await page.call("Emulation.setDeviceMetricsOverride", { width: 500,
		height: 350, deviceScaleFactor: 2, mobile: false });
	await page.wait("innerWidth === 500");
	// It is at the end as it was.
	site.write("last");
	await page.wait(endsWith("last"));
	assert.ok(await page.evaluate(
		"document.documentElement.scrollWidth <= 500"));
	await picture("zoom", page);
});

test("10,000 lines a second: no long task, and memory stays", async (t) => {
	const seconds = Number(process.env.FLOOD_SECONDS ?? 5);
	const { site, page } = await show(t);
	await page.wait(state("live"));
	await page.evaluate(`window.long_ = [];
		new PerformanceObserver((list) => window.long_.push(
			...list.getEntries().map((entry) => entry.duration)))
			.observe({ entryTypes: ["longtask"] })`);
	let count = 0;
	const line = (n) => `2026-11-29 12:00:00 INFO request ${n} took 12 ms`;
	const began = Date.now();
	while (Date.now() - began < 1000 * seconds) {
		const due = (Date.now() - began) * 10;
		site.write(...Array.from({ length: due - count },
			(_, i) => line(count + i)));
		count = due;
		await new Promise((next) => setTimeout(next, 20));
	}
	site.write("the very last");
	await page.wait(shows("the very last"));
	// The sparkline has a second with the most lines, at its top.
	await page.wait("document.querySelector('#spark')" +
		".getAttribute('points').includes(',1.0')");
	const longest = Math.max(0, ...await page.evaluate("window.long_"));
	await page.call("HeapProfiler.collectGarbage");
	const heap = await page.metric("JSHeapUsedSize");
	t.diagnostic(`${count} lines, longest task ${longest} ms, ` +
		`${Math.round(heap / 1e6)} MB, all after ` +
		`${Date.now() - began - 1000 * seconds} ms`);
	assert.ok(heap < 150e6);
});
