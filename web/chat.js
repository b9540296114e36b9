// Wires the page: asking, stopping, the panel, and the conversation kept for this tab.
import { TurnView } from "/web/answer.js";
import { element } from "/web/dom.js";
import { closePanel, openDocument, openList } from "/web/panel.js";
import { ask, getJson } from "/web/stream.js";

const $ = (id) => document.getElementById(id);
const KEY = "waymark-conversation";
const HISTORY_TURNS = 6;
const NOT_RECORDING = "Your questions are not recorded. This conversation is kept in this tab only.";
const RECORDING = "Questions that the guidance does not cover are kept, with the day and without recognised personal details, so that editors can add what is missing. Please do not type names or addresses.";
let answers = [];
let running = null;
let contact = "";

const actions = {
  ask: (question) => submit(question),
  contact: () => contact,
  open: (event, citation, generation) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    openDocument(citation.document_id, { ...citation, generation }, event.currentTarget);
  },
};

async function submit(question) {
  question = question.trim();
  if (!question || running) return;
  const view = addTurn(question);
  running = new AbortController();
  setRunning(true);
  say("Searching the guidance");
  try {
    await ask(question, history(), running.signal, (name, data) => handle(view, name, data));
  } catch (error) {
    if (error.name === "AbortError") { view.stopped(); say("Stopped"); }
    else view.failed(error.message, () => { view.node.remove(); submit(question); });
  } finally {
    running = null;
    setRunning(false);
    if (!$("panel").contains(document.activeElement)) $("question").focus();
  }
}

function handle(view, name, data) {
  if (name === "status") view.showStatus(statusText(data));
  else if (name === "passages") view.update({ generation: data.generation });
  else if (name === "quotes") view.update(data);
  else if (name === "sentence") view.addSentence(data);
  else if (name === "done") finish(view, data);
}

function finish(view, answer) {
  view.finish(answer);
  answers.push(answer);
  save();
  // The finished answer is read out once; fragments would interrupt each other.
  say(answer.text);
}

function statusText({ state, position }) {
  if (state === "queued") return position === 1 ? "One person is ahead of you…" : `${position} people are ahead of you…`;
  return state === "writing" ? "Writing and checking a short answer…" : "Searching the guidance…";
}

function history() {
  return answers.slice(-HISTORY_TURNS).flatMap((answer) => [
    { role: "user", content: answer.question }, { role: "assistant", content: answer.text },
  ]);
}

function addTurn(question) {
  const view = new TurnView(question, actions);
  $("turns").append(view.node);
  $("welcome").hidden = true;
  $("new").hidden = false;
  view.node.scrollIntoView({ block: "start" });
  return view;
}

function setRunning(on) {
  $("send").hidden = on;
  $("stop").hidden = !on;
  $("turns").setAttribute("aria-busy", String(on));
}

function say(text) { $("live").textContent = text; }

function save() {
  // Private windows may refuse storage; the conversation then lives only in the page.
  try { sessionStorage.setItem(KEY, JSON.stringify(answers)); } catch { return; }
}

function restore() {
  try { answers = JSON.parse(sessionStorage.getItem(KEY) ?? "[]"); } catch { answers = []; }
  for (const answer of answers) addTurn(answer.question).finish(answer);
}

function resize() {
  const box = $("question");
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 200)}px`;
  const left = box.maxLength - box.value.length;
  $("count").hidden = left > 200;
  $("count").textContent = `${left} characters left`;
}

function send() {
  const question = $("question").value;
  if (running || !question.trim()) return;
  $("question").value = "";
  resize();
  submit(question);
}

$("ask").addEventListener("submit", (event) => { event.preventDefault(); send(); });
$("question").addEventListener("input", resize);
$("question").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); }
});
$("stop").addEventListener("click", () => running?.abort());
$("new").addEventListener("click", () => {
  running?.abort();
  sessionStorage.removeItem(KEY);
  location.assign("/");
});
$("browse").addEventListener("click", (event) => openList(event.currentTarget));
$("panel-close").addEventListener("click", closePanel);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") closePanel(); });

async function start() {
  await describe();
  restore();
  const address = new URLSearchParams(location.search);
  if (address.has("document")) {
    const offset = (name) => (address.has(name) ? Number(address.get(name)) : undefined);
    const passage = { start: offset("start"), end: offset("end"), generation: address.get("generation") };
    openDocument(address.get("document"), passage, $("browse"));
  }
}

// What the service says of itself comes first: abstentions name its contact.
async function describe() {
  try {
    const about = await getJson("/v1/about");
    contact = about.contact ?? "";
    $("privacy").textContent = about.records_questions ? RECORDING : NOT_RECORDING;
    $("notice").hidden = !about.notice;
    $("notice").textContent = about.notice ?? "";
    $("examples").replaceChildren(...about.examples.map((title) =>
      element("li", {}, element("button", { type: "button", onclick: () => submit(title) }, title))));
  } catch (error) {
    $("notice").hidden = false;
    $("notice").textContent = `${error.message} Reload the page to try again.`;
  }
}

start();
