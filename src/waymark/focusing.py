"""A follow-up and what was said before it → the question with the topic that it leaves out.

Rules only, by what the message looks like: a place, a correction, a fragment, a comparison, a
pronoun. What is left out comes from the person's own words, seldom from a reply.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from waymark.asides import SENTENCE_ENDS, is_remark
from waymark.comparing import asked_of_each, compared, with_the_other
from waymark.follow_ups import COMPARES, asks_among
from waymark.openings import ASKS, CORRECTING, LINKING, MEANT
from waymark.places import (
    HOME_IS_MEANT,
    HOME_NAME,
    is_outside_home,
    moved,
    only_places,
    placed,
    places,
    without_places,
)
from waymark.pronouns import LEANS, points
from waymark.sentences import content_words, whole, words
from waymark.substitution import (
    Named,
    Said,
    bare,
    filled,
    headed,
    mention,
    replaced,
    takes_a_place,
    with_topic,
)
from waymark.topics import (
    OWN_CASE,
    is_aspect,
    main_phrase,
    may_only_ask,
    only_asks,
    same,
    says_which_pay,
)

_LEAD = re.compile(
    rf"^(?:(?:{LINKING}|{CORRECTING}|"
    r"(?:and )?(?:what|how) about(?: (?:for|the))?|same for|"
    r"(?<=sorry )i me\w{1,3}|(?<=sorry, )i me\w{1,3}|(?<=oops )i me\w{1,3}|"
    r"i (?:mean|meant|ment|wanted|asked)(?: to (?:say|ask)| about)?)\b[\s,.:;-]*)+",
    re.IGNORECASE,
)
_CORRECTS = re.compile(rf"^(?:{CORRECTING}|not|{MEANT})\b", re.I)
_DENIED = re.compile(r"(?:^|[\s,;])(?:and )?not (?:the |an? )?(?P<what>[^,:;.?]+)[,:;.]?\s*", re.I)
_DENIED_WORDS = 4
_FRAGMENT_WORDS = 12  # a longer message takes no topic's place
_OWN_TOPIC = re.compile(r"^(?:the |an? )?[^,:?.]{3,40}(?=[,:] )", re.I)
_FOR = re.compile(r"^for (?:the |an? )?", re.I)
_HOW_MUCH = re.compile(r"how (?:much|many)\b", re.I)
_WHAT_IT_IS = re.compile(
    r"(?:(?:what|who) (?:is|are|do|does) (?:it|they)(?: do)?|what \w+ \w+ make)(?: then)?\W*$", re.I
)
_LEADS_ON = re.compile(r"^(?:(?:going )?back (?:to|(?=in\b))|(?:or )?rather) ?", re.I)
_TRAILS = re.compile(r"(?:,? (?:then|though|tho|too|instead|please|as well))+\W*$", re.I)
# "Cooks, is it more there?" asks the same of cooks.
_MORE_OR_LESS = re.compile(
    r"[,:]\s*(?:(?:is|are|would|will) (?:it|that|they) )?(?:be )?(?:any |much |about )?(?:the )?"
    r"(?:same|similar|different|more|less|better|worse|higher|lower)(?: (?:there|then|too))*\W*$",
    re.I,
)
_KIND_OF_WORK = re.compile(r"\w (?:work|sector|field)$", re.I)
_WORKING = re.compile(r"^working (?=(?:for|in|at|on|with)\b)", re.I)
# "A nurse who works in a hospital?" asks no "who".
_WHO_IS_MEANT = re.compile(
    r"(?:an?|those|people|some(?:one|body))\b[^,.:?]* who [^,.:?]+\W*$", re.I
)
_YEAR = re.compile(r"^(?:19|20)\d\d(?= please\W*$|\W*$)", re.I)
_CONDITION = re.compile(
    r"(?:if|while|when (?:i|you|we))\b(?!.*(?:,|\b(?:what|which|who|how|why|where)\b))", re.I
)
# "that" or "it" is all that was said before: "can you give an example?", "why does that help?"
_ALL_OF_IT = re.compile(
    r"\W*(?:(?:(?:(?:can|could) you )?(?:please )?(?:give|show)(?: me| us)? )?"
    r"(?:(?:for|an?|some|any|like) )?(?:examples?|instance)(?: please)?"
    r"|how come|like what|such as|in what way|says who|who says(?: so| that)?"
    r"|why (?:is|does|would|did|do) (?:that|this)(?: \w+)?"
    r"|(?:is|was) (?:that|this) (?:(?:even|really|actually|still) )?(?:allowed|legal|normal|true"
    r"|right|fair|wrong|enough|too \w+)(?: (?:to|for|if|when|at) [^?]*)?"
    r"|that['’]?s (?:it|all)(?: then)?"
    r"|is (?:it|that|this) (?:any )?(?:different|the same)(?: (?:in|for)\b[^?]*)?"
    r"|how (?:do|can|should) i (?:do|deal with|avoid|fix|handle|cope with|prevent|find out)"
    r" (?:that|this))\W*$",
    re.I,
)


def focused(asked: str, said: Said, named: Named) -> tuple[str, str]:
    """Return `asked` with the topic of the question before it, and its own topic.

    The first that fits, after "What do nurses earn?":

    | `asked` | question |
    |---|---|
    | back to the US; in Spain? | What do nurses earn in Spain? |
    | cooks, what do they earn | as it is, about cooks |
    | why?; if I fail?; for example? | "": all of the question before is needed |
    | which of them pays more? | nurses and cooks: which of them pays more? |
    | cooks?; not nurses, cooks; cooks, same? | What do cooks earn? |
    | the top tenth? | nurses pay: the top tenth? |
    | where do they work? | where do nurses work? |
    """
    rest = _LEAD.sub("", asked).strip() or asked
    corrects = _CORRECTS.match(asked) and not is_outside_home(rest)
    rest, denied = _without_denied(rest) if corrects else (rest, "")
    if only_places(denied) and not places(rest):
        said = replace(said, question=moved(said.question, [HOME_NAME]))
    rest, other = with_the_other(_MORE_OR_LESS.sub("", _YEAR.sub(r"in \g<0>", rest)), said)
    if other and ASKS.search(rest):
        return rest, other
    if _goes_home(rest):
        return moved(said.question, [HOME_NAME]), said.topic
    if (opens := _OWN_TOPIC.match(rest)) and _goes_home(opens.group()):
        about, topic = focused(rest[opens.end() + 1 :].strip(), said, named)
        return placed(about, [HOME_NAME]) if about else "", topic
    if only_places(where := _LEADS_ON.sub("", rest)):
        return moved(said.question, places(where)), said.topic
    if (_names_first(rest) or (denied and same(said.topic, denied))) and ASKS.search(rest):
        return rest, main_phrase(rest)
    own = named(rest)
    if _needs_all(rest):
        return "", own[-1] if own else said.topic
    if COMPARES.search(rest) or asks_among(rest):
        return compared(rest, said, named), said.topic
    which_pay = says_which_pay(rest, said.question) and not ASKS.search(rest)
    asks = (ASKS.search(rest) and not _WHO_IS_MEANT.match(rest)) or LEANS.search(rest)
    if not asks and ((takes_a_place(rest) and not which_pay) or not only_asks(rest)):
        return _in_place(rest, said, denied, named)
    if not own and said.topic and which_pay:
        return f"{said.topic} pay: {rest}", said.topic
    if own and _is_meant(own[0], rest):
        return rest, own[-1]
    return with_topic(rest, said.topic, said.question), own[-1] if own else said.topic


def _goes_home(rest: str) -> bool:
    """Tell whether `rest` only says that home is meant: "back to the US then"."""
    if is_outside_home(rest):
        return False
    beside = content_words(HOME_IS_MEANT.sub("", rest))
    return bool(HOME_IS_MEANT.search(rest)) and set(beside) <= {"back", "going", "just"}


def _names_first(rest: str) -> bool:
    """Tell whether `rest` opens with a topic of its own: "the interview: what is STAR"."""
    opens = _OWN_TOPIC.match(rest)
    if not opens or only_places(opens.group()):
        return False
    return bool(main_phrase(opens.group())) and not _needs(opens.group())


def _needs(text: str) -> bool:
    return bool(ASKS.search(text) or OWN_CASE.match(text)) or points(text)


def _needs_all(rest: str) -> bool:
    """Tell whether `rest` means nothing without all of the question before."""
    wordless = not content_words(rest) and not _HOW_MUCH.match(rest)
    if (wordless and not _WHAT_IT_IS.match(rest)) or _CONDITION.match(rest):
        return True
    return bool(_ALL_OF_IT.match(rest)) or is_remark(rest)


def _is_meant(name: str, rest: str) -> bool:
    """Tell whether `name` comes before the first pronoun in `rest`, which then means it: "plumbers,
    what do they do"; or begins with one: "do it managers rest"."""
    first, at = LEANS.search(rest), re.search(whole(name), rest)
    return first is not None and at is not None and at.start() <= first.start()


