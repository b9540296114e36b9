import pytest

from waymark.meaning.entailment import RULES, Around, objection


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("A nurse needs a degree.", "A nurse needs a degree."),
        ("A degree is needed by a nurse.", "A nurse needs a degree."),
        ("Nurses care for people.", "Nurses care for people and write reports."),
        ("Nurses work at night.", "Nurses work at night, and plumbers work by day."),
        ("No. 1 on the list is pay.", "No. 1 on the list is pay."),
        ("A nurse uses Go.", "A nurse uses Go."),
        ("A nurse works 40 hours.", "A nurse works forty hours."),
        ("A nurse at Mayo Clinic rests.", "A nurse at Mayo Clinic rests."),
        ("In 2024 a nurse was paid.", "A nurse is paid in 2024."),
        ("Nurses have some days off.", "Nurses have a few days off."),
        ("Nurses work with cooks.", "Nurses work with plumbers, cooks and painters."),
        ("Ask a nurse before you rest at home.", "Before you rest at home, ask a nurse."),
    ],
)
def test_what_says_no_more_than_its_support_is_carried(claim: str, support: str) -> None:
    assert objection(claim, support) == ""


@pytest.mark.parametrize(
    ("claim", "support", "name"),
    [
        ("A nurse needs a master's degree.", "A nurse needs a degree.", "misses word"),
        ("It is the one.", "A nurse needs a degree.", "misses word"),
        ("A nurse <needs> a degree.", "A nurse needs a degree.", "misses name"),
        ("A nurse needs a degree 👍.", "A nurse needs a degree.", "misses name"),
        ("A nurse uses Go and Python.", "A nurse uses Python.", "misses name"),
        ("A nurse in IT rests.", "A nurse rests in it.", "misses name"),
        ("Nurses train at Most.", "Nurses train at most.", "misses name"),
        ("Nurses train at Training.", "Nurses train at work.", "misses name"),
        ("WHO nurses rest.", "The nurses who rest.", "misses name"),
        ("A nurse works 40 hours.", "A nurse works 30 hours.", "misses figure"),
        ("A nurse works for a year.", "A nurse works for four years.", "misses figure"),
        ("A nurse drives Model B.", "A nurse drives Model A or b.", "alters name"),
        ("A nurse uses a cloud.", "A nurse uses Google Cloud.", "alters name"),
        ("All nurses rest.", "Nurses rest.", "is stronger"),
        ("Nurses do not rest.", "Nurses rest.", "negates otherwise"),
        ("Nurses rest.", "Nurses may rest.", "loses hedge"),
        ("Nurses rest.", "Nurses rest if asked politely.", "loses condition"),
        ("Nurses need a degree.", "Nurses need a degree or a diploma.", "loses alternative"),
        ("A nurse is quick.", "A nurse is kind, and a plumber is quick.", "mixes clauses"),
        ("Learn art for nurses.", "Learn maths for nurses and art for plumbers.", "swaps pairs"),
        ("Use art and maths.", "Use art or maths.", "changes link"),
        ("Nurses rest.", "Only nurses rest.", "loses only"),
        ("Ask for Oxford nurses at York.", "Ask for York nurses at Oxford.", "swaps names"),
        ("Homes ask what nurses may cook.", "Nurses may cook what homes ask.", "moves words"),
        ("Most nurses rest.", "Nurses rest.", "is stronger"),
        ("All nurses rest.", "Nurses rest each year.", "is stronger"),
        ("Nurses must rest.", "Nurses typically need rest.", "loses hedge"),
        ("Nurses stalled it.", "Nurses would have stalled it.", "loses hedge"),
        ("Nurses never rest.", "Nurses do not always rest.", "negates otherwise"),
        ("Nurses rest.", "Few nurses rest.", "negates otherwise"),
        ("Nurses hire cooks.", "Nurses refuse to hire cooks.", "negates otherwise"),
        ("Few nurses rest.", "Nurses rest.", "misses word"),
        ("Nurses are quick.", "Nurses used to be quick.", "loses hedge"),
        (
            "Nurses rest after work ends.",
            "Nurses rest after meals before work ends.",
            "loses condition",
        ),
        ("Nurses rest or eat.", "Nurses rest and eat.", "changes link"),
        ("Train on data of nurses.", "Train on data kept out of nurses.", "loses turn"),
        ("Nurses created plans.", "Nurses create plans.", "changes time"),
        ("A nurse was kind.", "A nurse is kind.", "changes time"),
        ("Profiles with a degree are 74.", "Diploma: 74 profiles.", "misses word"),
        ("It has 74 profiles.", "Diploma: 74 profiles.", "loses label"),
        ("Nurses held 18 per cent.", "Nurses and cooks held 18 per cent.", "narrows subject"),
        ("Cooks write plans.", "Cooks work with nurses, who write plans.", "moves description"),
        ("Cooks are faster than nurses.", "Nurses are faster than cooks.", "swaps sides"),
        (
            "Agree it with cooks.",
            "Agree it with nurses in writing, meet cooks.",
            "changes complement",
        ),
        ("SQL helps bad cooks.", "Bad cooks help SQL.", "swaps blocks"),
        (
            "Show nurses what they can do for you.",
            "Show nurses what you can do for them.",
            "swaps persons",
        ),
        ("Work teaches them.", "Work teaches you.", "swaps persons"),
        ("Nurses need one licence.", "Nurses need two licences.", "makes one"),
        ("At most a degree is asked.", "At least a degree is asked.", "changes bound"),
        ("A nurse needs a degree.", "Does a nurse need a degree?", "only asks"),
        ("Wards may ask for one.", "A degree is usual, and wards may ask for one.", "leaves open"),
        ("Rest at noon.", "The caller asks you to rest at noon.", "loses asker"),
        ("Nurses should rest.", "Nurses rest.", "changes duty"),
        ("Rest depends on pay.", "Pay depends on rest, as calm does.", "exchanges roles"),
        ("It closes because nurses rest.", "Nurses rest because it closes.", "turns reason"),
        ("Meet nurses whom they help.", "Meet nurses who help them.", "turns relative"),
        ("You hire nurses.", "Wards hire nurses.", "changes person"),
        ("You must pay the agency.", "You must be paid by the agency.", "turns payment"),
        ("Interns pay $15 an hour.", "Interns are paid $15 an hour.", "turns payment"),
        ("Apprentices earn $500 a year.", "Apprentices pay $500 a year.", "turns payment"),
        ("You pay the recruiter.", "The recruiter pays you.", "turns payment"),
        ("You earn to get a job.", "You pay to get a job.", "turns payment"),
        ("Cooks may not saw.", "Cooks who are under 18 may not saw.", "loses restriction"),
        ("Cooks employ a mentor.", "Cooks use a mentor.", "misses word"),
        ("The exam is hard.", "The exam is hardly an obstacle.", "misses word"),
    ],
)
def test_each_way_to_go_beyond_the_support_has_its_name(
    claim: str, support: str, name: str
) -> None:
    assert objection(claim, support) == name


