// pieces.mjs - a text cut where the way it looks changes.
//
// What cannot be seen, or would turn the text around it, is shown by a sign
// for it: control characters, and those that only say in which direction to
// write.

const UNSEEN = new RegExp("[\\0-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u00ad\\u061c" +
	"\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff" +
	"\\ufff9-\\ufffb]");
const UNSEEN_RUN = new RegExp(UNSEEN.source, "g");

export function signOf(character) {
	const code = character.charCodeAt(0);
	if (code < 0x20)
		return String.fromCharCode(0x2400 + code);
	if (code === 0x7f)
		return "\u2421";
	const digits = code.toString(16).toUpperCase().padStart(4, "0");
	return `<U+${digits}>`;
}

// A word that stands beside the text, such as an id.
export function makeVisible(text) {
	return text.replace(UNSEEN_RUN, signOf);
}

// Where a piece begins or ends, in order.
function cuts(length, spans, found) {
	const places = [0, length];
	for (const [start, end] of spans ?? [])
		places.push(start, end);
	places.push(...found ?? []);
	return [...new Set(places)].filter((place) => place <= length)
		.sort((a, b) => a - b);
}

function split(text, classes, pieces) {
	let from = 0;
	if (!UNSEEN.test(text)) {
		pieces.push({ text, classes });
		return;
	}
	for (const { 0: character, index } of text.matchAll(UNSEEN_RUN)) {
		if (index > from)
			pieces.push({ text: text.slice(from, index), classes });
		pieces.push({ text: signOf(character),
			classes: (classes + " unseen").trim() });
		from = index + 1;
	}
	if (from < text.length)
		pieces.push({ text: text.slice(from), classes });
}

// { text, classes } for each; spans and found are as in a record.
export function piecesOf(text, spans, found) {
	const pieces = [];
	const places = cuts(text.length, spans, found);
	let span = 0;
	let range = 0;
	for (let i = 0; i + 1 < places.length; i++) {
		const [start, end] = [places[i], places[i + 1]];
		while (spans !== null && span < spans.length &&
			spans[span][1] <= start)
			span++;
		while (found !== null && range < found.length &&
			found[range + 1] <= start)
			range += 2;
		const classes = [];
		if (spans !== null && span < spans.length &&
			spans[span][0] <= start)
			classes.push(spans[span][2]);
		if (found !== null && range < found.length &&
			found[range] <= start)
			classes.push("found");
		split(text.slice(start, end), classes.join(" "), pieces);
	}
	return pieces;
}
