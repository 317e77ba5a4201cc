// What becomes of a record's text: colours, signs for what is not seen, JSON,
// levels, folding.

import assert from "node:assert";
import test from "node:test";

import { readAnsi } from "../../viewer/ansi.mjs";
import { indentJson, isJson } from "../../viewer/json.mjs";
import { isAtLeast, levelOf } from "../../viewer/levels.mjs";
import { piecesOf, signOf } from "../../viewer/pieces.mjs";
import { foldedLength, guessLines, shownOf } from "../../viewer/row.mjs";
import { makeRecord } from "../../viewer/lines.mjs";

const ESC = "\x1b";

test("colours are classes, and all else of a terminal goes", () => {
	const table = [
		["plain", "plain", null],
		[`${ESC}[31mred${ESC}[0m`, "red", [[0, 3, "fore1"]]],
		[`a${ESC}[1;92mb`, "ab", [[1, 2, "bold fore2"]]],
		[`${ESC}[41mx`, "x", [[0, 1, "back1"]]],
		[`${ESC}[7;34mx`, "x", [[0, 1, "back4"]]],
		[`${ESC}[38;5;196mx`, "x", [[0, 1, "fore1"]]],
		[`${ESC}[38;2;0;0;255mx`, "x", [[0, 1, "fore4"]]],
		[`${ESC}[38;2;0;0mx`, "x", null],
		[`${ESC}[38;5;999mx`, "x", null],
		[`${ESC}[5;8;55mx`, "x", null],
		[`${ESC}[2J${ESC}[1;1Hx`, "x", null],
		[`${ESC}]8;;http://evil/\x07x${ESC}]8;;\x07`, "x", null],
		[`${ESC}]0;title${ESC}\\x`, "x", null],
		[`${ESC}P1$r0m${ESC}\\x`, "x", null],
		[`${ESC}(Bx`, "x", null],
		[`x${ESC}[`, "x", null],
		[`${ESC}[1m${ESC}[22mx`, "x", null],
	];
	for (const [raw, text, spans] of table)
		assert.deepStrictEqual(readAnsi(raw), { text, spans }, raw);
});

test("sequences without end take no time", () => {
	const began = process.cpuUsage();
	readAnsi(`${ESC}[`.repeat(131072));
	readAnsi(`${ESC}]`.repeat(131072));
	readAnsi(`${ESC}[1;`.repeat(65536) + "m");
	readAnsi(`${ESC}[31mx`.repeat(52000));
	assert.ok(process.cpuUsage(began).user < 2000000);
});

test("what is not seen is shown by a sign", () => {
	const shown = (text) => piecesOf(text, null, null)
		.map((piece) => piece.text).join("");
	assert.strictEqual(shown("a\0b\x07"), "a\u2400b\u2407");
	assert.strictEqual(shown("\u202egnp.exe"), "<U+202E>gnp.exe");
	assert.strictEqual(shown("\u2066x\u2069"), "<U+2066>x<U+2069>");
	assert.strictEqual(shown("a\tb\nc"), "a\tb\nc");
	assert.strictEqual(signOf("\x7f"), "\u2421");
	assert.strictEqual(shown("\x85"), "<U+0085>");
	assert.strictEqual(shown("\ud83d\udc68\u200d\ud83d\udc69"),
		"\ud83d\udc68\u200d\ud83d\udc69");
});

test("pieces have the classes of their spans and matches", () => {
	assert.deepStrictEqual(
		piecesOf("abcdef", [[1, 4, "bold"]], [2, 5]),
		[{ text: "a", classes: "" }, { text: "b", classes: "bold" },
			{ text: "c", classes: "bold found" },
			{ text: "d", classes: "bold found" },
			{ text: "e", classes: "found" },
			{ text: "f", classes: "" }].reduce((all, piece) => {
			const last = all.at(-1);
			if (last?.classes === piece.classes)
				last.text += piece.text;
			else
				all.push(piece);
			return all;
		}, []));
	// A folded text is shorter than what was found in it.
	assert.deepStrictEqual(piecesOf("ab", [[0, 9, "bold"]], [5, 7]),
		[{ text: "ab", classes: "bold" }]);
	assert.deepStrictEqual(piecesOf("", null, null), []);
});

test("JSON is laid out, and no word of it changes", () => {
	assert.strictEqual(isJson('{"a":1}'), true);
	for (const text of ["", "1", '"a"', "{", "[1", "x{}", "{a:1}"])
		assert.strictEqual(isJson(text), false, text);
	assert.strictEqual(
		indentJson('{"a":12345678901234567890,"a":[1,{}],"b":"{,\\""}'),
		'{\n  "a": 12345678901234567890,\n  "a": [\n    1,\n' +
		'    {}\n  ],\n  "b": "{,\\""\n}');
	const deep = "[".repeat(5000) + "]".repeat(5000);
	assert.strictEqual(indentJson(deep).replaceAll(/\s/g, ""), deep);
});

test("levels are what the record says", () => {
	const table = [
		["2026-01-01 ERROR x", "error"], ["WARN: x", "warn"],
		["level=warning msg=x", "warn"], ['{"level":"error"}', "error"],
		['{"level":50,"msg":"x"}', "error"], ['{"level":30}', "info"],
		["[notice] 12#12: x", "info"], ["[error] x", "error"],
		["<debug> x", "debug"], ["FATAL x", "error"],
		["no error here", ""], ["TERROR", ""], ["", ""],
		["x".repeat(400) + " ERROR", ""],
	];
	for (const [text, level] of table)
		assert.strictEqual(levelOf(text), level, text);
	assert.ok(isAtLeast("error", "warn") && isAtLeast("warn", "warn"));
	assert.ok(!isAtLeast("info", "warn") && isAtLeast("", ""));
	assert.ok(!isAtLeast("", "error") && !isAtLeast("", "debug"));
});

test("long records are folded", () => {
	const record = (data) => makeRecord({ type: "message", data, id: "",
		time: 0 });
	const trace = record("Error\n" + " at x\n".repeat(20).trimEnd());
	assert.strictEqual(shownOf(trace).text, "Error\n at x\n at x");
	assert.strictEqual(shownOf(trace).button, "18 more lines");
	assert.strictEqual(guessLines(trace, 0), 3);
	trace.isOpen = true;
	assert.strictEqual(shownOf(trace).text, trace.text);
	assert.strictEqual(foldedLength("1\n2\n3\n4\n5\n6"), 11);
	const long = record("x".repeat(262144));
	assert.strictEqual(shownOf(long).text.length, 2000);
	assert.strictEqual(shownOf(long).button, "260144 more characters");
	assert.strictEqual(guessLines(long, 100), 20);
	assert.strictEqual(shownOf(record("short")).button, undefined);
	const json = record('{"a":1}');
	assert.strictEqual(shownOf(json).button, "unfold");
	json.isOpen = true;
	assert.strictEqual(shownOf(json).text, '{\n  "a": 1\n}');
});