ORDERS = (  # what a scam asks for
    "let money pass through your bank account",
    "buy gift cards and send the codes",
    "receive parcels at home and send them on",
)


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        (
            "Share identity documents.",
            "Share identity documents only after an offer, and only through a channel that you "
            "have verified.",
        ),
        (
            "Fully trained electricians earn less.",
            "Apprentice electricians earn less than fully trained electricians, and their pay "
            "rises as they learn.",
        ),
        *((f"{order.capitalize()}.", f"A scam job asks you to {order}.") for order in ORDERS),
        ("You need to list every job.", "There is no need to list every job."),
        ("You may work alone.", "You may work alone only after the exam."),
        ("The test is easy.", "The test is far from easy."),
        ("The test is easy.", "The test is anything but easy."),
        ("A degree helps.", "A degree helps little."),
    ],
)
def test_the_opposite_of_what_the_support_says_is_not_carried(claim: str, support: str) -> None:
    assert objection(claim, support)
    assert objection(support, support) == ""


@pytest.mark.parametrize(
    ("claim", "support", "carried"),
    [
        ("One guide names it.", "Three guides name it.", False),
        ("One guide names it.", "Several guides name it.", False),
        ("One guide names it.", "Guides name it.", False),
        ("One long guide names it.", "Two long guides name it.", False),
        ("Ask one person.", "Ask two people.", False),
        ("One guide names it.", "One guide names it.", True),
        ("One guide names it.", "A guide names it.", True),
        ("One guide names two tools.", "One guide names two tools.", True),
        ("One is a nurse.", "Of two cooks one is a nurse.", True),
    ],
)
def test_a_count_of_several_is_not_one(claim: str, support: str, carried: bool) -> None:
    assert (objection(claim, support) == "") is carried


