"""Chunks → vectors: what is embedded of a chunk, and which vectors of an older index still hold.

A vector depends on nothing but the embedded text and the model, so it is kept by text: a
document that was moved or renamed costs nothing.
"""

from collections.abc import Callable, Sequence

import numpy as np

from waymark.index import Index
from waymark.types import Chunk, Embedder, Matrix

EMBED_BATCH = 64

Progress = Callable[[str, int, int], None]  # stage, done, total


def embedding_text(chunk: Chunk) -> str:
    """What is embedded for a chunk: its title and headings say what its text is about."""
    return f"{chunk.full_heading}\n{chunk.text}"


def known_rows(chunks: Sequence[Chunk], old: Index | None, embedding_model: str) -> dict[int, int]:
    """Place in `chunks` → row of `old` that has its vector, by that model."""
    if old is None or old.manifest.embedding_model != embedding_model:
        return {}
    rows = range(old.manifest.chunks)
    stored = {embedding_text(chunk): row for row, chunk in zip(rows, old.chunks(rows), strict=True)}
    texts = map(embedding_text, chunks)
    return {place: stored[text] for place, text in enumerate(texts) if text in stored}


def embed_chunks(
    chunks: Sequence[Chunk], embedder: Embedder, old: Index | None, on_progress: Progress
) -> tuple[Matrix, int]:
    """Return (n, d) vectors in the order of `chunks`, and how many were computed anew."""
    vectors = np.zeros((len(chunks), embedder.dimension), dtype=np.float32)
    known = known_rows(chunks, old, embedder.model_id)
    if old and known:
        vectors[list(known)] = old.vectors(list(known.values()))
    fresh = [place for place in range(len(chunks)) if place not in known]
    for begin in range(0, len(fresh), EMBED_BATCH):
        on_progress("embedding", begin, len(fresh))
        batch = fresh[begin : begin + EMBED_BATCH]
        vectors[batch] = embedder.embed_passages([embedding_text(chunks[i]) for i in batch])
    on_progress("embedding", len(fresh), len(fresh))
    return vectors, len(fresh)
