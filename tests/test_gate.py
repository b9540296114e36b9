import errno
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from conftest import build, waymark
from fakes import WordEmbedder
from waymark.errors import CorpusError, GateFailed, GateInvalid, IndexMissing
from waymark.gate import GATE, GateQuestion, check_gate, describe, load_gate
from waymark.settings import PROJECT
from waymark.store.generations import KEPT_REJECTED
from waymark.store.index import Index
from waymark.store.pointer import current_generation, published
from waymark.store.publishing import open_current

TODAY = date(2026, 1, 1)
PLUMBER = {"question": "What training has a plumber?", "document": "plumber"}


def write_gate(corpus: Path, *lines: dict[str, Any]) -> None:
    (corpus / GATE).write_text("".join(json.dumps(line) + "\n" for line in lines))


def test_a_corpus_without_a_gate_has_no_golden_questions(corpus_folder: Path) -> None:
    assert load_gate(corpus_folder) == ()


def test_empty_lines_are_no_questions(corpus_folder: Path) -> None:
    (corpus_folder / GATE).write_text("\n" + json.dumps(PLUMBER | {"fact": "four"}) + "\n\n")
    assert load_gate(corpus_folder) == (
        GateQuestion(PLUMBER["question"], PLUMBER["document"], "four"),
    )


def test_a_golden_question_may_hold_a_line_separator(corpus_folder: Path) -> None:
    asked = "What training\u2028has a plumber?"
    line = json.dumps(PLUMBER | {"question": asked}, ensure_ascii=False)
    (corpus_folder / GATE).write_text(line + "\r\n", encoding="utf-8")
    assert load_gate(corpus_folder) == (GateQuestion(asked, PLUMBER["document"]),)


@pytest.mark.parametrize(
    "line",
    ["{", "[]", "3", '{"question": "a"}', '{"question": "a", "document": ""}',
     '{"question": "a", "document": "b", "fact": 3}', '{"q": "a", "document": "b"}'],
)  # fmt: skip
def test_a_wrong_line_is_named_with_an_example(corpus_folder: Path, line: str) -> None:
    (corpus_folder / GATE).write_text(json.dumps(PLUMBER) + "\n" + line + "\n")
    with pytest.raises(GateInvalid, match=rf"{GATE}:2: .*Write lines like"):
        load_gate(corpus_folder)


def test_a_document_or_a_fact_that_is_not_found_is_a_failure(index: Index) -> None:
    met = GateQuestion("plumber training", "plumber", "FOUR  years")
    lost = GateQuestion("plumber training", "unicorn")
    vague = GateQuestion("plumber training", "plumber", "five years")
    failures = check_gate([met, lost, vague], index, WordEmbedder(), TODAY, index)
    assert [failure.golden for failure in failures] == [lost, vague]
    assert failures[0].found == failures[0].found_before
    assert failures[0].found[0] == "plumber"
    report = describe(failures)
    assert "unicorn is not among the first 4 passages" in report
    assert "'five years' is not in the first 4 passages" in report
    assert "in use: unknown" in describe(
        check_gate([lost], index, WordEmbedder(), TODAY, before=None)
    )


def test_a_golden_question_is_searched_for_in_the_words_of_the_documents(
    corpus_folder: Path, index_folder: Path
) -> None:
    for n in range(5):  # as many as are found first by a question of unknown words
        (corpus_folder / f"baker-{n}.txt").write_text(f"Bread of a baker {n}.")
    write_gate(corpus_folder, {"question": "any traning of a plumer", "document": "plumber"})
    assert build(corpus_folder, index_folder).published


def test_a_gate_of_another_encoding_is_refused_and_a_byte_order_mark_is_not(
    corpus_folder: Path,
) -> None:
    path = corpus_folder / GATE
    path.write_bytes(json.dumps(PLUMBER).encode("utf-8-sig"))
    assert load_gate(corpus_folder)[0].document == "plumber"
    path.write_bytes(json.dumps(PLUMBER).encode("utf-16"))
    with pytest.raises(GateInvalid, match="not UTF-8"):
        load_gate(corpus_folder)


def test_a_gate_that_the_system_refuses_to_read_is_no_missing_gate(
    corpus_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refuse)
    with pytest.raises(CorpusError, match=rf"{GATE} cannot be read \(Permission denied\)"):
        load_gate(corpus_folder)


