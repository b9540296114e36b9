"""Labelled cases → one result each, resumable → summary and report.

Every result is written as soon as it is known, so an interrupted evaluation goes on where it
stopped; results of another generation, model, program or question set are never mixed in.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from waymark.answering import Answerer
from waymark.evaluation.measuring import Row, measure
from waymark.evaluation.metrics import Estimate, mean_by
from waymark.evaluation.question_sets import Case, Labelled

BY_GROUP = ("facts", "wrongly_abstained", "abstained", "as_expected", "same_evidence")

Progress = Callable[[int, int], None]  # done, total


def evaluate(
    cases: Sequence[Labelled], answerer: Answerer, folder: Path, on_progress: Progress
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


def summarise(
    cases: Sequence[Labelled], results: Mapping[str, Row]
) -> dict[str, dict[str, dict[str, Estimate]]]:
    """Return the mean of each measure: "set, split" → group → measure → Estimate.

    The group "all" comes first and has every measure; the kinds and styles have `BY_GROUP`.
    """
    summary: dict[str, dict[str, dict[str, Estimate]]] = {}
    for part in dict.fromkeys(f"{case.set}, {case.split}" for case in cases):
        chosen = [case for case in cases if f"{case.set}, {case.split}" == part]
        groups = {"all": mean_by([results[case.id] for case in chosen])}
        for name in sorted({group for case in chosen for group in _groups(case)}):
            rows = [results[case.id] for case in chosen if name in _groups(case)]
            kept = [{m: row[m] for m in BY_GROUP if m in row} for row in rows]
            groups[name] = mean_by(kept)
        summary[part] = groups
    return summary


def report_json(cases: Sequence[Labelled], results: Mapping[str, Row]) -> str:
    """Return the summary and the measures of each case."""
    summary: dict[str, Any] = {
        part: {g: {m: asdict(e) for m, e in row.items()} for g, row in groups.items()}
        for part, groups in summarise(cases, results).items()
    }
    return json.dumps({"summary": summary, "cases": results}, indent=1)


def report_markdown(cases: Sequence[Labelled], results: Mapping[str, Row]) -> str:
    """Return one table for each set and half: every measure overall, then by kind and style."""
    lines: list[str] = []
    for part, groups in summarise(cases, results).items():
        lines += [f"### {part}", "", "| group | measure | mean | 95 % interval | n |"]
        lines += ["|---|---|---|---|---|"]
        for group, row in groups.items():
            lines += [f"| {group} | {name} | {_cells(value)} |" for name, value in row.items()]
        lines.append("")
    return "\n".join(lines)


def _groups(case: Labelled) -> list[str]:
    style = case.style if isinstance(case, Case) else ""
    return [f"kind: {case.kind}", *([f"style: {style}"] if style else [])]


def _cells(value: Estimate) -> str:
    return f"{value.mean:.3f} | {value.low:.3f}–{value.high:.3f} | {value.n}"


def _fingerprint(cases: Sequence[Labelled], answerer: Answerer) -> str:
    whole = hashlib.sha256()
    package = Path(__file__).parents[1]
    program = sorted(p for p in package.rglob("*") if p.suffix in (".py", ".json", ".yaml"))
    model = (answerer.generator.model, answerer.generator.identity())
    for part in (answerer.index.name, *model, *map(repr, cases)):
        whole.update(f"{part}\0".encode())
    for path in program:
        whole.update(path.read_bytes())
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
