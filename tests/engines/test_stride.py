"""How much of a prompt is read beside running answers."""

from __future__ import annotations

from appliance.engines.stride import LARGEST, PATIENCE, STRETCH, Stride

WRITE, READ, EXTRA = 0.030, 0.002, 0.010  # seconds of a step, of a token, of reading at all


def seconds(running: int, read: int) -> float:
    """What a step takes on a machine that behaves."""
    return (WRITE if running else 0.0) + read * READ + (EXTRA if running and read else 0.0)


def taught(steps: int = 200, *, running: int = 4, waiting: int = 1) -> tuple[Stride, list[int]]:
    stride, asked = Stride(), []
    for _ in range(10):
        stride.learn(running=0, read=64, seconds=seconds(0, 64))
    for _ in range(steps):
        read = stride.tokens(running=running, waiting=waiting)
        stride.learn(running=running, read=read, seconds=seconds(running, read))
        asked.append(read)
    return stride, asked


def test_one_prompt_that_joins_leaves_running_answers_within_three_times_their_pace() -> None:
    _, asked = taught()
    longest = max(seconds(4, read) for read in asked)

    assert longest <= 3 * WRITE
    assert sum(asked) / len(asked) > 10


def test_when_more_wait_than_are_served_they_come_first() -> None:
    _, alone = taught(waiting=1)
    _, crowd = taught(waiting=7)

    assert sum(crowd) > 3 * sum(alone)


def test_with_nobody_writing_as_much_is_read_as_can_be_broken_off_soon() -> None:
    stride, _ = taught(0)

    assert seconds(0, stride.tokens(running=0, waiting=1)) <= PATIENCE
    assert stride.tokens(running=0, waiting=1) > 100


def test_a_slow_model_reads_small_pieces_and_a_fast_one_no_more_than_a_pass_holds() -> None:
    slow, fast = Stride(), Stride()
    for _ in range(20):
        slow.learn(running=0, read=32, seconds=32 * 0.05)
        fast.learn(running=0, read=32, seconds=32 * 0.00001)

    assert slow.tokens(running=0, waiting=1) == 8
    assert fast.tokens(running=0, waiting=1) == LARGEST


def test_a_hiccup_does_not_change_the_course() -> None:
    stride, _ = taught()
    before = stride.tokens_per_second
    stride.learn(running=0, read=64, seconds=30.0)

    assert stride.tokens_per_second > 0.7 * before


def test_the_pace_without_reading_is_measured_now_and_then() -> None:
    _, asked = taught(200)

    assert 2 <= asked.count(0) <= 8
    assert STRETCH < 3
