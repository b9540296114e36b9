import pytest

from waymark.meaning.qualifiers import (
    changes_duty,
    is_stronger,
    loses_alternative,
    loses_asker,
    loses_condition,
    loses_hedge,
    loses_turn,
    negates_otherwise,
)
from waymark.meaning.statements import read


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("All nurses work nights.", "Nurses work nights."),
        ("Only nurses work nights.", "Nurses work nights."),
        ("Nurses must work nights.", "Nurses work nights."),
        ("Nurses have to work nights.", "Nurses work nights."),
        ("Nurses will work nights.", "Nurses work nights."),
        ("Nurses work nights because pay is good.", "Nurses work nights; pay is good."),
        ("Nurses work more nights.", "Nurses work nights."),
        ("Nurses rest before work.", "Nurses rest at work."),
        (
            "Nurses earn more pay than plumbers.",
            "Nurses earn pay, with more rest than all.",
        ),
    ],
)
def test_a_claim_that_adds_strength_a_cause_or_a_direction_is_stronger(
    claim: str, support: str
) -> None:
    assert is_stronger(read(claim), read(support))


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("Nurses need a degree.", "A degree is required for nurses."),
        ("Nurses have to rest.", "Nurses must rest."),
        ("Every nurse rests.", "All nurses rest."),
        ("Nurses rest.", "All nurses must always rest."),
        ("Nurses earn more pay.", "Nurses earn more pay."),
    ],
)
def test_the_same_strength_or_less_is_not_stronger(claim: str, support: str) -> None:
    assert not is_stronger(read(claim), read(support))


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("Nurses do not work nights.", "Nurses work nights."),
        ("Nurses work nights.", "Nurses do not work nights."),
        ("Nurses rarely work nights.", "Nurses work nights."),
        ("Nurses never work nights.", "Nurses rarely work nights."),
        ("Nurses work, but plumbers do not rest.", "Nurses do not work, but plumbers rest."),
        ("You need to list every job.", "There is no need to list every job."),
        ("You can join with a degree.", "You can join without the need for a degree."),
        ("The test is easy.", "The test is far from easy."),
        ("The test is easy.", "The test is anything but easy."),
        ("A degree helps.", "A degree helps little."),
    ],
)
def test_a_negation_added_lost_or_moved_is_another_statement(claim: str, support: str) -> None:
    assert negates_otherwise(read(claim), read(support))


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("A nurse does not need a degree.", "Nurses don't need a degree."),
        ("You do not need to list every job.", "There is no need to list every job."),
        ("You need not list every job.", "There is no need to list every job."),
        ("You needn't list every job.", "You do not need to list every job."),
        ("The test is anything but easy.", "The test is far from easy."),
        ("A degree helps little.", "A degree helps little."),
    ],
)
def test_the_same_negation_in_other_words_is_kept(claim: str, support: str) -> None:
    assert not negates_otherwise(read(claim), read(support))


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("Nurses work nights.", "Nurses may work nights."),
        ("Nurses work nights.", "Nurses usually work nights."),
        ("Nurses work nights.", "Most nurses work nights."),
        ("Nurses work nights.", "Some nurses work nights."),
        ("Nurses often work nights.", "Some nurses work nights."),
        ("Jobs grow.", "Jobs are projected to grow."),
    ],
)
def test_what_may_be_is_not_what_is(claim: str, support: str) -> None:
    assert loses_hedge(read(claim), read(support))


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("Nurses can work nights.", "Nurses may work nights."),
        ("Nurses generally work nights.", "Nurses usually work nights."),
        ("Certain nurses work nights.", "Some nurses work nights."),
        ("Nurses may work nights.", "Nurses work nights."),
    ],
)
def test_a_hedge_of_its_class_or_an_added_one_is_kept(claim: str, support: str) -> None:
    assert not loses_hedge(read(claim), read(support))


