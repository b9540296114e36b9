import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.conversation import Standing, standalone_question, topic_of
from waymark.types import Turn

NAMES = ("chef", "registered nurses", "data scientists", "plumbers", "software developers")


def named(text: str) -> Sequence[str]:
    found = [match for name in NAMES if (match := re.search(name, text, re.I))]
    return [match.group() for match in sorted(found, key=re.Match.start)]


def stand(*messages: str) -> Standing:
    """The last of `messages`, which the user and the service wrote in turns."""
    history = [Turn("assistant" if i % 2 else "user", m) for i, m in enumerate(messages[:-1])]
    return standalone_question(messages[-1], history, named)


def focused(*questions: str) -> str:
    turns = [m for question in questions for m in (question, "Ok.")]
    return stand(*turns[:-1]).focused


@pytest.mark.parametrize(
    "question",
    ["How much does a data scientist earn?", "What does a machine-learning engineer do?",
     "what should i say when they ask about being fired", "is it ok to lie on a CV?"],
)  # fmt: skip
def test_a_change_of_topic_is_left_alone(question: str) -> None:
    found = stand("How do I become a plumber?", "Learn.", question)
    assert (found.focused, found.joined) == (question, question)


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("What do data scientists do?", "how much do they earn?",
         "how much do data scientists earn?"),
        ("What is a portfolio career?", "who does it suit?", "who does a portfolio career suit?"),
        ("what does a paralegal do", "do they need a degree for that",
         "do paralegals need a degree for that"),
        ("my friend is a chef", "what are her hours like", "what are chef hours like"),
        ("What is Keras?", "who finds it useful, and for what?",
         "who finds Keras useful, and for what?"),
        ("Tell me about plumbers", "how long to train as one?", "how long to train as plumbers?"),
        ("Tell me about plumbers", "is it possible to become one late?",
         "is it possible to become plumbers late?"),
    ],
)  # fmt: skip
def test_the_topic_takes_the_place_of_a_pronoun(before: str, question: str, meant: str) -> None:
    assert focused(before, question) == meant


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("What do registered nurses do?", "And the outlook?", "registered nurses: the outlook?"),
        ("How much is the evening course?", "how long?", "evening course: how long?"),
        ("What is precision?", "And recall?", "What is recall?"),
        ("What do nurses earn in France?", "and in Germany?", "What do nurses earn in Germany?"),
        ("What do nurses earn?", "in Germany?", "What do nurses earn in Germany?"),
        ("why is the sky blue", "why?", "why is the sky blue why?"),
    ],
)  # fmt: skip
def test_what_an_ellipsis_leaves_out_comes_from_the_question_before(
    before: str, question: str, meant: str
) -> None:
    assert focused(before, question) == meant


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("What do plumbers earn?", "sorry, I meant roofers", "What do roofers earn?"),
        ("the pay for chefs", "i mean truck drivers not chefs", "the pay for truck drivers"),
        ("how to write a cv", "not the cv, the interview: what is STAR",
         "the interview: what is STAR"),
        ("What is the pay of plumbers?", "no not pay, what training do they need",
         "what training do plumbers need"),
    ],
)  # fmt: skip
def test_a_correction_changes_what_it_corrects(before: str, question: str, meant: str) -> None:
    assert focused(before, question) == meant


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("do they earn more than teachers?", "do software developers earn more than teachers?"),
        ("teachers get more?", "earn: teachers get more than software developers?"),
        ("Is that more than teachers?", "What do software developers earn? "
         "Is that more than teachers?"),
        ("which of the two pays better?", "software developers and plumbers: which of the two pays "
         "better?"),
    ],
)  # fmt: skip
def test_a_comparison_names_what_is_compared(question: str, meant: str) -> None:
    found = stand("What do software developers earn?", "More than plumbers.", question)
    assert found.focused == meant


