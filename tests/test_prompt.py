from hypothesis import given
from hypothesis import strategies as st

from fakes import passage
from waymark.prompt import FRAME_TOKENS, SYSTEM, answer_prompt
from waymark.sentences import sentences_of
from waymark.types import Evidence


def quote(text: str, *, title: str, heading: str) -> Evidence:
    return sentences_of(passage(text, title=title, heading=heading))[0]


def count(text: str) -> int:
    return len(text.split())


def test_the_prompt_is_the_training_format_to_the_character() -> None:
    two = [
        quote("Pay is good.", title="Nurses", heading="Pay"),
        quote("No heading.", title="Notes", heading=""),
    ]
    prompt = answer_prompt("What is the pay?", two, count, 500)
    assert prompt.system == (
        "Answer the question using only the numbered passages. Cite passages like [1]. "
        "If they do not contain the answer, say so."
    )
    assert prompt.user == (
        "[1] Nurses > Pay\nPay is good.\n\n[2] Notes\nNo heading.\n\nQuestion: What is the pay?"
    )


@given(st.lists(st.integers(1, 400), min_size=1, max_size=6), st.integers(80, 600))
def test_the_prompt_never_exceeds_its_budget_and_keeps_a_quote(
    sizes: list[int], budget: int
) -> None:
    quotes = [quote("word " * size, title="T", heading="H") for size in sizes]
    prompt = answer_prompt("A short question?", quotes, count, budget)
    assert count(SYSTEM) + count(prompt.user) + FRAME_TOKENS <= budget
    assert prompt.user.startswith("[1] T > H")
    assert prompt.user.endswith("Question: A short question?")
