// The side panel: a document at its highlighted passage, or the list of all documents.
// A passage is shown in the generation of the index that its answer cites, as long as it is kept.
import { documentAddress, follow, forget, LIST, note, noteFilter } from "/web/address.js";
import { element, finder, longDate, opensElsewhere } from "/web/dom.js";
import { getJson } from "/web/stream.js";

const GONE = "There is no such page in the guidance. It may have been taken down.";
const panel = document.getElementById("panel");
const title = document.getElementById("panel-title");
const body = document.getElementById("panel-body");
const beside = matchMedia("(min-width: 58rem)"); // as in style.css
let opener = () => null;
let shown = 0; // counts what was asked for, so that a late reply is known as such

// `passage` may hold start, end, generation and quote.
export function openDocument(id, passage = {}, from = null) {
  note(documentAddress(id, passage), passage.quote);
  showDocument(id, passage, from);
}

export function openList(from) {
  note(LIST);
  showList(from);
}

// Shows what the address of the page names, now and whenever it changes. `from` is what opened the
// panel where nothing in the page did.
export function showAddressed(from) {
  opener = finder(from);
  follow((named) => {
    if (!named) closePanel();
    else if (named.list) showList(null, named.filter);
    else showDocument(named.id, named.passage, null);
  });
}

function showDocument(id, passage, from) {
  load("Loading…", from, "This document cannot be shown", () => cited(id, passage),
    ({ found, changed, start, end }) => {
      title.textContent = found.title;
      body.replaceChildren(facts(found, changed), text(found, start, end), related(found));
      const mark = body.querySelector("mark");
      settle(mark ?? title);
      mark?.scrollIntoView({ block: "center" });
    });
}

// The document as it was cited; as it is now when that text is no longer kept.
async function cited(id, { start, end, generation, quote }) {
  const found = await fetchDocument(id, generation);
  if (found) return { found, changed: false, start, end };
  const newer = await fetchDocument(id);
  return { found: newer, changed: true, ...find(newer.text, quote) };
}

// Null when the generation is no longer kept.
async function fetchDocument(id, generation) {
  const path = `/v1/documents/${id.split("/").map(encodeURIComponent).join("/")}`;
  const query = generation ? `?generation=${encodeURIComponent(generation)}` : "";
  try {
    return await getJson(path + query);
  } catch (error) {
    if (error.code === "generation_gone") return null;
    throw error;
  }
}

// Where a quote stands in a newer text, in code points; nowhere if it was edited.
function find(newer, quote) {
  const at = quote ? newer.indexOf(quote) : -1;
  if (at < 0) return {};
  const start = Array.from(newer.slice(0, at)).length;
  return { start, end: start + Array.from(quote).length };
}

function showList(from, filtered = "") {
  load("Documents", from, "The documents cannot be listed", () => getJson("/v1/documents"),
    ({ documents }) => fillList(documents, filtered));
}

function fillList(documents, filtered) {
  const list = element("ul", { class: "documents" });
  const count = element("p", { role: "status" });
  const filter = element("input", { type: "search", placeholder: "Filter by title", "aria-label": "Filter by title", value: filtered });
  const fill = () => {
    const left = documents.filter((entry) => entry.title.toLowerCase().includes(filter.value.toLowerCase()));
    count.textContent = counted(left.length);
    list.replaceChildren(...left.map((entry) => element("li", {}, link(entry.id, entry.title),
      entry.summary && element("p", {}, entry.summary))));
  };
  filter.addEventListener("input", () => { noteFilter(filter.value); fill(); });
  filter.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || !filter.value) return;
    event.preventDefault(); // clears the field in place of closing the list
    filter.value = "";
    noteFilter("");
    fill();
  });
  fill();
  body.replaceChildren(filter, count, list);
  settle(filter);
}

function counted(many) {
  if (!many) return "No document has this in its title.";
  return many === 1 ? "1 document" : `${many} documents`;
}

// Shows `heading` at once and what was read later, unless something else was asked for meanwhile.
async function load(heading, from, failure, read, draw) {
  const own = show(heading, from);
  let found;
  try {
    found = await read();
  } catch (error) {
    draw = () => explain(failure, error.code === "not_found" ? GONE : error.message);
  }
  if (own === shown) draw(found);
}

