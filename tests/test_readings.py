from fakes import passage
from waymark.readings import CLEARLY, Reading, best_reading
from waymark.types import Evidence


def reading(standalone: str, covered: float, at: int) -> Reading:
    """A reading covered with probability `covered` whose best evidence begins at `at`."""
    found = passage("A nurse has pay.", start=at)
    best = Evidence(found, found.chunk.text, at, at + len(found.chunk.text), 1.0)
    return Reading(standalone, "", (found,), (best,), covered)


def test_a_later_form_is_read_only_if_it_is_covered_clearly_better() -> None:
    focused = reading("nurses: pay?", 0.5, 0)
    for covered, chosen in ((0.5 + CLEARLY - 0.01, "nurses: pay?"), (0.5 + CLEARLY + 0.01, "pay?")):
        assert best_reading([focused, reading("pay?", covered, 90)], "pay?").standalone == chosen


def test_what_adds_nothing_is_left_out_unless_a_pronoun_needs_it() -> None:
    forms = [reading("cooks: which jobs?", 0.9, 0), reading("which jobs?", 0.9, 0)]
    assert best_reading(forms, "which jobs?").standalone == "which jobs?"
    assert best_reading(forms, "which of their jobs?").standalone == "cooks: which jobs?"
