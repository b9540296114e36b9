"""Golden questions: what a new generation must still find before it may be published.

They stand in `gate.jsonl` of the corpus folder and not in the pages, because they must outlive
a page that was deleted by mistake. They are searched for as people's questions are, and not
answered, so a gate takes seconds.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from waymark.errors import CorpusError, GateInvalid
from waymark.retrieval import retrieve
from waymark.store.index import Index
from waymark.types import Embedder, Passage
from waymark.vocabulary import Vocabulary

GATE = "gate.jsonl"
DEPTH = 4  # passages; as many as the language model reads


@dataclass(frozen=True, slots=True)
class GateQuestion:
    """A question, the document that must be found for it, and words one passage must hold."""

    question: str
    document: str
    fact: str = ""


@dataclass(frozen=True, slots=True)
class GateFailure:
    """A golden question that is not met; documents are ids in order of rank."""

    golden: GateQuestion
    problem: str
    found: tuple[str, ...]
    found_before: tuple[str, ...]


def load_gate(corpus_folder: Path) -> tuple[GateQuestion, ...]:
    """Read the golden questions of a corpus, none when it has no gate.

    Raises GateInvalid with the line that is wrong, CorpusError when the system refuses.
    """
    path = corpus_folder / GATE
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except UnicodeDecodeError as error:
        raise GateInvalid(f"{path} is not UTF-8 text (byte {error.start}). {_EXAMPLE}") from None
    except OSError as error:
        raise CorpusError(
            f"{path} cannot be read ({error.strerror}). Give this user the right to read it, "
            "then run: waymark index"
        ) from error
    return tuple(_parse(line, f"{path}:{n}") for n, line in enumerate(lines, 1) if line.strip())


def check_gate(
    golden: Sequence[GateQuestion],
    index: Index,
    embedder: Embedder,
    today: date,
    before: Index | None,
) -> tuple[GateFailure, ...]:
    """Return the golden questions that `index` does not meet, with what `before` finds."""
    found = zip(golden, _search(golden, index, embedder, today), strict=True)
    lost = [
        (question, problem, passages)
        for question, passages in found
        if (problem := _problem(question, passages))
    ]
    earlier = _search([question for question, *_ in lost], before, embedder, today)
    return tuple(
        GateFailure(question, problem, _ids(passages), _ids(passages_before))
        for (question, problem, passages), passages_before in zip(lost, earlier, strict=True)
    )


def describe(failures: Sequence[GateFailure]) -> str:
    """Return the report of the differences, three lines a question."""
    return "\n".join(
        f"  {failure.golden.question}\n"
        f"    {failure.problem}\n"
        f"    now: {', '.join(failure.found) or 'nothing'}; "
        f"in use: {', '.join(failure.found_before) or 'unknown'}"
        for failure in failures
    )


def _search(
    golden: Sequence[GateQuestion], index: Index | None, embedder: Embedder, today: date
) -> list[tuple[Passage, ...]]:
    """The passages for each question, in the words in which a service with `index` searches."""
    if not golden or not index:
        return [()] * len(golden)
    vocabulary = Vocabulary(index.documents())
    queries = [vocabulary.query(question.question) for question in golden]
    return [retrieve(query, index, embedder, today, DEPTH).passages for query in queries]


def _problem(golden: GateQuestion, passages: Sequence[Passage]) -> str:
    if golden.document not in _ids(passages):
        return f"{golden.document} is not among the first {DEPTH} passages"
    if golden.fact and not any(_plain(golden.fact) in _plain(p.chunk.text) for p in passages):
        return f"{golden.fact!r} is not in the first {DEPTH} passages"
    return ""


def _ids(passages: Sequence[Passage]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(passage.chunk.document_id for passage in passages))


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _parse(line: str, where: str) -> GateQuestion:
    try:
        golden = GateQuestion(**json.loads(line))
    except (ValueError, TypeError) as error:
        raise GateInvalid(f"{where}: {error}. {_EXAMPLE}") from None
    values = (golden.question, golden.document, golden.fact)
    if not all(isinstance(value, str) for value in values) or not all(values[:2]):
        raise GateInvalid(f"{where}: question and document must be text. {_EXAMPLE}")
    return golden


_EXAMPLE = (
    'Write lines like {"question": "What do nurses earn?", "document": "nurses", "fact": "93,600"}'
)
