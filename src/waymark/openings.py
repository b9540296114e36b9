"""The words that open a message: that link it to what was said, put that right, or ask.

Patterns to be used in others, compiled without regard to capitals.
"""

import re

from waymark.sentences import QUESTION_WORDS

# Not "well-paid" or "so-called".
LINKING = r"(?:(?:and|but|or|so|also|then|ok(?:ay)?|oh|well|actually|anyways?)\b(?!-))"
LED = rf"^\W*(?:{LINKING}\W*)*"  # into what is said
CORRECTING = r"(?:no|sorry|oops|wait|actually|rather|excuse me)"
MEANT = r"i me(?:an|ant|nt)"
# After "the first" or "the other one"; another word is the noun that it belongs to.
FOLLOWING = (
    r"(?:is|are|was|were|do|does|did|has|have|had|means?|pays?|needs?|takes?|costs?|and|or|too|then"
    r"|though|better|more|less|than|in|for|at|by|on|of (?:them|these|those))\b"
)
GOES_ON = re.compile(rf"^(?:{LINKING}[\s,.:;!-]*)+", re.I)
ASKS = re.compile(
    rf"\b(?:{QUESTION_WORDS}|whats|whos|hows|wheres|\w+n['’]?t (?=i\b|you\b|they\b|it\b|there\b))\b"
    r"|^\W*(?:please )?(?:give|tell|explain|define|describe|show|list|compare)\b",
    re.I,
)
