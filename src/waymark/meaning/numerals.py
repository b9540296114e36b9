"""Text → the same text with each number in digits, whatever the script, grouping or words.

"seventy thousand", "70 000" and "70.000 €" become "70000"; "two thirds", "2 in 3" and "⅔" become
"2/3"; "twice" becomes "2 times". What a number counts is for `figures` to read.
"""

import re
import unicodedata
from decimal import Decimal

_ONES = "one two three four five six seven eight nine"
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: value for value, word in enumerate(f"zero {_ONES} {_TEENS}".split())}
_SMALL |= {word: value for word, value in zip(_TENS.split(), range(20, 100, 10), strict=True)}
LARGE = {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9}
LARGE |= {"lakh": 10**5, "crore": 10**7, "trillion": 10**12}
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_DURATIONS = "year|month|week|day|hour|minute|decade|fortnight"

_LARGE_WORD = "|".join(LARGE)
_SPELT = "|".join(sorted([*_SMALL, *LARGE], key=len, reverse=True))
_AFTER_LARGE = "|".join(rf"(?<={word})" for word in LARGE)
_SPELT_NUMBER = re.compile(
    rf"(?<!\d[ -])\b(?:an? (?={_LARGE_WORD}))?(?:{_SPELT})\b"
    rf"(?:(?:[ -](?=(?:{_LARGE_WORD})\b)|(?<=ty)[ -](?=(?:{_ONES.replace(' ', '|')})\b)"
    rf"|(?:{_AFTER_LARGE})(?: and |[ -]))(?:{_SPELT})\b){{0,30}}",  # more words are no number
    re.IGNORECASE,
)
_ONE = re.compile(  # elsewhere "one" is mostly a pronoun
    r"(?<!\beach )(?<!\bevery )(?<!\bthis )(?<!\bthat )(?<!\bany )"
    rf"\bone(?=[ -](?:(?:full|whole|more) )?(?:{_DURATIONS}|time|per ?cent)s?\b"
    rf"|\s%| (?:and a half|point)\b"
    r"| (?:in|or|to) \d)",
    re.IGNORECASE,
)
_A_WHILE = re.compile(  # "takes a year", but not "paid by the hour, twice a year"
    r"\b((?:takes?|took|lasts?|lasted|for|after|within|in|under|over|about|around|nearly|almost"
    rf"|than|least|most|to) )an? (?=(?:{_DURATIONS})\b)",
    re.IGNORECASE,
)
_PART_OF_LARGE = re.compile(
    rf"\b(half|a quarter|(?:three|3) quarters)(?: of)? an? ({_LARGE_WORD})\b", re.IGNORECASE
)
_AND_A_HALF = re.compile(r"(?<!\d)(\d+),? and a half\b", re.IGNORECASE)
_PART = "|".join(_PARTS)
_COUNTED_PARTS = re.compile(
    rf"\b(?:(one|1)[ -]({_PART})|(\d{{1,2}}|{'|'.join(_SMALL)})[ -]({_PART}|halve)s)\b(?!-)",
    re.IGNORECASE,
)
_A_PART = re.compile(
    r"\ba (?:(third|fifth|sixth|eighth|tenth)"
    r"(?= (?:of|to|or|and|in|more|less|fewer|are|is|have|work|were|was)\b|[.,;:)]|$)"
    r"|(quarter)(?= of\b))"
    r"|(?:(?<=\bby )|(?<=\bis )|(?<=than )|(?<=about )|(?<=nearly )|(?<=almost ))a (quarter)\b",
    re.IGNORECASE,
)
_HALF = re.compile(r"\b(?:a )?half\b(?!-)", re.IGNORECASE)
_OUT_OF = re.compile(
    r"(?<![\d.,$£€])\b(\d{1,2}) in (100?0?0?|[1-9]\d?)\b"
    rf"(?! (?:{_DURATIONS})s?\b)",
    re.IGNORECASE,
)
_TIMES = {"once": 1, "twice": 2, "thrice": 3}
_HOW_OFTEN = re.compile(
    rf"\b(?:once(?= (?:an?|per|each|every|in an?) (?:{_DURATIONS}|quarter)\b)|twice|thrice)\b",
    re.IGNORECASE,
)
_SIGNS = {"usd": "$", "us$": "$", "dollar": "$", "eur": "€", "euro": "€", "gbp": "£", "pct": "%"}
_CODE_BEFORE = re.compile(r"\b(US\$|USD|EUR|GBP)\s?(?=\d)")
_SIGN_AFTER = re.compile(
    rf"(?:(?<=\d)|(?<=\d[kKmM])|(?<=\dbn)|(?<=ty)|(?<=een)|{_AFTER_LARGE}"
    rf"|{'|'.join(f'(?<=[ -]{word})' for word in _SMALL if word not in _TENS.split())})"
    r"[\s-]?(USD|EUR|GBP|dollar|euro|pct)s?\b",
    re.IGNORECASE,
)
_IN_EVERY = re.compile(
    rf"(?:(?<=\d)|{'|'.join(f'(?<={word})' for word in _SMALL)})"
    rf" (?:out of(?: every)?|(?:in|of) every) (?=\d|(?:an? )?(?:{_SPELT})\b)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    rf"\bbetween ((?:about )?(?:[$£€¥₹]? ?\d|(?:{_SPELT})\b)[^ ]*(?: [^ ]+){{0,3}}?) and"
    rf" (?=[$£€¥₹]? ?\d|(?:{_SPELT})\b)",
    re.IGNORECASE,
)
_MINUS = re.compile(r"\bminus (?=[$£€¥₹]?\d)", re.IGNORECASE)
_HALF_DAY = re.compile(r"(?<=\d)( ?)([ap])\.m\b\.?", re.IGNORECASE)
_SLASHED = re.compile(r"(?<![\d/])(\d{1,9})/(\d{1,9})(?![\d/])")
_MIXED = re.compile(r"(?<![\w.,/])(\d{1,3}) ([1-9])/([2-9])(?![\w/])")
_SPACED = re.compile(r"(?<![\d.,])\d{1,3}(?:[ '’]\d{3})+(?!\d)")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_BY_COMMAS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(\.\d+)?|[1-9]\d?(?:,\d\d)+,\d{3}(\.\d+)?")
_BY_POINTS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(,\d+)?")
_MONEY_BEFORE = re.compile(r"(?:[$£€¥₹]|\bCHF) ?$")
_LONGEST_MONEY = len("CHF ")
_MONEY_AFTER = re.compile(r" ?(?:[$£€¥₹]|(?:CHF|kr)\b)", re.IGNORECASE)
_BELOW_100 = rf"(?:{_TENS.replace(' ', '|')})-(?:{_ONES.replace(' ', '|')})|{'|'.join(_SMALL)}"
_SHARED_SCALE = re.compile(  # of three digits at most, for "in 2020 to 3,000 million"
    rf"(?<![\w./:-])(\d{{1,3}}(?:\.\d+)?|{_BELOW_100}) ?(?:to|or|[-–—]) ?((?:about )?[$£€¥₹]?)"
    rf"(?=(\d+(?:\.\d+)?|{_BELOW_100})((?:[ -]?(?:{_LARGE_WORD})|k|m|mn|bn)\b))",
    re.IGNORECASE,
)


