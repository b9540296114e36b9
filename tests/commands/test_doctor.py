import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from conftest import build
from fakes import ScriptedGenerator, WordEmbedder
from waymark import assembly
from waymark.assembly import ChosenGenerator
from waymark.commands import doctor
from waymark.commands.doctor import Finding, examine, recording_connections
from waymark.settings import Settings
from waymark.store.index import VECTORS

examine_language_model = doctor._language_model
examine_write_access = doctor._write_access
examine_connections = doctor._offline


@pytest.fixture(autouse=True)
def _only_these_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assembly.open_index, "__defaults__", (WordEmbedder.model_id,))
    for name in ("_embedding_model", "_layers", "_language_model", "_write_access", "_offline"):
        monkeypatch.setattr(doctor, name, lambda *_: "")


def finding(name: str, settings: Settings) -> Finding:
    return next(found for found in examine(settings) if found.name == name)


def test_a_damaged_current_generation_is_not_healthy_though_an_older_one_answers(
    corpus_folder: Path, index_folder: Path
) -> None:
    settings = Settings(index=index_folder)
    for n in range(2):
        (corpus_folder / "n.txt").write_text(f"Edition {n}.")
        newest = build(corpus_folder, index_folder).generation
    assert finding("index", settings).healthy
    (index_folder / newest / VECTORS).write_bytes(b"x")
    found = finding("index", settings)
    assert not found.healthy
    assert VECTORS in found.detail


@pytest.mark.parametrize("content", [None, b"<html>"])
def test_a_language_model_that_cannot_be_loaded_is_not_healthy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None
) -> None:
    monkeypatch.setattr(doctor, "_language_model", examine_language_model)
    path = tmp_path / "own.gguf"
    if content:
        path.write_bytes(content)
    found = finding("language model", Settings(index=tmp_path, model=path))
    assert not found.healthy
    assert "own.gguf cannot be loaded" in found.detail


def test_a_model_server_that_does_not_answer_is_not_healthy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(doctor, "_language_model", examine_language_model)
    settings = Settings(index=tmp_path, model_url="http://127.0.0.1:9/v1")
    found = finding("language model", settings)
    assert not found.healthy
    assert "Check WAYMARK_MODEL_URL" in found.detail


@pytest.mark.parametrize(
    ("chosen", "detail"),
    [
        ({"model_url": "http://u:key@models.example/v1"}, "at http://models.example/v1 answers"),
        ({"model": "/own.gguf"}, "/own.gguf answers"),
        ({}, "SHA-256 as recorded"),
    ],
)
def test_a_language_model_that_answers_is_healthy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, chosen: dict[str, str], detail: str
) -> None:
    monkeypatch.setattr(doctor, "_language_model", examine_language_model)
    generator = ScriptedGenerator("Yes.")
    monkeypatch.setattr(doctor, "load_generator", lambda _: ChosenGenerator(generator))
    found = finding("language model", Settings.model_validate({"index": tmp_path, **chosen}))
    assert found.healthy
    assert detail in found.detail
    assert generator.closed == 1


@pytest.mark.parametrize("chosen", [{"model_url": "http://u:key@models.example/v1"}, {}])
def test_a_language_model_that_writes_nothing_is_not_healthy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, chosen: dict[str, str]
) -> None:
    monkeypatch.setattr(doctor, "_language_model", examine_language_model)
    monkeypatch.setattr(
        doctor, "load_generator", lambda _: ChosenGenerator(ScriptedGenerator("", ""))
    )
    found = finding("language model", Settings.model_validate({"index": tmp_path, **chosen}))
    assert not found.healthy
    assert "writes nothing" in found.detail
    assert "key" not in found.detail


def test_the_password_of_a_model_server_is_not_printed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(doctor, "_offline", examine_connections)
    settings = Settings(index=tmp_path, model_url="http://u:key@models.example/v1")
    detail = finding("no outbound connection", settings).detail
    assert "sent to http://models.example/v1 by" in detail


def test_records_that_cannot_be_written_are_not_healthy_where_questions_are_recorded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(doctor, "_write_access", examine_write_access)
    monkeypatch.setattr(doctor, "MIN_FREE_MB", 0)
    in_the_way = tmp_path / "records"
    in_the_way.write_text("no folder")
    settings = Settings(index=tmp_path, records=in_the_way)
    assert finding("write access", settings).healthy
    found = finding("write access", settings.model_copy(update={"record_questions": True}))
    assert not found.healthy
    assert str(in_the_way) in found.detail


@pytest.mark.parametrize(
    ("reach", "host"),
    [
        (lambda _: socket.gethostbyname("192.0.2.1"), "192.0.2.1"),
        (lambda _: socket.gethostbyaddr("::"), "::"),
        (lambda closed: closed.sendto(b"", ("192.0.2.1", 9)), "192.0.2.1"),
        (lambda closed: closed.sendmsg([b""], [], 0, ("192.0.2.1", 9)), "192.0.2.1"),
    ],
)
def test_the_recorder_sees_lookups_and_messages_without_a_connection(
    reach: Callable[[socket.socket], object], host: str
) -> None:
    closed = socket.socket(type=socket.SOCK_DGRAM)
    closed.close()  # so that nothing is sent
    with recording_connections() as attempts, suppress(OSError):
        reach(closed)
    assert attempts == [host]


def test_the_recorder_ignores_this_machine(tmp_path: Path) -> None:
    with (
        recording_connections() as attempts,
        socket.socket(type=socket.SOCK_DGRAM) as datagrams,
        socket.socket(socket.AF_UNIX) as local,
    ):
        datagrams.sendto(b"", ("127.0.0.1", 9))
        with suppress(OSError):
            local.connect(str(tmp_path / "none"))
    assert attempts == []


def test_a_library_that_is_missing_is_a_finding_and_not_the_end(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(doctor, "LIBRARIES", ("no-such-library",))
    found = finding("versions", Settings(index=tmp_path))
    assert not found.healthy
    assert "no-such-library" in found.detail
