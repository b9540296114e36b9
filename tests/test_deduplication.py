from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import build
from waymark import deduplication
from waymark.chunking import ChunkingParameters, chunk_document
from waymark.deduplication import distinct_chunks, repeated_blocks
from waymark.formats.markdown import parse_markdown
from waymark.store.index import Index
from waymark.store.pointer import current_generation
from waymark.types import Document, Note

PARAMETERS = ChunkingParameters()
PASSAGE = (
    "Bakers in Ohio start work very early in the morning, long before the shop opens, and they "
    "earn about $36,000 a year once they have finished two years of training on the job."
)


def document(identifier: str, raw: str, title: str = "Bakers") -> Document:
    parsed = parse_markdown(raw)
    return Document(identifier, title, parsed.text, parsed.blocks, identifier)


def kept(documents: Sequence[Document]) -> list[tuple[str, str]]:
    chunks, _ = distinct_chunks(documents, PARAMETERS)
    return [(chunk.document_id, chunk.text) for chunk in chunks]


def test_a_passage_that_stands_in_two_files_is_indexed_once_and_reported() -> None:
    pair = [document("guide-a", PASSAGE), document("guide-b", PASSAGE)]
    chunks, notes = distinct_chunks(pair, PARAMETERS)
    assert [chunk.document_id for chunk in chunks] == ["guide-a"]
    assert notes == [Note("guide-b", "1 passages left out that guide-a has as well")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("$36,000", "$46,000"),
        ("Ohio", "Utah"),
        ("two years", "2 years"),
        ("Bakers", "Butchers"),
        ("they earn", "they never earn"),
        ("and they", "and not they"),
        ("$36,000", "€36,000"),
    ],
)
def test_passages_with_other_figures_names_or_negations_are_not_the_same(
    before: str, after: str
) -> None:
    assert len(kept([document("a", PASSAGE), document("b", PASSAGE.replace(before, after))])) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A course is optional", "A course is required"),
        ("They eat before work", "They eat after work"),
        ("They may rest", "They must rest"),
        ("The pay goes up", "The pay goes down"),
        ("The baker trains the cook", "The cook trains the baker"),
    ],
)
def test_long_passages_that_differ_in_a_word_that_means_something_are_not_the_same(
    one: str, other: str
) -> None:
    more = "Many say that their work is hard and that it is worth it, for people like good bread."
    pair = [document(text[-5:], f"{PASSAGE} {more} {text}.") for text in (one, other)]
    assert len(kept(pair)) == 2


@pytest.mark.parametrize(
    ("before", "after"), [("not hard", "not very hard"), ("few men", "a few men")]
)
def test_an_empty_word_that_turns_another_one_is_not_empty(before: str, after: str) -> None:
    pair = [document(end, f"{PASSAGE} It is {end}.") for end in (before, after)]
    assert len(kept(pair)) == 2


@pytest.mark.parametrize(
    ("before", "after"),
    [("very early", "quite early"), ("the morning, long", "morning; long"), ("the job", "a job")],
)
def test_passages_that_differ_in_punctuation_and_empty_words_are_the_same(
    before: str, after: str
) -> None:
    edited = PASSAGE.replace(before, after)
    assert edited != PASSAGE
    assert len(kept([document("a", PASSAGE), document("b", edited)])) == 1


@pytest.mark.parametrize("names", [("Nurses", "Plumbers"), ("C coders", "C++ coders")])
def test_pages_about_two_subjects_keep_the_wording_that_they_share(names: tuple[str, str]) -> None:
    own = "About {0}: {0} read {1} plans and look after {1} tools every day of the working week."
    pages = [
        document(name, f"{PASSAGE}\n\n## More\n\n{own.format(name, word)}", title=name)
        for name, word in zip(names, ("ward", "pipe"), strict=True)
    ]
    assert len(kept(pages)) == 4


