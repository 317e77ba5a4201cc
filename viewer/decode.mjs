// decode.mjs - bytes of text/event-stream into events, to the letter of the
// standard (WHATWG HTML, 9.2.6).  Nothing but the decoder.

// UTF-16 units of a line or an event that is not complete; more is an error.
export const WAITING_LENGTH_MAX = 32 * 1024 * 1024;

const LINE_END = /[\r\n]/g;

// The handler has event({ type, data, id }); it may have comment(text), and
// retry(digits).
export class Decoder {
	constructor(handler, lastEventId = "") {
		this.handler = handler;
		this.characters = new TextDecoder();
		this.parts = []; // of a line whose end has not come
		this.waiting = 0; // their units, and those of the event
		this.afterCr = false;
		this.id = lastEventId; // from the next blank line on
		this.lastEventId = lastEventId;
		this.beginEvent();
	}

	feed(bytes) {
		this.take(this.characters.decode(bytes, { stream: true }));
	}

	beginEvent() {
		this.type = "";
		this.data = [];
		this.waiting = 0;
	}

	// A LF that follows a CR is a part of that line's end.
	take(text) {
		let start = 0;
		if (text === "")
			return;
		if (this.afterCr && text[0] === "\n")
			start = 1;
		this.afterCr = text.endsWith("\r");
		LINE_END.lastIndex = start;
		for (let end; (end = LINE_END.exec(text)) !== null;) {
			this.finishLine(text.slice(start, end.index));
			if (end[0] === "\r" && text[end.index + 1] === "\n")
				LINE_END.lastIndex++;
			start = LINE_END.lastIndex;
		}
		this.keep(text.slice(start));
	}

	keep(part) {
		if (part === "")
			return;
		this.parts.push(part);
		this.wait(part.length);
	}

	wait(length) {
		this.waiting += length;
		if (this.waiting > WAITING_LENGTH_MAX)
			throw new RangeError("An event is too long");
	}

	finishLine(end) {
		if (this.parts.length === 0) {
			this.takeLine(end);
			return;
		}
		const line = this.parts.join("") + end;
		this.waiting -= line.length - end.length;
		this.parts = [];
		this.takeLine(line);
	}

	takeLine(line) {
		const colon = line.indexOf(":");
		if (line === "")
			this.dispatch();
		else if (colon === 0)
			this.handler.comment?.(line.slice(1));
		else if (colon < 0)
			this.takeField(line, "");
		else
			this.takeField(line.slice(0, colon),
				line.slice(colon + 1).replace(/^ /, ""));
	}

	takeField(name, value) {
		if (name === "data") {
			this.data.push(value);
			this.wait(value.length + 1);
		} else if (name === "event") {
			this.type = value;
		} else if (name === "id" && !value.includes("\0")) {
			this.id = value;
		} else if (name === "retry" && /^[0-9]+$/.test(value)) {
			this.handler.retry?.(value);
		}
	}

	// An id counts also where there is no data, and so no event.
	dispatch() {
		const { type, data } = this;
		this.lastEventId = this.id;
		this.beginEvent();
		if (data.length > 0)
			this.handler.event({ type: type || "message",
				data: data.join("\n"), id: this.lastEventId });
	}
}
