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
from dataclasses import dataclass, field
from datetime import date

from waymark.answerability import fitted_decisions
from waymark.dialogue.asides import is_remark
from waymark.dialogue.rewriting import rewritten
from waymark.disagreement import disagreements
from waymark.distress import Distress, heard_in
from waymark.errors import GenerationFailed, QuestionInvalid
from waymark.evidence import embedded_texts
from waymark.fixed_replies import fixed_answer, remark_answer, without_guarded
from waymark.formats.parsing import clean_text
from waymark.grounding import Citations, near_sections, read_claims
from waymark.prompt import answer_prompt
from waymark.reading import Reader
from waymark.readings import Reading
from waymark.reply_text import abstention_text, answer_text
from waymark.retrieval import TOP_K
from waymark.safeguards import CRISIS_CONTACTS, beside
from waymark.short_answer import ShortAnswer
from waymark.single_reading import SingleReader
from waymark.store.index import Index
from waymark.types import (
    Answer,
    AnswerSentence,
    Disagreement,
    DoneEvent,
    Embedder,
    Event,
    Generator,
    NearSection,
    Passage,
    PassagesEvent,
    Quote,
    QuotesEvent,
    Reranker,
    Retrieval,
    SentenceEvent,
    StatusEvent,
    Turn,
    Verifier,
)
from waymark.vocabulary import Vocabulary

MAX_QUESTION = 2_000  # characters
MAX_TOKENS = 160  # of the reply; the adapter's answers are 20 to 80 long
SUGGESTIONS = 3
NEAR = 0.1  # probability of an answer below which no section is near
AHEAD = 15_000  # texts embedded ahead; the cache holds 20,000
NOT_COVERED = "not covered by the documents"  # reason of an abstention
NOTHING_KEPT = "quoted: no sentence of the model was supported"


@dataclass(slots=True)
class _Draft:
    """What is known so far of one answer."""

    question: str
    standalone: str
    citations: Citations
    started: float  # by time.perf_counter
    uncovered: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    support: str = ""
    sentences: Sequence[AnswerSentence] = ()
    timings_ms: dict[str, float] = field(default_factory=dict)

    def mark(self, stage: str) -> None:
        """Note how many milliseconds after the start `stage` ended."""
        self.timings_ms[stage] = round(1000 * (time.perf_counter() - self.started), 1)


