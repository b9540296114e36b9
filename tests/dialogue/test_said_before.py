from waymark.dialogue.said_before import OF_A_MESSAGE, OF_A_REPLY, with_what_was_said
from waymark.types import Turn


def test_a_message_without_a_conversation_stays_as_it_is() -> None:
    assert with_what_was_said("What do nurses earn?", []) == "What do nurses earn?"


def test_the_last_that_was_said_stands_nearest_to_the_message() -> None:
    history = [
        Turn("user", "What do nurses earn?"),
        Turn("assistant", "A good pay."),
        Turn("user", "and cooks?"),
        Turn("assistant", "Less."),
    ]
    said = with_what_was_said("why?", history)
    assert said == "why? « Less. / and cooks? / What do nurses earn?"


def test_only_the_last_messages_and_no_thanks_are_recalled() -> None:
    asked = [Turn("user", f"question {n}") for n in range(5)]
    assert with_what_was_said("why?", [*asked, Turn("user", "ok, thanks!")]) == (
        "why? « question 4 / question 3 / question 2"
    )


def test_of_long_messages_the_end_and_of_a_long_reply_the_beginning_is_recalled() -> None:
    words = [str(n) for n in range(40)]
    history = [Turn("user", " ".join(words)), Turn("assistant", " ".join(words))]
    reply, asked = with_what_was_said("why?", history).removeprefix("why? « ").split(" / ")
    assert asked.split() == words[-OF_A_MESSAGE:]
    assert reply.split() == words[:OF_A_REPLY]


def test_a_reply_is_recalled_only_where_it_came_last() -> None:
    history = [Turn("user", "pay?"), Turn("assistant", "Good."), Turn("user", "really?")]
    assert with_what_was_said("why?", history) == "why? « really? / pay?"


def test_thanks_and_what_was_replied_to_them_are_left_out() -> None:
    history = [
        Turn("user", "What do nurses earn?"),
        Turn("assistant", "A good pay."),
        Turn("user", "ok, thanks!"),
        Turn("assistant", "You are welcome."),
    ]
    assert with_what_was_said("why?", history) == "why? « A good pay. / What do nurses earn?"
