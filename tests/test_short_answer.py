from datetime import date

import pytest

from fakes import WordEmbedder
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
    return ShortAnswer(found, Citations(date(2026, 1, 1)), WordEmbedder())


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
    return ShortAnswer(found, Citations(date(2026, 1, 1)), WordEmbedder())
