"""The names of the documents → what a typed question means by them.

Spells out abbreviations and adds the title of a page that the question calls by another name; all
of it is learnt from the documents. What is misspelt is put right by `spelling`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from waymark.paraphrasing import as_pages_say
from waymark.sentences import WORD, folded, stem, words
from waymark.spelling import TYPED, Spelling, english_words
from waymark.types import Document, Turn

OCCUPATION = "occupation"  # topic of the pages whose title says who is meant

_FIELD = re.compile(r"\w+ing", re.I)  # as it is: accounting is no account
# People of an occupation, one or many: those whose plural is an "s" more.
_COUNTED = re.compile(
    r"(?:er|or|ist|yst|ant|(?<!m)ent|ian|ect|ive|legal|nurse|chef|cook|clerk)s?$", re.I
)
_AN = re.compile(r"[AEIOaeio]|u(?!s|ni)|[FHLMNRSX][A-Z]")  # "an HR officer", "a UX designer"
_JOINED = re.compile(r",? and |, ")
_INTRODUCED = re.compile(r"(?<![\w’'-])((?:[\w’'-]{1,40} ){1,5})\(([A-Z]{2,6})\)")


class Vocabulary:
    """What a set of documents calls things."""

    def __init__(self, documents: Sequence[Document]) -> None:
        texts = (text for document in documents for text in _texts(document))
        self._spelling = Spelling(Counter(word for text in texts for word in words(text)))
        self._abbreviations = _abbreviations(documents)
        self.occupations = frozenset(d.id for d in documents if d.topic == OCCUPATION)
        self._names: dict[tuple[str, ...], Document] = {}
        self._fields: dict[str, Document] = {}
        for document in documents:
            for name in (*_parts_of_title(document), *document.aliases, document.title):
                if document.topic == OCCUPATION and _FIELD.fullmatch(name):
                    self._fields[folded(name)] = document
                else:
                    self._names[tuple(map(stem, words(name)))] = document
        self._longest = max([1, *map(len, self._names)])

    def correct(self, question: str) -> str:
        """Return `question` with what is misspelt put right, as `Spelling.correct` says."""
        return self._spelling.correct(question)

    def corrected(self, conversation: Iterable[Turn]) -> list[Turn]:
        """Return a conversation with what the person misspelt put right."""
        return [
            replace(turn, content=self.correct(turn.content)) if turn.role == "user" else turn
            for turn in conversation
        ]

    def query(self, typed: str) -> str:
        """Return a question as it was typed in the form that it is searched for."""
        return self.expand(self.correct(typed))

    def expand(self, question: str) -> str:
        """Return `question` as it is searched for: as the pages say it, abbreviations spelt out,
        and followed by the titles of the occupations that it calls by another name."""
        meant = as_pages_say(question)
        shouted = meant.isupper()
        spelt = TYPED.sub(lambda m: self._spelt_out(m.group(), shouted), meant)
        said = _stems(meant)
        titles = [
            document.title
            for document in self.named(meant)
            if document.topic == OCCUPATION
            if not _stems(document.title) <= said
        ]
        return " ".join([spelt, *titles])

    def titled(self, text: str) -> str:
        """Return `text` as the pages say it, with the titles of the occupations that it calls by
        another name in the place of those names."""
        said = _stems(text)

        def title_of(called: str, document: Document) -> str:
            title = _stems(document.title)
            return called if title <= said or _stems(called) <= title else document.title

        return self._with_names(as_pages_say(text), title_of)

    def named(self, question: str) -> list[Document]:
        """Return the documents whose title or alias stands in `question`, in its order.

        Of two names at the same place the longer one counts.
        """
        found = {document.id: document for _, _, document in self._mentions(question)}
        return list(found.values())

    def names_in(self, text: str) -> list[str]:
        """Return the titles and aliases in `text`, as they are typed there, in their order."""
        return [text[start:end] for start, end, _ in self._mentions(text)]

    def occupations_in(self, text: str) -> dict[str, str]:
        """Return what `text` calls each occupation that it names, by the id of its document."""
        return {
            document.id: text[start:end]
            for start, end, document in self._mentions(text)
            if document.topic == OCCUPATION
        }

    def renamed(self, text: str, title: str) -> str:
        """Return `text` with every occupation that it names called `title`."""
        return self._with_names(text, lambda called, document: title)

    def asked_of(self, question: str, name: str) -> str:
        """Return `question` asked of the occupation called `name`, in the number in which it names
        one: what "a nurse" does becomes what "an accountant" does for "accountants"."""
        asked = self._with_names(question, lambda called, document: _like(called, name))
        article = r"\1n " if _AN.match(name) else r"\1 "
        one = re.escape(_singular(name))
        return re.sub(rf"\b(a)n? (?={one}\b)", article, asked, flags=re.I)

    def _with_names(self, text: str, name: Callable[[str, Document], str]) -> str:
        """`text` with every occupation called by what `name` makes of its name and document."""
        pieces: list[str] = []
        done = 0
        for start, end, document in self._mentions(text):
            if document.topic == OCCUPATION:
                pieces += [text[done:start], name(text[start:end], document)]
                done = end
        return "".join([*pieces, text[done:]])

    def _mentions(self, text: str) -> Iterator[tuple[int, int, Document]]:
        """The spans `[start, end)` of the names in `text`, with the documents they name."""
        typed = list(WORD.finditer(text))
        said = [folded(match.group()) for match in typed]
        at = 0
        while at < len(said):
            size, document = self._name_at(said[at : at + self._longest])
            if document:
                yield typed[at].start(), typed[at + size - 1].end(), document
            at += size

    def _name_at(self, said: Sequence[str]) -> tuple[int, Document | None]:
        """How many of these words are a name, the longest there is, and of what."""
        stems = tuple(map(stem, said))
        for size in range(len(stems), 0, -1):
            document = self._names.get(stems[:size])
            if document:
                return size, document
        return 1, self._fields.get(said[0])

    def _spelt_out(self, typed: str, shouted: bool) -> str:
        """What an abbreviation stands for; "it" is one only in capitals that tell it apart."""
        letters = typed.casefold()
        if letters in english_words() and (shouted or not typed.isupper()):
            return typed
        return self._abbreviations.get(letters, typed)


def _like(called: str, name: str) -> str:
    """`name` in the singular or plural, as `called` is; as it stands where one of them is not sure
    to have both, as "cybersecurity" and what is typed in capitals."""
    if not (_COUNTED.search(called) and _COUNTED.search(name)) or name[-1:].isupper():
        return name
    return f"{_singular(name)}s" if _singular(called) != called else _singular(name)


def _singular(name: str) -> str:
    return name[:-1] if name[-1:] in "sS" and _COUNTED.search(name) else name


def _stems(text: str) -> set[str]:
    return {stem(word) for word in words(text)}


def _texts(document: Document) -> Iterable[str]:
    return document.title, document.text, *document.aliases


def _parts_of_title(document: Document) -> Iterator[str]:
    """ "Web developers" and "digital designers" of an occupation called by both names; a single
    word ("architects" of "Database administrators and architects") may mean something else."""
    if document.topic == OCCUPATION:
        for part in _JOINED.split(document.title):
            if len(words(part)) > 1:
                yield part


def _abbreviations(documents: Sequence[Document]) -> dict[str, str]:
    """What each abbreviation stands for; one that stands for two things says neither."""
    meanings: dict[str, dict[tuple[str, ...], str]] = {}
    for document in documents:
        for letters, meant in _introduced(document.text):
            meanings.setdefault(letters, {})[tuple(map(stem, words(meant)))] = meant
    return {
        letters: spelt
        for letters, meant in meanings.items()
        for spelt in meant.values()
        if len(meant) == 1
    }


def _introduced(text: str) -> Iterator[tuple[str, str]]:
    """Abbreviations that a page introduces, as in "natural language processing (NLP)"."""
    for match in _INTRODUCED.finditer(text):
        before = re.split(r"[\s-]+", match.group(1).strip())
        letters = match.group(2).lower()
        meant = before[-len(letters) :]
        if [word[:1].lower() for word in meant] == list(letters):
            yield letters, " ".join(meant)