@pytest.mark.parametrize("parts", [2, 6])
def test_parts_of_a_page_about_two_things_keep_the_wording_that_they_share(parts: int) -> None:
    raw = "".join(f"## Job {n}\n\n{PASSAGE}\n\n" for n in range(parts))
    assert kept([document("a", raw)]) == [("a", PASSAGE)] * parts
    twice = document("b", f"## Job 1\n\n{PASSAGE}\n\n### Pay\n\nGood.\n\n## Job 1\n\n{PASSAGE}")
    assert kept([twice]) == [("b", PASSAGE), ("b", "Good.")]


def test_a_copy_under_another_name_is_recognised_by_what_it_holds() -> None:
    raw = f"{PASSAGE}\n\n## More\n\n{PASSAGE.replace('Ohio', 'Utah')}"
    pair = [document("a", raw, "Bakers"), document("b", raw, "Print version")]
    assert {identifier for identifier, _ in kept(pair)} == {"a"}


def test_two_regions_keep_their_own_passages() -> None:
    one = replace(document("a", PASSAGE), region="UK")
    assert len(kept([one, replace(one, id="b", region="US")])) == 2


def test_the_file_that_is_valid_longer_keeps_the_passage() -> None:
    soon = replace(document("a", PASSAGE), valid_until=date(2026, 1, 1))
    older = replace(document("b", PASSAGE), reviewed=date(2025, 1, 1))
    newer = replace(document("c", PASSAGE), reviewed=date(2026, 1, 1))
    assert kept([soon, older, newer]) == [("c", PASSAGE)]


def test_short_passages_are_left_alone() -> None:
    assert len(kept([document("a", "Most work full time."), document("b", "Most work full time.")]))


def site(count: int, *shared: str) -> list[Document]:
    return [
        document(f"page-{n}", "\n\n".join([f"Page {n} has text.", *shared]), title=f"Page {n}")
        for n in range(count)
    ]


def test_a_sentence_of_the_site_is_kept_in_one_document_and_reported() -> None:
    pages = site(6, "Visit our careers office for more information.")
    chunks, notes = distinct_chunks(pages, PARAMETERS)
    holding = [c.document_id for c in chunks if "careers office" in c.text]
    assert holding == ["page-0"]
    assert len(notes) == 5
    assert notes[0] == Note("page-1", "1 sentences left out that many documents repeat")


@pytest.mark.parametrize(
    "shared",
    [
        "| Training | Jobs |\n|---|---|\n| None | 5 |",
        "## Pay by state and region in the country.",
        "Median annual wages, May 2024",
        "Most work full time.",
    ],
)
def test_rows_headings_captions_and_short_phrases_mean_something_on_each_page(shared: str) -> None:
    assert repeated_blocks(site(6, shared, "More text here.")) == {}


@pytest.mark.parametrize(
    ("shared", "share"),
    [("You must hold a full driving licence.", 5), ("- You must hold a full driving licence.", 10)],
)
def test_a_requirement_that_many_pages_state_is_one_of_each(shared: str, share: int) -> None:
    pages = [*site(share, shared), *(replace(d, id=f"x{d.id}") for d in site(10 - share))]
    assert repeated_blocks(pages) == {}


OWN = "## Work\n\nWork of its own."


@pytest.mark.parametrize(
    "shared",
    [
        "You must be in good health to do this work.",
        "You need to finish school before you can start.",
        "The fee for the course is $900 in all regions.",
        "The training on the job takes two years.",
        "Applications for all courses close on 01/09/2026.",
        "You may not use the saws on your own.",
        "If you want to start you have to pass a test.",
    ],
)
def test_what_binds_the_reader_or_gives_a_figure_is_of_each_page(shared: str) -> None:
    assert repeated_blocks(site(6, f"{OWN}\n\n{shared}")) == {}


@pytest.mark.parametrize(
    "shared",
    [
        "We use cookies to make this site better for you.",
        "Find the future that you have dreamt of with us!",
        "Need help? Call our advisers on (202) 691-5700.",
        "If you need more information, ring 020 7946 0000.",
        "Get all the help you need at www.office.example/2024 or from help@office.example.",
        "© 2024 Careers Office. All rights reserved.",
    ],
)
def test_slogans_notices_and_where_to_turn_are_of_the_site(shared: str) -> None:
    assert len(repeated_blocks(site(6, shared, OWN))) == 5
    assert len(repeated_blocks(site(6, f"{OWN}\n\n{shared}"))) == 5
    under_title = [replace(d, title="Jobs") for d in site(6, f"# Jobs\n\n{shared}", OWN)]
    assert len(repeated_blocks(under_title)) == 5


