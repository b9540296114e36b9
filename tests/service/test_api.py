from waymark.answering import MAX_QUESTION
from waymark.service.api import MAX_TURN, READ_OF_TURN, AskRequest
from waymark.types import Turn


def test_of_a_long_turn_the_beginning_is_read() -> None:
    said = {"role": "assistant", "content": "Nurses. " + "x" * (MAX_TURN - 8)}
    (turn,) = AskRequest.model_validate({"question": "and pay?", "history": [said]}).turns()
    assert turn == Turn("assistant", said["content"][:READ_OF_TURN])


def test_a_question_of_any_length_is_read_whole_as_an_earlier_turn() -> None:
    said = {"role": "user", "content": "x" * MAX_QUESTION}
    (turn,) = AskRequest.model_validate({"question": "and pay?", "history": [said]}).turns()
    assert turn.content == said["content"]
