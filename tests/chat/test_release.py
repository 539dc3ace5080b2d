import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.chat.cite import Citations, Quote
from appliance.chat.release import Release
from tests.chat.parts import hit

HITS = [hit(number, f"{number}.txt", f"Text of passage {number}.") for number in (1, 2, 3)]
REFUSAL = "I don't know"
MARKS = re.compile(r"\[(\d+|\?)\]")


def check(sentence, claimed):
    """Cats are in the second source, dogs in the third, owls nowhere."""
    for word, source in (("cat", 2), ("dog", 3)):
        if word in sentence:
            return [Quote(source, 0, 4)]
    return []


def release(*pieces: str, withhold: bool = False) -> tuple[Release, list[str]]:
    """Feed pieces; the release, and what it let out for each and at the end."""
    letting = Release(check, Citations(HITS), withhold=withhold, refusal=REFUSAL)
    return letting, [*(letting.feed(piece) for piece in pieces), letting.close()]


def released(*pieces: str, withhold: bool = False) -> str:
    return "".join(release(*pieces, withhold=withhold)[1])


def test_a_supported_sentence_is_cited_though_the_model_did_not():
    assert released("All cats sleep a lot.") == "All cats sleep a lot. [1]"


def test_citations_are_numbered_by_their_first_appearance():
    told = released("Some dogs do bark. Some cats do purr. More dogs do bark.")
    assert told == "Some dogs do bark. [1] Some cats do purr. [2] More dogs do bark. [1]"


@pytest.mark.parametrize(
    "written",
    [
        "All cats sleep a lot [1]. All dogs bark.",
        "All cats sleep a lot. [1] All dogs bark.",
        "All cats sleep a lot.[1] All dogs bark.",
        "All cats sleep a lot [1][9]. All dogs bark [2, 3].",
        "All cats sleep a lot.\n[1] All dogs bark.",
        "All cats [source 1] sleep a lot【2】. All dogs bark. [?]",
    ],
)
def test_the_models_own_marks_never_show(written):
    told = " ".join(released(written).split())
    assert told == "All cats sleep a lot. [1] All dogs bark. [2]"


def test_an_unsupported_sentence_is_marked_right_after_it():
    told = released("All cats sleep a lot. All owls can drive. Some dogs do bark.")
    assert told == "All cats sleep a lot. [1] All owls can drive. [?] Some dogs do bark. [2]"


def test_an_unsupported_sentence_can_be_withheld():
    letting, pieces = release(
        "All cats sleep a lot. All owls can drive. Some dogs do bark.", withhold=True
    )
    assert "".join(pieces) == "All cats sleep a lot. [1] Some dogs do bark. [2]"
    assert letting.withheld == 1


def test_withholding_shows_nothing_of_a_sentence_before_its_check():
    _, pieces = release("All cats ", "sleep a", " lot", ". All dogs", " bark.", withhold=True)
    assert pieces == ["", "", "", "All cats sleep a lot. [1]", "", " All dogs bark. [2]"]


def test_marking_shows_words_as_they_come():
    _, pieces = release("All cats", " sleep", " a lot", ". Some", " dogs bark.")
    assert pieces[:3] == ["All cats", " sleep", " a lot"]


def test_nothing_is_left_when_all_is_withheld():
    letting, pieces = release("Here is what I found: All owls can drive.", withhold=True)
    assert "".join(pieces) == ""
    assert letting.withheld == 1


def test_an_introduction_waits_for_what_it_introduces():
    told = released(
        "I found this:\n\n- All cats sleep a lot.\n- All owls can drive.", withhold=True
    )
    assert told == "I found this:\n\n- All cats sleep a lot. [1]"


def test_a_long_line_before_a_colon_is_a_claim():
    told = released("All owls can drive and they also have a licence from the town of Bath:")
    assert told.endswith(" [?]")