@pytest.mark.parametrize("support", ["", "...", "Is it?", "(2)"])
def test_a_support_without_content_has_no_hedge_to_lose(support: str) -> None:
    assert not loses_hedge(read("Nurses work nights."), read(support))


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("Nurses prescribe.", "If the state allows it, nurses prescribe."),
        ("Nurses prescribe.", "Nurses prescribe only when a doctor agrees."),
        ("The state allows it.", "Nurses prescribe if the state allows it."),
        ("Nurses sign when the state allows it.", "Nurses sign unless the state allows it."),
        ("Nurses rest after the shift.", "Nurses rest before the shift."),
        ("Nurses rest.", "Nurses rest only after the shift."),
        ("Nurses rest.", "Nurses rest only before the shift."),
        ("Share papers.", "Share papers only after an offer, and only through a safe channel."),
    ],
)
def test_a_condition_dropped_turned_or_taken_as_fact_is_lost(claim: str, support: str) -> None:
    assert loses_condition(read(claim), read(support))


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("Nurses prescribe when the state allows it.", "If the state allows it, nurses prescribe."),
        ("Nurses rest.", "Nurses rest before the shift."),
        ("Nurses rest.", "Nurses rest not only after the shift."),
        ("Only share papers after an offer.", "Share papers only after an offer."),
        ("A school costs less.", "A school costs less than one that pays only at the end."),
        ("Plumbers repair.", "Plumbers repair; nurses prescribe if the state allows it."),
    ],
)
def test_a_condition_kept_one_of_time_or_of_another_clause_is_not_lost(
    claim: str, support: str
) -> None:
    assert not loses_condition(read(claim), read(support))


def test_of_two_ways_one_is_not_required() -> None:
    support = read("Nurses need a degree or a diploma.")
    assert loses_alternative(read("Nurses need a degree."), support)
    assert loses_alternative(read("Nurses need a diploma."), support)
    assert not loses_alternative(read("Nurses need a degree or a diploma."), support)
    liked = read("Nurses like a degree or a diploma.")
    assert not loses_alternative(read("Nurses like a degree."), liked)


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("Use jargon in letters.", "Avoid jargon in letters."),
        ("Use slang in letters.", "Avoid jargon and slang in letters."),
        ("Nurses need a degree.", "It is a myth that nurses need a degree."),
        ("Nurses pay a fee.", "Scammers say that nurses pay a fee."),
        ("Nurses rest.", "Nurses are unable to rest."),
        ("Nurses rest.", "Wards promised that nurses rest."),
        ("Pay is growing.", "Pay has stopped growing."),
        ("A cheque is sent.", "A fake cheque is sent."),
        ("Train on data of nurses.", "Train on data kept out of nurses."),
    ],
)
def test_what_is_denied_false_or_only_promised_is_not_so(claim: str, support: str) -> None:
    assert loses_turn(read(claim), read(support))


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("Avoid jargon in letters.", "Avoid jargon and slang in letters."),
        ("Never avoid jargon.", "Never avoid jargon."),
        ("Read it aloud.", "Avoid jargon, and read it aloud."),
        ("Nurses rest.", "Nurses rest where wards fail."),
        ("Wards promise rest.", "Wards promised rest."),
    ],
)
def test_what_stands_beside_a_denial_is_not_denied(claim: str, support: str) -> None:
    assert not loses_turn(read(claim), read(support))


SCAM = "A parcel job asks you to receive parcels and send them on, and the parcels may be stolen."


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("Receive parcels and send them on.", SCAM),
        ("Receive parcels.", SCAM),
        ("Let money pass.", "A money-mule offer asks you to let money pass."),
        ("Pay a fee.", "The caller wants you to pay a fee."),
        ("Candidates pay a fee.", "Scams pressure candidates to pay a fee."),
        ("You pay a fee.", "You are asked to pay a fee."),
        ("You pay a fee.", "You may be told to pay a fee."),
        ("Pay a fee.", "Scams tell you to pay a fee."),
    ],
)
def test_what_somebody_asks_you_to_do_is_no_advice(claim: str, support: str) -> None:
    assert loses_asker(read(claim), read(support))


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("You are asked to receive parcels.", SCAM),
        ("In a parcel job you receive parcels.", SCAM),
        ("The parcels may be stolen.", SCAM),
        ("Nurses pay a fee.", "Nurses pay a fee."),
    ],
)
def test_what_is_asked_may_be_told_with_who_asks_it(claim: str, support: str) -> None:
    assert not loses_asker(read(claim), read(support))


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("Workers should report fraud.", "Workers who report fraud are protected."),
        ("Nurses should rest.", "Nurses rest."),
        ("Wards pay nurses.", "Wards should pay nurses."),
    ],
)
def test_what_is_so_is_not_what_should_be_so(claim: str, support: str) -> None:
    assert changes_duty(read(claim), read(support))


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("You should rest.", "Rest."),
        ("You should rest at noon.", "Wards are loud, so rest at noon."),
        ("You should eat.", "Rest and eat."),
        ("Rest at noon.", "Nurses should rest at noon."),
        ("Nurses should rest.", "Nurses must rest."),
        ("You should check it.", "One guide advises nurses to check it."),
    ],
)
def test_a_request_says_what_one_should_do(claim: str, support: str) -> None:
    assert not changes_duty(read(claim), read(support))
