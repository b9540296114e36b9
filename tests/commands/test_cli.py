import errno
import json
import socket
from datetime import date, timedelta
from pathlib import Path

import pytest

from conftest import waymark
from fakes import WordEmbedder
from waymark import assembly
from waymark.commands.cli import main
from waymark.generation import QuotationGenerator
from waymark.service.question_log import QuestionLog


@pytest.fixture(autouse=True)
def _small_models(small_world: None, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = assembly.ChosenGenerator(QuotationGenerator(), "Answers are quotations only.")
    monkeypatch.setattr(assembly, "load_generator", lambda _: chosen)
    monkeypatch.setattr(assembly.open_index, "__defaults__", (WordEmbedder.model_id,))


def test_index_says_what_changed_and_then_that_nothing_did() -> None:
    first = waymark("index")
    assert first.exit_code == 0
    assert "published gen-" in first.stdout
    assert "embedded 4 of 4 chunks" in first.stdout
    assert "3 documents added" in first.stdout
    assert "  + nurse" in first.stdout
    again = waymark("index")
    assert "unchanged: gen-" in again.stdout


def test_index_skips_a_broken_document_names_it_and_exits_with_3(corpus_folder: Path) -> None:
    (corpus_folder / "bad.md").write_text("---\n[\n---\n")
    result = waymark("index")
    assert result.exit_code == 3
    assert "skipped bad.md: front matter" in result.output
    assert waymark("ask", "What is the median pay of a nurse?").exit_code == 0


def test_index_as_json_is_the_whole_report() -> None:
    report = json.loads(waymark("index", "--json").stdout)
    assert report["published"] is True
    assert report["documents"] == 3


@pytest.mark.parametrize("command", [["ask", "pay"], ["search", "pay"], ["serve"]])
def test_without_an_index_the_message_names_the_command(command: list[str]) -> None:
    result = waymark(*command)
    assert result.exit_code == 1
    assert "Run: waymark index" in result.output


def test_an_empty_corpus_folder_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("WAYMARK_CORPUS", str(tmp_path / "empty"))
    result = waymark("index")
    assert result.exit_code == 1
    assert "No usable document" in result.output


def test_ask_prints_the_answer_its_sources_and_the_notice() -> None:
    waymark("index")
    result = waymark("ask", "What is the median pay of a nurse?")
    assert "$93,600" in result.stdout
    assert "[1] Nurses > Pay, reviewed 2026-01-15 (past its review date)" in result.stdout
    assert "quotations only" in result.stderr


def test_ask_as_json_is_the_api_answer() -> None:
    waymark("index")
    answer = json.loads(waymark("ask", "What is the median pay of a nurse?", "--json").stdout)
    assert answer["model"] == "quotation"
    assert answer["quotes"][0]["citation"]["document_id"] == "nurse"


def test_ask_refuses_an_empty_question() -> None:
    waymark("index")
    result = waymark("ask", " ")
    assert result.exit_code == 1
    assert "The question is empty" in result.output


def test_reports_tell_editors_what_is_missing_used_and_due(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAYMARK_RECORDS", str(tmp_path))
    waymark("index")
    missing = waymark("report", "gaps")
    assert missing.exit_code == 1
    assert "Set WAYMARK_RECORD_QUESTIONS=true" in missing.output
    records = QuestionLog(tmp_path)
    records.add_refused("pay of a blacksmith", date.today() - timedelta(200))
    records.add_refused("pension of a vet", date.today())
    records.add_answered(["nurse"], date.today())
    shown = waymark("report", "gaps").stdout
    assert "pension of a vet" in shown
    assert "blacksmith" not in shown
    assert json.loads(waymark("report", "gaps", "--json").stdout)[0]["asked"] == 1
    assert "1 answers  reviewed 2026-01-15" in waymark("report", "impact").stdout
    assert json.loads(waymark("report", "impact", "--json").stdout)[0]["document_id"] == "nurse"
    stale = waymark("report", "stale").stdout
    assert "past     2026-06-30  nurse" in stale
    assert "no date" in stale
    assert "plumber" not in stale
    assert json.loads(waymark("report", "stale", "--json").stdout)[0]["state"] == "past"


def test_the_report_of_gaps_counts_all_groups_and_lists_those_asked_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAYMARK_RECORDS", str(tmp_path))
    records = QuestionLog(tmp_path)
    for question in ("pay", "hours", "pension", "pension"):
        records.add_refused(question, date.today())
    shown = waymark("report", "gaps", "--top", "1").stdout
    assert "4 questions not covered, in 3 groups" in shown
    assert "pension" in shown
    assert "hours" not in shown
    assert len(json.loads(waymark("report", "gaps", "--top", "1", "--json").stdout)) == 1


def test_search_lists_passages() -> None:
    waymark("index")
    found = json.loads(waymark("search", "plumber training", "--top-k", "1", "--json").stdout)
    assert [passage["document_id"] for passage in found] == ["plumber"]
    assert "Plumbers > Getting in" in waymark("search", "plumber training").stdout


def test_serve_on_a_taken_port_names_another() -> None:
    waymark("index")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = waymark("serve", "--port", str(port))
    assert result.exit_code == 1
    assert f"WAYMARK_PORT={port + 1} make run" in result.output


def test_the_last_port_when_it_is_taken_has_no_port_after_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def taken(*_: object, **__: object) -> socket.socket:
        raise OSError(errno.EADDRINUSE, "Address already in use")

    waymark("index")
    monkeypatch.setattr(socket, "create_server", taken)
    assert "WAYMARK_PORT=65534 make run" in waymark("serve", "--port", "65535").output


@pytest.mark.parametrize("host", ["::1", "192.0.2.1"])
def test_serve_on_an_address_that_is_not_to_be_had_says_what_to_check(host: str) -> None:
    waymark("index")
    result = waymark("serve", "--host", host)
    assert result.exit_code == 1
    assert "Check WAYMARK_HOST" in result.output
    assert "another port" not in result.output


def test_serve_without_the_folder_of_the_page_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waymark("index")
    monkeypatch.setenv("WAYMARK_WEB", str(tmp_path / "none"))
    result = waymark("serve")
    assert result.exit_code == 1
    assert f"Error: {tmp_path / 'none'}: there is no such folder (WAYMARK_WEB)" in result.output


def test_an_index_of_another_embedding_model_is_refused_with_the_fix(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waymark("index")
    monkeypatch.setattr(assembly.open_index, "__defaults__", ("another@1",))
    result = waymark("search", "pay")
    assert result.exit_code == 1
    assert "built with words@1, but another@1 is configured. Run: waymark index" in result.output


def test_every_command_has_help() -> None:
    for name, command in main.commands.items():
        assert command.help, name
        assert waymark(name, "--help").exit_code == 0
