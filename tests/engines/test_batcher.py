"""The steps of the batch, with a memory of our own instead of a model's."""

from __future__ import annotations

from typing import Any

from appliance.engines.batcher import Batcher, Stream
from appliance.engines.llama_context import Aborted, Row
from appliance.engines.tracks import Session
from appliance.engines.writing import Writing

from .test_tracks import Memory

END = 0


class Context(Memory):
    """Notes every pass; the next token is the number of tokens so far."""

    def __init__(self) -> None:
        super().__init__()
        self.native: Any = self
        self.unwanted = lambda: False
        self.passes: list[list[Row]] = []
        self.breaks = 0
        self.begun = 0

    def begin(self) -> bool:
        self.begun += 1
        return False

    def decode(self, rows: list[Row]) -> None:
        self.passes.append(rows)
        for row in rows:
            held = self.sequences.setdefault(row.sequence, [])
            assert row.position == len(held), "a token came at the wrong place"
            held.append(row.token)
        if self.breaks:
            self.breaks -= 1
            raise Aborted


class Picks:
    """Says `w` and ends after so many."""

    def __init__(self, ends_after: int = 1000) -> None:
        self.left = ends_after
        self.closed = 0

    def pick(self, context: Any, row: int) -> int:
        assert context.passes[-1][row].sampled
        self.left -= 1
        return END if self.left < 0 else 7

    def close(self) -> None:
        self.closed += 1


class Words:
    def piece(self, token: int) -> bytes:
        return b"w"

    def ends(self, token: int) -> bool:
        return token == END


class Asker:
    """One request and what was said to it."""

    def __init__(self, prompt: list[int], *, max_tokens: int = 4, ends_after: int = 1000) -> None:
        self.said: list[dict[str, Any]] = []
        self.picks = Picks(ends_after)
        self.stream = Stream(
            prompt, self.picks, Writing(()), max_tokens, lambda **facts: self.said.append(facts)
        )

    @property
    def text(self) -> str:
        return "".join(each.get("text", "") for each in self.said)

    @property
    def last(self) -> dict[str, Any]:
        ends = [each for each in self.said if each.get("last")]
        assert len(ends) == 1
        return ends[0]


def prompt(number: int, length: int = 30) -> list[int]:
    return [1000 * number + each for each in range(1, length + 1)]


def batch(*askers: Asker, slots: int = 4) -> tuple[Batcher, Context]:
    context = Context()
    made = Batcher(context, Words(), slots=slots, shelf=10_000)
    for asker in askers:
        made.add(asker.stream)
    return made, context


def run(made: Batcher, most: int = 500) -> int:
    steps = 0
    while not made.idle:
        made.step()
        steps += 1
        assert steps < most, "it never ends"
    return steps


def test_every_answer_comes_to_its_end_with_exact_counts() -> None:
    askers = [Asker(prompt(number, 20 + number), max_tokens=5) for number in range(1, 7)]
    run(batch(*askers)[0])

    assert [asker.text for asker in askers] == ["wwwww"] * 6
    assert [asker.last["completion_tokens"] for asker in askers] == [5] * 6
    assert [asker.last["prompt_tokens"] for asker in askers] == list(range(21, 27))
    assert {asker.last["reason"] for asker in askers} == {"length"}


def test_a_model_that_ends_is_believed() -> None:
    asker = Asker(prompt(1), max_tokens=50, ends_after=3)
    run(batch(asker)[0])

    assert (asker.text, asker.last["reason"]) == ("www", "stop")
    assert asker.picks.closed == 1


def test_an_answer_joins_and_leaves_a_running_batch() -> None:
    long, short = Asker(prompt(1), max_tokens=40), Asker(prompt(2), max_tokens=3)
    made, _ = batch(long)
    for _ in range(10):
        made.step()
    made.add(short.stream)
    while not any(each.get("last") for each in short.said):
        made.step()

    assert short.text == "www"
    assert not any(each.get("last") for each in long.said)


def test_running_answers_stand_side_by_side_in_memory() -> None:
    askers = [Asker(prompt(number), max_tokens=6 * number) for number in range(1, 5)]
    made, context = batch(*askers)
    run(made)
    writing = [{row.sequence for row in rows} for rows in context.passes if len(rows) <= 4]

    gaps = [numbers for numbers in writing if max(numbers) - min(numbers) + 1 != len(numbers)]
    assert len(gaps) <= 2  # the pass in which a gap came about


def test_one_that_is_cancelled_leaves_and_the_others_go_on() -> None:
    first, second = Asker(prompt(1), max_tokens=20), Asker(prompt(2), max_tokens=20)
    made, _ = batch(first, second)
    for _ in range(5):
        made.step()
    first.stream.cancelled = True
    heard = len(first.said)
    run(made)

    assert len(first.said) == heard
    assert first.picks.closed == 1
    assert second.last["completion_tokens"] == 20


def test_one_that_is_cancelled_while_it_waits_never_begins() -> None:
    running, waiting = Asker(prompt(1), max_tokens=9), Asker(prompt(2))
    made, context = batch(running, waiting, slots=1)
    made.step()
    waiting.stream.cancelled = True
    run(made)

    assert waiting.picks.closed == 1
    assert {row.token // 1000 for rows in context.passes for row in rows} <= {0, 1}


def test_a_pass_is_broken_off_only_when_nobody_wants_it() -> None:
    first, second = Asker(prompt(1), max_tokens=20), Asker(prompt(2), max_tokens=20)
    made, context = batch(first, second)
    made.step()
    first.stream.cancelled = True
    assert not context.unwanted()
    second.stream.cancelled = True
    assert context.unwanted()


def test_a_broken_pass_leaves_the_memory_as_it_was_before() -> None:
    asker = Asker(prompt(1), max_tokens=8)
    made, context = batch(asker)
    for _ in range(4):
        made.step()
    context.breaks = 1
    run(made)

    assert asker.text == "w" * 8


def test_a_beginning_in_common_is_read_once() -> None:
    common = list(range(100, 160))
    askers = [Asker([*common, number], max_tokens=3) for number in range(1, 5)]
    for asker in askers:
        asker.stream.fixed = len(common)
    made, context = batch(*askers)
    run(made)
    read = [row.token for rows in context.passes for row in rows]

    assert read.count(130) == 1
    assert sorted(asker.last["cached_tokens"] for asker in askers) == [0, 60, 60, 60]


def test_the_next_turn_reads_only_what_is_new() -> None:
    asker = Asker(prompt(1), max_tokens=4)
    asker.stream.session = Session("office", "one")
    made, _ = batch(asker)
    run(made)
    following = Asker([*prompt(1), 7, 7, 7, 5, 6], max_tokens=4)
    following.stream.session = Session("office", "one")
    made.add(following.stream)
    run(made)

    assert following.last["cached_tokens"] == 33


def test_after_a_rest_the_processor_is_looked_at_anew_but_not_in_between() -> None:
    made, context = batch(Asker(prompt(1)), Asker(prompt(2)))
    run(made)
    assert context.begun == 1
    made.add(Asker(prompt(3)).stream)
    run(made)

    assert context.begun == 2
