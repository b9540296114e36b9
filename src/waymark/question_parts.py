"""One message → the questions in it, and what is told beside them.

Rules only: a question ends at its mark, or where "and", "or" or a comma is followed by a question
word, or by another thing asked of an occupation ("pay and growth"); "or is it easy?" adds a choice.
Background ("I'm 34 and work in a shop.") is no part, but tells what the parts are about.
"""

import re

from waymark.dialogue.openings import LINKING
from waymark.sentences import QUESTION_WORDS, content_words, sentence_spans, words

MOST = 4  # questions of one message that are looked at apart; the last holds those after it

# What opens a question has its subject after it; without one the verb goes on with the subject
# before: "which are growing and do not need a degree", "I like it but am bad at it".
_PERSON = r"(?:i|you|he|she|it|we|they|there|this|that|these|those|any\w*|every\w*|people)\b"
_NO_SUBJECT = (
    r"(?:not|only|also|still|now|very|too|so|well|really|just|always|never|often|even|then|good|bad"
    r"|great|happy|able|willing|afraid|keen|interested|looking|working|going|thinking|in|on|at|from"
    r"|with|for|about|based|be|do|get|have|go|work|build|make|take|study|find|pay|skip|answer|use"
    r"|earn|learn|write|help|show|start|live|move|keep)\b"
)
_OF = r"(?:(?:about|at|by|for|from|in|of|on|to|with) (?=which of\b|whom\b))?"
_WH = rf"{_OF}(?:whats|hows|wheres|what|which|who|whom|whose|where|when|why|how)\b"
_ASKING = (
    rf"(?:(?:have|has) {_PERSON}|am i\b"
    rf"|(?:can|could|will|would|may|must|should|is|are|was|were|do|does|did) (?!{_NO_SUBJECT})"
    rf"|{_WH})"
)
_JOINT = re.compile(
    rf"[,;]?\s+(?:(?:and|also|plus|but|&)\s+(?:also\s+)?(?={_ASKING})|or\s+(?:also\s+)?(?={_WH}))",
    re.I,
)
# A comma ends what is asked or told only if a question opens after it, and nothing is supposed
# before it.
_COMMA = re.compile(
    r"(?<=\w)[,;]\s+(?=(?:what|how|why) (?!(?:not|with|for)\b)"
    r"|(?:who|whom|where|when|which) (?:do|can|could|should|would|will) (?:i|we|you|they)\b"
    rf"|(?:do|does|is|are|can|should) (?!{_NO_SUBJECT}))",
    re.I,
)
_TOLD_LAST = re.compile(
    r"(?<=\w)(?:[,;]\s+|\s+\()(?=(?:(?:i|we) live|i['’]?m|i am|we['’]?re|we are)"
    r" (?:in|from|an?|\d+)\b)",
    re.I,
)
_SELF = (  # how people begin to tell of themselves, the "I am" left out or not
    r"(?:i|i['’]?(?:m|ve)|my|we|our|just|currently|recently|been|got|lost|quit|considering"
    r"|thinking (?:of|about)|planning (?:to|on)|hoping to|trying to|looking (?:to|for)"
    r"|(?:going|starting|moving|working|leaving|applying|studying|switching|finishing|living|coming)"
    r"(?! (?:aside|by|rate|pay|salary|wages?|hours|conditions|costs?)\b)(?= \w))\b"
)
# "Social work: can I start late", "score of .71 - what is wrong"
_HEADED = (
    rf"[^?!:]{{1,60}}?(?::|\s[-–—])\s+(?={_WH}(?! {_PERSON})"
    rf"|(?:can|could|should|would|will|is|are|am|do|does|have|has) {_PERSON})"
)
_WHOLE = re.compile(
    rf"^\W*(?:{_HEADED}|(?:(?:what|which|who|where|how|why|do|does|is|are|can(?!['’])|should)\b"
    rf"|{_SELF})(?! if\b))",
    re.I,
)
# What is asked of an occupation without a question word: "nurse pay and growth".
_ASPECT = (
    r"(?:pay|salar(?:y|ies)|wages?|earnings|growth|outlook|openings|prospects|demand|training"
    r"|education|qualifications?|requirements?|hours|duties|risks?)"
)
_ASPECTS = re.compile(
    r"^(?!.*\bhow (?:do|can|could|should|would) i\b)"
    rf"(?P<first>.*\b{_ASPECT}\b.*?)(?:[,;]?\s+(?:and|plus|&)|,)\s+"
    rf"(?P<second>(?:(?:the|their|its|job|career|work|working|typical|usual|future|expected|entry"
    rf"|yearly|annual|median|average|starting) ){{0,2}}{_ASPECT}"
    r"(?: (?:needed|required|too|please|there|in|the|a|per|each|by|us|usa|year|\d+))*\W*)$",
    re.I,
)
# "lowest pay of nurses and how many openings" asks, without a mark, an aspect and then a question.
_ASKS_UNMARKED = re.compile(rf"^(?!.*\b(?:i|i'?m|my|we|our)\b).*\b{_ASPECT}\b", re.I)
_JOINS = re.compile(rf"^(?:(?:{LINKING}|(?:plus|hi|hello)\b)\W*)+", re.I)
_REQUEST = (
    r"(?:list|explain|describe|define|compare|(?:tell|show|give) (?:me|us)"
    r"|i(?:['’]?d| would) (?:like|love) to know|i (?:want|need) to know)"
)
_OPENING = (  # not "Was a nurse until 2017", which leaves out its "I"
    rf"(?:(?:{LINKING}|(?:hi|hello|please|pls)\b)\W*)*"
    r"(?!(?:am|was|have|did) (?:an?|been|no|not|only|just|\d+)\b|do not\b)"
    rf"(?:{_OF}{QUESTION_WORDS}|{_REQUEST})\b"
)
_OPENS = re.compile(rf"^\W*(?:{_HEADED}|{_OPENING})", re.I)
_AFTER_MARK = re.compile(rf"(?<=\?)\s+(?={_OPENING})", re.I)
# Asks in a message that holds no question.
_UNSURE = re.compile(
    r"\b(?:no (?:idea|clue)|(?:not |un)sure|don['’]?t know|wonder(?:ing)?) (?:wh\w+|how|if)\b", re.I
)
_TELLS = re.compile(
    rf"^\W*{_SELF}"
    r"(?!.*(?:\b(?:know|tell|wonder\w*|understand|out|ask\w*|see|idea|sure|question|curious)\b.*"
    r"\b(?:what|which|who|where|when|why|how|whether)\b|\bknow (?:is|are|will|do|does|can)\b"
    r"|(?:[:;,]|\bso)\s*(?:what|which|who|where"
    r"|when|why|how|do|does|did|is|are|am|have|can|could|will|should|may)\b))",
    re.I,
)
# Asks without a word that is searched for: "what is it", "how many are there"; not "how is it".
_WORDLESS = re.compile(
    r"\W*(?:how(?! (?:is|are|was)\b)(?: (?:much|many))?|what|which|who|whom|where|when)"
    r"(?: (?:more|else|of (?:it|them|those|these)))*"
    r"(?:['’]?s| (?:is|are|was|were|do|does|did|can|could|should|would|will|must))"
    r" (?:i|he|she|it|we|they|there|that|this|those|these|one)\b",
    re.I,
)
# An answer held up to the question before it: "how long is training? a year?"
_GUESS = re.compile(
    r"\W*(?:(?:like|about|maybe|say|or|around|over|under|at least|more than|less than) )*"
    r"(?:an?|one|two|three|four|five|six|ten|half an?|[$£€]?\d[\d.,]*k?)(?: (?:or|to) \w+)?"
    r"(?: (?:years?|yrs?|months?|weeks?|days?|hours?|hrs?|k|grand|dollars|bucks|per ?cent))?\W*",
    re.I,
)
_HEADING = re.compile(
    r"^\W*(?!(?:hi|hello|hey|two|three)\b)([^\W\d_][^.,:;?!]{1,40}?)(?::| [-–—])\s", re.I
)
_CLAUSE = re.compile(
    rf"^\W*((?:if|when|once|before|after|while) (?!{QUESTION_WORDS}\b)[^.,:;?!]{{3,60}}),\s+"
    rf"(?={QUESTION_WORDS}\b)",
    re.I,
)
# "1) photo on a CV, yes or no 2) how many pages"
_NUMBERED = re.compile(
    r"(?P<told>.*?)(?P<items>(?<!\S)\(?1[.)] +(?!(?:and|or|to)\b)\w.*\s\(?2[.)] +\w.*)", re.S
)
_NUMBER = re.compile(r"(?:^|\s+)\(?[1-9][.)] +(?=\w)")
_NOTHING = re.compile(r"^\W*(?:ok(?:ay)?|hi|hello|thanks?|please|pls)\W*$", re.I)


