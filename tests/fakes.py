"""Small stand-ins whose results can be worked out by hand."""

from collections.abc import Generator as Steps
from collections.abc import Sequence

import numpy as np

from waymark.dialogue.said_before import BEFORE
from waymark.errors import GenerationFailed
from waymark.sentences import content_words, stem, words
from waymark.store.index import Index
from waymark.types import (
    Chunk,
    Embedder,
    Generator,
    Matrix,
    Passage,
    Prompt,
    Reranker,
    Scores,
    Verifier,
)

VOCABULARY = (
    "pay", "degree", "python", "nurse", "plumber", "median", "school", "licence", "hours",
    "training", "interview", "pension",
)  # fmt: skip


class WordEmbedder:
    """Counts the words of `VOCABULARY`; one more axis catches texts that have none of them."""

    model_id = "words@1"
    dimension = len(VOCABULARY) + 1

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        self.embedded.extend(texts)
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            found = words(text)
            row[:-1] = [found.count(word) for word in VOCABULARY]
            row[-1] = not row.any()
            row /= np.linalg.norm(row)
        return rows

    def embed_queries(self, texts: Sequence[str]) -> Matrix:
        return self.embed_passages(texts)


class OverlapReranker:
    """Log-odds from -5 (no content word of the question stands in the text) to 5 (all do).

    In a conversation words of the message count three times, those said before it once.
    """

    def score(self, question: str, texts: Sequence[str]) -> Scores:
        return _overlap({stem(word): 1 for word in content_words(question)}, texts)

    def score_in_conversation(self, heard: str, texts: Sequence[str]) -> Scores:
        message, _, said = heard.partition(BEFORE)
        weights = {stem(word): 1 for word in content_words(said)}
        return _overlap(weights | {stem(word): 3 for word in content_words(message)}, texts)


class TrustingVerifier:
    """Log-odds from 10 (no content word of the claim stands in the text) to 20 (all do); -10 for
    a text that holds `doubted`. Remembers the texts."""

    def __init__(self, doubted: str | None = None) -> None:
        self.doubted = doubted
        self.read: list[str] = []

    def carried(self, claim: str, texts: Sequence[str]) -> Scores:
        self.read.extend(texts)
        trusted = _overlap({stem(word): 1 for word in content_words(claim)}, texts) + 15
        doubts = [self.doubted is not None and self.doubted in text for text in texts]
        return np.where(doubts, np.float32(-10), trusted)


def _overlap(weights: dict[str, int], texts: Sequence[str]) -> Scores:
    whole = max(sum(weights.values()), 1)
    held = [
        sum(weights.get(found, 0) for found in {stem(word) for word in words(text)})
        for text in texts
    ]
    return np.asarray([10 * share / whole - 5 for share in held], dtype=np.float32)


def answering_parts(
    index: Index, generator: Generator
) -> tuple[Index, Embedder, Embedder, Reranker, Verifier, Generator]:
    """The parts of an answerer in their order: fakes between `index` and `generator`."""
    return (
        index, WordEmbedder(), WordEmbedder(), OverlapReranker(), TrustingVerifier(), generator,
    )  # fmt: skip


class ScriptedGenerator:
    """Replays `pieces`; a None among them is a crash. Remembers prompts and being closed."""

    model = "scripted"
    context_tokens = 2048
    failure: str | None = None

    def __init__(self, *pieces: str | None) -> None:
        self.pieces = pieces
        self.prompts: list[Prompt] = []
        self.closed = 0

    def identity(self) -> str:
        return repr(self.pieces)

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def generate(self, prompt: Prompt, max_tokens: int) -> Steps[str, None, None]:
        self.prompts.append(prompt)
        try:
            for piece in self.pieces:
                self.failure = "crashed" if piece is None else None
                if piece is None:
                    raise GenerationFailed("crashed")
                yield piece
        finally:
            self.closed += 1


def passage(
    text: str, *, title: str = "Guide", heading: str = "Pay", start: int = 0, rank: int = 1
) -> Passage:
    """A passage of document "guide" whose text begins at `start`."""
    chunk = Chunk(
        f"guide#{start}", "guide", title, (heading,), start, start + len(text), text
    )  # fmt: skip
    return Passage(chunk, rank, 1.0)
