// levels.mjs - how grave a record says that it is.

// From the gravest on; "" is a record that does not say.
export const LEVELS = ["error", "warn", "info", "debug"];

// Where a record says it: not in the middle of a long message.
const LOOKED_AT_LENGTH = 300;

const NAMES = {
	error: "EMERG EMERGENCY ALERT FATAL PANIC CRIT CRITICAL SEVERE ERROR ERR",
	warn: "WARN WARNING", info: "NOTICE INFO", debug: "DEBUG TRACE VERBOSE",
};
const WORDS = {};
for (const level of LEVELS)
	for (const word of NAMES[level].split(" "))
		WORDS[word] = level;

// A word counts in capitals anywhere, in small letters where brackets or a
// name such as level= say what it is.
const ALTERNATIVES = Object.keys(WORDS).join("|");
const CAPITALS = new RegExp(`\\b(${ALTERNATIVES})\\b`);
const NAMED = new RegExp("(?:\\[|<|\\b(?:level|lvl|severity|loglevel)" +
	`["']?\\s*[=:]\\s*["']?)(${ALTERNATIVES})\\b`, "i");
// As pino and bunyan count: 30 is info.
const NUMBERED = /"level"\s*:\s*([1-6])0\b/;
const NUMBERS = ["", "debug", "debug", "info", "warn", "error", "error"];

// One of LEVELS, or "".
export function levelOf(text) {
	const head = text.slice(0, LOOKED_AT_LENGTH);
	const word = NAMED.exec(head) ?? CAPITALS.exec(head);
	if (word !== null)
		return WORDS[word[1].toUpperCase()];
	const number = NUMBERED.exec(head);
	return number === null ? "" : NUMBERS[number[1]];
}

// Whether a record of that level is as grave as the least one that is wanted.
// One that does not say belongs to the record before it: whoever calls keeps
// account of that.  Where none before it said, nobody knows that it is grave.
export function isAtLeast(level, least) {
	return least === "" || (level !== "" &&
		LEVELS.indexOf(level) <= LEVELS.indexOf(least));
}
