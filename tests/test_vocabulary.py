from pathlib import Path
from time import process_time

import pytest

from waymark.corpus import load_corpus
from waymark.types import Document, Turn
from waymark.vocabulary import Vocabulary

PAGES = {
    "nurses.md": "---\ntitle: Registered nurses\ntopic: occupation\n"
    "aliases: [RN, ward sister, 29-1141]\n---\n## Pay\n\nNurses learn about machine learning (ML). "
    "The median pay of kubernetes users is not known.",
    "databases.md": "---\ntitle: Database administrators and architects\ntopic: occupation\n---\n"
    "## Pay\n\nThey are paid.",
    "accountants.md": "---\ntitle: Accountants and auditors\ntopic: occupation\n"
    "aliases: [accountant, accounting, accounts clerk, accountant's degree]\n---\n## Pay\n\nPaid.",
    "letters.md": "---\ntitle: Writing letters\ntopic: job-search\naliases: [cover letter]\n---\n"
    "## Form\n\nA letter has (ABC) one page and a docker.",
}  # fmt: skip


def page_of(text: str) -> Document:
    return Document(text, "Notes", text, (), "digest")


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    folder: Path = tmp_path_factory.mktemp("pages")
    for name, text in PAGES.items():
        (folder / name).write_text(text)
    return Vocabulary(load_corpus(folder).documents)


def test_another_name_brings_the_title_of_its_occupation(vocabulary: Vocabulary) -> None:
    assert vocabulary.expand("pay of a ward sister") == "pay of a ward sister Registered nurses"
    assert vocabulary.expand("29-1141 outlook") == "29-1141 outlook Registered nurses"
    assert vocabulary.expand("registered nurse pay") == "registered nurse pay"
    assert vocabulary.expand("cover letter") == "cover letter"
    named = "database administrators Database administrators and architects"
    assert vocabulary.expand("db administrators") == named


def test_another_name_gives_way_to_the_title(vocabulary: Vocabulary) -> None:
    assert vocabulary.titled("pay of a ward sister?") == "pay of a Registered nurses?"
    assert vocabulary.titled("registered nurse pay") == "registered nurse pay"
    assert vocabulary.titled("RN or registered nurse?") == "RN or registered nurse?"
    assert vocabulary.titled("database administrators") == "database administrators"
    assert vocabulary.titled("cover letter") == "cover letter"


def test_abbreviations_are_those_that_a_page_introduces(vocabulary: Vocabulary) -> None:
    assert vocabulary.expand("ML and ABC") == "machine learning and ABC"


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("is it hard to become a nurse?", "is it hard to become a nurse?"),
        ("can you tell us about IT?", "can you tell us about information technology?"),
        ("IS IT HARD?", "IS IT HARD?"),
    ],
)
def test_a_word_of_english_is_an_abbreviation_only_in_capitals_that_tell_it_apart(
    asked: str, meant: str
) -> None:
    page = (
        "Work in information technology (IT) or information systems (IS) in the United States (US)."
    )
    assert Vocabulary([page_of(page)]).expand(asked) == meant


def test_an_abbreviation_of_two_things_stays_as_it_is() -> None:
    pages = [page_of("A project manager (PM)."), page_of("A product manager (PM).")]
    assert Vocabulary(pages).expand("a PM") == "a PM"


def test_an_abbreviation_of_one_thing_in_two_forms_is_spelt_out() -> None:
    pages = [page_of("A language model (LM)."), page_of("All Language Models (LM).")]
    assert Vocabulary(pages).expand("an LM") == "an Language Models"


def test_a_page_with_a_long_word_is_read_in_seconds() -> None:
    began = process_time()
    Vocabulary([page_of("a" * 100_000)])
    assert process_time() - began < 5


def test_the_longer_of_two_names_counts(vocabulary: Vocabulary) -> None:
    assert [d.id for d in vocabulary.named("ward sisters and cover letters")] == [
        "nurses",
        "letters",
    ]
    assert vocabulary.named("") == []


