import pytest

from waymark.meaning.restrictions import loses_restriction
from waymark.meaning.statements import read


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("Cooks may not saw.", "Cooks who are under 18 may not saw."),
        ("You are refused.", "Anyone who lies is refused."),
        ("Pilots fly at night.", "Pilots who volunteer fly at night."),
        ("Welders lose sight.", "Welders without a mask lose sight."),
        ("A nurse can prescribe drugs.", "A nurse with extra training can prescribe drugs."),
        ("Cooks may not saw.", "Cooks under 18 may not saw."),
        ("Cooks may not saw.", "Cooks under the age of 18 may not saw."),
        ("You can apply.", "You can apply if you are aged 16 to 24."),
        ("Cooks may saw.", "Cooks may saw if they are 18 or older."),
        ("Cooks cannot register.", "Cooks without a degree cannot register."),
        ("You cannot join.", "You cannot join without a degree."),
        ("You are refused.", "Without a permit, you are refused."),
        ("You need a licence.", "You need a licence in most states."),
        ("Training is free.", "Training is free to members of the union."),
        ("Places are reserved.", "Places are reserved for residents."),
    ],
)
def test_for_whom_and_where_it_is_so_may_not_be_left_out(claim: str, support: str) -> None:
    assert loses_restriction(read(claim), read(support))
    assert not loses_restriction(read(support), read(support))


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("You can join.", "You can join without a degree."),
        ("Work in shops.", "Work without pay in shops."),
        ("Check before you pay.", "Check with the body before you pay."),
        ("A 0.9 score wins.", "A score with a value of 0.9 wins."),
        ("Nurses with a licence rest.", "Nurses who hold a licence rest."),
        ("Write down 20 names.", "Write down 20 names without judging who is useful."),
        ("Platforms grow.", "Platforms grow without loss, and they are named."),
        ("You often need a licence.", "You need a licence in most states."),
        ("It is left out in the United States.",
         "It is left out in many places, including the United States."),
        ("Cooks help people.", "Cooks help people who are ill."),
        ("Such a person is no contact.", "Someone who asks for money is no contact."),
        ("It can tell you more.", "A talk with someone who works there can tell you more."),
        ("Cooks need a degree.", "Cooks, who work in wards, need a degree."),
        ("Trucks are heavy.", "Trucks of more than 26,000 pounds are heavy."),
        ("Four paths: rest and work.", "Four paths are open to you: rest and work."),
    ],
)  # fmt: skip
def test_what_may_be_left_out_without_harm_is_no_restriction(claim: str, support: str) -> None:
    assert not loses_restriction(read(claim), read(support))