@pytest.mark.parametrize(
    ("before", "reply", "question", "meant"),
    [
        ("Which frameworks are there?", "TensorFlow and Keras.", "Who made the first one?",
         "Who made TensorFlow?"),
        ("What are the parts of burnout?", "Exhaustion and cynicism.", "what does the second mean",
         "burnout: what does cynicism mean"),
    ],
)  # fmt: skip
def test_an_item_of_a_list_needs_the_topic_unless_it_is_a_name(
    before: str, reply: str, question: str, meant: str
) -> None:
    found = stand(before, reply, question)
    assert found.focused == meant


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("What do plumbers earn in Dubai?", "and their hours?", "plumbers hours in Dubai?"),
        ("What do plumbers earn in Dubai?", "do they earn more in Spain?",
         "do plumbers earn more in Spain?"),
        ("What do plumbers earn in the US?", "and their hours?", "plumbers hours?"),
        ("What do plumbers earn?", "what about Germany?", "What do plumbers earn in Germany?"),
        ("What do plumbers earn in Spain?", "and in France?", "What do plumbers earn in France?"),
        ("How do people in insurance train?", "And in Canada?",
         "How do people in insurance train in Canada?"),
    ],
)  # fmt: skip
def test_a_place_holds_until_another_is_named(before: str, question: str, meant: str) -> None:
    assert focused(before, question) == meant


@pytest.mark.parametrize(
    ("messages", "meant"),
    [
        (("What do plumbers do?", "And data scientists?", "who gets more of the two?"),
         "plumbers and data scientists: who gets more of the two?"),
        (("What do plumbers do?", "And data scientists?", "And a chef?", "and are both the same?"),
         "data scientists and chef: are both the same?"),
        (("Plumbers?", "Data scientists?", "A chef?", "which of them needs a degree?"),
         "Plumbers and Data scientists and chef: which of them needs a degree?"),
        (("Plumbers or a chef?", "which pays better?"),
         "Plumbers and chef: which pays better?"),
        (("Plumbers?", "which pays better, web design or nursing?"),
         "which pays better, web design or nursing?"),
    ],
)  # fmt: skip
def test_a_choice_is_among_what_was_named_so_far(messages: Sequence[str], meant: str) -> None:
    assert focused(*messages) == meant


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("What do plumbers earn?", "is the field growing?", "plumbers: is the field growing?"),
        ("What do plumbers earn?", "and what about the top tenth?", "plumbers pay: top tenth?"),
        ("How long to train as a chef?", "is pay better than for plumbers?",
         "chef: is pay better than for plumbers?"),
        ("What do plumbers earn?", "a chef is better or worse?",
         "earn: a chef is better or worse than plumbers?"),
        ("What do plumbers earn?", "how do I leave the job I have and burn no bridges?",
         "how do I leave the job I have and burn no bridges?"),
        ("What do plumbers earn?", "my cv needs to be better", "my cv needs to be better"),
    ],
)  # fmt: skip
def test_a_question_that_lacks_its_subject_is_about_what_was_talked_of(
    before: str, question: str, meant: str
) -> None:
    assert focused(before, question) == meant


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("plumbers vs data scientists pay", "and growth?", "plumbers and data scientists: growth?"),
        ("plumbers or a chef, which has better hours?", "what do they earn?",
         "what do plumbers and chefs earn?"),
        ("plumbers or a chef?", "how long is the training for each?",
         "plumbers and chef: how long is the training for each?"),
        ("plumbers or a chef?", "does the second one need a degree?", "does chef need a degree?"),
        ("pay of plumbers or a chef?", "and for data scientists?",
         "pay of plumbers or data scientists?"),
        ("Tell me about plumbers", "how much?", "plumbers: how much?"),
        ("Are plumbers growing?", "And compared with a chef?",
         "Are plumbers growing? And compared with a chef?"),
    ],
)  # fmt: skip
def test_a_follow_up_to_a_comparison_is_about_both_sides(
    before: str, question: str, meant: str
) -> None:
    assert focused(before, question) == meant


