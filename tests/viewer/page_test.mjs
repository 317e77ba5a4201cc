// The page as it is served: its size, its policy, what its sources may not
// have, and whether its colours can be read.

import assert from "node:assert";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";
import vm from "node:vm";

const PAGE_SIZE_MAX = 64 * 1024; // bytes
const CONTRAST_MIN = 4.5; // WCAG 2, AA

const folder = new URL("../../viewer/", import.meta.url);
const page = readFileSync(process.env.VIEWER_PAGE);
const policy = readFileSync(process.env.VIEWER_POLICY, "utf8").trim();

function between(tag, number = 0) {
	return [...String(page).matchAll(new RegExp(
		`<${tag}(?: [^>]*)?>([^]*?)</${tag}>`, "g"))][number][1];
}

test("the page is small", () => {
	assert.ok(page.length <= PAGE_SIZE_MAX, `${page.length} bytes`);
});

test("the policy has the hashes of the page, and allows nothing else", () => {
	const hash = (tag, number) => createHash("sha256")
		.update(between(tag, number)).digest("base64");
	assert.strictEqual(policy, "default-src 'none'; connect-src 'self'; " +
		"worker-src blob:; base-uri 'none'; form-action 'none'; " +
		"frame-ancestors 'self'; " +
		`script-src 'sha256-${hash("script", 0)}' ` +
		`'sha256-${hash("script", 1)}'; ` +
		`style-src 'sha256-${hash("style")}'`);
});

test("the script is one", () => {
	for (const number of [0, 1]) {
		const script = between("script", number);
		assert.doesNotThrow(() => new vm.Script(script));
		assert.doesNotMatch(script, /^(?:import|export) /m);
		// A comment in a joined line would hide what follows.
		assert.doesNotMatch(script, /\s\/\/ /);
	}
});

// make-page takes blanks from around operators, and nothing from texts.
test("no text has lost anything", () => {
	const texts = (script) => script.match(
		/"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g);
	const makefile = readFileSync(new URL("local.mk", folder), "utf8");
	const [, list] = /viewer_modules = ([^]*?[^\\])\n/.exec(makefile);
	const modules = list.match(/\w+\.mjs/g).map((name) =>
		readFileSync(new URL(name, folder), "utf8")
			.replaceAll(/^import [^;]*;$/gm, "")
			.replaceAll(/^\s*\/\/.*$/gm, "")
			.replaceAll(/[;,{] +\/\/ [^"`\n]*$/gm, ""));
	assert.deepStrictEqual(texts(between("script", 1)),
		['"use strict"', ...texts(modules.join("\n"))]);
});

test("nothing makes markup, a script or a style of a text", () => {
	const forbidden = new RegExp("innerHTML|outerHTML|insertAdjacentHTML|" +
		"document\\.write|\\beval\\b|new Function|DOMParser|" +
		"createContextualFragment|setAttribute\\(\"style|" +
		"cssText|javascript:|srcdoc");
	for (const name of readdirSync(folder)) {
		if (!/\.(?:mjs|html|css)$/.test(name))
			continue;
		const text = readFileSync(new URL(name, folder), "utf8");
		assert.doesNotMatch(text, forbidden, name);
		assert.doesNotMatch(text, /https?:|\/\/[a-z]+\./, name);
		if (name.endsWith(".html"))
			assert.doesNotMatch(text, / style=| on[a-z]+=/, name);
	}
});

test("nothing moves for who wants no motion, and focus is seen", () => {
	const css = readFileSync(new URL("viewer.css", folder), "utf8");
	const motion = /animation|transition|scroll-behavior/;
	const [still, moving, ...more] = css.split(
		"@media (prefers-reduced-motion: no-preference) {");
	assert.doesNotMatch(still, motion);
	assert.match(moving, motion);
	assert.strictEqual(more.length, 0);
	assert.match(css, /:focus-visible \{ outline: 2px solid/);
	assert.doesNotMatch(css, /outline: (?:0|none)/);
});

// As WCAG 2 computes it.
function luminance(colour) {
	const [red, green, blue] = [1, 3, 5].map((at) => {
		const part = parseInt(colour.slice(at, at + 2), 16) / 255;
		return part <= 0.04045 ? part / 12.92 :
			((part + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
	const [dark, light] = [luminance(one), luminance(other)]
		.sort((a, b) => a - b);
	return (light + 0.05) / (dark + 0.05);
}

function coloursOf(selector) {
	const css = readFileSync(new URL("viewer.css", folder), "utf8");
	const start = css.indexOf(`${selector} {`);
	const block = css.slice(start, css.indexOf("}", start));
	return Object.fromEntries([...block.matchAll(
		/--([a-z0-9]+): (#[0-9a-f]{6});/g)].map((found) =>
		[found[1], found[2]]));
}

for (const theme of [":root", ":root.dark"]) {
	test(`every text can be read: ${theme}`, () => {
		const colours = coloursOf(theme);
		const fores = ["text", "faint", "good", "waiting", "bad",
			...Array.from({ length: 8 }, (_, i) => `fore${i}`)];
		const grounds = ["page", "bar", "error", "warn", "chosen"];
		for (const fore of fores)
			for (const ground of grounds)
				assert.ok(contrast(colours[fore],
					colours[ground]) >= CONTRAST_MIN,
				`${fore} on ${ground}: ` + contrast(
					colours[fore], colours[ground]));
		assert.ok(contrast(colours.text, colours.mark) >=
			CONTRAST_MIN);
		for (const ground of grounds)
			assert.ok(contrast(colours.focus,
				colours[ground]) >= 3, `focus on ${ground}`);
	});
}

test("grounds of a line have a text that can be read", () => {
	const css = readFileSync(new URL("viewer.css", folder), "utf8");
	const pairs = [...css.matchAll(
		/\.back\d \{ color: (#\w+); background: (#\w+); \}/g)];
	assert.strictEqual(pairs.length, 8);
	for (const [, fore, ground] of pairs)
		assert.ok(contrast(fore, ground) >= CONTRAST_MIN, ground);
});
