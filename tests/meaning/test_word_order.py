import pytest

from waymark.meaning import word_order
from waymark.meaning.entailment import Rule
from waymark.meaning.statements import read
from waymark.meaning.word_order import changes_complement, swaps_names, swaps_sides

Pair = tuple[str, str]  # claim and support

CASES: dict[str, tuple[Pair, Pair]] = {  # a pair that the rule refuses, one that it lets pass
    "moves_description": (
        ("Cooks write plans.", "Cooks work with nurses, who write plans."),
        ("Nurses write plans.", "Cooks work with nurses, who write plans."),
    ),
    "narrows_subject": (
        ("Nurses held 18 per cent.", "Nurses and cooks held 18 per cent."),
        ("Nurses and cooks held 18 per cent.", "Nurses and cooks held 18 per cent of jobs."),
    ),
    "swaps_sides": (
        ("Cooks are faster than nurses.", "Nurses are faster than cooks."),
        ("Nurses are faster than cooks.", "At work nurses are faster than cooks."),
    ),
    "swaps_pairs": (
        ("Learn art for nurses.", "Learn maths for nurses and art for plumbers."),
        ("Learn art for plumbers.", "Learn maths for nurses and art for plumbers."),
    ),
    "changes_link": (
        ("Use art and maths.", "Use art or maths."),
        ("Use art or maths.", "Each week use art or maths."),
    ),
    "changes_complement": (
        ("Agree it with cooks.", "Agree it with nurses in writing, meet cooks."),
        ("Agree it with cooks.", "Agree it with nurses, cooks and painters."),
    ),
    "moves_words": (
        ("Nurses at homes work.", "Work at homes of nurses."),
        ("Ask a nurse before you rest at home.", "Before you rest at home, ask a nurse."),
    ),
    "swaps_names": (
        ("Ask for Oxford nurses at York.", "Ask for York nurses at Oxford."),
        ("Ask for York nurses at Oxford.", "In May ask for York nurses at Oxford."),
    ),
    "swaps_blocks": (
        ("SQL helps bad cooks.", "Bad cooks help SQL."),
        ("SQL is helped by bad cooks.", "Bad cooks helped SQL."),
    ),
    "swaps_persons": (
        ("Show them what they do for you.", "Show them what you do for them."),
        ("Show what you do for them.", "Show them what you do for them."),
    ),
}


def test_every_rule_has_its_two_cases() -> None:
    assert set(CASES) == {rule.__name__ for rule in word_order.RULES}


@pytest.mark.parametrize("rule", word_order.RULES)
def test_each_rule_refuses_what_stands_in_another_relation(rule: Rule) -> None:
    claim, support = CASES[rule.__name__][0]
    assert rule(read(claim), read(support))


@pytest.mark.parametrize("rule", word_order.RULES)
def test_no_rule_refuses_what_keeps_its_relations(rule: Rule) -> None:
    claim, support = CASES[rule.__name__][1]
    assert not any(each(read(claim), read(support)) for each in word_order.RULES)


@pytest.mark.parametrize(
    ("claim", "support", "refused"),
    [
        ("Rest 60 hours after 8 days or 70 hours after 7 days.",
         "Rest 60 hours after 7 days or 70 hours after 8 days.", True),
        ("Pick three of them, write two lines.", "Pick two of them, write three lines.", True),
        ("Rest 70 hours after 8 days or 60 hours after 7 days.",
         "Rest 60 hours after 7 days or 70 hours after 8 days.", False),
    ],
)  # fmt: skip
def test_two_numbers_may_not_change_places_alone(claim: str, support: str, refused: bool) -> None:
    assert swaps_names(read(claim), read(support)) is refused


@pytest.mark.parametrize(
    ("claim", "support", "refused"),
    [
        ("Cooking is a trade of cooks.", "Baking, a trade of bakers, is cooking for cooks.", True),
        ("Hear news from cooks.", "Hear news from nurses at homes of cooks.", True),
        ("Hours of rest count.", "Hours of work and hours of rest count.", False),
        ("Look at what you cook.", "Look at anything you cook.", False),
    ],
)
def test_every_preposition_keeps_what_belongs_to_it(
    claim: str, support: str, refused: bool
) -> None:
    assert changes_complement(read(claim), read(support)) is refused


@pytest.mark.parametrize(
    ("claim", "support", "refused"),
    [
        ("Trained cooks earn less.", "New cooks earn less than trained cooks.", True),
        ("It is easier to keep a grand plan.", "A modest plan is easier to keep than a grand plan.",
         True),
        ("New cooks earn less.", "New cooks earn less than trained cooks.", False),
        ("New cooks earn less in May.", "New cooks earn less than trained cooks in May.", False),
        ("Trained cooks earn.", "New cooks earn less than trained cooks.", False),
        ("Better plans can block mail.", "Plans are better than old ones and block mail.", False),
    ],
)  # fmt: skip
def test_a_comparative_without_its_other_side_stays_with_its_own(
    claim: str, support: str, refused: bool
) -> None:
    assert swaps_sides(read(claim), read(support)) is refused
