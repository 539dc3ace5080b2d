"""What was read once is not read again: between turns, sessions and running answers."""

from __future__ import annotations

import random
from typing import Any

from appliance.engines.tracks import Session, Tracks, common_length

BEGINNING = list(range(40))


class Copy:
    """A copy that knows what it holds."""

    def __init__(self, tokens: list[int]) -> None:
        self.tokens = tokens
        self.size = len(tokens)
        self.closed = False

    def close(self) -> None:
        self.closed = True


class Memory:
    """A model's memory, as a list of tokens for each sequence."""

    def __init__(self, *, forgets_parts: bool = True) -> None:
        self.sequences: dict[int, list[int]] = {}
        self.copies: list[Copy] = []
        self._forgets_parts = forgets_parts

    def cut(self, sequence: int, start: int) -> bool:
        held = self.sequences.setdefault(sequence, [])
        if 0 < start < len(held) and not self._forgets_parts:
            held.clear()
            return False
        del held[start:]
        return True

    def save(self, sequence: int) -> Copy | None:
        self.copies.append(Copy(list(self.sequences[sequence])))
        return self.copies[-1]

    def restore(self, sequence: int, state: Copy) -> bool:  # type: ignore[override]
        assert not state.closed
        assert not self.sequences.get(sequence)
        self.sequences[sequence] = list(state.tokens)
        return True

    def open_copies(self) -> int:
        return sum(copy.size for copy in self.copies if not copy.closed)


class Desk:
    """Tracks over that memory, and a reader."""

    def __init__(self, *, tracks: int = 4, shelf: int = 10_000, forgets_parts: bool = True) -> None:
        self.memory = Memory(forgets_parts=forgets_parts)
        self.tracks = Tracks(self.memory, tracks=tracks, shelf=shelf)

    def begin(  # type: ignore[no-untyped-def]
        self, tokens: list[int], key: str = "", *, project: str = "office", fixed: int = 40
    ):
        """Open, recall and read the rest; the track and how much was there."""
        track = self.tracks.open(Session(project, key))
        found = self.tracks.recall(track, tokens, fixed=fixed)
        self.read(track, tokens[found:])
        return track, found

    def read(self, track, tokens: list[int]) -> None:  # type: ignore[no-untyped-def]
        self.memory.sequences.setdefault(track.number, []).extend(tokens)
        self.tracks.extend(track, tokens)
        assert self.memory.sequences[track.number] == track.tokens

    def ask(self, tokens: list[int], key: str = "", **options: Any) -> int:
        track, found = self.begin(tokens, key, **options)
        self.tracks.close(track)
        return found


def test_the_next_turn_of_a_session_goes_on_where_the_last_ended() -> None:
    desk = Desk()
    desk.ask([*BEGINNING, 100, 101], "one")

    assert desk.ask([*BEGINNING, 100, 101, 102, 103], "one") == 42


def test_another_session_takes_the_beginning_that_both_have() -> None:
    desk = Desk()
    desk.ask([*BEGINNING, 100], "one")

    assert desk.ask([*BEGINNING, 200], "two") == 40
    assert desk.ask([*BEGINNING, 100, 101], "one") == 41


def test_what_a_visitor_wrote_is_never_shared_with_another() -> None:
    desk = Desk()
    desk.ask([*BEGINNING, *range(100, 140), 1], "one")

    assert desk.ask([*BEGINNING, *range(100, 140), 2], "two") == 40
    assert desk.ask([*BEGINNING, *range(100, 140), 3], "three", fixed=0) == 0
    assert desk.ask([*BEGINNING, *range(100, 140), 4], "two") == 80


def test_nor_of_a_running_answer() -> None:
    desk = Desk()
    desk.begin([*BEGINNING, *range(100, 140)], "one")

    assert desk.begin([*BEGINNING, *range(100, 140), 2], "two")[1] == 40


def test_projects_share_nothing_not_even_the_same_instructions() -> None:
    desk = Desk()
    desk.ask([*BEGINNING, 100], "one")
    desk.begin([*BEGINNING, 101], "two")

    assert desk.ask([*BEGINNING, 100], "one", project="other") == 0


