"""Documents → chunks, each passage once: what repeats across documents is kept in one place.

Two things repeat. Paragraphs that a site puts on most pages say nothing about the page, and are
kept in the first document only. Passages that stand in several files (a guide as PDF and as web
page, a copy under another name) are indexed once. Both depend on all documents alone, never on the
order of builds, so that an incremental build equals a full one.

Near-duplicates are found by the resemblance of word shingles and bottom-k sketches (Broder 1997,
"On the resemblance and containment of documents"). Pages about two jobs share wording by design:
passages with different figures, names or negations are never the same.
"""

import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from types import MappingProxyType

from waymark.chunking import ChunkingParameters, chunk_document
from waymark.types import Chunk, Document, Note

# Share of documents from which a sentence is a phrase of the site: a requirement that many pages
# state is one of each page. And how many documents that must be.
REPEATED_IN = 0.6
MIN_DOCUMENTS = 5
MIN_PHRASE = 5  # words of such a phrase
SHINGLE = 4  # words
MANY = 50  # texts that share wording: it is a set phrase, and not every pair is compared
SKETCH = 8  # smallest hashes compared; two passages at 0.8 share none of them once in 400,000
RESEMBLANCE = 0.8  # one ordinary word in 40 may differ
MIN_PASSAGE = 12  # words; a shorter passage repeats a set phrase
COPY = 0.8  # share of the smaller document's passages that makes it a copy of the larger
_WORD = re.compile(r"\w+(?:[.,'’%-]+\w+)*%?")
_SENTENCE = re.compile(r"[.!?][\"'”’)]*$")
_NEGATIONS = frozenset(
    "not no never none nor neither without unless except only don't doesn't cannot can't".split()
)


def distinct_chunks(
    documents: Sequence[Document], parameters: ChunkingParameters
) -> tuple[list[Chunk], list[Note]]:
    """Return the chunks to index in order of the documents, and notes on what was left out."""
    repeated = repeated_blocks(documents)
    chunks = [
        chunk
        for document in documents
        for chunk in chunk_document(document, parameters, repeated.get(document.id, frozenset()))
    ]
    originals = near_duplicates(documents, chunks)
    kept = [chunk for chunk in chunks if chunk.id not in originals]
    return kept, [*_repeat_notes(repeated), *_duplicate_notes(originals, chunks)]


def repeated_blocks(documents: Sequence[Document]) -> Mapping[str, frozenset[int]]:
    """Return where phrases of the site start, by document; the preferred document keeps its own.

    Only paragraphs that are whole sentences count: a caption, a table row or an item of a list
    means something else on each page.
    """
    enough = max(MIN_DOCUMENTS, REPEATED_IN * len(documents))
    places: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for document in sorted(documents, key=_preference):
        for block in document.blocks:
            text = document.text[block.start : block.end]
            sentence = _SENTENCE.search(text) and len(text.split()) >= MIN_PHRASE
            if block.kind == "paragraph" and sentence:
                places[" ".join(text.casefold().split())].append((document.id, block.start))
    left_out: dict[str, set[int]] = defaultdict(set)
    for found in places.values():
        if len({identifier for identifier, _ in found}) >= enough:
            for identifier, start in found[1:]:
                left_out[identifier].add(start)
    return {identifier: frozenset(starts) for identifier, starts in left_out.items()}


def near_duplicates(documents: Sequence[Document], chunks: Sequence[Chunk]) -> Mapping[str, str]:
    """Return the ids of chunks that repeat another one, each with the id of that one."""
    by_id = {document.id: document for document in documents}
    order = {d.id: place for place, d in enumerate(sorted(documents, key=_preference))}
    ranked = sorted(range(len(chunks)), key=lambda row: (order[chunks[row].document_id], row))
    pairs = list(_alike([chunks[row] for row in ranked]))
    copies = _copies(pairs, chunks)
    originals: dict[str, str] = {}
    for first, second in pairs:
        one, other = by_id[first.document_id], by_id[second.document_id]
        same_subject = _subject(first) == _subject(second) or (one.id, other.id) in copies
        same_place = _folded(one.region) == _folded(other.region)
        if same_subject and same_place and first.id not in originals and _outlasts(one, other):
            originals.setdefault(second.id, first.id)
    return originals


def _preference(document: Document) -> tuple[int, int, str]:
    """Of two documents with one passage, that which is valid longer, then reviewed later."""
    until = document.valid_until or date.max
    reviewed = document.reviewed or date.min
    return -until.toordinal(), -reviewed.toordinal(), document.id


