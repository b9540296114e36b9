from datetime import date

import pytest

from fakes import WordEmbedder
from waymark.grounding import Citations, Claim
from waymark.reading import Reading
from waymark.short_answer import ADDED_WORDS, MAX_SENTENCES, ShortAnswer
from waymark.types import AnswerSentence, Chunk, Evidence, Passage, Quote

PAY = "A nurse has a median pay of $93,600 a year in the United States in May 2024."
SCHOOL = "A nurse needs a degree and a licence."
CHUNK = Chunk("nurse#1", "nurse", "Nurses", ("Work",), 0, 0, f"{PAY} {SCHOOL}")
PASSAGE = Passage(CHUNK, 1, 1.0)


def evidence(text: str) -> Evidence:
    start = CHUNK.text.index(text)
    return Evidence(PASSAGE, text, start, start + len(text), 0.0)


def short_answer(question: str = "What is the median pay of a nurse?") -> ShortAnswer:
    found = Reading(question, "", (PASSAGE,), (evidence(PAY),), 1.0, leading=2)
    return ShortAnswer(found, Citations(date(2026, 1, 1)), WordEmbedder(), WordEmbedder())


def quote(short: ShortAnswer, text: str) -> Quote:
    return Quote(text, short.citations.cite(evidence(text)))


def test_a_supported_sentence_is_taken_with_its_citation() -> None:
    short = short_answer()
    sentence = short.add(Claim(PAY, (1,)))
    assert sentence is not None
    assert sentence.citations[0].quote == PAY
    assert short.sentences == [sentence]


@pytest.mark.parametrize(
    "text",
    [
        PAY.replace("93,600", "99,600"),
        "The documents do not cover the pay of a nurse.",
        "A nurse needs a pension.",
    ],
)
def test_what_no_passage_supports_is_left_out(text: str) -> None:
    short = short_answer()
    assert short.add(Claim(text, (1,))) is None
    assert short.sentences == []


def test_nothing_is_said_twice() -> None:
    short = short_answer()
    short.add(Claim(PAY, (1,)))
    assert short.add(Claim(PAY, (1,))) is None


def test_a_few_sentences_are_enough() -> None:
    short = short_answer()
    sentence = AnswerSentence(SCHOOL, ())
    short.sentences.extend([sentence] * (MAX_SENTENCES - 1))
    assert not short.full
    short.sentences.append(sentence)
    assert short.full


def test_the_best_quote_completes_what_the_model_left_out() -> None:
    short = short_answer("What are the pay, the degree and the licence of a nurse?")
    leading, other = quote(short, PAY), quote(short, SCHOOL)
    short.add(Claim(SCHOOL, (1,)))
    assert [s.text for s in short.complete([leading, other])] == [PAY]
    assert [s.text for s in short.sentences] == [SCHOOL, PAY]
    assert short.sentences[1].citations == (leading.citation,)


def test_a_quote_that_a_sentence_rests_on_is_not_repeated() -> None:
    short = short_answer()
    leading = quote(short, PAY)
    short.add(Claim(PAY, (1,)))
    assert list(short.complete([leading])) == []


def test_where_nothing_of_the_model_was_kept_the_quotes_are_the_answer() -> None:
    short = short_answer()
    assert list(short.complete([quote(short, PAY)])) == []


def test_a_long_quote_stays_among_the_quotes() -> None:
    text = " ".join(["long"] * (ADDED_WORDS + 1))
    short = short_answer("What degree does a nurse need?")
    assert short.add(Claim(SCHOOL, (1,)))
    passage = Passage(Chunk("n#2", "notes", "Notes", (), 0, len(text), text), 2, 0.5)
    listed = Quote(text, short.citations.cite(Evidence(passage, text, 0, len(text), 0.0)))
    assert list(short.complete([listed])) == []
