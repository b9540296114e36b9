// What this tab keeps: the turns of the conversation, and a question that is still being typed.
// Private windows may refuse storage; both then live only in the page.
const TURNS = "waymark-conversation";
const DRAFT = "waymark-draft";

export function keepTurns(turns) { write(TURNS, turns); }

export function keptTurns() {
  const turns = read(TURNS);
  return Array.isArray(turns) ? turns.filter((turn) => turn?.answer) : [];
}

export function keepDraft(text) { write(DRAFT, text); }

export function keptDraft() { return read(DRAFT) ?? ""; }

function write(key, value) {
  try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { forget(key); }
}

// What is full keeps no older state as if it were the present one.
function forget(key) {
  try { sessionStorage.removeItem(key); } catch { return; }
}

function read(key) {
  try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; }
}
