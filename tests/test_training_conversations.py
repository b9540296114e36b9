"""Follow-ups written for training, in the forms in which the product searches for them."""

import sys
from pathlib import Path
from typing import Any

import pytest

from waymark.corpus import load_corpus
from waymark.settings import PROJECT
from waymark.vocabulary import Vocabulary

sys.path.insert(0, str(PROJECT / "scripts"))

from training_conversations import as_searched  # scripts/ is no package


@pytest.fixture
def vocabulary(tmp_path: Path) -> Vocabulary:
    for name in ("Plumbers", "Glaziers"):
        page = f"---\ntitle: {name}\ntopic: occupation\n---\n# {name}\n\n{name} fit things.\n"
        (tmp_path / f"{name}.md").write_text(page, encoding="utf-8")
    return Vocabulary(load_corpus(tmp_path).documents)


def entry(question: str, standalone: str, *history: tuple[str, str]) -> dict[str, Any]:
    return {"question": question, "standalone": standalone, "history": history, "support": []}


def test_a_follow_up_is_learnt_as_the_rules_word_it_and_with_all_that_was_said(
    vocabulary: Vocabulary,
) -> None:
    asked = entry("and glaziers?", "What do glaziers earn?", ("What do plumbers earn?", "A lot."))
    forms = list(as_searched([asked], vocabulary))
    assert "What do plumbers earn? and glaziers?" in [form["standalone"] for form in forms]
    assert all("glaziers" in form["standalone"].casefold() for form in forms)
    assert {form["of"] for form in forms} == {"What do glaziers earn?"}


def test_a_form_that_lost_what_is_meant_is_left_out(vocabulary: Vocabulary) -> None:
    asked = entry("is it wet?", "Is work as a plumber wet?", ("Hello", "Hello."), ("Hm", "Yes?"))
    forms = [form["standalone"] for form in as_searched([asked], vocabulary)]
    assert forms == ["Hello Hm is it wet?"]