def in_plain_terms(text: str) -> str:
    """Return `text` with "$", "€", "£" and "%" for the codes and words beside its numbers.

    Numbers lose the words that mean something else elsewhere: "one hundred and two" its "and",
    "1 out of every 5" its "every", "between 2 and 3" its "and", "two thirds" both words.
    """
    text = _COUNTED_PARTS.sub(_fraction, _PART_OF_LARGE.sub(_part_of_large, text))
    text = _A_PART.sub(lambda m: f"1/{_PARTS[(m[1] or m[2] or m[3]).casefold()]}", text)
    text = _SPELT_NUMBER.sub(lambda match: match[0].replace(" and ", " "), text)
    text = _BETWEEN.sub(r"\1 to ", _IN_EVERY.sub(" in ", text))
    text = _CODE_BEFORE.sub(lambda m: _SIGNS[m[1].casefold()], text)
    return _SIGN_AFTER.sub(lambda m: f" {_SIGNS[m[1].casefold()]}", text)


def in_digits(text: str) -> str:
    """Return `text` with plain spaces and every number that it spells, groups or divides in
    digits, with a point before decimals; "one" on its own stays a pronoun."""
    plain = _grouped(in_plain_terms(_plain_characters(text)))
    plain = _SPELT_NUMBER.sub(_spelt, _SHARED_SCALE.sub(_with_scale, plain))
    plain = _A_WHILE.sub(r"\g<1>1 ", _ONE.sub("1", plain))
    plain = _AND_A_HALF.sub(r"\1.5", plain)
    plain = _OUT_OF.sub(r"\1/\2", _HALF.sub("1/2", plain))
    plain = _HOW_OFTEN.sub(lambda m: f"{_TIMES[m[0].casefold()]} times", plain)
    return _HALF_DAY.sub(r"\1\2m", _MINUS.sub("-", plain))


