// Builds elements. All text goes in as text: nothing from a document or a model becomes markup.

export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick") node.addEventListener("click", value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null && child !== false && child !== ""));
  return node;
}

// Answers are drawn anew while they arrive: returns a function that finds the same link again.
export function finder(node) {
  const { marker } = node.dataset;
  if (!marker) return () => node;
  const turn = node.closest(".turn");
  const part = node.closest("section").className;
  const same = `[data-marker="${marker}"]`; // in another part, where this one has lost it
  return () => turn.querySelector(`.${part} ${same}`) ?? turn.querySelector(same);
}

// A click with one of these keys opens a tab or a window, as on any link.
export function opensElsewhere(event) { return event.ctrlKey || event.metaKey || event.shiftKey; }

export function longDate(iso) {
  return new Date(`${iso}T00:00:00`).toLocaleDateString("en-GB", {
    day: "numeric", month: "long", year: "numeric",
  });
}
