// feed.mjs - one stream: where it is, how it stands, what came of it, and the
// connection that the tabs share.

import { Connection } from "./connection.mjs";
import { Share } from "./share.mjs";

export class Feed {
	// lines are those on the screen, or its own where there are several.
	// take(events, feed), tell(feed), begun() as of a share, list(answer)
	// where it is none but has a list of streams.
	constructor({ address, after = "", early, take, tell, ...rest }) {
		Object.assign(this, { address, after, early, ...rest });
		this.state = { name: "connecting", text: "connecting" };
		const { pathname, search } = new URL(address);
		// A linked line has a beginning of its own.
		this.share = new Share(`${pathname}${search}#${after}`,
			this.lines, {
				connect: (handlers) => this.connect(handlers),
				take: (events) => take(events, this),
				tell: (state) => {
					this.state = state;
					tell(this);
				},
				begun: this.begun,
				isEarly: Boolean(early) });
	}

	connect(handlers) {
		const { address, early, list } = this;
		const connection = new Connection({ address, early, list,
			lastEventId: this.lastId(), ...handlers });
		this.early = undefined;
		connection.start();
		return connection;
	}

	// Behind it the stream goes on.
	lastId() {
		const { lines } = this;
		for (let n = lines.end - 1; n >= lines.first; n--)
			if (lines.get(n).id !== "")
				return lines.get(n).id;
		return this.after;
	}
}
