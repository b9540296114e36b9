// Reads server-sent events from a fetch and turns every way to fail into a message for people.

const SILENCE = 30_000; // ms; the service sends a sign of life every 10 s

class AskError extends Error {
  constructor(message, code = "") {
    super(message);
    this.code = code;
  }
}

class EventParser {
  #buffer = "";

  // Returns the events that `text` completes; the rest waits for more.
  push(text) {
    this.#buffer += text;
    const events = [];
    for (;;) {
      const end = /\r?\n\r?\n/.exec(this.#buffer);
      if (!end) return events;
      const block = this.#buffer.slice(0, end.index);
      this.#buffer = this.#buffer.slice(end.index + end[0].length);
      const event = parse(block);
      if (event) events.push(event);
    }
  }
}

function parse(block) {
  let name = "message";
  const data = [];
  for (const line of block.split(/\r?\n/)) {
    if (line.startsWith("event:")) name = line.slice(6).trim();
    else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
  }
  return data.length ? { name, data: JSON.parse(data.join("\n")) } : null;
}

// Calls `onEvent(name, data)` for every event. Resolves only after `done`; the caller aborts
// `signal` once it has rejected.
export async function ask(question, history, signal, onEvent) {
  const response = await inTime(send(question, history, signal));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const parser = new EventParser();
  let finished = false;
  while (!finished) {
    const { value, done } = await inTime(reader.read()).catch((error) => {
      if (error.name === "AbortError" || error instanceof AskError) throw error;
      throw new AskError("The connection was lost before the answer was complete.");
    });
    // An ending without `done` is a failure: half an answer must not pass for a whole one.
    if (done) throw new AskError("The answer broke off before it was complete.");
    for (const event of parser.push(value)) {
      if (event.name === "error") throw new AskError(event.data.message);
      onEvent(event.name, event.data);
      finished ||= event.name === "done";
    }
  }
}

function send(question, history, signal) {
  return reach("/v1/ask", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify({ question, history }),
    signal,
  });
}

export async function getJson(path) {
  // A page in between, such as the sign-in of a network, may answer with a page of its own.
  return inTime(reach(path).then((response) => response.json().catch(() => { throw unreached(); })));
}

function unreached() {
  return new AskError("Waymark cannot be reached. Check your internet connection, then try again.");
}

async function reach(path, options) {
  const response = await fetch(path, options).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw unreached();
  });
  if (!response.ok) throw await refusal(response);
  return response;
}

// A connection can die without a word: rejects when nothing has come for too long.
function inTime(promise) {
  let timer;
  const silence = new Promise((_, reject) => {
    const error = new AskError("The connection has gone silent.");
    timer = setTimeout(reject, SILENCE, error);
  });
  return Promise.race([promise, silence]).finally(() => clearTimeout(timer));
}

async function refusal(response) {
  const body = await response.json().catch(() => null);
  const message = body?.error?.message ?? `The server answered with an error (${response.status}).`;
  return new AskError(message, body?.error?.code);
}
