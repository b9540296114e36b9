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

from waymark.sentences import stem

if TYPE_CHECKING:
    from symspellpy import SymSpell
    from symspellpy.suggest_item import SuggestItem

SHORTEST = 4  # letters of a word that may be put right
TWO_EDITS = 6  # letters from which two edits are allowed; in a shorter word they change it
LONG = 8  # letters from which a word two edits away need not sound alike: "golang" is not going
FAMILIAR = 5  # letters of a name, or of a word that may be a slip for one of no document
COMMON = 30_000  # of the English words, the likeliest; rarer ones are more often names

# Words as they are typed in a hurry or by ear: the documents have no say in what they mean.
_HURRIED = {
    "abot": "about", "abt": "about", "agen": "again", "agenst": "against", "alot": "a lot",
    "bak": "back", "bcoz": "because", "bout": "about", "choise": "choice", "comute": "commute",
    "coud": "could", "coudnt": "couldn't", "coz": "because", "cud": "could", "cust": "customer",
    "cuz": "because", "desine": "design", "dieing": "dying", "diffrent": "different",
    "difrent": "different", "dosent": "doesn't", "dosnt": "doesn't", "engs": "engineers",
    "enuf": "enough", "ern": "earn", "evry": "every", "fale": "fail", "fone": "phone",
    "gimme": "give me", "gonna": "going to", "gotta": "have to", "haf": "have", "hav": "have",
    "hrs": "hours", "jst": "just", "jus": "just", "kmeans": "k-means", "kno": "know",
    "libs": "libraries", "lites": "lights", "lones": "loans", "menny": "many", "mny": "many",
    "mths": "months", "munny": "money", "mutch": "much", "nite": "night", "nites": "nights",
    "noone": "no one", "notis": "notice", "offen": "often", "overnite": "overnight", "payd": "paid",
    "persent": "percent", "pls": "please", "plumer": "plumber", "plz": "please", "ppl": "people",
    "precent": "percent", "probs": "problems", "repare": "repair", "rong": "wrong",
    "saked": "sacked", "scamer": "scammer", "shd": "should", "shld": "should", "shoud": "should",
    "shud": "should", "shure": "sure", "skool": "school", "skools": "schools", "sumone": "someone",
    "tak": "take", "teech": "teach", "teh": "the", "thay": "they", "thier": "their",
    "tho": "though", "thru": "through", "til": "until", "trane": "train", "u": "you", "ur": "your",
    "wana": "want to", "wanna": "want to", "wat": "what", "wats": "what's", "wen": "when",
    "wht": "what", "wich": "which", "wil": "will", "wks": "weeks", "wot": "what", "wots": "what's",
    "wud": "would", "wuld": "would", "xtra": "extra", "yr": "year", "yrs": "years",
}  # fmt: skip

# Slips that are words themselves, by the word beside them.
_DOES = re.compile(
    r"\bdose(?= (?:an?|the|i|it|u|you|they|he|she|that|this|anyone|anybody)\b)", re.I
)
_AND = re.compile(r"\ban(?= (?:is|are|do|does|did|can|could|would|should|how|what|when|why|the)\b)")
_HOW = re.compile(
    r"\bhw(?= (?:much|many|long|often|offen|high|hard|big|far|old|soon|good|bad|about|do|does|did"
    r"|can|could|should|would|will|is|are|to|i|you|we|they)\b)",
    re.I,
)
_ARE = re.compile(r"(?<=\w )r(?= (?:there|they|u|you|we|these|those)\b)")  # capital R is a language
TYPED = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_UNMARKED = re.compile(  # "dont", "weve"
    r"(?:is|are|was|were|has|have|had|do|does|did|ca|could|should|would|wo|might|must|need)nt"
    r"|(?:i|you|he|she|it|we|they|that|there|who|what|could|should|would|might|must)"
    r"(?:d|ll|m|re|s|ve)"
)
# Names, exams and trades' words that are near another word.
_NAMES = frozenset(
    """alevel arial bloggs chai commis deliveroo deloitte evernote gradio infosys jupyter lsat lyft
    moodle patreon pinterest podcaster polars preply primark publix repost resit seldon sketchup
    spacex standup stata substack swotting truckie underfit uworld venmo vestas wickes xero yeet
    youtuber""".split()
)
_DOUBLED = re.compile(r"(.)\1")
_SOUNDS = str.maketrans("aiouwyckqxz", "eeeeeesssss")  # letters taken for one another
_KEYS = "qwertyuiop asdfghjkl zxcvbnm"  # a hasty finger hits the one beside


