from collections.abc import Sequence

import numpy as np
import pytest

from fakes import WordEmbedder
from waymark import distress
from waymark.assembly import load_statement_embedder
from waymark.distress import Detector, in_distress, parts_of
from waymark.embedding import CachingEmbedder
from waymark.safeguards import safeguard
from waymark.settings import Settings
from waymark.types import Embedder


def hears(word: str) -> Detector:
    """A detector that gives 1 to a text of `word` alone, 0 to one without it."""
    weights = WordEmbedder().embed_query(word)[0]
    return Detector(WordEmbedder.model_id, weights, 0.0, 0.9)


def test_one_sentence_of_a_long_story_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distress, "fitted", lambda: hears("nurse"))
    story = "What pay does a plumber have? Nurse. How long is the training?"
    assert in_distress(story, WordEmbedder())
    assert not in_distress("What pay does a plumber have?", WordEmbedder())


def test_weights_for_another_embedding_model_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    other = WordEmbedder()
    other.model_id = "words@2"
    monkeypatch.setattr(distress, "fitted", lambda: hears("nurse"))
    assert in_distress("nurse", WordEmbedder())
    assert not in_distress("nurse", other)


@pytest.mark.parametrize(
    ("message", "parts"),
    [("One.", ["One."]), ("One. Two.", ["One. Two.", "One.", "Two."]), ("", [""])],
)
def test_a_message_is_read_whole_and_by_its_sentences(message: str, parts: Sequence[str]) -> None:
    assert parts_of(message) == parts


def test_what_ships_is_for_the_model_that_ships() -> None:
    detector = distress.fitted()
    assert detector.weights.dtype == np.float32
    assert np.isfinite(detector.weights).all()


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_statement_embedder(Settings())


@pytest.mark.model
@pytest.mark.parametrize(
    "message",
    ["i lie on the floor and cry for hours, nobody would notice if i was gone",
     "Since the shop closed I do not eat, I do not wash, I only wait for it to stop"],
)  # fmt: skip
def test_despair_in_words_of_no_pattern_is_heard(message: str, embedder: Embedder) -> None:
    assert safeguard(message) is None
    assert in_distress(message, embedder)


@pytest.mark.model
@pytest.mark.parametrize(
    "message",
    ["What does a nurse earn?", "this spreadsheet will be the death of me, which course helps",
     "How do crisis counsellors train?", "I was turned down again and I'm fed up. What next?"],
)  # fmt: skip
def test_ordinary_annoyance_and_hard_subjects_are_answered(
    message: str, embedder: Embedder
) -> None:
    assert embedder.model_id == distress.fitted().model
    assert not in_distress(message, embedder)


def test_what_people_write_is_not_kept_for_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distress, "fitted", lambda: hears("nurse"))
    inner = WordEmbedder()
    cached = CachingEmbedder(inner)
    in_distress("nurse", cached)
    in_distress("nurse", cached)
    assert inner.embedded == ["nurse", "nurse"]
