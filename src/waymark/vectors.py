"""Chunks → vectors: what is embedded of a chunk, and which vectors of an older index still hold.

A chunk has several vectors, one of the whole and one of each of its pieces, since the few words
that answer a question are lost in the mean of a passage (retrieval by finer units: Chen et al.
2024, doi:10.18653/v1/2024.emnlp-main.845). They depend on nothing but the embedded texts and the
model, so they are kept by these texts: a document that was moved or renamed costs nothing, and
pieces that are cut in another way than before are embedded anew.
"""

import hashlib
from collections.abc import Callable, Sequence

import numpy as np

from waymark.store.index import Embedded, Index
from waymark.thoughts import embedding_text, in_context, thoughts_of
from waymark.types import Chunk, Embedder, Matrix, Passage

EMBED_BATCH = 64

Progress = Callable[[str, int, int], None]  # stage, done, total


def embedding_texts(chunk: Chunk) -> list[str]:
    """All that is embedded for a chunk: the whole, then each piece of it that can be quoted."""
    pieces = [in_context(thought) for thought in thoughts_of(Passage(chunk, 1, 0.0))]
    return [embedding_text(chunk), *dict.fromkeys(pieces)]


def count_fresh(chunks: Sequence[Chunk], old: Index | None, embedding_model: str) -> int:
    """Return for how many chunks `old` has no vectors by that model."""
    digests = [_digest(embedding_texts(chunk)) for chunk in chunks]
    return len(chunks) - len(_known_rows(digests, old, embedding_model))


def embed_chunks(
    texts: Sequence[Sequence[str]], embedder: Embedder, old: Index | None, on_progress: Progress
) -> tuple[list[Embedded], int]:
    """Return the vectors of each chunk, and for how many chunks they were computed anew.

    `texts` are those of each chunk, by `embedding_texts`.
    """
    digests = list(map(_digest, texts))
    known = _known_rows(digests, old, embedder.model_id)
    fresh = [place for place in range(len(texts)) if place not in known]
    wanted = [text for place in fresh for text in texts[place]]
    computed = iter(_embed(wanted, embedder, on_progress))
    vectors = {place: old.vectors(row) for place, row in known.items()} if old else {}
    for place in fresh:
        vectors[place] = np.stack([next(computed) for _ in texts[place]])
    embedded = [Embedded(vectors[place], digest) for place, digest in enumerate(digests)]
    return embedded, len(fresh)


def _known_rows(digests: Sequence[str], old: Index | None, embedding_model: str) -> dict[int, int]:
    """Place in `digests` → row of `old` that has its vectors, by that model."""
    if old is None or old.manifest.embedding_model != embedding_model:
        return {}
    stored = old.embedded()
    return {place: stored[digest] for place, digest in enumerate(digests) if digest in stored}


def _digest(texts: Sequence[str]) -> str:
    return hashlib.blake2b("\0".join(texts).encode(), digest_size=16).hexdigest()


def _embed(texts: Sequence[str], embedder: Embedder, on_progress: Progress) -> Matrix:
    """Return (n, d) vectors in the order of `texts`."""
    vectors = np.zeros((len(texts), embedder.dimension), dtype=np.float32)
    # Texts of like length together: a batch costs as much as its longest.
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    for begin in range(0, len(texts), EMBED_BATCH):
        on_progress("embedding", begin, len(texts))
        batch = order[begin : begin + EMBED_BATCH]
        vectors[batch] = embedder.embed_passages([texts[place] for place in batch])
    on_progress("embedding", len(texts), len(texts))
    return vectors