def question_parts(message: str) -> list[str]:
    """Return the questions of `message` in order; `[message]` if it asks one thing only.

    >>> question_parts("How long is training, and what does it cost?")
    ['How long is training', 'what does it cost?']
    """
    asked = _taken_apart(message)[1]
    telling = (part for part in asked if content_words(part) or _WORDLESS.match(part))
    parts = [part for part in telling if not _GUESS.fullmatch(part)]
    whole = len(sentence_spans(message)) == 1
    two = _ASPECTS.match(message) if len(parts) < 2 and whole else None
    if two:
        return [two["first"], two["second"]]
    if len(parts) > MOST:
        parts[MOST - 1 :] = [message[message.rindex(parts[MOST - 1]) :]]
    return parts if len(parts) > 1 else [message]


def without_background(message: str) -> str:
    """Return what `message` asks; all of it where all asks, or nothing.

    >>> without_background("I'm 34 and work in a shop. Do I need a degree?")
    'Do I need a degree?'
    """
    told, asked = _taken_apart(message)
    return " ".join(asked) if told and asked else message


def background(message: str) -> str:
    """Return what `message` tells beside what it asks; "" where all asks, or nothing.

    >>> background("I'm 34 and work in a shop. Do I need a degree?")
    "I'm 34 and work in a shop."
    """
    told, asked = _taken_apart(message)
    return " ".join(told) if asked else ""