def test_a_wrong_line_shows_though_no_document_changed(
    corpus_folder: Path, index_folder: Path
) -> None:
    build(corpus_folder, index_folder)
    before = current_generation(index_folder)
    (corpus_folder / GATE).write_text("{")
    with pytest.raises(GateInvalid, match=f"{GATE}:1"):
        build(corpus_folder, index_folder)
    assert current_generation(index_folder) == before
    write_gate(corpus_folder, PLUMBER | {"fact": "unicorn"})
    assert not build(corpus_folder, index_folder).published


def test_an_index_of_another_model_is_not_asked_what_it_finds(
    corpus_folder: Path, index_folder: Path
) -> None:
    build(corpus_folder, index_folder)
    write_gate(corpus_folder, PLUMBER | {"fact": "unicorn"})
    other = WordEmbedder()
    other.model_id = "words@2"
    with pytest.raises(GateFailed, match="in use: unknown"):
        build(corpus_folder, index_folder, other)


def crowd_out_the_plumber(corpus: Path) -> None:
    (corpus / "plumber.md").write_text("# Plumbers\n\nThey mend pipes.")
    for n in range(5):
        (corpus / f"training-{n}.txt").write_text(f"Training of a plumber {n}.")


def test_an_index_that_fails_the_gate_is_kept_aside_and_the_old_one_stays(
    corpus_folder: Path, index_folder: Path
) -> None:
    write_gate(corpus_folder, PLUMBER)
    build(corpus_folder, index_folder)
    before = current_generation(index_folder)
    crowd_out_the_plumber(corpus_folder)
    for _ in range(2):
        with pytest.raises(GateFailed) as raised:
            build(corpus_folder, index_folder)
    message = str(raised.value)
    assert "1 of 1 golden questions are no longer met" in message
    assert "plumber is not among the first 4 passages" in message
    assert "now: training-0, training-1" in message
    assert "in use: plumber" in message
    assert "waymark index --skip-gate" in message
    assert current_generation(index_folder) == before
    assert published(index_folder) == [before]
    rejected = list(index_folder.glob("gen-*.rejected"))
    assert len(rejected) == KEPT_REJECTED
    assert (rejected[0] / "rejected.txt").read_text() == message
    Index(rejected[0]).close()


def test_a_first_index_that_fails_the_gate_is_no_index(
    corpus_folder: Path, index_folder: Path
) -> None:
    write_gate(corpus_folder, PLUMBER | {"fact": "unicorn"})
    for _ in range(2):
        with pytest.raises(GateFailed, match="in use: unknown"):
            build(corpus_folder, index_folder)
    with pytest.raises(IndexMissing):
        open_current(index_folder)
    assert len(list(index_folder.glob("gen-*"))) == KEPT_REJECTED


def test_a_mended_corpus_passes_again_and_the_rejected_index_is_never_used(
    corpus_folder: Path, index_folder: Path
) -> None:
    write_gate(corpus_folder, PLUMBER)
    build(corpus_folder, index_folder)
    crowd_out_the_plumber(corpus_folder)
    with pytest.raises(GateFailed):
        build(corpus_folder, index_folder)
    (current_generation(index_folder) / "vectors.faiss").write_bytes(b"x")
    write_gate(corpus_folder)
    assert build(corpus_folder, index_folder).published
    index, warning = open_current(index_folder)
    assert warning is None
    assert index.manifest.sequence == 3
    index.close()


@pytest.mark.usefixtures("small_world")
def test_the_command_fails_lists_the_rejected_index_and_can_be_told_to_publish(
    corpus_folder: Path,
) -> None:
    waymark("index")
    write_gate(corpus_folder, PLUMBER)
    crowd_out_the_plumber(corpus_folder)
    failed = waymark("index")
    assert failed.exit_code == 1
    assert "golden questions are no longer met" in failed.output
    assert "rejected" in waymark("index", "list").stdout
    assert "published" in waymark("index", "--skip-gate").stdout
    waymark("index", "prune")
    assert "rejected" not in waymark("index", "list").stdout


def test_the_shipped_gate_names_shipped_documents() -> None:
    # That they pass is tested by every build of them, as in test_end_to_end.
    shipped = load_gate(PROJECT / "corpus")
    assert len(shipped) >= 15
    for golden in shipped:
        assert (PROJECT / "corpus" / f"{golden.document}.md").is_file()
