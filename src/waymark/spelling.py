"""The words of the documents and of English → what a misspelt question means.

Only importer of symspellpy (Garbe's symmetric delete algorithm,
https://github.com/wolfgarbe/SymSpell), which also carries the list of English words.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from itertools import islice
from typing import TYPE_CHECKING

from waymark.sentences import STOP_WORDS, stem

if TYPE_CHECKING:
    from symspellpy import SymSpell
    from symspellpy.suggest_item import SuggestItem

SHORTEST = 4  # letters of a word that may be put right
TWO_EDITS = 6  # letters from which two edits are allowed; in a shorter word they change it
LONG = 8  # letters from which a word two edits away need not sound alike: "golang" is not going
FAMILIAR = 5  # letters of a word that may be a slip for one the documents do not have
COMMON = 30_000  # of the English words, the likeliest; rarer ones are more often names

# Small words as they are typed in a hurry: the documents have no say in what they mean.
_HURRIED = {
    "abot": "about", "abt": "about", "agen": "again", "bak": "back", "bcoz": "because",
    "bout": "about", "coz": "because", "cud": "could", "cuz": "because", "difrent": "different",
    "diffrent": "different", "enuf": "enough", "ern": "earn",
    "evry": "every", "gimme": "give me", "gonna": "going to", "gotta": "have to", "haf": "have",
    "hav": "have", "hw": "how", "jst": "just", "jus": "just", "kno": "know", "menny": "many",
    "mny": "many", "munny": "money", "nite": "night", "nites": "nights",
    "pls": "please", "plz": "please", "ppl": "people", "rong": "wrong",
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
# Everyday turns and what the pages, and the models that learnt from them, call it.
_TURNS = tuple(
    (re.compile(turn, re.I), meant)
    for turn, meant in (
        (r"\bgoing rate\b", "pay"),
        (
            r"(\b(?:how much(?: money)?|what) (?:do|does|did|can|could|would|will|might)\b"
            r"[^?.,;]* )make(?=\W*$|[?.,;]| (?:in|per) (?:an?|the|one)\b"
            r"| an? (?:year|month|week|hour)\b| on average\b)",
            r"\1earn",
        ),
        (
            r"(\bhow (?:do|can|could|would|should) (?:i|you|we|one|people) )"
            r"train (?:as|to be|to become)\b",
            r"\1become",
        ),
        (
            r"\bhow (?:do|are) ((?:(?!models|networks|machines|algorithms)[^\W\d]+ ){1,3})"
            r"(?<=s )train(?:ed)?(?=\W*$)",
            r"what training do \1need",
        ),
        (r"^\W*(?:(?:any|some|good|best) )?ways to (?=[a-z])", "how do I "),
        (r"\bskip (?=(?:(?:a|the|my) )?(?:degree|college|uni\w*|exam|course)\b)", "do without "),
        (r"\b(?:do|does) ([^?.,;]*)get replaced\b", r"will \1be replaced"),
        (r"\b(?:zoom|skype|webex)(?= (?:inter\w+|calls?|meetings?)\b)", "video"),
    )
)  # fmt: skip
TYPED = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_UNMARKED = {word.replace("'", "") for word in STOP_WORDS}  # "dont", "ive"
_DOUBLED = re.compile(r"(.)\1")
_SOUNDS = str.maketrans("aiouyckqxz", "eeeeesssss")  # letters taken for one another


class Spelling:
    """Puts words right by a set of documents, whose words and their `counts` it is made from."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        from symspellpy import SymSpell, Verbosity

        self._closest = Verbosity.CLOSEST
        self._known = {stem(word) for word in (*counts, *_UNMARKED)}
        self._near = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
        for word, count in counts.items():
            if word.isalpha() and len(word) >= SHORTEST - 1:
                self._near.create_dictionary_entry(word, count)

    def correct(self, question: str) -> str:
        """Return `question` with each unknown word replaced by the nearest one of the documents,
        or else by a common English word or place one slip away.

        Words of the documents, English words, numbers and names in capitals stay as they are.
        A few everyday turns give way to what the pages say: the pay for the going rate.
        """
        spelt = TYPED.sub(lambda match: self._corrected(match.group()), question)
        spelt = _AND.sub("and", _DOES.sub("does", spelt))
        for turn, meant in _TURNS:
            spelt = turn.sub(meant, spelt)
        return spelt

    def _corrected(self, typed: str) -> str:
        word = typed.lower()
        if word in _HURRIED and not typed[1:].isupper():
            return _HURRIED[word]
        if len(word) < SHORTEST or typed[1:] != word[1:] or not word.isalpha():
            return typed
        if stem(word) in self._known or word in english_words():
            return typed
        found = self._suggested(word, slips=typed == word)
        if not found:
            return typed
        return str(min(found, key=lambda s: (*_strangeness(word, s), -s.count, s.term)).term)

    def _suggested(self, word: str, slips: bool) -> "list[SuggestItem]":
        """Words of the documents one edit away, or else of English, or else two edits away."""
        found: list[SuggestItem] = self._near.lookup(word, self._closest, max_edit_distance=1)
        if not found and slips and len(word) >= FAMILIAR:
            nearest = _english_spelling().lookup(word, self._closest, max_edit_distance=1)
            found = [suggested for suggested in nearest if _is_slip(word, suggested.term)]
        if not found and len(word) >= TWO_EDITS:
            farther = self._near.lookup(word, self._closest, max_edit_distance=2)
            found = [s for s in farther if len(word) >= LONG or _sounds_like(word, s.term)]
        return found


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


def _sounds_like(typed: str, word: str) -> bool:
    """Tell whether two words of about one length have the same consonants."""
    return abs(len(typed) - len(word)) < 2 and _consonants(typed) == _consonants(word)


def _consonants(word: str) -> str:
    sounds = word.replace("ph", "f").translate(_SOUNDS)
    return _DOUBLED.sub(r"\1", sounds.replace("e", ""))


def _leaves_swaps_or_doubles(typed: str, word: str) -> bool:
    """Tell whether one edit that makes `typed` of `word` leaves a letter out, or swaps or doubles
    some."""
    doubled = _DOUBLED.sub(r"\1", typed) == _DOUBLED.sub(r"\1", word)
    return doubled or len(word) == len(typed) + 1 or sorted(typed) == sorted(word)
