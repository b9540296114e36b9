"""Everyday words and turns of a question → what the pages say, for searching and comparing alone.

What a person reads of their question stays in their own words.
"""

import re

_WORDS = {  # with or without a plural "s"
    "(?-i:ad)(?! (?:hoc|agenc))|job (?:ad|posting|listing)": "advert", "algo": "algorithm",
    "ats(?! (?:screening|software))": "ATS screening software", "attorney": "lawyer",
    "(?:blank|empty) (?:cell|field|value)": "missing value", "k8s": "Kubernetes",
    "boot[- ]camp": "bootcamp",
    "booming|expanding|getting bigger": "growing", "burn(?:ed|t|ing)?[- ]out": "burnout",
    "cert": "certificate", "contest": "competition", "coop": "co-op",
    "co[- ]?worker|(?:team|work)[- ]?mate": "colleague", "data prep": "data preparation",
    "db": "database", "email": "e-mail", "eng": "engineer", "exp": "experience",
    "(?:an? )?dying (?:job|trade|field|profession|career|out)|on its way out": "declining",
    "(?:4|four)[- ]year (?:college )?degree": "bachelor's degree", "going rate": "pay",
    "haggle|bargain": "negotiate", "haggling|bargaining": "negotiating",
    "hs|secondary school": "high school", "junk e?-?mail": "spam", "license": "licence",
    "meet[- ]up": "meetup", "neural net": "neural network", "pay ?(?:packet|check|cheque)": "pay",
    "(?:otp|verification code|(?:six|6)[- ]digit code)": "one-time code",
    "(?:pay|salary|wage) (?:raise|bump|hike)|payrise": "pay rise",
    "(?:prior|previous) (?:work )?experience": "related work experience",
    "quick win": "small useful result", "self employed": "self-employed", "stat": "statistic",
    "ssn": "Social Security number", "switching (?:career|field|profession)": "changing career",
    "switch (?:career|field|profession)": "change career", "sys ?admin": "system administrator",
    "top earner": "highest-paid tenth", "(?:trade|vocational) school": "technical school",
    "(?:2|two)[- ]year (?:college )?degree": "associate's degree", "uni": "university",
    "(?:weird|strange|crazy) (?:value|number)": "outlier", "windmill": "wind turbine",
}  # fmt: skip
_DO = r"(?:do|does|did|can|could|would|will|might)\b"
_NEW = r"\b(?:beginner|junior|starter|newbie|newcomer|graduate|trainee|apprentice|intern)s?\b"
_TIME = r"\W*$|[?.,;]| (?:in|per) (?:an?|the|one)\b| an? (?:year|month|week|hour)\b| on average\b"
_MINE = r"(?:my|your|the|an?|his|her|their)"
_DEGREE = rf"\b({_MINE} |no |or |need |have |get |do |with(?:out)? )"
_TENTH = r"(?:tenth|(?:10|ten) ?(?:%|per ?cent))"
_CV = r"\b(?:cv|r[ée]sum[ée])\b"
_ZOOM = r"(?:zoom|skype|webex|facetime|google meet|(?:ms|microsoft) teams)\b"
_GMAIL = r"(?:gmail|hotmail|yahoo)\b"
_TURNS = tuple(
    (re.compile(turn, re.I), meant)
    for turn, meant in (
        *((rf"\b(?:{said})(?=s?\b)", meant) for said, meant in _WORDS.items()),
        (rf"(\b(?:how much(?: money)?|what) {_DO}[^?.,;]* )make(?={_TIME})", r"\1earn"),
        (rf"(\bhow much {_DO}(?! i\b)[^?.,;]* )(?:get|take home)(?={_TIME})", r"\1earn"),
        (rf"(\bwhat {_DO}[^?.,;]*{_NEW}[^?.,;]* )get(?={_TIME})", r"\1earn"),
        (r"\bwhat(?:['’]?s| is) the money(?: like)?(?= (?:as|for|in)\b|\W*$)", "what is the pay"),
        (
            r"\bnation(?:ally|wide)(?=\W*$|[?.,;:)]| (?:in|for|per|as|and|or|on|by|a|earn|make)\b)",
            "in the United States",
        ),
        (r"\b(a|my|any) raise\b", r"\1 pay rise"),
        (rf"(\bwhat {_DO}[^?.,;]* )pull in(?={_TIME})", r"\1earn"),
        (rf"\bwhat (?:do|does|would|will) ([^?.,;]+?) start (?:on|at)(?={_TIME})",
         r"what is the starting pay of \1"),
        (r"\bfree labou?r\b", "unpaid"),
        (r"\bhow much (calculus|algebra|statistics|stats|maths?)(?= (?:do|does|for|is)\b)",
         r"which \1 topics"),
        (r"\b(?:try|test) (?:out )?a (?:job|career|trade)(?: out)?(?= before\b)",
         "test a new career"),
        (r"(?:\bis (?:this|that|it) )?\blegit(?:imate)?(?=\s*\?)", "is this a job scam"),
        (rf"({_CV}[^?.!]*)\bchat ?gpt\b", r"\1an AI writing tool"),
        (rf"\b(?:bottom|lowest|poorest|worst[- ]paid) {_TENTH}", "lowest-paid tenth"),
        (rf"\b(?:top|richest|best[- ]paid) {_TENTH}", "highest-paid tenth"),
        (r"\b(?:at|on) the (?:bottom|low|lower) end\b(?! of)", "in the lowest-paid tenth"),
        (r"\b(?:at|on) the (?:top|high|higher) end\b(?! of)", "in the highest-paid tenth"),
        (
            r"(\bhow (?:do|can|could|would|should) (?:i|you|we|one|people) )"
            r"train (?:as|to be|to become)\b",
            r"\1become",
        ),
        (
            r"\bhow (?:do|are) ((?:(?!models|networks|machines|algorithms)[^\W\d]+ ){1,3})"
            r"(?<=s )train(?:ed)?(?=\W*$)",
            r"what training do \1need",
        ),
        (r"^\W*(?:(?:any|some|good|best) )?ways to (?=[a-z])", "how do I "),
        (r"\bskip (?=(?:(?:a|the|my) )?(?:degree|college|uni\w*|exam|course)\b)", "do without "),
        (r"\b(need|have) to go to (?:college|university)\b", r"\1 a degree"),
        (r"\bwithout (?:going to )?(?:college|university)\b(?! degree)", "without a degree"),
        (rf"{_DEGREE}(?:masters|msc)\b(?: degree)?(?! exam)", r"\1master's degree"),
        (rf"{_DEGREE}(?:bachelors|bsc)\b(?: degree)?", r"\1bachelor's degree"),
        (r"\b(learn|study)(\w*\b[^?.!,]*?) (?:on my own|by myself)\b", r"\1\2 by self-study"),
        (
            r"\b(certificates?\b[^?.,;]*) (?:count|matter|look good)(?= for| in| on|\W*$)",
            r"\1 show expertise",
        ),
        (rf"\b(?:hole|blank)(?= (?:in|on) {_MINE} {_CV})", "gap"),
        (r"\b(?:do|does) ([^?.,;]*)get replaced\b", r"will \1be replaced"),
        (r"\b((?:got|get|getting|been|being|be|was) )(?:fired|sacked)\b(?! up)", r"\1dismissed"),
        (
            r"(\b(?:boss|manager|supervisor|i have|i['’]?ve|gives? me)\b[^?.]*)"
            r"\btoo much (?:work\b(?! exp)|on my plate)",
            r"\1too much workload",
        ),
        (r"\b(work\w*(?: remotely)?) from (?:abroad|a beach)\b", r"\1 from another country"),
        (r"\bswitch off(?= (?:when|after|at|in|from)\b|\W*$)", "keep boundaries"),
        (r"\b((?:be|become|being) )my own boss\b", r"\1self-employed"),
        (r"\bwork for (?:my|your|them)sel(?:f|ves)\b", "work self-employed"),
        (r"\bkeep (me|you|us|them|interns) (?:on|after\w*)\b", r"hire \1 afterwards"),
        (
            rf"(\b(?:interview|call|meeting)s?\b[^?.!]*) (?:on|over|via|by|through) {_ZOOM}",
            r"\1 by remote video",
        ),
        (rf"\b{_ZOOM}(?= (?:inter\w+|calls?|meetings?)\b)", "remote video"),
        (r"\bstar (?:technique|format|approach)\b|(?-i:\bSTAR\b)(?! method)", "STAR method"),
        (rf"\bhow many pages\b(?=[^.!]*{_CV})", "what length"),
        (rf"({_CV}[^.!]*)\bhow many pages\b", r"\1what length"),
        (rf"\bchat ?gpt\b(?=[^?.!]*{_CV})", "an AI writing tool"),
        (r"\baccommodations\b", "adjustments"),
        (r"\bfell for(?= (?:an?|the|this|that) (?:fake|scam|job))", "was caught by"),
        (r"\b(?:on|over|via|through|by) (?:whats ?app|telegram)\b", "on a messaging app"),
        (rf"\b(from|uses|using|on) (?:an? |his |her )?{_GMAIL}", r"\1 a free e-mail address"),
        (rf"\b{_GMAIL}(?= (?:address|account))", "free e-mail"),
        (r"\b((?:receiv|forward|reship)\w*(?: \w+){0,2} )(?:packages|boxes)\b", r"\1parcels"),
        (
            r"\b(?:(?:an? )?(?:cop(?:y|ies)|photos?|pics?|scans?) of )?"
            r"my (?:passport|id card|driv\w+['’]?s? licence)\b",
            "my identity documents",
        ),
        (r"\bhand(ing)? over (?:any |my |the )?(?:money|cash)\b", r"pay\1"),
        (r"\b(fake|bad|cashier['’]?s|bounced) check(?=s?\b)", r"\1 cheque"),
        (r"\bcheck(?=s? (?:for|of|worth) (?:[$£€]|\d)|s? (?:bounce|clear))", "cheque"),
        (
            r"\b((?:sen[dt]|post|mailed|gave|got|received|cash(?:ed)?|deposit(?:ed)?|put) (?:me )?"
            r"(?:an?|the|this|their) )check\b(?![- ](?:on|up|list|box|mark|out|if)\b)",
            r"\1cheque",
        ),
    )
)  # fmt: skip


def as_pages_say(question: str) -> str:
    """Return `question` with everyday turns in the words of the pages, and of the models that
    learnt from them.

    >>> as_pages_say("What is the going rate for nurses?")
    'What is the pay for nurses?'
    """
    for turn, meant in _TURNS:
        question = turn.sub(meant, question)
    return question
