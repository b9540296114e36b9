import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import build
from waymark.errors import IndexMismatch
from waymark.store.manifest import BLANK, MANIFEST, read_manifest, seal, unseal

values = (
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]))
)
fields = st.dictionaries(st.sampled_from("abcde"), values | st.lists(values))


@given(fields)
def test_what_was_sealed_comes_back(content: dict[str, object]) -> None:
    assert unseal(seal(content)) == content


@given(fields, st.data())
def test_another_byte_anywhere_breaks_the_seal(
    content: dict[str, object], data: st.DataObject
) -> None:
    sealed = bytearray(seal(content))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ValueError):  # noqa: PT011  (of JSON, of UTF-8 or ours)
        unseal(bytes(sealed))


@pytest.mark.parametrize("digest", ["", "0", BLANK, None, 3, "a" * 64])
def test_a_digest_that_is_none_is_refused(digest: object) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        unseal(json.dumps({"a": 1, "digest": digest}).encode())


def test_a_cut_or_longer_text_is_refused() -> None:
    sealed = seal({"a": "0" * 64})
    assert unseal(sealed) == {"a": "0" * 64}
    for changed in (sealed[:-1], sealed + b" ", b" " + sealed, b""):
        with pytest.raises(ValueError):  # noqa: PT011
            unseal(changed)


def test_a_manifest_of_a_later_version_is_not_called_damaged(
    corpus_folder: Path, index_folder: Path
) -> None:
    generation = index_folder / build(corpus_folder, index_folder).generation
    fields = unseal((generation / MANIFEST).read_bytes())
    (generation / MANIFEST).write_bytes(seal({**fields, "mood": "good", "package": "9.0"}))
    with pytest.raises(IndexMismatch, match=r"later version, 9\.0: .*mood.* run: waymark index"):
        read_manifest(generation)
