"""One build of the index in a process of its own: `python -m waymark.service.build_process`.

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

from waymark.assembly import build
from waymark.errors import WaymarkError
from waymark.settings import Settings

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
        report = build(Settings(), lambda *state: _say(lines, "progress", state), **vars(chosen))
    except WaymarkError as error:
        _say(lines, "error", {"code": error.code, "message": str(error)})
        return 1
    _say(lines, "report", asdict(report))
    return 0


def _private_output() -> TextIO:
    """Standard output for our lines alone; what libraries print goes to standard error."""
    private = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    return private


def _say(lines: TextIO, kind: str, value: Any) -> None:
    lines.write(json.dumps({kind: value}) + "\n")


if __name__ == "__main__":
    sys.exit(main())
