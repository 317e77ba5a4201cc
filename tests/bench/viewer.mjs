// viewer.mjs - how soon lines are on the screen, in Chromium; see viewer.bash.
//
//	node viewer.mjs URL LOG WORKER [FRONTAIL]
//
// URL has the stream at /cgi-bin/log and the bare page at /bare.html; WORKER has
// the same at /sse/log, of sse-fcgi, or is "none"; FRONTAIL is where frontail
// shows the same log.  FLOOD_SECONDS is a minute; with OPENINGS_ONLY=1 only the
// first line is looked at.

import { appendFileSync } from "node:fs";

import { Browser } from "../tools/browser.mjs";

const [url, log, worker, frontail] = process.argv.slice(2);

const BURSTS = [[1000, 150], [5000, 400], [20000, 1000]]; // lines, ms at most
const FRONTAIL_LINES_MAX = 5000; // more takes it minutes
const ROUNDS = 5; // of a burst
const OPENINGS = 15; // of each page
const FLOOD_SECONDS = Number(process.env.FLOOD_SECONDS ?? 60);
const FLOOD_PER_SECOND = 10000; // lines
const PATIENCE_SECONDS = 180;

const viewer = { name: "viewer", url: `${url}/cgi-bin/log`,
	last: "[...document.querySelectorAll('#pane .row')].at(-1)" };
const other = { name: "frontail", url: frontail,
	last: "document.querySelector('.log > :last-child')" };

function median(numbers) {
	const sorted = [...numbers].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)];
}

// The median, and the least and the most.
function describe(numbers, unit) {
	const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
	return `${median(numbers).toFixed(0)} ${unit} ` +
		`(${least.toFixed(0)} .. ${most.toFixed(0)})`;
}

function say(name, text) {
	console.log(`${name.padEnd(34)} ${text}`);
}

const logLine = (n) => `2026-11-29 12:00:00 INFO request ${n} took 12 ms`;

let marks = 0;

function append(count, mark) {
	const lines = Array.from({ length: count - 1 }, (_, i) => logLine(i));
	appendFileSync(log, [...lines, mark].join("\n") + "\n");
}

// Until a frame whose last line is that one: ms since it was written.
async function burst(page, { last }, count) {
	const mark = `mark ${++marks} end`;
	await page.evaluate(`window.shown_ = new Promise((done) => {
		const look = () => ${last}?.textContent.includes(
			${JSON.stringify(mark)}) ? done(Date.now()) :
			requestAnimationFrame(look);
		look();
	}); 0`);
	const layouts = await page.metric("LayoutCount");
	const began = Date.now();
	append(count, mark);
	const ms = await page.evaluate("window.shown_") - began;
	return { ms, layouts: await page.metric("LayoutCount") - layouts };
}

async function bursts(browser, target, count, most) {
	const page = await browser.open(target.url);
	await page.wait(target.last, PATIENCE_SECONDS);
	const seen = [];
	const rounds = target === viewer ? ROUNDS : 1;
	for (let i = 0; i < rounds; i++)
		seen.push(await burst(page, target, count));
	await page.close();
	say(`${count} lines at once, ${target.name}`,
		describe(seen.map(({ ms }) => ms), "ms") +
		(most ? `, at most ${most}` : "") + "; layouts " +
		median(seen.map(({ layouts }) => layouts)));
}

// When the first line was presented, in ms since the address was opened: by the
// browser's own Element Timing, which the line is marked for as it comes.
const FIRST = (last) => `(() => {
	const watch = new MutationObserver(() => {
		const line = ${last};
		if (window.first_ !== undefined)
			watch.disconnect();
		else if (line && !line.hasAttribute("elementtiming"))
			line.setAttribute("elementtiming", "line");
	});
	watch.observe(document, { subtree: true, childList: true });
	new PerformanceObserver((list) => {
		window.first_ ??= list.getEntries()[0].renderTime;
	}).observe({ type: "element", buffered: true });
})()`;

