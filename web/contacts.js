// Where to find help, in texts of the service and its operator: telephone numbers, addresses of
// pages and e-mail addresses become links.
import { element } from "/web/dom.js";

// Three digits or more with at most one space or hyphen between them, and brackets around some of
// the first; no opening hours ("9-17", "24 hours"), sum of money, date, or number that ends in letters.
const NUMBER = String.raw`(?<![\w£$€.,/@-]|\d:)(?!\d\d?-\d\d?(?![\d-]))`
  + String.raw`(?:\+\d|\(\d+\) ?\d|\d)(?:[ -]?(?:\(\d+\) ?)?\d){2,}(?!\w|[-:/.,]\w| ?%| ?(?:hours|days|[ap]m)\b)`;
const HOST = String.raw`(?:[a-z\d-]+\.)+[a-z]{2,}\b`;
const MAIL = String.raw`[\w.+-]+@${HOST}`;
const PAGE = String.raw`(?:https?://)?${HOST}(?:/(?:\S*[^\s.,;:!?)])?)?`;
const REACHABLE = new RegExp(`(${MAIL}|${PAGE}|${NUMBER})`, "i");
const BY_MESSAGE = /\btext [^.,;]{1,30} to $/i; // such numbers take no calls

// One element for each paragraph of `text`.
export function paragraphs(text) {
  return text.split(/\n\s*\n/).map((paragraph) => element("p", {}, ...linked(paragraph)));
}

// Strings and links, in order.
export function linked(text) {
  return text.split(REACHABLE).map((part, n, parts) =>
    (n % 2 ? element("a", { href: address(part, parts[n - 1]) }, part) : part));
}

function address(text, before) {
  if (text.includes("@")) return `mailto:${text}`;
  if (/[a-z]/i.test(text)) return text.includes("://") ? text : `https://${text}`;
  const number = text.replace("(0)", "").replace(/[^+\d]/g, "");
  return `${BY_MESSAGE.test(before) ? "sms" : "tel"}:${number}`;
}
