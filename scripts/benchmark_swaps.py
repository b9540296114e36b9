"""Swap generations under load in the real service, with the real models, and count what fails.

    python scripts/benchmark_swaps.py [--swaps 50] [--searchers 3] [--askers 1]

Serves a copy of the corpus with `waymark serve`; another process edits a document and publishes,
again and again, while people search and ask. Phases with and without swaps take turns, so that
both latencies come from the same run. Every cited text is compared with that of its generation.
"""

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from waymark.assembly import CHUNKING, load_embedder, open_index
from waymark.commands import cli
from waymark.indexing import build_index
from waymark.models import EMBEDDING_ID
from waymark.settings import Settings

QUESTIONS = (
    "What is the median pay of data scientists?",
    "How do I write a CV?",
    "Do I need a degree to become a machine-learning engineer?",
    "How fast will jobs for software developers grow?",
    "What should a portfolio show?",
    "How do I negotiate an offer?",
)
EDITED = ("profile-data-scientists", "writing-a-cv", "ml-degrees", "negotiating-pay-and-offers")
PHASES = 4  # without and with swaps, twice
QUIET_SECONDS = 40
READY_SECONDS = 120
GIVE_UP_SECONDS = 300  # what is slow shows in the latencies; this is for what hangs
PAUSE_SECONDS = 0.2  # between the questions of one person


@dataclass
class Seen:
    """What the people who asked got."""

    swapping: bool = False
    failures: list[str] = field(default_factory=list)
    search_ms: dict[bool, list[float]] = field(default_factory=lambda: {True: [], False: []})
    ask_ms: dict[bool, list[float]] = field(default_factory=lambda: {True: [], False: []})
    cited: list[tuple[str, str, int, int, str]] = field(default_factory=list)

    def note(self, generation: str, parts: list[dict[str, Any]], text: str) -> None:
        """Keep the spans that a reply cites."""
        for part in parts:
            span = (part["document_id"], part["start"], part["end"])
            self.cited.append((generation, *span, part[text]))


