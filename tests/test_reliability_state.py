"""Any history of edits, builds, kills and rollbacks ends in the index of a fresh build: A-15."""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from waymark.errors import IndexMissing
from waymark.settings import PROJECT
from waymark.store.generations import prune, rollback
from waymark.store.pointer import current_generation, published

sys.path.insert(0, str(PROJECT / "scripts"))

import crashing_builds as crashing  # scripts/ is no package

WORDS = ("pay", "secret", "job", "nurse", "hours")
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)
names = st.sampled_from(["a", "b", "c", "d", "sub/e"])


class Killed(BaseException):
    """Nothing that a process does reaches the disk once it was killed."""


class Histories(RuleBasedStateMachine):
    """A corpus under edit, and an index that is built, killed and rolled back in between."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.corpus, self.index = self.folder / "corpus", self.folder / "index"
        self.max_words = 110
        self.states: list[dict[str, Any] | None] = [None]  # what may be seen now

    @initialize(text=texts)
    def start(self, text: str) -> None:
        self.write("always", text)

    @rule(name=names, text=texts, secret=st.integers(0, 9))
    def write(self, name: str, text: str, secret: int = 0) -> None:
        path = self.corpus / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\n\n{text} secret-{secret}-end.\n\n## More\n\n{text}.\n")

    @rule(name=names)
    def delete(self, name: str) -> None:
        (self.corpus / f"{name}.md").unlink(missing_ok=True)

    @rule(name=names, other=names)
    def rename(self, name: str, other: str) -> None:
        source, target = (self.corpus / f"{n}.md" for n in (name, other))
        if source.exists():
            target.parent.mkdir(exist_ok=True)
            source.rename(target)

    @rule(max_words=st.sampled_from([3, 110]))
    def change_parameters(self, max_words: int) -> None:
        self.max_words = max_words

    @rule()
    def build(self) -> None:
        crashing.build(self.corpus, self.index, self.max_words, allow_removal=True)
        self.states = [self.fresh()]
        assert not list(self.index.glob("*.tmp"))

    @rule(nth=st.integers(1, 25), moment=st.sampled_from(crashing.MOMENTS))
    def kill_a_build(self, nth: int, moment: crashing.Moment) -> None:
        dead = False

        def die() -> None:
            nonlocal dead
            dead = True
            raise Killed

        new = self.fresh()
        try:
            with crashing.struck(crashing.Point(nth, moment), die, lambda: dead):
                crashing.build(self.corpus, self.index, self.max_words, allow_removal=True)
        except Killed:
            self.states.append(new)
        else:
            self.states = [new]

    @precondition(lambda self: self.generations() > 1)
    @rule()
    def roll_back(self) -> None:
        try:
            target = rollback(self.index)
        except IndexMissing:
            return  # the current one is the oldest
        assert current_generation(self.index) == target
        self.states = [crashing.seen(self.index)]

    @precondition(lambda self: self.generations() > 0 and None not in self.states)
    @rule()
    def prune_and_look_for_deleted_text(self) -> None:
        prune(self.index, 1)
        found = crashing.seen(self.index)
        assert found
        stored = b"".join(path.read_bytes() for path in self.index.glob("gen-*/*"))
        living = " ".join(document.text for document in found["documents"])
        for secret in range(10):
            word = f"secret-{secret}-end"
            assert (word.encode() in stored) == (word in living)

    @invariant()
    def the_index_is_that_of_a_build_from_scratch(self) -> None:
        assert crashing.seen(self.index) in self.states

    def generations(self) -> int:
        return len(published(self.index)) if self.index.is_dir() else 0

    def fresh(self) -> dict[str, Any] | None:
        """What a build of the corpus as it is gives in an empty folder."""
        folder = self.folder / "fresh"
        crashing.build(self.corpus, folder, self.max_words)
        found = crashing.seen(folder)
        shutil.rmtree(folder)
        return found

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


TestA15AnyHistoryEndsInTheIndexOfAFreshBuild = Histories.TestCase
TestA15AnyHistoryEndsInTheIndexOfAFreshBuild.settings = settings(
    max_examples=8, stateful_step_count=12
)
