from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from waymark.chunking import ChunkingParameters, chunk_document
from waymark.formats.markdown import parse_markdown
from waymark.types import Block, Chunk, Document

SENTENCES = st.lists(
    st.lists(st.sampled_from(["alpha", "beta", "gamma", "é🙂"]), min_size=1, max_size=40),
    max_size=12,
)


def document(raw: str, title: str = "T") -> Document:
    parsed = parse_markdown(raw)
    return Document("doc", title, parsed.text, parsed.blocks, "digest")


def chunks(raw: str, max_words: int = 110) -> list[Chunk]:
    return chunk_document(document(raw), ChunkingParameters(max_words))


def test_chunks_stay_inside_their_section_and_keep_its_headings() -> None:
    found = chunks("# T\n\nIntro text.\n\n## Pay\n\nPay text.\n\n### Nights\n\nNight text.")
    assert [(c.heading_path, c.text) for c in found] == [
        ((), "Intro text."),
        (("Pay",), "Pay text."),
        (("Pay", "Nights"), "Night text."),
    ]


def test_whole_sentences_are_packed_up_to_the_limit() -> None:
    found = chunks("One two three. Four five six. Seven eight.", max_words=6)
    assert [c.text for c in found] == ["One two three. Four five six.", "Seven eight."]


def test_a_list_stays_whole_with_what_announces_it() -> None:
    found = chunks(
        "One two three four. Tools are:\n\n- pen here\n- ink there\n\nMore.", max_words=8
    )
    assert [c.text for c in found] == [
        "One two three four.",
        "Tools are:\n\npen here\nink there\n\nMore.",
    ]


def test_a_list_longer_than_a_chunk_is_cut_between_its_items() -> None:
    found = chunks("Tools are:\n\n- pen here\n- ink there\n- paper too", max_words=5)
    assert [c.text for c in found] == ["Tools are:\n\npen here", "ink there\npaper too"]


def test_a_long_list_is_not_parted_from_a_line_that_turns_its_meaning() -> None:
    items = [f"you have been charged with offence {n}" for n in range(12)]
    shown = "\n".join(f"- {item}" for item in items)
    raw = f"One two three.\n\nYou cannot join the police if:\n\n{shown}\n\nMore."
    found = [c.text for c in chunks(raw, max_words=20)]
    assert found == [
        "One two three.",
        "You cannot join the police if:\n\n" + "\n".join(items),
        "More.",
    ]
    assert len(chunks(raw.replace("cannot join the police if", "need"), max_words=20)) > 3


def test_a_sentence_longer_than_a_chunk_is_cut_between_words() -> None:
    found = chunks(" ".join(f"w{n}" for n in range(25)), max_words=10)
    assert [len(c.text.split()) for c in found] == [10, 10, 5]


def test_an_id_is_stable_while_its_text_is_and_unique_in_its_document() -> None:
    before = {c.text: c.id for c in chunks("## A\n\nsame\n\n## B\n\nother")}
    after = {c.text: c.id for c in chunks("## New\n\nfirst\n\n## A\n\nsame\n\n## B\n\nchanged")}
    assert before["same"] == after["same"]
    assert before["other"] not in after.values()
    repeated = chunks("## A\n\nsame\n\n## A\n\nsame")
    assert len({c.id for c in repeated}) == 2


def test_a_chunk_knows_where_each_page_of_it_begins() -> None:
    blocks = tuple(Block("paragraph", s, e, page=p) for s, e, p in [(0, 4, 1), (6, 10, 2)])
    found = chunk_document(Document("d", "T", "One.\n\nTwo.", blocks, ""), ChunkingParameters())
    assert [c.pages for c in found] == [((0, 1), (6, 2))]
    assert [found[0].page_at(offset) for offset in (0, 6, 9)] == [1, 2, 2]
    assert chunks("Text.")[0].pages == ()


def test_blocks_that_are_left_out_are_in_no_chunk() -> None:
    whole = document("One.\n\nTwo.\n\nThree.")
    found = chunk_document(whole, ChunkingParameters(), {6})
    assert [c.text for c in found] == ["One.", "Three."]


@given(SENTENCES, st.integers(1, 30))
def test_no_text_is_lost_and_no_chunk_is_too_long(sentences: list[list[str]], limit: int) -> None:
    raw = "\n\n".join(" ".join(words) + "." for words in sentences)
    whole = document(raw)
    found = chunk_document(whole, ChunkingParameters(limit))
    assert "".join("".join(c.text for c in found).split()) == "".join(whole.text.split())
    for chunk in found:
        assert chunk.text == whole.text[chunk.start : chunk.end]
        assert len(chunk.text.split()) <= limit
    assert all(a.end <= b.start for a, b in pairwise(found))
