// json.mjs - a record that is JSON, with a line for each of its values.
//
// The text is only laid out anew: no number is rounded, no name that stands
// twice is lost, as they would be on the way through JSON.parse().

export const JSON_LENGTH_MAX = 1024 * 1024; // UTF-16 units; more stays as it is

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;

// Whether it is an object or a list, and not too long.
export function isJson(text) {
	if (!/^\s*[{[]/.test(text) || text.length > JSON_LENGTH_MAX)
		return false;
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}

function lineBreak(depth) {
	// What is deeper is not drawn deeper.
	return "\n" + "  ".repeat(Math.min(depth, 40));
}

// The text of isJson(), indented.
export function indentJson(text) {
	const parts = [];
	let depth = 0;
	let last = "";
	for (const [token] of text.matchAll(TOKEN)) {
		const closes = token === "}" || token === "]";
		const opened = last === "{" || last === "[";
		depth -= closes;
		// "{}" stays together.
		if (opened !== closes || last === ",")
			parts.push(lineBreak(depth));
		parts.push(token === ":" ? ": " : token);
		depth += token === "{" || token === "[";
		last = token;
	}
	return parts.join("");
}