def main() -> int:
    """Run the benchmark; return 1 when anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--swaps", type=int, default=50)
    parser.add_argument("--searchers", type=int, default=3)
    parser.add_argument("--askers", type=int, default=1)
    parser.add_argument("--publish", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.serve:
        cli.main(["serve", "--port", chosen.serve])
    if chosen.publish:
        publish_on_request(chosen.publish)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        return benchmark(Path(folder), chosen.swaps, chosen.searchers, chosen.askers)


def publish_on_request(folder: Path) -> None:
    """For each line of standard input edit a document, publish, and say what it now reads."""
    settings = Settings(corpus=folder / "corpus", index=folder / "index")
    embedder = load_embedder(settings)
    for n, _ in enumerate(sys.stdin):
        if n:
            edit(settings.corpus / f"{EDITED[n % len(EDITED)]}.md", n)
        report = build_index(
            settings.corpus,
            settings.index,
            EMBEDDING_ID,
            lambda: embedder,
            CHUNKING,
            lambda *_: None,
        )
        published = time.time()
        index = open_index(settings)
        texts = {document.id: document.text for document in index.documents()}
        index.close()
        reply = {"generation": report.generation, "published": published, "texts": texts}
        print(json.dumps(reply), flush=True)


def edit(path: Path, n: int) -> None:
    """Put a paragraph before the others, of another length each time, so that all spans move."""
    head, front_matter, body = path.read_text(encoding="utf-8").split("---\n", 2)
    body = body.split("<!-- edition -->\n")[-1]
    edition = f"This is edition {n}. " + "It was read again. " * (n % 7)
    text = f"{head}---\n{front_matter}---\n{edition}\n\n<!-- edition -->\n{body}"
    path.write_text(text, encoding="utf-8")


def benchmark(folder: Path, swaps: int, searchers: int, askers: int) -> int:
    """Serve, ask and swap; print what was seen."""
    shutil.copytree(Settings().corpus, folder / "corpus")
    texts: dict[str, dict[str, str]] = {}
    delays: list[float] = []
    with publisher(folder) as publish:
        first = publish()
        texts[first["generation"]] = first["texts"]
        with serving(folder) as address:
            seen, stop = Seen(), threading.Event()
            threads = [
                threading.Thread(target=keep, args=(work, address, seen, stop))
                for work in [search] * searchers + [ask] * askers
            ]
            for thread in threads:
                thread.start()
            try:
                for phase in range(PHASES):
                    seen.swapping = phase % 2 == 1
                    if not seen.swapping:
                        time.sleep(QUIET_SECONDS)
                        continue
                    for _ in range(swaps // 2 if phase < PHASES - 1 else swaps - len(delays)):
                        new = publish()
                        texts[new["generation"]] = new["texts"]
                        delays.append(served(address, new) - new["published"])
            finally:
                stop.set()
                for thread in threads:
                    thread.join()
    return report(seen, texts, delays)


@contextmanager
def publisher(folder: Path) -> Iterator[Any]:
    """A process that publishes when it is called, with the embedding model kept in memory."""
    process = subprocess.Popen(
        (sys.executable, __file__, "--publish", str(folder)),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    asked, said = process.stdin, process.stdout
    assert asked is not None
    assert said is not None

    def publish() -> dict[str, Any]:
        asked.write("\n")
        asked.flush()
        published: dict[str, Any] = json.loads(said.readline())
        return published

    try:
        yield publish
    finally:
        asked.close()
        process.wait()


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The real service in a process of its own; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "WAYMARK_CORPUS": str(folder / "corpus"),
        "WAYMARK_INDEX": str(folder / "index"),
    }
    process = subprocess.Popen((sys.executable, __file__, "--serve", str(port)), env=environment)
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + READY_SECONDS
    try:
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{address}/health/ready").status_code == 200:
                    break
            except httpx.ConnectError:
                pass
            time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait()


def served(address: str, new: dict[str, Any]) -> float:
    """Wait until a generation is in use; return when that was seen."""
    with httpx.Client(base_url=address, timeout=30) as client:
        while client.get("/health/ready").json()["generation"] != new["generation"]:
            time.sleep(0.05)
    return time.time()


def keep(work: Any, address: str, seen: Seen, stop: threading.Event) -> None:
    """Do `work` again and again; note what fails."""
    with httpx.Client(base_url=address, timeout=GIVE_UP_SECONDS) as client:
        n = 0
        while not stop.is_set():
            n += 1
            try:
                work(client, QUESTIONS[n % len(QUESTIONS)], seen)
            except Exception as error:
                phase = "with" if seen.swapping else "without"
                seen.failures.append(f"{work.__name__} {phase} swaps: {error!r}")
            time.sleep(PAUSE_SECONDS)


def search(client: httpx.Client, question: str, seen: Seen) -> None:
    """Search once and note how long it took."""
    swapping, began = seen.swapping, time.perf_counter()
    reply = client.post("/v1/search", json={"question": question}).raise_for_status().json()
    seen.search_ms[swapping].append(1000 * (time.perf_counter() - began))
    seen.note(reply["generation"], reply["passages"], "text")


def ask(client: httpx.Client, question: str, seen: Seen) -> None:
    """Ask once; an answer without citations is a failure here."""
    swapping, began = seen.swapping, time.perf_counter()
    reply = client.post("/v1/ask", json={"question": question}).raise_for_status().json()
    seen.ask_ms[swapping].append(1000 * (time.perf_counter() - began))
    if not reply["citations"]:
        raise ValueError(f"abstained: {question}")
    seen.note(reply["generation"], reply["citations"], "quote")


def report(seen: Seen, texts: dict[str, dict[str, str]], delays: list[float]) -> int:
    """Print the counts and latencies; return the exit code."""
    wrong = [c for c in seen.cited if texts[c[0]][c[1]][c[2] : c[3]] != c[4]]
    print(f"swaps: {len(delays)}, failures: {len(seen.failures)}")
    for failure in seen.failures[:10]:
        print(f"  {failure}")
    used = len({generation for generation, *_ in seen.cited})
    print(f"cited spans: {len(seen.cited)} of {used} generations, wrong: {len(wrong)}")
    print(f"published to served, s: {quantiles(delays)}")
    for swapping, name in ((False, "without swaps"), (True, "with swaps")):
        print(f"search {name}, ms: {quantiles(seen.search_ms[swapping])}")
        print(f"ask {name}, ms: {quantiles(seen.ask_ms[swapping])}")
    return 1 if seen.failures or wrong else 0


def quantiles(values: list[float]) -> str:
    """Median, 95th percentile and maximum, as text."""
    if len(values) < 2:
        return f"{values}"
    cuts = statistics.quantiles(values, n=20)
    return f"p50 {cuts[9]:.2f}, p95 {cuts[18]:.2f}, max {max(values):.2f} (n = {len(values)})"


if __name__ == "__main__":
    sys.exit(main())
