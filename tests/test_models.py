import json
from pathlib import Path

import pytest

from waymark import models
from waymark.assembly import load_generator
from waymark.errors import ModelAltered, ModelMissing
from waymark.files import sha256_file
from waymark.generation import LlamaGenerator
from waymark.models import Weights, prepared_weights
from waymark.settings import Settings


def quotation(settings: Settings) -> str:
    chosen = load_generator(settings)
    assert chosen.generator.model == "quotation"
    assert chosen.notice is not None
    return chosen.notice


def test_a_missing_file_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="Run: bring it"):
        Weights("The model", tmp_path / "none", "0", "bring it").verify()


def test_an_altered_file_shows_both_digests(tmp_path: Path) -> None:
    path = tmp_path / "weights"
    path.write_bytes(b"other")
    with pytest.raises(ModelAltered, match=r"SHA-256 [0-9a-f]{64}, expected 00"):
        Weights("The model", path, "00", "bring it").verify()


def test_an_unprepared_model_means_quotation_with_a_notice(tmp_path: Path) -> None:
    assert "Run: waymark models" in quotation(Settings(models=tmp_path))


def test_an_altered_model_means_quotation_with_a_notice(tmp_path: Path) -> None:
    folder = tmp_path / "prepared"
    folder.mkdir()
    (folder / models.PREPARED).write_bytes(b"GGUF but not ours")
    record = {"base": models.BASE_SHA256, "adapter": models.ADAPTER_SHA256, "sha256": "00"}
    (folder / models.PREPARED).with_suffix(".json").write_text(json.dumps(record))
    assert "expected 00" in quotation(Settings(models=tmp_path))


@pytest.mark.parametrize("record", ["", "[]", "{}", '{"base": 1, "adapter": 2, "sha256": "x"}'])
def test_a_record_of_another_version_is_not_trusted(tmp_path: Path, record: str) -> None:
    folder = tmp_path / "prepared"
    folder.mkdir()
    (folder / models.PREPARED).with_suffix(".json").write_text(record)
    with pytest.raises(ModelMissing, match="waymark models"):
        prepared_weights(tmp_path)


@pytest.mark.parametrize("content", [None, b"", b"<html>", b"GGUF\x03\x00\x00\x00" + b"\xff" * 64])
def test_an_unusable_model_of_ones_own_means_quotation(
    tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "own.gguf"
    if content is not None:
        path.write_bytes(content)
    assert "own.gguf" in quotation(Settings(model=path))


STORED = (
    "embedding_weights",
    "sentence_weights",
    "reranker_weights",
    "conversation_weights",
    "verifier_weights",
)


@pytest.mark.parametrize("altered", STORED)
def test_altered_weights_are_found_though_the_prepared_model_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, altered: str
) -> None:
    path = tmp_path / "weights"
    path.write_bytes(b"whole")
    whole = Weights("These weights", path, sha256_file(path), "")
    for find in (*STORED, "prepared_weights"):
        monkeypatch.setattr(models, find, lambda *_: whole)
    assert models.prepare(tmp_path, lambda *_: None) == whole
    monkeypatch.setattr(models, altered, lambda *_: Weights("These weights", path, "00", "mend"))
    with pytest.raises(ModelAltered, match="expected 00"):
        models.prepare(tmp_path, lambda *_: None)


@pytest.mark.model
def test_the_installed_weights_are_the_verified_ones() -> None:
    models.embedding_weights().verify()
    models.base_weights().verify()
    for find in (
        models.adapter_weights,
        models.sentence_weights,
    ):
        find(Settings().models).verify()
    for weights in models.cross_encoder_weights(Settings().models):
        weights.verify()


@pytest.mark.model
def test_preparing_again_changes_nothing() -> None:
    stages: list[str] = []
    folder = Settings().models
    first = models.prepare(folder, lambda stage, *_: stages.append(stage))
    stages.clear()
    assert models.prepare(folder, lambda stage, *_: stages.append(stage)) == first
    assert stages == []


@pytest.mark.model
def test_merging_gives_the_same_file_every_time(tmp_path: Path) -> None:
    layers = ("sentences", "reranker", "reranker-conversation", "verifier")
    for name in ("adapter.gguf", *(f"{stem}.safetensors" for stem in layers)):
        (tmp_path / name).symlink_to(Settings().models / name)
    made = models.prepare(tmp_path, lambda *_: None)
    assert made.sha256 == models.prepare(Settings().models, lambda *_: None).sha256
    assert not list(tmp_path.rglob("*.tmp"))
    # The library keeps a callback for its messages, which must outlive the quantising.
    assert LlamaGenerator(made.path).count_tokens("a nurse") > 0
