// main.mjs - the page: what comes in, and what is shown of it.

import { Commands } from "./commands.mjs";
import { Feed } from "./feed.mjs";
import { Filter } from "./filter.mjs";
import { DEFAULTS, readFragment, readRemembered, remember, writeFragment }
	from "./fragment.mjs";
import { Header } from "./header.mjs";
import { Lines } from "./lines.mjs";
import { makeVisible } from "./pieces.mjs";
import { $, address, streamName } from "./place.mjs";
import { clockTime } from "./row.mjs";
import { Rows } from "./rows.mjs";
import { Streams } from "./streams.mjs";
import { View } from "./view.mjs";

const BEGIN_MS = 100; // until there is a screen, also without lines
const FEED_RECORDS = 10000; // of one of several: for other tabs
const FEED_CHARACTERS = 8 * 1024 * 1024; // UTF-16 units of them
const ID_LENGTH_MAX = 200; // UTF-16 units of an id that are shown
const LINE_WAIT_MS = 5000; // for a line that is linked to

const storage = () => localStorage;

// Nothing is painted in a tab that is not in front.
function afterPaint(act) {
	if (document.hidden)
		setTimeout(act, 0);
	else
		requestAnimationFrame(() => requestAnimationFrame(act));
}

class Viewer {
	constructor() {
		this.choice = { ...DEFAULTS, ...readFragment(location.hash) };
		this.wanted = this.choice.line;
		this.lines = new Lines();
		this.header = new Header({ state: $("state"), count: $("count"),
			fresh: $("fresh"), rate: $("rate"), spark: $("spark"),
			spoken: $("spoken") });
		// What takes longest begins first, before the layout.
		this.feeds = [];
		this.feeds = [this.newFirstFeed()];
		this.view = new View({ root: $("log"), sizer: $("sizer"),
			pane: $("pane"), probe: $("probe") }, {
			wrap: () => this.choice.wrap,
			time: () => this.choice.time,
			besides: () => 32 + (this.choice.time ? 80 : 0) });
		this.rows = new Rows((record) => this.view.guess(record));
		this.view.rows = this.rows;
		this.view.changed = () => this.schedule();
		this.filter = new Filter(this.lines, this.rows, {
			changed: () => this.schedule(),
			failed: (text) => this.showWrong(text) });
	}

	// What the first lines need.  All else comes behind them: settle().
	start() {
		this.system = matchMedia("(prefers-color-scheme: dark)");
		$("name").textContent = streamName;
		document.title = streamName;
		this.applyLook();
		this.applyFilter();
		this.beginTimer = setTimeout(() => this.begin(), BEGIN_MS);
	}

	// What is remembered is asked for here: the browser takes long for it
	// when it is first asked.
	settle() {
		if (this.isSettled)
			return;
		this.isSettled = true;
		Object.assign(this.choice, readRemembered(storage),
			readFragment(location.hash));
		for (const rest of document.querySelectorAll("template"))
			rest.replaceWith(rest.content);
		this.applyLook();
		this.showChoice();
		$("log").focus({ preventScroll: true });
		this.system.addEventListener("change", () => this.applyLook());
		setInterval(() => this.header.drawRate(), 1000);
		new Commands(this).listen();
		this.listenToBrowser();
	}

	newFeed(options) {
		return new Feed({ ...options,
			take: (events, feed) => this.take(events, feed),
			tell: () => this.tell() });
	}

	// It has all lines that there are.
	newFirstFeed() {
		return this.newFeed({ address, after: this.choice.after,
			lines: this.lines, early: early.answer && early,
			begun: () => this.filter.restart(),
			list: (list) => this.takeList(list) });
	}

	/* Where there are several. */

	takeList(list) {
		if (this.streams)
			return;
		this.feeds[0].share.leave();
		this.feeds = [];
		this.streams = new Streams($("streams"), { address,
			chosen: this.choice.streams.split(","),
			changed: (names) => this.showStreams(names),
			full: (count) => this.notice(
				`At most ${count} streams are shown together.`) });
		this.streams.take(list);
		this.streams.read();
		this.begin();
	}

	showStreams(names) {
		this.notice("");
		this.feeds.filter(({ name }) => !names.includes(name))
			.forEach((feed) => this.hide(feed));
		for (const name of names)
			if (!this.feeds.some((feed) => feed.name === name))
				this.feeds.push(this.newNamedFeed(name));
		this.change({ streams: names.join(",") });
		this.tell();
	}

	newNamedFeed(name) {
		const { number } = this.streams.items.get(name);
		return this.newFeed({ name, number,
			address: this.streams.addressOf(name),
			lines: new Lines(FEED_RECORDS, FEED_CHARACTERS,
				(event) => ({ ...event })) });
	}

	hide(feed) {
		feed.share.leave();
		this.feeds = this.feeds.filter((other) => other !== feed);
		this.choose(null);
		this.view.begin();
		this.lines.keep((record) => record.feed !== feed);
		this.filter.restart();
	}

	/* What comes. */

	take(events, feed) {
		const isAlone = feed.lines === this.lines;
		for (const event of events) {
			if (!isAlone)
				feed.lines.add(event);
			const record = this.lines.add(isAlone ? event :
				{ ...event, feed });
			if (this.wanted !== "" && record.id === this.wanted)
				this.showWanted(record);
		}
		this.header.count(events.length);
		if (this.wanted && !this.waitTimer)
			this.waitTimer = setTimeout(() => this.missWanted(),
				LINE_WAIT_MS);
		if (!this.view.follows && this.lines.isFull())
			this.hold();
		this.lines.trim(this.view.kept);
		if (!isAlone)
			feed.lines.trim();
		this.begin();
	}

