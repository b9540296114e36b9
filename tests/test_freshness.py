"""The clock moves, and documents become stale and then unused, everywhere at once."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from conftest import build
from fakes import ScriptedGenerator, answering_parts
from waymark.answering import Answerer
from waymark.service.app import create_app
from waymark.settings import Settings
from waymark.store.index import Index
from waymark.store.pointer import current_generation

QUESTION = {"question": "What training does a plumber need for a licence?"}
SSE = {"Accept": "text/event-stream"}
IN_REVIEW, STALE, EXPIRED = date(2026, 3, 1), date(2026, 3, 2), date(2026, 6, 1)

At = Callable[[date], TestClient]


@pytest.fixture
def at(corpus_folder: Path, index_folder: Path) -> Iterator[At]:
    """A client of the service on a given day; plumbers are due for review, then no longer valid."""
    page = corpus_folder / "plumber.md"
    dated = "review_by: 2026-03-01\nvalid_until: 2026-05-31"
    page.write_text(page.read_text().replace("review_by: 2999-01-01", dated))
    build(corpus_folder, index_folder)
    index = Index(current_generation(index_folder))
    day = [IN_REVIEW]
    answerer = Answerer(
        *answering_parts(index, ScriptedGenerator("I do not know.")), today=lambda: day[0]
    )
    app = create_app(Settings(), load=lambda _: (answerer, None))
    with TestClient(app, base_url="http://127.0.0.1") as client:

        def move(to: date) -> TestClient:
            day[0] = to
            return client

        while client.get("/health/ready").status_code != 200:
            pass
        yield move


def test_a_source_is_marked_from_the_day_after_its_review_date(at: At) -> None:
    for today, stale in ((IN_REVIEW, False), (STALE, True)):
        answer = at(today).post("/v1/ask", json=QUESTION).json()
        assert answer["citations"][0]["document_id"] == "plumber"
        assert answer["citations"][0]["stale"] is stale
        assert at(today).get("/v1/documents/plumber").json()["stale"] is stale
        found = at(today).post("/v1/search", json=QUESTION).json()["passages"][0]
        assert (found["document_id"], found["stale"]) == ("plumber", stale)


def test_a_stream_marks_passages_by_the_same_clock(at: At) -> None:
    for today, stale in ((IN_REVIEW, False), (STALE, True)):
        text = (
            at(today).post("/v1/ask", json=QUESTION, headers={"Accept": "text/event-stream"}).text
        )
        (frame,) = (f for f in text.split("\n\n") if f.startswith("event: passages"))
        passages = json.loads(frame.split("data: ", 1)[1])["passages"]
        assert passages[0]["stale"] is stale


def test_an_expired_document_answers_nothing_and_can_still_be_read(at: At) -> None:
    client = at(EXPIRED)
    answer = client.post("/v1/ask", json=QUESTION).json()
    assert "plumber" not in {citation["document_id"] for citation in answer["citations"]}
    found = client.post("/v1/search", json=QUESTION).json()["passages"]
    assert "plumber" not in {passage["document_id"] for passage in found}
    page = client.get("/v1/documents/plumber").json()
    assert (page["expired"], page["stale"]) == (True, True)
