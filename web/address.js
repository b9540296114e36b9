// The address of what the panel shows: Back goes to what it showed before, then closes it, and only
// then leaves the page. A reload shows the same again.
let leaving = false; // the browser is on its way back to the page without a panel

// `quote` finds the passage in a text that changed since.
export function documentAddress(id, { start, end, generation } = {}) {
  const query = new URLSearchParams({ document: id });
  for (const [name, value] of Object.entries({ start, end, generation })) {
    if (value !== undefined && value !== null) query.set(name, value);
  }
  return `/?${query}`;
}

export const LIST = "/?documents";

// A new entry, unless that is what is shown already.
export function note(address, quote) {
  if (leaving) addEventListener("popstate", () => note(address, quote), { once: true });
  else if (address !== location.pathname + location.search) {
    history.pushState({ depth: depth() + 1, quote }, "", address);
  }
}

// The panel was closed: back to before it was opened.
export function forget() {
  if (leaving) return;
  leaving = depth() > 0;
  if (leaving) history.go(-depth());
  else history.replaceState(null, "", "/");
}

// Calls `show` with what the address names, null for nothing, now and after Back and Forward.
export function follow(show) {
  addEventListener("popstate", () => {
    if (leaving) history.replaceState(null, "", "/"); // a document's address, where the page began
    else show(named());
    leaving = false;
  });
  show(named());
}

// Entries since the panel was opened.
function depth() {
  return history.state?.depth ?? 0;
}

function named() {
  const query = new URLSearchParams(location.search);
  const offset = (name) => (/^\d+$/.test(query.get(name) ?? "") ? Number(query.get(name)) : undefined);
  if (query.has("documents")) return { list: true };
  if (!query.has("document")) return null;
  const passage = { start: offset("start"), end: offset("end"), generation: query.get("generation"), quote: history.state?.quote };
  return { id: query.get("document"), passage };
}
