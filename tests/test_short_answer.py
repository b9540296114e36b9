from dataclasses import replace
from datetime import date

import pytest

from fakes import TrustingVerifier
from waymark.grounding import Citations, Claim
from waymark.readings import Reading
from waymark.short_answer import CLOSE, COMPLETED, FIRST, LATER, MAX_SENTENCES, ShortAnswer
from waymark.types import AnswerSentence, Chunk, Evidence, Passage, Quote

PAY = "A nurse has a median pay of $93,600 a year in the United States in May 2024."
SCHOOL = "A nurse needs a degree and a licence."
GROWTH = "The number of nurses grows faster than others."
CHUNK = Chunk("nurse#1", "nurse", "Nurses", ("Work",), 0, 0, f"{PAY} {SCHOOL} {GROWTH}")
PASSAGE = Passage(CHUNK, 1, 1.0)


def evidence(text: str, score: float = 0.0) -> Evidence:
    start = CHUNK.text.index(text)
    return Evidence(PASSAGE, text, start, start + len(text), score)


def short_answer(*rest: Evidence, leading: int = 1) -> ShortAnswer:
    found = Reading("What?", "", (PASSAGE,), (evidence(PAY), *rest), 1.0, leading=leading)
    return ShortAnswer(found, Citations(date(2026, 1, 1)), TrustingVerifier())


def completed(short: ShortAnswer) -> list[str]:
    quotes = [Quote(e.text, short.citations.cite(e)) for e in short.found.evidence]
    return [sentence.text for sentence in short.complete(quotes)]


def test_a_supported_sentence_is_taken_with_its_citation() -> None:
    short = short_answer()
    sentence = short.add(Claim(PAY, (1,)))
    assert sentence is not None
    assert sentence.citations[0].quote == PAY
    assert short.sentences == [sentence]


@pytest.mark.parametrize(
    ("text", "verbatim"), [(PAY, True), (PAY.replace("A nurse has", "Nurses have"), False)]
)
def test_only_a_copy_of_its_quote_is_verbatim(text: str, verbatim: bool) -> None:
    sentence = short_answer().add(Claim(text, (1,)))
    assert sentence is not None
    assert sentence.verbatim is verbatim


def test_a_copy_of_a_part_of_its_quote_is_not_verbatim() -> None:
    whole = f"{PAY} {SCHOOL}"
    short = answering("What?", whole)
    short.citations.cite(short.found.evidence[0])
    sentence = short.add(Claim(PAY, (1,)))
    assert sentence is not None
    assert (sentence.citations[0].quote, sentence.verbatim) == (whole, False)


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


def test_a_sentence_about_the_earlier_question_does_not_answer_the_follow_up() -> None:
    short = short_answer(evidence(PAY))
    short.found = replace(
        short.found, follow_up="and the degree?", evidence=(evidence(SCHOOL), evidence(PAY))
    )
    assert short.add(Claim(PAY, (2,))) is None
    assert short.add(Claim(SCHOOL, (1,))) is not None


def test_nothing_is_said_twice() -> None:
    short = short_answer()
    short.add(Claim(PAY, (1,)))
    assert short.add(Claim(PAY, (1,))) is None


def test_a_few_sentences_are_enough() -> None:
    short = short_answer()
    sentence = AnswerSentence(SCHOOL, (), verbatim=False)
    short.sentences.extend([sentence] * (MAX_SENTENCES - 1))
    assert not short.full
    short.sentences.append(sentence)
    assert short.full


def test_a_first_sentence_has_to_rest_on_evidence_about_as_good_as_the_best() -> None:
    assert short_answer(evidence(SCHOOL, -FIRST)).add(Claim(SCHOOL, (2,)))
    assert short_answer(evidence(SCHOOL, -FIRST - 0.1)).add(Claim(SCHOOL, (2,))) is None


def test_a_later_sentence_may_rest_on_weaker_evidence() -> None:
    short = short_answer(evidence(SCHOOL, -LATER), evidence(GROWTH, -LATER - 0.1))
    short.add(Claim(PAY, (1,)))
    assert short.add(Claim(SCHOOL, (2,)))
    assert short.add(Claim(GROWTH, (3,))) is None


def test_a_sentence_of_a_passage_that_is_no_evidence_is_left_out() -> None:
    short = short_answer()
    short.add(Claim(PAY, (1,)))
    assert short.add(Claim(SCHOOL, (1,))) is None


def test_the_best_evidence_of_each_part_counts_as_best() -> None:
    short = short_answer(evidence(SCHOOL, -20.0), leading=2)
    assert short.add(Claim(SCHOOL, (2,)))


def test_the_best_quote_completes_what_the_model_left_out() -> None:
    short = short_answer(evidence(SCHOOL))
    short.add(Claim(SCHOOL, (2,)))
    assert completed(short) == [PAY]
    assert [s.text for s in short.sentences] == [SCHOOL, PAY]
    assert [c.quote for c in short.sentences[1].citations] == [PAY]
    assert short.sentences[1].verbatim


def test_the_best_quote_of_each_part_completes_it() -> None:
    assert completed(short_answer(evidence(SCHOOL, -20.0), leading=2)) == [PAY, SCHOOL]


def test_a_second_quote_completes_it_where_it_answers_about_as_well() -> None:
    assert completed(short_answer(evidence(SCHOOL, -CLOSE))) == [PAY, SCHOOL]
    assert completed(short_answer(evidence(SCHOOL, -CLOSE - 0.1))) == [PAY]