class Spelling:
    """Puts words right by a set of documents, whose words and their `counts` it is made from."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        from symspellpy import SymSpell, Verbosity

        self._closest = Verbosity.CLOSEST
        self._known = {stem(word) for word in (*counts, *_NAMES)}
        self._near = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
        for word, count in counts.items():
            if word.isalpha() and len(word) >= SHORTEST - 1:
                self._near.create_dictionary_entry(word, count)

    def correct(self, question: str) -> str:
        """Return `question` with each unknown word replaced by the nearest one of the documents,
        or else by a common English word or place one slip away.

        Words of the documents, English words, numbers and names in capitals stay as they are.
        """
        spelt = TYPED.sub(lambda match: self._corrected(match.group()), question)
        return _ARE.sub("are", _AND.sub("and", _HOW.sub("how", _DOES.sub("does", spelt))))

    def _corrected(self, typed: str) -> str:
        word = typed.lower()
        if word in _HURRIED and not typed.isupper():
            return _HURRIED[word]
        shortest = SHORTEST if typed == word else FAMILIAR
        if len(word) < shortest or typed[1:] != word[1:] or not word.isalpha():
            return typed
        if stem(word) in self._known or word in english_words() or _UNMARKED.fullmatch(word):
            return typed
        found = self._suggested(word, name=typed != word)
        if not found:
            return typed
        return str(min(found, key=lambda s: (*_strangeness(word, s), -s.count, s.term)).term)

    def _suggested(self, word: str, name: bool) -> "list[SuggestItem]":
        """Words of the documents one slip away, or else of English, or else words of the documents
        that are one or two other edits away."""
        near: list[SuggestItem] = self._near.lookup(word, self._closest, max_edit_distance=1)
        found = [suggested for suggested in near if _is_slip(word, suggested.term)]
        if not found and not name:
            found = _english_slips(word)
        if found or name:
            return found
        found = [suggested for suggested in near if _is_odd_slip(word, suggested.term)]
        if not found and len(word) >= TWO_EDITS:
            farther = self._near.lookup(word, self._closest, max_edit_distance=2)
            found = [suggested for suggested in farther if _is_far_slip(word, suggested.term)]
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


def _english_slips(word: str) -> "list[SuggestItem]":
    from symspellpy import Verbosity

    if len(word) < FAMILIAR:
        return []
    near = _english_spelling().lookup(word, Verbosity.CLOSEST, max_edit_distance=1)
    return [s for s in near if _is_slip(word, s.term) and _is_familiar(word, s.term)]


def _strangeness(typed: str, suggested: "SuggestItem") -> tuple[int, bool, bool]:
    """Order the words that `typed` may stand for: hurried people keep the first letter, and leave
    one out, swap two or double one more often than they take another."""
    word = suggested.term
    one = suggested.distance == 1
    likely = _leaves_swaps_or_doubles(typed, word) if one else _are_alike(typed, word)
    return suggested.distance, word[0] != typed[0], not likely


def _is_slip(typed: str, word: str) -> bool:
    """Tell whether `typed`, one edit from `word`, is likely a slip: other near words are names,
    as "uber" is, or "coursera"."""
    slip = _are_alike(typed, word) or _leaves_swaps_or_doubles(typed, word)
    return slip and word[0] == typed[0]


def _is_familiar(typed: str, word: str) -> bool:
    """Tell whether a slip for a word that no document has is no name, as "canva" is, or "spacy"."""
    apart = len(typed) > FAMILIAR or _leaves_swaps_or_doubles(typed, word)
    return apart and not word.startswith(typed)


def _is_odd_slip(typed: str, word: str) -> bool:
    """Tell whether a rarer edit made `typed` of `word`; in a short word, only the next key."""
    if len(typed) >= TWO_EDITS:
        return not typed.startswith(word)
    hit = [one + other for one, other in zip(typed, word, strict=False) if one != other]
    beside = len(typed) == len(word) and (hit[0] in _KEYS or hit[0][::-1] in _KEYS)
    return beside and typed[0] == word[0]


def _is_far_slip(typed: str, word: str) -> bool:
    """Tell whether two edits are likely to have made `typed` of `word`."""
    return typed[0] == word[0] and (len(typed) >= LONG or _sounds_like(typed, word))


def _are_alike(typed: str, word: str) -> bool:
    """Tell whether two words differ only in letters that are taken for one another."""
    return typed.translate(_SOUNDS) == word.translate(_SOUNDS)


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
