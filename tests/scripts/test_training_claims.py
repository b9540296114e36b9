"""Written claims and short answers made into pairs that the verifier learns from."""

import json
import sys
from pathlib import Path

from waymark.corpus import load_corpus
from waymark.settings import PROJECT

sys.path.insert(0, str(PROJECT / "scripts"))

from training_claims import Claims  # scripts/ is no package
from training_file import Question

LICENCE = "A plumber needs a licence in most places."
READ_AS = f"Plumbers: Getting in. {LICENCE}"


def claims(folder: Path) -> Claims:
    page = f"---\ntitle: Plumbers\n---\n# Plumbers\n\n## Getting in\n\n{LICENCE} It is costly.\n"
    (folder / "plumbers.md").write_text(page, encoding="utf-8")
    return Claims(load_corpus(folder).documents, {"Another: Text. Of the corpus.": 0})


def test_each_claim_is_read_beside_its_sentence_under_title_and_heading(tmp_path: Path) -> None:
    made = claims(tmp_path)
    (tmp_path / "claims").mkdir()
    entry = {
        "document": "plumbers",
        "support": LICENCE,
        "true": ["Yes, in most places plumbers need a licence."],
        "false": [["A plumber needs a licence.", "dropped place"]],
    }
    invented = {"title": "A", "heading": "B", "support": "It is.", "true": ["It is."], "false": []}
    text = f"{json.dumps(entry)}\n{json.dumps(invented)}\n"
    (tmp_path / "claims" / "part.jsonl").write_text(text, encoding="utf-8")
    true, false, other = made.written(tmp_path / "claims")
    assert made.row["A: B. It is."] == 2
    assert list(other.right) == [2]
    assert made.row[READ_AS] == 1
    assert (true.question, *true.right, *true.near) == (
        "In most places plumbers need a licence.", 1,
    )  # fmt: skip
    assert (false.question, *false.right, *false.near) == ("A plumber needs a licence.", 1)
    assert not false.right
    assert true.held_out == false.held_out


def test_an_answer_is_carried_by_its_one_sentence_and_by_no_near_one(tmp_path: Path) -> None:
    entry = {
        "document": "plumbers",
        "question": "Licence for plumbers?",
        "support": [LICENCE],
        "answer": "Yes, a plumber needs one in most places.",
    }
    two = entry | {"question": "Both?", "support": [LICENCE, "It is costly."]}
    known = {"Licence for plumbers?": Question("", (), (), (7, 8, 9, 10), "questions", False)}
    (answer,) = claims(tmp_path).answers([entry, two], known)
    assert answer.question == "A plumber needs one in most places."
    assert (list(answer.right), list(answer.near)) == ([1], [7, 8, 9])
