import json
from pathlib import Path

import pytest

from conftest import build, waymark
from fakes import WordEmbedder
from waymark import assembly, models
from waymark.commands import cli_index
from waymark.store.index import Index

pytestmark = pytest.mark.usefixtures("small_world")


def listed() -> list[tuple[str, str]]:
    return [(g["name"], g["state"]) for g in json.loads(waymark("index", "list", "--json").stdout)]


def test_a_dry_run_says_what_would_change_and_builds_nothing(
    corpus_folder: Path, index_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assembly, "load_embedder", lambda _: 1 / 0)
    (corpus_folder / "bad.md").write_text("---\ntitle: [\n---\nText.")
    result = waymark("index", "--dry-run")
    assert result.exit_code == 3
    assert "nothing was built; in use: no index yet" in result.stdout
    assert "would be embedded: 4 of 4 chunks" in result.stdout
    assert "  + nurse" in result.stdout
    assert "skipped bad.md" in result.stderr
    assert not index_folder.exists()


def test_a_dry_run_compares_with_the_index_in_use(corpus_folder: Path) -> None:
    waymark("index")
    (corpus_folder / "new.txt").write_text("More pay.")
    (corpus_folder / "nurse.md").write_text("# Nurses\n\nChanged.")
    (corpus_folder / "plumber.md").unlink()
    report = json.loads(waymark("index", "--dry-run", "--json").stdout)
    assert (report["added"], report["changed"], report["removed"]) == (
        ["new"], ["nurse"], ["plumber"],
    )  # fmt: skip
    assert (report["published"], report["embedded"], report["chunks"]) == (False, 2, 3)
    assert [state for _, state in listed()] == ["current"]


def test_one_changed_document_embeds_its_changed_chunks_only(corpus_folder: Path) -> None:
    waymark("index")
    page = corpus_folder / "nurse.md"
    page.write_text(page.read_text().replace("a degree and a licence", "a licence"))
    assert "would be embedded: 1 of 4 chunks" in waymark("index", "--dry-run").stdout
    assert "embedded 1 of 4 chunks" in waymark("index").stdout
    assert "embedded" not in waymark("index").stdout


def test_a_spoilt_document_is_told_from_a_removed_one(corpus_folder: Path) -> None:
    waymark("index")
    (corpus_folder / "nurse.md").write_text("---\ntitle: Help: with jobs\n---\nText.\n")
    result = waymark("index")
    assert "0 removed, 1 no longer readable, 1 skipped" in result.stdout
    assert "  ? nurse\n" in result.stdout
    assert "skipped nurse.md: front matter, line 2: put the value in quotation" in result.stderr


def four_documents_of_which_two_go(corpus_folder: Path) -> None:
    (corpus_folder / "fourth.txt").write_text("A fourth page.")
    waymark("index")
    for name in ("nurse.md", "plumber.md"):
        (corpus_folder / name).unlink()


def test_many_removals_are_refused_until_they_are_allowed(corpus_folder: Path) -> None:
    four_documents_of_which_two_go(corpus_folder)
    before = listed()
    dry = waymark("index", "--dry-run")
    assert dry.exit_code == 1
    assert "This build would be refused: 2 of 4 documents" in dry.stderr
    refused = waymark("index")
    assert refused.exit_code == 1
    assert "2 of 4 documents would go (nurse, plumber), more than 30%" in refused.output
    assert "waymark index --allow-removal" in refused.output
    assert listed() == before
    assert waymark("index", "--allow-removal").exit_code == 0
    assert len(listed()) == 2


def test_moved_documents_are_not_removals(corpus_folder: Path) -> None:
    four_documents_of_which_two_go(corpus_folder)
    waymark("index", "--allow-removal")
    for name in ("fourth.txt", "notes/interview.txt"):
        (corpus_folder / name).rename(corpus_folder / f"moved-{Path(name).name}")
    assert waymark("index").exit_code == 0