function explain(failure, reason) {
  title.textContent = failure;
  body.replaceChildren(element("p", {}, reason));
  settle(title);
}

export function closePanel() {
  if (elsewhere()) opener = () => null;
  panel.close();
}

// Whoever reads or writes beside the panel is not called away.
function elsewhere() {
  const focused = document.activeElement;
  return focused !== document.body && !panel.contains(focused);
}

// What was read may come late.
function settle(node) {
  if (!elsewhere()) node.focus();
}

function show(heading, from) {
  if (from && !panel.contains(from)) opener = finder(from);
  title.textContent = heading;
  body.replaceChildren();
  if (!panel.open) open();
  if (from || !elsewhere()) body.focus();
  return ++shown;
}

// Beside the conversation where there is room; otherwise over it, and alone.
function open() {
  document.body.classList.add("with-panel");
  if (beside.matches) panel.show();
  else panel.showModal();
}

beside.addEventListener("change", () => {
  if (!panel.open) return;
  panel.close();
  open();
});
panel.addEventListener("close", () => {
  if (panel.open) return; // closed only to be opened the other way
  document.body.classList.remove("with-panel");
  forget();
  opener()?.focus();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing && !event.defaultPrevented && !elsewhere()) closePanel();
});
// What lies left of the panel is its backdrop.
panel.addEventListener("click", (event) => { if (event.target === panel && event.offsetX < 0) closePanel(); });

function facts(found, changed) {
  const rows = [
    ["Reviewed", found.reviewed && longDate(found.reviewed)],
    ["Applies to", found.region],
    ["Sources", found.sources.map((s) => [s.publisher, s.title, s.year].filter(Boolean).join(", ")).join("; ")],
  ].filter(([, value]) => value);
  return element("div", { class: "facts" },
    found.summary && element("p", {}, found.summary),
    changed && element("p", { class: "stale" }, "The documents have been updated since this answer. This is the text as it is now."),
    found.expired && element("p", { class: "stale" }, "No longer valid: not used for answers."),
    found.stale && element("p", { class: "stale" }, `This page was due for a check by ${longDate(found.review_by)}, so figures may be old. Look at its sources or ask an adviser.`),
    element("dl", {}, ...rows.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)])));
}

// Offsets count Unicode code points; JavaScript strings count UTF-16 units.
function text(found, start, end) {
  const points = Array.from(found.text);
  const article = element("article", {});
  let list = null;
  for (const block of found.blocks) {
    const inList = block.kind === "item" || block.kind === "row";
    if (inList && list?.kind !== block.kind) {
      list = { kind: block.kind, node: element("ul", { class: block.kind }) };
      article.append(list.node);
    } else if (!inList) list = null;
    const tag = { heading: `h${Math.min(block.level + 1, 6)}`, item: "li", row: "li", code: "pre" }[block.kind] ?? "p";
    const node = element(tag, block.anchor ? { id: `section-${block.anchor}` } : {});
    node.append(...highlighted(points, block, start, end));
    (list?.node ?? article).append(node);
  }
  return article;
}

function highlighted(points, block, start, end) {
  const from = Math.max(block.start, start ?? Infinity);
  const to = Math.min(block.end, end ?? -Infinity);
  const slice = (a, b) => points.slice(a, b).join("");
  if (from >= to) return [slice(block.start, block.end)];
  return [slice(block.start, from), element("mark", { tabindex: "-1" }, slice(from, to)), slice(to, block.end)];
}

function related(found) {
  if (!found.related.length) return "";
  return element("nav", { "aria-label": "Related documents" }, element("h3", {}, "Related"),
    element("ul", { class: "documents" }, ...found.related.map((entry) => element("li", {}, link(entry.id, entry.title)))));
}

function link(id, label) {
  return element("a", {
    href: documentAddress(id),
    onclick: (event) => {
      if (opensElsewhere(event)) return;
      event.preventDefault();
      openDocument(id);
    },
  }, label);
}