def test_a_heading_hides_no_claim_below_it():
    assert released("# Owls\n\nThey can drive.").endswith(" [?]")


def test_a_fragment_is_checked_with_the_sentence_after_it():
    assert released("Yes. All cats sleep a lot.") == "Yes. All cats sleep a lot. [1]"


def test_a_model_that_does_not_know_is_not_doubted():
    letting, pieces = release("I don’t", " know.")
    assert "".join(pieces) == "I don’t know."
    assert letting.only_refused


def test_list_items_and_paragraphs_keep_their_shape():
    told = released("Pets:\n\n1. All cats sleep a lot.\n2. All dogs bark.\n\nMost cats purr.")
    assert told == (
        "Pets:\n\n1. All cats sleep a lot. [1]\n2. All dogs bark. [2]\n\nMost cats purr. [1]"
    )


def test_half_a_mark_at_the_end_is_dropped():
    assert released("All cats sleep a lot. [1, ") == "All cats sleep a lot. [1]"


def test_a_model_that_repeats_itself_is_lost_and_the_repetition_is_not_kept():
    letting, pieces = release(
        "All cats sleep a lot. Some dogs bark. All", " cats sleep a lot. More"
    )
    assert letting.lost == "repeating"
    assert letting.kept == "All cats sleep a lot. [1] Some dogs bark. [2]"
    assert "".join(pieces).startswith(letting.kept)


def test_a_model_that_says_nothing_from_the_sources_any_more_is_lost():
    owls = [f"The owl number {number} can drive. " for number in range(20)]
    letting, _ = release("All cats sleep a lot. ", *owls[:5])
    assert letting.lost is None

    letting, _ = release("All cats sleep a lot. ", *owls)
    assert letting.lost == "astray"
    assert letting.kept.count("[?]") == 6
    assert letting.kept.endswith("The owl number 5 can drive. [?]")


def test_the_sign_of_a_list_item_that_never_came_is_dropped():
    assert released("- All cats sleep a lot.\n- ") == "- All cats sleep a lot. [1]"


TEXTS = st.lists(
    st.sampled_from(
        [
            "All cats sleep a lot", "some dogs bark", "All owls drive", ". ", "! ", "? ", ": ",
            "\n", "\n\n", "- ", "1. ", "3.", "5", " [1]", "[2, 3]", "[", "]", "[?]", "【9】", "[17",
            " e.g. ", "Dr. ", "Yes. ", "…", "「。」", "I don't know. ", "# ", "[x]", "\t", "a",
        ]
    ),
    max_size=25,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.booleans(), st.randoms(use_true_random=False))
def test_any_text_in_any_pieces_comes_out_cited_in_order(parts, withhold, random):
    written, pieces, at = "".join(parts), [], 0
    while at < len(written):
        step = random.randint(1, 12)
        pieces.append(written[at : at + step])
        at += step
    letting, told = release(*pieces, withhold=withhold)

    marks = [mark[1] for mark in MARKS.finditer("".join(told))]
    numbers = [int(mark) for mark in marks if mark != "?"]
    firsts = list(dict.fromkeys(numbers))
    assert "".join(told) == letting.text
    assert firsts == list(range(1, len(firsts) + 1))
    assert len(firsts) == len(letting._citations)
    assert marks.count("?") == letting.doubted
    assert not (withhold and letting.doubted)
    if withhold:
        assert "owl" not in letting.text or "cat" in letting.text or "dog" in letting.text


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_marking_loses_no_word_and_adds_none(parts):
    def bare(text):
        return re.findall(r"\w+", re.sub(r"[\[【][^\]】\n]*[\]】]?", " ", text))

    written = "".join(part for part in parts if part not in ("[", "]", "[17"))
    letting, pieces = release(written)
    unfinished_item = re.sub(r"(?<=\S)\s*\n\s*\d[.)]\s*$", "", written)
    assert letting.lost or bare("".join(pieces)) in (bare(written), bare(unfinished_item))
