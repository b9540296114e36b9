"""What a build changes, seen before it is done: corpus against the index in use.

Also decides when so much would be lost that a person has to say so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from waymark.corpus import Corpus, Skipped
from waymark.errors import RemovalRefused
from waymark.store.index import Index
from waymark.types import Note

MOST_REMOVED = 0.3  # of the documents, in one build that was not told to
FEW = 4  # documents; below that a share says nothing


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did, or would do. Lists hold document ids in order.

    `removed` has no file any more, `unreadable` one that is skipped; `lost` are those of both whose
    content is under no other id now. `corpus` is the folder read, `built_from` that of the index in
    use, "" where it is not known or gone. `uncompared` is how many documents the index in use has
    where it cannot be opened; the lists then say nothing of it.
    """

    generation: str
    published: bool
    documents: int
    chunks: int
    embedded: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    lost: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()  # what was left out of documents, or guessed
    uncompared: int = 0
    unreadable: tuple[str, ...] = ()
    corpus: str = ""
    built_from: str = ""


def compare(corpus: Corpus, folder: Path, old: Index | None, uncompared: int = 0) -> BuildReport:
    """Return what differs between `corpus`, read from `folder`, and `old`; nothing is built yet."""
    before = {d.id: (d.digest, d.parser) for d in old.documents()} if old else {}
    after = {d.id: (d.digest, d.parser) for d in corpus.documents}
    gone = sorted(before.keys() - after.keys())
    unreadable = [i for i in gone if _is_skipped(i, corpus.skipped)]
    contents = {digest for digest, _ in after.values()}
    return BuildReport(
        generation=old.name if old else "",
        published=False,
        documents=len(after),
        chunks=old.manifest.chunks if old else 0,
        embedded=0,
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(sorted(i for i in after.keys() & before.keys() if after[i] != before[i])),
        removed=tuple(i for i in gone if i not in unreadable),
        skipped=corpus.skipped,
        lost=tuple(i for i in gone if before[i][0] not in contents),
        notes=tuple(Note(d.id, text) for d in corpus.documents for text in d.notes),
        uncompared=uncompared,
        unreadable=tuple(unreadable),
        corpus=str(folder.resolve()),
        built_from=_folder_of(old) if old else "",
    )


def _folder_of(old: Index) -> str:
    """The folder that an index was built from; "" if it is gone, as after a move."""
    folder = old.manifest.corpus
    return folder if folder and Path(folder).is_dir() else ""


def _is_skipped(document_id: str, skipped: Sequence[Skipped]) -> bool:
    """Tell whether the file of a document is there and was not read, or its folder was not."""
    return any(
        document_id == entry.path.rpartition(".")[0] or document_id.startswith(f"{entry.path}/")
        for entry in skipped
    )


def check_removal(report: BuildReport) -> None:
    """Raise RemovalRefused when so many documents would go that a mistake is likelier.

    Where the index was built from another folder, one is too many.
    """
    gone = len(report.removed) + len(report.unreadable)
    before = report.uncompared or report.documents - len(report.added) + gone
    if report.built_from not in ("", report.corpus) and report.lost:
        raise RemovalRefused(
            f"The index was built from {report.built_from}, but {report.corpus} is read now: "
            f"{len(report.lost)} of {before} documents would go ({_first(report.lost)}). The "
            f"index in use stays. Set WAYMARK_CORPUS={report.built_from}, or, if this folder is "
            "to replace the other, run: waymark index --allow-removal"
        )
    lost = max(len(report.lost), report.uncompared - report.documents)
    if before < FEW or lost <= MOST_REMOVED * before:
        return
    shown = f" ({_first(report.lost)})" if report.lost else ""
    raise RemovalRefused(
        f"{lost} of {before} documents would go{shown}, more than {MOST_REMOVED:.0%}. The folder "
        f"read is {report.corpus}. The index in use stays. Bring the files back, set "
        "WAYMARK_CORPUS if another folder is meant, or, if they are meant to go, run: "
        "waymark index --allow-removal"
    )


def _first(ids: Sequence[str]) -> str:
    return ", ".join(ids[:5]) + (", …" if len(ids) > 5 else "")
