// ansi.mjs - the colours of a terminal as classes.
//
// Of all sequences only SGR (select graphic rendition) is obeyed, and of that
// what stands here: what a line may do is to be bold, italic, underlined or
// coloured.  All others are taken out.

// CSI, OSC and other strings with their ends, and sequences of two bytes.  What
// has no end goes as far as it can be part of one.
const SEQUENCE = new RegExp("(?:\\x1b\\[|\\x9b)([0-?]*)[ -/]*([@-~])?" +
	"|(?:\\x1b[\\]PX^_]|[\\x90\\x98\\x9d\\x9e\\x9f])" +
	"[^\\x07\\x1b\\x9c]*(?:\\x07|\\x1b\\\\|\\x9c)?" +
	"|\\x1b[ -/]*[0-~]?", "g");

const SEQUENCES_MAX = 2000; // of a record; the rest of it has no colours

const NONE = { bold: false, faint: false, italic: false, underline: false,
	inverse: false, fore: -1, back: -1 };

const SWITCHES = {
	1: ["bold", true], 2: ["faint", true], 3: ["italic", true],
	4: ["underline", true], 7: ["inverse", true], 23: ["italic", false],
	24: ["underline", false], 27: ["inverse", false],
	39: ["fore", -1], 49: ["back", -1],
};

// One of the eight colours that every theme has, in their order: each bit is a
// channel.  Other shades would not be readable on every ground.
function nearest(red, green, blue) {
	const most = Math.max(red, green, blue);
	const bit = (channel) => channel > 80 && channel >= 0.6 * most;
	return (bit(red) ? 1 : 0) | (bit(green) ? 2 : 0) | (bit(blue) ? 4 : 0);
}

function paletteColour(number) {
	if (number < 16)
		return number % 8;
	if (number >= 232)
		return number < 244 ? 0 : 7;
	const part = (of) => [0, 95, 135, 175, 215, 255][Math.floor(of) % 6];
	return nearest(part((number - 16) / 36), part((number - 16) / 6),
		part(number - 16));
}

// 38;5;N or 38;2;R;G;B at i: the colour (-1 for none), and how many follow.
function longColour(codes, i) {
	const isByte = (n) => n >= 0 && n <= 255;
	if (codes[i + 1] === 5)
		return { skip: 2, colour: isByte(codes[i + 2]) ?
			paletteColour(codes[i + 2]) : -1 };
	if (codes[i + 1] !== 2)
		return { skip: 1, colour: -1 };
	const channels = codes.slice(i + 2, i + 5);
	return { skip: 4, colour: channels.length === 3 &&
		channels.every(isByte) ? nearest(...channels) : -1 };
}

function applyOne(style, code) {
	if (code === 0)
		Object.assign(style, NONE);
	else if (SWITCHES[code])
		style[SWITCHES[code][0]] = SWITCHES[code][1];
	else if (code === 22)
		style.bold = style.faint = false;
	else if (/^[39][0-7]$/.test(code))
		style.fore = code % 10;
	else if (/^(4|10)[0-7]$/.test(code))
		style.back = code % 10;
}

function apply(style, parameters) {
	const codes = parameters.split(/[;:]/, 64).map(Number);
	for (let i = 0; i < codes.length; i++) {
		if (codes[i] !== 38 && codes[i] !== 48) {
			applyOne(style, codes[i]);
			continue;
		}
		const { skip, colour } = longColour(codes, i);
		style[codes[i] === 38 ? "fore" : "back"] = colour;
		i += skip;
	}
}

function classesOf(style) {
	const names = ["bold", "faint", "italic", "underline"]
		.filter((name) => style[name]);
	const [fore, back] = style.inverse ?
		[style.back, style.fore < 0 ? 7 : style.fore] :
		[style.fore, style.back];
	// On a ground of its own colour, the text's is chosen by the style.
	if (back >= 0)
		names.push("back" + back);
	else if (fore >= 0)
		names.push("fore" + fore);
	return names.join(" ");
}

// { text, spans }: the text without sequences, and [start, end, classes] for
// the parts that have some; null where there are none.
export function readAnsi(raw) {
	if (!/[\x1b\x90-\x9f]/.test(raw))
		return { text: raw, spans: null };
	const style = { ...NONE };
	const spans = [];
	let text = "";
	let from = 0;
	const take = (to) => {
		const part = raw.slice(from, to);
		const classes = classesOf(style);
		if (part !== "" && classes !== "" &&
			spans.length < SEQUENCES_MAX)
			spans.push([text.length, text.length + part.length,
				classes]);
		text += part;
	};
	for (const found of raw.matchAll(SEQUENCE)) {
		take(found.index);
		from = found.index + found[0].length;
		if (found[2] === "m" && /^[0-9;:]*$/.test(found[1]))
			apply(style, found[1]);
	}
	take(raw.length);
	return { text, spans: spans.length > 0 ? spans : null };
}
