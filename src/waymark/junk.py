"""Lines that say nothing: controls, separators, page numbers, the furniture of forums.

Only whole short blocks are judged, so that a sentence is never shortened.
"""

import re

MAX_WORDS = 9

_CONTROLS = re.compile(
    r"""^(?:
      advertisements? | sponsored(?:\ content)? | promoted | loading\W* | skip\ to .* |
      (?:back|return|jump)\ to\ .* | (?:go\ to\ )?top(?:\ of\ page)? |
      (?:please\ )?(?:log|sign)\ ?(?:in|up|out)(?:\ .{0,30})? | register | subscribe(?:\ now)? |
      (?:share|tweet|pin|like|e?-?mail|print|save|follow)(?:\ us)?
        (?:\ (?:this|on|via|by|with)\b.{0,40})? |
      print(?:er)?[-\ ]friendly(?:\ .*)? | read\ more.{0,12} |
      (?:show|view|see|load)\ (?:more|less|all) |
      (?:accept|reject|allow|manage|decline)(?:\ all)?(?:\ (?:cookies?|preferences|settings))* |
      (?:previous|next|older|newer)(?:\ (?:page|post|article|topic|thread|posts|entries))? |
      page\ \d+(?:\ of\ \d+)? | \d+\ of\ \d+ | \d+\ (?:comments?|replies|views|likes|shares) |
      (?:leave|post|add)\ (?:a\ )?(?:comment|reply) | reply(?:\ with\ quote)? | quote |
      report(?:\ post)? |
      all\ rights\ reserved\.? | (?:©|\(c\)|copyright\b).* | close | menu | search | home | edit |
      click\ here.{0,20} | enlarge(?:\ image)? | view\ larger(?:\ image)? | permalink | \#\d* | ¶ |
      about\ this\ (?:section|page)
    )[.!»›→>\s]*$""",
    re.IGNORECASE | re.VERBOSE,
)
_FORUM = re.compile(
    r"^(?:posts|joined|join date|location|rep(?:utation)?|likes received|member since|"
    r"re|posted (?:by|on|at)|last edited (?:by|on|at)|message-id|newsgroups|x-[\w-]+|"
    r"quote from|original poster|thread starter)\s*[:#]",
    re.IGNORECASE,
)
_NO_WORD = re.compile(r"^[\W_]*$")


def is_junk(text: str) -> bool:
    """Tell whether a block of text is furniture: a control, a separator, a post's header."""
    line = " ".join(text.split())
    if _NO_WORD.match(line):
        return True
    if len(line.split()) > MAX_WORDS:
        return False
    return bool(_CONTROLS.match(line) or _FORUM.match(line))
