"""Documents → chunks, each passage once: what repeats across documents is kept in one place.

Two things repeat. Paragraphs that a site puts on most pages and that say nothing of the page are
kept in the first document only. Passages that stand in several files (a guide as PDF and as web
page, a copy under another name) are indexed once, if they differ in nothing but punctuation and
empty words. Both depend on all documents alone, never on the order of builds, so that an
incremental build equals a full one.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from types import MappingProxyType

from waymark.chunking import ChunkingParameters, chunk_document, sections
from waymark.meaning.numerals import in_digits
from waymark.meaning.wording import SCARCELY, is_negation
from waymark.types import Chunk, Document, Note

# Share of documents from which a sentence is a phrase of the site, and how many that must be.
REPEATED_IN = 0.6
MIN_DOCUMENTS = 5
MIN_PHRASE = 5  # words of such a phrase
MANY = 50  # texts that share wording: it is a set phrase, and not every pair is compared
MIN_PASSAGE = 12  # words; a shorter passage repeats a set phrase
COPY = 0.8  # share of the smaller document's passages that makes it a copy of the larger
_WORD = re.compile(r"\w+(?:[.,'%-]+\w+)*%?|[^\w\s.,:;!?'\"‘“”()\[\]…–—•·*/-]")  # or a sign, as "$"
_SENTENCE = re.compile(r"[.!?][\"'”’)]*$")
_EMPTY = frozenset("a an the very quite really also".split())
# Figures that say where to turn, and those of a notice: of the site, not of the page.
_ADDRESS = re.compile(
    r"(?<!\S)[^\s@]++@\S+|https?:\S+|www\.\S+|(?:©|\(c\)|copyright) *[\d –-]+"
    r"|(?:\+|\b0)(?:[ ()/.-]*\d){8,}|(?:\b1[ .-])?(?:\(\d{3}\) ?|\b\d{3}[ .-])\d{3}[ .-]\d{4}\b"
)
# "If you need more", "the help you need" and "Need help?" ask for nothing.
_OFFER = re.compile(
    r"\b(?:if|when|whenever|everything|anything|help|information|advice|support) \w+"
    r"(?: (?:may|might|do|still|ever|also))? needs?\b|(?:^|(?<=[.!?] ))need\b"
)
_BINDING = re.compile(
    r"\d|\b(?:must|mustn['’]t|shall|needs?|(?:have|has|had) to|requir\w+|compulsory|mandatory"
    r"|obligat\w+|obliged|entitled|eligible|may not|can ?not|can['’]t|allowed|permitted|forbidden"
    r"|prohibit\w*|banned|illegal|unlawful|only)\b"
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
    means something else on each page. Figures and what binds the reader are of each page, and so
    is what stands alone below a heading.
    """
    enough = max(MIN_DOCUMENTS, REPEATED_IN * len(documents))
    places: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for document in sorted(documents, key=_preference):
        for block in document.blocks:
            text = document.text[block.start : block.end]
            sentence = _SENTENCE.search(text) and len(text.split()) >= MIN_PHRASE
            if block.kind == "paragraph" and sentence:
                places[" ".join(text.casefold().split())].append((document.id, block.start))
    repeated: dict[str, set[int]] = defaultdict(set)
    for text, found in places.items():
        if len({identifier for identifier, _ in found}) >= enough and not _is_of_the_page(text):
            for identifier, start in found[1:]:
                repeated[identifier].add(start)
    left_out = {d.id: _beside_others(d, repeated[d.id]) for d in documents if d.id in repeated}
    return {identifier: starts for identifier, starts in left_out.items() if starts}


def _is_of_the_page(text: str) -> bool:
    return bool(_BINDING.search(in_digits(_OFFER.sub(" ", _ADDRESS.sub(" ", text)))))


def _beside_others(document: Document, starts: Collection[int]) -> frozenset[int]:
    """Those of the blocks at `starts` without which no section is empty; what stands between the
    title and the first heading of a page is of no section."""
    parts = sections(document)
    kept: set[int] = set()
    for part in parts:
        own = {block.start for block in part.blocks}
        headed = part.heading_path not in ((), (document.title,)) or len(parts) == 1
        if headed and own <= set(starts):
            kept |= own
    return frozenset(starts) - kept


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
    return " ".join(_words(name.casefold()))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.replace("’", "'"))


def _alike(chunks: Sequence[Chunk]) -> Iterator[tuple[Chunk, Chunk]]:
    """Pairs of chunks that say the same, in order; the preferred one is first."""
    saying: dict[str, list[int]] = defaultdict(list)
    for row, chunk in enumerate(chunks):
        if _is_passage(chunk):
            saying[_said(chunk.text)].append(row)
    found: list[tuple[int, int]] = []
    for rows in saying.values():
        if len(rows) > 1:
            found += pairs(rows, {row: _subject(chunks[row]) for row in rows})
    for first, second in sorted(found):
        yield chunks[first], chunks[second]


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


def _said(text: str) -> str:
    """The words of a passage without those that say nothing: who does what is in their order.

    "Not very hard" is not "not hard", and "a few" is not "few".
    """
    listed = _words(text)
    around = zip(["", *listed], listed, [*listed[1:], ""], strict=False)
    return " ".join(
        word
        for before, word, after in around
        if word not in _EMPTY or is_negation(before.casefold()) or after in SCARCELY
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
