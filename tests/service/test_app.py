import json
import threading
import time
from collections.abc import Generator as Steps
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from fastapi.testclient import TestClient

from conftest import build, served, wait_until
from fakes import ScriptedGenerator, answering_parts
from waymark.answering import MAX_QUESTION, Answerer
from waymark.distress import Distress
from waymark.errors import IndexMissing, IndexUnreadable
from waymark.generation import QuotationGenerator
from waymark.service import event_stream, question_routes
from waymark.service.app import create_app
from waymark.service.question_log import QuestionLog
from waymark.service.serving import GenerationGone, Serving
from waymark.service.waiting_line import LineFull, WaitingLine
from waymark.settings import Settings
from waymark.store.index import Index
from waymark.types import Generator, Prompt, Retrieval

TRUE = "The median pay of a nurse is $93,600 a year in the United States in May 2024 [1]. "
QUESTION = "What is the median pay of a nurse?"
SSE = {"Accept": "text/event-stream"}


class SlowGenerator(ScriptedGenerator):
    """Writes a word every 20 ms until it is closed; counts how many run at once."""

    def __init__(self) -> None:
        super().__init__()
        self.running = 0
        self.most = 0

    def generate(self, prompt: Prompt, max_tokens: int) -> Steps[str, None, None]:
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            for _ in range(50):
                time.sleep(0.02)
                yield "word "
        finally:
            self.running -= 1
            self.closed += 1


