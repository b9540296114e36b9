from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import build
from fakes import WordEmbedder
from waymark.index import Index
from waymark.publishing import current_generation
from waymark.retrieval import fuse, retrieve

TODAY = date(2026, 3, 1)
RANKINGS = st.lists(st.lists(st.integers(0, 20), unique=True, max_size=8), max_size=4)


def test_fusion_is_the_sum_of_reciprocal_ranks() -> None:
    (best, high), (other, low) = fuse([[7, 8], [8]])
    assert (best, other) == (8, 7)
    assert high == pytest.approx(1 / 62 + 1 / 61)
    assert low == pytest.approx(1 / 61)


@given(RANKINGS)
def test_fusion_does_not_depend_on_the_order_of_rankings(rankings: list[list[int]]) -> None:
    assert fuse(rankings) == fuse(rankings[::-1])


@given(RANKINGS)
def test_fusion_ranks_every_row_once_best_first(rankings: list[list[int]]) -> None:
    fused = fuse(rankings)
    assert {row for row, _ in fused} == {row for ranking in rankings for row in ranking}
    assert [score for _, score in fused] == sorted((s for _, s in fused), reverse=True)


def test_passages_are_ranked_and_carry_the_review_dates(index: Index) -> None:
    found = retrieve("nurse pay", index, WordEmbedder(), TODAY, top_k=2)
    assert [passage.rank for passage in found.passages] == [1, 2]
    assert found.passages[0].chunk.document_id == "nurse"
    assert found.passages[0].reviewed is not None


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
