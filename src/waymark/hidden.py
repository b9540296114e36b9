"""What readers of a web page cannot see: found by its attributes and styles, and dropped.

Search engines and language models read what people cannot, which is how hidden instructions get
into answers. A part that a control of the page reveals (a tab, an accordion) counts as seen.
"""

import re
from collections.abc import Mapping
from typing import Any

_HIDING_CLASSES = frozenset(
    "hidden d-none hide invisible sr-only visually-hidden visuallyhidden screen-reader-text "
    "element-invisible is-hidden u-hidden".split()
)
_SHOWN_LATER = re.compile(r"(?:^|\s)(?:d|sm|md|lg|xl|is|show)[-:]\S*(?:block|flex|inline|table)")
_WHITE = frozenset({"white", "#fff", "#ffffff", "rgb(255,255,255)", "rgba(255,255,255,1)"})
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_NAME = re.compile(r"^[.#][\w-]+$")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_ZERO = re.compile(r"^[+-]?0*\.?0*(?:px|em|rem|pt|%)?$")
_FAR_AWAY = re.compile(r"^-\d{3,}(?:\.\d+)?(?:px|em|rem|pt|%)?$")
OFF_SCREEN = ("left", "top", "right", "text-indent", "margin-left", "margin-top")


def drop_hidden(tree: Any) -> int:
    """Drop from `tree` what readers cannot see; return how many words that was."""
    revealed = _revealed(tree)
    named = _named_styles(tree)
    dropped = 0
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element.getparent() is None:
            continue
        if element.tag in ("html", "head", "body") or _is_revealed(element, revealed):
            continue
        if _is_hidden(element, named):
            dropped += len(element.text_content().split())
            element.drop_tree()
    return dropped


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


def _named_styles(tree: Any) -> Mapping[str, str]:
    """Declarations that a style sheet inside the page gives to one class or one id."""
    found: dict[str, str] = {}
    for sheet in tree.iter("style"):
        for selectors, declarations in _RULE.findall(_COMMENT.sub("", sheet.text or "")):
            for selector in map(str.strip, selectors.split(",")):
                if _NAME.match(selector):
                    found[selector] = f"{found.get(selector, '')};{declarations}"
    return found


def _is_hidden(element: Any, named: Mapping[str, str]) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden", "").lower() == "true":
        return True
    classes = element.get("class", "").split()
    if not _HIDING_CLASSES.isdisjoint(classes) and not _SHOWN_LATER.search(" ".join(classes)):
        return True
    styles = [named.get(f".{name}", "") for name in classes]
    styles += [named.get(f"#{element.get('id', '')}", ""), element.get("style", "")]
    style = ";".join(filter(None, styles))
    return bool(style) and _hides(_declarations(style))


def _declarations(style: str) -> Mapping[str, str]:
    pairs = (part.partition(":") for part in style.lower().split(";"))
    return {name.strip(): re.sub(r"\s+|!important", "", value) for name, _, value in pairs if value}


def _hides(style: Mapping[str, str]) -> bool:
    """Whether these declarations leave nothing to see."""
    if style.get("display") == "none" or style.get("visibility") in ("hidden", "collapse"):
        return True
    if any(_ZERO.match(style.get(name, "x")) for name in ("opacity", "font-size")):
        return True
    if any(_FAR_AWAY.match(style.get(name, "")) for name in OFF_SCREEN):
        return True
    flat = any(_ZERO.match(style.get(name, "x")) for name in ("width", "height", "max-height"))
    if flat and style.get("overflow", "").startswith(("hidden", "clip")):
        return True
    ground = style.get("background-color") or style.get("background") or "white"
    colour = style.get("color", "")
    return bool(colour) and (colour == ground or {colour, ground} <= _WHITE)
