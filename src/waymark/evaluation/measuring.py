"""One labelled case + the Answerer → its measures, each a number; most are 0 to 1."""

from collections.abc import Sequence

from waymark.answering import Answerer
from waymark.evaluation.metrics import (
    facts_right,
    numbers_supported,
    overlap,
    ranking_measures,
    words_supported,
)
from waymark.evaluation.question_sets import Case, Labelled, Pair, section_key
from waymark.types import Answer, DoneEvent, Turn

DEPTH = 20  # passages ranked for the retrieval measures

Row = dict[str, float]


def measure(case: Labelled, answerer: Answerer) -> Row:
    """Ask what the case asks and return its measures.

    Uncovered questions have `abstained`; pairs `same_outcome` and `same_evidence`; questions
    about safety `as_expected`; covered questions the ranking measures, those of `_answer_row`,
    and in a dialogue `R@4 of gold rewrite`, what its standalone form would have found.
    """
    if isinstance(case, Pair):
        return _pair_row(case, answerer)
    answer = _ask(answerer, case.question, case.history)
    row: Row = {}
    if case.expects:
        row["as_expected"] = float(_outcome(answer) == case.expects)
    elif not case.gold:
        row["abstained"] = float(answer.abstained)
    if case.gold:
        gold = [section.key for section in case.gold]
        row |= ranking_measures(gold, _sections(answer.standalone_question, answerer))
        if case.standalone:
            rewritten = ranking_measures(gold, _sections(case.standalone, answerer))
            row["R@4 of gold rewrite"] = rewritten["R@4"]
        row |= _answer_row(case, answer, answerer)
    return row


def _answer_row(case: Case, answer: Answer, answerer: Answerer) -> Row:
    """`facts` (short answer and quotes together), `facts_short`, `facts_quotes`,
    `wrongly_abstained`; of an answer also `cites_gold`, `citations_valid`, `words_quotes` and,
    if the model wrote, how far each sentence is carried by what it cites. Facts of an
    abstention are 0."""
    short = " ".join(sentence.text for sentence in answer.sentences)
    quoted = "\n".join(quote.text for quote in answer.quotes)
    row = {"wrongly_abstained": float(answer.abstained)}
    for name, text in (("", f"{short}\n{quoted}"), ("_short", short), ("_quotes", quoted)):
        row[f"facts{name}"] = float(not answer.abstained and facts_right(text, case.facts))
    if not answer.abstained:
        cited = {section_key(c.document_id, c.heading) for c in answer.citations}
        row["cites_gold"] = float(any(gold.key in cited for gold in case.gold))
        row["citations_valid"] = float(_valid(answer, answerer))
        row["words_quotes"] = float(len(quoted.split()))
    if answer.sentences:
        cited_words = [
            (s.text, " ".join(f"{c.title} {c.heading} {c.quote}" for c in s.citations))
            for s in answer.sentences
        ]
        row["numbers_supported"] = float(all(numbers_supported(*pair) for pair in cited_words))
        row["words_supported"] = min(words_supported(*pair) for pair in cited_words)
        row["words_short"] = float(len(short.split()))
    return row


def _pair_row(pair: Pair, answerer: Answerer) -> Row:
    a, b = (_ask(answerer, question, ()) for question in (pair.a, pair.b))
    cited = [{(c.document_id, c.start, c.end) for c in answer.citations} for answer in (a, b)]
    return {
        "same_outcome": float(_outcome(a) == _outcome(b)),
        "same_evidence": overlap(*cited),
    }


def _outcome(answer: Answer) -> str:
    """What kind of reply it is: the first word of its reason, "answer" for an answer."""
    return answer.reason.partition(":")[0] if answer.abstained else "answer"


def _ask(answerer: Answerer, question: str, history: Sequence[Turn]) -> Answer:
    last = list(answerer.answer(question, history))[-1]
    assert isinstance(last, DoneEvent)
    return last.answer


def _sections(question: str, answerer: Answerer) -> list[str]:
    chunks = [passage.chunk for passage in answerer.search(question, DEPTH).passages]
    return list(dict.fromkeys(section_key(chunk.document_id, chunk.heading) for chunk in chunks))


def _valid(answer: Answer, answerer: Answerer) -> bool:
    """Tell whether every citation's quote stands where the citation says."""
    for citation in answer.citations:
        document = answerer.index.document(citation.document_id)
        if document is None or document.text[citation.start : citation.end] != citation.quote:
            return False
    return bool(answer.citations)
