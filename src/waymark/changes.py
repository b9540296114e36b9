"""What a build changes, seen before it is done: corpus against the index in use.

Also decides when so much would be lost that a person has to say so.
"""

from dataclasses import dataclass

from waymark.corpus import Corpus, Skipped
from waymark.errors import RemovalRefused
from waymark.index import Index
from waymark.types import Note

MOST_REMOVED = 0.3  # of the documents, in one build that was not told to
FEW = 4  # documents; below that a share says nothing


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did, or would do. Lists hold document ids in order.

    `lost` are the removed documents whose content is under no other id now. `uncompared` is how
    many documents the index in use has where it cannot be opened; the lists then say nothing of it.
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


def compare(corpus: Corpus, old: Index | None, uncompared: int = 0) -> BuildReport:
    """Return what differs between `corpus` and `old`, with nothing built yet."""
    before = {d.id: (d.digest, d.parser) for d in old.documents()} if old else {}
    after = {d.id: (d.digest, d.parser) for d in corpus.documents}
    removed = sorted(before.keys() - after.keys())
    contents = {digest for digest, _ in after.values()}
    return BuildReport(
        generation=old.name if old else "",
        published=False,
        documents=len(after),
        chunks=old.manifest.chunks if old else 0,
        embedded=0,
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(sorted(i for i in after.keys() & before.keys() if after[i] != before[i])),
        removed=tuple(removed),
        skipped=corpus.skipped,
        lost=tuple(i for i in removed if before[i][0] not in contents),
        notes=tuple(Note(d.id, text) for d in corpus.documents for text in d.notes),
        uncompared=uncompared,
    )


def check_removal(report: BuildReport) -> None:
    """Raise RemovalRefused when so many documents would go that a mistake is likelier."""
    before = report.uncompared or report.documents - len(report.added) + len(report.removed)
    lost = max(len(report.lost), report.uncompared - report.documents)
    if before < FEW or lost <= MOST_REMOVED * before:
        return
    shown = ", ".join(report.lost[:5]) + (", …" if len(report.lost) > 5 else "")
    raise RemovalRefused(
        f"{lost} of {before} documents would go{f' ({shown})' if shown else ''}, more than "
        f"{MOST_REMOVED:.0%}. The index in use stays. Bring the files back, or, if they are "
        "meant to go, run: waymark index --allow-removal"
    )
