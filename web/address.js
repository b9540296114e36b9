// The address of what the panel shows: Back goes to what it showed before, then closes it, and only
// then leaves the page (some phones close it at once). A reload shows the same again.
const DEEPEST = 20; // entries; browsers keep 50 in all
let leaving = false; // the browser is on its way back to the page without a panel
let next = null; // what was opened meanwhile

history.scrollRestoration = "manual"; // the conversation stays where its reader is

export const LIST = "/?documents";

export function documentAddress(id, { start, end, generation } = {}) {
  const query = new URLSearchParams({ document: id });
  for (const [name, value] of Object.entries({ start, end, generation })) {
    if (value || value === 0) query.set(name, value);
  }
  return `/?${query}`;
}

// A new entry, unless that is what is shown already. `quote` finds the passage in a text that
// changed since.
export function note(address, quote) {
  if (leaving) next = { address, quote };
  else if (address !== location.pathname + location.search) {
    const opened = depth();
    if (opened < DEEPEST) history.pushState({ depth: opened + 1, quote }, "", address);
    else history.replaceState({ depth: opened, quote }, "", address);
  }
}

// Keeps what is typed above the list for whoever comes back to it.
export function noteFilter(filter) {
  history.replaceState({ ...history.state, filter }, "");
}

// The panel was closed: back to before it was opened.
export function forget() {
  next = null;
  if (leaving) return;
  leaving = depth() > 0;
  if (leaving) history.go(-depth());
  else history.replaceState(null, "", "/");
}

// Calls `show` with what the address names, null for nothing, now and after Back and Forward.
export function follow(show) {
  addEventListener("popstate", () => {
    if (!leaving) return show(named());
    leaving = false;
    history.replaceState(null, "", "/"); // a document's address, where the page began
    if (next) note(next.address, next.quote);
    next = null;
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
  if (query.has("documents")) return { list: true, filter: history.state?.filter };
  if (!query.has("document")) return null;
  const passage = { start: offset("start"), end: offset("end"), generation: query.get("generation"), quote: history.state?.quote };
  return { id: query.get("document"), passage };
}
