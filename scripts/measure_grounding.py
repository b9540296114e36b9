"""Labelled sentences → how well grounding tells supported from unsupported ones.

Prints precision, recall and F1 of the sentences let through, with 95 % intervals, overall and by
kind of sentence (evaluation/README.md). With the folder of IBM's MTRAG data (human ratings of
three models' answers) also how the share of supported sentences ranks answers by faithfulness.

    python scripts/measure_grounding.py [dev|test] [MTRAG_FOLDER]
"""

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.stats import binomtest, spearmanr
from sklearn.metrics import roc_auc_score

from waymark.assembly import CHUNKING, load_cross_encoder
from waymark.chunking import chunk_document
from waymark.corpus import load_corpus
from waymark.grounding import Claim, ground, read_claims, without_verdict
from waymark.settings import PROJECT, Settings
from waymark.types import Chunk, Evidence, Passage, Verifier

PAIRS = PROJECT / "evaluation" / "grounding.jsonl"
RATINGS = "reference_subset_with_human_evaluations.json"
RESAMPLES = 2_000
FAITHFUL = 3.5  # mean of the ratings, which run from 1 to 4
Sections = Mapping[str, Sequence[Chunk]]


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence, the sections it was written from or beside, and whether they support it.

    `cited` is the section that the sentence named, counted from 1; 0 for none. `support` holds
    the sentences that carry it, none when nothing does.
    """

    id: str
    split: str
    document: str
    kind: str
    supported: bool
    claim: str
    cited: int
    passages: tuple[str, ...]
    support: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What grounding made of a pair: let through or not, and rightly cited if it was right."""

    pair: Pair
    shown: bool
    rightly_cited: bool


def load_pairs(path: Path) -> list[Pair]:
    """Read the labelled sentences, in order."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [
        Pair(**values | {key: tuple(values[key]) for key in ("passages", "support")})
        for values in map(json.loads, lines)
    ]


def load_sections(corpus: Path) -> dict[str, list[Chunk]]:
    """Return the chunks of each section, keyed "document#heading", as the product cuts them."""
    found: dict[str, list[Chunk]] = defaultdict(list)
    for document in load_corpus(corpus).documents:
        for chunk in chunk_document(document, CHUNKING):
            found[f"{document.id}#{chunk.heading}"].append(chunk)
    return dict(found)


def offered(pair: Pair, sections: Sections) -> tuple[list[Passage], tuple[int, ...]]:
    """Return the passages of a pair and the markers of those that its sentence names."""
    passages: list[Passage] = []
    markers: list[int] = []
    for number, name in enumerate(pair.passages, 1):
        for chunk in sections[name]:
            passages.append(Passage(chunk, len(passages) + 1, 1.0))
            if number == pair.cited:
                markers.append(len(passages))
    return passages, tuple(markers)


def judge(pair: Pair, sections: Sections, verifier: Verifier) -> Judged:
    """Ground the sentence of one pair, without its "Yes" or "No", as the product does."""
    passages, markers = offered(pair, sections)
    found = ground(Claim(without_verdict(pair.claim), markers), passages, verifier)
    return Judged(pair, found is not None, found is not None and _cites(found, pair))


def _cites(found: Evidence, pair: Pair) -> bool:
    """Tell whether the cited span holds a sentence of the support, or lies inside one."""
    return any(found.text in text or text in found.text for text in pair.support)


def rates(judged: Sequence[Judged]) -> dict[str, str]:
    """Return each measure as text, with its interval: Wilson's for shares, bootstrap for F1."""
    shown = np.array([j.shown for j in judged])
    true = np.array([j.pair.supported for j in judged])
    right = int((shown & true).sum())
    f1_low, f1_high = f1_interval(shown, true)
    cited = sum(j.rightly_cited for j in judged if j.pair.supported)
    return {
        "precision": share(right, int(shown.sum())),
        "recall": share(right, int(true.sum())),
        "F1": f"{f1(shown, true):.3f} ({f1_low:.3f} to {f1_high:.3f})",
        "citation right": share(cited, right),
    }


