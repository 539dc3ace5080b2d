import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.library import split as splitting
from appliance.library.split import Piece, split
from appliance.readers.contract import Block, Place

WINDOW = 42  # 40 words and two special tokens


@pytest.fixture(autouse=True)
def small_target(monkeypatch):
    monkeypatch.setattr(splitting, "TARGET", 30)


def words(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(r"\S+", text)]


def cut(*blocks: Block) -> list[Piece]:
    return list(split(blocks, words, window=WINDOW))


def say(count: int) -> str:
    """Sentences of ten words."""
    return " ".join(["Each of these sentences has ten words until its end."] * (count // 10))


def paragraph(text: str, heading: str | None = None, page: int | None = None) -> Block:
    return Block("paragraph", text, Place(page=page, heading=heading))


def test_small_paragraphs_are_gathered():
    assert [p.text for p in cut(paragraph("One."), paragraph("Two."))] == ["One.\n\nTwo."]


def test_a_heading_starts_a_passage_and_is_read_before_its_text():
    first, second = cut(
        Block("heading", "Refunds", level=1),
        paragraph("Within 14 days.", "Refunds"),
        Block("heading", "Exceptions", Place(heading="Refunds"), level=2),
        paragraph("Food.", "Refunds › Exceptions"),
    )
    assert first.embedded == "Refunds\nWithin 14 days."
    assert (second.context, second.text) == ("Refunds › Exceptions", "Food.")


def test_a_heading_with_nothing_under_it_is_not_lost():
    pieces = cut(Block("heading", "Welcome", level=1), Block("heading", "To the office", level=1))
    assert [piece.text for piece in pieces] == ["Welcome", "To the office"]


def test_no_passage_has_two_pages():
    pieces = cut(paragraph("One.", page=1), paragraph("Two.", page=2), paragraph("More.", page=2))
    assert [(p.place.page, p.text) for p in pieces] == [(1, "One."), (2, "Two.\n\nMore.")]


def test_a_paragraph_stays_whole_where_it_fits():
    pieces = cut(paragraph(say(20)), paragraph(say(40)))
    assert [piece.tokens for piece in pieces] == [20, 40]


def test_a_long_paragraph_is_cut_between_sentences_into_like_parts():
    pieces = cut(paragraph(say(100)))
    assert [piece.tokens for piece in pieces] == [20, 30, 20, 30]
    assert all(piece.text.endswith("end.") for piece in pieces)


def test_a_sentence_longer_than_the_window_is_cut_between_words():
    pieces = cut(paragraph(" ".join(f"w{n}" for n in range(150))))
    assert all(piece.tokens <= WINDOW - 2 for piece in pieces)
    assert " ".join(piece.text for piece in pieces).split() == [f"w{n}" for n in range(150)]


def test_a_long_table_repeats_its_head():
    head = "| Name | Days |\n|---|---|\n"
    rows = [f"| Person{n} | {n} |" for n in range(20)]
    pieces = cut(Block("table", head + "\n".join(rows)))

    assert len(pieces) > 1
    assert all(piece.kind == "table" and piece.text.startswith(head) for piece in pieces)
    said = [line for piece in pieces for line in piece.text.splitlines()[2:]]
    assert said == rows


def test_a_list_takes_its_introduction_along():
    pieces = cut(
        paragraph(say(20)),
        paragraph("Bring the following papers with you:"),
        Block("list", "- the passport and a photo\n- the signed form and a pen"),
    )
    assert pieces[-1].text.startswith("Bring the following")
    assert pieces[0].text == say(20)


def test_a_long_list_is_cut_between_items():
    items = [f"- item number {n} is this one" for n in range(15)]
    pieces = cut(Block("list", "\n".join(items)))
    assert [line for piece in pieces for line in piece.text.splitlines()] == items


def test_sentences_are_ranges_of_the_passages_text():
    (piece,) = cut(paragraph("One. Two."), paragraph("Three.", None))
    assert [piece.text[a:b] for a, b in piece.sentences] == ["One.", "Two.", "Three."]


def test_spans_are_ranges_of_what_is_embedded():
    (piece,) = cut(paragraph("One. Two.", "Numbers"))
    assert [piece.embedded[a:b] for a, b in piece.spans] == ["One.", "Two."]


def test_a_digest_tells_text_headings_and_embedder_apart():
    digests = {
        piece.digest(embedder)
        for embedder in ("e-1", "e-2")
        for piece in [
            *cut(paragraph("One.")),
            *cut(paragraph("One.", "A")),
            *cut(paragraph("Two.")),
        ]
    }
    assert len(digests) == 6


def test_headings_leave_room_for_the_text():
    (piece,) = cut(paragraph("Short.", " › ".join(f"heading{n}" for n in range(60))))
    assert len(words(piece.context)) <= WINDOW // 4
    assert piece.context.endswith("heading59")


blocks = st.builds(
    Block,
    st.sampled_from(["heading", "paragraph", "list", "table", "code"]),
    st.text(st.characters(exclude_characters="\0"), min_size=1).filter(str.strip),
    st.builds(Place, st.sampled_from([None, 1, 2]), st.sampled_from([None, "Refunds"])),
)


@given(st.lists(blocks, max_size=8))
def test_no_letter_is_lost_and_no_passage_is_too_long(document):
    pieces = cut(*document)
    said = "".join(piece.text for piece in pieces)
    for block in document:
        if block.kind == "heading" and block.text.strip().lstrip("# ") in "Refunds":
            continue  # it is in the context of what follows
        for word in re.findall(r"\w+", block.text):
            assert word in said
    assert all(piece.tokens <= WINDOW - 2 for piece in pieces)