@pytest.mark.parametrize("home", ["ok in the us", "and in the whole country?", "in America?"])
def test_a_place_that_is_not_covered_can_be_left_for_home(home: str) -> None:
    assert focused("pay for plumbers in Canada?", home) == "pay for plumbers in the United States?"
    later = focused("pay for plumbers in Canada?", home, "and a chef?")
    assert later == "pay for chef in the United States?"


def test_a_place_in_a_list_is_found_in_an_earlier_reply_too() -> None:
    listing = "- an image classifier\n- a recommender system"
    found = stand("Which projects are good?", listing, "ok", "More?", "number two, how?")
    assert found.alone == "a recommender system, how?"


def test_which_of_these_asks_about_the_names_and_not_about_other_topics() -> None:
    talk = ("plumbers or data scientists?", "Both.", "my cousin likes gardens", "Fine.")
    question = "Which of these needs a four-year degree?"
    assert stand(*talk, question).focused == f"plumbers and data scientists: {question}"


def test_what_was_named_in_the_question_before_comes_before_lists_of_the_reply() -> None:
    asked = stand("plumbers or a chef?", "Python, SQL and Java.", "the first one: what hours?")
    assert asked.focused == "plumbers: what hours?"


def test_the_joined_form_has_the_question_before_in_front() -> None:
    found = stand("What do plumbers earn?", "Enough.", "and their hours?")
    assert found.joined == "What do plumbers earn? and their hours?"
    assert found.topic == "plumbers"


def test_in_a_deep_dialogue_the_newest_topic_counts() -> None:
    assert focused(
        "I want to work with numbers", "What about data scientists?", "Where do they work?",
        "and their pay?",
    ) == "data scientists pay?"  # fmt: skip
    assert focused("Tell me about roofers", "and chefs?", "ok then plumbers, what is the pay") == (
        "plumbers, what is the pay"
    )


def test_a_question_of_long_ago_is_no_topic() -> None:
    assert "plumbers" not in focused("What do plumbers do?", *["why?"] * 8)


def test_the_first_question_has_nothing_to_take_over() -> None:
    assert focused("and you?") == "and you?"


def test_two_hundred_turns_are_no_problem() -> None:
    assert len(focused(*["why?"] * 200)) < 100


def test_a_known_name_is_the_topic_before_any_phrase() -> None:
    assert topic_of("the night shifts of plumbers", named) == "plumbers"
    assert topic_of("the night shifts of bakers", named) == "bakers"


@pytest.mark.parametrize(
    ("message", "topic"),
    [
        ("I'm a chef. How do I move into data science?", "data science"),
        ("I'm a chef. What would I earn?", "chef"),
        ("My friend is a chef. What does she know about cooking?", "chef"),
        ("I'm a chef. Can I become one of the plumbers?", "plumbers"),
        ("What do roofers earn in Canada?", "roofers"),
        ("I left my agency, I draw now. What has to be in the contract?", "contract"),
        ("I'm a chef. Is the evening course hard?", "chef"),
    ],
)
def test_what_is_asked_is_the_topic_before_what_is_told(message: str, topic: str) -> None:
    assert topic_of(message, named) == topic


def test_two_names_in_one_are_one_topic() -> None:
    assert topic_of("how long is plumbers chef training?", named) == "plumbers chef"
    assert topic_of("plumbers or chef training?", named) == "plumbers and chef"


@given(st.lists(st.text(max_size=60), max_size=8), st.text(max_size=60))
def test_any_conversation_gives_a_question_and_the_first_stays(
    messages: list[str], question: str
) -> None:
    history = [Turn("assistant" if i % 2 else "user", m) for i, m in enumerate(messages)]
    assert isinstance(standalone_question(question, history).focused, str)
    assert standalone_question(question, []).focused == question


