"""One build of the index in a process of its own: `python -m waymark.build_process`.

Started by `rebuilding`, with the settings in the environment and its choices as arguments. Says
what it does on standard output, one JSON object a line: `{"progress": [stage, done, total]}` …,
then either `{"report": {…}}` or `{"error": {"code", "message"}}`. Whatever a parser or a library
does to this process, the one that answers questions goes on.
"""

import argparse
import json
import os
import sys
from dataclasses import asdict
from typing import Any, TextIO

from waymark import assembly, models
from waymark.changes import BuildReport
from waymark.errors import WaymarkError
from waymark.indexing import build_index, preview_index
from waymark.settings import Settings
from waymark.vectors import Progress

NICENESS = 5  # people who wait for an answer come first, and a build still goes on


def main() -> int:
    """Build; return the exit code."""
    os.nice(NICENESS)
    parser = argparse.ArgumentParser()
    for choice in ("--dry-run", "--allow-removal", "--skip-gate"):
        parser.add_argument(choice, action="store_true")
    chosen = parser.parse_args()
    lines = _private_output()
    try:
        report = _build(chosen, lambda *state: _say(lines, "progress", state))
    except WaymarkError as error:
        _say(lines, "error", {"code": error.code, "message": str(error)})
        return 1
    _say(lines, "report", asdict(report))
    return 0


def _build(chosen: argparse.Namespace, on_progress: Progress) -> BuildReport:
    settings = Settings()
    corpus, index, model = settings.corpus, settings.index, models.EMBEDDING_ID
    if chosen.dry_run:
        return preview_index(corpus, index, model, assembly.CHUNKING, on_progress)
    return build_index(
        corpus,
        index,
        model,
        lambda: assembly.load_embedder(settings),
        assembly.CHUNKING,
        on_progress,
        allow_removal=chosen.allow_removal,
        skip_gate=chosen.skip_gate,
    )


def _private_output() -> TextIO:
    """Standard output for our lines alone; what libraries print goes to standard error."""
    private = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    return private


def _say(lines: TextIO, kind: str, value: Any) -> None:
    lines.write(json.dumps({kind: value}) + "\n")


if __name__ == "__main__":
    sys.exit(main())
