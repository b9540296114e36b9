import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, settings

from fakes import WordEmbedder
from waymark import assembly, models
from waymark.changes import BuildReport
from waymark.chunking import ChunkingParameters
from waymark.commands.cli import main
from waymark.indexing import build_index
from waymark.service.protection import Protection
from waymark.store.index import Index
from waymark.store.pointer import current_generation

# How long an example takes says more about the machine than about the code.
settings.register_profile("waymark", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("waymark")

PAGES = {
    "nurse.md": """---
title: Nurses
summary: What nurses do.
topic: health
reviewed: 2026-01-15
review_by: 2026-06-30
sources:
  - {publisher: Office, title: Yearbook, year: 2025}
aliases: [ward sister]
related: [plumber, missing]
questions: ["What is the median pay of a nurse?"]
---
## Pay

A nurse has a median pay of $93,600 a year in the United States in May 2024. Nights bring more pay.

## Getting in

A nurse needs a degree and a licence.
""",
    "plumber.md": """---
title: Plumbers
topic: trades
reviewed: 2026-01-15
review_by: 2999-01-01
---
## Getting in

A plumber learns in training for four years. 🔧 A plumber needs a licence in most states.

- Training on the job is common.
- School for a plumber is in the evening.
""",
    "notes/interview.txt": "An interview takes an hour.\n\nBring a pen to the interview.",
}


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("WAYMARK_") and name != "WAYMARK_CHROMIUM":
            monkeypatch.delenv(name)


@pytest.fixture
def corpus_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    for name, text in PAGES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def index_folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def build(corpus: Path, index: Path, embedder: WordEmbedder | None = None) -> BuildReport:
    embedder = embedder or WordEmbedder()
    return build_index(
        corpus, index, embedder.model_id, lambda: embedder, ChunkingParameters(), lambda *_: None
    )


@pytest.fixture
def two_pages(tmp_path: Path) -> Iterator[Index]:
    """Nurses and cooks, an occupation each."""
    pages = {"nurse": "A nurse has a median pay of $93,600.", "cook": "A cook has pay of $60,990."}
    for name, text in pages.items():
        head = f"---\ntitle: {name.title()}s\ntopic: occupation\nreviewed: 2026-01-15\n---\n"
        (tmp_path / "corpus").mkdir(exist_ok=True)
        (tmp_path / "corpus" / f"{name}.md").write_text(f"{head}## Pay\n\n{text}\n")
    build(tmp_path / "corpus", tmp_path / "index")
    index = Index(current_generation(tmp_path / "index"))
    yield index
    index.close()


@pytest.fixture
def small_world(corpus_folder: Path, index_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands as they are, with the small corpus and a hand-made embedding."""
    monkeypatch.setenv("WAYMARK_CORPUS", str(corpus_folder))
    monkeypatch.setenv("WAYMARK_INDEX", str(index_folder))
    monkeypatch.setattr(models, "EMBEDDING_ID", WordEmbedder.model_id)
    for load in ("load_embedder", "load_statement_embedder"):
        monkeypatch.setattr(assembly, load, lambda _: WordEmbedder())


def waymark(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def wait_until(condition: Callable[..., object]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "waited 10 seconds"
        time.sleep(0.02)


@contextmanager
def served(app: Protection) -> Iterator[str]:
    """The address of a real server with `app`, once it is ready; it ends whatever the test does."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        wait_until(lambda: server.started)
        base = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        wait_until(lambda: httpx.get(f"{base}/health/ready").status_code == 200)
        yield base
    finally:
        server.should_exit = True
        thread.join(20)


@pytest.fixture
def index(corpus_folder: Path, index_folder: Path) -> Iterator[Index]:
    build(corpus_folder, index_folder)
    opened = Index(current_generation(index_folder))
    yield opened
    opened.close()
