import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.question_parts import (
    MOST,
    background,
    heading,
    question_parts,
    without_background,
)


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("What does a nurse earn? How long is the training?",
         ["What does a nurse earn?", "How long is the training?"]),
        ("What does a nurse earn and how long is the training?",
         ["What does a nurse earn", "how long is the training?"]),
        ("I'm 34 and work in a shop. Is it hard to get in, and do I need a degree?",
         ["Is it hard to get in", "do I need a degree?"]),
        ("What does a nurse earn? And also, how long is the training?",
         ["What does a nurse earn?", "how long is the training?"]),
        ("quick ones: 1) photo on a cv, yes or no 2) how many pages",
         ["photo on a cv, yes or no", "how many pages"]),
        ("list of python libraries please. and is tableau one of them",
         ["list of python libraries please.", "is tableau one of them"]),
        ("please explain grid search, and how do I pick a range",
         ["please explain grid search", "how do I pick a range"]),
        ("ok, how long is it, do I need a degree and will AI take the job?",
         ["how long is it", "do I need a degree", "will AI take the job?"]),
        ("I'd like to know the pay of nurses. Also: how long is training?",
         ["I'd like to know the pay of nurses.", "how long is training?"]),
        ("I work as a nurse and what would I earn as a cook, and is it hard?",
         ["what would I earn as a cook", "is it hard?"]),
        ("What is pay? What is training? What is a licence? What is a degree? What is growth?",
         ["What is pay?", "What is training?", "What is a licence?",
          "What is a degree? What is growth?"]),
        ("Is a diploma enough or do I need a degree? Which school is best?",
         ["Is a diploma enough or do I need a degree?", "Which school is best?"]),
        ("is it hard or what should I study first", ["is it hard", "what should I study first"]),
        ("how do day and night shifts differ?? and with which of them do I earn more",
         ["how do day and night shifts differ??", "with which of them do I earn more"]),
        ("planning to open a bakery, how do i find a baker, and is a licence needed?",
         ["how do i find a baker", "is a licence needed?"]),
        ("how do i find bakers, what do they earn", ["how do i find bakers", "what do they earn"]),
        ("can i still become a nurse and what do they make",
         ["can i still become a nurse", "what do they make"]),
        ("nurse pay and training", ["nurse pay", "training"]),
        ("lowest pay of a nurse and how many openings a year",
         ["lowest pay of a nurse", "how many openings a year"]),
        ("top pay of a nurse, plus openings a year?", ["top pay of a nurse", "openings a year?"]),
        ("A friend spoke of a stipend. What is it, and who can ask for one?",
         ["What is it", "who can ask for one?"]),
        ("What do cooks earn, and how many of them are there?",
         ["What do cooks earn", "how many of them are there?"]),
        ("roof leaks after .5 cm of rain - what is wrong and how do i deal with it",
         ["roof leaks after .5 cm of rain - what is wrong", "how do i deal with it"]),
        ("3 things about roofing: do i need school, how long is it, and is it safe",
         ["3 things about roofing: do i need school", "how long is it", "is it safe"]),
        ("is it a trade, and what does it pay in Oslo (we live in Bergen)",
         ["is it a trade", "what does it pay in Oslo"]),
    ],
)  # fmt: skip
def test_a_message_with_two_questions_is_read_as_two(message: str, parts: list[str]) -> None:
    assert question_parts(message) == parts