def _plain_characters(text: str) -> str:
    """NFKC, single spaces, digits of every script as 0 to 9; "2½" or "2 1/2" is 2.5, "10²" 10^2."""
    pieces: list[str] = []
    for character in text:
        if unicodedata.category(character) != "No":
            pieces.append(unicodedata.normalize("NFKC", character))
        elif "⁄" in unicodedata.normalize("NFKC", character):
            pieces.append(_vulgar_fraction(character, "".join(pieces[-1:])))
        else:
            pieces.append(f"^{unicodedata.normalize('NFKC', character)}")
    folded = " ".join(unicodedata.normalize("NFKC", "".join(pieces)).split())
    return _MIXED.sub(_mixed, "".join(str(unicodedata.decimal(c, c)) for c in folded))


def _vulgar_fraction(character: str, before: str) -> str:
    if before.isdecimal():
        return _decimals(unicodedata.numeric(character))
    return unicodedata.normalize("NFKC", character).replace("⁄", "/")


def _mixed(match: re.Match[str]) -> str:
    share = int(match[2]) / int(match[3])
    return f"{match[1]}{_decimals(share)}" if share < 1 else match[0]


def _decimals(share: float) -> str:
    return f"{share:.4g}".removeprefix("0")


def _grouped(text: str) -> str:
    """Take thousands together and write decimals with a point; keep "24/7" from being a share."""
    text = _SPACED.sub(lambda m: re.sub(r"\D", "", m[0]), text)
    text = _DIGITS.sub(_without_groups, text)
    return _SLASHED.sub(lambda m: m[0] if int(m[1]) < int(m[2]) else f"{m[1]} / {m[2]}", text)


def _without_groups(match: re.Match[str]) -> str:
    digits = match[0]
    if _BY_COMMAS.fullmatch(digits):
        return digits.replace(",", "")
    start, end = match.span()
    money = _MONEY_BEFORE.search(match.string, max(0, start - _LONGEST_MONEY), start)
    money = money or _MONEY_AFTER.match(match.string, end)
    if _BY_POINTS.fullmatch(digits) and (money or digits.count(".") > 1):
        return digits.replace(".", "").replace(",", ".")
    return digits.replace(",", ".")


def _with_scale(match: re.Match[str]) -> str:
    """In "50-60k" and "100 to 150 thousand" the first number has the scale of the second."""
    first, second = (_below_scale(match[group].casefold()) for group in (1, 3))
    return f"{first}{match[4]} to {match[2]}" if first < second else match[0]


def _below_scale(number: str) -> Decimal:
    return sum((Decimal(_SMALL.get(word, word)) for word in number.split("-")), Decimal())


def _spelt(match: re.Match[str]) -> str:
    spelt = match[0].casefold()
    if spelt == "one":
        return match[0]
    total, current = 0, 0
    for word in re.findall(_SPELT, spelt):
        if word in _SMALL:
            current += _SMALL[word]
        elif LARGE[word] < 1000:
            current = max(current, 1) * LARGE[word]
        else:
            total, current = total + max(current, 1) * LARGE[word], 0
    return str(total + current)


def _part_of_large(match: re.Match[str]) -> str:
    share = {"h": Decimal("0.5"), "a": Decimal("0.25")}.get(match[1][0].casefold(), Decimal("0.75"))
    return str(int(share * LARGE[match[2].casefold()]))


def _fraction(match: re.Match[str]) -> str:
    top = (match[1] or match[3]).casefold()
    bottom = (match[2] or match[4]).casefold()
    return f"{_SMALL.get(top, top)}/{_PARTS['half' if bottom == 'halve' else bottom]}"
