// Wires the page: asking, stopping, the panel, and the conversation kept for this tab.
import { contact, describe } from "/web/about.js";
import { TurnView, understood } from "/web/answer.js";
import { fill, remark, showExcess, takeQuestion } from "/web/box.js";
import { opensElsewhere } from "/web/dom.js";
import { closePanel, openDocument, openList, showAddressed } from "/web/panel.js";
import { keepTurns, keptTurns } from "/web/storage.js";
import { ask } from "/web/stream.js";

const $ = (id) => document.getElementById(id);
const HISTORY_TURNS = 6;
const READ_OUT = 5_000; // ms
const BUSY = "Another answer is still being written.";
const DELETE = "Begin a new conversation? This one, and what you are typing, will be deleted.";
let turns = [];
let running = null;
let silence;

const actions = {
  ask: (question) => submit(question),
  retry,
  contact,
  say,
  open: (event, citation, generation) => {
    if (opensElsewhere(event)) return;
    event.preventDefault();
    openDocument(citation.document_id, { ...citation, generation }, event.currentTarget);
  },
};

// `before` are the turns that the question comes after.
async function submit(question, before = turns) {
  if (running) return remark(BUSY);
  describe(submit);
  const earlier = history(before);
  const view = addTurn(question);
  save();
  running = new AbortController();
  setRunning(true);
  say("Searching the guidance");
  try {
    await ask(question, earlier, running.signal, (name, data) => handle(view, name, data));
  } catch (error) {
    if (error.name === "AbortError") { view.stopped(); say("Stopped"); }
    else { view.failed(error.message); say(`No complete answer. ${error.message}`); }
  } finally {
    running.abort(); // A stream that was given up may still be open.
    running = null;
    save();
    // Whoever reads on, in an answer or a document, is not called away.
    const idle = [$("stop"), document.body].includes(document.activeElement);
    setRunning(false);
    if (idle) $("question").focus({ preventScroll: true });
    describe(submit);
  }
}

function retry(view) {
  const before = turns.slice(0, turns.indexOf(view));
  if (!running) {
    turns = turns.filter((turn) => turn !== view);
    view.node.remove();
  }
  submit(view.answer.question, before);
}

function handle(view, name, data) {
  if (name === "status") showStatus(view, statusText(data));
  else if (name === "passages") view.update({ generation: data.generation });
  else if (name === "quotes") view.update(data);
  else if (name === "sentence") view.addSentence(data);
  else if (name === "done") finish(view, data);
  save();
}

function showStatus(view, text) {
  if (text !== view.status.textContent) say(text);
  view.showStatus(text);
}

function finish(view, answer) {
  view.finish(answer);
  // The finished answer is read out once; fragments would interrupt each other.
  const text = [understood(answer), answer.text].filter(Boolean).join("\n");
  // Behind a document that covers the conversation nothing is read out.
  if ($("panel").matches(":modal")) $("panel").addEventListener("close", () => say(text), { once: true });
  else say(text);
}

function statusText({ state, position }) {
  if (state === "queued") return position === 1 ? "One person is ahead of you…" : `${position} people are ahead of you…`;
  return state === "writing" ? "Writing and checking a short answer…" : "Searching the guidance…";
}

// What can be read of an answer that was stopped or broke off may be asked about, too.
function history(before) {
  const answered = before.filter(({ state, answer }) => state === "finished" || answer.quotes.length);
  return answered.slice(-HISTORY_TURNS).flatMap(({ answer }) => [
    { role: "user", content: answer.question },
    { role: "assistant", content: answer.text ?? answer.quotes.map(({ text }) => `“${text}”`).join("\n") },
  ]);
}

function addTurn(question) {
  const view = new TurnView(question, actions);
  turns.push(view);
  $("turns").append(view.node);
  showWelcome(false);
  view.node.scrollIntoView({ block: "start" });
  return view;
}

function showWelcome(on) {
  $("welcome").hidden = !on;
  $("title").classList.toggle("unseen", !on);
  $("new").hidden = on;
}

// In place: a page that is loaded anew is lost while the service cannot be reached.
function beginAnew() {
  if ((turns.length > 1 || $("question").value.trim()) && !confirm(DELETE)) return;
  turns = [];
  running?.abort();
  save();
  fill("");
  $("turns").replaceChildren();
  showWelcome(true);
  $("question").focus();
  closePanel();
}

function setRunning(on) {
  $("send").hidden = on;
  $("stop").hidden = !on;
  // What was pressed may be gone: Ask is hidden, "Try again" removed.
  const pressed = document.activeElement;
  if (on && (pressed === document.body || !pressed.checkVisibility())) $("stop").focus({ preventScroll: true });
  $("turns").setAttribute("aria-busy", String(on));
  showExcess(); // in place of what was remarked
}

function say(text) {
  $("live").textContent = text;
  // Left there, an answer would be met a second time by readers and by a search in the page.
  clearTimeout(silence);
  silence = setTimeout(() => { $("live").textContent = ""; }, READ_OUT);
}

function save() { keepTurns(turns); }

function restore() {
  for (const { state, message, answer } of keptTurns()) {
    const view = addTurn(answer.question);
    if (state === "finished") view.finish(answer);
    else {
      view.update(answer);
      if (state === "stopped") view.stopped();
      else view.failed(message || "The page was closed before the answer was complete.");
    }
  }
}

$("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  if (running) return remark(BUSY);
  const question = takeQuestion();
  if (question) submit(question);
});
$("stop").addEventListener("click", () => running?.abort());
$("new").addEventListener("click", beginAnew);
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // no step on the way back
  $("question").focus();
});
$("browse").addEventListener("click", (event) => openList(event.currentTarget));
$("panel-close").addEventListener("click", closePanel);

function start() {
  restore();
  describe(submit);
  showAddressed($("browse"));
}

start();
