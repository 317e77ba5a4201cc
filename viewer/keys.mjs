// keys.mjs - what the keys do, and the list of that.

// The command's name is one of those that the page has.
export const KEYS = [
	["/", "find", "go to the filter"],
	["n", "next", "next match, or next line without a filter"],
	["N", "previous", "match or line before"],
	["j", "down", "one line down"],
	["k", "up", "one line up"],
	["g", "top", "to the oldest line"],
	["G", "bottom", "to the newest line, and follow"],
	["Enter", "open", "unfold or fold the line"],
	["c", "copy", "copy the line"],
	["l", "link", "copy a link to the line"],
	["w", "wrap", "wrap long lines, or not"],
	["t", "time", "show when lines arrived"],
	["d", "theme", "dark, light, or as the system is"],
	["o", "older", "load older lines"],
	["s", "save", "download what is shown"],
	["?", "help", "these keys"],
	["Escape", "leave", "leave the filter, the line or this list"],
];

// Keys belong to a field that is being written in, but for Escape.
function isTyping(target) {
	return target.matches("input:not([type=checkbox]), select, textarea");
}

// The name of the command, or undefined.
export function commandOf(event) {
	if (event.ctrlKey || event.metaKey || event.altKey ||
		(event.key !== "Escape" && isTyping(event.target)))
		return undefined;
	// A button that has the focus is pressed by it.
	if (event.key === "Enter" && event.target.matches("button, summary, a"))
		return undefined;
	return KEYS.find(([key]) => key === event.key)?.[1];
}
