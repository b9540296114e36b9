from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import build
from fakes import WordEmbedder
from waymark.retrieval import attainable, fuse, retrieve
from waymark.store.index import Index
from waymark.store.pointer import current_generation

TODAY = date(2026, 3, 1)
ROWS = st.dictionaries(st.integers(0, 20), st.floats(-1, 1, width=32), max_size=8)


def test_a_score_is_the_cosine_and_the_share_of_bm25_that_the_words_could_reach() -> None:
    assert fuse({7: 0.5, 8: 0.25}, {8: 3.0}, most=6.0) == [(8, 0.75), (7, 0.5)]


def test_without_words_to_look_for_the_cosine_decides() -> None:
    assert fuse({7: 0.5, 8: 0.75}, {}, most=0.0) == [(8, 0.75), (7, 0.5)]


@given(ROWS, st.dictionaries(st.integers(0, 20), st.floats(0, 10, width=32)))
def test_fusion_ranks_every_row_once_best_first_and_ties_by_row(
    cosines: dict[int, float], lexical: dict[int, float]
) -> None:
    fused = fuse(cosines, lexical, most=10.0)
    assert {row for row, _ in fused} == cosines.keys()
    assert fused == sorted(fused, key=lambda entry: (-entry[1], entry[0]))


@given(ROWS, st.floats(0, 10), st.floats(0, 1))
def test_more_hits_never_lower_a_row(cosines: dict[int, float], bm25: float, more: float) -> None:
    for row in cosines:
        before = [r for r, _ in fuse(cosines, {row: bm25}, most=11.0)]
        after = [r for r, _ in fuse(cosines, {row: bm25 + more}, most=11.0)]
        assert after.index(row) <= before.index(row)


QUESTIONS = st.lists(
    st.sampled_from("nurse nurses plumber pay licence interview pen on-the-job astronaut".split()),
    min_size=1,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(terms=QUESTIONS)
def test_no_chunk_reaches_what_is_attainable(index: Index, terms: list[str]) -> None:
    assert all(score < attainable(terms, index) for _, score in index.search_text(terms, 20))


def test_a_word_that_no_chunk_holds_makes_the_other_words_count_less(index: Index) -> None:
    assert attainable(["licence", "astronaut"], index) > attainable(["licence"], index)
    assert attainable(["licence", "licence"], index) == attainable(["licence"], index)


def test_a_chunk_found_by_words_alone_keeps_its_cosine(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = retrieve("nurse pay", index, WordEmbedder(), TODAY, top_k=2)
    monkeypatch.setattr(Index, "search", lambda *_: [])
    by_words = retrieve("nurse pay", index, WordEmbedder(), TODAY, top_k=2)
    assert by_words.passages == both.passages
    assert by_words.similarity == 0.0


def test_a_question_of_stop_words_alone_is_ranked_by_meaning(index: Index) -> None:
    found = retrieve("what is it", index, WordEmbedder(), TODAY)
    assert found.passages[0].score == pytest.approx(found.similarity)


def test_passages_are_ranked_and_carry_the_review_dates(index: Index) -> None:
    found = retrieve("nurse pay", index, WordEmbedder(), TODAY, top_k=2)
    assert [passage.rank for passage in found.passages] == [1, 2]
    assert found.passages[0].chunk.document_id == "nurse"
    assert found.passages[0].reviewed == date(2026, 1, 15)
    assert found.passages[0].review_by == date(2026, 6, 30)


def test_a_retrieval_loads_no_whole_document(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("waymark.store.index.load_document")
    assert retrieve("nurse pay", index, WordEmbedder(), TODAY).passages


def test_a_job_title_from_the_aliases_reaches_its_page(index: Index) -> None:
    found = retrieve("ward sister", index, WordEmbedder(), TODAY, top_k=1)
    assert found.passages[0].chunk.document_id == "nurse"


def test_a_document_is_used_until_its_last_day_and_not_after(
    corpus_folder: Path, index_folder: Path
) -> None:
    page = corpus_folder / "plumber.md"
    page.write_text(page.read_text().replace("topic:", "valid_until: 2026-03-01\ntopic:"))
    build(corpus_folder, index_folder)
    index = Index(current_generation(index_folder))
    last_day = retrieve("plumber training school", index, WordEmbedder(), TODAY)
    after = retrieve("plumber training school", index, WordEmbedder(), TODAY + timedelta(days=1))
    index.close()
    assert last_day.passages[0].chunk.document_id == "plumber"
    assert last_day.similarity > after.similarity
    assert {passage.chunk.document_id for passage in after.passages} == {"nurse", "notes/interview"}