async function opening(browser, { url: address, block }) {
	const page = await browser.open("about:blank");
	await page.call("Page.addScriptToEvaluateOnNewDocument",
		{ source: FIRST(block) });
	await page.call("Page.navigate", { url: address });
	const ms = await page.wait("window.first_");
	const pageMs = await page.evaluate(
		"performance.getEntriesByType('navigation')[0].responseEnd");
	await page.close();
	return { ms, pageMs };
}

const PARTS = { ms: "the line", pageMs: "before it the page" };

// Behind a server: the stream's address, and that of the bare page.
async function openings(browser, name, streamUrl, bareUrl) {
	const block = "document.querySelector('#pane .row:last-child')";
	const pages = {
		bare: { url: bareUrl, block: "document.querySelector(" +
			"'#rows li:last-child pre')" },
		viewer: { url: streamUrl, block },
	};
	const seen = { viewer: [], bare: [] };
	// The first of each is for what the browser has to load.
	for (let i = 0; i <= OPENINGS; i++)
		for (const page of ["bare", "viewer"]) {
			const times = await opening(browser, pages[page]);
			if (i > 0)
				seen[page].push(times);
		}
	const ratios = seen.viewer.map(({ ms }, i) => ms / seen.bare[i].ms);
	say(`first line, ${name}`,
		`${median(ratios).toFixed(2)} x the bare page ` +
		`(${Math.min(...ratios).toFixed(2)} .. ` +
		`${Math.max(...ratios).toFixed(2)}), at most 1.2; ` +
		Object.entries(PARTS).map(([part, title]) => {
			const [ours, theirs] = [seen.viewer, seen.bare].map(
				(all) => describe(all.map((one) => one[part]),
					"ms"));
			return `${title} ${ours} against ${theirs}`;
		}).join("; "));
}

async function heap(page) {
	await page.call("HeapProfiler.collectGarbage");
	return Math.round(await page.metric("JSHeapUsedSize") / 1e6);
}

async function pour() {
	const began = Date.now();
	for (let count = 0; ;) {
		const ms = Math.min(Date.now() - began, 1000 * FLOOD_SECONDS);
		const due = Math.floor(ms * FLOOD_PER_SECOND / 1000);
		if (due > count)
			append(due - count, logLine(count));
		count = due;
		if (ms === 1000 * FLOOD_SECONDS)
			return count;
		await new Promise((next) => setTimeout(next, 20));
	}
}

async function flood(browser) {
	const page = await browser.open(viewer.url);
	await page.wait(viewer.last);
	await page.evaluate(`window.long_ = [];
		new PerformanceObserver((list) => window.long_.push(
			...list.getEntries().map(({ duration }) => duration)))
			.observe({ entryTypes: ["longtask"] })`);
	await burst(page, viewer, 50000);
	await page.evaluate("window.long_.length = 0");
	const before = await heap(page);
	const count = await pour();
	const { ms } = await burst(page, viewer, 1);
	const long = await page.evaluate("window.long_");
	say(`${FLOOD_PER_SECOND} lines a second, ${FLOOD_SECONDS} s`,
		`${count} lines, longest task ` +
		`${Math.max(0, ...long).toFixed(0)} ms, at most 200; ` +
		`${long.length} tasks over 50 ms; memory ${before} MB, ` +
		`then ${await heap(page)}; the last line after ${ms} ms`);
	await page.close();
}

const browser = new Browser();
const isShort = process.env.OPENINGS_ONLY === "1";
for (const [count, most] of isShort ? [] : BURSTS) {
	await bursts(browser, viewer, count, most);
	if (frontail !== undefined && count <= FRONTAIL_LINES_MAX)
		await bursts(browser, other, count);
}
if (worker !== "none")
	await openings(browser, "sse-fcgi behind nginx", `${worker}/sse/log`,
		`${worker}/bare.html`);
await openings(browser, "sse-cgi in lighttpd", viewer.url, `${url}/bare.html`);
if (!isShort)
	await flood(browser);
await browser.close();
