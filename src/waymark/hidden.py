"""What readers of a web page cannot see: found by its attributes and styles, and dropped.

Search engines and language models read what people cannot, which is how hidden instructions get
into answers. A part that a control of the page reveals (a tab, an accordion) counts as seen.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from waymark.markup import walk
from waymark.style_sheets import Style, declarations, hides, is_zero, named_styles

_HIDING_CLASSES = frozenset(
    "hidden d-none hide invisible sr-only visually-hidden visuallyhidden screen-reader-text "
    "element-invisible is-hidden u-hidden".split()
)
_SHOWN_LATER = re.compile(r"(?:^|\s)(?:d|sm|md|lg|xl|is|show)[-:]\S*(?:block|flex|inline|table)")
_WHITE = frozenset({"white", "#fff", "#ffffff", "rgb(255,255,255)", "rgba(255,255,255,1)"})
_GROUNDS = ("background-image", "background-color", "background")
_NO_PICTURE = re.compile(r"(?<=.)none(?:repeat|scroll|[\d.%]|px)*$")  # behind a colour
_NO_GROUND = frozenset({"", "none", "transparent", "inherit", "initial", "unset"})
_AS_ABOVE = frozenset({"inherit", "unset", "currentcolor"})
_OF_THE_SIZE_ABOVE = re.compile(r"(?:(?<!r)em|ex|ch|%|inherit|unset|larger|smaller)$")
_SEEN = {"visible": True, "hidden": False, "collapse": False}


@dataclass(frozen=True, slots=True)
class _Look:
    """How text looks that stands directly in an element: its children inherit it."""

    colour: str = ""
    ground: str = "white"
    seen: bool = True
    sized: bool = True

    def within(self, style: Style) -> "_Look":
        """How text looks in a child of that style."""
        colour, size = style.get("color", "inherit"), style.get("font-size", "inherit")
        grounds = (_NO_PICTURE.sub("", style.get(name, "")) for name in _GROUNDS)
        return _Look(
            self.colour if colour in _AS_ABOVE else colour,
            next((ground for ground in grounds if ground not in _NO_GROUND), self.ground),
            _SEEN.get(style.get("visibility", ""), self.seen),
            not is_zero(size) and (self.sized or not _OF_THE_SIZE_ABOVE.search(size)),
        )

    def is_legible(self) -> bool:
        alike = self.colour == self.ground or {self.colour, self.ground} <= _WHITE
        return self.seen and self.sized and not alike


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
    ground = element.get("bgcolor")
    styles = [{"background-color": ground.lower()} if ground else {}, named.get(element.tag, {})]
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
