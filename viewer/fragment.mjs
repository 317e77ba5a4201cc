// fragment.mjs - what is chosen: in the address behind "#", so that a link has
// it, and what is a matter of taste also remembered by the browser.

export const DEFAULTS = {
	filter: "", regex: false, only: true, level: "",
	wrap: true, time: false, theme: "auto",
	streams: "", // the names of those that are shown together
	line: "", after: "", // the id of a line, and the one to begin behind
};
const REMEMBERED = ["wrap", "time", "theme"];
const ALLOWED = { theme: ["auto", "light", "dark"],
	level: ["", "error", "warn", "info"] };

const VALUE_LENGTH_MAX = 4096; // UTF-16 units

// Only what is known, and of its kind.
function readValue(name, text) {
	const value = typeof DEFAULTS[name] === "boolean" ? text === "1" : text;
	if (text.length > VALUE_LENGTH_MAX)
		return DEFAULTS[name];
	if (ALLOWED[name]?.includes(value) === false)
		return DEFAULTS[name];
	return value;
}

export function readFragment(fragment) {
	const said = new URLSearchParams(fragment.replace(/^#/, ""));
	const choice = {};
	for (const name of Object.keys(DEFAULTS))
		if (said.has(name))
			choice[name] = readValue(name, said.get(name));
	return choice;
}

// What differs from how it is without a word.
export function writeFragment(choice) {
	const said = new URLSearchParams();
	for (const [name, usual] of Object.entries(DEFAULTS)) {
		const value = choice[name];
		if (value !== usual)
			said.set(name, value === true ? "1" :
				value === false ? "0" : value);
	}
	return said.toString();
}

const KEY = "ssekit.viewer";

// A browser may forbid both.
export function readRemembered(storage) {
	try {
		const said = readFragment(storage().getItem(KEY) ?? "");
		return Object.fromEntries(REMEMBERED
			.filter((name) => name in said)
			.map((name) => [name, said[name]]));
	} catch {
		return {};
	}
}

export function remember(storage, choice) {
	const kept = { ...DEFAULTS };
	REMEMBERED.forEach((name) => { kept[name] = choice[name]; });
	try {
		storage().setItem(KEY, writeFragment(kept));
	} catch {
		// It is remembered as long as the page is open.
	}
}
