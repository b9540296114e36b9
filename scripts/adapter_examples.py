"""Training material → the texts from which the adapter learns: system, user and reply.

Answers are shaped as the product asks for them: quotes chosen by `select_evidence` from passages
that retrieval would bring, look-alikes among them. Rewriting turns a follow-up into a question
that stands alone. Nothing here comes from the evaluation sets (tests/test_training_data.py).
"""

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training_examples import (
    Example,
    agreement,
    from_documents,
    from_questions,
    is_held_out,
    noisy,
)
from waymark.assembly import load_embedder
from waymark.embedding import CachingEmbedder
from waymark.evidence import select_evidence
from waymark.figures import numbers
from waymark.prompt import ABSTENTION, SYSTEM, numbered, user_text
from waymark.sentences import content_words, sentence_spans, stem, words
from waymark.settings import PROJECT, Settings
from waymark.thoughts import repeats
from waymark.types import Embedder, Evidence, Matrix, Passage

REWRITE = "Rewrite the last question so that it can be understood without the conversation."
DOCUMENTS = 0.25  # of the questions about documents; the adapter started from has seen them all
PASSAGES = 8
MENDED = 3  # right sentences put in, at the most
CARRIED = 0.65  # of the content words of an answer's sentence stand in the quote it marks
SHUFFLED = 0.25  # of the prompts have their quotes in another order than by score
UNANSWERED = 0.1  # of the questions without an answer are kept: the code decides, the model hints
PARTLY = re.compile(r"\s*(?:But )?[Tt]he documents do not cover (?!this question)[^.]*\.")


@dataclass(frozen=True, slots=True)
class Text:
    """One example: what the model is given and the reply it is to learn."""

    system: str
    user: str
    reply: str
    held_out: bool


def texts(rng: random.Random) -> Iterator[Text]:
    """All examples: answers and rewritten follow-ups."""
    documents = from_documents(PROJECT / "training" / "documents")
    examples = [e for e in documents if e.held_out or rng.random() < DOCUMENTS]
    examples += from_questions(PROJECT / "training" / "questions", PROJECT / "corpus")
    yield from _answers(examples, rng)
    yield from _follow_ups(PROJECT / "training" / "documents", rng)


def _answers(examples: Sequence[Example], rng: random.Random) -> Iterator[Text]:
    settings = Settings()
    embedder = CachingEmbedder(load_embedder(settings), size=200_000)
    passages = list(dict.fromkeys(c.passage for e in examples for c in e.candidates))
    vectors = embedder.embed_passages([f"{p.chunk.title} > {p.chunk.heading}\n{p.chunk.text}"
                                       for p in passages])  # fmt: skip
    for example in examples:
        if not example.answer and rng.random() > UNANSWERED:
            continue
        question = noisy(example.question, rng)
        near = _retrieved(example, question, passages, vectors, embedder)
        quotes = _quotes(example, question, near, embedder, rng)
        reply = marked(example.answer, quotes) if example.answer else ABSTENTION
        if reply:
            yield Text(SYSTEM, user_text(question, numbered(quotes)), reply, example.held_out)


def _retrieved(
    example: Example, question: str, passages: Sequence[Passage], vectors: Matrix,
    embedder: Embedder,
) -> list[Passage]:  # fmt: skip
    """The nearest passages; those with the answer are always among them."""
    order = np.argsort(-(vectors @ embedder.embed_query(question)[0]))
    needed = list(dict.fromkeys(c.passage for c in example.gold))
    others = [passages[n] for n in order[:PASSAGES] if passages[n] not in needed]
    return [*needed, *others][:PASSAGES]


def _quotes(
    example: Example, question: str, near: Sequence[Passage], embedder: Embedder,
    rng: random.Random,
) -> list[Evidence]:  # fmt: skip
    """What the product would quote, with the right sentences it missed in place of the last."""
    quotes = list(select_evidence(question, "", near, embedder))
    missed = [g for g in example.gold if not any(repeats(g, q) for q in quotes)]
    for gold in missed[:MENDED]:
        wrong = [q for q in quotes if not any(repeats(g, q) for g in example.gold)]
        if wrong:
            quotes.remove(wrong[-1])
        quotes.append(gold)
    if rng.random() < SHUFFLED:
        rng.shuffle(quotes)
    return quotes


def marked(answer: str, quotes: Sequence[Evidence]) -> str:
    """Return `answer` with a mark after each sentence, for the quote that shares most with it.

    Sentences that no quote carries are left out: an answer teaches only what its prompt can
    support. Returns "" if nothing is left.
    """
    answer = PARTLY.sub("", answer)
    kept: list[str] = []
    for start, end in sentence_spans(answer):
        sentence = answer[start:end]
        holding = [n for n, q in enumerate(quotes) if _carries(q, sentence)]
        best = max(holding, key=lambda n: agreement(sentence, quotes[n].text), default=None)
        if best is None:
            continue
        end_mark = sentence[-1] if sentence[-1] in ".!?" else ""
        kept.append(f"{sentence.removesuffix(end_mark)} [{best + 1}]{end_mark or '.'}")
    return " ".join(kept)


def _carries(quote: Evidence, sentence: str) -> bool:
    said = [stem(word) for word in content_words(sentence)]
    chunk = quote.passage.chunk
    held = {stem(word) for word in words(f"{chunk.title} {chunk.heading} {quote.text}")}
    enough = sum(word in held for word in said) >= CARRIED * len(said)
    return enough and numbers(sentence) <= numbers(quote.text)


def _follow_ups(folder: Path, rng: random.Random) -> Iterator[Text]:
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            document = json.loads(line)
            for entry in document["followups"]:
                if rng.random() > DOCUMENTS:
                    continue
                turns = [t for a, b in entry["history"] for t in (f"User: {a}", f"Assistant: {b}")]
                yield _rewrite(turns, entry["q"], entry["standalone"], document["title"])


def _rewrite(turns: Sequence[str], question: str, standalone: str, title: str) -> Text:
    user = "\n".join([*turns, f"User: {question}"])
    return Text(REWRITE, user, standalone.strip(), is_held_out(title))
