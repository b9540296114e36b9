"""Exchanging the generation in use: leases, refreshing, and the real app under load."""

import json
import logging
import shutil
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from conftest import build, served
from fakes import ScriptedGenerator, WordEmbedder, answering_parts
from waymark.answering import Answerer
from waymark.assembly import open_index, reopen_index
from waymark.errors import IndexMissing
from waymark.service.app import create_app
from waymark.service.event_stream import PING_SECONDS
from waymark.service.serving import GenerationGone, NotReady, Serving
from waymark.settings import Settings
from waymark.store.index import CHUNKS, Index
from waymark.store.pointer import CURRENT, current_generation

QUESTION = "What is the median pay of a nurse?"
SWAPS = 50
ASKERS = 4


def answerer(index: Index) -> Answerer:
    generator = ScriptedGenerator("A nurse needs a degree and a licence [1]. ")
    return Answerer(*answering_parts(index, generator), "Call us.")


def open_current(folder: Path) -> Index:
    return open_index(Settings(index=folder), WordEmbedder.model_id)


def serve(folder: Path) -> Serving:
    serving = Serving(
        folder,
        lambda: (answerer(open_current(folder)), None),
        partial(reopen_index, Settings(index=folder)),
    )
    serving.refresh()
    return serving


def set_pay(corpus: Path, amount: int) -> None:
    """Change the document, and with it where everything behind the amount stands."""
    filler = "Pay is set by a board. " * (amount % 5)
    text = f"## Pay\n\n{filler}A nurse has a median pay of ${amount:,} a year.\n"
    (corpus / "nurse.md").write_text(text, encoding="utf-8")


def open_databases(index_folder: Path) -> list[str]:
    """The texts of generations in a folder that this process holds open."""
    links = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            links.append(str(descriptor.readlink()))
        except FileNotFoundError:
            continue
    return [link for link in links if CHUNKS in link and link.startswith(str(index_folder))]


@pytest.fixture
def serving(corpus_folder: Path, index_folder: Path) -> Iterator[Serving]:
    build(corpus_folder, index_folder)
    serving = serve(index_folder)
    yield serving
    serving.close()


def current_name(serving: Serving) -> str:
    with serving.lease() as lent:
        return lent.index.name


def test_a_new_generation_is_served_and_the_one_before_it_stays_open(
    serving: Serving, corpus_folder: Path, index_folder: Path
) -> None:
    first = current_name(serving)
    set_pay(corpus_folder, 50_001)
    second = build(corpus_folder, index_folder).generation
    serving.refresh()
    assert current_name(serving) == second
    shutil.rmtree(index_folder / first)
    with serving.lease_generation(first) as before:
        document = before.document("nurse")
        assert document is not None
        assert "$93,600" in document.text


def test_nothing_is_opened_while_current_is_as_it_was(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Serving, "_follow", lambda _: 1 / 0)
    serving.refresh()
    assert serving.problem is None


def test_a_request_keeps_the_generation_it_began_with_until_it_ends(
    serving: Serving, corpus_folder: Path, index_folder: Path
) -> None:
    with serving.lease() as lent:
        for amount in (50_001, 50_002, 50_003):
            set_pay(corpus_folder, amount)
            build(corpus_folder, index_folder)
            serving.refresh()
        assert current_name(serving) != lent.index.name
        assert "$93,600" in lent.search(QUESTION).passages[0].chunk.text
        assert len(open_databases(index_folder)) == 3
    assert len(open_databases(index_folder)) == 2


def test_closing_waits_for_the_last_lease_and_leaves_nothing_open(
    serving: Serving, index_folder: Path
) -> None:
    with serving.lease() as lent:
        serving.close()
        assert lent.index.documents()
    assert open_databases(index_folder) == []
    with pytest.raises(NotReady), serving.lease():
        pass


def test_a_kept_generation_is_read_from_disk_and_closed_when_a_newer_one_is_served(
    serving: Serving, corpus_folder: Path, index_folder: Path, tmp_path: Path
) -> None:
    first = current_name(serving)
    shutil.copytree(index_folder / first, tmp_path / first)
    for amount in (50_001, 50_002):
        set_pay(corpus_folder, amount)
        build(corpus_folder, index_folder)
        serving.refresh()
    shutil.rmtree(index_folder / first, ignore_errors=True)
    with pytest.raises(GenerationGone, match="no longer kept"), serving.lease_generation(first):
        pass
    shutil.copytree(tmp_path / first, index_folder / first, dirs_exist_ok=True)
    with serving.lease_generation(first) as kept:
        assert kept.document("nurse")
    set_pay(corpus_folder, 50_003)
    build(corpus_folder, index_folder)
    serving.refresh()
    assert len(open_databases(index_folder)) == 2


