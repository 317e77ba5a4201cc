// row.mjs - one record as an element.  Its text only ever becomes the text of
// nodes.

import { indentJson, isJson } from "./json.mjs";
import { makeVisible, piecesOf } from "./pieces.mjs";

// A record of more is folded to so much.
const WHOLE_LINES_MAX = 6;
const FOLDED_LINES = 3;
export const WHOLE_LENGTH_MAX = 2000; // UTF-16 units, and when it is folded
const TYPE_LENGTH_MAX = 40; // UTF-16 units of a type that are shown

// Where the line of that number ends, counted from 0; -1: there are not so
// many.
function endOfLine(text, number) {
	let end = -1;
	for (let i = 0; i <= number; i++) {
		end = text.indexOf("\n", end + 1);
		if (end < 0)
			return -1;
	}
	return end;
}

// How much of a folded record is shown, in units.
export function foldedLength(text) {
	const most = Math.min(text.length, WHOLE_LENGTH_MAX);
	if (endOfLine(text.slice(0, most), WHOLE_LINES_MAX - 1) < 0)
		return most;
	return endOfLine(text, FOLDED_LINES - 1);
}

// What a button says that shows the rest.
export function describeRest(text, shown) {
	let lines = 0;
	for (let end = shown - 1;
		(end = text.indexOf("\n", end + 1)) >= 0;)
		lines++;
	if (lines > 0)
		return lines === 1 ? "1 more line" : `${lines} more lines`;
	return `${text.length - shown} more characters`;
}

// { text, spans, found, button }; no button where there is nothing to unfold.
export function shownOf(record) {
	const { text, spans, found } = record;
	record.isJson ??= isJson(text);
	if (record.isOpen && record.isJson)
		return { text: indentJson(text), spans: null, found: null,
			button: "fold" };
	const length = foldedLength(text);
	if (length === text.length)
		return { text, spans, found,
			button: record.isJson ? "unfold" : undefined };
	if (record.isOpen)
		return { text, spans, found, button: "fold" };
	return { text: text.slice(0, length), spans, found,
		button: record.isJson ? "unfold" : describeRest(text, length) };
}

// How many lines of the screen it takes, of so many columns (0: any number).
export function guessLines(record, columns) {
	const { text } = record;
	if (columns === 0 && !text.includes("\n"))
		return 1;
	if (text.length <= columns && !text.includes("\n"))
		return 1;
	// Whether it is JSON is looked at where it is drawn: for all is too much.
	const lines = (record.isOpen ? shownOf(record).text :
		text.slice(0, foldedLength(text))).split("\n");
	return columns === 0 ? lines.length : lines.reduce((sum, line) =>
		sum + Math.max(1, Math.ceil(line.length / columns)), 0);
}

export function makeElement(name, classes, text) {
	const element = document.createElement(name);
	if (classes)
		element.className = classes;
	if (text)
		element.textContent = text;
	return element;
}

function makeText(shown) {
	const element = makeElement("span", "text");
	for (const { text, classes } of
		piecesOf(shown.text, shown.spans, shown.found)) {
		const name = /\bfound\b/.test(classes) ? "mark" : "span";
		element.append(classes === "" ? text :
			makeElement(name, classes, text));
	}
	return element;
}

// As the clock of the reader has it.
export function clockTime(ms) {
	const at = new Date(ms);
	const two = (number) => String(number).padStart(2, "0");
	return `${two(at.getHours())}:${two(at.getMinutes())}:` +
		two(at.getSeconds());
}

export function makeRow(record, { time }) {
	const row = makeElement("div",
		`row ${record.kind} ${record.level}`.trim());
	const shown = shownOf(record);
	if (time)
		row.append(makeElement("time", "", clockTime(record.time)));
	if (record.feed)
		row.append(makeElement("b", `feed fore${record.feed.number}`,
			record.feed.name));
	if (record.kind === "line" && record.type !== "message")
		row.append(makeElement("span", "type",
			makeVisible(record.type.slice(0, TYPE_LENGTH_MAX))));
	row.append(makeText(shown));
	if (shown.button) {
		const button = makeElement("button", "more", shown.button);
		button.type = "button";
		button.setAttribute("aria-expanded", String(record.isOpen));
		row.append(button);
	}
	return row;
}