	// How all of them stand: the first one that is not live.
	tell() {
		const { feeds } = this;
		const feed = feeds.find(({ state }) => state.name !== "live") ??
			feeds[0];
		const { name, text } = feed?.state ??
			{ name: "", text: "choose streams" };
		this.header.state = { name, text: name === "live" ||
			!feed?.name ? text : `${feed.name}: ${text}` };
		this.schedule();
	}

	// The line that the address links to.
	showWanted(record) {
		this.wanted = "";
		clearTimeout(this.waitTimer);
		this.afterFrame = () => {
			this.view.goTo(record.number);
			this.choose(record);
		};
	}

	missWanted() {
		if (this.wanted !== "")
			this.notice("The line of this link has not come: it " +
				"may be older than what the stream has.");
		this.wanted = "";
	}

	// Somebody reads far above, and no more is kept below.
	hold() {
		for (const feed of this.feeds) {
			feed.share.hold();
			feed.state = { name: "held", text: "waiting for you: " +
				"there are more lines at the end" };
		}
		this.tell();
	}

	goOn() {
		for (const { share } of this.feeds)
			if (share.isHeld)
				share.join();
	}

	// The first lines are drawn at once: the next frame has them.
	begin() {
		clearTimeout(this.beginTimer);
		if (this.mayDraw) {
			this.schedule();
			return;
		}
		this.mayDraw = true;
		document.documentElement.classList.remove("early");
		$("pane").replaceChildren(); // what is there is plain
		this.frame();
	}

	/* What is drawn, once a frame. */

	// The first one waits for lines, which are on their way.
	schedule() {
		if (this.isScheduled || !this.mayDraw)
			return;
		this.isScheduled = true;
		requestAnimationFrame(() => this.frame());
	}

	frame() {
		const { view, rows, lines, filter } = this;
		this.isScheduled = false;
		if (!filter.isFilling)
			view.readScroll();
		lines.trim(view.kept);
		rows.dropBelow(lines.first);
		filter.advance();
		if (filter.isFilling)
			return; // until then the screen stays as it is
		if (view.follows)
			this.goOn();
		const then = this.afterFrame;
		this.afterFrame = undefined;
		then?.();
		const isMarked = filter.pattern && !this.choice.only;
		this.header.draw({ shown: isMarked ? rows.records.filter(
			({ found }) => found !== null).length :
			rows.records.length,
			kept: lines.records.length, unseen: view.unseen,
			isFiltered: Boolean(filter.pattern ||
				this.choice.level) });
		view.draw();
		if (!this.wasDrawn)
			afterPaint(() => this.settle());
		this.wasDrawn = true;
	}

	/* What is chosen. */

	change(choice) {
		Object.assign(this.choice, choice);
		remember(storage, this.choice);
		this.applyLook();
		this.showChoice();
		this.writeAddress();
	}

	writeAddress() {
		const fragment = writeFragment(this.choice);
		// The last name alone: a path may begin as a host does.
		history.replaceState(null, "",
			`./${location.pathname.split("/").at(-1)}` +
			location.search + (fragment && `#${fragment}`));
	}

	applyLook() {
		const { wrap, theme } = this.choice;
		document.documentElement.classList.toggle("dark",
			theme === "dark" ||
			(theme === "auto" && this.system.matches));
		$("log").classList.toggle("wraps", wrap);
		this.view.restyle();
		this.schedule();
	}

	// In the fields.
	showChoice() {
		for (const [name, value] of Object.entries(this.choice)) {
			const field = $(name);
			if (field?.type === "checkbox")
				field.checked = value;
			else if (field?.type)
				field.value = value;
		}
		$("filter")?.setAttribute("aria-invalid",
			String(!$("wrong").hidden));
	}

	applyFilter() {
		const { filter, regex, only, level } = this.choice;
		this.showWrong(this.filter.set({ text: filter, isRegex: regex,
			only, least: level }));
		this.schedule();
	}

	readFilter() {
		this.change({ filter: $("filter").value,
			regex: $("regex").checked, only: $("only").checked,
			level: $("level").value });
		this.applyFilter();
	}

	showWrong(text) {
		if (text === $("wrong").textContent)
			return;
		$("wrong").textContent = text;
		$("wrong").hidden = text === "";
		this.showChoice();
	}

	notice(text) {
		$("notice").textContent = text;
		$("notice").hidden = text === "";
	}

	/* One line. */

	choose(record) {
		this.settle();
		this.view.choose(record);
		$("detail").hidden = record === null;
		if (record === null)
			return;
		$("when").textContent = "arrived at " + clockTime(record.time);
		$("id").textContent = record.id && "id " +
			makeVisible(record.id.slice(0, ID_LENGTH_MAX));
		this.header.tell(record.text.slice(0, 500));
	}

	listenToBrowser() {
		const each = (act) => this.feeds.forEach(({ share }) =>
			act(share));
		const wake = () => each((share) => share.wake());
		addEventListener("online", wake);
		document.addEventListener("visibilitychange", () => {
			if (document.visibilityState === "visible")
				wake();
		});
		// A page that may come back from the browser's memory.
		addEventListener("pagehide", () => each((share) => share.leave()));
		addEventListener("pageshow", (event) => {
			if (event.persisted)
				each((share) => share.join());
		});
		addEventListener("hashchange", () => location.reload());
		new ResizeObserver(() => {
			if (!this.view.hasOtherSize())
				return;
			this.view.restyle();
			this.schedule();
		}).observe($("log"));
	}
}

new Viewer().start();
