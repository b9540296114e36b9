"""Labelled cases → one result each → the report.

Every result is written as soon as it is known, so an interrupted evaluation goes on where it
stopped; results of another generation, model or question set are never mixed in.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from waymark.answering import Answerer
from waymark.metrics import Estimate, facts_right, mean_by, ranking_measures
from waymark.question_sets import Case
from waymark.retrieval import retrieve
from waymark.types import Answer, DoneEvent, Passage

DEPTH = 20  # passages ranked for the retrieval measures

Row = dict[str, float]
Progress = Callable[[int, int], None]  # done, total


def evaluate(
    cases: Sequence[Case], answerer: Answerer, folder: Path, on_progress: Progress
) -> dict[str, Row]:
    """Return the measures of each case by id, resuming from `folder` where possible."""
    store = folder / f"{_fingerprint(cases, answerer)}.jsonl"
    folder.mkdir(parents=True, exist_ok=True)
    results = dict(_stored(store))
    with store.open("a", encoding="utf-8") as out:
        out.write("\n")  # ends a line that an interruption cut off
        for done, case in enumerate(cases, 1):
            if case.id not in results:
                results[case.id] = measure(case, answerer)
                out.write(json.dumps({"id": case.id, "measures": results[case.id]}) + "\n")
                out.flush()
            on_progress(done, len(cases))
    return {case.id: results[case.id] for case in cases}


def measure(case: Case, answerer: Answerer) -> Row:
    """Ask one question and return its measures, each 0 to 1.

    Uncovered questions have `abstained`; covered ones the ranking measures, `facts` (short
    answer and quotes together), `facts_short`, `facts_quotes`, `wrongly_abstained`,
    `cites_gold` and `citations_valid`. Facts of an abstention are 0.
    """
    answer = _ask(answerer, case.question)
    if not case.gold:
        return {"abstained": float(answer.abstained)}
    short = " ".join(sentence.text for sentence in answer.sentences)
    quoted = "\n".join(quote.text for quote in answer.quotes)
    row = ranking_measures([gold.key for gold in case.gold], _sections(case.question, answerer))
    row["wrongly_abstained"] = float(answer.abstained)
    for name, text in (("facts", f"{short}\n{quoted}"), ("facts_short", short)):
        row[name] = float(not answer.abstained and facts_right(text, case.facts))
    row["facts_quotes"] = float(not answer.abstained and facts_right(quoted, case.facts))
    if not answer.abstained:
        keys = {gold.key for gold in case.gold}
        cited = {f"{c.document_id}#{c.heading}" for c in answer.citations}
        row["cites_gold"] = float(bool(keys & cited))
        row["citations_valid"] = float(_valid(answer, answerer))
    return row


def report_markdown(cases: Sequence[Case], results: Mapping[str, Row]) -> str:
    """Return tables of every measure by split, and of `facts` and abstention by kind."""
    lines: list[str] = []
    for split in ("dev", "test"):
        chosen = [case for case in cases if case.split == split]
        if not chosen:
            continue
        lines += [f"### {split}", "", "| measure | mean | 95 % interval | n |", "|---|---|---|---|"]
        overall = mean_by([results[case.id] for case in chosen])
        lines += [_table_row(name, value) for name, value in overall.items()]
        lines += ["", "| kind | measure | mean | 95 % interval | n |", "|---|---|---|---|---|"]
        for kind in sorted({case.kind for case in chosen}):
            rows = mean_by([results[case.id] for case in chosen if case.kind == kind])
            for name in ("facts", "wrongly_abstained", "abstained"):
                if name in rows:
                    lines.append(f"| {kind} {_table_row(name, rows[name])}")
        lines.append("")
    return "\n".join(lines)


def _table_row(name: str, value: Estimate) -> str:
    interval = f"{value.low:.3f}–{value.high:.3f}"
    return f"| {name} | {value.mean:.3f} | {interval} | {value.n} |"


def _ask(answerer: Answerer, question: str) -> Answer:
    last = list(answerer.answer(question))[-1]
    assert isinstance(last, DoneEvent)
    return last.answer


def _sections(question: str, answerer: Answerer) -> list[str]:
    found = retrieve(question, answerer.index, answerer.embedder, answerer.today(), DEPTH)
    return list(dict.fromkeys(_key(passage) for passage in found.passages))


def _key(passage: Passage) -> str:
    return f"{passage.chunk.document_id}#{passage.chunk.heading}"


def _valid(answer: Answer, answerer: Answerer) -> bool:
    """Tell whether every citation's quote stands where the citation says."""
    for citation in answer.citations:
        document = answerer.index.document(citation.document_id)
        if document is None or document.text[citation.start : citation.end] != citation.quote:
            return False
    return bool(answer.citations)


def _fingerprint(cases: Sequence[Case], answerer: Answerer) -> str:
    whole = hashlib.sha256()
    for part in (answerer.index.name, answerer.generator.model, *map(repr, cases)):
        whole.update(f"{part}\0".encode())
    return whole.hexdigest()[:16]


def _stored(path: Path) -> Iterator[tuple[str, Row]]:
    """Results already known; a line cut off by an interruption is measured again."""
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            yield entry["id"], entry["measures"]
