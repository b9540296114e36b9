"""What readers of a web page cannot see: found by its attributes and styles, and dropped.

Search engines and language models read what people cannot, which is how hidden instructions get
into answers. A part that a control of the page reveals (a tab, an accordion) counts as seen.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from waymark.formats.colours import FAINT, PAPER, Colour, colour
from waymark.formats.markup import walk
from waymark.formats.style_sheets import EM, TINY, Style, declarations, hides, named_styles, pixels

_HIDING_CLASSES = frozenset(
    "hidden d-none hide invisible sr-only visually-hidden visuallyhidden screen-reader-text "
    "element-invisible is-hidden u-hidden".split()
)
_SHOWN_LATER = re.compile(r"(?:^|\s)(?:d|sm|md|lg|xl|is|show)[-:]\S*(?:block|flex|inline|table)")
_GROUNDS = ("background-image", "background-color", "background")
_PICTURE = re.compile(r"(?:url|image-set|gradient)\(")
_WORDS = re.compile(r"#\w+|(?<![\w-])[a-z-]++(?:\([^()]*+\))?")
_NO_COLOUR = frozenset(  # that a ground may hold as well
    "none inherit initial unset revert repeat no-repeat repeat-x repeat-y space round scroll fixed "
    "local center left right top bottom cover contain auto border-box padding-box content-box "
    "text".split()
)
_AS_ABOVE = frozenset({"inherit", "unset", "currentcolor"})
_SIZE_ABOVE = frozenset({"inherit", "unset", "larger", "smaller"})
_SEEN = {"visible": True, "hidden": False, "collapse": False}


@dataclass(frozen=True, slots=True)
class _Look:
    """How text looks that stands directly in an element: its children inherit it.

    A colour that is not read stands as it is written; "" is what nothing is known of.
    """

    colour: Colour | str = ""
    ground: Colour | str = PAPER
    seen: bool = True
    size: float = EM  # pixels

    def within(self, style: Style) -> "_Look":
        """How text looks in a child of that style."""
        return _Look(
            self._colour(style),
            self._ground(style),
            _SEEN.get(style.get("visibility", ""), self.seen),
            self._size(style),
        )

    def is_legible(self) -> bool:
        return self.seen and not 0 <= self.size <= TINY and self._stands_out()

    def _stands_out(self) -> bool:
        if isinstance(self.colour, str):
            return not self.colour or self.colour != self.ground
        if isinstance(self.ground, str):
            return self.colour.alpha > FAINT
        return self.colour.is_seen_on(self.ground)

    def _colour(self, style: Style) -> Colour | str:
        if "text" in (style.get("background-clip"), style.get("-webkit-background-clip")):
            return ""  # the ground shines through the letters
        own = style.get("color", "inherit")
        return self.colour if own in _AS_ABOVE else colour(own) or own

    def _ground(self, style: Style) -> Colour | str:
        for declared in filter(None, map(style.get, _GROUNDS)):
            if _PICTURE.search(declared):
                return "a picture"
            named = [word for word in _WORDS.findall(declared) if word not in _NO_COLOUR]
            found = next(filter(None, map(colour, named)), None)
            if named and not found:
                return declared
            if found and found.alpha == 1:
                return found
            if found and found.alpha and isinstance(self.ground, Colour):
                return found.over(self.ground)
        return self.ground

    def _size(self, style: Style) -> float:
        declared = style.get("font-size", "inherit")
        if declared in _SIZE_ABOVE:
            return self.size
        share = declared.endswith("%")
        size = (
            pixels(f"{declared[:-1]}em", self.size / 100) if share else pixels(declared, self.size)
        )
        return EM if math.isnan(size) else size


def drop_hidden(tree: Any) -> int:
    """Drop from `tree` what readers cannot see; return how many words that was."""
    revealed = _revealed(tree)
    named = named_styles((s.text or "", s.get("media", "")) for s in tree.iter("style"))
    hidden: list[Any] = []
    illegible: list[Any] = []
    looks = [_Look()]
    events = walk(tree)
    for event, element in events:
        if event == "end":
            looks.pop()
            continue
        style = _style(element, named)
        if element.tag in ("html", "head", "body") or _is_revealed(element, revealed):
            style = {name: style[name] for name in _GROUNDS if name in style}
        elif _is_hidden(element, style):
            hidden.append(element)
            events.skip_subtree()
        looks.append(looks[-1].within(style) if style else looks[-1])
        if element.tag != "style" and not looks[-1].is_legible():
            illegible.append(element)
    return sum(map(_blank, illegible)) + sum(map(_drop, hidden))


def _blank(element: Any) -> int:
    """Take away the text that stands directly in an element; return how many words that was."""
    places = [(element, "text"), *((child, "tail") for child in element)]
    words = sum(len((getattr(node, place) or "").split()) for node, place in places)
    for node, place in places:
        setattr(node, place, " ")
    return words


def _drop(element: Any) -> int:
    words = len(element.text_content().split())
    element.drop_tree()
    return words


def _revealed(tree: Any) -> frozenset[str]:
    """Ids of the parts that a link, tab or button of the page opens."""
    found: set[str] = set()
    for attribute in ("href", "aria-controls", "data-target", "data-bs-target", "for"):
        for element in tree.xpath(f"//*[@{attribute}]"):
            value = element.get(attribute)
            if attribute in ("aria-controls", "for"):
                found.update(value.split())
            elif value.startswith("#"):
                found.add(value[1:])
    return frozenset(found)


def _is_revealed(element: Any, revealed: frozenset[str]) -> bool:
    return element.get("id") in revealed or element.get("role") == "tabpanel"


def _style(element: Any, named: Mapping[str, Style]) -> Style:
    """What is declared of an element by its tag, its classes, its id and itself."""
    told = {"background-color": element.get("bgcolor", "").lower()}
    if element.tag == "font":
        told["color"] = element.get("color", "").lower()
    styles: list[Style] = [{name: value for name, value in told.items() if value}]
    styles += [named.get(element.tag, {})]
    styles += [named.get(f".{name}", {}) for name in element.get("class", "").split()]
    styles += [named.get(f"#{element.get('id')}", {}), declarations(element.get("style", ""))]
    return {name: value for style in styles for name, value in style.items()}


def _is_hidden(element: Any, style: Style) -> bool:
    """Whether nothing of an element is seen, whatever its children say of themselves."""
    if element.get("hidden") is not None or element.get("aria-hidden", "").lower() == "true":
        return True
    classes = element.get("class", "").split()
    if not _HIDING_CLASSES.isdisjoint(classes) and not _SHOWN_LATER.search(" ".join(classes)):
        return True
    return bool(style) and hides(style)
