"""A message in a conversation → does it ask anything?

Thanks, fillers and greetings do not, nor what people only tell of themselves.
"""

import re

from waymark.dialogue.openings import LINKING
from waymark.places import places
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
_GREETING = re.compile(
    r"\W*(?:hi+|hello+|hey+|hiya|greetings|good (?:morning|afternoon|evening|day))\b"
    r"(?:[\s,]+(?:there|all|everyone|everybody|you|waymark|hi|hello|again))*\W*$",
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
_ASKED = re.compile(rf"\?|(?:^|[.,;:!]\s*|\b(?:and|but|so) )(?:{QUESTION_WORDS}|tell|show)\b", re.I)


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