@pytest.mark.parametrize(
    ("before", "question", "meant"),
    [
        ("What do plumbers earn?", "and the outlook for data scientists?",
         "the outlook for data scientists"),
        ("What do plumbers earn?", "overtime?", "plumbers: overtime"),
        ("What does a tax accountant do?", "and a forensic one?",
         "What does a forensic accountant do?"),
        ("What licence do plumbers need?", "in hospitals?", "What licence do plumbers need in"
         " hospitals?"),
        ("How do plumbers handle a late bill?", "and if they refuse to pay?",
         "How do plumbers handle a late bill? and if they refuse to pay?"),
        ("Do plumbers need a licence?", "is it different for a chef?",
         "Do plumbers need a licence? is it different for a chef?"),
        ("Do plumbers train?", "can you give an example?",
         "Do plumbers train? can you give an example?"),
        ("Can I become a plumber?", "at 40", "Can I become a plumber at 40?"),
        ("Can I become a plumber?", "with no experience?",
         "Can I become a plumber with no experience?"),
        ("What do plumbers earn?", "back to the pay", "plumbers: the pay"),
        ("What do plumbers earn?", "and what do data scientists earn?",
         "and what do data scientists earn?"),
        ("What do plumbers earn?", "a job that's outdoors", "a job that's outdoors"),
        ("What do plumbers earn?", "data scientists i mean",
         "What do data scientists earn?"),
        ("What do plumbers earn in Germany?", "I'm in Canada though",
         "What do plumbers earn in Canada?"),
        ("What do plumbers earn?", "ok. How can I spot a fake job offer?",
         "ok. How can I spot a fake job offer?"),
    ],
)  # fmt: skip
def test_a_fragment_takes_over_no_more_than_it_lacks(
    before: str, question: str, meant: str
) -> None:
    assert focused(before, question) == meant


@pytest.mark.parametrize(
    "remark",
    ["i have dyslexia by the way", "I'm 45 by the way, twenty years in the police",
     "my boss says otherwise", "I work as a chef"],
)  # fmt: skip
def test_a_remark_between_two_questions_does_not_hide_the_topic(remark: str) -> None:
    assert focused("What do plumbers do?", remark, "how much do they earn?") == (
        "how much do plumbers earn?"
    )
    found = stand("What do plumbers do?", "Ok.", remark, "Ok.", "how much do they earn?")
    assert found.joined == f"{remark} how much do they earn?"


def test_what_is_told_of_others_may_be_what_follows_is_about() -> None:
    asked = focused("What do plumbers do?", "my friend is a chef", "what are her hours?")
    assert asked == "what are chef hours?"


def test_a_condition_is_tried_with_the_question_before_it() -> None:
    found = stand("Which jobs are done from home?", "Some.", "i'm a ward nurse")
    assert (found.focused, found.joined) == (
        "i'm a ward nurse",
        "Which jobs are done from home? i'm a ward nurse",
    )


def test_something_new_is_not_chosen_among_what_was_compared() -> None:
    talk = ("plumbers or a chef?", "Both.", "which of the two has more openings", "Plumbers.")
    found = stand(*talk, "what about solar installers")
    assert found.focused == found.joined == "solar installers: openings"


def test_background_does_not_hide_that_a_question_leans_on_the_one_before() -> None:
    told = "I am forty years old now and tired of shops."
    asked = f"{told} How long is the training? Is a licence needed?"
    assert focused("Tell me about plumbers", asked) == (
        f"{told} plumbers: How long is the training? Is a licence needed?"
    )
    assert focused("Tell me about plumbers", "is there an age limit?") == (
        "plumbers: is there an age limit?"
    )
    assert focused("Tell me about plumbers", f"{told} Should I become a chef?") == (
        f"{told} Should I become a chef?"
    )


