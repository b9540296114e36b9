// One turn of the conversation as elements: question, short answer, quotes, source cards.
import { documentAddress } from "/web/address.js";
import { linked, paragraphs } from "/web/contacts.js";
import { element, finder, longDate } from "/web/dom.js";

export class TurnView {
  state = "asking"; // then "finished", "stopped" or "failed"
  message = ""; // why it failed

  constructor(question, actions) {
    this.actions = actions;
    this.status = element("p", { class: "status" }, "Searching the guidance…");
    this.body = element("div", { class: "answer" });
    this.node = element("li", { class: "turn" },
      element("h2", { class: "asked" }, element("span", { class: "unseen" }, "You asked: "), question),
      this.body, this.status);
    this.answer = { question, sentences: [], quotes: [], citations: [], suggestions: [] };
  }

  showStatus(text) {
    this.status.textContent = text;
    this.status.hidden = !text;
  }

  update(part) {
    Object.assign(this.answer, part);
    this.#render();
  }

  addSentence(sentence) {
    this.update({ sentences: [...this.answer.sentences, sentence] });
  }

  // What is kept of it; `answer` is what had arrived.
  toJSON() {
    const { state, message, answer } = this;
    return { state, message, answer };
  }

  finish(answer) {
    this.state = "finished";
    this.answer = answer;
    this.showStatus("");
    this.#render();
    this.body.append(this.#tools());
  }

  stopped() {
    this.state = "stopped";
    this.showStatus(this.answer.quotes.length ? "Stopped. What had arrived stays here." : "Stopped.");
    this.status.append(" ", this.#again("Ask again"));
  }

  failed(message) {
    this.state = "failed";
    this.message = message;
    this.showStatus("");
    this.body.append(element("div", { class: "failure" },
      element("p", {}, element("strong", {}, "No complete answer. "), message),
      this.#again("Try again")));
  }

  #again(label) {
    return element("button", { type: "button", onclick: () => this.actions.retry(this) }, label);
  }

  #render() {
    const { answer } = this;
    const parts = answer.abstained ? [this.#understood(), this.#guarded() || this.#abstention(), this.#support()] : [
      this.#understood(), this.#short(), this.#quotes(), this.#disagreements(),
      this.#uncovered(), this.#support(), this.#sources(),
    ];
    const focused = document.activeElement;
    const again = this.body.contains(focused) ? finder(focused) : () => null;
    this.body.replaceChildren(...parts.filter(Boolean));
    again()?.focus({ preventScroll: true });
  }

  #understood() {
    const text = understood(this.answer);
    return text && element("p", { class: "understood" }, text);
  }

  #short() {
    if (!this.answer.sentences.length) return null;
    const sentences = this.answer.sentences.flatMap(({ text, citations, verbatim }) => [
      verbatim ? `“${text}”` : text, " ", ...citations.map((c) => this.#mark(c)), " ",
    ]);
    return element("section", { class: "short" },
      element("h3", {}, "In short"), element("p", {}, ...sentences));
  }

  // Those that the short answer holds word for word are not shown twice.
  #quotes() {
    const verbatim = this.answer.sentences.filter((sentence) => sentence.verbatim);
    const said = new Set(verbatim.flatMap(({ citations }) => citations.map((c) => c.marker)));
    const quotes = this.answer.quotes.filter((quote) => !said.has(quote.citation.marker));
    if (!quotes.length) return null;
    return element("section", { class: "quotes" },
      element("h3", {}, "From the guidance"),
      ...quotes.map((quote) => element("blockquote", {},
        element("p", {}, quote.text, " ", this.#mark(quote.citation)))));
  }

  #uncovered() {
    const { uncovered } = this.answer;
    if (!uncovered?.length) return null;
    return element("p", { class: "uncovered" },
      element("strong", {}, "Not covered by the documents: "), uncovered.join(" · "));
  }

  #support() {
    const { support } = this.answer;
    return support && element("div", { class: "support" }, ...paragraphs(support));
  }

  #disagreements() {
    const { disagreements } = this.answer;
    if (!disagreements?.length) return null;
    const pairs = disagreements.map(({ markers, dates }) =>
      markers.map((marker, n) => `[${marker}] (${dates[n]})`).join(" and "));
    return element("p", { class: "disagreement" },
      element("strong", {}, "The documents give different figures: "), pairs.join("; "), ".");
  }

  #mark(citation) {
    const name = `Source ${citation.marker}: ${sourceName(citation)}`;
    return element("a", {
      class: "mark", href: this.#address(citation), "aria-label": name, title: citation.quote,
      "data-marker": citation.marker, onclick: (event) => this.#open(event, citation),
    }, `[${citation.marker}]`);
  }

