"""A web page → its main content as drafts, its title and source, and notes on what was left out.

What readers cannot see is dropped first (`hidden`), then what frames the content on every site:
navigation, banners, cookie notes, adverts, lists of links. Structure decides, and names of classes
that sites share; no rule knows one site.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from typing import Any

from waymark.errors import DocumentError
from waymark.formats.hidden import drop_hidden
from waymark.formats.junk import is_junk
from waymark.formats.markup import INLINE, Piece, line_of, pieces, tree_of
from waymark.formats.parsing import Draft, Parsed, assemble
from waymark.sentences import content_stems, share_of_words

_NOT_TEXT = ("script", "noscript", "template", "svg", "iframe", "object", "audio", "video")
_CONTROLS = ("style", "button", "input", "select", "textarea", "dialog", "rt", "rp")
_NEVER_FRAME = frozenset(
    "html head body main article h1 h2 h3 h4 h5 h6 p table caption thead tbody tfoot tr th td li "
    "dt dd pre blockquote figure figcaption".split()
)
_FRAME_TAGS = ("nav", "aside", "footer", "form")
_FRAME_ROLES = frozenset(
    "navigation banner contentinfo search complementary dialog alertdialog alert menu menubar "
    "toolbar tablist".split()
)
# Words of class names and ids that name the frame of a page, after splitting at - _ and capitals.
_FRAME_WORDS = frozenset(
    "nav navbar menu submenu breadcrumb breadcrumbs crumbs sidebar footer masthead cookie cookies "
    "gdpr ccpa advertisement adsense sponsored promo outbrain taboola addthis newsletter subscribe "
    "subscription disqus pagination pager skip skiplink skipnav modal popup lightbox toolbar "
    "postprofile userinfo byline jumpbox topiclist editsection navbox catlinks printfooter".split()
)
# These name work too (social work, job adverts, patient navigators, job sharing): the rest of the
# name must then say no more than where a part stands and what it is made of.
_ADVERTS = frozenset("ad ads advert adverts advertising".split())
_FRAME_TOPICS = _ADVERTS | frozenset(
    "social share sharing comments navigation navigator consent sponsor signature".split()
)
_PLACES = frozenset(
    "main top bottom left right header site page global primary secondary mobile article post bar "
    "box block area section container wrapper wrap inner outer content group panel widget list "
    "item items link links button buttons btn icon icons media toggle banner slot unit".split()
)
_HEADINGS = tuple(f"h{level}" for level in range(1, 7))
_HEADING_LINKS = "|".join(f"//{heading}//a|//{heading}//span" for heading in _HEADINGS)
_HEADING_BUTTONS = "|".join(f"//{heading}//button" for heading in _HEADINGS)
MAX_SHARE = 0.5  # of the page's text: what holds more is not the frame, whatever its name
LINKED = 0.8  # share of linked characters from which a block is only links
LINK_RUN = 3  # blocks of links in a row that make a menu
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_HEADING_WORDS = re.compile(r"[^\W_]+")
_WITHOUT = re.compile(r"\b(?:no|not|without|has|with)[-_]\w+", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s+[|–—·»]\s+|\s*:\s+:?\s*|\s+-\s+|\s*::\s*")


def parse_webpage(markup: str) -> Parsed:
    """Parse a web page into its main content.

    Raises DocumentError when nothing readable is left, saying whether it was hidden.
    """
    tree = tree_of(markup)
    meta = _meta(tree)
    _drop(list(tree.iter(*_NOT_TEXT)))
    before = _words(tree)
    hidden = drop_hidden(tree)
    _unwrap_headings(tree)
    _drop(list(tree.iter("head", *_CONTROLS)))
    _drop([link for link in tree.xpath(_HEADING_LINKS) if is_junk(link.text_content())])
    _drop_frame(tree)
    found = pieces(_main(tree))
    drafts = [piece.draft for piece in _without_menus(found)]
    kept = [draft for draft in drafts if draft.kind == "row" or not is_junk(draft.text)]
    if not any(draft.kind != "heading" for draft in kept):
        reason = "all its text is hidden from readers" if hidden else "is it filled by scripts?"
        raise DocumentError(f"no readable text was found in the page; {reason}")
    rest = before - hidden - sum(_count(draft.text) for draft in kept)
    return assemble(kept, meta, _notes(hidden, rest))


def parse_fragment(markup: str) -> list[Draft]:
    """Parse HTML that a converter made, or a chapter of a book: there is no frame to drop."""
    return visible_drafts(markup)[0]


def visible_drafts(markup: str) -> tuple[list[Draft], list[str]]:
    """Parse HTML without a frame, and note how much of it readers cannot see."""
    tree = tree_of(markup)
    before = _words(tree)
    drop_hidden(tree)
    _drop(list(tree.iter("head", *_NOT_TEXT)))
    return [piece.draft for piece in pieces(tree)], _notes(before - _words(tree), 0)


def _notes(hidden: int, frame: int) -> list[str]:
    notes = []
    if frame > 0:
        notes.append(f"{frame} words of navigation and other surroundings left out")
    if hidden:
        notes.append(f"{hidden} words that readers cannot see left out")
    return notes


def _drop(elements: Sequence[Any]) -> None:
    for element in elements:
        if element.getparent() is not None:
            element.drop_tree()


def _unwrap_headings(tree: Any) -> None:
    """Keep the heading of an accordion: all of its text is the button that opens the part."""
    for button in tree.xpath(_HEADING_BUTTONS):
        heading = next(button.iterancestors(*_HEADINGS))
        if _words(button) == _words(heading):
            button.drop_tag()


def _drop_frame(tree: Any) -> None:
    """Drop navigation, banners, adverts and the like, unless they hold most of the page."""
    whole = _words(tree)
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or not _is_frame(element):
            continue
        if element.getparent() is None or element.getroottree().getroot() is not tree:
            continue
        if _words(element) <= whole * MAX_SHARE and not _holds_content(element):
            element.drop_tree()


def _is_frame(element: Any) -> bool:
    tag = element.tag
    if tag in _NEVER_FRAME or tag in INLINE:
        return False
    if tag in _FRAME_TAGS or element.get("role", "").lower() in _FRAME_ROLES:
        return True
    if tag == "header":
        return not any(parent.tag in ("main", "article") for parent in element.iterancestors())
    names = element.get("class", "")
    if not _names_frame(names):
        names = element.get("id", "")
        if not _names_frame(names) or _is_named_after_heading(element):
            return False
    return not _is_about_adverts(element, names)


def _is_about_adverts(element: Any, names: str) -> bool:
    """Whether no more than adverts name a part, of which the heading speaks: "Job adverts"."""
    if _names_frame(names, _FRAME_TOPICS - _ADVERTS):
        return False
    words = _heading_words(element)
    return len(words) > 1 and not _ADVERTS.isdisjoint(words)


def _is_named_after_heading(element: Any) -> bool:
    """Generators of pages make the id of a section from the words of its heading."""
    words = _HEADING_WORDS.findall(element.get("id", "").lower())
    return len(words) > 1 and _heading_words(element) == words


def _heading_words(element: Any) -> list[str]:
    heading = next(element.iter(*_HEADINGS), None)
    return [] if heading is None else _HEADING_WORDS.findall(line_of(heading).lower())


def _names_frame(names: str, topics: Collection[str] = _FRAME_TOPICS) -> bool:
    for name in _WITHOUT.sub(" ", names).split():
        words = {word.lower() for word in _WORDS.findall(name)}
        if not _FRAME_WORDS.isdisjoint(words | {name.lower()}):
            return True
        rest = words.difference(topics)
        if rest < words and all(len(w) < 3 or w.isdigit() or w in _PLACES for w in rest):
            return True
    return False


def _holds_content(element: Any) -> bool:
    """A frame holds no main part; a header, form or banner with the page's h1 is no frame."""
    return next(element.iter("main", "article", "h1"), None) is not None


