"""Gold rewrites of other people's conversations → how much of them a message stands for.

MTRAG (https://github.com/IBM/mt-rag-benchmark) and TREC CAsT 2019 (doi:10.48550/arXiv.2003.13624)
hold questions of a conversation, each with a form that stands alone; neither gives us the replies.
CAsT says which part is for training; MTRAG does not, so half of its conversations, chosen by the
SHA-256 of their ids, is for tuning and the other for reporting. The dev half of our own dialogues
is measured through the product: what their standalone form finds against the gold rewrite's.

Usage: measure_rewriting.py DATA_FOLDER [--part tune|report|both] [--dialogues FILE]
"""

import argparse
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from waymark.answering import Answerer
from waymark.dialogue.conversation import may_stand_for
from waymark.dialogue.follow_ups import points_back
from waymark.evaluation.measuring import DEPTH
from waymark.evaluation.metrics import Estimate, mean_by, ranking_measures
from waymark.evaluation.question_sets import Case, load_cases, section_key
from waymark.retrieval import TOP_K
from waymark.sentences import content_stems
from waymark.settings import Settings
from waymark.types import Turn
from waymark.vocabulary import Vocabulary

MEASURED = ("Success@4", "R@4")
DOMAINS = ("clapnq", "cloud", "fiqa", "govt")
SPEAKER = "|user|:"