  // The address and the panel show the text as it was when it was cited.
  #address(citation) {
    return documentAddress(citation.document_id, { ...citation, generation: this.answer.generation });
  }

  #open(event, citation) {
    this.actions.open(event, citation, this.answer.generation);
  }

  #sources() {
    const citations = this.#cited();
    if (!citations.length) return null;
    return element("section", { class: "sources" }, element("h3", {}, "Sources"),
      element("ol", {}, ...citations.map((citation) => this.#card(citation))));
  }

  // Markers of one place in one document share a card, so that no card appears twice.
  #cited() {
    const all = this.answer.citations.length ? this.answer.citations
      : this.answer.quotes.map((quote) => quote.citation);
    const places = new Map();
    for (const citation of all) {
      const key = `${citation.document_id}\n${citation.heading}`;
      places.set(key, [...(places.get(key) ?? []), citation]);
    }
    return [...places.values()];
  }

  #card(citations) {
    const [first] = citations;
    const marks = citations.map((c) => `[${c.marker}]`).join(" ");
    const pages = [...new Set(citations.map((c) => c.page).filter(Boolean))];
    const reviewed = first.reviewed ? `Reviewed ${longDate(first.reviewed)}` : "No review date";
    return element("li", {}, element("a", {
      class: "card", href: this.#address(first), "data-marker": first.marker,
      onclick: (event) => this.#open(event, first),
    }, element("span", { class: "card-mark" }, marks),
    element("span", { class: "card-title" }, first.title),
    first.heading && element("span", { class: "card-heading" }, first.heading),
    pages.length ? element("span", { class: "card-heading" }, `p. ${pages.join(", ")}`) : null,
    element("span", { class: "card-date" }, reviewed),
    first.stale && element("span", { class: "stale" }, "Overdue for a check, so figures may be old: look at its sources or ask an adviser")));
  }

  // Distress, matters for a person and thanks get the service's own words and nothing beside them.
  #guarded() {
    const { reason, text } = this.answer;
    const titles = { support: "You are not alone", signpost: "This needs a person", courtesy: "" };
    const title = titles[reason.split(":")[0]];
    return title === undefined ? null : element("section", { class: "abstention" },
      title && element("h3", {}, title), ...paragraphs(text));
  }

  #abstention() {
    const { suggestions, nearest } = this.answer;
    return element("section", { class: "abstention" },
      element("h3", {}, "The guidance does not cover this"),
      element("p", {}, "Waymark answers only from its documents, and they do not answer this question."),
      nearest?.length ? element("p", {}, "It comes nearest to your question here. Look for yourself:") : null,
      nearest?.length ? element("ul", { class: "nearest" }, ...nearest.map((section) =>
        element("li", {}, element("a", {
          href: this.#address(section), onclick: (event) => this.#open(event, section),
        }, sourceName(section))))) : null,
      suggestions.length ? element("p", {}, "Questions it does answer:") : null,
      suggestions.length ? element("ul", { class: "chips" }, ...suggestions.map((title) =>
        element("li", {}, element("button", { type: "button", onclick: () => this.actions.ask(title) }, title)))) : null,
      element("p", { class: "contact" }, ...linked(this.actions.contact())));
  }

  #tools() {
    const button = element("button", { type: "button", class: "quiet" }, "Copy");
    const tools = element("p", { class: "tools" }, button);
    button.addEventListener("click", async () => {
      const text = plainText(this.answer);
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = "Copied";
        this.actions.say("Copied");
      } catch {
        showSelected(tools, text);
      }
    });
    return tools;
  }
}

// Browsers give a page that came over plain HTTP no clipboard: the text is copied by hand.
function showSelected(node, text) {
  const box = element("textarea", { rows: "6", readonly: true }, text);
  node.replaceChildren(element("label", {}, "Copy the selected text:", box));
  box.select();
}

// How a follow-up was read, if it was not taken as it stands.
export function understood({ question, standalone_question: standalone }) {
  return standalone && standalone !== question ? `Understood as: ${standalone}` : "";
}

function plainText(answer) {
  const sources = answer.citations.map((c) => {
    const dates = [c.reviewed && `reviewed ${longDate(c.reviewed)}`, c.stale && "past its review date"];
    const known = dates.filter(Boolean).join(", ");
    return `[${c.marker}] ${sourceName(c)}${known && ` (${known})`}`;
  });
  return [answer.question, answer.text, sources.join("\n")].filter(Boolean).join("\n\n");
}

function sourceName(citation) {
  const page = citation.page && `p. ${citation.page}`;
  return [citation.title, citation.heading, page].filter(Boolean).join(", ");
}
