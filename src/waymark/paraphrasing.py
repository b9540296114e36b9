"""Everyday turns of a question → what the pages say, for searching and comparing alone.

What a person reads of their question stays in their own words.
"""

import re

_TURNS = tuple(
    (re.compile(turn, re.I), meant)
    for turn, meant in (
        (r"\bgoing rate\b", "pay"),
        (
            r"(\b(?:how much(?: money)?|what) (?:do|does|did|can|could|would|will|might)\b"
            r"[^?.,;]* )make(?=\W*$|[?.,;]| (?:in|per) (?:an?|the|one)\b"
            r"| an? (?:year|month|week|hour)\b| on average\b)",
            r"\1earn",
        ),
        (
            r"(\bhow (?:do|can|could|would|should) (?:i|you|we|one|people) )"
            r"train (?:as|to be|to become)\b",
            r"\1become",
        ),
        (
            r"\bhow (?:do|are) ((?:(?!models|networks|machines|algorithms)[^\W\d]+ ){1,3})"
            r"(?<=s )train(?:ed)?(?=\W*$)",
            r"what training do \1need",
        ),
        (r"^\W*(?:(?:any|some|good|best) )?ways to (?=[a-z])", "how do I "),
        (r"\bskip (?=(?:(?:a|the|my) )?(?:degree|college|uni\w*|exam|course)\b)", "do without "),
        (r"\b(?:do|does) ([^?.,;]*)get replaced\b", r"will \1be replaced"),
        (r"\b(?:zoom|skype|webex)(?= (?:inter\w+|calls?|meetings?)\b)", "video"),
    )
)  # fmt: skip


def as_pages_say(question: str) -> str:
    """Return `question` with everyday turns in the words of the pages, and of the models that
    learnt from them.

    >>> as_pages_say("What is the going rate for nurses?")
    'What is the pay for nurses?'
    """
    for turn, meant in _TURNS:
        question = turn.sub(meant, question)
    return question