def share(part: int, whole: int) -> str:
    """A share with its 95 % interval by Wilson (1927, doi:10.1080/01621459.1927.10502953)."""
    if not whole:
        return "none"
    interval = binomtest(part, whole).proportion_ci(method="wilson")
    return f"{part / whole:.3f} ({interval.low:.3f} to {interval.high:.3f}), {part} of {whole}"


def f1(shown: np.ndarray, true: np.ndarray) -> float:
    """The harmonic mean of precision and recall; 0 when nothing true is shown."""
    return float(2 * (shown & true).sum() / max(1, shown.sum() + true.sum()))


def f1_interval(shown: np.ndarray, true: np.ndarray) -> tuple[float, float]:
    """The 95 % percentile bootstrap interval of F1, with a fixed seed."""
    rng = np.random.default_rng(0)
    draws = rng.integers(0, len(true), (RESAMPLES, len(true)))
    low, high = np.quantile([f1(shown[d], true[d]) for d in draws], [0.025, 0.975])
    return float(low), float(high)


def by_kind(judged: Iterable[Judged]) -> Iterator[str]:
    """Yield a table row for each kind: how many of its sentences were let through."""
    groups: dict[tuple[bool, str], list[bool]] = defaultdict(list)
    for j in judged:
        groups[not j.pair.supported, j.pair.kind].append(j.shown)
    for (unsupported, kind), shown in sorted(groups.items()):
        label = "unsupported" if unsupported else "supported"
        yield f"| {label} | {kind} | {sum(shown)} of {len(shown)} |"


def rated_answers(folder: Path) -> Iterator[tuple[str, list[Passage], float]]:
    """Yield the text of each rated answer, its passages and the mean human faithfulness."""
    data = json.loads((folder / RATINGS).read_text(encoding="utf-8"))
    documents = {d["document_id"]: d for d in data["documents"]}
    tasks = {task["task_id"]: task for task in data["tasks"]}
    for row in data["evaluations"]:
        contexts = [documents[c["document_id"]] for c in tasks[row["task_id"]]["contexts"]]
        passages = [
            Passage(_whole(d["document_id"], d.get("title", ""), d["text"]), rank, 1.0)
            for rank, d in enumerate(contexts, 1)
        ]
        ratings = [float(r["value"]) for r in row["annotations"]["faithfulness"].values()]
        if passages:
            yield row["model_response"], passages, float(np.mean(ratings))


def _whole(document_id: str, title: str, text: str) -> Chunk:
    return Chunk(document_id, document_id, title, (), 0, len(text), text)


def supported_share(text: str, passages: Sequence[Passage], verifier: Verifier) -> float | None:
    """Return the share of an answer's sentences that grounding lets through; None for none."""
    claims = [claim for claim in read_claims([text]) if claim]
    if not claims:
        return None
    return float(np.mean([ground(claim, passages, verifier) is not None for claim in claims]))


def main(split: str, mtrag: Path | None) -> None:
    """Print the measures of one half and, given its folder, those on MTRAG's rated answers."""
    verifier = load_cross_encoder(Settings())
    sections = load_sections(PROJECT / "corpus")
    pairs = [pair for pair in load_pairs(PAIRS) if pair.split == split]
    start = time.perf_counter()
    judged = [judge(pair, sections, verifier) for pair in pairs]
    taken = 1000 * (time.perf_counter() - start) / len(pairs)
    print(f"{split}: {len(pairs)} sentences, {taken:.1f} ms each")
    for name, text in rates(judged).items():
        print(f"| {name} | {text} |")
    print("\n".join(by_kind(judged)))
    if mtrag:
        rows = [
            (found, rating)
            for text, passages, rating in rated_answers(mtrag)
            if (found := supported_share(text, passages, verifier)) is not None
        ]
        shares, ratings = np.array(rows).T
        area = roc_auc_score(ratings >= FAITHFUL, shares)
        print(f"MTRAG: {len(rows)} answers, AUC {area:.3f}, Spearman", spearmanr(shares, ratings))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("split", nargs="?", choices=["dev", "test"], default="dev")
    parser.add_argument("mtrag", nargs="?", type=Path, help="folder of IBM's MTRAG data")
    main(**vars(parser.parse_args()))
