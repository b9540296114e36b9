"""Raw pages of occupations and their fact sheet → how many facts come through, end to end.

Builds an index of the pages in a temporary folder with one call, as `waymark index` does, then asks
three questions about each occupation (median pay, entry education, projected growth) in quotation
mode. Prints what was skipped and why, the facts that stand in the parsed text, the facts that stand
in the replies with 95 % intervals, times, the size of the index and the peak memory.

Usage: measure_occupation_pages.py PAGES FACTS [--take N] [--occupations N] [--cache FOLDER]
"""

import argparse
import csv
import re
import resource
import shutil
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from measure_retrieval import StoredEmbedder
from waymark import models
from waymark.answering import Answerer
from waymark.assembly import CHUNKING, load_answerer, load_embedder
from waymark.changes import BuildReport
from waymark.evaluation.metrics import Estimate, estimate, facts_right
from waymark.generation import QuotationGenerator
from waymark.indexing import build_index
from waymark.settings import Settings
from waymark.types import Answer, DoneEvent, Embedder

NO_CREDENTIAL = "No formal educational credential"
UNKNOWN = "Varies (see page)"
SHOWN = 12  # wrong replies printed


@dataclass(frozen=True)
class Question:
    """A template filled with one occupation, and patterns of which one must be in the reply."""

    template: str
    document_id: str
    text: str
    patterns: Sequence[str]


