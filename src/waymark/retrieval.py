"""Question → ranked Passages, by meaning and by words.

Dense and lexical rankings are joined by reciprocal rank fusion (Cormack, Clarke, Büttcher 2009,
doi:10.1145/1571941.1572114). Knows nothing of prompts or answers.
"""

import math
from collections.abc import Sequence
from datetime import date

from waymark.index import Index
from waymark.sentences import content_words
from waymark.types import Chunk, Embedder, Passage, Retrieval

CANDIDATES = 50  # per ranking; deeper lists moved no passage into the first four
RRF_K = 60  # the constant of the paper
TOP_K = 8  # evidence is chosen from all of them, the model reads the first few


def retrieve(
    query: str, index: Index, embedder: Embedder, today: date, top_k: int = TOP_K
) -> Retrieval:
    """Return the `top_k` passages of `index` for `query`, best first.

    Documents whose `valid_until` is before `today` are passed over.
    """
    expired = index.expired_rows(today)
    dense = index.search(embedder.embed_query(query), CANDIDATES, expired)
    lexical = index.search_text(content_words(query), CANDIDATES, expired)
    fused = fuse([[row for row, _ in dense], [row for row, _ in lexical]])[:top_k]
    chunks = index.chunks([row for row, _ in fused])
    passages = tuple(
        _passage(index, chunk, rank, score)
        for rank, (chunk, (_, score)) in enumerate(zip(chunks, fused, strict=True), 1)
    )
    return Retrieval(passages, similarity=dense[0][1] if dense else 0.0)


def fuse(rankings: Sequence[Sequence[int]], k: int = RRF_K) -> list[tuple[int, float]]:
    """Join rankings of rows by reciprocal rank: score(row) = Σ 1 / (k + rank), best first.

    Ranks start at 1; ties go to the lower row. Order of the rankings does not matter.
    """
    scores: dict[int, list[float]] = {}
    for ranking in rankings:
        for rank, row in enumerate(ranking, 1):
            scores.setdefault(row, []).append(1 / (k + rank))
    # fsum, because a plain sum depends on the order in its last bit, and ties are common.
    totals = [(row, math.fsum(parts)) for row, parts in scores.items()]
    return sorted(totals, key=lambda entry: (-entry[1], entry[0]))


def _passage(index: Index, chunk: Chunk, rank: int, score: float) -> Passage:
    document = index.document(chunk.document_id)
    reviewed, review_by = (document.reviewed, document.review_by) if document else (None, None)
    return Passage(chunk, rank, score, reviewed, review_by)
