from dataclasses import replace
from itertools import pairwise

from fakes import OverlapReranker, WordEmbedder, passage
from waymark.evidence import (
    EACH_PART,
    FALL,
    QUOTES,
    WORD,
    joined_evidence,
    relevance,
    select_evidence,
    select_in_conversation,
)
from waymark.thoughts import thoughts_of
from waymark.types import Evidence, Passage


def quotes(question: str, *passages: Passage) -> list[str]:
    return [e.text for e in select_evidence(question, passages, WordEmbedder(), OverlapReranker())]


def test_the_nearest_sentence_comes_first_and_unrelated_ones_stay_out() -> None:
    text = "A nurse needs a licence here. Bring a pen to the office. A nurse has good pay today."
    found = quotes("nurse pay", passage(text, heading=""))
    assert found[0] == "A nurse has good pay today."
    assert "Bring a pen to the office." not in found


def test_spans_are_offsets_into_the_document() -> None:
    found = select_evidence(
        "pay",
        [passage("Some words stand here. The pay is good now.", start=40)],
        WordEmbedder(),
        OverlapReranker(),
    )
    assert (found[0].start, found[0].end) == (63, 83)


def test_a_sentence_that_opens_with_a_pronoun_keeps_the_one_before_it() -> None:
    text = "A pension is a kind of pay. It is paid when you are old."
    assert quotes("pension pay", passage(text)) == [text]


def test_a_line_that_only_announces_a_list_is_quoted_with_the_list_or_not_at_all() -> None:
    items = "A pension is paid late in a long life.\nA degree raises it over the years, as a rule."
    announced = f"These things matter:\n\n{items}"
    assert quotes("pension and degree", passage(announced)) == [announced]
    cut = passage("These forms of pay exist:\n\nA pension is pay that comes late.")
    assert quotes("pay", cut) == ["A pension is pay that comes late."]


def test_a_list_too_long_to_quote_is_quoted_item_by_item() -> None:
    items = [f"Pay number {i} is a kind of pay that comes late in the year." for i in range(9)]
    found = quotes("pay", passage("Kinds of pay:\n\n" + "\n".join(items)))
    assert set(found) < set(items)


def test_overlapping_quotes_are_never_shown_together() -> None:
    items = "A pension is pay that comes late.\nA school needs a degree from its nurse there."
    found = select_evidence(
        "pension pay degree", [passage(items)], WordEmbedder(), OverlapReranker()
    )
    spans = sorted((e.start, e.end) for e in found)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


def test_a_question_in_the_text_is_not_an_answer() -> None:
    text = "What is the pay of a nurse today? The pay of a nurse is good here."
    assert quotes("pay nurse", passage(text)) == ["The pay of a nurse is good here."]


def test_an_amount_is_preferred_where_one_is_asked_for() -> None:
    text = "The median pay is in the middle. The median pay is $93,600 a year."
    assert quotes("how much is the pay", passage(text))[0].startswith("The median pay is $93,600")


def test_a_repeated_sentence_is_quoted_once() -> None:
    twice = passage("A nurse needs a degree first."), passage("A nurse needs a degree first.")
    assert quotes("nurse degree", *twice) == ["A nurse needs a degree first."]


def test_what_a_better_quote_says_already_is_not_quoted() -> None:
    less = passage("A nurse needs a degree.", start=50)
    more = passage("A nurse needs a degree first.")
    denied = passage("A nurse never needs a degree.", start=90)
    assert quotes("nurse degree first", less, more) == ["A nurse needs a degree first."]
    assert len(quotes("nurse degree first", denied, more)) == 2


def test_one_endless_sentence_is_still_one_quote() -> None:
    text = "pay " + "word " * 3_000 + "end."
    assert quotes("pay", passage(text)) == [text]


def test_no_passages_give_no_evidence() -> None:
    assert quotes("pay") == []


