// commands.mjs - what a person does: keys, clicks and fields.

import { beginAt } from "./begin.mjs";
import { writeFragment } from "./fragment.mjs";
import { KEYS, commandOf } from "./keys.mjs";
import { loadOlder } from "./older.mjs";
import { $, address, streamName } from "./place.mjs";
import { makeElement } from "./row.mjs";

const CONTEXT_RECORDS = 20; // before a line that is linked to

export class Commands {
	// Of a Viewer.
	constructor(page) {
		this.page = page;
	}

	/* Lines on the screen. */

	// By so many rows; with a filter by so many matches.  Where none is
	// chosen, from the edge of the screen on.
	step(by, onlyMatches) {
		const { rows, view } = this.page;
		const isFiltered = Boolean(this.page.filter.pattern);
		const isMatch = (record) => !onlyMatches || !isFiltered ||
			record.found !== null;
		let place = view.current !== null ?
			rows.placeOf(view.current.number) : by > 0 ?
				rows.at(view.setTop) - 1 :
				rows.at(view.setTop + view.height - 1) + 1;
		do
			place += by;
		while (rows.get(place) && !isMatch(rows.get(place)));
		if (rows.get(place))
			this.page.choose(rows.get(place));
	}

	toggle(record) {
		if (record === null)
			return;
		record.isOpen = !record.isOpen;
		record.version++;
		// It is read on: what comes must not push it away.
		if (this.page.view.follows && record.isOpen)
			this.page.view.stay();
		this.page.schedule();
	}

	/* What is taken along. */

	link(record) {
		const { lines } = this.page;
		let after = "";
		let before = record.number - 1;
		for (let more = CONTEXT_RECORDS; more > 0 &&
			before >= lines.first; before--) {
			const { id, feed } = lines.get(before);
			if (feed !== record.feed)
				continue;
			after = id || after;
			more--;
		}
		const fragment = writeFragment({ ...this.page.choice, filter: "",
			level: "", streams: "", line: record.id, after });
		return `${record.feed?.address ?? address}#${fragment}`;
	}

	// Where the page may not write to the clipboard, the text is selected.
	async copy(text) {
		try {
			await navigator.clipboard.writeText(text);
			this.page.header.tell("copied");
			$("copied").hidden = true;
		} catch {
			$("copied").hidden = false;
			$("copied").value = text;
			$("copied").focus();
			$("copied").select();
		}
	}

	save() {
		const text = this.page.rows.records.map((record) =>
			(record.feed ? record.feed.name + "\t" : "") +
			record.text + "\n").join("");
		const url = URL.createObjectURL(new Blob([text],
			{ type: "text/plain" }));
		const anchor = makeElement("a");
		anchor.href = url;
		anchor.download = streamName.replace(/[^A-Za-z0-9._-]/g, "_")
			.replace(/^\.+/, "").slice(0, 64) + ".txt";
		anchor.click();
		setTimeout(() => URL.revokeObjectURL(url), 10000);
	}

	/* Other lines. */

	async loadOlder() {
		const { lines, filter, view } = this.page;
		const first = lines.get(lines.first);
		if (this.page.streams) {
			this.page.notice("Older lines are there where a stream is " +
				"shown alone.");
			return;
		}
		if (!first?.id) {
			this.page.notice("Without ids there are no older lines.");
			return;
		}
		this.page.notice("loading older lines");
		const events = await loadOlder(address,
			lines.end - lines.first, first.id);
		this.page.notice(events === null ? "Older lines did not come." :
			events.length === 0 ? "There are no older lines." : "");
		// Or it has gone since, or they were asked for twice.
		if (!events?.length || lines.get(lines.first) !== first)
			return;
		if (view.follows)
			view.stay();
		lines.prepend(events);
		filter.restart();
		this.page.schedule();
	}

	/* Which it is. */

	leave() {
		if (document.activeElement !== $("log")) {
			$("log").focus({ preventScroll: true });
			return;
		}
		this.page.choose(null);
	}

	findText() {
		$("filter").focus();
		$("filter").select();
	}

	goToTop() {
		this.page.choose(null);
		if (this.page.rows.records.length > 0)
			this.page.view.goTo(this.page.rows.records[0].number);
	}

	run(command) {
		const { view } = this.page;
		const themes = ["auto", "light", "dark"];
		const commands = {
			find: () => this.findText(),
			next: () => this.step(1, true),
			previous: () => this.step(-1, true),
			down: () => this.step(1, false),
			up: () => this.step(-1, false),
			top: () => this.goToTop(),
			bottom: () => { this.page.choose(null); view.goToEnd(); },
			open: () => this.toggle(view.current),
			copy: () => view.current &&
				this.copy(view.current.text),
			link: () => view.current &&
				this.copy(this.link(view.current)),
			wrap: () => this.page.change({ wrap: !this.page.choice.wrap }),
			time: () => this.page.change({ time: !this.page.choice.time }),
			theme: () => this.page.change({ theme: themes[
				(themes.indexOf(this.page.choice.theme) + 1) % 3] }),
			older: () => this.loadOlder(),
			save: () => this.save(),
			help: () => this.showHelp(),
			leave: () => this.leave(),
		};
		commands[command]();
	}

	showHelp() {
		$("keys").replaceChildren();
		for (const [key, , text] of KEYS) {
			const row = $("keys").insertRow();
			row.insertCell().append(makeElement("kbd", "", key));
			row.insertCell().textContent = text;
		}
		$("help").showModal();
	}

	listen() {
		document.addEventListener("keydown", (event) => {
			const command = commandOf(event);
			if (!command || $("help").open)
				return;
			event.preventDefault();
			this.run(command);
		});
		document.addEventListener("click", (event) => {
			const command = event.target.dataset?.command;
			if (command)
				this.run(command);
		});
		$("pane").addEventListener("click", (event) => {
			const row = event.target.closest(".row");
			if (event.target.matches("button"))
				this.toggle(row.record);
			else if (row && getSelection().isCollapsed)
				this.page.choose(row.record);
		});
		this.listenToFields();
	}

	listenToFields() {
		$("finder").addEventListener("submit", (event) =>
			event.preventDefault());
		$("finder").addEventListener("input", () => this.page.readFilter());
		$("begin").addEventListener("submit", (event) => {
			event.preventDefault();
			// A page of its own, which begins there.
			if ($("since").value !== "")
				location.assign(beginAt(address, "since",
					$("since").value));
		});
		$("menu").addEventListener("change", () =>
			this.page.change({ wrap: $("wrap").checked,
				time: $("time").checked, theme: $("theme").value }));
	}
}