def test_no_section_is_emptied_and_no_document() -> None:
    shared = "Most of the work is done at night.\n\nAnd all of it is done by hand."
    assert repeated_blocks(site(6, f"## Hours\n\n{shared}", OWN)) == {}
    pages = [document(f"{n}", shared, title=f"Page {n}") for n in range(6)]
    assert repeated_blocks(pages) == {}


def test_few_documents_have_no_phrases_of_a_site() -> None:
    assert repeated_blocks(site(4, "Visit our careers office for more information.")) == {}


def test_of_many_equal_passages_few_pairs_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0

    def pairs(*arguments: Any) -> list[tuple[int, int]]:
        nonlocal compared
        found = list(every_pair(*arguments))
        compared += len(found)
        return found

    every_pair = deduplication.pairs
    monkeypatch.setattr(deduplication, "pairs", pairs)
    own = "Page {0} says in words enough what is true of the work that page {0} describes."
    pages = [
        document(f"{n:03}", f"{PASSAGE}\n\n## More\n\n{own.format(n)}", f"Page {n}")
        for n in range(200)
    ]
    again = replace(pages[150], id="print")
    found = kept([*pages, again])
    assert len(found) == 2 * len(pages)
    assert "print" not in {identifier for identifier, _ in found}
    assert compared < 20 * len(pages)


SENTENCES = st.lists(
    st.sampled_from([PASSAGE, PASSAGE.replace("Ohio", "Utah"), "Visit the office for more help."]),
    min_size=1,
    max_size=4,
)


@given(st.lists(SENTENCES, min_size=1, max_size=7), st.randoms(use_true_random=False))
def test_the_result_depends_on_the_documents_not_on_their_order(
    texts: list[list[str]], order: object
) -> None:
    documents = [document(f"d{n}", "\n\n".join(parts)) for n, parts in enumerate(texts)]
    shuffled = list(documents)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    first = distinct_chunks(documents, PARAMETERS)[0]
    second = distinct_chunks(shuffled, PARAMETERS)[0]
    assert {chunk.id for chunk in first} == {chunk.id for chunk in second}
    wordings = {s for d in documents for c in chunk_document(d, PARAMETERS) for s in [c.text]}
    assert {sentence for text in texts for sentence in text} <= {
        sentence for chunk in first for sentence in chunk.text.split("\n\n")
    }
    assert wordings


def rows(folder: Path) -> dict[str, int]:
    index = Index(current_generation(folder))
    found = {chunk.id: n for n, chunk in enumerate(index.chunks(range(index.manifest.chunks)))}
    index.close()
    return found


def test_an_incremental_build_equals_a_full_one_when_the_first_of_two_copies_goes(
    corpus_folder: Path, index_folder: Path, tmp_path: Path
) -> None:
    for name in ("a.md", "b.md"):
        (corpus_folder / name).write_text(f"# Bakers\n\n{PASSAGE}")
    report = build(corpus_folder, index_folder)
    assert Note("b", "1 passages left out that a has as well") in report.notes
    (corpus_folder / "a.md").unlink()
    build(corpus_folder, index_folder)
    build(corpus_folder, tmp_path / "full")
    assert rows(index_folder) == rows(tmp_path / "full")
    assert any(identifier.startswith("b#") for identifier in rows(index_folder))


def test_an_unchanged_corpus_is_compared_without_reading_a_page_again(
    corpus_folder: Path, index_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = f"<html><body><nav>Menu here</nav><p>{PASSAGE}</p></body></html>"
    (corpus_folder / "page.html").write_text(page)
    build(corpus_folder, index_folder)
    monkeypatch.setattr("waymark.corpus.check", None)
    report = build(corpus_folder, index_folder)
    assert not report.published
    note = Note("page", "2 words of navigation and other surroundings left out")
    assert note in report.notes