def _in_place(rest: str, said: Said, denied: str, named: Named) -> tuple[str, str]:
    """The question before with the fragment `rest` in place of its topic, and the topic now.

    A fragment that brings its own aspect ("accountants' pay"), or asks another one of the same
    topic ("overtime?"), takes no place, and no more does one too long for it.
    """
    own = named(rest)
    phrase = _phrase(rest, said, own)
    beside = set(content_words(_without(own, phrase))) - {"one", "ones"}
    if own and beside and all(map(is_aspect, beside)):
        return phrase, own[-1]
    narrows = takes_a_place(phrase)
    if said.topic and may_only_ask(phrase) and not narrows:
        return f"{said.topic}: {phrase}", said.topic
    if len(words(phrase)) > _FRAGMENT_WORDS or SENTENCE_ENDS.search(phrase):
        return "", said.topic
    phrase = headed(phrase, said.topic)
    if not own and _KIND_OF_WORK.search(phrase) and named(said.topic):
        phrase = f"{said.topic} in {bare(phrase)}"
    asked_of_one = "" if narrows else asked_of_each(said.question)
    if asked_of_one:
        return f"{bare(phrase)}: {asked_of_one}", bare(phrase)
    corrected = denied and mention(denied, said.question)
    old = denied if corrected else replaced(phrase, said, named)
    if (narrows and not own) or old not in ("", denied, said.topic):
        return filled(phrase, said.question, old), said.topic
    elsewhere = main_phrase(without_places(phrase)) if places(phrase) else ""
    return filled(phrase, said.question, old), elsewhere or bare(phrase)


def _phrase(rest: str, said: Said, own: Sequence[str]) -> str:
    """What the fragment `rest` names: "a baker" of "for a baker then" after "to be a cook"."""
    of_one = re.search(rf"\ban? {whole(said.topic)}", said.question, re.I)
    if own or (of_one and rest.startswith(("for a ", "for an "))):
        rest = _FOR.sub("", rest)
    return _WORKING.sub("", _LEADS_ON.sub("", _TRAILS.sub("", rest).strip(" ?.!")))


def _without(names: Sequence[str], phrase: str) -> str:
    for name in names:
        phrase = re.sub(whole(name), " ", phrase)
    return phrase


def _without_denied(rest: str) -> tuple[str, str]:
    """`rest` without its "not X", and X."""
    match = _DENIED.search(rest)
    if not match or len(match.group("what").split()) > _DENIED_WORDS:
        return rest, ""
    left = f"{rest[: match.start()]} {rest[match.end() :]}".strip()
    return _LEAD.sub("", left), match.group("what")
