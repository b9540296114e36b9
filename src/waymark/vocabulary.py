"""The words of the documents → what a typed question means by them.

Puts right what is misspelt, spells out abbreviations and adds the title of a page that the
question calls by another name. All of it is learnt from the documents; only the list of correct
English words comes from elsewhere. Only importer of symspellpy (Garbe's symmetric delete
algorithm, https://github.com/wolfgarbe/SymSpell).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from importlib.resources import files
from itertools import islice
from typing import TYPE_CHECKING

from waymark.sentences import STOP_WORDS, stem, words
from waymark.types import Document

if TYPE_CHECKING:
    from symspellpy import SymSpell
    from symspellpy.suggest_item import SuggestItem

SHORTEST = 4  # letters of a word that may be put right
TWO_EDITS = 6  # letters from which two edits are allowed; in a shorter word they change it
FAMILIAR = 5  # letters of a word that may be a slip for one the documents do not have
COMMON = 30_000  # of the English words, the likeliest; rarer ones are more often names
OCCUPATION = "occupation"  # topic of the pages whose title says who is meant

# Small words as they are typed in a hurry: the documents have no say in what they mean.
_HURRIED = {
    "abot": "about", "abt": "about", "agen": "again", "bak": "back", "bcoz": "because",
    "bout": "about", "coz": "because", "cud": "could", "cuz": "because", "enuf": "enough",
    "evry": "every", "gimme": "give me", "gonna": "going to", "gotta": "have to", "haf": "have",
    "hav": "have", "hw": "how", "jst": "just", "jus": "just", "kno": "know", "menny": "many",
    "mny": "many", "munny": "money", "ned": "need", "nite": "night", "nites": "nights",
    "pls": "please", "plz": "please", "ppl": "people", "rong": "wrong", "sed": "said",
    "shd": "should", "shld": "should", "shoud": "should", "shud": "should", "skool": "school",
    "tak": "take", "teh": "the", "thay": "they", "thier": "their", "tho": "though",
    "thru": "through", "til": "until", "u": "you", "ur": "your", "wanna": "want to",
    "wat": "what", "wats": "what's", "wen": "when", "wht": "what", "wich": "which", "wil": "will",
    "wot": "what", "wots": "what's", "wud": "would", "wuld": "would",
}  # fmt: skip

# Slips that are words themselves, by the word beside them.
_DOES = re.compile(
    r"\bdose(?= (?:an?|the|i|it|u|you|they|he|she|that|this|anyone|anybody)\b)", re.I
)
_AND = re.compile(r"\ban(?= (?:is|are|do|does|did|can|could|would|should|how|what|when|why|the)\b)")
_GOING_RATE = re.compile(r"\bgoing rate\b", re.I)
_MAKES = re.compile(
    r"(\b(?:how much(?: money)?|what) (?:do|does|did|can|could|would|will|might)\b[^?.,;]* )make"
    r"(?=\W*$|[?.,;]| (?:in|per) (?:an?|the|one)\b| an? (?:year|month|week|hour)\b| on average\b)",
    re.I,
)
_TYPED = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_WORD = re.compile(r"[^\W_]+(?:[+#]+|(?:['’.-][^\W_]+)*)")  # as `sentences.words` sees them
_UNMARKED = {word.replace("'", "") for word in STOP_WORDS}  # "dont", "ive"
_DOUBLED = re.compile(r"(.)\1")
_SOUNDS = str.maketrans("aiouyckqxz", "eeeeesssss")  # letters taken for one another
_JOINED = re.compile(r",? and |, ")
_INTRODUCED = re.compile(r"((?:[\w’'-]+ ){1,5})\(([A-Z]{2,6})\)")


class Vocabulary:
    """What a set of documents calls things."""

    def __init__(self, documents: Sequence[Document]) -> None:
        from symspellpy import SymSpell, Verbosity

        self._closest = Verbosity.CLOSEST
        counts = Counter(word for d in documents for text in _texts(d) for word in words(text))
        self._known = {stem(word) for word in (*counts, *_UNMARKED)}
        self._spelling = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
        for word, count in counts.items():
            if word.isalpha() and len(word) >= SHORTEST - 1:
                self._spelling.create_dictionary_entry(word, count)
        self._abbreviations = dict(_abbreviations(documents))
        self._names = {
            tuple(map(stem, words(name))): document
            for document in documents
            for name in (*_parts_of_title(document), *document.aliases, document.title)
        }
        self._longest = max(map(len, self._names), default=0)

    def correct(self, question: str) -> str:
        """Return `question` with each unknown word replaced by the nearest one of the documents,
        or else by a common English word or place one slip away.

        Words of the documents, English words, numbers and names in capitals stay as they are.
        What someone makes, and the going rate, is called what they earn, and the pay.
        """
        spelt = _TYPED.sub(lambda match: self._corrected(match.group()), question)
        spelt = _AND.sub("and", _DOES.sub("does", spelt))
        return _MAKES.sub(r"\1earn", _GOING_RATE.sub("pay", spelt))

    def expand(self, question: str) -> str:
        """Return `question` as it is searched for: abbreviations spelt out, and followed by the
        titles of the occupations that it calls by another name."""
        spelt = _TYPED.sub(lambda m: self._spelt_out(m.group()), question)
        said = _stems(question)
        titles = [
            document.title
            for document in self.named(question)
            if document.topic == OCCUPATION
            if not _stems(document.title) <= said
        ]
        return " ".join([spelt, *titles])

    def titled(self, text: str) -> str:
        """Return `text` with the titles of the occupations that it calls by another name in the
        place of those names."""
        said = _stems(text)

        def title_of(called: str, document: Document) -> str:
            title = _stems(document.title)
            return called if title <= said or _stems(called) <= title else document.title

        return self._with_names(text, title_of)

    def named(self, question: str) -> list[Document]:
        """Return the documents whose title or alias stands in `question`, in its order.

        Of two names at the same place the longer one counts.
        """
        stems = [stem(word) for word in words(question)]
        found: dict[str, Document] = {}
        at = 0
        while at < len(stems):
            size, document = self._name_at(stems, at)
            if document:
                found[document.id] = document
            at += size
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
        typed = list(_WORD.finditer(text))
        stems = [stem(match.group().casefold()) for match in typed]
        at = 0
        while at < len(stems):
            size, document = self._name_at(stems, at)
            if document:
                yield typed[at].start(), typed[at + size - 1].end(), document
            at += size

    def _name_at(self, stems: Sequence[str], at: int) -> tuple[int, Document | None]:
        for size in range(min(self._longest, len(stems) - at), 0, -1):
            document = self._names.get(tuple(stems[at : at + size]))
            if document:
                return size, document
        return 1, None

    def _corrected(self, typed: str) -> str:
        word = typed.lower()
        if word in _HURRIED:
            return _HURRIED[word]
        if len(word) < SHORTEST or typed[1:] != word[1:] or not word.isalpha():
            return typed
        if stem(word) in self._known or word in english_words():
            return typed
        reach = 2 if len(word) >= TWO_EDITS else 1
        found = self._spelling.lookup(word, self._closest, max_edit_distance=reach)
        if not found and typed == word and len(word) >= FAMILIAR:
            nearest = _english_spelling().lookup(word, self._closest, max_edit_distance=1)
            found = [suggested for suggested in nearest if _is_slip(word, suggested.term)]
        if not found:
            return typed
        return str(min(found, key=lambda s: (*_strangeness(word, s), -s.count, s.term)).term)

    def _spelt_out(self, typed: str) -> str:
        return self._abbreviations.get(typed.casefold(), typed)


@lru_cache(maxsize=1)
def english_words() -> frozenset[str]:
    """Return 82,000 English words, from the frequency list that symspellpy carries."""
    return frozenset(word for word, _ in _by_frequency())


def _by_frequency() -> Iterator[tuple[str, int]]:
    """English words with their counts, the most frequent first."""
    listed = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt")
    for line in listed.read_text(encoding="utf-8-sig").splitlines():
        word, _, count = line.partition(" ")
        yield word, int(count)


@lru_cache(maxsize=1)
def _english_spelling() -> "SymSpell":
    """The common English words, to put others right."""
    from symspellpy import SymSpell

    spelling = SymSpell(max_dictionary_edit_distance=1, prefix_length=7)
    for word, count in islice(_by_frequency(), COMMON):
        if len(word) >= FAMILIAR:
            spelling.create_dictionary_entry(word, count)
    return spelling


def _strangeness(typed: str, suggested: "SuggestItem") -> tuple[int, bool, bool]:
    """Order the words that `typed` may stand for: hurried people keep the first letter, and leave
    one out, swap two or double one more often than they take another."""
    word = suggested.term
    common = _leaves_swaps_or_doubles(typed, word)
    return suggested.distance, word[0] != typed[0], suggested.distance == 1 and not common


def _is_slip(typed: str, word: str) -> bool:
    """Tell whether `typed`, one edit from `word`, is likely a slip: other near words are names,
    as "canva" is, or "coursera"."""
    alike = len(typed) > FAMILIAR and typed.translate(_SOUNDS) == word.translate(_SOUNDS)
    slip = alike or _leaves_swaps_or_doubles(typed, word)
    return slip and word[0] == typed[0] and not word.startswith(typed)


def _leaves_swaps_or_doubles(typed: str, word: str) -> bool:
    """Tell whether one edit that makes `typed` of `word` leaves a letter out, or swaps or doubles
    some."""
    doubled = _DOUBLED.sub(r"\1", typed) == _DOUBLED.sub(r"\1", word)
    return doubled or len(word) == len(typed) + 1 or sorted(typed) == sorted(word)


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


def _abbreviations(documents: Sequence[Document]) -> Iterator[tuple[str, str]]:
    """Abbreviations that a page introduces, as in "natural language processing (NLP)"."""
    for document in documents:
        for match in _INTRODUCED.finditer(document.text):
            before = re.split(r"[\s-]+", match.group(1).strip())
            letters = match.group(2).lower()
            meant = before[-len(letters) :]
            if [word[:1].lower() for word in meant] == list(letters):
                yield letters, " ".join(meant)
