// The main points of the viewer in Firefox: what another engine may see
// differently.  browser_test.mjs has all of them.
//
//	VIEWER_PAGE=... VIEWER_POLICY=... node firefox_test.mjs

import assert from "node:assert";
import test, { after, before } from "node:test";

import { Firefox } from "../tools/firefox.mjs";
import { Site, numbered } from "./site.mjs";

const firefox = new Firefox();

before(() => firefox.start());
after(() => firefox.close());

const rows = "[...document.querySelectorAll('.row')]";
const SHOWN = `${rows}.map((row) => row.querySelector('.text').textContent)`;
const shows = (text) =>
	`${SHOWN}.some((row) => row.includes(${JSON.stringify(text)}))`;
const state = (name) =>
	`document.querySelector("#state").className === "${name}"`;
// Its place on the screen, from the top of the log.
const topOf = (text) => `${rows}.find((row) => row.querySelector(".text")
	.textContent === "${text}")?.getBoundingClientRect().top`;

async function show(t, fragment = "") {
	const site = new Site();
	await site.start();
	await firefox.open(site.url + fragment);
	await firefox.wait("document.querySelector('#finder') !== null");
	t.after(async () => {
		await firefox.open("about:blank");
		await site.stop();
	});
	return site;
}

test("lines come live, at the bottom, and the policy lets all of it work",
	async (t) => {
		const site = await show(t);
		site.write(...numbered(1, 20000));
		await firefox.wait(shows("line 20000"));
		site.write("\x1b[31mred\x1b[0m <b>text</b> \u202e", "ERROR bad",
			"a\nb\nc\nd\ne\nf\ng\nh");
		site.writeFrames(["event: gap\n" +
			'data: {"reason":"rotated","skipped":7,"unit":"bytes"}\n',
		"event: deploy\ndata: version 2\n"]);
		site.write("the last one");
		await firefox.wait(shows("the last one"));
		await firefox.wait(state("live"));
		await firefox.sees("20,006 lines");
		await firefox.sees("the last position is gone, 7 bytes left out");
		assert.ok(await firefox.evaluate(shows(
			"red <b>text</b> <U+202E>")));
		assert.strictEqual(await firefox.evaluate(
			"document.querySelector('.fore1').textContent"), "red");
		assert.ok(await firefox.evaluate(
			"document.querySelector('.row.error') !== null"));
		assert.ok(await firefox.evaluate(`${rows}.length`) < 150);
		assert.strictEqual(await firefox.evaluate(`(() => {
			const log = document.querySelector("#log");
			return Math.abs(log.scrollHeight - log.clientHeight -
				log.scrollTop) < 2;
		})()`), true);
		await firefox.click(".more");
		await firefox.wait(shows("\nh"));
	});

test("what is read stays where it is", async (t) => {
	const site = await show(t);
	site.write(...numbered(1, 1000));
	await firefox.wait(shows("line 1000"));
	await firefox.key("g");
	await firefox.wait(shows("line 1"));
	const top = await firefox.wait(topOf("line 3"));
	site.write(...numbered(1001, 20000));
	await firefox.sees("20,000 new lines");
	assert.strictEqual(await firefox.evaluate(topOf("line 3")), top);
	await firefox.click("#fresh");
	await firefox.wait(shows("line 21000"));
	await firefox.wheel(-2000);
	await firefox.wait(`!${shows("line 21000")}`);
	await firefox.key("G");
	await firefox.wait(shows("line 21000"));
});

test("a filter, keys, and one that backtracks", async (t) => {
	const site = await show(t);
	site.write(...numbered(1, 300));
	await firefox.wait(shows("line 300"));
	await firefox.key("/");
	await firefox.key(..."line 29");
	await firefox.sees("11 of 300 lines");
	await firefox.wait("document.querySelector('mark').textContent === " +
		"'line 29'");
	await firefox.key("Escape");
	await firefox.key("k");
	await firefox.wait("document.querySelector('.row.current')");
	await firefox.key("?");
	await firefox.wait("document.querySelector('#help').open");
	await firefox.key("Escape");
	await firefox.wait("!document.querySelector('#help').open");
	await firefox.click("#regex");
	await firefox.click("#filter");
	await firefox.evaluate("document.querySelector('#filter').select()");
	site.write("a".repeat(40) + "!");
	await firefox.key(..."(a+)+$");
	await firefox.sees("it takes too long and was stopped");
	site.write("it goes on");
	await firefox.wait(shows("it goes on"));
});

test("it goes on behind the last line, and shows what servers say",
	async (t) => {
		const site = await show(t);
		site.write("line 1");
		await firefox.wait(shows("line 1"));
		site.instead = (response) => {
			response.writeHead(502, { "Content-Type": "text/html" });
			response.end("<h1>Bad Gateway</h1>");
		};
		site.cut();
		await firefox.sees("refused: 502 Bad Gateway; again in");
		site.instead = null;
		site.write("line 2");
		await firefox.evaluate("dispatchEvent(new Event('online'))");
		await firefox.wait(shows("line 2"));
		assert.deepStrictEqual(await firefox.evaluate(SHOWN),
			["line 1", "line 2"]);
		assert.strictEqual(site.requests.at(-1).id, "e0");
		site.instead = (response) => {
			response.writeHead(204);
			response.end();
		};
		site.cut();
		await firefox.sees("the stream has ended");
	});
