import pytest

from waymark.meaning import semantic_roles
from waymark.meaning.semantic_roles import (
    changes_person,
    exchanges_roles,
    turns_reason,
    turns_relative,
)
from waymark.meaning.statements import read


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("Cooks use nurses.", "Nurses use cooks."),
        ("Maths depends on art.", "Art depends on maths, as painting does."),
        ("Paint offers the Art Company, the work of a guide.",
         "The Art Company, or AC, offers paint, the work of a guide."),
        ("Fit the rest of the plan to the room.", "Fit the room to the rest of the plan."),
        ("A person calls an alarm.", "An alarm calls a person."),
    ],
)  # fmt: skip
def test_who_acts_and_what_is_acted_on_may_not_be_exchanged(claim: str, support: str) -> None:
    assert exchanges_roles(read(claim), read(support))


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("Nurses use cooks.", "Nurses use cooks."),
        ("Cooks are trained by nurses.", "Nurses trained cooks."),
        ("Cooks, nurses and painters rest.", "Painters, nurses and cooks rest."),
        ("The pay of nurses rose.", "Nurses earn pay that rose."),
        ("In a ward in spring, nurses work.", "Nurses work in a ward in spring."),
        ("Nurses train nurses.", "Nurses train cooks, and cooks train nurses."),
    ],
)
def test_a_passive_a_list_or_another_order_of_phrases_exchanges_nothing(
    claim: str, support: str
) -> None:
    assert not exchanges_roles(read(claim), read(support))


def test_reason_and_result_may_not_be_exchanged() -> None:
    support = read("Nurses rest at noon because wards close.")
    assert turns_reason(read("Wards close because nurses rest at noon."), support)
    assert turns_reason(read("Nurses rest at noon, so wards close."), support)
    assert not turns_reason(read("Because wards close, nurses rest at noon."), support)
    assert not turns_reason(read("Wards close, so nurses rest at noon."), support)
    assert not turns_reason(read("Wards close."), support)


def test_who_may_not_become_whom() -> None:
    support = read("Meet nurses who guide cooks.")
    assert turns_relative(read("Meet nurses whom cooks guide."), support)
    assert turns_relative(read("Meet nurses who the cooks guide."), support)
    assert not turns_relative(read("Nurses who guide cooks are met."), support)
    assert not turns_relative(read("Meet nurses."), support)


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("You must hire nurses.", "Employers must hire nurses."),
        ("The data may belong to you.", "The data may belong to the employer."),
        ("Keep your laptop.", "Keep the employer's laptop."),
        ("Keep your laptop.", "Keep the employers' own laptop."),
    ],
)
def test_what_another_does_gets_or_owns_may_not_become_yours(claim: str, support: str) -> None:
    assert changes_person(read(claim), read(support))


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("You can ask a nurse.", "Ask a nurse."),
        ("As a nurse you train cooks.", "A nurse trains cooks."),
        ("You can find nurses here.", "Nurses can be found here."),
        ("This is required of you as a nurse.", "This is required of nurses."),
        ("Keep your laptop.", "Keep your own laptop."),
        ("Look at what you cook.", "Look at anything you cook."),
    ],
)
def test_a_request_or_a_person_whom_the_claim_names_may_be_yours(claim: str, support: str) -> None:
    assert not changes_person(read(claim), read(support))


def test_all_these_rules_are_applied() -> None:
    assert set(semantic_roles.RULES) == {
        exchanges_roles,
        turns_reason,
        turns_relative,
        changes_person,
    }