Part = Literal["tune", "report"]
Row = dict[str, float]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A question in its conversation, and what somebody wrote to make it stand alone."""

    history: tuple[Turn, ...]
    question: str
    gold: str


def load_mtrag(folder: Path, part: Part) -> list[Rewrite]:
    """Read the half of MTRAG that is `part`; first questions are left out."""
    found: list[Rewrite] = []
    for domain in DOMAINS:
        tasks = folder / "retrieval_tasks" / domain
        rewrites = _texts(tasks / f"{domain}_rewrite.jsonl")
        for key, text in _texts(tasks / f"{domain}_questions.jsonl").items():
            asked = [question.strip() for question in text.split(SPEAKER)[1:]]
            if len(asked) > 1 and _half(key.partition("<")[0]) == part:
                gold = rewrites[key].removeprefix(SPEAKER).strip()
                found.append(Rewrite(_users(asked[:-1]), asked[-1], gold))
    return found


def load_cast(folder: Path, part: Part) -> list[Rewrite]:
    """Read the training or the evaluation part of CAsT 2019; first questions are left out."""
    name, topics, sample = {
        "tune": ("training", "train_topics", "train_topic_sample"),
        "report": ("evaluation", "evaluation_topics", "evaluation_topics"),
    }[part]
    tsv = folder / name / f"{sample}_annotated_resolved_v1.0.tsv"
    lines = tsv.read_text(encoding="utf-8-sig").splitlines()
    gold = dict(line.split("\t", 1) for line in lines if line.strip())
    found: list[Rewrite] = []
    for topic in json.loads((folder / name / f"{topics}_v1.0.json").read_text(encoding="utf-8")):
        asked = [turn["raw_utterance"].strip() for turn in topic["turn"]]
        for n, turn in enumerate(topic["turn"][1:], 1):
            key = f"{topic['number']}_{turn['number']}"
            if key in gold:
                found.append(Rewrite(_users(asked[:n]), asked[n], gold[key].strip()))
    return found


def compare(rewrite: Rewrite) -> Row:
    """Return how one question was detected, and what it may stand for, by stems of content words.

    `detection precision` of what is never read by itself, `detection recall` of what needs words.
    `recall` is the share of the gold rewrite's added words that the forms of the question bring in,
    `within reach` the share that the earlier questions hold at all; `precision` is the share of the
    words brought in that the gold rewrite has. No names are known, and no model rewrites.
    """
    asked, wanted = content_stems(rewrite.question), content_stems(rewrite.gold)
    added = wanted - asked
    forms = may_stand_for(rewrite.question, rewrite.history, Vocabulary(()))
    brought = set().union(*map(content_stems, forms)) - asked
    said = set().union(*(content_stems(turn.content) for turn in rewrite.history))
    row: Row = {}
    if points_back(rewrite.question):
        row["detection precision"] = float(bool(added))
    if added:
        row["detection recall"] = float(points_back(rewrite.question))
        row["recall"] = len(added & brought) / len(added)
        row["within reach"] = len(added & said) / len(added)
    if brought:
        row["precision"] = len(brought & added) / len(brought)
    return row


def measure_dialogue(case: Case, answerer: Answerer) -> Row:
    """Return what the standalone form finds that the product chose, and what the gold one does."""
    read = answerer.reader.read(case.question, case.history, TOP_K)
    gold = [section.key for section in case.gold]
    row: Row = {}
    for of, text in (("", read.standalone), (" of gold rewrite", case.standalone)):
        measures = ranking_measures(gold, _sections(text, answerer))
        row |= {f"{name}{of}": measures[name] for name in MEASURED}
    return row


def report(groups: Mapping[str, Mapping[str, Estimate]]) -> str:
    """Return a Markdown table, one line for each group and measure."""
    lines = ["| group | measure | mean | 95 % interval | n |", "|---|---|---|---|---|"]
    lines += [
        f"| {group} | {name} | {e.mean:.3f} | {e.low:.3f}–{e.high:.3f} | {e.n} |"
        for group, row in groups.items()
        for name, e in row.items()
    ]
    return "\n".join(lines)


def third_party(data: Path, parts: Sequence[Part]) -> dict[str, dict[str, Estimate]]:
    """Return the estimates of each collection and part."""
    loaders = {"MTRAG": load_mtrag, "CAsT 2019": load_cast}
    folders = {"MTRAG": data / "mtrag", "CAsT 2019": data / "cast2019"}
    return {
        f"{name}, {part}": mean_by([*map(compare, load(folders[name], part))])
        for name, load in loaders.items()
        for part in parts
    }


def own_dialogues(path: Path, answerer: Answerer) -> dict[str, dict[str, Estimate]]:
    """Return the estimates of the dev half, all together and by kind."""
    cases = [case for case in load_cases(path) if isinstance(case, Case) and case.split == "dev"]
    rows = {case.id: measure_dialogue(case, answerer) for case in cases}
    groups = {"dialogues, dev": list(rows.values())}
    for kind in sorted({case.kind for case in cases}):
        groups[f"kind: {kind}"] = [rows[case.id] for case in cases if case.kind == kind]
    return {name: mean_by(chosen) for name, chosen in groups.items()}


def _sections(text: str, answerer: Answerer) -> list[str]:
    chunks = [passage.chunk for passage in answerer.search(text, DEPTH).passages]
    return list(dict.fromkeys(section_key(chunk.document_id, chunk.heading) for chunk in chunks))


def _users(asked: Sequence[str]) -> tuple[Turn, ...]:
    return tuple(Turn("user", question) for question in asked)


def _half(conversation: str) -> Part:
    even = int(hashlib.sha256(conversation.encode()).hexdigest(), 16) % 2 == 0
    return "tune" if even else "report"


def _texts(path: Path) -> dict[str, str]:
    return dict(_entries(path))


def _entries(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        yield entry["_id"], entry["text"]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder that holds mtrag/ and cast2019/")
    parser.add_argument("--part", choices=["tune", "report", "both"], default="both")
    parser.add_argument(
        "--dialogues", type=Path, help="our dialogues, measured through the product"
    )
    arguments = parser.parse_args()
    parts: tuple[Part, ...] = ("tune", "report")
    chosen = [part for part in parts if arguments.part in (part, "both")]
    print(report(third_party(arguments.data, chosen)))
    if arguments.dialogues:
        from waymark.assembly import load_answerer

        answerer, _ = load_answerer(Settings())
        print(report(own_dialogues(arguments.dialogues, answerer)))


if __name__ == "__main__":
    main()
