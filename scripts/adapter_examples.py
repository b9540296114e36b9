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
from waymark.assembly import load_embedder, load_sentence_embedder
from waymark.embedding import CachingEmbedder
from waymark.evidence import select_evidence
from waymark.grounding import Claim, ground
from waymark.prompt import ABSTENTION, QUOTES, SYSTEM, numbered, user_text
from waymark.sentences import sentence_spans
from waymark.settings import PROJECT, Settings
from waymark.thoughts import repeats
from waymark.types import Embedder, Evidence, Matrix, Passage
from waymark.vectors import embedding_text

REWRITE = "Rewrite the last question so that it can be understood without the conversation."
ABOUT_CORPUS = 0.45  # of the questions about the corpus: what an hour of training can read
DOCUMENTS = 0.1  # of the questions about documents; the adapter started from has seen them all
PASSAGES = 8
MENDED = 3  # right sentences put in, at the most
RESTS_ON = 0.35  # of an answer's sentence stand in a quote, or it rests on none
LONGEST = 40  # words of a sentence taken over from a quote
SHUFFLED = 0.05  # of the prompts have their quotes in another order than by score
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
    about_corpus = from_questions(PROJECT / "training" / "questions", PROJECT / "corpus")
    examples += [e for e in about_corpus if rng.random() < ABOUT_CORPUS]
    yield from _answers(examples, rng)
    yield from _follow_ups(PROJECT / "training" / "documents", rng)


def _answers(examples: Sequence[Example], rng: random.Random) -> Iterator[Text]:
    settings = Settings()
    embedder = CachingEmbedder(load_embedder(settings), size=200_000)
    chooser = CachingEmbedder(load_sentence_embedder(settings), size=200_000)
    passages = list(dict.fromkeys(c.passage for e in examples for c in e.candidates))
    vectors = embedder.embed_passages([embedding_text(p.chunk) for p in passages])
    for example in examples:
        if not example.answer and rng.random() > UNANSWERED:
            continue
        question = noisy(example.question, rng)
        near = _retrieved(example, question, passages, vectors, embedder)
        quotes = _quotes(example, question, near, chooser, rng)
        reply = marked(example.answer, quotes, embedder) if example.answer else ABSTENTION
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
    quotes = list(select_evidence(question, "", near, embedder))[:QUOTES]
    missed = [g for g in example.gold if not any(repeats(g, q) for q in quotes)]
    for gold in missed[:MENDED]:
        wrong = [q for q in quotes if not any(repeats(g, q) for g in example.gold)]
        if wrong:
            quotes.remove(wrong[-1])
        quotes.append(gold)
    if rng.random() < SHUFFLED:
        rng.shuffle(quotes)
    return quotes


def marked(answer: str, quotes: Sequence[Evidence], embedder: Embedder) -> str:
    """Return `answer` with a mark after each sentence, for the quote that carries it.

    What grounding would drop teaches nothing that is ever shown: such a sentence gives way to the
    sentence of the quotes that it rests on, if that is short enough, and is left out otherwise.
    Returns "" if nothing is left.
    """
    answer = PARTLY.sub("", answer)
    kept: list[tuple[str, int]] = []
    passages = [quote.passage for quote in quotes]
    for start, end in sentence_spans(answer):
        said = answer[start:end].strip()
        best = max(range(len(quotes)), key=lambda n: agreement(said, quotes[n].text))
        if agreement(said, quotes[best].text) < RESTS_ON:
            continue
        if ground(Claim(said, (best + 1,)), passages, embedder) is None:
            said = _own_words(said, quotes[best])
        if said and all(said != other for other, _ in kept):
            kept.append((said, best))
    return " ".join(_with_mark(said, number + 1) for said, number in kept)


def _own_words(said: str, quote: Evidence) -> str:
    """The sentence of `quote` that shares most with `said`, "" if it is long."""
    text = " ".join(quote.text.split())
    sentences = [text[start:end].strip() for start, end in sentence_spans(text)]
    nearest = max(sentences, key=lambda sentence: agreement(said, sentence))
    return nearest if len(nearest.split()) <= LONGEST else ""


def _with_mark(sentence: str, number: int) -> str:
    end = sentence[-1] if sentence[-1] in ".!?" else ""
    return f"{sentence.removesuffix(end)} [{number}]{end or '.'}"


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
