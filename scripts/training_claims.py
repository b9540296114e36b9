"""Claims about sentences of the pages → which of them say all that a claim says.

What the verifier learns from: claims that were written about a sentence, true ones and near false
ones (`training/claims`), and the short answers of the questions about the pages, each of which its
one supporting sentence carries. The sentence is read under its title and heading. Learning from
claims made for the purpose: Tang, Laban, Durrett 2024 (MiniCheck, arXiv:2404.10774).
"""

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from training_examples import HELD_OUT, is_kept, passage_of
from training_file import Question, stands_alone
from waymark.chunking import ChunkingParameters, chunk_document
from waymark.grounding import without_verdict
from waymark.thoughts import announced_in_context
from waymark.types import Document, Evidence, Passage

BESIDE = 3  # near sentences that do not carry a true claim
MEANINGFUL = 4  # words


class Claims:
    """Finds the sentences of `documents`; `row` numbers all texts and is added to."""

    def __init__(self, documents: Sequence[Document], row: dict[str, int]) -> None:
        self.row = row
        self.chunks = {d.id: chunk_document(d, ChunkingParameters()) for d in documents}

    def written(self, folder: Path) -> Iterator[Question]:
        """The claims of the files of a folder, each beside the sentence that it was written about.

        Raises ValueError when a sentence stands in no chunk of its page.
        """
        for path in sorted(folder.glob("*.jsonl")):
            for entry in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
                support = entry["support"]
                piece = _invented(entry) if "title" in entry else self._found(entry, support)
                if piece is None:
                    raise ValueError(f"{support!r} is not in {entry['document']}")
                row, kept = self._row(piece), is_held_out(support)
                for claim in entry["true"]:
                    yield Question(without_verdict(claim), (row,), (), (), "claims", kept)
                for claim, _ in entry["false"]:
                    yield Question(without_verdict(claim), (), (), (row,), "claims", kept)

    def answers(
        self, entries: Sequence[dict[str, Any]], known: Mapping[str, Question]
    ) -> Iterator[Question]:
        """The short answers that rest on one sentence of their page and mean something without
        their question, with near sentences that do not carry them.

        `known` has the rows of the questions, by their wording.
        """
        for entry in entries:
            said = without_verdict(entry["answer"])
            if len(entry["support"]) != 1 or "of" in entry or len(said.split()) < MEANINGFUL:
                continue
            (support,) = entry["support"]
            if piece := self._found(entry, support):
                near = tuple(known[stands_alone(entry)].near[:BESIDE])
                kept = is_kept(entry) or is_held_out(support)
                yield Question(said, (self._row(piece),), (), near, "answers", kept)

    def _found(self, entry: dict[str, Any], sentence: str) -> Evidence | None:
        """A sentence where it stands on the page of `entry`."""
        said = " ".join(sentence.split())
        for chunk in self.chunks[entry["document"]]:
            if said in " ".join(chunk.text.split()):
                # One with a line break in it is no item of a list: nothing announces it.
                start = chunk.start + max(0, chunk.text.find(said))
                return Evidence(Passage(chunk, 1, 0.0), said, start, start + len(said), 0.0)
        return None

    def _row(self, piece: Evidence) -> int:
        """The row of a sentence as the verifier reads it."""
        return self.row.setdefault(announced_in_context(piece), len(self.row))


def _invented(entry: dict[str, Any]) -> Evidence:
    said = " ".join(entry["support"].split())
    passage = passage_of(entry["title"], entry["heading"], said, 0)
    return Evidence(passage, said, 0, len(said), 0.0)


def is_held_out(sentence: str) -> bool:
    """Tell whether a sentence is kept for measuring with all that is claimed about it, by the
    checksum of its wording."""
    return zlib.crc32(" ".join(sentence.split()).encode()) % HELD_OUT == 0
