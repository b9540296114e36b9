"""Sentences in the model's words → supported ones with their citations, or nothing.

A sentence leaves only when one sentence of a passage says all that it says, or two neighbouring
ones a half each: by every rule of `entailment`, and by a verifier that has learnt from claims what
no rule names. The citation is their span, whichever passage the model named. Knows nothing of how
the text was generated.
"""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote as url_quote
from urllib.parse import urlencode

from waymark.meaning.entailment import Around, objection
from waymark.meaning.statements import halves, opens_with_pronoun, read, turning_words
from waymark.meaning.wording import root, tokens
from waymark.sentences import content_words, joined, sentence_spans, sentences_of, words
from waymark.thoughts import announced_in_context, announcement, with_turning
from waymark.types import Citation, Evidence, NearSection, Passage, Verifier

# Log-odds of the verifier. It doubts more of what is true than it should, so less than even odds
# are enough; docs/LOG.md has what other values let through.
CARRIED = -1.0
LEAST_WORDS = 3  # of a sentence that says something: "Pay." says nothing
NEAREST = 3
LOOK_AHEAD = 24  # characters that must follow before a sentence counts as complete

_MARK = r"\[\d+(?:\s*[,–-]\s*\d+)*\]"
_MARKER = re.compile(rf"\s*({_MARK}(?:\s*(?:,|and)?\s*{_MARK})*)")
_VERDICT = re.compile(r"\s*(?:yes|no)\s*[,.:;–—]\s*", re.IGNORECASE)  # at the head of a claim
_MARKUP = re.compile(r"^\s*(?:[-*•>]|#{1,6}|\d{1,2}[.)])\s+|\*\*")  # of lists, titles, bold type
_STANDS_ALONE = re.compile(  # a pronoun that stands for nothing said before
    r"it (?:(?:is|was|can be|may be) (?:not |often |also |usually )?(?:enough|sensible|wise|best"
    r"|common|normal|important|possible|lawful|unlawful|illegal) (?:to|that|if|when)\b"
    r"|takes\b.* to\b|(?:helps|pays) (?:to|if|when)\b|depends\b.* (?:whether|how|what)\b)"
    r"|this (?:page|profile|service)\b|those who\b"
    r"|both (?!(?:are|were|do|have|can|may|must|need)\b)(?:\w+ ){1,2}and\b",
    re.IGNORECASE,
)


class Citations:
    """Numbers the cited spans of one answer: a span inside a cited one shares its marker."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._by_span: dict[tuple[str, int, int], Citation] = {}

    def cite(self, evidence: Evidence) -> Citation:
        """Return the citation of `evidence`, with the next marker when it is new."""
        chunk = evidence.passage.chunk
        for (document_id, start, end), citation in self._by_span.items():
            inside = start <= evidence.start and evidence.end <= end
            if document_id == evidence.document_id and inside:
                return citation
        span = evidence.span
        review_by = evidence.passage.review_by
        self._by_span[span] = Citation(
            marker=len(self._by_span) + 1,
            document_id=evidence.document_id,
            title=chunk.title,
            heading=chunk.heading,
            quote=evidence.text,
            start=evidence.start,
            end=evidence.end,
            url=passage_url(*span),
            reviewed=evidence.passage.reviewed,
            stale=review_by is not None and review_by < self._today,
            page=chunk.page_at(evidence.start),
        )
        return self._by_span[span]

    def used(self) -> tuple[Citation, ...]:
        """Return all citations in order of their markers."""
        return tuple(self._by_span.values())


def near_sections(evidence: Sequence[Evidence]) -> tuple[NearSection, ...]:
    """Return the sections of the best pieces of evidence, up to `NEAREST`, best first."""
    best: dict[tuple[str, str], NearSection] = {}
    for piece in evidence:
        chunk = piece.passage.chunk
        section = NearSection(
            chunk.document_id,
            chunk.title,
            chunk.heading,
            piece.start,
            piece.end,
            passage_url(*piece.span),
        )
        best.setdefault((chunk.document_id, chunk.heading), section)
    return tuple(best.values())[:NEAREST]


def passage_url(document_id: str, start: int, end: int) -> str:
    """The address of the page that opens a document at a highlighted span."""
    query = urlencode({"document": document_id, "start": start, "end": end}, quote_via=url_quote)
    return f"/?{query}"


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of the model: its text without markers, and the passages it named."""

    text: str
    markers: tuple[int, ...]


def read_claims(pieces: Iterable[str]) -> Iterator[Claim | None]:
    """Turn pieces of text into whole sentences as soon as each is complete.

    Yields None after each piece, so that a caller can stop between them. A last sentence without
    an end is dropped: the model was cut off, and half a condition can mean its opposite.
    """
    buffer = ""
    for piece in pieces:
        buffer += piece
        spans = _attach_markers(buffer, sentence_spans(buffer))
        # What follows decides where a sentence ends: "(U." may go on as "(U.S. Bureau".
        settled = [span for span in spans if _is_settled(buffer, span)]
        for start, end in settled:
            yield _claim(buffer[start:end])
        if settled:
            buffer = buffer[settled[-1][1] :]
        yield None
    for start, end in _attach_markers(buffer, sentence_spans(buffer)):
        if re.search(r"[.!?][\"'”’)]*(\s*\[[^\]]*\])*\s*$", buffer[start:end]):
            yield _claim(buffer[start:end])


