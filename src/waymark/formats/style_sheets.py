"""Style sheets inside a page → what they declare of one class or one id.

Not a cascade: selectors of one name are enough for what authors hide, and a rule for more than one
name only counts where it shows what a rule for one name hides.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from waymark.formats.colours import FAINT

Style = Mapping[str, str]  # property → value, in lower case with single spaces

OFF_SCREEN = ("left", "top", "right", "text-indent", "margin-left", "margin-top")
_EFFECTS = ("transform", "filter", "clip", "clip-path")
_HIDING = frozenset(
    "display visibility content-visibility opacity font-size width height max-height overflow "
    "position".split()
).union(OFF_SCREEN, _EFFECTS)
TINY = 2.0  # pixels up to which nothing is seen
EM = 16.0  # pixels, where nothing says otherwise
_WHOLE = 1000.0  # pixels of a screen, and of a box that is clipped
_FAR = 100.0  # pixels beyond the edge
_FAR_SHARE = 0.9 * _WHOLE  # of shares, by which half of a box is moved to centre it
_PIXELS = {
    "": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 38.0, "mm": 3.8, "q": 0.95,
    "rem": EM, "%": _WHOLE / 100, "v": _WHOLE / 100,
}  # fmt: skip
# Strangers write these: nothing below is tried twice.
_MEASURE = re.compile(r"(?:calc\( ?)?([+-]?(?:\d++(?:\.\d*+)?|\.\d++))(%|[a-z]*+)(?: ?\))?")
_CALL = re.compile(r"(?<![a-z0-9])([a-z0-9]++)\(([^()]*+)\)")
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
    return {
        name.strip(): " ".join(re.sub(r"!\s*important", "", value).split())
        for name, _, value in pairs
        if value
    }


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


def pixels(value: str, em: float = EM) -> float:
    """Return about how many pixels a length is at a font of `em` pixels, or a share of the screen.

    What is neither is nan, of which no comparison holds.
    """
    number, unit = _measure(value)
    return number * {**_PIXELS, "em": em, "ex": em / 2, "ch": em / 2}.get(unit, math.nan)


def hides(style: Style) -> bool:
    """Whether these declarations leave nothing to see of an element and of all that is in it."""
    if style.get("display") == "none" or style.get("content-visibility") == "hidden":
        return True
    if _is_faint(style.get("opacity", "1")):
        return True
    if any(_is_far(style[name]) for name in OFF_SCREEN if name in style):
        return True
    placed = style.get("position") in ("absolute", "fixed")  # where alone `clip` counts
    effects = (style[name] for name in _EFFECTS if name in style and (name != "clip" or placed))
    return _is_cut_off(style) or any(map(_leaves_nothing, effects))


def _measure(value: str) -> tuple[float, str]:
    """A number and its unit, one of a viewport as "v"."""
    found = _MEASURE.fullmatch(value)
    if not found:
        return math.nan, ""
    return float(found[1]), "v" if "v" in found[2] else found[2]


def _is_faint(value: str) -> bool:
    number, unit = _measure(value)
    return abs(number) <= (100 * FAINT if unit == "%" else FAINT)


def _is_far(value: str) -> bool:
    return pixels(value) <= -(_FAR_SHARE if _measure(value)[1] in ("%", "v") else _FAR)


def _is_cut_off(style: Style) -> bool:
    """Whether a box is too small for its text, or its text begins beyond its edge."""
    if not style.get("overflow", "").startswith(("hidden", "clip")):
        return False
    sizes = (pixels(style.get(name, "")) for name in ("width", "height", "max-height"))
    if any(0 <= size <= TINY for size in sizes):
        return True
    return style.get("white-space") == "nowrap" and pixels(style.get("text-indent", "")) >= _WHOLE


def _leaves_nothing(effect: str) -> bool:
    """Whether one of the filters, transforms or clips that are written as functions does."""
    calls = ((name, re.split(r" ?, ?| ", inside.strip())) for name, inside in _CALL.findall(effect))
    return any(_is_nothing(name, arguments) for name, arguments in calls)


def _is_nothing(name: str, arguments: Sequence[str]) -> bool:
    if name == "opacity" or name.startswith("scale"):
        return any(map(_is_faint, arguments[:2]))  # the third is depth
    if name.startswith("translate"):
        return any(_is_far(argument) for argument in arguments if "%" not in argument)
    sizes = [pixels(argument) for argument in arguments]
    if name in ("circle", "ellipse"):
        return sizes[0] <= 0
    if name == "rect" and len(sizes) == 4:
        return sizes[2] - sizes[0] <= TINY or sizes[1] - sizes[3] <= TINY
    if name == "inset":
        top, right, bottom, left = (sizes * 4)[:4] if len(sizes) < 3 else [*sizes, sizes[1]][:4]
        return top + bottom >= _WHOLE or left + right >= _WHOLE
    return False
