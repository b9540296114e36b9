import pytest

from waymark.asides import is_aside, is_greeting, is_remark, tells_of_self, without_asides


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("thanks! and the lowest?", "and the lowest?"),
        ("wow nice! what degree do they need", "what degree do they need"),
        ("got it. and do they get paid during that?", "and do they get paid during that?"),
        ("n how long is it", "how long is it"),
        ("figures. so whats the next step if not that", "so whats the next step if not that"),
        ("shame. pay?", "pay?"),
        ("that's really helpful, is it different in Texas?", "is it different in Texas?"),
        ("ok thanks, that's what I expected. and in Leeds?", "and in Leeds?"),
        ("anyway. how long is it", "how long is it"),
    ],
)
def test_thanks_and_fillers_go_from_a_follow_up(typed: str, asked: str) -> None:
    assert without_asides(typed) == asked


@pytest.mark.parametrize(
    "typed",
    ["thanks! and how do I write a CV?", "thank you note after an interview", "right to work",
     "cool jobs for it", "hm not for me. How do I write a CV?", "thanks to them, is it safe?",
     "great answers to it", "thanks", "hmm", "", "that's good pay for it"],
)  # fmt: skip
def test_a_message_that_asks_by_itself_or_nothing_is_left_as_it_is(typed: str) -> None:
    assert without_asides(typed) == typed


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("last question: how do I find a mentor?", "how do I find a mentor?"),
        ("cheers. something else, my aunt was told to use STAR", "my aunt was told to use STAR"),
        ("one more thing, is it legal", "is it legal"),
        ("the last one, is it legal", "the last one, is it legal"),
        ("another job, is it legal", "another job, is it legal"),
        ("and roofers? my dad was one", "and roofers?"),
        ("can they sack me? my dad was ill", "can they sack me? my dad was ill"),
        ("ok, it's for my son", "it's for my son"),
    ],
)
def test_what_announces_a_question_is_left_out(typed: str, asked: str) -> None:
    assert without_asides(typed) == asked


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("wind technicians i mean", "i mean, wind technicians"),
        ("systems analyst, sorry", "sorry, systems analyst"),
        ("what do I do, sorry", "what do I do, sorry"),
        ("no degree, no experience", "no degree, no experience"),
        ("ok forget Spain. the roofers then", "no, not Spain. the roofers then"),
        ("never mind. how do I write a CV?", "never mind. how do I write a CV?"),
        ("forget that, the roofers", "the roofers"),
        ("fine, forget that. the pay?", "the pay?"),
        ("completely different thing, can I draw?", "can I draw?"),
    ],
)
def test_what_is_taken_back_stands_in_front_or_goes(typed: str, asked: str) -> None:
    assert without_asides(typed) == asked


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("I'm in Canada though", "and in Canada?"),
        ("say spain?", "and in spain?"),
        ("ok then just the US", "and in the US?"),
        ("I'm in a hurry though", "I'm in a hurry though"),
        ("I live with my mother", "I live with my mother"),
    ],
)
def test_where_the_person_is_asks_the_same_of_that_place(typed: str, asked: str) -> None:
    assert without_asides(typed) == asked


@pytest.mark.parametrize(
    ("message", "remark"),
    [
        ("i have dyslexia by the way", True),
        ("vegan btw, so no steakhouses for me haha", True),
        ("my boss says otherwise but he's not technical", True),
        ("it's for my son. 17, hates school", True),
        ("I'm in Canada though", False),
        ("I want to be a chef", False),
        ("i mean roofers", False),
        ("I'm talking about the roofers", False),
        ("we're looking for part time", False),
        ("I'm 45. Is that too old?", False),
        ("we moved, what now", False),
        ("roofers", False),
    ],
)
def test_what_is_told_of_a_person_asks_nothing(message: str, remark: bool) -> None:
    assert is_remark(message) == remark


def test_a_remark_may_be_about_the_person_or_about_others() -> None:
    assert tells_of_self("and I'm a nurse by the way")
    assert not tells_of_self("it is for my son, a nurse")


@pytest.mark.parametrize(
    "typed",
    ["great thanks", "ok cool, thanks", "Thank you so much!", "hmm", "👍", "no thanks",
     "nice, I'll look into that. thx", "thanks for the help 🙂", "that's what I feared",
     "ok that's fine, will do"],
)  # fmt: skip
def test_thanks_and_fillers_alone_ask_nothing(typed: str) -> None:
    assert is_aside(typed)


@pytest.mark.parametrize(
    "typed",
    ["right to work", "thank you letter", "great jobs", "ok and pay?", "that's not helpful",
     "wrong one", "i'll try that course", "thanks for nothing", "that's good pay", "right?", "??"],
)  # fmt: skip
def test_what_only_begins_with_a_filler_asks_something(typed: str) -> None:
    assert not is_aside(typed)


@pytest.mark.parametrize(
    ("typed", "greets"),
    [("hi", True), ("Hello there!", True), ("good morning", True), ("hello, nurse pay", False),
     ("hey what's up with pay", False), ("history", False)],
)  # fmt: skip
def test_a_greeting_greets_and_asks_nothing(typed: str, greets: bool) -> None:
    assert is_greeting(typed) is greets