def _main(tree: Any) -> Any:
    """The element that holds the content: main, the only article, else the whole body."""
    body = tree.find(".//body")
    body = tree if body is None else body
    words = _words(body)
    for candidates in (body.xpath(".//main|.//*[@role='main']"), list(body.iter("article"))):
        if len(candidates) == 1 and _words(candidates[0]) >= words * MAX_SHARE:
            return candidates[0]
    return body


def _without_menus(found: Sequence[Piece]) -> list[Piece]:
    """Leave out runs of short blocks that hold little but links."""
    kept: list[Piece] = []
    for is_link, run in groupby(found, _is_link):
        blocks = list(run)
        if not is_link or len(blocks) < LINK_RUN:
            kept += blocks
    return kept


def _is_link(piece: Piece) -> bool:
    short = _count(piece.draft.text) <= 8
    return piece.draft.kind != "heading" and piece.linked >= LINKED and short


def _meta(tree: Any) -> Mapping[str, Any]:
    """Title and source as the page names them, with the keys of front matter."""
    named = {
        (m.get("property") or m.get("name") or "").lower(): " ".join(m.get("content", "").split())
        for m in tree.iter("meta")
    }
    site = named.get("og:site_name", "") or named.get("publisher", "")
    heading = next((line_of(h) for h in tree.iter("h1")), "")
    raw = next((line_of(t) for t in tree.iter("title")), "")
    title = _title(named.get("og:title", "") or raw, heading, site)
    meta: dict[str, Any] = {"title": title} if title else {}
    if site:
        meta["sources"] = [{"publisher": site, "title": title}]
    return meta


def _title(raw: str, heading: str, site: str) -> str:
    """The page's title without the name of the site: "Bakers | Careers Office" is "Bakers".

    Either may come first, so that is taken of which the page's heading says most.
    """
    parts = [part.strip(" :") for part in _SEPARATOR.split(raw) if part.strip(" :")]
    for part in (raw, *parts):
        if heading and part.casefold() == heading.casefold():
            return part
    named = [part for part in parts if part.casefold() != site.casefold()] or parts or [heading]
    said = content_stems(heading)
    best = max(named, key=lambda p: (len(said & content_stems(p)), share_of_words(p, heading)))
    return best if len(named) == 1 or not said or said & content_stems(best) else heading


def _words(element: Any) -> int:
    """Words of an element; what stands in the head of a page is no text of it."""
    texts = element.xpath(".//text()[not(parent::style or parent::title)]")
    return sum(map(_count, texts))


def _count(text: str) -> int:
    return len(text.split())
