// The question box: grows with its text, says when there is too much of it, and keeps it for
// this tab until it is asked.
import { keepDraft, keptDraft } from "/web/storage.js";

const LIMIT = 2000; // characters that the service takes
const form = document.getElementById("ask");
const box = document.getElementById("question");
const send = document.getElementById("send");
const count = document.getElementById("count");

// Empties the box and returns its question; null when there is none, or too much of it.
export function takeQuestion() {
  const question = box.value.trim();
  if (!question || excess() > 0) return null;
  fill("");
  return question;
}

export function fill(text) {
  box.value = text;
  changed();
}

// In Unicode code points, as the service counts.
function excess() { return Array.from(box.value.trim()).length - LIMIT; }

function changed() {
  keepDraft(box.value);
  fit();
  showExcess();
}

function fit() {
  box.style.height = "auto";
  const borders = box.offsetHeight - box.clientHeight;
  box.style.height = `${box.scrollHeight + borders}px`; // style.css limits it
}

export function showExcess() {
  const over = excess();
  const many = over === 1 ? "1 character" : `${over.toLocaleString("en-GB")} characters`;
  count.textContent = over > 0 ? `${many} too many` : "";
  send.disabled = over > 0;
}

// Says something under the box, until its text changes or `showExcess` is called.
export function remark(text) { count.textContent = text; }

box.addEventListener("input", changed);
box.addEventListener("keydown", (event) => {
  const composing = event.isComposing || event.keyCode === 229; // Safari ends a composition before this key
  if (event.key === "Enter" && !event.shiftKey && !composing) { event.preventDefault(); form.requestSubmit(); }
});
window.addEventListener("resize", fit);
fill(keptDraft());
