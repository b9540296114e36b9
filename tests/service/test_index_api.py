"""The operator's routes, and builds in child processes, some of which go wrong."""

import errno
import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError
from test_serving import answerer, open_current

from conftest import build
from fakes import WordEmbedder
from waymark.service import watching
from waymark.service.app import create_app
from waymark.service.rebuilding import Rebuilder, RebuildFailed
from waymark.settings import Settings
from waymark.store.manifest import MANIFEST
from waymark.store.pointer import CURRENT, current_generation
from waymark.store.publishing import building

KEY = "canary-0123456789"
ALLOWED = {"Authorization": f"Bearer {KEY}"}
CHILD = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parents[1])!r})
from fakes import WordEmbedder
from waymark import assembly, models
from waymark.service import build_process
models.EMBEDDING_ID = WordEmbedder.model_id
assembly.load_embedder = lambda _: WordEmbedder()
print("what a library prints is not a line of ours")
sys.exit(build_process.main())
"""
STUCK = """
import json, time
print(json.dumps({"progress": ["embedding", 3, 9]}), flush=True)
time.sleep(60)
"""
KILLED = """
import json, os
print(json.dumps({"progress": ["reading", 1, 2]}), flush=True)
print('{"report": {"gener', end="", flush=True)
os.kill(os.getpid(), 9)
"""


def python(code: str) -> Sequence[str]:
    return (sys.executable, "-c", code)


@contextmanager
def service(
    corpus: Path, index: Path, code: str = CHILD, key: str = KEY, watch: bool = False
) -> Iterator[TestClient]:
    settings = Settings(corpus=corpus, index=index, admin_key=key, watch=watch)
    app = create_app(
        settings,
        load=lambda _: (answerer(open_current(index)), None),
        follow_seconds=0.02,
        rebuilder=Rebuilder(corpus, index, 1, python(code)),
    )
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def folders(corpus_folder: Path, index_folder: Path) -> tuple[Path, Path]:
    build(corpus_folder, index_folder)
    return corpus_folder, index_folder


def wait(client: TestClient, condition: Any) -> dict[str, Any]:
    deadline = time.monotonic() + 90
    while True:
        response = client.get("/v1/index", headers=ALLOWED)
        if response.status_code == 200 and condition(response.json()):
            found: dict[str, Any] = response.json()
            return found
        assert time.monotonic() < deadline, response.text
        time.sleep(0.02)


def in_use(reply: dict[str, Any]) -> bool:
    return reply["generation"] is not None


def rebuild(client: TestClient) -> Any:
    return client.post("/v1/index/rebuild", json={}, headers=ALLOWED)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": KEY}, 401),
        ({"Authorization": "Bearer "}, 401),
        ({"Authorization": "Bearer canary-0123456788"}, 401),
        ({"Authorization": f"Basic {KEY}"}, 401),
        ({"Authorization": "Bearer ü"}, 401),
        ({"Authorization": f"bearer {KEY}"}, 200),
    ],
)
def test_the_routes_need_the_admin_key_and_never_tell_it(
    folders: tuple[Path, Path],
    headers: dict[str, str],
    status: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.DEBUG), service(*folders) as client:
        wait(client, in_use)
        sent = {name.encode(): value.encode() for name, value in headers.items()}
        response = client.get("/v1/index", headers=sent)
        assert response.status_code == status
        started = client.post("/v1/index/rebuild", json={}, headers=sent).status_code
        assert started == (202 if status == 200 else status)
        assert KEY not in response.text
        if status == 200:
            wait(client, lambda reply: reply["last"])
    assert KEY not in caplog.text
    assert KEY not in repr(Settings(admin_key=KEY))


def test_the_description_says_which_routes_need_the_key(folders: tuple[Path, Path]) -> None:
    with service(*folders) as client:
        paths = client.get("/openapi.json").json()["paths"]
    locked = {path for path, found in paths.items() for route in found.values()
              if route.get("security") == [{"HTTPBearer": []}]}  # fmt: skip
    assert locked == {"/v1/index", "/v1/index/rebuild"}


def test_without_a_key_the_routes_say_that_they_are_not_set_up(folders: tuple[Path, Path]) -> None:
    with service(*folders, key="") as client:
        for response in (
            client.get("/v1/index", headers={"Authorization": "Bearer "}),
            client.post("/v1/index/rebuild", json={}),
        ):
            assert response.status_code == 403
            assert "WAYMARK_ADMIN_KEY" in response.json()["error"]["message"]


@pytest.mark.parametrize("key", ["short-canary", "canary canary canary", "canary-canary-ü-canary"])
def test_a_weak_or_unsendable_key_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(admin_key=key)
    assert "admin_key" in str(refused.value)
    assert key not in str(refused.value)


def test_the_index_in_use_is_described(folders: tuple[Path, Path]) -> None:
    with service(*folders) as client:
        reply = wait(client, in_use)
    name = current_generation(folders[1]).name
    assert reply["generation"] == name
    assert (reply["documents"], reply["sequence"]) == (3, 1)
    assert reply["embedding_model"] == WordEmbedder.model_id
    assert [(kept["generation"], kept["in_use"]) for kept in reply["kept"]] == [(name, True)]
    assert reply["build"]["running"] is False
    assert reply["last"] is None


@pytest.mark.slow
def test_before_the_first_generation_a_rebuild_can_be_asked_for_and_followed(
    corpus_folder: Path, index_folder: Path
) -> None:
    with service(corpus_folder, index_folder) as client:
        reply = wait(client, lambda reply: reply["problem"])
        assert reply["generation"] is None
        assert "Run: waymark index" in reply["problem"]
        rebuild(client)
        wait(client, lambda reply: reply["generation"] and not reply["problem"])
        assert client.get("/health/ready").status_code == 200


@pytest.mark.slow
def test_a_rebuild_in_a_child_process_is_served_when_it_is_done(
    folders: tuple[Path, Path],
) -> None:
    with service(*folders) as client:
        before = wait(client, in_use)["generation"]
        (folders[0] / "nurse.md").write_text("A nurse earns $1.", encoding="utf-8")
        (folders[0] / "plumber.md").unlink()
        (folders[0] / "bad.md").write_text("---\n[\n---\n", encoding="utf-8")
        (folders[0] / "notes" / "interview.txt").write_bytes(b"\0")
        for name in ("one", "two"):
            (folders[0] / f"{name}.txt").write_text(f"A baker rises early{' and bakes' * 12}.")
        response = rebuild(client)
        assert response.status_code == 202
        assert response.json()["running"] is True
        reply = wait(client, lambda reply: reply["last"] and reply["generation"] != before)
        last = reply["last"]
        assert (last["published"], last["generation"]) == (True, reply["generation"])
        kinds = ("added", "changed", "removed", "unreadable")
        found = [last[kind] for kind in kinds]
        assert found == [["one", "two"], ["nurse"], ["plumber"], ["notes/interview"]]
        assert [entry["path"] for entry in last["skipped"]] == ["bad.md", "notes/interview.txt"]
        note = "1 passages left out that one has as well"
        assert last["notes"] == [{"document_id": "two", "text": note}]
        assert last["error"] is None
        assert {kept["generation"] for kept in reply["kept"]} == {before, reply["generation"]}
        assert client.get("/v1/documents/nurse").json()["text"] == "A nurse earns $1."


def test_one_rebuild_at_a_time_shows_how_far_it_is_and_ends_with_the_service(
    folders: tuple[Path, Path],
) -> None:
    with service(*folders, code=STUCK) as client:
        wait(client, in_use)
        assert rebuild(client).status_code == 202
        state = wait(client, lambda reply: reply["build"]["stage"] == "embedding")["build"]
        assert (state["done"], state["total"], state["trigger"]) == (3, 9, "request")
        again = rebuild(client)
        assert again.status_code == 409
        assert "GET /v1/index" in again.json()["error"]["message"]
        began = time.monotonic()
    assert time.monotonic() - began < 10


def test_a_build_that_is_killed_leaves_the_service_answering(folders: tuple[Path, Path]) -> None:
    with service(*folders, code=KILLED) as client:
        wait(client, in_use)
        rebuild(client)
        last = wait(client, lambda reply: reply["last"])["last"]
        assert last["error"]["code"] == "build_crashed"
        assert "SIGKILL (often a sign of too little memory)" in last["error"]["message"]
        assert client.post("/v1/search", json={"question": "nurse pay"}).status_code == 200
        assert rebuild(client).status_code == 202


@pytest.mark.slow
def test_a_dry_run_tells_what_would_change_and_publishes_nothing(
    folders: tuple[Path, Path],
) -> None:
    with service(*folders) as client:
        before = wait(client, in_use)["generation"]
        (folders[0] / "nurse.md").write_text("A nurse earns $1.", encoding="utf-8")
        started = client.post("/v1/index/rebuild", json={"dry_run": True}, headers=ALLOWED).json()
        assert started["dry_run"] is True
        last = wait(client, lambda reply: reply["last"])["last"]
        assert (last["dry_run"], last["changed"], last["published"]) == (True, ["nurse"], False)
        assert last["embedded"] == 1
        assert current_generation(folders[1]).name == before


@pytest.mark.slow
def test_most_documents_go_only_when_that_is_asked_for(
    corpus_folder: Path, index_folder: Path
) -> None:
    for name in ("baker", "welder"):
        (corpus_folder / f"{name}.md").write_text(f"A {name} works.", encoding="utf-8")
    build(corpus_folder, index_folder)
    with service(corpus_folder, index_folder) as client:
        wait(client, in_use)
        for name in ("nurse", "plumber"):
            (corpus_folder / f"{name}.md").unlink()
        rebuild(client)
        refused = wait(client, lambda reply: reply["last"])["last"]
        assert refused["error"]["code"] == "removal_refused"
        client.post("/v1/index/rebuild", json={"allow_removal": True}, headers=ALLOWED)
        wait(client, lambda reply: reply["documents"] == 3)


@pytest.mark.slow
def test_golden_questions_hold_a_build_up_unless_it_is_told_to_go_on(
    folders: tuple[Path, Path],
) -> None:
    with service(*folders) as client:
        before = wait(client, in_use)["generation"]
        golden = {"question": "nurse pay", "document": "nurse", "fact": "a gold watch"}
        (folders[0] / "gate.jsonl").write_text(json.dumps(golden), encoding="utf-8")
        (folders[0] / "plumber.md").write_text("A plumber earns $1.", encoding="utf-8")
        rebuild(client)
        last = wait(client, lambda reply: reply["last"])["last"]
        assert last["error"]["code"] == "gate_failed"
        client.post("/v1/index/rebuild", json={"skip_gate": True}, headers=ALLOWED)
        wait(client, lambda reply: reply["generation"] != before)


@pytest.mark.slow
def test_a_build_elsewhere_is_named_as_the_reason(folders: tuple[Path, Path]) -> None:
    with service(*folders) as client:
        wait(client, in_use)
        with building(folders[1]):
            rebuild(client)
            last = wait(client, lambda reply: reply["last"])["last"]
        assert last["error"]["code"] == "index_busy"
        assert f"process {os.getpid()}" in last["error"]["message"]


@pytest.mark.parametrize("body", [{"dry": True}, [], {"corpus": "/etc"}, "x"])
def test_a_rebuild_takes_no_paths_or_unknown_choices(folders: tuple[Path, Path], body: Any) -> None:
    with service(*folders) as client:
        wait(client, in_use)
        refused = client.post("/v1/index/rebuild", json=body, headers=ALLOWED)
        assert refused.status_code == 422
        assert wait(client, lambda _: True)["last"] is None


def test_a_signal_without_a_name_ends_the_rebuild_too(folders: tuple[Path, Path]) -> None:
    real_time = "import os, signal; os.kill(os.getpid(), signal.SIGRTMIN + 1)"
    rebuilder = Rebuilder(*folders, 1, python(real_time))
    rebuilder.start("request")
    rebuilder.wait()
    assert rebuilder.running is None
    assert rebuilder.last is not None
    assert f"was ended by signal {signal.SIGRTMIN + 1}" in rebuilder.last.error


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_build_that_cannot_be_followed_is_not_taken_for_the_one_before(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuilder = Rebuilder(*folders, 1, python("print('{\"report\": {}}')"))
    assert rebuilder.run("request") == {}
    monkeypatch.setattr("waymark.service.rebuilding._parsed", lambda _: 1 / 0)
    with pytest.raises(RebuildFailed):
        rebuilder.run("request")
    assert rebuilder.running is None


def test_the_child_does_not_get_the_keys(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WAYMARK_ADMIN_KEY", KEY)
    monkeypatch.setenv("WAYMARK_MODEL_KEY", KEY)
    seen = tmp_path / "environment"
    code = f"import os; open({str(seen)!r}, 'w').write(str(dict(os.environ)))"
    rebuilder = Rebuilder(*folders, 1, python(code))
    rebuilder.start("request")
    rebuilder.wait()
    assert str(folders[1]) in seen.read_text()
    assert KEY not in seen.read_text()


@pytest.mark.slow
def test_a_build_imports_nothing_from_the_folder_that_the_service_runs_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "json.py").write_text("import os\nos._exit(3)")
    with pytest.raises(RebuildFailed, match=r"corpus folder .* does not exist"):
        Rebuilder(tmp_path / "none", tmp_path / "index", 1).run("request")


def test_a_build_that_cannot_be_started_is_told_with_the_reason_and_may_be_tried_again(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    with service(*folders, code=STUCK) as client:
        wait(client, in_use)
        with monkeypatch.context() as without_memory:
            without_memory.setattr(subprocess, "Popen", refuse)
            refused = rebuild(client)
        assert refused.status_code == 503
        assert "could not be started (Cannot allocate memory)" in refused.json()["error"]["message"]
        assert refused.json()["error"]["code"] in watching.PASSING
        assert rebuild(client).status_code == 202


def test_the_index_is_described_though_the_system_refuses_to_say_which_is_current(
    folders: tuple[Path, Path],
) -> None:
    with service(*folders) as client:
        name = wait(client, in_use)["generation"]
        (folders[1] / CURRENT).unlink()
        (folders[1] / CURRENT).mkdir()
        reply = wait(client, lambda reply: reply["problem"])
    assert "CURRENT cannot be read" in reply["problem"]
    assert [(kept["generation"], kept["in_use"]) for kept in reply["kept"]] == [(name, True)]


@pytest.mark.slow
def test_a_watching_service_says_that_a_build_was_killed_and_tries_again(
    corpus_folder: Path,
    index_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for name in ("RETRY_SECONDS", "LOOK_MS"):
        monkeypatch.setattr(watching, name, 0.05 if name == "RETRY_SECONDS" else 50)
    mark = tmp_path / "killed"
    once = f"from pathlib import Path\nmark = Path({str(mark)!r})\nif not mark.exists():\n"
    killed = "    mark.touch()\n    import os\n    os.kill(os.getpid(), 9)\n"
    with service(corpus_folder, index_folder, code=once + killed + CHILD, watch=True) as client:
        wait(client, in_use)
    failures = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert any("ended by SIGKILL" in record.getMessage() for record in failures)


def test_a_build_that_ends_with_the_service_is_no_failure(
    folders: tuple[Path, Path], caplog: pytest.LogCaptureFixture
) -> None:
    with service(*folders, code=STUCK, watch=True) as client:
        wait(client, lambda reply: reply["build"]["stage"] == "embedding" and in_use(reply))
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_a_generation_that_the_system_refuses_to_read_stops_no_route(
    folders: tuple[Path, Path],
) -> None:
    older = current_generation(folders[1]).name
    for n in range(2):  # the two that are open need not be read anew
        (folders[0] / "nurse.md").write_text(f"A nurse earns ${n}.", encoding="utf-8")
        newest = build(*folders).generation
    refused = folders[1] / older / MANIFEST
    refused.unlink()
    refused.mkdir()
    with service(*folders) as client:
        reply = wait(client, in_use)
        assert reply["generation"] == newest
        assert older not in {kept["generation"] for kept in reply["kept"]}
        document = client.get("/v1/documents/nurse", params={"generation": older})
        assert document.json()["error"]["code"] == "generation_gone"


@pytest.mark.slow
def test_a_watching_service_builds_at_the_start_and_after_a_save(
    corpus_folder: Path, index_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.INFO, "waymark"),
        service(corpus_folder, index_folder, watch=True) as client,
    ):
        first = wait(client, lambda reply: reply["last"] and reply["generation"])
        assert first["last"]["trigger"] == "watch"
        assert len(first["last"]["added"]) == 3
        (corpus_folder / "nurse.md").write_text("A nurse earns $1.", encoding="utf-8")
        wait(client, lambda reply: reply["generation"] != first["generation"])
        assert client.get("/v1/documents/nurse").json()["text"] == "A nurse earns $1."
    assert "0 added, 1 changed, 0 removed, 0 skipped" in caplog.text