def main() -> None:
    """Build, ask and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=Path)
    parser.add_argument("facts", type=Path)
    parser.add_argument("--take", type=int, default=10_000, help="use only so many pages")
    parser.add_argument("--occupations", type=int, default=10_000, help="ask about so many")
    parser.add_argument("--cache", type=Path, help="keep vectors in this folder")
    chosen = parser.parse_args()
    with TemporaryDirectory() as folder:
        corpus = taken(chosen.pages, chosen.take, Path(folder) / "corpus")
        settings = Settings(corpus=corpus, index=Path(folder) / "index")
        build(settings, chosen.cache)
        answerer, _ = load_answerer(settings)
        answerer.generator = QuotationGenerator()
        texts = {d.id: d.text for d in answerer.index.documents()}
        asked = [q for q in questions(chosen.facts) if q.document_id in texts]
        report_texts(asked, texts)
        names = sorted({question.document_id for question in asked})
        some = set(names[:: max(1, len(names) // chosen.occupations)])
        report_replies([q for q in asked if q.document_id in some], answerer)
        answerer.index.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000
    print(f"peak memory {peak:.0f} MB, of the parsers' process {children:.0f} MB")


def taken(pages: Path, count: int, target: Path) -> Path:
    """Copy the first `count` pages to `target`, in order of their names."""
    target.mkdir()
    for path in sorted(pages.glob("*.html"))[:count]:
        shutil.copy(path, target)
    return target


def build(settings: Settings, cache: Path | None) -> None:
    """Build the index, then once more unchanged, and print what the builds said."""
    loaded = load_embedder(settings)
    embedder: Embedder = StoredEmbedder(loaded, cache) if cache else loaded
    for name in ("built", "unchanged"):
        begin = time.perf_counter()
        reading = [0.0]
        report = run(settings, embedder, reading)
        seconds = time.perf_counter() - begin
        print(
            f"{name}: {report.documents} documents, {report.chunks} passages in {seconds:.1f} s "
            f"(reading {reading[0] - begin:.1f} s), {len(report.skipped)} skipped, "
            f"{len(report.notes)} notes"
        )
    for entry in report.skipped:
        print(f"  skipped {entry.path}: {entry.reason}")
    size = sum(p.stat().st_size for p in settings.index.rglob("*") if p.is_file())
    print(f"index {size / 1e6:.1f} MB")


def run(settings: Settings, embedder: Embedder, reading: list[float]) -> BuildReport:
    """One build; `reading` gets the time when the last file was read."""

    def progress(stage: str, done: int, total: int) -> None:
        if stage == "reading":
            reading[0] = time.perf_counter()

    return build_index(
        settings.corpus, settings.index, models.EMBEDDING_ID, lambda: embedder, CHUNKING, progress
    )


def questions(facts: Path) -> Iterator[Question]:
    """The questions that the fact sheet can check."""
    with facts.open(encoding="utf-8") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            title, identifier = _uncapitalised(row["title"]), row["page_slug"]
            pay = [
                re.escape(f"${float(value):,.{decimals}f}")
                for value, decimals in (
                    (row["median_pay_annual_usd_2024"], 0),
                    (row["median_pay_hourly_usd_2024"], 2),
                )
                if value
            ]
            if pay:
                text = f"What is the median pay of {title}?"
                yield Question("median pay", identifier, text, pay)
            education = (
                NO_CREDENTIAL if row["entry_education"] == "None" else row["entry_education"]
            )
            if education and education != UNKNOWN:
                text = f"What is the typical entry-level education for {title}?"
                yield Question("entry education", identifier, text, [_loose(education)])
            if row["projected_change_percent_2024_34"]:
                text = f"What is the projected growth for {title} from 2024 to 2034?"
                percent = int(row["projected_change_percent_2024_34"])
                yield Question("projected growth", identifier, text, _growth(percent))


def _uncapitalised(title: str) -> str:
    return title if title[:2].isupper() else title[:1].lower() + title[1:]


def _loose(education: str) -> str:
    """Straight and typographic apostrophes are the same."""
    return re.escape(education).replace("'", "['’]")


def _growth(percent: int) -> Sequence[str]:
    if percent == 0:
        return [r"little or no change", r"\b0 ?(?:%|percent)"]
    sign = r"(?:decline\w*|-|−|–)[^.;]{0,20}?" if percent < 0 else r"(?<![-−–\d.])"
    return [rf"{sign}\b{abs(percent)} ?(?:%|percent)"]


def report_texts(asked: Sequence[Question], texts: Mapping[str, str]) -> None:
    """Print how many facts stand in what was made of the pages."""
    right: dict[str, list[float]] = defaultdict(list)
    for question in asked:
        found = facts_right(texts[question.document_id], [question.patterns])
        right[question.template].append(float(found))
        if not found:
            print(f"  not in the text: {question.document_id}: {question.patterns}")
    for template, values in right.items():
        print(f"in the text: {template:18} {sum(values):.0f} of {len(values)}")


def report_replies(asked: Sequence[Question], answerer: Answerer) -> None:
    """Print how many facts stand in the replies, by template, and some that do not."""
    right: dict[str, list[float]] = defaultdict(list)
    seconds: list[float] = []
    wrong: list[str] = []
    for question in asked:
        begin = time.perf_counter()
        answer = ask(question.text, answerer)
        seconds.append(time.perf_counter() - begin)
        good = not answer.abstained and facts_right(answer.text, [question.patterns])
        right[question.template].append(float(good))
        if not good:
            kind = "abstained" if answer.abstained else " ".join(answer.text.split())[:200]
            wrong.append(f"  {question.text} {question.patterns} → {kind}")
    for template, values in right.items():
        found = estimate(values)
        print(f"in the reply: {template:18} {sum(values):.0f} of {len(values)} {_interval(found)}")
    whole = [value for values in right.values() for value in values]
    print(f"in the reply: {'all':18} {sum(whole):.0f} of {len(whole)} {_interval(estimate(whole))}")
    print(f"seconds a question: median {sorted(seconds)[len(seconds) // 2]:.2f}")
    print("\n".join(wrong[:SHOWN]))


def _interval(found: Estimate) -> str:
    return f"= {found.mean:.1%} ({found.low:.1%} to {found.high:.1%})"


def ask(question: str, answerer: Answerer) -> Answer:
    """The whole answer."""
    events = list(answerer.answer(question))
    done = events[-1]
    assert isinstance(done, DoneEvent)
    return done.answer


if __name__ == "__main__":
    main()
