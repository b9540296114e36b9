"""Style sheets inside a page → what they declare of one class or one id.

Not a cascade: selectors of one name are enough for what authors hide, and a rule for more than one
name only counts where it shows what a rule for one name hides.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

Style = Mapping[str, str]  # property → value, in lower case and without spaces

OFF_SCREEN = ("left", "top", "right", "text-indent", "margin-left", "margin-top")
_HIDING = frozenset(
    {"display", "visibility", "opacity", "font-size", "width", "height", "max-height", "overflow"}
    | set(OFF_SCREEN)
)
_ZERO = re.compile(r"^[+-]?(?:0+\.?0*|\.0+)(?:px|em|rem|pt|%)?$")
_FAR_AWAY = re.compile(r"^-\d{3,}(?:\.\d+)?(?:px|em|rem|pt|%)?$")
# Strangers write these: nothing below is tried twice.
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_STATEMENT = re.compile(r"@[\w-]++[^{};@]*+;")
_AT_BLOCK = re.compile(r"@([\w-]++)([^{};@]*+)\{((?:[^{}@]*+\{[^{}]*+\})*+[^{}@]*+)\}")
MAX_NESTING = 4  # of blocks with @ in each other
_WIDE_SCREEN = frozenset("only screen all and min-width px em rem".split())
_NAME = re.compile(r"^(?:[.#][\w-]+|html|body)$")
_NAMES = re.compile(r"[.#][\w-]+")
_GENERATED = re.compile(r"::|:(?:before|after|first-l)")
_PSEUDO_CLASS = re.compile(r":[\w-]+(?:\([^()]*\))?")


def declarations(style: str) -> Style:
    """Read "property: value; …"; of a property declared twice the last value counts."""
    pairs = (part.partition(":") for part in style.lower().split(";"))
    return {name.strip(): re.sub(r"\s+|!important", "", value) for name, _, value in pairs if value}


def named_styles(sheets: Iterable[tuple[str, str]]) -> Mapping[str, Style]:
    """Return what `sheets` (text and media) declare of each ".class", "#id", and of the page.

    A class that another rule shows in some state (".panel.open", ":checked + .panel") is shown.
    """
    found: dict[str, Style] = {}
    shown: dict[str, Style] = {}
    for selector, style in _rules(sheets):
        if _NAME.match(selector):
            found[selector] = {**found.get(selector, {}), **style}
        elif not hides(style) and style.get("visibility") not in ("hidden", "collapse"):
            showing = {name: value for name, value in style.items() if name in _HIDING}
            for name in _subject(selector) if showing else ():
                shown[name] = {**shown.get(name, {}), **showing}
    return {name: {**style, **shown.get(name, {})} for name, style in found.items()}


def _rules(sheets: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Style]]:
    for text, media in sheets:
        if _is_for_readers(media):
            for rule in _flattened(text).split("}"):
                selectors, _, declared = rule.rpartition("{")
                style = declarations(declared)
                for selector in selectors.rpartition("{")[2].split(","):
                    yield selector.strip(), style


def _flattened(sheet: str) -> str:
    """The rules that always hold for readers at a wide screen, freed of the blocks around them."""
    text = _STATEMENT.sub("", _COMMENT.sub("", sheet))
    for _ in range(MAX_NESTING):
        text = _AT_BLOCK.sub(lambda block: block[3] if _holds(block[1], block[2]) else "", text)
    return text


def _holds(name: str, condition: str) -> bool:
    name = name.lower()
    if name == "supports":
        return not condition.strip().lower().startswith("not")
    return name == "layer" or (name == "media" and _is_for_readers(condition))


def _is_for_readers(media: str) -> bool:
    queries = (set(re.findall(r"[a-z-]+", query)) for query in media.lower().split(","))
    return any(query <= _WIDE_SCREEN for query in queries)


def _subject(selector: str) -> list[str]:
    """Classes and ids of the element that a selector is about: ".a .b:not(.c).d" has .b and .d."""
    if _GENERATED.search(selector):
        return []
    return _NAMES.findall(re.split(r"[\s>+~]+", _PSEUDO_CLASS.sub("", selector).strip())[-1])


def is_zero(value: str) -> bool:
    """Whether a length or share is nothing."""
    return bool(_ZERO.match(value))


def hides(style: Style) -> bool:
    """Whether these declarations leave nothing to see of an element and of all that is in it."""
    if style.get("display") == "none" or is_zero(style.get("opacity", "1")):
        return True
    if any(_FAR_AWAY.match(style.get(name, "")) for name in OFF_SCREEN):
        return True
    flat = any(is_zero(style.get(name, "auto")) for name in ("width", "height", "max-height"))
    return flat and style.get("overflow", "").startswith(("hidden", "clip"))