def test_a_kept_generation_is_opened_once_for_all_who_ask_for_it_until_another_is(
    serving: Serving, corpus_folder: Path, index_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [current_name(serving)]
    for amount in (50_001, 50_002):
        set_pay(corpus_folder, amount)
        names.append(build(corpus_folder, index_folder).generation)
    serving.close()
    serving = serve(index_folder)
    opened: list[str] = []

    def slow(folder: Path) -> Index:
        opened.append(folder.name)
        time.sleep(0.05)
        return Index(folder)

    def read(name: str) -> bool:
        with serving.lease_generation(name) as index:
            return index.name == name and index.document("nurse") is not None

    monkeypatch.setattr("waymark.service.serving.Index", slow)
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(read, [names[0]] * 8))
    assert opened == [names[0]]
    with serving.lease_generation(names[0]) as held:
        assert read(names[1])
        assert held.document("nurse")
        assert len(open_databases(index_folder)) == 3
    assert len(open_databases(index_folder)) == 2
    serving.close()
    assert open_databases(index_folder) == []


@pytest.mark.parametrize(
    "name", ["", "..", "../index", "gen-x", "gen-20260101T000000-00000000", "gen-a/../b", "a\0b"]
)
def test_a_generation_is_found_by_its_name_and_never_by_a_path(serving: Serving, name: str) -> None:
    with pytest.raises(GenerationGone), serving.lease_generation(name):
        pass


def damage(index_folder: Path) -> None:
    vectors = current_generation(index_folder) / "vectors.faiss"
    raw = bytearray(vectors.read_bytes())
    raw[-1] ^= 1
    vectors.write_bytes(raw)