class SilentGenerator(ScriptedGenerator):
    """Thinks, without a piece, until it is told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Event()
        self.go_on = threading.Event()

    def generate(self, prompt: Prompt, max_tokens: int) -> Steps[str, None, None]:
        self.asked.set()
        self.go_on.wait(10)
        yield TRUE


class MeetingGenerator(ScriptedGenerator):
    """Writes only once two answers are being written; counts how many run at once."""

    def __init__(self) -> None:
        super().__init__()
        self.two = threading.Barrier(2, timeout=5)
        self.running = 0
        self.most = 0

    def generate(self, prompt: Prompt, max_tokens: int) -> Steps[str, None, None]:
        self.running += 1
        self.two.wait()
        self.most = max(self.most, self.running)
        try:
            yield TRUE
        finally:
            self.running -= 1


def answerer(index: Index, generator: Generator | None = None) -> Answerer:
    return Answerer(*answering_parts(index, generator or ScriptedGenerator(TRUE)), "Call us.")


def settings_of(index: Index, queue: int = 16) -> Settings:
    return Settings(index=index.folder.parent, queue=queue)


@pytest.fixture
def client(index: Index) -> Iterator[TestClient]:
    with ready_client(settings_of(index), answerer(index)) as client:
        yield client


@contextmanager
def ready_client(settings: Settings, loaded: Answerer, notice: str = "") -> Iterator[TestClient]:
    app = create_app(settings, load=lambda _: (loaded, notice or None))
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        wait_until(lambda: client.get("/health/ready").status_code == 200)
        yield client


def events(text: str) -> list[tuple[str, Any]]:
    frames = [f for f in text.split("\n\n") if f and not f.startswith(":")]
    lines = [dict(line.split(": ", 1) for line in frame.split("\n")) for frame in frames]
    return [(line["event"], json.loads(line["data"])) for line in lines]


def test_an_answer_comes_with_evidence_that_resolves(client: TestClient) -> None:
    answer = client.post("/v1/ask", json={"question": QUESTION}).json()
    citation = answer["sentences"][0]["citations"][0]
    document = client.get(f"/v1/documents/{citation['document_id']}").json()
    assert document["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert citation["stale"] is True
    assert citation["reviewed"] == "2026-01-15"


def test_the_stream_has_the_promised_events_and_ends_with_the_same_answer(
    client: TestClient,
) -> None:
    response = client.post("/v1/ask", json={"question": QUESTION}, headers=SSE)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.headers["x-accel-buffering"] == "no"
    found = events(response.text)
    names = [name for name, _ in found]
    assert names == ["status", "passages", "quotes", "status", "sentence", "done"]
    plain = client.post("/v1/ask", json={"question": QUESTION}).json()
    streamed = found[-1][1]
    assert {**streamed, "timings_ms": {}} == {**plain, "timings_ms": {}}
    (sentence,) = plain["sentences"]
    assert dict(found)["sentence"] == sentence
    assert sentence["verbatim"] is False


def test_an_uncovered_question_abstains_with_the_contact(client: TestClient) -> None:
    answer = client.post("/v1/ask", json={"question": "How do astronauts reach Mars?"}).json()
    assert answer["abstained"] is True
    assert answer["citations"] == []
    assert "Call us." in answer["text"]


def test_history_makes_a_follow_up_understood(client: TestClient) -> None:
    body = {
        "question": "and is there a licence?",
        "history": [
            {"role": "user", "content": "How does a plumber start?"},
            {"role": "assistant", "content": "In training."},
        ],
    }
    answer = client.post("/v1/ask", json=body).json()
    assert answer["standalone_question"] == "plumber: is there a licence?"


def test_two_hundred_turns_of_history_are_accepted(client: TestClient) -> None:
    history = [{"role": "user", "content": "Tell me about nurse pay " * 20}] * 200
    response = client.post("/v1/ask", json={"question": QUESTION, "history": history})
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "question is missing. Add it."),
        ({"question": 7}, "question must be text."),
        ({"question": None}, "question must be text."),
        ({"question": QUESTION, "topk": 3}, "topk is no field here. Check its spelling."),
        ({"question": QUESTION, "top_k": 0}, "top_k must be 1 or more."),
        ({"question": QUESTION, "top_k": 21}, "top_k must be 20 or less."),
        ({"question": QUESTION, "top_k": "4"}, "top_k must be a whole number."),
        ({"question": QUESTION, "top_k": True}, "top_k must be a whole number."),
        ({"question": QUESTION, "history": "none"}, "history must be a list."),
        ({"question": QUESTION, "history": [["user", "x"]]}, "history.0 must be a JSON object."),
        (
            {"question": QUESTION, "history": [{"role": "system", "content": "x"}]},
            "history.0.role must be 'user' or 'assistant'.",
        ),
        (
            {"question": QUESTION, "history": [{"role": "user", "content": "x" * 20_001}]},
            "history.0.content has more than 20,000 characters. Shorten it.",
        ),
        (
            {"question": QUESTION, "history": [{"role": "user", "content": "x"}] * 501},
            "history has more than 500 entries. Leave out the oldest.",
        ),
        ([], "The body must be a JSON object."),
    ],
)
def test_bad_input_gets_a_clear_error(client: TestClient, body: Any, says: str) -> None:
    response = client.post("/v1/ask", json=body)
    assert response.status_code == 422
    assert response.json()["error"] == {"code": "invalid", "message": says}


@pytest.mark.parametrize("route", ["/v1/ask", "/v1/search"])
@pytest.mark.parametrize(
    ("question", "says"), [("", "empty"), ("?!", "empty"), ("x" * 2_001, "2,001 characters; the")]
)
def test_a_question_that_cannot_be_asked_has_one_code_and_says_what_to_do(
    client: TestClient, route: str, question: str, says: str
) -> None:
    response = client.post(route, json={"question": question})
    assert response.status_code == 422
    assert response.json()["error"]["code"] == "question_invalid"
    assert says in response.json()["error"]["message"]


def test_the_description_says_how_long_a_question_may_be(client: TestClient) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    for name in ("AskRequest", "SearchRequest"):
        assert schemas[name]["properties"]["question"]["maxLength"] == MAX_QUESTION


def test_broken_json_is_named_as_such_with_its_place(client: TestClient) -> None:
    headers = {"Content-Type": "application/json"}
    response = client.post("/v1/ask", content=b'{"question": "a', headers=headers)
    message = response.json()["error"]["message"]
    assert message == "The body is not JSON from character 13 on. Send a JSON object."


@pytest.mark.parametrize(
    "content",
    [b'{"question": "a', b"\xff\xfe", b"", b"[" * 10_000, b'{"question": NaN}', b"null"],
)
def test_broken_json_is_refused_and_never_a_server_error(
    client: TestClient, content: bytes
) -> None:
    response = client.post("/v1/ask", content=content, headers={"Content-Type": "application/json"})
    assert 400 <= response.status_code < 500
    assert response.json()["error"]["message"]


def test_control_characters_are_dropped_from_a_question(client: TestClient) -> None:
    answer = client.post("/v1/ask", json={"question": "nurse\u0000 \u202epay"}).json()
    assert answer["question"] == "nurse pay"


def test_half_a_character_is_dropped_from_a_question(client: TestClient) -> None:
    body = b'{"question": "nurse \\ud800 pay"}'
    answer = client.post("/v1/ask", content=body, headers={"Content-Type": "application/json"})
    assert answer.json()["question"] == "nurse pay"


def test_a_huge_body_is_refused(client: TestClient) -> None:
    response = client.post("/v1/ask", json={"question": "x" * 600_000})
    assert response.status_code == 413
    assert response.json()["error"]["code"] == "too_large"


def test_a_huge_body_without_a_length_is_refused(client: TestClient) -> None:
    response = client.post(
        "/v1/ask",
        content=(b"x" * 100_000 for _ in range(10)),
        headers={"Content-Type": "application/json"},
    )
    assert response.status_code == 413


def test_a_body_of_another_type_is_refused(client: TestClient) -> None:
    response = client.post("/v1/ask", content=b"{}", headers={"Content-Type": "text/plain"})
    assert response.status_code == 415


def is_locked_down(headers: Mapping[str, str]) -> bool:
    return (
        "default-src 'none'" in headers["content-security-policy"]
        and headers["x-content-type-options"] == "nosniff"
    )


def test_requests_from_other_sites_are_refused(client: TestClient) -> None:
    foreign = client.post(
        "/v1/ask", json={"question": QUESTION}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert foreign.status_code == 403
    assert "Call from your server" in foreign.json()["error"]["message"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "[::1]", ""])
def test_a_foreign_host_name_is_refused_like_everything_else(client: TestClient, host: str) -> None:
    refused = client.get("/health/live", headers={"Host": host})
    assert refused.status_code == 400
    assert refused.json()["error"]["code"] == "foreign_host"
    assert is_locked_down(refused.headers)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:80"])
def test_the_machine_s_own_names_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/health/live", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("served_on", ["127.0.0.2", "Localhost", "::1"])
def test_a_service_for_this_machine_alone_refuses_foreign_names(
    index: Index, served_on: str
) -> None:
    settings = settings_of(index).model_copy(update={"host": served_on})
    with ready_client(settings, answerer(index)) as client:
        own = f"[{served_on}]:8000" if ":" in served_on else f"{served_on}:8000"
        assert client.get("/health/live", headers={"Host": own}).status_code == 200
        foreign = client.get("/health/live", headers={"Host": "evil.example"})
        assert foreign.status_code == 400


@pytest.mark.parametrize("path", ["/", "/v1/documents", "/v1/documents/none", "/web/style.css"])
def test_every_reply_has_the_security_headers(client: TestClient, path: str) -> None:
    assert is_locked_down(client.get(path).headers)


def test_a_failure_has_the_security_headers_too(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Index, "search_text", lambda *_: 1 / 0)
    failed = client.post("/v1/search", json={"question": QUESTION})
    assert failed.status_code == 500
    assert failed.json()["error"]["code"] == "internal"
    assert is_locked_down(failed.headers)


@pytest.mark.parametrize(
    "document_id",
    ["none", "../pyproject", "..%2f..%2fetc%2fpasswd", "%2e%2e/nurse", "nurse%00", "/etc/passwd"],
)
def test_an_unknown_document_is_not_found(client: TestClient, document_id: str) -> None:
    response = client.get(f"/v1/documents/{document_id}")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"


def test_a_document_can_be_read_in_the_generation_that_an_answer_cites(
    client: TestClient, corpus_folder: Path, index_folder: Path
) -> None:
    answer = client.post("/v1/ask", json={"question": QUESTION}).json()
    cited = answer["citations"][0]
    (corpus_folder / "nurse.md").write_text("A nurse earns $1.", encoding="utf-8")
    newer = build(corpus_folder, index_folder).generation
    wait_until(lambda: client.get("/health/ready").json()["generation"] == newer)
    before = {"generation": answer["generation"]}
    document = client.get("/v1/documents/nurse", params=before).json()
    assert document["text"][cited["start"] : cited["end"]] == cited["quote"]
    assert document["generation"] == answer["generation"]
    assert client.get("/v1/documents/nurse").json()["text"] == "A nurse earns $1."


def test_a_crowd_that_reads_old_generations_leaves_threads_for_others(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = threading.Event()

    def slowly(*_: object) -> None:
        opened.wait(30)
        raise GenerationGone("It is gone.")

    monkeypatch.setattr(Serving, "lease_generation", slowly)
    with real_server(index, ScriptedGenerator(TRUE)) as base, ThreadPoolExecutor(50) as crowd:
        address, old = f"{base}/v1/documents/nurse", {"generation": "gen-old"}
        wait_until(lambda: httpx.get(f"{base}/health/ready").status_code == 200)
        reads = [crowd.submit(httpx.get, address, params=old, timeout=60) for _ in range(50)]
        try:
            assert httpx.get(address, timeout=20).status_code == 200
            assert httpx.get(f"{base}/health/ready", timeout=20).status_code == 200
        finally:
            opened.set()
        assert {read.result().status_code for read in reads} == {404}


@pytest.mark.parametrize("name", ["gen-20260101T000000-0badcafe", "../x", "x" * 5000])
def test_a_generation_that_is_not_kept_is_said_to_be_gone(client: TestClient, name: str) -> None:
    response = client.get("/v1/documents/nurse", params={"generation": name})
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "generation_gone"
    assert "Leave out `generation`" in response.json()["error"]["message"]


def test_a_document_in_a_folder_is_found_by_its_id(client: TestClient) -> None:
    assert client.get("/v1/documents/notes/interview").json()["title"] == "interview"


def test_a_document_lists_only_related_documents_that_exist(client: TestClient) -> None:
    nurse = client.get("/v1/documents/nurse").json()
    assert nurse["related"] == [{"id": "plumber", "title": "Plumbers"}]
    assert nurse["stale"] is True
    headings = [block["anchor"] for block in nurse["blocks"] if block["kind"] == "heading"]
    assert headings == ["pay", "getting-in"]


def test_all_documents_are_listed(client: TestClient) -> None:
    found = client.get("/v1/documents").json()["documents"]
    assert [d["id"] for d in found] == ["notes/interview", "nurse", "plumber"]


def test_search_gives_passages_without_an_answer(client: TestClient) -> None:
    found = client.post("/v1/search", json={"question": "plumber training", "top_k": 1}).json()
    assert [p["document_id"] for p in found["passages"]] == ["plumber"]


@pytest.fixture
def room_for_two_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    """One is searched for and one waits; more are refused."""
    monkeypatch.setattr(question_routes, "SEARCHES", 1)
    monkeypatch.setattr(question_routes, "SEARCHES_WAITING", 1)


@pytest.mark.usefixtures("room_for_two_searches")
def test_a_crowd_of_searches_is_refused_and_the_rest_goes_on(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = threading.Event()

    def slow(*_: object) -> Retrieval:
        found.wait(10)
        return Retrieval(())

    monkeypatch.setattr(Answerer, "search", slow)
    with ready_client(settings_of(index), answerer(index)) as client, ThreadPoolExecutor(8) as pool:
        body = {"question": QUESTION}
        crowd = [pool.submit(client.post, "/v1/search", json=body) for _ in range(8)]
        wait_until(lambda: sum(search.done() for search in crowd) == 6)
        assert client.get("/health/live").status_code == 200
        found.set()
        replies = [search.result() for search in crowd]
    assert sorted(reply.status_code for reply in replies) == [200] * 2 + [503] * 6
    refused = next(reply for reply in replies if reply.status_code == 503)
    assert refused.json()["error"]["code"] == "busy"
    assert refused.headers["retry-after"]


@pytest.mark.usefixtures("room_for_two_searches")
def test_a_crowd_of_greetings_is_answered_though_nobody_has_time_to_listen(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    listened = threading.Event()

    def slow(asked: str, _: object) -> Distress:
        if asked == "hi":
            listened.wait(10)
        return "none"

    monkeypatch.setattr("waymark.answering.heard_in", slow)
    with ready_client(settings_of(index), answerer(index)) as client, ThreadPoolExecutor(8) as pool:
        body = {"question": "hi"}
        crowd = [pool.submit(client.post, "/v1/ask", json=body) for _ in range(8)]
        wait_until(lambda: sum(greeting.done() for greeting in crowd) == 6)
        distress = client.post("/v1/ask", json={"question": "I want to kill myself"})
        assert distress.json()["reason"] == "support: self-harm"
        listened.set()
        assert {g.result().json()["reason"] for g in crowd} == {"courtesy: greeting"}


def test_what_is_said_of_documents_is_told_without_reading_their_texts(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Index, "documents", lambda _: 1 / 0)
    for path in ("/v1/about", "/v1/documents", "/v1/documents/nurse"):
        assert client.get(path).status_code == 200


def test_about_names_the_mode_and_questions_to_begin_with(client: TestClient) -> None:
    about = client.get("/v1/about").json()
    assert about["mode"] == "generation"
    assert about["documents"] == 3
    assert set(about["examples"]) == {"What is the median pay of a nurse?", "Plumbers", "interview"}


@pytest.mark.parametrize("url", ["", "http://models.example/v1"])
def test_about_says_whether_questions_are_sent_to_a_model_server(index: Index, url: str) -> None:
    settings = Settings(index=index.folder.parent, model_url=url)
    with ready_client(settings, answerer(index)) as client:
        assert client.get("/v1/about").json()["sends_questions"] is bool(url)


def test_people_are_told_that_answers_are_quotations_and_operators_why(index: Index) -> None:
    settings = Settings(index=index.folder.parent, admin_key="canary-0123456789")
    why = "/opt/waymark/models has no model. Run: waymark models"
    with ready_client(settings, answerer(index, QuotationGenerator()), why) as client:
        about = client.get("/v1/about").json()
        assert about["mode"] == "quotation"
        assert about["notice"].startswith("Answers here are sentences copied from the guidance")
        ready = client.get("/health/ready").json()
        assert (ready["status"], ready["reason"]) == ("ready", why)
        operator = {"Authorization": "Bearer canary-0123456789"}
        assert client.get("/v1/index", headers=operator).json()["problem"] == why


def test_a_model_that_fails_is_told_to_people_and_operators_until_it_writes_again(
    index: Index,
) -> None:
    generator = ScriptedGenerator(None)
    with ready_client(settings_of(index), answerer(index, generator)) as client:
        assert client.get("/health/ready").json()["reason"] is None
        client.post("/v1/ask", json={"question": QUESTION})
        ready = client.get("/health/ready").json()
        reason = "Answers are quotations only at present. crashed"
        assert (ready["status"], ready["reason"]) == ("ready", reason)
        notice = client.get("/v1/about").json()["notice"]
        assert notice.startswith("Right now answers are sentences copied from the guidance")
        generator.pieces = (TRUE,)
        client.post("/v1/ask", json={"question": QUESTION})
        assert client.get("/health/ready").json()["reason"] is None
        assert client.get("/v1/about").json()["notice"] is None


def test_old_records_go_though_nothing_is_recorded_any_more(index: Index, tmp_path: Path) -> None:
    records = QuestionLog(tmp_path)
    records.add_refused("pension of a vet", date(2020, 1, 1))
    settings = Settings(index=index.folder.parent, records=tmp_path)
    with ready_client(settings, answerer(index)):
        wait_until(lambda: records.refused() == [])


def test_nothing_is_recorded_unless_the_service_is_told_to(
    client: TestClient, tmp_path: Path
) -> None:
    client.post("/v1/ask", json={"question": "How do astronauts reach Mars?"})
    assert client.get("/v1/about").json()["records_questions"] is False
    assert list(tmp_path.rglob("questions.sqlite")) == []


def test_told_to_it_keeps_what_is_not_covered_and_counts_what_is_cited(
    index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "waymark.answering.heard_in", lambda asked, _: "possible" if "tired" in asked else "none"
    )
    settings = Settings(index=index.folder.parent, records=tmp_path, record_questions=True)
    app = create_app(settings, load=lambda _: (answerer(index), None))
    history = [{"role": "user", "content": "I was fired from Acme."}]
    with TestClient(app, base_url="http://127.0.0.1") as told:
        wait_until(lambda: told.get("/health/ready").status_code == 200)
        assert told.get("/v1/about").json()["records_questions"] is True
        told.post("/v1/ask", json={"question": "How do astronauts reach Mars? Mail me@x.org"})
        told.post("/v1/ask", json={"question": "Do astronauts dream?", "history": history})
        told.post("/v1/ask", json={"question": "I want to kill myself"})
        told.post("/v1/ask", json={"question": "I'm so tired. How do astronauts reach Mars?"})
        told.post("/v1/ask", json={"question": QUESTION})
        told.post("/v1/ask", json={"question": QUESTION}, headers=SSE)
        records = QuestionLog(tmp_path)
        wait_until(lambda: records.cited() and records.cited()[0].answers == 2)
    kept = [entry.question for entry in records.refused()]
    assert kept == ["How do astronauts reach Mars? Mail [e-mail]", "Do astronauts dream?"]
    assert [entry.document_id for entry in records.cited()] == ["nurse"]
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("questions*"))
    for private in (b"kill", b"Acme", b"me@x.org", b"127.0.0.1"):
        assert private not in stored


def test_the_api_description_has_an_example(client: TestClient) -> None:
    described = json.dumps(client.get("/openapi.json").json())
    assert "entry-level machine-learning engineer" in described


def test_the_api_description_lists_what_each_route_gives(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert "HTTPValidationError" not in described["components"]["schemas"]
    given = {
        (method, path): operation["responses"]
        for path, operations in described["paths"].items()
        for method, operation in operations.items()
    }
    shapes = {
        reply["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
        for replies in given.values()
        for status, reply in replies.items()
        if status >= "400"
    }
    assert shapes == {"ErrorReply"}
    assert set(given["post", "/v1/ask"]["200"]["content"]) == {
        "application/json", "text/event-stream",
    }  # fmt: skip
    refusals = {
        ("get", "/v1/documents"): {"503"},
        ("get", "/v1/documents/{document_id}"): {"404", "422", "503"},
        ("get", "/v1/index"): {"401", "403"},
        ("post", "/v1/index/rebuild"): {
            "401",
            "403",
            "409",
            "413",
            "415",
            "422",
            "503",
        },
        ("post", "/v1/search"): {"403", "413", "415", "422", "503"},
    }
    for route, statuses in refusals.items():
        assert {status for status in given[route] if status >= "400"} == statuses | {"400", "500"}


@pytest.mark.parametrize("path", ["/", "/health/live", "/health/ready", "/web/style.css"])
def test_the_page_and_health_can_be_asked_for_without_a_body(client: TestClient, path: str) -> None:
    asked = client.head(path)
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers["content-length"] == client.get(path).headers["content-length"]


FULL = "Many people are asking right now"


def test_distress_and_unusable_questions_do_not_wait_in_line(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: WaitingLine) -> None:
        raise LineFull

    monkeypatch.setattr(WaitingLine, "join", full)
    settings = Settings(index=index.folder.parent, crisis_contacts="Call 000.")
    distress = {"question": "I want to kill myself"}
    with ready_client(settings, answerer(index)) as client:
        assert "Call 000." in client.post("/v1/ask", json=distress).json()["text"]
        streamed = client.post("/v1/ask", json=distress, headers=SSE)
        assert [name for name, _ in events(streamed.text)] == ["done"]
        assert "Call 000." in events(streamed.text)[0][1]["text"]
        for unusable in ({"question": ""}, {}):
            assert client.post("/v1/ask", json=unusable).status_code == 422
        refused = client.post("/v1/ask", json={"question": QUESTION})
        assert refused.status_code == 503
        assert FULL in refused.text


def test_despair_in_other_words_is_heard_while_the_line_is_full(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "I cannot see how this can go on"
    monkeypatch.setattr(
        "waymark.answering.heard_in", lambda asked, _: "clear" if asked == said else "none"
    )
    generator = SilentGenerator()
    settings = settings_of(index, queue=0)
    with (
        ready_client(settings, answerer(index, generator)) as client,
        ThreadPoolExecutor() as pool,
    ):
        first = pool.submit(client.post, "/v1/ask", json={"question": QUESTION})
        assert generator.asked.wait(10)
        heard = client.post("/v1/ask", json={"question": said})
        refused = client.post("/v1/ask", json={"question": QUESTION})
        generator.go_on.set()
        assert first.result().status_code == 200
    assert heard.json()["reason"].startswith("support: ")
    assert refused.status_code == 503
    assert FULL in refused.text


def test_a_signpost_names_help_where_despair_is_heard_as_well(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("waymark.answering.heard_in", lambda *_: "possible")
    settings = Settings(index=index.folder.parent, crisis_contacts="Call 000.")
    with ready_client(settings, answerer(index)) as client:
        answer = client.post("/v1/ask", json={"question": "Which visa do I need?"}).json()
    assert answer["reason"] == "signpost: immigration"
    assert answer["text"].count("Call 000.") == 1


def test_distress_that_a_pattern_names_waits_for_no_model(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def waits(*_: object) -> Distress:
        raise AssertionError

    monkeypatch.setattr("waymark.answering.heard_in", waits)
    answer = client.post("/v1/ask", json={"question": "I want to kill myself"}).json()
    assert answer["reason"] == "support: self-harm"


def test_distress_is_answered_although_the_index_cannot_be_loaded(index: Index) -> None:
    def load(_: Settings) -> tuple[Answerer, None]:
        raise PermissionError(13, "Permission denied", "/opt/waymark/index")

    app = create_app(settings_of(index), load=load)
    with TestClient(app, base_url="http://127.0.0.1") as failed:
        for asked, reason in [
            ("I want to kill myself", "support: self-harm"),
            ("Which visa do I need?", "signpost: immigration"),
        ]:
            answer = failed.post("/v1/ask", json={"question": asked}).json()
            assert answer["reason"] == reason
        wait_until(lambda: "Permission denied" in failed.get("/health/ready").text)
        for reply in (failed.post("/v1/ask", json={"question": QUESTION}), failed.get("/v1/about")):
            assert reply.status_code == 503
            assert reply.json()["error"]["message"] == "Waymark cannot answer right now."


def test_before_the_models_are_loaded_it_is_live_but_not_ready(index: Index) -> None:
    gate = threading.Event()

    def load(_: Settings) -> tuple[Answerer, None]:
        gate.wait(10)
        return answerer(index), None

    with TestClient(
        create_app(settings_of(index), load=load), base_url="http://127.0.0.1"
    ) as early:
        assert early.get("/health/live").status_code == 200
        response = early.post("/v1/ask", json={"question": QUESTION})
        assert response.status_code == 503
        assert response.headers["retry-after"]
        assert "still loading" in response.json()["error"]["message"]
        gate.set()
        wait_until(lambda: early.get("/health/ready").status_code == 200)


def test_a_failed_start_says_why(index: Index) -> None:
    def load(_: Settings) -> tuple[Answerer, None]:
        raise IndexMissing("There is no index. Run: waymark index")

    with TestClient(
        create_app(settings_of(index), load=load), base_url="http://127.0.0.1"
    ) as failed:
        wait_until(lambda: "Run: waymark index" in failed.get("/health/ready").text)


def test_a_crash_in_the_pipeline_ends_the_stream_with_an_error(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Index, "search_text", lambda *_: 1 / 0)
    found = events(client.post("/v1/ask", json={"question": QUESTION}, headers=SSE).text)
    assert found[-1][0] == "error"
    assert "try again" in found[-1][1]["message"]
    plain = client.post("/v1/ask", json={"question": QUESTION})
    assert plain.status_code == 500
    assert "ZeroDivision" not in plain.text


def test_a_stream_that_fails_does_not_show_the_operator_s_internals(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*_: object) -> None:
        raise IndexUnreadable("/opt/waymark/index cannot be read. Run: waymark doctor")

    monkeypatch.setattr(Index, "search_text", unreadable)
    text = client.post("/v1/ask", json={"question": QUESTION}, headers=SSE).text
    assert events(text)[-1][0] == "error"
    assert "/opt" not in text


def test_a_stream_shows_signs_of_life_while_the_model_says_nothing(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (question_routes, event_stream):
        monkeypatch.setattr(module, "PING_SECONDS", 0.05)
    generator = SilentGenerator()

    def go_on_later() -> None:
        generator.asked.wait(30)
        time.sleep(0.5)
        generator.go_on.set()

    with ready_client(settings_of(index), answerer(index, generator)) as client:
        threading.Thread(target=go_on_later).start()
        text = client.post("/v1/ask", json={"question": QUESTION}, headers=SSE).text
    assert text.count(": ping\n\n") > 3
    names = [name for name, _ in events(text)]
    assert names == ["status", "passages", "quotes", "status", "sentence", "done"]


@pytest.fixture
def busy(index: Index) -> Iterator[tuple[str, SlowGenerator]]:
    """A real server whose model takes a second per answer, with room for two in line."""
    generator = SlowGenerator()
    with real_server(index, generator) as base:
        yield base, generator


def real_server(index: Index, generator: Generator) -> AbstractContextManager[str]:
    app = create_app(
        settings_of(index, queue=2),
        load=lambda _: (answerer(index, generator), None),
    )
    return served(app)


def _read_until(base: str, wanted: str) -> None:
    """Open a stream, read until `wanted` appears, and leave."""
    with httpx.stream(
        "POST", f"{base}/v1/ask", json={"question": QUESTION}, headers=SSE, timeout=30
    ) as response:
        for line in response.iter_lines():
            if wanted in line:
                return


def test_a_reader_who_leaves_frees_the_model_at_once(busy: tuple[str, SlowGenerator]) -> None:
    base, generator = busy
    for n in range(1, 4):
        _read_until(base, '"writing"')
        wait_until(lambda n=n: generator.closed == n)
        wait_until(lambda: httpx.get(f"{base}/health/ready").json()["in_line"] == 0)


def in_line(base: str) -> int:
    count: int = httpx.get(f"{base}/health/ready").json()["in_line"]
    return count


def test_whoever_leaves_the_line_frees_the_place_at_once(index: Index) -> None:
    generator = SilentGenerator()
    with real_server(index, generator) as base, ThreadPoolExecutor() as pool:
        first = pool.submit(httpx.post, f"{base}/v1/ask", json={"question": QUESTION}, timeout=30)
        assert generator.asked.wait(10)
        for headers in ({}, SSE):
            with pytest.raises(httpx.ReadTimeout):
                httpx.post(
                    f"{base}/v1/ask", json={"question": QUESTION}, headers=headers, timeout=0.5
                )
            left = time.monotonic()
            wait_until(lambda: in_line(base) == 1)
            assert time.monotonic() - left < event_stream.PING_SECONDS / 2
        generator.go_on.set()
        assert first.result().status_code == 200


def test_whoever_leaves_a_silent_model_frees_it_after_its_step(
    index: Index, caplog: pytest.LogCaptureFixture
) -> None:
    generator = SilentGenerator()
    with real_server(index, generator) as base:
        for headers in ({}, SSE):
            with pytest.raises(httpx.ReadTimeout):
                httpx.post(
                    f"{base}/v1/ask", json={"question": QUESTION}, headers=headers, timeout=0.5
                )
            assert in_line(base) == 1
            generator.go_on.set()
            wait_until(lambda: in_line(base) == 0)
            generator.go_on.clear()
    assert caplog.records == []


def test_a_model_server_writes_as_many_answers_at_once_as_it_may(index: Index) -> None:
    settings = Settings(
        index=index.folder.parent, model_url="http://models.example/v1", model_at_once=2
    )
    generator = MeetingGenerator()
    with (
        ready_client(settings, answerer(index, generator)) as client,
        ThreadPoolExecutor() as pool,
    ):
        body = {"question": QUESTION}
        asked = [pool.submit(client.post, "/v1/ask", json=body) for _ in range(4)]
        assert {reply.result().json()["reason"] for reply in asked} == {"answered"}
    assert generator.most == 2


def test_answers_leave_threads_for_documents_and_health(index: Index) -> None:
    def leave_one() -> None:
        anyio.to_thread.current_default_thread_limiter().total_tokens = 1

    generator = SilentGenerator()
    with (
        ready_client(settings_of(index), answerer(index, generator)) as client,
        ThreadPoolExecutor() as pool,
    ):
        assert client.portal
        client.portal.call(leave_one)
        first = pool.submit(client.post, "/v1/ask", json={"question": QUESTION})
        assert generator.asked.wait(10)
        health = pool.submit(client.get, "/health/ready")
        assert health.result(5).status_code == 200
        generator.go_on.set()
        assert first.result().status_code == 200


@pytest.mark.slow
def test_one_at_a_time_has_the_model_and_the_next_is_told_its_place(
    busy: tuple[str, SlowGenerator],
) -> None:
    base, generator = busy
    first = threading.Thread(target=_read_until, args=(base, "event: done"))
    first.start()
    wait_until(lambda: generator.running == 1)
    response = httpx.post(f"{base}/v1/ask", json={"question": QUESTION}, headers=SSE, timeout=30)
    first.join()
    assert ("status", {"state": "queued", "position": 1}) in events(response.text)
    assert events(response.text)[-1][0] == "done"
    assert generator.most == 1


@pytest.mark.slow
def test_a_full_line_is_refused_quickly_and_recovers(busy: tuple[str, SlowGenerator]) -> None:
    base, generator = busy
    readers = [threading.Thread(target=_read_until, args=(base, "event: done")) for _ in range(3)]
    for reader in readers:
        reader.start()
    wait_until(lambda: httpx.get(f"{base}/health/ready").json()["in_line"] == 3)
    refused = httpx.post(f"{base}/v1/ask", json={"question": QUESTION}, timeout=30)
    assert refused.status_code == 503
    assert refused.headers["retry-after"]
    assert refused.json()["error"]["code"] == "busy"
    for reader in readers:
        reader.join()
    assert httpx.post(f"{base}/v1/ask", json={"question": QUESTION}, timeout=30).status_code == 200
    assert generator.most == 1


def test_the_page_and_its_parts_are_served(client: TestClient) -> None:
    page = client.get("/").text
    for name in ("style.css", "chat.js", "favicon.svg"):
        assert f"/web/{name}" in page
        assert client.get(f"/web/{name}").status_code == 200
    assert client.get("/web/../pyproject.toml").status_code == 404


@pytest.mark.parametrize("path", ["/", "/web/chat.js"])
def test_a_browser_asks_for_every_part_of_the_page_anew(client: TestClient, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    assert first.headers["cache-control"] == again.headers["cache-control"] == "no-cache"


def test_no_page_file_asks_for_anything_elsewhere() -> None:
    a_link_to_help = "`https://${text}`"  # followed by people, not asked for by the page
    for path in Path(Settings().web).iterdir():
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        text = text.replace(a_link_to_help, "")
        assert "http://" not in text
        assert "https://" not in text
        assert "innerHTML" not in text