class Answerer:
    """Answers questions from one generation of the index.

    `embedder` is that of the index, for passages and sentences that answer a question;
    `statement_embedder` puts statements of like meaning near each other, which tells despair;
    `verifier` has the last word on each sentence of the model. `contact` is the human help named
    when the documents do not cover a question; `today` says which documents are past their review
    or no longer valid.
    """

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        statement_embedder: Embedder,
        reranker: Reranker,
        verifier: Verifier,
        generator: Generator,
        contact: str = "",
        crisis_contacts: str = CRISIS_CONTACTS,
        today: Callable[[], date] = date.today,
    ) -> None:
        self.index = index
        self.embedder = embedder
        self.statement_embedder = statement_embedder
        self.verifier = verifier
        self.generator = generator
        self.contact = contact
        self.crisis_contacts = crisis_contacts
        self.today = today
        vocabulary = Vocabulary(index.documents())
        self.single = SingleReader(
            index, vocabulary, embedder, reranker, *fitted_decisions(), today
        )
        self.reader = Reader(self.single, self._rewritten)

    def over(self, index: Index) -> "Answerer":
        """Return an answerer with the same models and settings over another generation."""
        return Answerer(
            index,
            self.embedder,
            self.statement_embedder,
            self.single.reranker,
            self.verifier,
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

    def heard(self, question: str) -> Distress:
        """Tell how surely despair speaks from a question."""
        return heard_in(question, self.statement_embedder)

    def search(self, question: str, top_k: int = TOP_K) -> Retrieval:
        """Return the passages for a question as it was typed, best first."""
        return self.single.search(question, top_k)

    def answer(
        self, question: str, history: Sequence[Turn] = (), top_k: int = TOP_K
    ) -> Steps[Event, None, None]:
        """Yield the events of one answer, the last of them `DoneEvent`.

        Repeats `StatusEvent("writing")` while the model works, so that a caller can stop it
        within one token by closing the iterator; only what it writes to understand a follow-up is
        one step. Raises QuestionInvalid.
        """
        question = check_question(question)
        started = time.perf_counter()
        distress = self.heard(question)
        fixed = fixed_answer(question, self.crisis_contacts, distress)
        if fixed:
            yield DoneEvent(fixed)
            return
        yield StatusEvent("searching")
        topics = without_guarded(history)
        if topics and self.generator.context_tokens:
            yield StatusEvent("writing")  # the question anew, so the model must be free
        found = self.reader.read(question, topics, top_k)
        if topics and is_remark(question) and self._adds_nothing(found, topics[-1].content):
            yield DoneEvent(remark_answer(question, self.crisis_contacts, distress))
            return
        citations = Citations(self.today())
        draft = _Draft(question, found.standalone, citations, started, found.uncovered)
        draft.support = beside(self.crisis_contacts) if distress == "possible" else ""
        draft.mark("evidence")
        if found.answerability < self.single.decision.threshold:
            yield DoneEvent(self._abstain(draft, found))
            return
        yield PassagesEvent(found.passages)
        draft.quotes = tuple(Quote(e.text, citations.cite(e)) for e in found.evidence)
        draft.disagreements = disagreements(draft.quotes)
        yield QuotesEvent(draft.quotes)
        reason = yield from self._write(draft, found)
        yield DoneEvent(self._finish(draft, reason))

    def _adds_nothing(self, found: Reading, said: str) -> bool:
        """Tell whether what was read is not covered, or the best of it `said` already."""
        covered = found.answerability >= self.single.decision.threshold
        return not covered or all(piece.text in said for piece in found.evidence[: found.leading])

    def _rewritten(self, question: str, history: Sequence[Turn]) -> str:
        return rewritten(question, history, self.generator)

    def _write(self, draft: _Draft, found: Reading) -> Steps[Event, None, str]:
        """Yield the sentences of the short answer; return why there are no more."""
        if not self.generator.context_tokens:
            return "quoted: no language model"
        yield StatusEvent("writing")
        prompt = answer_prompt(
            found.standalone,
            found.evidence,
            self.generator.count_tokens,
            self.generator.context_tokens - MAX_TOKENS,
        )
        short = ShortAnswer(found, draft.citations, self.verifier)
        draft.sentences = short.sentences  # live: what was said before a failure stays
        try:
            with closing(self.generator.generate(prompt, MAX_TOKENS)) as pieces:
                for claim in read_claims(pieces):
                    sentence = short.add(claim) if claim else None
                    yield SentenceEvent(sentence) if sentence else StatusEvent("writing")
                    if short.full:
                        break
        except GenerationFailed:
            return "quoted: the language model failed"
        finally:
            draft.mark("generation")
        reason = "answered" if short.sentences else NOTHING_KEPT
        for sentence in short.complete(draft.quotes):
            yield SentenceEvent(sentence)
        return reason

    def _finish(self, draft: _Draft, reason: str) -> Answer:
        text = answer_text(draft.sentences, draft.quotes, draft.disagreements, draft.uncovered)
        return self._answer(draft, text, reason)

    def _abstain(self, draft: _Draft, found: Reading) -> Answer:
        ids = dict.fromkeys(passage.chunk.document_id for passage in found.passages)
        documents = (self.index.document(document_id) for document_id in ids)
        suggestions = tuple(d.suggestion for d in documents if d)[:SUGGESTIONS]
        nearest = near_sections(found.evidence) if found.answerability >= NEAR else ()
        text = abstention_text(suggestions, nearest, self.contact)
        return self._answer(draft, text, NOT_COVERED, suggestions, nearest)

    def _answer(
        self,
        draft: _Draft,
        text: str,
        reason: str,
        suggestions: tuple[str, ...] = (),
        nearest: tuple[NearSection, ...] = (),
    ) -> Answer:
        draft.mark("total")
        return Answer(
            text="\n\n".join(part for part in (text, draft.support) if part),
            sentences=tuple(draft.sentences),
            quotes=draft.quotes,
            citations=draft.citations.used(),
            abstained=not draft.quotes,
            reason=reason,
            suggestions=suggestions,
            nearest=nearest,
            uncovered=draft.uncovered if draft.quotes else (),
            disagreements=draft.disagreements,
            support=draft.support,
            question=draft.question,
            standalone_question=draft.standalone,
            generation=self.index.name,
            model=self.generator.model,
            timings_ms=draft.timings_ms,
        )


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
