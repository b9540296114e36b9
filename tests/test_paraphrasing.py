import pytest

from waymark.paraphrasing import as_pages_say


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("What does a nurse make?", "What does a nurse earn?"),
        ("how much do nurses make in a year", "how much do nurses earn in a year"),
        ("the going rate for nurses", "the pay for nurses"),
        ("ways to stop nurses", "how do I stop nurses"),
        ("How do I train as a nurse?", "How do I become a nurse?"),
        ("how do nurses train?", "what training do nurses need?"),
        (
            "may a nurse skip the degree on a Zoom interview",
            "may a nurse do without the degree on a remote video interview",
        ),
        ("do nurses get replaced?", "will nurses be replaced?"),
        (
            "an ad for coworkers, uni and a cert",
            "an advert for colleagues, university and a certificate",
        ),
        ("emails about a license", "e-mails about a licence"),
        (
            "what do new graduates on a ward really get",
            "what do new graduates on a ward really earn",
        ),
        ("how much do nurses take home a month?", "how much do nurses earn a month?"),
        ("any raise in the top 10%?", "any pay rise in the highest-paid tenth?"),
        ("pay at the low end", "pay in the lowest-paid tenth"),
        ("what's the money like for nurses?", "what is the pay for nurses?"),
        ("do I need to go to college, or a masters?", "do I need a degree, or a master's degree?"),
        ("without uni but with a bachelors", "without a degree but with a bachelor's degree"),
        ("can I learn nursing on my own", "can I learn nursing by self-study"),
        ("which certs look good for nurses", "which certificates show expertise for nurses"),
        ("is nursing a dying trade or booming", "is nursing declining or growing"),
        ("I've got too much work", "I've got too much workload"),
        ("my boss says I was fired", "my boss says I was dismissed"),
        ("am I burnt out, and how do I switch off?", "am I burnout, and how do I keep boundaries?"),
        ("nurses who work for themselves", "nurses who work self-employed"),
        ("will they keep us on", "will they hire us afterwards"),
        ("my meeting next week is on Skype", "my meeting next week is by remote video"),
        ("a STAR answer by the star technique", "a STAR method answer by the STAR method"),
        ("my resume: how many pages?", "my resume: what length?"),
        ("how many pages of a CV, with chatgpt", "what length of a CV, with an AI writing tool"),
        ("may ChatGPT fill a hole in my CV", "may an AI writing tool fill a gap in my CV"),
        (
            "he is on Telegram and uses gmail",
            "he is on a messaging app and uses a free e-mail address",
        ),
        ("a scan of my passport", "my identity documents"),
        ("they sent me a check, hand over money", "they sent me a cheque, pay"),
        ("a check for $900, a fake check", "a cheque for $900, a fake cheque"),
        ("forward the packages", "forward the parcels"),
        ("what do nurses earn nationally?", "what do nurses earn in the United States?"),
        ("what do roofers pull in a year?", "what do roofers earn a year?"),
        ("what does a cook start on?", "what is the starting pay of a cook?"),
        ("is it paid or free labour", "is it paid or unpaid"),
        ("how much calculus do I need", "which calculus topics do I need"),
        ("may I try a job out before I quit", "may I test a new career before I quit"),
        ("a text from a recruiter. legit?", "a text from a recruiter. is this a job scam?"),
        ("what is k8s", "what is Kubernetes"),
    ],
)
def test_an_everyday_turn_gives_way_to_what_the_pages_say(asked: str, said: str) -> None:
    assert as_pages_say(asked) == said
    assert as_pages_say(said) == said


@pytest.mark.parametrize(
    "asked",
    [
        "how do models train?",
        "how do nurses train models",
        "in many ways to Zoom",
        "What does a letter make clear?",
        "How much sense does it make?",
        "ad hoc work at ad agencies",
        "what do graduates get wrong?",
        "how much would I get?",
        "at the low end of the range",
        "I stopped on my own",
        "which certificates count towards a degree",
        "is it too much work to learn calculus?",
        "I was fired up",
        "switch off notifications",
        "is Zoom or Telegram a good employer?",
        "a rising star",
        "how many pages should my website have?",
        "they sent me a check list and a background check",
        "check the offer, check for errors",
        "which Python packages forward requests",
        "is the nationally recognised exam hard, and a nationwide search",
    ],
)
def test_a_turn_that_means_something_else_stays(asked: str) -> None:
    assert as_pages_say(asked) == asked