def test_what_a_follow_up_asks_decides_between_the_forms_that_it_may_stand_for() -> None:
    of_nurses = passage("The pay of a nurse is good here. The training of a nurse takes years.")
    of_cooks = passage("The training of a cook is short here. Rice has to be washed first.")
    found = select_in_conversation(
        "and the training? « The pay is good. / What is the pay of a nurse?",
        {"training of a cook": [of_cooks], "nurse: the training?": [of_nurses]},
        WordEmbedder(),
        OverlapReranker(),
    )
    assert found[0].text == "The training of a nurse takes years."
    assert "Rice has to be washed first." not in [piece.text for piece in found]


def test_a_form_without_passages_takes_nothing_from_the_others() -> None:
    pay = "The pay of a nurse is good here."
    forms = {"nurse pay": [passage(pay)], "x": []}
    found = select_in_conversation("the pay?", forms, WordEmbedder(), OverlapReranker())
    assert [piece.text for piece in found] == [pay]
    nothing = select_in_conversation("pay?", {"x": []}, WordEmbedder(), OverlapReranker())
    assert nothing == ()


def test_relevance_is_the_measure_that_picks_the_quotes() -> None:
    text = "The pay of a nurse is good here. A plumber has a pension."
    first = select_evidence("nurse pay", [passage(text)], WordEmbedder(), OverlapReranker())[0]
    other = replace(first, text="A plumber has a pension.")
    best, worse = relevance("nurse pay", [first, other], WordEmbedder())
    assert best > worse


def test_a_definition_comes_first_where_a_meaning_is_asked_for() -> None:
    text = "One guide says that a pension is growing. A pension is money for old age."
    assert quotes("What is a pension?", passage(text))[0] == "A pension is money for old age."


def test_several_questions_get_the_best_of_each_before_the_second_of_any() -> None:
    text = "One is here now. Two is here now. Three is here now. Four is here now."
    one, two, three, four = thoughts_of(passage(text))
    joined = joined_evidence([[one, two], [one, three, four]])
    assert joined == ((one, two, three, four), 1)


def test_what_two_pages_say_alike_leads_for_each_of_them() -> None:
    same = "No licence is needed."
    (one,), (other,) = (thoughts_of(passage(same, title=title)) for title in ("Nurses", "Cooks"))
    other = replace(other, passage=replace(other.passage, chunk=replace(
        other.passage.chunk, document_id="cooks")))  # fmt: skip
    assert joined_evidence([[one], [other]]) == ((one, other), 2)


def test_a_piece_that_is_the_best_for_two_questions_leads_once() -> None:
    best, second = scored(6, 9.0, 0.0)
    assert joined_evidence([[best, second], [best, second]]) == ((best, second), 1)


def test_a_message_that_asks_more_is_answered_at_more_length() -> None:
    free = int(FALL / WORD)  # words that equally good pieces may have together
    long = scored(free // 4, *[0.0] * 6)
    assert len(joined_evidence([long])[0]) == 4
    assert len(joined_evidence([long[:3], long[3:]])[0]) == (free + EACH_PART) // (free // 4)


def test_the_more_is_quoted_the_nearer_to_the_best_the_next_has_to_be() -> None:
    assert len(joined_evidence([scored(20, 0.0, -9.9)])[0]) == 2
    assert len(joined_evidence([scored(20, 0.0, -10.1)])[0]) == 1
    assert len(joined_evidence([scored(20, 0.0, -0.1, -8.9)])[0]) == 3
    assert len(joined_evidence([scored(20, 0.0, -0.1, -9.1)])[0]) == 2


def test_joined_evidence_keeps_its_limits() -> None:
    short = scored(6, *[0.0] * 12)
    assert joined_evidence([short]) == (tuple(short[:QUOTES]), 1)
    assert joined_evidence([[], []]) == ((), 0)
    assert joined_evidence([scored(3_000, 0.0, 0.0)]) == (tuple(scored(3_000, 0.0)), 1)


def scored(length: int, *scores: float) -> list[Evidence]:
    """Pieces of so many words, one of each score."""
    return [
        replace(
            thoughts_of(passage(f"{n} {'word ' * (length - 2)}ends.", start=100_000 * n))[0],
            score=score,
        )
        for n, score in enumerate(scores)
    ]
