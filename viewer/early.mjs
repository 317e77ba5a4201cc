// early.mjs - asks for the stream before the rest of the page is there, shows
// the first lines as they are, and only then begins the page's own script: that
// takes longer than all the rest.
//
// It is a script of its own, in the head.  It shows nothing but records that
// look as they will, but for colours: a line of text each.  All else is left to
// the script, and so is an address with choices in it.

const FIRST_MS = 100; // for lines, until the script begins without them
const FIRST_RECORDS = 60; // that are shown
const PLAIN = new RegExp("^id: .*\\ndata: " +
	"([\\t -~\\u00a1-\\u00ac\\u00ae-\\u024f]{0,2000})$");

const early = { control: new AbortController() };

function showPlain(frames) {
	const texts = frames.map((frame) => PLAIN.exec(frame)?.[1]);
	if (texts.includes(undefined))
		return false;
	const log = document.getElementById("log");
	for (const text of texts.slice(-FIRST_RECORDS)) {
		const row = document.createElement("div");
		row.className = "row";
		row.textContent = text;
		document.getElementById("pane").append(row);
	}
	document.documentElement.classList.remove("early");
	log.scrollTop = log.scrollHeight;
	return true;
}

const ready = new Promise((done) =>
	document.addEventListener("DOMContentLoaded", done));

function isPainted() {
	return new Promise((done) => new PerformanceObserver(done).observe(
		{ type: "paint", buffered: true }));
}

// Until there is a line; parts are the reads that were begun here.
async function readFirst(reader, parts) {
	const decoder = new TextDecoder();
	let text = "";
	for (let frames = []; frames.length === 0;) {
		parts.push(reader.read());
		const { value, done } = await parts.at(-1);
		await ready;
		if (done || early.isOver)
			return;
		text += decoder.decode(value, { stream: true });
		frames = text.split("\n\n").slice(0, -1)
			.filter((frame) => !frame.startsWith(":"));
		if (frames.length > 0 && showPlain(frames))
			await isPainted();
	}
}

// Whoever goes on with it reads from the beginning.
async function open() {
	const { body } = await early.answer;
	const reader = body.getReader();
	const parts = [];
	early.shown = readFirst(reader, parts);
	return { read: () => parts.shift() ?? reader.read(),
		cancel: () => reader.cancel() };
}

async function beginScript() {
	const later = ready.then(() => new Promise((done) =>
		setTimeout(done, FIRST_MS)));
	if (location.hash === "")
		await Promise.race([later, early.first.then(() => early.shown)
			.catch(() => {})]);
	await ready;
	early.isOver = true;
	const script = document.createElement("script");
	script.textContent = document.getElementById("script").textContent;
	document.body.append(script);
}

const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
document.documentElement.className = isDark ? "early dark" : "early";
// Where the address says behind which line to begin, the script asks.
if (!location.hash.includes("after=")) {
	early.answer = fetch(location.origin + location.pathname +
		location.search, { cache: "no-store",
		signal: early.control.signal,
		headers: { Accept: "text/event-stream, application/json" } });
	early.first = open();
	early.first.catch(() => {}); // whoever reads the answer is told
}
beginScript();
