"""The online pipeline: the life of a question, one call per stage.

    safeguards → reading (conversation → retrieval → evidence → answerability)
        → prompt → generation → grounding

Yields events as soon as each is true; nothing unsupported is ever yielded. Synchronous and
lazy: the language model runs only while the caller asks for the next event.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Generator as Steps
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date

from waymark.answerability import fitted
from waymark.disagreement import disagreements
from waymark.errors import GenerationFailed, QuestionInvalid
from waymark.evidence import embedded_texts, relevance, shared_words
from waymark.grounding import Citations, Claim, ground, read_claims
from waymark.index import Index
from waymark.parsing import clean_text
from waymark.prompt import ABSTENTION, PARTLY, answer_prompt
from waymark.reading import Reader
from waymark.retrieval import TOP_K
from waymark.rewriting import rewritten
from waymark.safeguards import CRISIS_CONTACTS, Safeguard, safeguard
from waymark.sentences import content_stems
from waymark.types import (
    Answer,
    AnswerSentence,
    Disagreement,
    DoneEvent,
    Embedder,
    Event,
    Evidence,
    Generator,
    Passage,
    PassagesEvent,
    Quote,
    QuotesEvent,
    Reranker,
    Retrieval,
    SentenceEvent,
    StatusEvent,
    Turn,
)
from waymark.vocabulary import Vocabulary

MAX_QUESTION = 2_000  # characters
MAX_SENTENCES = 4  # of the short answer
MAX_TOKENS = 160  # of the reply; the adapter's answers are 20 to 80 long
SUGGESTIONS = 3
AHEAD = 15_000  # texts embedded ahead; the cache holds 20,000
# Log-odds by which a sentence may fall behind the best quote: a small model at times writes a
# true sentence that answers another question.
BESIDE = 12.0
SAME = 0.8  # of the content words of the shorter of two sentences: it says nothing new
UNCOVERED = "Not covered by the documents:"
DISAGREEMENT = "The documents give different figures:"
NOT_COVERED = "not covered by the documents"  # reason of an abstention


@dataclass(slots=True)
class _Draft:
    """What is known so far of one answer."""

    question: str
    standalone: str
    follow_up: str
    citations: Citations
    started: float  # by time.perf_counter
    uncovered: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    best: Evidence | None = None
    sentences: list[AnswerSentence] = field(default_factory=list)
    timings_ms: dict[str, float] = field(default_factory=dict)

    def mark(self, stage: str) -> None:
        """Note how many milliseconds after the start `stage` ended."""
        self.timings_ms[stage] = round(1000 * (time.perf_counter() - self.started), 1)


class Answerer:
    """Answers questions from one generation of the index.

    `embedder` is that of the index, for passages and sentences that answer a question;
    `statement_embedder` puts statements of like meaning near each other. `contact` is the human
    help named when the documents do not cover a question; `today` says which documents are past
    their review or no longer valid.
    """

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        statement_embedder: Embedder,
        reranker: Reranker,
        generator: Generator,
        contact: str = "",
        crisis_contacts: str = CRISIS_CONTACTS,
        today: Callable[[], date] = date.today,
    ) -> None:
        self.index = index
        self.embedder = embedder
        self.statement_embedder = statement_embedder
        self.generator = generator
        self.contact = contact
        self.crisis_contacts = crisis_contacts
        self.today = today
        vocabulary = Vocabulary(index.documents())
        self.reader = Reader(
            index, vocabulary, embedder, reranker, fitted(), today, self._rewritten
        )

    def over(self, index: Index) -> "Answerer":
        """Return an answerer with the same models and settings over another generation."""
        return Answerer(
            index,
            self.embedder,
            self.statement_embedder,
            self.reader.reranker,
            self.generator,
            self.contact,
            self.crisis_contacts,
            self.today,
        )

    def embed_ahead(self) -> Iterator[bool]:
        """Embed the sentences of the documents before they are asked for; yield True after each
        passage.

        The first question about a passage would otherwise wait for its sentences. Stops when
        the cache could hold no more.
        """
        room = AHEAD
        for row in range(self.index.manifest.chunks):
            (chunk,) = self.index.chunks([row])
            texts = embedded_texts(Passage(chunk, 1, 0.0))
            room -= len(texts)
            if room < 0:
                return
            self.embedder.embed_passages(texts)
            yield True

    def search(self, question: str, top_k: int = TOP_K) -> Retrieval:
        """Return the passages for a question as it was typed, best first."""
        return self.reader.search(question, top_k)

    def answer(
        self, question: str, history: Sequence[Turn] = (), top_k: int = TOP_K
    ) -> Steps[Event, None, None]:
        """Yield the events of one answer, the last of them `DoneEvent`.

        Repeats `StatusEvent("writing")` while the model works, so that a caller can stop it
        within one token by closing the iterator. Raises QuestionInvalid.
        """
        question = check_question(question)
        started = time.perf_counter()
        guarded = safeguard(question, self.crisis_contacts)
        if guarded:
            yield DoneEvent(self._guard(question, guarded, started))
            return
        yield StatusEvent("searching")
        # What got a fixed reply is no topic that a later question could lean on.
        topics = [t for t in history if t.role != "user" or not safeguard(t.content)]
        if topics and self.generator.context_tokens:
            yield StatusEvent("writing")  # the question anew, so the model must be free
        found = self.reader.read(question, topics, top_k)
        draft = _Draft(
            question,
            found.standalone,
            found.follow_up,
            Citations(self.today()),
            started,
            found.uncovered,
        )
        draft.mark("evidence")
        if found.answerability < self.reader.decision.threshold:
            yield DoneEvent(self._abstain(draft, found.passages))
            return
        yield PassagesEvent(found.passages)
        draft.quotes = tuple(Quote(e.text, draft.citations.cite(e)) for e in found.evidence)
        draft.disagreements = disagreements(draft.quotes)
        draft.best = found.evidence[0]
        yield QuotesEvent(draft.quotes)
        reason = yield from self._write(draft, found.evidence, found.passages)
        yield DoneEvent(self._finish(draft, reason))

    def _rewritten(self, question: str, history: Sequence[Turn]) -> str:
        return rewritten(question, history, self.generator)

    def _write(
        self, draft: _Draft, evidence: Sequence[Evidence], passages: Sequence[Passage]
    ) -> Steps[Event, None, str]:
        """Yield the model's supported sentences; return why there are no more."""
        if not self.generator.context_tokens:
            return "quoted: no language model"
        yield StatusEvent("writing")
        prompt = answer_prompt(
            draft.standalone,
            evidence,
            self.generator.count_tokens,
            self.generator.context_tokens - MAX_TOKENS,
        )
        # The model's marks are the numbers of the quotes; what they miss may stand elsewhere.
        readable = [*(quote.passage for quote in evidence), *passages]
        try:
            with closing(self.generator.generate(prompt, MAX_TOKENS)) as pieces:
                for claim in read_claims(pieces):
                    sentence = self._ground(claim, readable, draft) if claim else None
                    if sentence is None:
                        yield StatusEvent("writing")
                        continue
                    draft.sentences.append(sentence)
                    yield SentenceEvent(sentence)
                    if len(draft.sentences) == MAX_SENTENCES:
                        break
        except GenerationFailed:
            return "quoted: the language model failed"
        finally:
            draft.mark("generation")
        return "answered" if draft.sentences else "quoted: no sentence of the model was supported"

    def _ground(
        self, claim: Claim, passages: Sequence[Passage], draft: _Draft
    ) -> AnswerSentence | None:
        """Return the claim as a sentence of the answer if it is supported, new and to the point."""
        if claim.text.startswith(PARTLY):
            return None
        support = ground(claim, passages, self.statement_embedder)
        if support is None or not self._to_the_point(claim, support, draft):
            return None
        if any(_says_again(claim.text, sentence.text) for sentence in draft.sentences):
            return None
        return AnswerSentence(claim.text, (draft.citations.cite(support),))

    def _to_the_point(self, claim: Claim, support: Evidence, draft: _Draft) -> bool:
        """A small model often repeats a true sentence that answers another question."""
        if draft.best is None:
            return False
        candidates = [draft.best, replace(support, text=claim.text)]
        on_topic = [shared_words(draft.follow_up, candidate) > 0 for candidate in candidates]
        if on_topic == [True, False]:  # it answers the question before the follow-up
            return False
        best, said = relevance(draft.standalone, draft.follow_up, candidates, self.embedder)
        return bool(said >= best - BESIDE)

    def _finish(self, draft: _Draft, reason: str) -> Answer:
        text = answer_text(draft.sentences, draft.quotes, draft.uncovered, draft.disagreements)
        return self._answer(draft, text, reason)

    def _abstain(self, draft: _Draft, passages: Sequence[Passage]) -> Answer:
        ids = dict.fromkeys(passage.chunk.document_id for passage in passages)
        nearest = (self.index.document(document_id) for document_id in ids)
        suggestions = tuple(d.suggestion for d in nearest if d)[:SUGGESTIONS]
        text = abstention_text(suggestions, self.contact)
        return self._answer(draft, text, NOT_COVERED, suggestions)

    def _guard(self, question: str, guarded: Safeguard, started: float) -> Answer:
        draft = _Draft(question, question, "", Citations(self.today()), started)
        return self._answer(draft, guarded.text, f"{guarded.kind}: {guarded.topic}")

    def _answer(
        self, draft: _Draft, text: str, reason: str, suggestions: tuple[str, ...] = ()
    ) -> Answer:
        draft.mark("total")
        return Answer(
            text=text,
            sentences=tuple(draft.sentences),
            quotes=draft.quotes,
            citations=draft.citations.used(),
            abstained=not draft.quotes,
            reason=reason,
            suggestions=suggestions,
            uncovered=draft.uncovered if draft.quotes else (),
            disagreements=draft.disagreements,
            question=draft.question,
            standalone_question=draft.standalone,
            generation=self.index.name,
            model=self.generator.model,
            timings_ms=draft.timings_ms,
        )


