from dataclasses import replace

from fakes import WordEmbedder, passage
from waymark.evidence import MAX_WORDS, relevance, select_evidence
from waymark.types import Passage


def quotes(question: str, *passages: Passage) -> list[str]:
    return [e.text for e in select_evidence(question, "", passages, WordEmbedder())]


def test_the_nearest_sentence_comes_first_and_unrelated_ones_stay_out() -> None:
    text = "A nurse needs a licence here. Bring a pen to the office. A nurse has good pay today."
    found = quotes("nurse pay", passage(text, heading=""))
    assert found[0] == "A nurse has good pay today."
    assert "Bring a pen to the office." not in found


def test_spans_are_offsets_into_the_document() -> None:
    found = select_evidence(
        "pay",
        "",
        [passage("Some words stand here. The pay is good now.", start=40)],
        WordEmbedder(),
    )
    assert (found[0].start, found[0].end) == (63, 83)


def test_a_sentence_that_opens_with_a_pronoun_keeps_the_one_before_it() -> None:
    text = "A pension is a kind of pay. It is paid when you are old."
    assert quotes("pension pay", passage(text)) == [text]


def test_a_line_that_only_announces_a_list_is_not_a_quote() -> None:
    text = "These forms of pay exist:\nA pension is pay that comes late."
    assert quotes("pay", passage(text)) == ["A pension is pay that comes late."]


def test_an_amount_is_preferred_where_one_is_asked_for() -> None:
    text = "The median pay is in the middle. The median pay is $93,600 a year."
    assert quotes("how much is the pay", passage(text))[0].startswith("The median pay is $93,600")


def test_a_repeated_sentence_is_quoted_once() -> None:
    twice = passage("A nurse needs a degree first."), passage("A nurse needs a degree first.")
    assert quotes("nurse degree", *twice) == ["A nurse needs a degree first."]


def test_one_endless_sentence_is_still_one_quote() -> None:
    text = "pay " + "word " * (2 * MAX_WORDS) + "end."
    assert quotes("pay", passage(text)) == [text]


def test_no_passages_give_no_evidence() -> None:
    assert quotes("pay") == []


def test_the_words_of_a_follow_up_decide_between_what_was_asked_before_and_now() -> None:
    text = "The pay of a nurse is good here. The training of a nurse takes years."
    question = "What is the pay of a nurse? and the training?"
    found = select_evidence(question, "and the training?", [passage(text)], WordEmbedder())
    assert found[0].text == "The training of a nurse takes years."


def test_relevance_is_the_measure_that_picks_the_quotes() -> None:
    text = "The pay of a nurse is good here. A plumber has a pension."
    first = select_evidence("nurse pay", "", [passage(text)], WordEmbedder())[0]
    other = replace(first, text="A plumber has a pension.")
    best, worse = relevance("nurse pay", "", [first, other], WordEmbedder())
    assert best > worse


def test_a_definition_comes_first_where_a_meaning_is_asked_for() -> None:
    text = "One guide says that a pension is growing. A pension is money for old age."
    assert quotes("What is a pension?", passage(text))[0] == "A pension is money for old age."