def test_a_rollback_puts_the_older_generation_back_and_the_next_build_follows_the_corpus(
    corpus_folder: Path,
) -> None:
    waymark("index")
    first = listed()[0][0]
    (corpus_folder / "new.txt").write_text("More pay.")
    waymark("index")
    second = listed()[0][0]
    result = waymark("index", "rollback")
    assert f"in use: {first}" in result.stdout
    assert listed() == [(second, "withdrawn"), (first, "current")]
    assert waymark("index", "rollback").exit_code == 1
    assert waymark("index", "rollback", second).exit_code == 0
    waymark("index", "rollback", first)
    assert "published" in waymark("index").stdout
    assert [state for _, state in listed()] == ["current", "withdrawn", "kept"]


def test_verify_tells_whole_from_damaged(index_folder: Path) -> None:
    assert "Run: waymark index" in waymark("index", "verify").output
    waymark("index")
    name = listed()[0][0]
    assert f"whole: {name}, 3 documents" in waymark("index", "verify").stdout
    assert json.loads(waymark("index", "verify", name, "--json").stdout)["generation"] == name
    (index_folder / name / "vectors.faiss").write_bytes(b"x")
    result = waymark("index", "verify")
    assert result.exit_code == 1
    assert "vectors.faiss is missing or has another size" in result.output
    unknown = waymark("index", "verify", "gen-x")
    assert unknown.exit_code == 1
    assert "no generation 'gen-x'" in unknown.output


def test_prune_deletes_all_but_the_newest(corpus_folder: Path) -> None:
    for n in range(3):
        (corpus_folder / "n.txt").write_text(f"Edition {n}.")
        waymark("index")
    kept, middle, oldest = (name for name, _ in listed())
    assert waymark("index", "prune", "--keep", "2").stdout == f"deleted {oldest}\n"
    assert json.loads(waymark("index", "prune", "--json").stdout) == [middle]
    assert "nothing to delete" in waymark("index", "prune").stdout
    assert listed() == [(kept, "current")]


def test_prune_names_what_a_process_still_reads_and_fails(
    corpus_folder: Path, index_folder: Path
) -> None:
    for n in range(2):
        (corpus_folder / "n.txt").write_text(f"Edition {n}.")
        waymark("index")
    before = listed()[1][0]
    reader = Index(index_folder / before)
    result = waymark("index", "prune")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert f"a process reads it: {before}. Restart the service" in result.stderr
    reader.close()
    assert waymark("index", "prune").stdout == f"deleted {before}\n"


def test_a_generation_of_another_embedding_model_is_not_brought_back(
    corpus_folder: Path, index_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waymark("index")
    older = listed()[0][0]
    embedder = WordEmbedder()
    embedder.model_id = "words@2"
    build(corpus_folder, index_folder, embedder)
    monkeypatch.setattr(models, "EMBEDDING_ID", "words@2")
    for arguments in ((), (older,)):
        assert waymark("index", "rollback", *arguments).exit_code == 1
    assert "built with words@1, but words@2 is configured" in (
        waymark("index", "rollback", older).output
    )
    assert [state for _, state in listed()] == ["current", "kept"]


def test_list_without_an_index_and_with_a_damaged_one(index_folder: Path) -> None:
    assert "There is no index yet" in waymark("index", "list").stdout
    waymark("index")
    assert "current     20" in waymark("index", "list").stdout
    (index_folder / listed()[0][0] / "manifest.json").write_text("{}")
    assert "unreadable" in waymark("index", "list").stdout


def test_options_of_a_build_before_a_subcommand_are_refused() -> None:
    result = waymark("index", "--dry-run", "list")
    assert result.exit_code == 2
    assert "options go after list" in result.output


@pytest.mark.parametrize("option", ["--dry-run", "--allow-removal", "--skip-gate", "--json"])
def test_an_option_that_watching_would_ignore_is_refused(
    option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli_index, "_watch", lambda _: None)
    assert waymark("index", "--watch").exit_code == 0
    result = waymark("index", "--watch", option)
    assert result.exit_code == 2
    assert "--watch takes no other option" in result.output