def _says_again(claim: str, earlier: str) -> bool:
    """Tell whether nearly all content words of one sentence stand in the other."""
    said, before = content_stems(claim), content_stems(earlier)
    return len(said & before) >= SAME * min(len(said), len(before))


def check_question(question: str) -> str:
    """Return the question without invisible characters. Raises QuestionInvalid."""
    if len(question) > MAX_QUESTION:
        raise QuestionInvalid(
            f"The question has {len(question):,} characters; the limit is {MAX_QUESTION:,}. "
            "Ask the main point on its own."
        )
    cleaned = " ".join(clean_text(question).split())
    if not any(character.isalnum() for character in cleaned):
        raise QuestionInvalid("The question is empty. Type what you would like to know.")
    return cleaned


def answer_text(
    sentences: Sequence[AnswerSentence],
    quotes: Sequence[Quote],
    uncovered: Sequence[str],
    differing: Sequence[Disagreement],
) -> str:
    """An answer as plain text with markers: the short answer, the quotes, where they disagree,
    what is not covered."""
    short = " ".join(f"{s.text} {''.join(f'[{c.marker}]' for c in s.citations)}" for s in sentences)
    quoted = "\n".join(f"“{q.text}” [{q.citation.marker}]" for q in quotes)
    missing = f"{UNCOVERED} {' · '.join(uncovered)}" if uncovered else ""
    pairs = "; ".join(_dated(disagreement) for disagreement in differing)
    apart = f"{DISAGREEMENT} {pairs}." if pairs else ""
    return "\n\n".join(part for part in (short, quoted, apart, missing) if part)


def _dated(disagreement: Disagreement) -> str:
    pairs = zip(disagreement.markers, disagreement.dates, strict=True)
    return " and ".join(f"[{marker}] ({dated})" for marker, dated in pairs)


def abstention_text(suggestions: Sequence[str], contact: str) -> str:
    """What is said when the documents do not cover a question."""
    parts = [ABSTENTION]
    if suggestions:
        parts.append(f"They do cover, for example: {' · '.join(suggestions)}")
    if contact:
        parts.append(contact)
    return " ".join(parts)
