"""How much of a prompt is read beside running answers."""

from __future__ import annotations

from appliance.engines.stride import LARGEST, PATIENCE, UNIT, Stride

WRITE, READ, PIECE = 0.030, 0.002, 0.010  # seconds of a token, to read one, of a piece


def taught(steps: int = 200, *, running: int = 4, waiting: int = 1) -> tuple[Stride, list[int]]:
    """A stride that has seen steps of a machine that behaves, and what it asked for."""
    stride, asked = Stride(), []
    for _ in range(10):
        stride.read(64, PIECE + 64 * READ)
    for _ in range(steps):
        stride.wrote(WRITE)
        asked.append(stride.tokens(running=running, waiting=waiting))
        stride.read(asked[-1], PIECE + asked[-1] * READ)
    return stride, asked


def test_one_prompt_that_joins_leaves_running_answers_within_three_times_their_pace() -> None:
    _, asked = taught()
    longest = max(WRITE + PIECE + read * READ for read in asked[5:])

    assert longest <= 3 * WRITE
    assert sum(asked) / len(asked) > 10


def test_when_more_wait_than_are_served_they_come_first() -> None:
    _, alone = taught(waiting=1)
    _, crowd = taught(waiting=7)

    assert sum(crowd) > 3 * sum(alone)


def test_with_nobody_writing_as_much_is_read_as_can_be_broken_off_soon() -> None:
    stride, _ = taught(0)
    read = stride.tokens(running=0, waiting=1)

    assert read > 100
    assert PIECE + read * READ <= PATIENCE + PIECE


def test_a_slow_model_reads_small_pieces_and_a_fast_one_no_more_than_a_pass_holds() -> None:
    slow, fast = Stride(), Stride()
    for _ in range(20):
        slow.read(64, 64 * 0.05)
        fast.read(64, 64 * 0.00001)

    assert slow.tokens(running=0, waiting=1) == 8
    assert fast.tokens(running=0, waiting=1) == LARGEST


def test_a_hiccup_does_not_change_the_course() -> None:
    stride, _ = taught()
    before = stride.tokens_per_second
    stride.read(64, 30.0)

    assert stride.tokens_per_second > 0.7 * before


def test_pieces_are_whole_units() -> None:
    _, asked = taught(waiting=3)

    assert all(read % UNIT == 0 for read in asked)
