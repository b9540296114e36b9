"""The training material keeps away from the question sets, and says what it is."""

import itertools
import json
from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from waymark.corpus import load_corpus
from waymark.evaluation.question_sets import Case, load_cases
from waymark.sentences import content_words, stem, words
from waymark.settings import PROJECT

TRAINING = PROJECT / "training"
EVALUATION = PROJECT / "evaluation"
SETS = ("questions", "unanswerable", "dialogues", "safety", "fairness")
NEARLY = 0.85  # of the words of two claims, in their order
ENOUGH = 3  # content words; two questions of fewer may coincide without being copied


def lines(folder: str) -> Iterator[dict[str, object]]:
    for path in sorted((TRAINING / folder).glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def about_corpus() -> Iterator[dict[str, object]]:
    yield from lines("questions")
    yield from lines("contrasts")
    yield from lines("follow_ups")


def trained_on() -> Iterator[str]:
    for entry in about_corpus():
        yield str(entry.get("standalone", entry["question"]))
    for entry in lines("rewordings"):
        yield str(entry["question"])
    for entry in lines("distress"):
        yield str(entry["message"])
    for document in lines("documents"):
        yield from (entry["q"] for entry in document["qa"])  # type: ignore[attr-defined]
        yield from document["unanswerable"]  # type: ignore[misc]


def evaluated() -> Iterator[str]:
    for name in SETS:
        for case in load_cases(EVALUATION / f"{name}.jsonl"):
            yield from (case.question, case.standalone) if isinstance(case, Case) else (
                case.a, case.b
            )  # fmt: skip


def nearly(some: list[str], others: list[str]) -> bool:
    compared = SequenceMatcher(None, some, others, autojunk=False)
    return compared.quick_ratio() >= NEARLY and compared.ratio() >= NEARLY


def topic(question: str) -> frozenset[str]:
    return frozenset(stem(word) for word in content_words(question))


def test_no_question_of_an_evaluation_set_is_trained_on() -> None:
    exact = {" ".join(words(question)) for question in evaluated()}
    topics = {topic(question) for question in evaluated()}
    for question in trained_on():
        assert " ".join(words(question)) not in exact, question
        assert len(topic(question)) < ENOUGH or topic(question) not in topics, question


def test_the_documents_written_for_training_are_no_guidance() -> None:
    titles = {document.title for document in load_corpus(PROJECT / "corpus").documents}
    assert not titles & {str(document["title"]) for document in lines("documents")}


def test_the_support_of_every_question_stands_in_the_corpus_word_for_word() -> None:
    texts = [" ".join(d.text.split()) for d in load_corpus(PROJECT / "corpus").documents]
    for entry in about_corpus():
        support = entry["support"]
        assert isinstance(support, list)
        assert bool(support) == bool(entry["answer"]), entry["question"]
        others = [entry.get(key, []) for key in ("also", "unclear")]
        for sentence in itertools.chain(support, *others):  # type: ignore[arg-type]
            assert any(" ".join(sentence.split()) in text for text in texts), sentence


def test_claims_are_about_sentences_of_the_corpus_and_none_is_evaluated() -> None:
    texts = {d.id: " ".join(d.text.split()) for d in load_corpus(PROJECT / "corpus").documents}
    pairs = (EVALUATION / "grounding.jsonl").read_text(encoding="utf-8").splitlines()
    judged = defaultdict(list)
    for pair in map(json.loads, pairs):
        judged[pair["document"]].append(words(pair["claim"]))
    for entry in lines("claims"):
        support, true, false = (entry[key] for key in ("support", "true", "false"))
        if "document" not in entry:
            assert all((entry["title"], entry["heading"])), support
            continue
        document = str(entry["document"])
        assert " ".join(str(support).split()) in texts[document], support
        for claim in [*true, *(claim for claim, _ in false)]:  # type: ignore[misc,attr-defined]
            assert not any(nearly(words(claim), other) for other in judged[document]), claim


def test_every_rewording_is_of_a_question_and_worded_otherwise() -> None:
    questions = {entry["question"] for entry in lines("questions")}
    reworded = [entry["question"] for entry in lines("rewordings")]
    assert {entry["of"] for entry in lines("rewordings")} <= questions
    assert questions.isdisjoint(reworded)
    assert len(set(reworded)) == len(reworded)


@pytest.mark.parametrize(
    "folder",
    ["documents", "questions", "contrasts", "rewordings", "follow_ups", "claims", "distress"],
)
def test_there_is_training_material_of_each_kind(folder: str) -> None:
    assert sum(1 for _ in lines(folder)) > 0


def test_the_readme_names_every_folder() -> None:
    readme = (TRAINING / "README.md").read_text(encoding="utf-8")
    for path in TRAINING.iterdir():
        assert path.is_file() or f"`{Path(path).name}/" in readme
