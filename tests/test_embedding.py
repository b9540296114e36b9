import threading

import numpy as np
import pytest

from fakes import WordEmbedder
from waymark.assembly import load_embedder
from waymark.embedding import CachingEmbedder, SentenceTransformerEmbedder
from waymark.errors import ModelMissing
from waymark.settings import Settings
from waymark.types import Embedder


def test_a_missing_folder_names_the_command() -> None:
    with pytest.raises(ModelMissing, match="make install"):
        SentenceTransformerEmbedder(Settings().models / "none", "x")


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder(Settings())


@pytest.mark.model
def test_rows_are_unit_vectors_in_the_order_of_the_texts(embedder: Embedder) -> None:
    rows = embedder.embed_passages(["a nurse", "a plumber"])
    assert rows.shape == (2, embedder.dimension) == (2, 384)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert rows[1] == pytest.approx(embedder.embed_queries(["a plumber"])[0], abs=1e-5)
    assert embedder.embed_passages([]).shape == (0, 384)


@pytest.mark.model
def test_meaning_decides_what_is_near(embedder: Embedder) -> None:
    nurse, salary, bread = embedder.embed_passages(
        ["What do nurses earn?", "the salary of hospital staff", "how to bake bread"]
    )
    assert nurse @ salary > nurse @ bread + 0.2


@pytest.mark.model
def test_many_threads_may_embed_at_once(embedder: Embedder) -> None:
    failures: list[Exception] = []

    def work() -> None:
        try:
            for _ in range(5):
                embedder.embed_queries(["a question of some length about careers"])
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_text_is_embedded_once_while_it_is_remembered() -> None:
    inner = WordEmbedder()
    cached = CachingEmbedder(inner, size=2)
    first = cached.embed_passages(["nurse", "pay", "nurse"])
    again = cached.embed_passages(["pay", "nurse", "pay"])
    assert inner.embedded == ["nurse", "pay"]
    assert np.array_equal(first[[1, 0, 1]], again)
    cached.embed_passages(["degree"])
    cached.embed_passages(["nurse"])
    assert inner.embedded == ["nurse", "pay", "degree"]
    cached.embed_passages(["pay"])
    assert inner.embedded == ["nurse", "pay", "degree", "pay"]
    assert cached.embed_passages([]).shape == (0, inner.dimension)