def heading(message: str) -> str:
    """Return the name, or the clause, that a message puts before its questions, for all of them; ""
    for none.

    >>> heading("Paralegal: what do they do, and how long is the training?")
    'Paralegal'
    """
    if clause := _CLAUSE.match(message):
        return clause[1]
    found = _HEADING.match(message)
    name = found[1] if found else ""
    # "Before I ask:" and "Two questions:" name nothing.
    return name if "question" not in name and content_words(name) == words(name) else ""


def _taken_apart(message: str) -> tuple[list[str], list[str]]:
    """The pieces of a message that tell, and those that ask, each in their order."""
    if numbered := _NUMBERED.match(message):
        before = numbered["told"].strip(" ,:-\n")
        return [before] if before else [], _NUMBER.split(numbered["items"])[1:]
    spans = sentence_spans(message)
    sentences = [s for start, end in spans for s in _AFTER_MARK.split(message[start:end])]
    unmarked = len(sentences) == 1 and bool(_ASKS_UNMARKED.match(message))
    asking = [sentence for sentence in sentences if unmarked or _asks(sentence)]
    asking = asking or list(filter(_UNSURE.search, sentences))[-1:]
    told: list[str] = []
    asked: list[str] = []
    for sentence in sentences:
        if sentence not in asking:
            told.append(sentence)
            continue
        pieces = _pieces(sentence)
        tells = [piece for piece in pieces if len(pieces) > 1 and _TELLS.match(piece)]
        told += tells
        asked += [p for p in pieces if p not in tells and not _NOTHING.match(p)]
    return told, asked


def _asks(sentence: str) -> bool:
    """Tell whether a sentence asks, marked or not: "im a nurse in manila, what is the US pay"."""
    unmarked = _OPENS.match(sentence) or (_WHOLE.match(sentence) and _COMMA.search(sentence))
    return sentence.endswith("?") or bool(unmarked)


def _pieces(sentence: str) -> list[str]:
    """A sentence, cut before each further question in it."""
    joined = [_JOINS.sub("", piece) for piece in _JOINT.split(sentence)]
    asked = [
        piece for part in joined for piece in (_COMMA.split(part) if _WHOLE.match(part) else [part])
    ]
    last = _TOLD_LAST.split(asked[-1], maxsplit=1) if _OPENS.match(asked[-1]) else asked[-1:]
    return [*asked[:-1], *last]
