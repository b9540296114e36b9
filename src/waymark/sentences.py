"""Text → sentence spans and content words; the one place that decides what those are.

Only importer of sentencex (Wikimedia's rule-based splitter: abbreviations and decimals of
many languages, no model to load).
"""

import re
import unicodedata

from waymark.types import Evidence, Passage

QUESTION_WORDS = (  # a pattern of those that a question opens with
    r"(?:what|which|who|whom|whose|where|when|why|how|do|does|did|is|are|am|was|can|could|should"
    r"|would|will|must|may|has|have)"
)
WORD = re.compile(r"[^\W_]+(?:[+#]+|(?:['’.-][^\W_]+)*)")
_WIDE_SPACE = re.compile(r"[^\S\x00-\x7f]")  # sentencex panics on some of them

# Words that carry no topic. Question words and auxiliaries are in it because a passage that
# answers "how much does X make" need not contain "how", "much", "does" or "make".
STOP_WORDS = frozenset(
    """a about after all also am an and any anyone are as at be because been before being but
    by can could did do does doing don't else for from get give go going had has have having
    he her here him his how i i'd i'll i'm i've if in into is isn't it it's its just know
    let like lot make makes making many may me might mine more most much must my need no not
    now of off on once one only or other our out over please really she should so some
    someone something such take tell than thank thanks that that's the their them then there
    these they they're thing things this those to too up us use very want was we were what
    what's when where whether which while who whom whose why will with would you you'd
    your""".split()
)


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return the `[start, end)` spans of the sentences of `text`, in order, without padding.

    Line breaks end a sentence. The spans never overlap and cover every visible character.
    """
    from sentencex import segment

    spans: list[tuple[int, int]] = []
    line_start = 0
    for line in text.splitlines(keepends=True):
        position = line_start
        for piece in segment("en", _WIDE_SPACE.sub(" ", line)):
            stripped = piece.strip()
            if stripped:
                start = position + piece.index(stripped)
                spans.append((start, start + len(stripped)))
            position += len(piece)
        line_start += len(line)
    return spans


def sentences_of(passage: Passage) -> list[Evidence]:
    """Return the sentences of a passage in reading order, each with a score of 0."""
    chunk = passage.chunk
    return [
        Evidence(passage, chunk.text[start:end], chunk.start + start, chunk.start + end, 0.0)
        for start, end in sentence_spans(chunk.text)
    ]


def joined(first: Evidence, second: Evidence) -> Evidence:
    """Return the text from one piece of a passage to the end of a later one."""
    chunk = first.passage.chunk
    text = chunk.text[first.start - chunk.start : second.end - chunk.start]
    return Evidence(first.passage, text, first.start, second.end, 0.0)


def words(text: str) -> list[str]:
    """Return the lower-case words of `text` in order; "C++", "don't" and "3.11" stay whole."""
    return WORD.findall(folded(text))


def folded(text: str) -> str:
    """Return `text` as its words are compared: without capitals, with one kind of apostrophe."""
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'")


def whole(phrase: str) -> str:
    """Return a pattern that finds `phrase` as whole words: in any case, with any space inside."""
    spaced = r"\s+".join(map(re.escape, phrase.split()))
    return rf"(?i:(?<!\w){spaced}(?!\w))"


def content_words(text: str) -> list[str]:
    """Return the words of `text` that carry its topic, in order, with repeats."""
    return [word for word in words(text) if word not in STOP_WORDS]


def content_stems(text: str) -> set[str]:
    """Return the stems of the content words of `text`."""
    return {stem(word) for word in content_words(text)}


def share_of_words(wanted: str, text: str) -> float:
    """Return the share of the content words of `wanted` that `text` holds, by their stems, 0 to 1;
    0 where `wanted` has none."""
    stems = content_stems(wanted)
    held = {stem(word) for word in words(text)}
    return len(stems & held) / len(stems) if stems else 0.0


def stem(word: str) -> str:
    """Fold plural and verb endings, so that "engineers" meets "engineer".

    Deliberately light (Harman's S-stemmer, doi:10.1002/(SICI)1097-4571(199101)42:1<7::AID-ASI2>
    3.0.CO;2-P, with -ing and -ed added): it is used to compare words of one text with words of
    another, never to show them.
    """
    for ending, replacement in (("ies", "y"), ("ing", ""), ("ed", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            if ending == "s" and word.endswith(("ss", "us", "is")):
                return word
            return (word[: -len(ending)] + replacement).removesuffix("e")
    return word.removesuffix("e") if len(word) > 3 else word
