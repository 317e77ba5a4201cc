// place.mjs - where the page is: its elements, and whose stream it shows.

export const $ = (id) => document.getElementById(id);

// Path and query, and never a name and password that may be in the address.
export const address = location.origin + location.pathname + location.search;

export const streamName =
	location.pathname.replace(/\/$/, "").split("/").at(-1) || "stream";
