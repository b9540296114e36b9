// The side panel: a document at its highlighted passage, or the list of all documents.
// A passage is shown in the generation of the index that its answer cites, as long as it is kept.
import { element, longDate } from "/web/dom.js";
import { getJson } from "/web/stream.js";

const panel = document.getElementById("panel");
const title = document.getElementById("panel-title");
const body = document.getElementById("panel-body");
let opener = null;

// `passage` may hold start, end, generation and quote.
export async function openDocument(id, passage = {}, from = null) {
  show("Loading…", from);
  let found;
  let { start, end } = passage;
  let changed = false;
  try {
    found = await fetchDocument(id, passage.generation);
    if (!found) {
      changed = true;
      found = await fetchDocument(id);
      ({ start, end } = find(found.text, passage.quote));
    }
  } catch (error) {
    title.textContent = "This document cannot be shown";
    body.replaceChildren(element("p", {}, error.message));
    return;
  }
  title.textContent = found.title;
  body.replaceChildren(facts(found, changed), text(found, start, end), related(found));
  const mark = body.querySelector("mark");
  (mark ?? panel).focus();
  mark?.scrollIntoView({ block: "center" });
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

export async function openList(from) {
  show("Documents", from);
  const { documents } = await getJson("/v1/documents");
  const list = element("ul", { class: "documents" });
  const filter = element("input", { type: "search", placeholder: "Filter by title", "aria-label": "Filter by title" });
  const fill = () => list.replaceChildren(...documents
    .filter((entry) => entry.title.toLowerCase().includes(filter.value.toLowerCase()))
    .map((entry) => element("li", {}, link(entry.id, entry.title),
      entry.summary && element("p", {}, entry.summary))));
  filter.addEventListener("input", fill);
  fill();
  body.replaceChildren(filter, list);
  filter.focus();
}

export function closePanel() {
  if (panel.hidden) return;
  panel.hidden = true;
  document.body.classList.remove("with-panel");
  opener?.focus();
}

function show(heading, from) {
  if (from && !panel.contains(from)) opener = from;
  title.textContent = heading;
  body.replaceChildren();
  panel.hidden = false;
  document.body.classList.add("with-panel");
  panel.focus();
}

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
    found.stale && element("p", { class: "stale" }, `Past its review date (${longDate(found.review_by)}): check before you rely on it.`),
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
    href: `/?document=${encodeURIComponent(id)}`,
    onclick: (event) => { event.preventDefault(); openDocument(id); },
  }, label);
}