def test_a_second_quote_that_says_the_same_stays_among_the_quotes() -> None:
    text = PAY.replace("$93,600 a year", "$93,600 a year ($45 an hour)")
    passage = Passage(Chunk("n#2", "notes", "Notes", (), 0, len(text), text), 2, 0.5)
    assert completed(short_answer(Evidence(passage, text, 0, len(text), 0.0))) == [PAY]


def test_a_third_quote_stays_among_the_quotes() -> None:
    short = short_answer(evidence(SCHOOL), evidence(GROWTH))
    assert completed(short) == [PAY, SCHOOL]


def test_a_quote_that_a_sentence_rests_on_is_not_repeated() -> None:
    short = short_answer()
    short.add(Claim(PAY, (1,)))
    assert completed(short) == []


def test_where_nothing_of_the_model_was_kept_the_guidance_answers_in_short() -> None:
    assert completed(short_answer()) == [PAY]


def test_a_long_quote_stays_among_the_quotes() -> None:
    text = " ".join(["long"] * (COMPLETED + 1))
    passage = Passage(Chunk("n#2", "notes", "Notes", (), 0, len(text), text), 2, 0.5)
    assert completed(short_answer(Evidence(passage, text, 0, len(text), 0.0), leading=2)) == [PAY]


def test_a_second_quote_that_would_make_it_long_stays_among_the_quotes() -> None:
    text = " ".join(["long"] * (COMPLETED - len(PAY.split()) + 1))
    passage = Passage(Chunk("n#2", "notes", "Notes", (), 0, len(text), text), 2, 0.5)
    assert completed(short_answer(Evidence(passage, text, 0, len(text), 0.0))) == [PAY]


def test_one_item_of_a_list_gives_way_to_the_list() -> None:
    text = "A nurse needs three things:\n\nA degree from a school.\nA licence.\nA pension plan."
    short = answering("What does a nurse need?", text)
    assert short.add(Claim("A degree from a school.", (1,))) is None
    assert completed(short) == [text]


TRADES = (
    "Nurses need a degree from a school. Plumbers learn the trade on the job in four years. "
    "They need a licence in most states. Cooks learn the trade at work. "
    "Cooks start with simple meals."
)
NURSE, PLUMBER, LICENCE, COOK, MEALS = (f"{s.rstrip('.')}." for s in TRADES.split(". "))


@pytest.mark.parametrize(
    ("claims", "kept"),
    [
        ([PLUMBER, LICENCE], [PLUMBER, LICENCE]),
        ([COOK, "They start with simple meals."], [COOK, "They start with simple meals."]),
        ([LICENCE], []),
        ([NURSE, LICENCE], [NURSE]),
        ([PLUMBER, "Plumbers study at a college.", LICENCE], [PLUMBER]),
        ([PLUMBER, PLUMBER, LICENCE], [PLUMBER]),
        ([NURSE, "They learn the trade on the job in four years."], [NURSE]),
    ],
)
def test_a_pronoun_is_kept_only_right_after_what_it_stands_for(
    claims: list[str], kept: list[str]
) -> None:
    short = answering("How do I learn a trade?", TRADES)
    for text in claims:
        short.add(Claim(text, (1,)))
    assert [sentence.text for sentence in short.sentences] == kept


@pytest.mark.parametrize(
    "text",
    [
        "It takes four years to learn the trade.",
        "It is enough to learn the trade.",
        "It depends on the school whether nurses rest.",
        "This page names no school.",
        "Both nurses and cooks rest.",
        "Those who rest learn a trade.",
    ],
)
def test_a_pronoun_that_stands_for_nothing_before_needs_nothing_before(text: str) -> None:
    assert answering("How do I learn a trade?", text).add(Claim(text, (1,)))


def test_a_pronoun_in_the_first_sentence_may_stand_for_what_is_asked_about() -> None:
    short = answering("What do plumbers do first?", TRADES)
    assert short.add(Claim("They learn the trade on the job in four years.", (1,)))
    assert answering("What do they need?", TRADES).add(Claim(LICENCE, (1,))) is None


def test_a_pronoun_does_not_lean_on_another_document() -> None:
    short = answering("How do I learn a trade?", TRADES)
    other = Passage(Chunk("c#1", "cooks", "Cooks", (), 0, len(LICENCE), LICENCE), 2, 0.5)
    piece = Evidence(other, LICENCE, 0, len(LICENCE), 0.0)
    short.found = replace(short.found, passages=(other,), evidence=(*short.found.evidence, piece))
    assert short.add(Claim(NURSE, (1,)))
    assert short.add(Claim(LICENCE, (2,))) is None


def test_what_only_follows_from_the_answering_clause_gives_way_to_the_whole() -> None:
    text = "Paralegals may not give legal advice; a lawyer answers for their work."
    short = answering("May paralegals give legal advice?", text)
    assert short.add(Claim("A lawyer answers for their work.", (1,))) is None
    assert completed(short) == [text]
    short = answering("May paralegals give legal advice?", text)
    assert short.add(Claim("Paralegals may not give legal advice.", (1,)))


def answering(asked: str, text: str) -> ShortAnswer:
    passage = Passage(Chunk("n#2", "notes", "Notes", (), 0, len(text), text), 1, 0.5)
    found = Reading(asked, "", (passage,), (Evidence(passage, text, 0, len(text), 0.0),), 1.0)
    return ShortAnswer(found, Citations(date(2026, 1, 1)), TrustingVerifier())
