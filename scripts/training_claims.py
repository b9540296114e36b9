"""Claims about sentences of the pages → which of them say all that a claim says.

What the verifier learns from: claims that were written about a sentence, true ones and near false
ones (`training/claims`), and the short answers of the questions about the pages, each of which its
one supporting sentence carries. The sentence is read under its title and heading. Learning from
claims made for the purpose: Tang, Laban, Durrett 2024 (MiniCheck, arXiv:2404.10774).
"""

import json
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from training_examples import HELD_OUT, is_kept
from training_file import Question
from waymark.chunking import ChunkingParameters, chunk_document
from waymark.grounding import without_verdict
from waymark.types import Chunk, Document

BESIDE = 3  # near sentences that do not carry a true claim


class Claims:
    """Finds the sentences of `documents`; `row` numbers all texts and is added to."""

    def __init__(self, documents: Sequence[Document], row: dict[str, int]) -> None:
        self.row = row
        self.chunks: dict[str, list[tuple[Chunk, str]]] = defaultdict(list)
        for document in documents:
            for chunk in chunk_document(document, ChunkingParameters()):
                self.chunks[document.id].append((chunk, " ".join(chunk.text.split())))

    def written(self, folder: Path) -> Iterator[Question]:
        """The claims of the files of a folder, each beside the sentence that it was written about.

        A sentence is held out with all its claims, by the checksum of its wording.
        """
        for path in sorted(folder.glob("*.jsonl")):
            for entry in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
                row = self._row(entry, entry["support"])
                kept = zlib.crc32(entry["support"].encode()) % HELD_OUT == 0
                for claim in entry["true"]:
                    yield Question(without_verdict(claim), (row,), (), (), "claims", kept)
                for claim, _ in entry["false"]:
                    yield Question(without_verdict(claim), (), (), (row,), "claims", kept)

    def answers(
        self, entries: Sequence[dict[str, Any]], known: Mapping[str, Question]
    ) -> Iterator[Question]:
        """The short answers that rest on one sentence, with near sentences that do not carry them.

        `known` has the rows of the questions, by their wording.
        """
        for entry in entries:
            if len(entry["support"]) != 1 or "of" in entry:
                continue
            row = self._row(entry, entry["support"][0])
            near = known[entry.get("standalone", entry["question"])].near[:BESIDE]
            said = without_verdict(entry["answer"])
            yield Question(said, (row,), (), tuple(near), "answers", is_kept(entry))

    def _row(self, entry: dict[str, Any], sentence: str) -> int:
        """The row of a sentence of a document, or of an invented page."""
        said = " ".join(sentence.split())
        if "document" in entry:
            chunks = self.chunks[entry["document"]]
            chunk = next((c for c, text in chunks if said in text), chunks[0][0])
            title, heading = chunk.title, chunk.heading
        else:
            title, heading = entry["title"], entry["heading"]
        return self.row.setdefault(f"{title}: {heading}. {said}", len(self.row))