def test_a_whole_question_is_tried_with_the_topic_before_it_too() -> None:
    question = "what could still give someone away"
    found = stand("How do plumbers hide a leak?", "So.", question)
    assert (found.focused, found.joined) == (question, f"plumbers: {question}")


def test_what_is_told_of_people_is_tried_with_the_topic_too() -> None:
    question = "they also sent a contract that bars rival firms for two years"
    found = stand("What do plumbers do?", "Pipes.", question)
    assert (found.focused, found.joined) == (question, f"plumbers: {question}")
    assert focused("What do plumbers do?", question, "and the pay?") == "plumbers: the pay?"


def test_a_topic_that_no_document_names_gives_way_to_another_noun() -> None:
    question = "they mailed me a cheque and want the rest back on friday"
    assert stand("What do roofers do?", "Roofs.", question).topic == "cheque"


def test_is_that_after_a_remark_is_asked_of_the_remark() -> None:
    talk = ("What do plumbers do?", "Pipes.", "I'm 45 by the way", "Ok.")
    found = stand(*talk, "is that too late to start?")
    assert found.focused == found.joined == "I'm 45 by the way is that too late to start?"
    assert stand(*talk, "how long does that take?").focused == "plumbers: how long does that take?"


def test_what_was_tried_is_read_with_the_question_before_it_alone() -> None:
    before = "how do plumbers ask for help"
    remark = "I did exactly that in June, she laughed and gave me two more sites"
    found = stand(before, "Ask early.", remark)
    assert found.focused == found.joined == f"{before} {remark}"


@pytest.mark.parametrize(
    ("messages", "meant"),
    [
        (("What do plumbers earn?", "63,900.", "and software developers?", "Plumbers earn less.",
          "why is the first one shrinking"), "why is plumbers shrinking"),
        (("What do plumbers earn?", "63,900.", "chef?", "Data scientists, chef and cook.",
          "which of the two grows", "Both.", "the second one, how long?"), "chef, how long?"),
        (("glaziers, ironworkers or welders?", "Electricians, plumbers and cooks.",
          "which of those three shrinks", "Electricians, plumbers and cooks.",
          "what about the second one"), "what about ironworkers"),
        (("Who earns more, plumbers or a chef?", "Well.", "and lift people", "A, b and c.",
          "the second one, is it growing?"), "chef, is it growing?"),
        (("Which skills do plumbers need?", "Speed, care and tact.", "how do I learn the last one",
          "Ask.", "and the second?"), "and care?"),
    ],
)  # fmt: skip
def test_the_first_one_is_of_what_the_person_named(messages: Sequence[str], meant: str) -> None:
    assert stand(*messages).alone == meant


@pytest.mark.parametrize("outside", ["what about not in the US", "and outside the US?"])
def test_another_place_than_home_is_no_home(outside: str) -> None:
    found = stand("What do plumbers earn in the US?", "63,900.", outside)
    assert found.focused == found.joined == "What do plumbers earn outside the United States?"


def test_home_is_no_more_asked_in_another_country() -> None:
    asked = "back to the US then, which firms pay them best"
    found = stand("What do plumbers earn in Canada?", "Not covered.", asked)
    meant = "which firms pay plumbers best in the United States?"
    assert found.focused == found.joined == meant


def test_bare_thanks_are_no_topic() -> None:
    assert focused("What do plumbers do?", "ok great, thanks", "and in Texas?") == (
        "What do plumbers do in Texas?"
    )


def test_the_thousands_of_a_figure_are_no_list() -> None:
    found = stand("What do plumbers earn?", "Plumbers earn 63,900 a year.", "the first one")
    assert "63" not in found.alone


@pytest.mark.parametrize("first", ["Germany", "the US"])
def test_the_same_asked_of_another_place_is_not_asked_of_the_first(first: str) -> None:
    found = stand(f"What do plumbers earn in {first}?", "Ok.", "and in France?")
    assert found.focused == found.joined == "What do plumbers earn in France?"