@pytest.mark.parametrize(
    "message",
    [
        "What does a nurse earn?",
        "what are steps 1) and 2) of STAR",
        "pay rise and training contract",
        "I have low pay and what could I study",
        "hours and wage slips",
        "How do pay and prospects differ?",
        "I work in a shop and have two children. What could I study?",
        "How do nurses and doctors differ?",
        "Really? What does a nurse earn?",
        "Which careers are growing and do not need a degree?",
        "What do I do if I like maths but am bad at coding?",
        "How do I explain gaps in education and training",
        "Which jobs suit someone who likes maths and is good with people?",
        "What can I do if I have children and can only study at night?",
        "Which careers are growing and have good pay?",
        "What do I do if they are late with pay and will not answer?",
        "If I stop, do I lose my place?",
        "What is the outlook for health and social care education",
        "Do teachers work in summer or are they free?",
        "Is it true or am I wrong?",
        "Is there a shift in which I sleep and in which I earn?",
        "I like cooking, what with my father being a chef",
        "Hi, how are you? What does a nurse earn?",
        "is roofing hard, and why",
        "How long does roofing school take? 2 years? 3?",
        "Keep a log: what you did, and how it went.",
        "working hours, what is usual?",
    ],
)
def test_a_message_with_one_question_stays_whole(message: str) -> None:
    assert question_parts(message) == [message]


@pytest.mark.parametrize(
    ("message", "told", "asked"),
    [
        ("I'm 34. Do I need a degree?", "I'm 34.", "Do I need a degree?"),
        ("I'm 34. 1. Is it hard? 2. How long?", "I'm 34.", "Is it hard? How long?"),
        ("I know you can't tell me, but what do guides say?",
         "I know you can't tell me", "what do guides say?"),
        ("Is it hard? I'm 34.", "I'm 34.", "Is it hard?"),
        ("im a nurse in manila, what is the pay in US", "im a nurse in manila",
         "what is the pay in US"),
        ("I'm 34.", "", "I'm 34."),
        ("Was a chef until 2015, then ill. No idea who I could ask.",
         "Was a chef until 2015, then ill.", "No idea who I could ask."),
        ("I left in 2015. was it a mistake", "I left in 2015.", "was it a mistake"),
        ("No idea what to do. Is it too late?", "No idea what to do.", "Is it too late?"),
        ("Who can I ask about it, I'm in Oregon.", "I'm in Oregon.", "Who can I ask about it"),
        ("What is, I am told, good for the back?", "", "What is, I am told, good for the back?"),
        ("considering a course for 1,900, does it pay off?", "considering a course for 1,900",
         "does it pay off?"),
        ("I keep the books in a shop which sells tiles, how do I move on",
         "I keep the books in a shop which sells tiles", "how do I move on"),
        ("starting in a bakery next month, what goes in the contract",
         "starting in a bakery next month", "what goes in the contract"),
        ("starting pay, what is it for a cook", "", "starting pay, what is it for a cook"),
        ("I wonder what they earn, how do I find out", "",
         "I wonder what they earn, how do I find out"),
        ("Do I need a degree?", "", "Do I need a degree?"),
        ("I drive a van. I only want to know is it a dying trade, and should I leave?",
         "I drive a van.", "I only want to know is it a dying trade should I leave?"),
    ],
)  # fmt: skip
def test_what_is_told_stands_apart_from_what_is_asked(message: str, told: str, asked: str) -> None:
    assert background(message) == told
    assert without_background(message) == asked


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("Bar exam: how long is it, and what does it cost?", "Bar exam"),
        ("pastry chef - what do they earn?", "pastry chef"),
        ("What is a chef - and what do they earn?", ""),
        ("Before I ask: what is a chef?", ""),
        ("Two things: is it hard?", ""),
        ("Quick question: is it hard?", ""),
        ("Hello: is it hard?", ""),
        ("If I fail the bar exam, do I lose my place?", "If I fail the bar exam"),
        ("When do I start, what do I bring?", ""),
        ("If so, I would come.", ""),
    ],
)
def test_a_name_or_a_clause_in_front_heads_the_questions(message: str, name: str) -> None:
    assert heading(message) == name


@given(st.text(max_size=200))
def test_parts_are_pieces_of_the_message(message: str) -> None:
    parts = question_parts(message)
    assert 1 <= len(parts) <= MOST
    assert all(part in message for part in parts)