@pytest.mark.parametrize(
    ("question", "name", "asked"),
    [
        ("what does a ward sister do all day", "cooks", "what does a cook do all day"),
        ("Is a ward sister busy?", "accountants", "Is an accountant busy?"),
        ("What does an RN earn?", "data analyst", "What does a data analyst earn?"),
        ("What do ward sisters earn?", "hair stylist", "What do hair stylists earn?"),
        ("What do ward sisters earn?", "cybersecurity", "What do cybersecurity earn?"),
        ("What does a ward sister do?", "systems analysis", "What does a systems analysis do?"),
        ("WHAT DO WARD SISTERS EARN?", "CHEFS", "WHAT DO CHEFS EARN?"),
        ("WHAT DO WARD SISTERS EARN?", "chefs", "WHAT DO chefs EARN?"),
        ("Is a ward sister busy?", "UX designers", "Is a UX designer busy?"),
        ("Is a ward sister busy?", "HR managers", "Is an HR manager busy?"),
        ("Is accounting hard?", "nurses", "Is nurses hard?"),
        ("What do accountants earn?", "cooks", "What do cooks earn?"),
    ],
)
def test_a_question_is_asked_of_another_occupation_in_its_own_number_where_that_is_sure(
    question: str, name: str, asked: str, vocabulary: Vocabulary
) -> None:
    assert vocabulary.asked_of(question, name) == asked


def test_an_occupation_is_renamed_wherever_it_is_named(vocabulary: Vocabulary) -> None:
    asked = "What does an RN earn, and a ward sister?"
    assert vocabulary.renamed(asked, "Cooks") == "What does an Cooks earn, and a Cooks?"
    assert vocabulary.renamed("a cover letter", "Cooks") == "a cover letter"
    assert vocabulary.renamed("", "Cooks") == ""


def test_an_occupation_is_named_by_a_part_of_its_title_of_more_than_one_word(
    vocabulary: Vocabulary,
) -> None:
    (named,) = vocabulary.named("what does a database administrator earn")
    assert named.title == "Database administrators and architects"
    assert vocabulary.named("what do architects earn") == []


def test_an_occupation_is_called_what_the_question_calls_it(vocabulary: Vocabulary) -> None:
    text = "Do ward sisters with a cover letter earn more than database administrators?"
    assert list(vocabulary.occupations_in(text).values()) == [
        "ward sisters",
        "database administrators",
    ]


@pytest.mark.parametrize(
    "asked",
    [
        "Should I give a recruiter my bank account?",
        "How do I account for a gap, with two e-mail accounts?",
    ],
)
def test_the_field_of_an_occupation_stands_for_no_other_word(
    vocabulary: Vocabulary, asked: str
) -> None:
    assert vocabulary.names_in(asked) == []
    assert vocabulary.expand(asked) == vocabulary.titled(asked) == asked


@pytest.mark.parametrize(
    "asked", ["Accounting jobs", "an accounting degree", "two accountants", "an account clerk"]
)
def test_an_occupation_is_named_by_its_field_and_by_who_works_in_it(
    vocabulary: Vocabulary, asked: str
) -> None:
    assert [document.id for document in vocabulary.named(asked)] == ["accountants"]


def test_the_apostrophe_of_a_phone_makes_no_other_name(vocabulary: Vocabulary) -> None:
    assert vocabulary.names_in("an accountant’s degree") == ["accountant’s degree"]


def test_a_question_is_searched_for_in_the_words_of_the_pages_and_shown_in_its_own(
    vocabulary: Vocabulary,
) -> None:
    asked = "the going rate of a ward sister"
    assert vocabulary.correct(asked) == asked
    assert vocabulary.query(asked) == "the pay of a ward sister Registered nurses"
    assert vocabulary.titled(asked) == "the pay of a Registered nurses"


def test_without_documents_nothing_is_named() -> None:
    assert Vocabulary([]).names_in("a nurse") == []


def test_of_a_conversation_only_what_the_person_typed_is_put_right(vocabulary: Vocabulary) -> None:
    said = [Turn("user", "acountant pay"), Turn("assistant", "acountant pay")]
    assert vocabulary.corrected(said) == [Turn("user", "accountant pay"), said[1]]