@pytest.mark.parametrize(
    ("claim", "support", "carried"),
    [
        ("A degree is asked.", "At most a degree is asked.", False),
        ("At least a degree is asked.", "A degree is asked.", False),
        ("At least a degree is asked.", "No less than a degree is asked.", True),
        ("At least five nurses rest.", "Five or more nurses rest.", True),
    ],
)
def test_a_bound_of_what_is_no_number_is_kept(claim: str, support: str, carried: bool) -> None:
    assert (objection(claim, support) == "") is carried


def test_a_question_carries_what_asks_it() -> None:
    assert objection("Ask who pays nurses.", "Who pays nurses?", Around(stands_for="Ask:")) == ""
    assert objection("Who pays nurses?", "Who pays nurses?") == ""


def test_every_rule_is_seen_at_work() -> None:
    seen = {mark.args[1][i][2] for mark in _marks() for i in range(len(mark.args[1]))}
    assert {rule.__name__.replace("_", " ") for rule in RULES} <= seen


def _marks() -> list[pytest.Mark]:
    return list(vars(test_each_way_to_go_beyond_the_support_has_its_name)["pytestmark"])


def test_the_title_of_a_page_about_one_thing_may_name_what_the_support_leaves_out() -> None:
    support = "Training takes four years."
    claim = "Training of plumbers takes four years."
    assert objection(claim, support) == "misses word"
    assert objection(claim, support, Around(title="Plumbers")) == ""
    assert objection(claim, support, Around(title="Plumbers and nurses")) == "misses word"


def test_a_pronoun_may_be_filled_from_what_it_stands_for() -> None:
    support = "They train for four years."
    assert objection("Plumbers train for four years.", support) == "misses word"
    assert objection("Plumbers train for four years.", support, Around(stands_for="Plumbers")) == ""


STATISTIC = "The median pay of nurses in the United States was $93,600 in May 2024."


@pytest.mark.parametrize(
    "claim",
    [
        "The median pay of nurses was $93,600 in May 2024.",
        "The median pay of nurses in the United States was $93,600.",
        "The median pay in the United States was $93,600 in May 2024.",
    ],
)
def test_a_statistic_keeps_its_place_year_and_subject(claim: str) -> None:
    assert objection(claim, STATISTIC) == "bares statistic"


TENTHS = (
    "The lowest-paid tenth of nurses earned less than $66,030 a year and the highest-paid tenth "
    "more than $135,320 a year."
)


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("The pay of nurses was $93,600.", "The median pay of nurses was $93,600."),
        ("Nurses earned $93,600.", "Nurses earned a median of $93,600."),
        ("Nurses earn $130,000.", "Senior nurses earn $130,000."),
        (TENTHS.removeprefix("The lowest-paid tenth of ").capitalize(), TENTHS),
        ("Nurses earned less than $66,030 a year.", TENTHS),
    ],
)
def test_a_statistic_keeps_which_figure_of_a_group_it_is(claim: str, support: str) -> None:
    assert objection(claim, support) == "bares statistic"


@pytest.mark.parametrize(
    ("claim", "support"),
    [
        ("The lowest-paid tenth of nurses earned less than $66,030 a year.", TENTHS),
        ("Nurses earned a median of $30 an hour, or $62,400 a year.",
         "Nurses earned a median of $62,400 a year ($30 an hour)."),
        ("Jobs of nurses grow 6 per cent.",
         "Jobs of nurses grow 6 per cent, faster than the average."),
        ("Wards hire 2,000 nurses.", "Wards hire 2,000 nurses on average."),
        ("Nurses earn at least $5.", "Nurses earn a minimum of $5."),
    ],
)  # fmt: skip
def test_a_comparison_with_an_average_is_no_measure(claim: str, support: str) -> None:
    assert objection(claim, support) == ""


def test_half_of_a_sentence_may_leave_place_and_year_to_the_other_half() -> None:
    whole = f"{STATISTIC[:-1]}, and 5,000 nurses left."
    half = "5,000 nurses left."
    support = "In the United States 5,000 nurses left in 2024."
    assert objection(half, support) == "bares statistic"
    assert objection(half, support, Around(whole=whole)) == ""
