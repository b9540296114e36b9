from waymark.reply_text import abstention_text, answer_text
from waymark.types import AnswerSentence, Citation, Disagreement, NearSection, Quote


def citation(marker: int) -> Citation:
    return Citation(marker, "nurse", "Nurses", "Pay", "Text.", 0, 5, "", None, stale=False)


def said(text: str, marker: int, *, verbatim: bool = False) -> AnswerSentence:
    return AnswerSentence(text, (citation(marker),), verbatim)


def test_each_part_has_its_paragraph_in_order() -> None:
    text = answer_text(
        [said("Short.", 1), said("More.", 2)],
        [Quote("One.", citation(1)), Quote("Two.", citation(2))],
        [Disagreement((1, 2), ("2024", "2020, reviewed 2021-01-01"))],
        ["Portugal", "next year"],
    )
    assert text.split("\n\n") == [
        "Short. [1] More. [2]",
        "“One.” [1]\n“Two.” [2]",
        "The documents give different figures: [1] (2024) and [2] (2020, reviewed 2021-01-01).",
        "Not covered by the documents: Portugal · next year",
    ]


def test_what_the_short_answer_quotes_is_marked_as_quoted_and_not_said_twice() -> None:
    quotes = [Quote("One.", citation(1)), Quote("Two.", citation(2))]
    text = answer_text([said("One.", 1, verbatim=True)], quotes, [], [])
    assert text == "“One.” [1]\n\n“Two.” [2]"


def test_what_another_page_says_in_the_same_words_is_still_quoted() -> None:
    quotes = [Quote("One.", citation(1)), Quote("One.", citation(2))]
    text = answer_text([said("One.", 1, verbatim=True)], quotes, [], [])
    assert text == "“One.” [1]\n\n“One.” [2]"


def test_parts_that_are_empty_leave_no_trace() -> None:
    assert answer_text([], [Quote("One.", citation(1))], [], []) == "“One.” [1]"


def test_an_abstention_names_what_is_covered_and_who_can_help() -> None:
    near = [NearSection("cv", "CVs", "Gaps", 0, 9, "/"), NearSection("jobs", "Jobs", "", 0, 9, "/")]
    assert abstention_text(["What do nurses earn?"], near, "Call us.") == (
        "The documents do not cover this question. "
        "They come nearest to it here: CVs > Gaps · Jobs. "
        "They do cover, for example: What do nurses earn? Call us."
    )
    assert abstention_text([], [], "") == "The documents do not cover this question."
