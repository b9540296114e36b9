"""Question → ranked Passages, by meaning and by words.

The score of a passage is its cosine plus its BM25 as a share of what BM25 could be at most for
these words: normalised by theoretical bounds, after Bruch, Gai, Ingber 2023
(doi:10.1145/3596512), and not by the best hit, so that words which nothing meets well count
little. Knows nothing of prompts or answers.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import date

from waymark.sentences import content_words
from waymark.store.index import Index
from waymark.types import Embedder, Passage, Retrieval

CANDIDATES = 50  # by meaning, and as many by words; 100 and 200 brought nothing
TOP_K = 8  # evidence is chosen from all of them, the model reads the first few
SATURATION = 2.2  # k1 + 1 of the full text's BM25: what repeating a word can bring at most
RAREST = 1e-6  # the full text counts a word that most chunks hold at least this much


def retrieve(
    query: str, index: Index, embedder: Embedder, today: date, top_k: int = TOP_K
) -> Retrieval:
    """Return the `top_k` passages of `index` for `query`, best first.

    Documents whose `valid_until` is before `today` are passed over.
    """
    expired = index.expired_rows(today)
    vector = embedder.embed_queries([query])  # (1, d)
    terms = content_words(query)
    dense = dict(index.search(vector, CANDIDATES, expired))
    lexical = dict(index.search_text(terms, CANDIDATES, expired))
    rows = sorted(dense.keys() | lexical.keys())
    # A chunk found by its words alone has a cosine too, only not among the nearest.
    cosines = index.cosines(rows, vector)
    fused = fuse(dict(zip(rows, cosines, strict=True)), lexical, attainable(terms, index))[:top_k]
    chunks = index.chunks([row for row, _ in fused])
    # A document can be a book, whose text and blocks are not needed here.
    dates = index.review_dates({chunk.document_id for chunk in chunks})
    passages = tuple(
        Passage(chunk, rank, score, *dates[chunk.document_id])
        for rank, (chunk, (_, score)) in enumerate(zip(chunks, fused, strict=True), 1)
    )
    return Retrieval(passages, similarity=max(dense.values(), default=0.0))


def fuse(
    cosines: Mapping[int, float], lexical: Mapping[int, float], most: float
) -> list[tuple[int, float]]:
    """Return (row, cosine + BM25 / `most`) for each row of `cosines`, best first.

    `lexical` holds the BM25 of the rows found by words, which is at most `most`; the others count
    as 0. Ties go to the lower row.
    """
    scores = {row: cosine + _share(lexical.get(row, 0.0), most) for row, cosine in cosines.items()}
    return sorted(scores.items(), key=lambda entry: (-entry[1], entry[0]))


def attainable(terms: Sequence[str], index: Index) -> float:
    """Return what BM25 is bound to stay below for `terms`, however well a chunk meets them."""
    n = index.manifest.chunks
    held = [index.document_frequency(term) for term in dict.fromkeys(terms)]
    return SATURATION * math.fsum(max(math.log((n - df + 0.5) / (df + 0.5)), RAREST) for df in held)


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0
