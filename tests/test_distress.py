from collections.abc import Sequence

import numpy as np
import pytest

from fakes import WordEmbedder
from waymark import distress
from waymark.assembly import load_statement_embedder
from waymark.distress import MOST, Detector, heard_in, parts_of
from waymark.embedding import CachingEmbedder
from waymark.safeguards import safeguard
from waymark.settings import Settings
from waymark.types import Embedder, Matrix


def hears(word: str) -> Detector:
    """A detector that gives 1 to a text of `word` alone, less to one of other words, too."""
    weights = WordEmbedder().embed_queries([word])[0]
    return Detector(WordEmbedder.model_id, weights, 0.0, 0.5, 0.9)


def test_one_sentence_of_a_long_story_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distress, "fitted_detector", lambda: hears("nurse"))
    story = "What pay does a plumber have? Nurse. How long is the training?"
    assert heard_in(story, WordEmbedder()) == "clear"
    assert heard_in("What pay does a plumber have?", WordEmbedder()) == "none"


def test_what_is_less_sure_is_possible(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distress, "fitted_detector", lambda: hears("nurse"))
    # two words of one sentence: a cosine of 0.71 to the word alone
    assert heard_in("nurse pay", WordEmbedder()) == "possible"


def test_weights_for_another_embedding_model_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    other = WordEmbedder()
    other.model_id = "words@2"
    monkeypatch.setattr(distress, "fitted_detector", lambda: hears("nurse"))
    assert heard_in("nurse", WordEmbedder()) == "clear"
    assert heard_in("nurse", other) == "none"


@pytest.mark.parametrize(
    ("message", "parts"),
    [("One.", ["One."]), ("One. Two.", ["One. Two.", "One.", "Two."]), ("", [""]),
     ("One, btw", ["One"]), ("btw", ["btw"])],
)  # fmt: skip
def test_a_message_is_read_whole_and_by_its_sentences(message: str, parts: Sequence[str]) -> None:
    assert parts_of(message) == parts


def test_short_sentences_of_a_long_message_are_read_with_their_neighbours() -> None:
    short = [f"So I waited {n}." for n in range(3 * MOST)]
    telling = "Since the shop closed I do not eat, I do not wash, I only wait for it to stop."
    whole, *sentences = parts_of(" ".join([*short, telling]))
    assert len(sentences) == MOST
    assert " ".join(sentences) == whole
    assert telling in sentences


def test_all_parts_of_a_message_are_embedded_in_one_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    class Counting(WordEmbedder):
        passes = 0

        def embed_passages(self, texts: Sequence[str]) -> Matrix:
            self.passes += 1
            return super().embed_passages(texts)

    embedder = Counting()
    monkeypatch.setattr(distress, "fitted_detector", lambda: hears("plumber"))
    heard_in("A nurse. A plumber. A school.", CachingEmbedder(embedder))
    assert embedder.passes == 1


def test_what_ships_is_for_the_model_that_ships() -> None:
    detector = distress.fitted_detector()
    assert detector.weights.dtype == np.float32
    assert np.isfinite(detector.weights).all()
    assert detector.possible < detector.clear


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
    assert heard_in(message, embedder) == "clear"


@pytest.mark.model
@pytest.mark.parametrize(
    "message",
    ["What does a nurse earn?", "this spreadsheet will be the death of me, which course helps",
     "How do crisis counsellors train?", "I was turned down again and I'm fed up. What next?",
     "im 45 btw", "i live with my parents btw"],
)  # fmt: skip
def test_ordinary_annoyance_and_hard_subjects_are_answered(
    message: str, embedder: Embedder
) -> None:
    assert embedder.model_id == distress.fitted_detector().model
    assert heard_in(message, embedder) == "none"


def test_what_people_write_is_not_kept_for_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distress, "fitted_detector", lambda: hears("nurse"))
    inner = WordEmbedder()
    cached = CachingEmbedder(inner)
    heard_in("nurse", cached)
    heard_in("nurse", cached)
    assert inner.embedded == ["nurse", "nurse"]