def _outlasts(one: Document, other: Document) -> bool:
    return (one.valid_until or date.max) >= (other.valid_until or date.max)


def _subject(chunk: Chunk) -> str:
    """Pages about several things ("Plumbers", "Electricians") say which in their headings."""
    return " > ".join(map(_folded, (chunk.title, *chunk.heading_path)))


def _folded(name: str) -> str:
    return " ".join(_WORD.findall(name.casefold()))


def _alike(chunks: Sequence[Chunk]) -> Iterator[tuple[Chunk, Chunk]]:
    """Pairs of chunks that say the same, in order; the preferred one is first."""
    marked: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row, chunk in enumerate(chunks):
        if _is_passage(chunk):
            words = _WORD.findall(chunk.text)
            marked[tuple(sorted(filter(_distinguishes, words)))].append(row)
    found: list[tuple[int, int]] = []
    for rows in marked.values():
        if len(rows) > 1:
            subjects = {row: _subject(chunks[row]) for row in rows}
            found += _resembling({row: _shingles(chunks[row].text) for row in rows}, subjects)
    for first, second in sorted(found):
        yield chunks[first], chunks[second]


def _resembling(
    shingles: Mapping[int, frozenset[int]], subjects: Mapping[int, str]
) -> Iterator[tuple[int, int]]:
    """Pairs of rows that resemble each other; only those that share a sketch are compared."""
    sharing: dict[int, list[int]] = defaultdict(list)
    for row, values in shingles.items():
        for value in sorted(values)[:SKETCH]:
            sharing[value].append(row)
    for one, other in {pair for rows in sharing.values() for pair in pairs(rows, subjects)}:
        shared = len(shingles[one] & shingles[other])
        if shared >= RESEMBLANCE * len(shingles[one] | shingles[other]):
            yield one, other


def pairs(
    rows: Sequence[int], subjects: Mapping[int, str] = MappingProxyType({})
) -> Iterator[tuple[int, int]]:
    """Return the pairs of `rows`, texts that share wording, that are worth comparing.

    Of many only each with the first of all, and with the first of its subject: time and memory
    would grow with the square of their number.
    """
    if len(rows) <= MANY:
        yield from combinations(rows, 2)
        return
    firsts: dict[str, int] = {}
    for row in rows:
        for first in {rows[0], firsts.setdefault(subjects.get(row, ""), row)} - {row}:
            yield first, row


def _is_passage(chunk: Chunk) -> bool:
    return len(chunk.text.split()) >= MIN_PASSAGE


def _distinguishes(word: str) -> bool:
    """A figure, a name or a negation: two passages that say the same have the same of these."""
    return not word.islower() or word in _NEGATIONS or any(map(str.isdigit, word))


def _shingles(text: str) -> frozenset[int]:
    folded = [word.casefold() for word in _WORD.findall(text)]
    # crc32 is the same in every process, as hash() is not.
    return frozenset(
        zlib.crc32(" ".join(folded[start : start + SHINGLE]).encode())
        for start in range(max(1, len(folded) - SHINGLE + 1))
    )


def _copies(
    pairs: Sequence[tuple[Chunk, Chunk]], chunks: Sequence[Chunk]
) -> frozenset[tuple[str, str]]:
    """Pairs of documents of which one is a copy of the other under another name."""
    sizes = Counter(chunk.document_id for chunk in chunks if _is_passage(chunk))
    shared: dict[tuple[str, str], set[str]] = defaultdict(set)
    for first, second in pairs:
        shared[first.document_id, second.document_id].add(second.id)
    return frozenset(
        (one, other)
        for (one, other), found in shared.items()
        if one != other and len(found) >= COPY * min(sizes[one], sizes[other])
    )


def _repeat_notes(repeated: Mapping[str, frozenset[int]]) -> Iterator[Note]:
    for identifier in sorted(repeated):
        count = len(repeated[identifier])
        yield Note(identifier, f"{count} sentences left out that many documents repeat")


def _duplicate_notes(originals: Mapping[str, str], chunks: Sequence[Chunk]) -> Iterator[Note]:
    documents = {chunk.id: chunk.document_id for chunk in chunks}
    counts = Counter((documents[copy], documents[kept]) for copy, kept in originals.items())
    for (identifier, kept), count in sorted(counts.items()):
        where = "stand in it twice" if kept == identifier else f"{kept} has as well"
        yield Note(identifier, f"{count} passages left out that {where}")
