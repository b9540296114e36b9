"""Probe searches: a few stored vectors and what was nearest to them when the index was built.

They are repeated whenever a generation is opened, so that vectors in another order, another
metric or a library that searches differently show before anybody is answered.
"""

from typing import Any

from waymark.store.manifest import Probe

PROBES = 8  # stored vectors that are searched for whenever a generation is opened
PROBE_DEPTH = 3
PROBE_TOLERANCE = 1e-3  # of a cosine; processors round differently


def choose_probes(vectors: Any, count: int) -> tuple[Probe, ...]:
    """Search a flat faiss index of `count` rows for some of them, evenly spread."""
    rows = sorted({i * count // PROBES for i in range(PROBES)}) if count else []
    return tuple(_probe(vectors, row) for row in rows)


def still_found(vectors: Any, expected: Probe) -> bool:
    """Whether a search finds the same scores, and the same rows where none ties with the last."""
    found = _probe(vectors, expected.row)
    if len(found.scores) != len(expected.scores):
        return False
    pairs = zip(found.scores, expected.scores, strict=True)
    near = all(abs(now - then) < PROBE_TOLERANCE for now, then in pairs)
    return near and _clear(expected) <= set(found.nearest)


def _probe(vectors: Any, row: int) -> Probe:
    scores, rows = vectors.search(vectors.reconstruct(row).reshape(1, -1), PROBE_DEPTH)
    found = [
        (int(r), round(float(s), 6)) for r, s in zip(rows[0], scores[0], strict=True) if r >= 0
    ]
    return Probe(row, tuple(r for r, _ in found), tuple(s for _, s in found))


def _clear(probe: Probe) -> set[int]:
    least = min(probe.scores, default=0.0) + 2 * PROBE_TOLERANCE
    return {row for row, score in zip(probe.nearest, probe.scores, strict=True) if score > least}