def test_a05_a_damaged_generation_is_not_served_and_is_logged_once(
    serving: Serving,
    corpus_folder: Path,
    index_folder: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = current_name(serving)
    set_pay(corpus_folder, 50_001)
    build(corpus_folder, index_folder)
    damage(index_folder)
    monkeypatch.setattr("waymark.service.serving.RETRY_SECONDS", 0)
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            serving.refresh()
    assert current_name(serving) == first
    assert serving.problem is not None
    assert "has changed since it was built" in serving.problem
    assert len(caplog.records) == 1
    set_pay(corpus_folder, 50_002)
    third = build(corpus_folder, index_folder).generation
    serving.refresh()
    assert serving.problem is None
    assert current_name(serving) == third
    assert len(open_databases(index_folder)) == 2


def test_a12_a_generation_of_another_model_is_not_served(
    serving: Serving, corpus_folder: Path, index_folder: Path
) -> None:
    first = current_name(serving)
    other = WordEmbedder()
    other.model_id = "other@2"
    set_pay(corpus_folder, 50_001)
    build(corpus_folder, index_folder, other)
    serving.refresh()
    assert current_name(serving) == first
    assert "built with other@2, but words@1 is configured" in str(serving.problem)
    assert len(open_databases(index_folder)) == 1


def test_a_generation_that_cannot_answer_is_not_served(
    serving: Serving, corpus_folder: Path, index_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_pay(corpus_folder, 50_001)
    second = build(corpus_folder, index_folder).generation
    with monkeypatch.context() as broken:
        broken.setattr(Index, "search_text", lambda *_: 1 / 0)
        broken.setattr("waymark.service.serving.RETRY_SECONDS", 0)
        serving.refresh()
    assert "ZeroDivisionError" in str(serving.problem)
    assert len(open_databases(index_folder)) == 1
    serving.refresh()
    assert current_name(serving) == second


def test_a_generation_that_is_collected_while_it_is_opened_is_no_problem(
    serving: Serving, corpus_folder: Path, index_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_pay(corpus_folder, 50_001)
    build(corpus_folder, index_folder)

    def overtaken(self: Serving) -> None:
        set_pay(corpus_folder, 50_002)
        build(corpus_folder, index_folder)
        raise FileNotFoundError

    with monkeypatch.context() as slow:
        slow.setattr(Serving, "_follow", overtaken)
        serving.refresh()
    assert serving.problem is None
    serving.refresh()
    assert current_name(serving) == current_generation(index_folder).name


def test_a_service_that_starts_from_an_older_generation_says_why(
    corpus_folder: Path, index_folder: Path
) -> None:
    first = build(corpus_folder, index_folder).generation
    set_pay(corpus_folder, 50_001)
    build(corpus_folder, index_folder)
    damage(index_folder)
    serving = Serving(
        index_folder,
        lambda: (answerer(Index(index_folder / first)), None),
        partial(reopen_index, Settings(index=index_folder)),
    )
    serving.refresh()
    assert current_name(serving) == first
    assert "has changed since it was built" in str(serving.problem)
    serving.close()


def test_before_anything_is_published_it_says_so_and_then_starts(
    corpus_folder: Path, index_folder: Path
) -> None:
    serving = serve(index_folder)
    with pytest.raises(NotReady, match=r"^Waymark cannot answer right now\.$"), serving.lease():
        pass
    assert "Run: waymark index" in str(serving.problem)
    build(corpus_folder, index_folder)
    serving.refresh()
    assert current_name(serving)
    serving.close()


def test_an_index_folder_that_vanishes_leaves_the_service_answering(
    serving: Serving, index_folder: Path
) -> None:
    first = current_name(serving)
    (index_folder / CURRENT).unlink()
    serving.refresh()
    assert current_name(serving) == first
    with pytest.raises(IndexMissing):
        current_generation(index_folder)
    assert "There is no index" in str(serving.problem)


def test_a10_sixteen_threads_find_the_same_as_one_while_generations_change(
    serving: Serving, corpus_folder: Path, index_folder: Path
) -> None:
    questions = [QUESTION, "plumber training", "interview", "licence of a plumber"]

    def search(n: int) -> tuple[str, str, tuple[tuple[str, float], ...]]:
        with serving.lease() as lent:
            question = questions[n % len(questions)]
            passages = lent.search(question).passages
            found = tuple((passage.chunk.text, passage.score) for passage in passages)
            return lent.index.name, question, found

    expected: dict[tuple[str, str], Any] = {}
    with ThreadPoolExecutor(16) as pool:
        pending = []
        for amount in range(50_000, 50_008):
            set_pay(corpus_folder, amount)
            name = build(corpus_folder, index_folder).generation
            pending += [pool.submit(search, n) for n in range(48)]
            serving.refresh()
            with serving.lease_generation(name) as index:
                alone = answerer(index)
                for question in questions:
                    passages = alone.search(question).passages
                    found = tuple((passage.chunk.text, passage.score) for passage in passages)
                    expected[name, question] = found
    results = [future.result() for future in pending]
    known = [result for result in results if (result[0], result[1]) in expected]
    assert len(known) > len(results) / 2
    for name, question, found in known:
        assert found == expected[name, question]


@dataclass
class Load:
    """What the askers saw."""

    errors: list[str] = field(default_factory=list)
    cited: list[tuple[str, str, int, int, str]] = field(default_factory=list)
    slowest: float = 0.0

    def note(self, generation: str, parts: list[dict[str, Any]], text: str) -> None:
        for part in parts:
            span = (part["document_id"], part["start"], part["end"])
            self.cited.append((generation, *span, part[text]))


def search_once(client: httpx.Client, load: Load) -> None:
    reply = client.post("/v1/search", json={"question": QUESTION}).raise_for_status().json()
    load.note(reply["generation"], reply["passages"], "text")


def ask_once(client: httpx.Client, load: Load) -> None:
    reply = client.post("/v1/ask", json={"question": QUESTION}).raise_for_status().json()
    assert reply["citations"], reply
    load.note(reply["generation"], reply["citations"], "quote")
    cited = reply["citations"][0]
    shown = client.get(
        f"/v1/documents/{cited['document_id']}", params={"generation": reply["generation"]}
    )
    if shown.status_code == 200:
        text = shown.json()["text"][cited["start"] : cited["end"]]
        assert text == cited["quote"]
    else:
        assert shown.json()["error"]["code"] == "generation_gone"


def stream_once(client: httpx.Client, load: Load) -> None:
    headers = {"Accept": "text/event-stream"}
    reply = client.post("/v1/ask", json={"question": QUESTION}, headers=headers).text
    last = reply.strip().split("\n\n")[-1]
    assert last.startswith("event: done"), last
    answer = json.loads(last.split("data: ", 1)[1])
    load.note(answer["generation"], answer["citations"], "quote")


def keep_asking(base: str, once: Callable[[httpx.Client, Load], None], load: Load,
                stop: threading.Event) -> None:  # fmt: skip
    with httpx.Client(base_url=base, timeout=60) as client:
        while not stop.is_set():
            began = time.monotonic()
            try:
                once(client, load)
            except Exception as error:
                load.errors.append(repr(error))
            load.slowest = max(load.slowest, time.monotonic() - began)


@pytest.fixture
def address(corpus_folder: Path, index_folder: Path) -> Iterator[str]:
    build(corpus_folder, index_folder)
    app = create_app(
        Settings(index=index_folder),
        load=lambda settings: (answerer(open_current(settings.index)), None),
        follow_seconds=0.01,
    )
    with served(app) as base:
        yield base


def texts_of(folder: Path) -> dict[str, str]:
    index = open_current(folder)
    texts = {document.id: document.text for document in index.documents()}
    index.close()
    return texts


@pytest.mark.slow
def test_a05_fifty_swaps_under_load_fail_nothing_and_mix_nothing(
    address: str, corpus_folder: Path, index_folder: Path
) -> None:
    load, stop = Load(), threading.Event()
    work = [search_once, search_once, ask_once, stream_once]
    askers = [
        threading.Thread(target=keep_asking, args=(address, once, load, stop)) for once in work
    ]
    assert len(askers) == ASKERS
    texts = {current_generation(index_folder).name: texts_of(index_folder)}
    for asker in askers:
        asker.start()
    delays: list[float] = []
    with httpx.Client(base_url=address, timeout=60) as client:
        try:
            for swap in range(SWAPS):
                set_pay(corpus_folder, 50_000 + swap)
                name = build(corpus_folder, index_folder).generation
                texts[name] = texts_of(index_folder)
                published = time.monotonic()
                while client.get("/health/ready").json()["generation"] != name:
                    assert time.monotonic() - published < 60
                    time.sleep(0.005)
                delays.append(time.monotonic() - published)
        finally:
            stop.set()
            for asker in askers:
                asker.join()
    assert load.errors == []
    assert len({generation for generation, *_ in load.cited}) > SWAPS / 2
    for generation, document_id, start, end, text in load.cited:
        assert texts[generation][document_id][start:end] == text
    assert len(open_databases(index_folder)) <= 2
    assert statistics.median(delays) < 2
    assert load.slowest < PING_SECONDS  # what a lost wake-up would cost


def test_a12_the_service_says_that_it_is_degraded_and_why_and_goes_on(
    address: str, corpus_folder: Path, index_folder: Path
) -> None:
    other = WordEmbedder()
    other.model_id = "other@2"
    set_pay(corpus_folder, 50_001)
    build(corpus_folder, index_folder, other)
    deadline = time.monotonic() + 2
    while (ready := httpx.get(f"{address}/health/ready").json())["status"] == "ready":
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert ready["status"] == "degraded"
    assert "Run: waymark index" in ready["reason"]
    assert httpx.get(f"{address}/health/ready").status_code == 200
    reply = httpx.post(f"{address}/v1/ask", json={"question": QUESTION}).json()
    assert reply["generation"] == ready["generation"]
    assert "$93,600" in reply["text"]


def test_sentences_are_embedded_ahead_while_nobody_asks(
    corpus_folder: Path, index_folder: Path
) -> None:
    build(corpus_folder, index_folder)
    serving = serve(index_folder)
    with serving.lease() as lent:
        embedder = lent.embedder
    assert isinstance(embedder, WordEmbedder)
    before = len(embedder.embedded)

    def ahead() -> bool:
        return any("plumber" in text for text in embedder.embedded[before:])

    stop = threading.Event()
    follower = threading.Thread(target=serving.follow, args=(stop, 0.05, lambda: None))
    follower.start()
    deadline = time.monotonic() + 5
    while not ahead() and time.monotonic() < deadline:
        time.sleep(0.01)
    stop.set()
    follower.join()
    serving.close()
    assert embedder.embedded[before:] == list(dict.fromkeys(embedder.embedded[before:]))
    assert ahead()


class FailingAhead(Answerer):
    """Has no memory for sentences that nobody has asked for yet."""

    def embed_ahead(self) -> Iterator[bool]:
        yield True
        raise MemoryError


def announce_to_a_closed_pipe() -> None:
    raise BrokenPipeError


def test_whatever_fails_beside_it_new_generations_are_still_followed(
    corpus_folder: Path, index_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    build(corpus_folder, index_folder)
    index = open_current(index_folder)
    first = FailingAhead(*answering_parts(index, ScriptedGenerator()))
    serving = Serving(
        index_folder, lambda: (first, None), partial(reopen_index, Settings(index=index_folder))
    )
    stop = threading.Event()
    follower = threading.Thread(
        target=serving.follow, args=(stop, 0.02, announce_to_a_closed_pipe), daemon=True
    )
    follower.start()
    deadline = time.monotonic() + 10
    while len(caplog.records) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    set_pay(corpus_folder, 50_001)
    newer = build(corpus_folder, index_folder).generation
    while current_name(serving) != newer:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    stop.set()
    follower.join()
    serving.close()
    said = " ".join(record.getMessage() for record in caplog.records)
    assert "could not be announced" in said
    assert "no longer embedded ahead" in said


def test_nothing_is_embedded_ahead_while_somebody_is_answered(
    corpus_folder: Path, index_folder: Path
) -> None:
    build(corpus_folder, index_folder)
    serving = serve(index_folder)
    stop = threading.Event()
    with serving.lease() as lent:
        assert isinstance(lent.embedder, WordEmbedder)
        before = len(lent.embedder.embedded)
        follower = threading.Thread(target=serving.follow, args=(stop, 0.02, lambda: None))
        follower.start()
        try:
            time.sleep(0.2)
            assert len(lent.embedder.embedded) == before
        finally:
            stop.set()
            follower.join()
    serving.close()
