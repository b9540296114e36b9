from collections.abc import Iterator
from pathlib import Path

import pytest

import sample_files as files
from waymark.errors import DocumentError
from waymark.formats.isolation import IsolatedConverter, Limits

PAGE = b"<html><body><p>Bakers start early.</p></body></html>"
WORD = files.docx(files.paragraph("Text."))

pytestmark = pytest.mark.slow


@pytest.fixture
def converter() -> Iterator[IsolatedConverter]:
    limits = Limits(seconds=30, memory_bytes=800_000_000, reply_bytes=20_000)
    with IsolatedConverter(limits) as opened:
        yield opened


@pytest.fixture
def broken_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that the child, not this process, imports in place of mammoth."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path / "mammoth.py"


def test_one_child_serves_several_files(converter: IsolatedConverter) -> None:
    assert converter.convert(".html", PAGE).text == "Bakers start early."
    first = converter._child
    assert converter.convert(".docx", WORD).text == "Text."
    assert converter._child is first


def test_pages_titles_and_notes_come_back_whole(converter: IsolatedConverter) -> None:
    parsed = converter.convert(".pdf", files.pdf([[(50, 700, 10, "One.")], []]))
    assert parsed.blocks[0].page == 1
    assert parsed.notes == ("1 of 2 pages hold no text (page 2)",)
    meta = converter.convert(".html", b"---\nreviewed: 2026-01-31\n---\n" + PAGE).meta
    assert meta["reviewed"] == "2026-01-31"


def test_a_reason_comes_back_and_the_child_goes_on(converter: IsolatedConverter) -> None:
    with pytest.raises(DocumentError, match="protected by a password"):
        converter.convert(".pdf", files.protected_pdf())
    assert converter.convert(".html", PAGE).text


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os\nos.abort()", r"crashed \(signal 6\)"),
        ("import os\nos._exit(3)", "crashed"),
        ("held = bytearray(900_000_000)", "needs more than 800 MB"),
        ("raise ZeroDivisionError('one\\nby zero')", "ZeroDivisionError"),
    ],
)
def test_a_parser_that_fails_costs_its_file_only(
    converter: IsolatedConverter, broken_library: Path, code: str, reason: str
) -> None:
    broken_library.write_text(code)
    with pytest.raises(DocumentError, match=reason) as caught:
        converter.convert(".docx", WORD)
    assert "\n" not in str(caught.value)
    broken_library.unlink()
    assert converter.convert(".html", PAGE).text == "Bakers start early."


@pytest.mark.parametrize(
    ("code", "limits"),
    [
        ("import time\ntime.sleep(60)", Limits(seconds=1)),
        ("while True: pass", Limits(processor_seconds=1, seconds=60)),
    ],
)
def test_a_parser_that_hangs_is_killed(broken_library: Path, code: str, limits: Limits) -> None:
    broken_library.write_text(code)
    with IsolatedConverter(limits) as converter:
        with pytest.raises(DocumentError, match="takes too long"):
            converter.convert(".docx", WORD)
        assert converter._child is None


def test_what_a_library_prints_is_not_taken_for_a_reply(
    converter: IsolatedConverter, broken_library: Path
) -> None:
    broken_library.write_text("print('x' * 100, flush=True)\nraise ValueError('here')")
    with pytest.raises(DocumentError, match="here"):
        converter.convert(".docx", WORD)


def test_a_child_can_write_no_file(converter: IsolatedConverter, broken_library: Path) -> None:
    target = broken_library.with_name("written")
    broken_library.write_text(f"open({str(target)!r}, 'w').write('x' * 10_000)")
    with pytest.raises(DocumentError):
        converter.convert(".docx", WORD)
    assert not target.exists() or not target.stat().st_size


def test_the_child_gets_no_secrets(
    converter: IsolatedConverter, broken_library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAYMARK_MODEL_KEY", "secret")
    broken_library.write_text("import os\nraise ValueError(sorted(os.environ))")
    with pytest.raises(DocumentError) as caught:
        converter.convert(".docx", WORD)
    assert "WAYMARK" not in str(caught.value)


def test_the_child_imports_nothing_from_the_folder_of_the_documents(
    converter: IsolatedConverter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("json", "struct", "waymark"):
        (tmp_path / f"{name}.py").write_text("import os\nos._exit(3)")
    assert converter.convert(".html", PAGE).text == "Bakers start early."


def test_more_text_than_the_limit_is_refused(converter: IsolatedConverter) -> None:
    page = b"<html><body>" + b"<p>word word</p>" * 2_000 + b"</body></html>"
    with pytest.raises(DocumentError, match=r"more than 0[.]02 MB of text"):
        converter.convert(".html", page)


def test_nothing_is_left_running() -> None:
    with IsolatedConverter() as converter:
        converter.convert(".html", PAGE)
        child = converter._child
        assert child is not None
    assert child.poll() is not None


def test_no_child_is_started_before_it_is_needed() -> None:
    with IsolatedConverter() as converter:
        assert converter._child is None