def without_verdict(text: str) -> str:
    """A sentence without its "No, …", which answers the question: no passage can support that.

    "No, no experience is needed" would tell a person who asked about a licence that none is.
    """
    verdict = _VERDICT.match(text)
    said = text[verdict.end() :] if verdict else ""
    if not verdict or said[:1].isdigit():  # "No. 1" is no verdict
        return text
    return said[:1].upper() + said[1:]


def ground(claim: Claim, passages: Sequence[Passage], verifier: Verifier) -> Evidence | None:
    """Return the sentence that supports `claim`, or None when nothing does.

    The passages that the model named come first; another one may still support the claim.
    """
    if not content_words(claim.text) or claim.text.count("(") != claim.text.count(")"):
        return None
    if claim.text.endswith(":"):  # it only announces what does not follow
        return None
    if len(words(claim.text)) < LEAST_WORDS:
        return None
    if not "".join(claim.text.split()).isprintable():  # the unseen can turn what is seen
        return None
    named = [passages[n - 1] for n in claim.markers if 1 <= n <= len(passages)]
    others = [p for p in passages if p not in named]
    for group in (named, others):
        support = _best_support(claim.text, group, verifier)
        if support is not None:
            return support
    return None


def keeps_meaning(claim: str, asked: str, before: Evidence | None, support: Evidence) -> bool:
    """Tell whether a claim that opens with a pronoun still means the same: its support is that of
    the claim before, or the next sentence of the passage about the same thing, or is about what is
    `asked`.

    After another claim "they" would be somebody else. `before` is the support of the claim just
    before, None where that was left out; `asked` is the question, "" behind another claim.
    """
    if not opens_with_pronoun(claim) or _STANDS_ALONE.match(claim):
        return True
    chunk = support.passage.chunk
    subject = read(support.text).content[:1]
    named = bool(subject) and not opens_with_pronoun(support.text)
    if named and read(asked).roots.issuperset(subject):
        return True
    if before is None or before.passage.chunk.id != chunk.id or before.start > support.start:
        return False
    if chunk.text[before.end - chunk.start : support.start - chunk.start].strip():
        return False
    leans = support.start < before.end or opens_with_pronoun(support.text)
    return leans or read(before.text).roots.issuperset(subject)


def _is_settled(buffer: str, span: tuple[int, int]) -> bool:
    sentence = buffer[span[0] : span[1]]
    balanced = sentence.count("(") <= sentence.count(")")
    return balanced and len(buffer) - span[1] >= LOOK_AHEAD


def _claim(raw: str) -> Claim:
    markers: list[int] = []
    for group in _MARKER.findall(raw):
        markers.extend(int(n) for n in re.findall(r"\d{1,3}", group))
    text = " ".join(_MARKUP.sub("", _MARKER.sub("", raw)).split())
    return Claim(without_verdict(text), tuple(dict.fromkeys(markers)))


def _attach_markers(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give marks that stand after the full stop back to the sentence before them."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        leading = re.match(r"(\s*\[\d[^\]]*\])+[.\s]*", text[start:end])
        if leading and joined:
            joined[-1] = (joined[-1][0], start + leading.end())
            start += leading.end()
        if start < end:
            joined.append((start, end))
    return joined


def _best_support(text: str, passages: Sequence[Passage], verifier: Verifier) -> Evidence | None:
    candidates = [e for passage in passages for e in _supports(text, sentences_of(passage))]
    if not candidates:
        return None
    said = words(text)
    if repeated := [c for c in candidates if words(c.text) == said]:
        return repeated[0]  # word for word, which leaves nothing to doubt
    scores = verifier.carried(text, [announced_in_context(c) for c in candidates])
    best = int(scores.argmax())
    return candidates[best] if scores[best] >= CARRIED else None


def _supports(text: str, sentences: Sequence[Evidence]) -> list[Evidence]:
    """Return the sentences of one passage that carry `text`, else neighbours that do by halves."""
    whole = [with_turning(evidence) for evidence in sentences if _carries(evidence, text)]
    if whole:
        return whole
    return [
        joined(with_turning(first), second)
        for one, other in halves(text)
        for first, second in itertools.pairwise(sentences)
        if (_carries(first, one, text) and _carries(second, other, text))
        or (_carries(first, other, text) and _carries(second, one, text))
    ]


def _carries(evidence: Evidence, claim: str, whole: str = "") -> bool:
    support, announced = evidence.text, announcement(evidence)
    if announced and (turning := turning_words(announced.text)):
        if not turning.issubset(map(root, tokens(claim))):
            return False
        support = f"{announced.text[:-1]} {support}"
    around = Around(evidence.passage.chunk.title, _stands_for(evidence, announced), whole)
    return not objection(claim, support, around)


def _stands_for(evidence: Evidence, announced: Evidence | None) -> str:
    """What a sentence leaves to its surroundings: headings for a pronoun, for an item of a list
    the sentence that announces it."""
    if opens_with_pronoun(evidence.text):
        return f"{evidence.passage.chunk.title} {evidence.passage.chunk.heading}"
    return announced.text if announced else ""
