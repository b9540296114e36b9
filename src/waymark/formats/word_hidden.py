"""What readers of a Word document cannot see: hidden by itself or its style, or like its ground.

White words are often the head of a table on dark cells: the nearest shading around them decides.
Works on elements of WordprocessingML (ECMA-376, part 1, 17).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HOLDERS = tuple(f"{_WORD}{name}" for name in ("p", "tc", "tbl", "txbxContent"))
_PAPER = "FFFFFF"
_AUTO = "AUTO"  # black or white, whichever is seen
MAX_DEPTH = 20  # of styles that are based on each other


@dataclass(frozen=True, slots=True)
class Styles:
    """Ids of the styles that hide text, and of those that put a ground under it."""

    hiding: frozenset[str] = frozenset()
    shading: frozenset[str] = frozenset()


def styles_of(sheet: Any) -> Styles:
    """Read them from the root of a style sheet."""
    styles = {style.get(f"{_WORD}styleId", ""): style for style in sheet.iter(f"{_WORD}style")}
    return Styles(_ids(styles, _vanishes), _ids(styles, _shades))


def drop_hidden(root: Any, styles: Styles) -> int:
    """Drop from `root` the runs that readers cannot see; return how many words they held."""
    background = root.find(f"{_WORD}background")
    paper = _PAPER if background is None else background.get(f"{_WORD}color", _AUTO).upper()
    paper = _PAPER if paper == _AUTO else paper
    words = 0
    for run in list(root.iter(f"{_WORD}r")):
        colour = _value(run, "rPr", "color").upper()
        if _vanishes_in(run, styles) or (
            colour not in ("", _AUTO) and colour == _ground(run, styles, paper)
        ):
            words += len("".join(t.text or "" for t in run.iter(f"{_WORD}t")).split())
            run.getparent().remove(run)
    return words


def _ids(styles: Mapping[str, Any], says: Callable[[Any], bool | None]) -> frozenset[str]:
    """Ids of the styles of which, or of what they are based on, `says` is first true."""
    found = set()
    for name, style in styles.items():
        for _ in range(MAX_DEPTH):
            if style is None or says(style) is not None:
                break
            style = styles.get(_value(style, "basedOn"))
        if style is not None and says(style):
            found.add(name)
    return frozenset(found)


def _vanishes(holder: Any) -> bool | None:
    mark = holder.find(f"{_WORD}rPr/{_WORD}vanish")
    return None if mark is None else mark.get(f"{_WORD}val", "true") not in ("0", "false", "off")


def _shades(style: Any) -> bool | None:
    return any(map(_fill, style.iter(f"{_WORD}shd"))) or None


def _vanishes_in(run: Any, styles: Styles) -> bool:
    vanishes = _vanishes(run)
    if vanishes is not None:
        return vanishes
    paragraph = next(run.iterancestors(f"{_WORD}p"), None)
    named = {_value(run, "rPr", "rStyle")}
    if paragraph is not None:
        named.add(_value(paragraph, "pPr", "pStyle"))
    return not styles.hiding.isdisjoint(named)


def _ground(run: Any, styles: Styles, paper: str) -> str:
    """The fill behind a run; a pattern, a style or a shape stands for some other colour."""
    if _value(run, "rPr", "highlight") not in ("", "none", "white"):
        return "highlight"
    for holder in (run, *run.iterancestors(*_HOLDERS)):
        if holder.tag == f"{_WORD}txbxContent":
            return "shape"
        shading = holder.find(f"{holder.tag}Pr/{_WORD}shd")
        fill = _fill(shading) if shading is not None else ""
        name = holder.tag.removeprefix(_WORD)
        style = _value(holder, f"{name}Pr", f"{name}Style")
        if fill or style in styles.shading:
            return fill or "style"
    return paper


def _fill(shading: Any) -> str:
    if shading.get(f"{_WORD}val", "clear") not in ("clear", "nil"):
        return "pattern"
    fill: str = shading.get(f"{_WORD}fill", "auto").upper()
    return "" if fill == "AUTO" else fill


def _value(element: Any, *path: str) -> str:
    """The value of the property that the names in `path` lead to, or ""."""
    found = element.find("/".join(f"{_WORD}{name}" for name in path))
    return "" if found is None else found.get(f"{_WORD}val", "")
