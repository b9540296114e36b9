"""A message in a conversation → what it asks, without what people say around it.

Thanks, fillers and what only announces a question go from its front. What comes as an afterthought
("electricians, I mean") or as a remark ("I'm in Canada though") is put as other follow-ups are.
"""

import re

from waymark.follow_ups import is_follow_up
from waymark.openings import ASKS, GOES_ON, LED, LINKING
from waymark.places import only_places, places
from waymark.sentences import QUESTION_WORDS

_MOOD = (
    r"(?:cool|nice|great|perfect|right|interesting|awesome|alright|sure|ok(?:ay)?|thanks|n|fine"
    r"|good|figures|shame|pity|weird|typical|ugh|haha|lol|brilliant|excellent|amazing|lovely"
    r"|helpful|useful|noted|understood|anyways?|anyhow)"
)
# "right to work", "cool jobs" and "great answers" are no fillers
_ENDS = (
    rf"(?=[,.!;:]|[^\w?]*$|\s+(?:{QUESTION_WORDS}|and|but|so|any|thank|thanks|thx|i['’]?ll|that['’]?s"
    r")\b)"
)
_SAID_BACK = (
    r"(?:(?:i['’]?ll|i will|let me) (?:(?:try|use|check|read|remember|look (?:at|into)|think about)"
    r" (?:that|this|those|these|it)|do (?:that|this))|will do|(?:that|this) helps|that['’]?s all"
    r"|(?:that(?:['’]?s| is) (?:just |exactly )?what|as) i (?:feared|thought|expected|hoped|needed)"
    r"|that(?:['’]?s| is| was)(?: (?:really|very|so|quite))? (?:helpful|great|good|fine|clear"
    rf"|interesting|useful)){_ENDS}"
)
_ASIDE = re.compile(
    r"^(?:(?:(?:no,? |many )?(?:thanks|thank you|thx|cheers)(?: so much| a lot| very much| again)*"
    rf"(?: for (?:that|(?:the|your) (?:help|info|answers?|advice|tips?)){_ENDS})?"
    r"(?!-| (?:note|letter|e-?mail|message|card|to)\b)"
    r"|sounds (?:good|great|interesting)|nice one|love it|got it|i see|makes sense|good to know"
    r"|fair enough|wrong one(?=\W+\w)|wow|huh|ah|oh|yeah|yep|h+m+"
    rf"|(?:forget|never ?mind)(?: about)?(?: (?:it|that|this))?{_ENDS}"
    rf"|{_SAID_BACK}|{_MOOD}(?: {_MOOD})*{_ENDS})"
    r"(?:[\s,.:;!)\u2600-\u27bf\U0001f300-\U0001faff\ufe0f-]+|$))+",
    re.I,
)
# "Ok last one, …" tells nothing of what it announces, which may be of another topic.
_ANNOUNCES = re.compile(
    rf"^(?:(?:{LINKING}|(?:sorry|now|just)\b)[\s,.]*)*(?:something (?:else|different)"
    r"|(?:last|final|next) one|(?:(?:an?|one) )?(?:(?:completely|totally|whole) )?"
    r"(?:last|final|next|more|other|another|new|different"
    r"|quick) (?:question|thing|topic))[,.:;!-]+\s*(?=\w)",
    re.I,
)
_FORGETS = re.compile(
    rf"^(?:(?:{LINKING}|just\b)[\s,]*)*(?:forget|never ?mind)(?: about)? "
    r"(?!(?:it|that|this)\b)(?=[^,.;:!?]{2,40}[,.;:!]+\s*\w)",
    re.I,
)
_GREETING = re.compile(
    r"\W*(?:hi+|hello+|hey+|hiya|greetings|good (?:morning|afternoon|evening|day))\b"
    r"(?:[\s,]+(?:there|all|everyone|everybody|you|waymark|hi|hello|again))*\W*$",
    re.I,
)
_AFTERTHOUGHT = re.compile(r"^(?P<what>[^?]{3,60}?),?\s+(?P<sorry>sorry|i mean|i meant)\W*$", re.I)
_WHERE = re.compile(
    rf"^(?:{LINKING}[ ,]*)*"
    r"(?:(?:i|we)(?:['’]?m|['’]?re| am| are| live)(?: based| living)?|say|like|maybe|just|only) "
    r"(?:in |for )?(?P<where>[^?]+?)(?: though| tho| btw| actually| please)?\W*$",
    re.I,
)
# What the person tells of somebody, and no wish: "I'm 45 by the way", "my boss says otherwise"
_TELLS = re.compile(
    rf"^\W*(?:(?:{LINKING}|yes|no|because)\W+)*(?:(?:i|we)(?:['’]?(?:m|re|ve))?+|my"
    r"|our|he|she|(?:it['’]?s|this is) for|the (?:wife|husband|kids))\b"
    r"(?! (?:am |was )?(?:mean|meant|ment|want|wanted|need|would|wish|hope|like|prefer|asked|wonder"
    r"|asking|talking|looking|interested|thinking)\b)"
    r"|\b(?:by the way|btw|fyi|if that matters)\b",
    re.I,
)
_OF_SELF = re.compile(rf"{LED}i(?:['’]?(?:m|ve))?\b", re.I)
_ASKED = re.compile(rf"\?|(?:^|[.,;:!]\s*|\b(?:and|but|so) )(?:{QUESTION_WORDS}|tell|show)\b", re.I)
SENTENCE_ENDS = re.compile(r"[.!?]\s")
_HOME = re.compile(r"(?:the )?(?:us|usa|states)", re.I)


def is_aside(message: str) -> bool:
    """Tell whether `message` asks nothing, as "ok cool, thanks" does."""
    return not re.search(r"[^\W_]|\?", _ASIDE.sub("", message))


def is_greeting(message: str) -> bool:
    """Tell whether `message` only greets."""
    return bool(_GREETING.match(message))


def is_remark(message: str) -> bool:
    """Tell whether `message` tells something about the person or one of theirs and asks nothing.

    Where somebody is may be asked about: "I'm in Canada though" is no remark.
    """
    return bool(_TELLS.search(message)) and not (_ASKED.search(message) or places(message))


def tells_of_self(message: str) -> bool:
    """Tell whether `message` is about the person: "I'm a nurse by the way"."""
    return bool(_OF_SELF.match(message))


def without_asides(question: str) -> str:
    """Return what a message asks; as it was typed where nothing stands around that.

    >>> without_asides("great, thanks. and the lowest?")
    'and the lowest?'
    """
    text = _without_fillers(_without_told(question))
    late = _AFTERTHOUGHT.match(text)
    if late and not ASKS.search(late["what"]):
        return f"{late['sorry']}, {late['what']}"
    where = _WHERE.match(text)
    if where and (only_places(where["where"]) or _HOME.fullmatch(where["where"])):
        return f"and in {where['where']}?"
    return _FORGETS.sub("no, not ", text)


def _without_fillers(question: str) -> str:
    """`question` without thanks and the like in front, if what they leave is short of a topic."""
    rest = _ASIDE.sub("", question).strip()
    if (announced := _ANNOUNCES.sub("", rest)) != rest:
        return announced
    one = rest and not SENTENCE_ENDS.search(rest)
    return rest if one and is_follow_up(GOES_ON.sub("", rest)) else question


def _without_told(question: str) -> str:
    """`question` without what is told after a fragment: "and cooks? my sister is one"."""
    fragment, mark, told = question.partition("? ")
    alone = mark and is_remark(told) and not ASKS.search(fragment)
    return f"{fragment}?" if alone else question
