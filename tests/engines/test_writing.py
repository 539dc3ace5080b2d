"""From token bytes to text."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.engines.writing import THOUGHTS, Writing, opened_in

WORDS = st.sampled_from(
    [*THOUGHTS, *THOUGHTS.values(), "<thi", "nk>", "\n", " ", "a", "é", "STOP", "ST", "</s>", "<"]
)


def pieces_of(content: bytes, cuts: list[int]) -> list[bytes]:
    bounds = [0, *sorted(cut % (len(content) + 1) for cut in cuts), len(content)]
    return [content[a:b] for a, b in itertools.pairwise(bounds)]


def plain(text: str) -> bool:
    """Without a mark of thoughts. Hypothesis tries constants of the program, so also marks."""
    return not any(mark in text for mark in (*THOUGHTS, *THOUGHTS.values()))


TEXTS = st.text(st.characters(codec="utf-8")).filter(plain)


@given(text=TEXTS, cuts=st.lists(st.integers(0, 999)))
def test_text_cut_anywhere_comes_out_whole(text: str, cuts: list[int]) -> None:
    writing = Writing()
    shown = [writing.feed(piece) for piece in pieces_of(text.encode(), cuts)]

    assert "".join(shown) + writing.finish() == text


@given(text=st.text("abc", max_size=40), cuts=st.lists(st.integers(0, 99)))
def test_nothing_from_a_stop_string_on_is_shown(text: str, cuts: list[int]) -> None:
    writing = Writing(["abc", "cc"])
    shown = "".join(writing.feed(piece) for piece in pieces_of(text.encode(), cuts))
    shown += writing.finish()

    ends = [at for stop in ("abc", "cc") if (at := text.find(stop)) >= 0]
    assert shown == text[: min(ends, default=len(text))]
    assert writing.stopped == bool(ends)


def test_the_beginning_of_a_stop_string_is_held_back_until_it_is_decided() -> None:
    writing = Writing(["\n\nUser:"])

    assert writing.feed(b"Hello.\n\nU") == "Hello."
    assert writing.feed(b"nless") == "\n\nUnless"


def test_half_a_character_at_the_end_is_dropped() -> None:
    writing = Writing()

    assert writing.feed("né".encode()[:-1]) == "n"
    assert writing.finish() == ""


def test_an_empty_stop_string_stops_nothing() -> None:
    assert Writing([""]).feed(b"text") == "text"


def written(text: str, **options: object) -> str:
    """What is shown of a text that comes a character at a time."""
    writing = Writing(**options)  # type: ignore[arg-type]
    return "".join(writing.feed(each.encode()) for each in text) + writing.finish()


@given(words=st.lists(WORDS, max_size=20), cuts=st.lists(st.integers(0, 999)))
def test_it_does_not_matter_how_thoughts_are_cut(words: list[str], cuts: list[int]) -> None:
    text = "".join(words)
    whole, cut = (Writing(["STOP", "TOP"], ends=["</s>"]) for _ in range(2))
    shown = "".join(cut.feed(piece) for piece in pieces_of(text.encode(), cuts)) + cut.finish()

    assert shown == whole.feed(text.encode()) + whole.finish()
    assert cut.stopped == whole.stopped


@given(thought=st.text("ab <>/\n", max_size=30), mark=st.sampled_from(sorted(THOUGHTS)))
def test_a_thought_before_the_answer_is_left_out(thought: str, mark: str) -> None:
    aloud = f"{mark}{thought}{THOUGHTS[mark]}"

    assert written(f"{aloud}\n\nThe answer.") == "The answer."
    assert written(f"\n{aloud} The answer.").strip() == "The answer."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<think>never ends", ""),
        ("<think>\n\n</think>\n\nYes.", "Yes."),
        ("One.\n<think>hm</think>Two.", "One.\nTwo."),
        ("Hello <think>secret</think>world", "Hello world"),
        ("The tag <think> begins a thought.", "The tag <think> begins a thought."),
        ("Close it with </think> then.", "Close it with </think> then."),
        ("</think>\n\nYes.", "Yes."),
        ("[THINK]so[/THINK]Yes.", "Yes."),
        ("<seed:think>so</seed:think>Yes.", "Yes."),
        ("  indented", "  indented"),
        (
            "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant"
            "<|channel|>final<|message|>Yes.",
            "Yes.",
        ),
        ("<|channel|>final<|message|>Yes.", "Yes."),
        ("<|channel|>analysis<|message|>never final", ""),
    ],
)
def test_thoughts_are_known_by_the_marks_of_many_models(text: str, shown: str) -> None:
    assert written(text) == shown


def test_a_thought_that_the_prompt_began_is_left_out() -> None:
    assert written("so so</think>\n\nYes.", thought="<think>") == "Yes."
    assert written("never ends", thought="<think>") == ""


def test_a_stop_string_in_a_thought_stops_nothing_but_the_end_of_the_turn_does() -> None:
    assert written("<think>a\n\nb</think>Yes.\n\nNo", stop=["\n\n"]) == "Yes."
    assert written("<think>a</s></think>Yes.", ends=["</s>"]) == ""


def test_it_is_known_whether_the_model_thinks() -> None:
    writing = Writing()
    seen = []
    for piece in ("<think>", "a", "</think>", "b"):
        writing.feed(piece.encode())
        seen.append(writing.thinking)

    assert seen == [True, True, False, False]


def test_a_prompt_that_begins_a_thought_is_seen() -> None:
    assert opened_in("<|im_start|>assistant\n<think>\n") == "<think>"
    assert opened_in("assistant\n<think>\n\n</think>\n\n") == ""
    assert opened_in("<seed:think><seed:cot_budget_reflect>") == "<seed:think>"
    assert opened_in("<|im_start|>assistant\n") == ""
