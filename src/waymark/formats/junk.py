"""Lines that say nothing: controls, separators, page numbers, the furniture of forums.

Only whole short blocks are judged, so that a sentence is never shortened; a whole sentence is only
furniture where it claims a copyright. Rows of tables are not for this module: as phrases they read
like the headers of posts.
"""

import re

MAX_WORDS = 9
SENTENCE_WORDS = 4  # a shorter line with a full stop may be a control: "Read more."

_COPYRIGHT = re.compile(
    r"^(?:©|(?:\(c\)|copyright)\s*(?:©|\(c\)|\d{4})|(?:copyright\W+)?all rights reserved)",
    re.IGNORECASE,
)
_CONTROLS = re.compile(
    r"""^(?:
      advertisements? | sponsored(?:\ content)? | promoted | loading\W* |
      (?:skip|back|return|jump)\ to\ (?:the\ )?(?:main\ |primary\ )?
        (?:content|navigation|menu|search|footer|sidebar|top|page|list|index|home)
        (?:\ (?:of\ (?:the\ )?page|page|results|\d+))?\W* |
      (?:go\ to\ )?top(?:\ of\ page)? |
      (?:please\ )?(?:log|sign)\ ?(?:in|up|out)(?:\ (?:now|here|today|free|or\ .*|
        (?:to|for)\ (?:reply|comment|post|continue|your\ account|our\ .*|free\b.*)))? |
      register | subscribe(?:\ now)? |
      (?:share|tweet|pin|like|e?-?mail|print|save|follow)(?:\ us)?
        (?:\ this(?:\ (?:page|article|post|story|job))?)?
        (?:\ (?:on|via|by|with)\ (?:facebook|twitter|x|linkedin|instagram|pinterest|whatsapp|
          reddit|youtube|e-?mail|friends|a\ friend|others))? |
      print(?:er)?[-\ ]friendly(?:\ .*)? | read\ more.{0,12} |
      (?:show|view|see|load)\ (?:more|less|all) |
      (?:accept|reject|allow|manage|decline)(?:\ all)?(?:\ (?:cookies?|preferences|settings))* |
      (?:previous|next|older|newer)(?:\ (?:page|post|article|topic|thread|posts|entries))? |
      page\ \d+(?:\ of\ \d+)? | \d+\ of\ \d+ | \d+\ (?:comments?|replies|views|likes|shares) |
      (?:leave|post|add)\ (?:a\ )?(?:comment|reply) | reply(?:\ with\ quote)? | quote |
      report(?:\ post)? | close | menu | search | home | edit |
      click\ here.{0,20} | enlarge(?:\ image)? | view\ larger(?:\ image)? | permalink | \#\d* | ¶ |
      about\ this\ (?:section|page)
    )[.!»›→>\s]*$""",
    re.IGNORECASE | re.VERBOSE,
)
_FORUM = re.compile(
    r"^(?:(?:posts|likes received|rep(?:utation)?)\s*[:#]\s*[\d,]+$|"
    r"(?:joined|join date|member since|re|posted (?:by|on|at)|last edited (?:by|on|at)|message-id|"
    r"newsgroups|x-(?:mailer|newsreader|[\w-]+-[\w-]+)|quote from|original poster|thread starter)"
    r"\s*[:#])",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.?][\"'”’)]*$")
_NO_WORD = re.compile(r"^[\W_]*$")


def is_junk(text: str) -> bool:
    """Tell whether a block of text is furniture: a control, a separator, a post's header."""
    line = " ".join(text.split())
    if _NO_WORD.match(line):
        return True
    words = len(line.split())
    if words > MAX_WORDS:
        return False
    if _COPYRIGHT.match(line):
        return True
    if words >= SENTENCE_WORDS and _SENTENCE_END.search(line):
        return False
    return bool(_CONTROLS.match(line) or _FORUM.match(line))