def test_sessions_without_a_name_are_not_one_session() -> None:
    desk = Desk()
    desk.ask([*BEGINNING, 100, 101, 102])

    assert desk.ask([*BEGINNING, 100, 101, 102, 103]) == 40


def test_a_running_answer_lends_its_beginning() -> None:
    desk = Desk()
    running, _ = desk.begin([*BEGINNING, 100], "one")
    _, found = desk.begin([*BEGINNING, 200], "two")

    assert found == 40
    assert running.tokens == [*BEGINNING, 100]


def test_the_last_token_is_always_left_to_be_read() -> None:
    desk = Desk()
    desk.ask(BEGINNING, "one")

    assert desk.ask(BEGINNING, "one") == 39


def test_a_short_beginning_is_not_worth_taking_over() -> None:
    desk = Desk()
    desk.ask([*range(10), 100], "one")

    assert desk.ask([*range(10), 200], "two") == 0


def test_the_shelf_keeps_what_was_used_last_and_its_limit() -> None:
    desk = Desk(shelf=100)
    for number in range(5):
        desk.ask([1000 * number + each for each in range(40)], f"s{number}")
        assert desk.tracks.kept <= 100

    assert desk.ask([4000 + each for each in range(41)], "s4") == 40
    assert desk.ask(list(range(41)), "s0") == 0


def test_what_leaves_the_shelf_gives_its_memory_back() -> None:
    desk = Desk(shelf=100)
    for number in range(20):
        desk.ask([1000 * number + each for each in range(30)], f"s{number % 7}")

    assert desk.memory.open_copies() == desk.tracks.kept <= 100


def test_a_session_has_one_copy_however_many_turns() -> None:
    desk = Desk()
    for turn in range(1, 6):
        desk.ask(list(range(40 * turn)), "one")

    assert desk.tracks.kept == 200


def test_a_model_that_cannot_forget_a_part_reads_anew_and_stays_right() -> None:
    desk = Desk(forgets_parts=False)
    desk.ask([*BEGINNING, 100], "one")

    assert desk.ask([*BEGINNING, 200], "two") == 0
    assert desk.ask([*BEGINNING, 100, 101], "one") == 41


def test_a_gap_is_filled_from_above() -> None:
    desk = Desk()
    tracks = [desk.begin([100 * number + each for each in range(20)])[0] for number in range(4)]
    desk.tracks.close(tracks[1])
    desk.tracks.compact()

    assert sorted(track.number for track in (tracks[0], tracks[2], tracks[3])) == [0, 1, 2]
    assert desk.memory.sequences[tracks[3].number] == tracks[3].tokens
    assert desk.memory.sequences[3] == []


def test_nothing_is_mixed_up_in_a_thousand_random_turns() -> None:
    chance = random.Random(7)
    desk = Desk(shelf=600)
    talks = {key: [*BEGINNING, chance.randrange(1000)] for key in "abcdefgh"}
    running = []
    for _ in range(1000):
        key = chance.choice("abcdefgh")
        if len(running) == 4 or (running and chance.random() < 0.5):
            desk.tracks.close(running.pop(chance.randrange(len(running))))
            desk.tracks.compact()
        if chance.random() < 0.2:
            talks[key] = talks[key][: chance.randrange(20, 60)]
        talks[key] = [*talks[key], *(chance.randrange(1000) for _ in range(3))][:90]
        running.append(desk.begin(list(talks[key]), key)[0])
        for track in running:
            assert desk.memory.sequences[track.number] == track.tokens

    assert desk.memory.open_copies() == desk.tracks.kept


def test_the_common_length_is_that_of_a_plain_comparison() -> None:
    chance = random.Random(1)
    for _ in range(200):
        one = [chance.randrange(3) for _ in range(chance.randrange(12))]
        other = [chance.randrange(3) for _ in range(chance.randrange(12))]
        plain = 0
        while plain < min(len(one), len(other)) and one[plain] == other[plain]:
            plain += 1
        assert common_length(one, other) == plain
