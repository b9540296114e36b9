import pytest

from waymark.meaning.payments import turns_payment
from waymark.meaning.statements import read


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("Cooks pay a fee.", "Cooks are paid a fee."),
        ("Cooks pay the wards.", "Cooks are paid by wards."),
        ("Wards are usually paid by you.", "You are usually paid by wards."),
        ("Cooks earn $500.", "Cooks pay $500."),
        ("You earn $500.", "Cooks pay $500."),
        ("You pay the recruiter.", "The recruiter is paid."),
        ("Cooks paid a median of $5.", "Cooks earned a median of $5."),
        ("Half paid more.", "Half earned more."),
        ("Cooks pay while they learn.", "Cooks earn while they learn."),
        ("Wards ask who earns for tools.", "Wards ask who pays for tools."),
        ("The trial shift pays you.", "You pay for the trial shift."),
        ("Pay the agency.", "The agency pays you."),
        ("Cooks pay a salary.", "The salary of cooks is high."),
        ("You are paid a deposit.", "You pay a deposit."),
        ("Cooks are not paid the agency.", "Cooks do not pay the agency."),
    ],
)
def test_who_pays_may_not_become_who_is_paid(claim: str, support: str) -> None:
    assert turns_payment(read(claim), read(support))
    assert not turns_payment(read(support), read(support))


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("You are paid by the agency.", "The agency pays you."),
        ("The agency pays you.", "You are paid by the agency."),
        ("Cooks are paid $15.", "Wards pay cooks $15."),
        ("Cooks earn $15.", "The pay of cooks is $15."),
        ("The pay of cooks is $15.", "Cooks are paid $15."),
        ("You earn $15.", "The job pays $15."),
        ("The job pays $15.", "Cooks earn $15."),
        ("You pay the fee.", "The fee is paid by you."),
        ("You pay a fee.", "A fee has to be paid."),
        ("Wards pay for training.", "Training is paid for by wards."),
        ("Wards pay cooks $15.", "Cooks in wards earn $15."),
        ("An apprenticeship pays you.", "You earn in an apprenticeship."),
        ("The median pay for cooks is $15.", "Cooks earn a median of $15."),
        ("A paid job ends well.", "A paid job ends well."),
        ("Practice pays off.", "Practice pays off."),
        ("Wards paid most.", "Wards paid cooks most."),
        ("Rest at noon.", "Rest at noon."),
    ],
)
def test_a_passive_a_noun_and_a_job_that_pays_turn_nothing(claim: str, support: str) -> None:
    assert not turns_payment(read(claim), read(support))
