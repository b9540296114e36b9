// What the service says of itself: its contact, its notice, questions to begin with, and what
// becomes of a question. Until it has said so, the page promises nothing; it is asked again around
// each question, because it may have been started anew, or its model have failed, since.
import { linked } from "/web/contacts.js";
import { element } from "/web/dom.js";
import { getJson } from "/web/stream.js";

const RETRY = 5_000; // ms
const RECORDED = "Questions that the guidance does not cover are saved with the day, so that editors can add what is missing. E-mail addresses, phone numbers and some names are taken out first, but not everything personal is recognised.";
const SENT = "To write an answer, Waymark sends your question, earlier turns of this conversation and passages of the guidance to another server, which may keep them.";
const $ = (id) => document.getElementById(id);
let request = null;
let timer;
let known = "";

// Empty until the service has told it.
export function contact() { return known; }

// Asks the service until it has answered; `onExample` is called with a question to begin with.
export function describe(onExample) {
  request ??= getJson("/v1/about").then((about) => show(about, onExample)).catch((error) => {
    notice(error.message);
    clearTimeout(timer);
    timer = setTimeout(describe, RETRY, onExample);
  }).finally(() => { request = null; });
}

function show(about, onExample) {
  known = about.contact ?? "";
  // Abstentions that were drawn before wait for it; once drawn, its links keep their focus.
  for (const node of document.querySelectorAll(".contact")) {
    if (node.textContent !== known) node.replaceChildren(...linked(known));
  }
  $("privacy").textContent = privacy(about);
  notice(about.notice ?? "");
  $("examples").replaceChildren(...about.examples.map((title) =>
    element("li", {}, element("button", { type: "button", onclick: () => onExample(title) }, title))));
}

function privacy({ records_questions: recorded, sends_questions: sent }) {
  if (!recorded && !sent) return "Your questions are not recorded. This conversation is kept in this tab only.";
  return [recorded ? RECORDED : "Your questions are not recorded here.", sent && SENT,
    "Please do not type names or addresses."].filter(Boolean).join(" ");
}

function notice(text) {
  // The same text set again would be read out again.
  if ($("notice").textContent !== text) $("notice").textContent = text;
}
