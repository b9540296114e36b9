"""The words that open a message and link it to what was said.

Patterns to be used in others, compiled without regard to capitals.
"""

import re

# Not "well-paid" or "so-called".
LINKING = r"(?:(?:and|but|or|so|also|then|ok(?:ay)?|oh|well|actually|anyways?)\b(?!-))"
LED = rf"^\W*(?:{LINKING}\W*)*"  # into what is said
_LED = re.compile(LED, re.I)


def unlinked(message: str) -> str:
    """Return `message` without the words that link it to what was said; as it is where it has no
    others.

    >>> unlinked("ok, and is there a licence?")
    'is there a licence?'
    """
    return _LED.sub("", message) or message
