"""Results of labelled questions → measures, as pure functions.

Ranking measures come from ir-measures (MacAvaney, Macdonald, Ounis 2022,
doi:10.1007/978-3-030-99739-7_38), intervals from scipy.
"""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np

from waymark.sentences import content_words, share_of_words

RESAMPLES = 2_000
RANKING = ("Success@1", "Success@4", "R@4", "R@8", "RR@10", "nDCG@10")


_NUMBER = re.compile(r"\d(?:[\d,.]*\d)?")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over `n` cases and its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float
    n: int


def facts_right(text: str, facts: Sequence[Sequence[str]]) -> bool:
    """Tell whether `text` matches at least one pattern of every group, ignoring case."""
    return all(any(re.search(p, text, re.I | re.S) for p in group) for group in facts)


def numbers_supported(sentence: str, cited: str) -> bool:
    """Tell whether every number of `sentence` stands, as a whole number, in `cited`."""
    return set(_NUMBER.findall(sentence)) <= set(_NUMBER.findall(cited))


def words_supported(sentence: str, cited: str) -> float:
    """Return the share of the content words of `sentence` that `cited` holds, by their stems."""
    return share_of_words(sentence, cited) if content_words(sentence) else 1.0


def overlap(a: Set[object], b: Set[object]) -> float:
    """Return the share of the elements of either set that both hold (Jaccard); 1 if both are
    empty."""
    return len(a & b) / len(a | b) if a or b else 1.0


def ranking_measures(gold: Iterable[str], ranked: Sequence[str]) -> dict[str, float]:
    """Return the `RANKING` measures of one question.

    `ranked` holds each section once, best first; `gold` the sections that carry the answer.
    """
    import ir_measures

    qrels = [ir_measures.Qrel("q", section, 1) for section in dict.fromkeys(gold)]
    run = [ir_measures.ScoredDoc("q", s, float(len(ranked) - i)) for i, s in enumerate(ranked)]
    if not run:
        return dict.fromkeys(RANKING, 0.0)
    measures = [ir_measures.parse_measure(name) for name in RANKING]
    found = ir_measures.calc_aggregate(measures, qrels, run)
    return {name: float(found[m]) for name, m in zip(RANKING, measures, strict=True)}


def estimate(values: Sequence[float]) -> Estimate:
    """Return the mean of `values` with its percentile bootstrap interval (Efron 1979,
    doi:10.1214/aos/1176344552). The seed is fixed: the same results give the same report.

    Raises ValueError when there are no values.
    """
    from scipy.stats import bootstrap

    if not values:
        raise ValueError("no values to average")
    data = np.asarray(values, dtype=np.float64)
    mean = float(data.mean())
    if len(data) == 1 or bool((data == data[0]).all()):
        return Estimate(mean, mean, mean, len(data))
    interval = bootstrap(
        (data,), np.mean, n_resamples=RESAMPLES, method="percentile", rng=np.random.default_rng(0)
    ).confidence_interval
    return Estimate(mean, float(interval.low), float(interval.high), len(data))


def mean_by(rows: Sequence[Mapping[str, float]]) -> dict[str, Estimate]:
    """Return the estimate of each measure over the rows that have it, in order of first use."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: estimate([row[name] for row in rows if name in row]) for name in names}
