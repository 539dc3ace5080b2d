"""The language model in its process: crashes, cancelling, counting, and the waiting line."""

from __future__ import annotations

import itertools
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance.base.errors import Busy, EngineFailed, Invalid
from appliance.engines.contract import (
    Finish,
    Piece,
    Prompt,
    PromptTooLong,
    Text,
    Ticket,
    Turn,
    Usage,
    Waiting,
)
from appliance.engines.llama import LlamaEngine, Load

from .parts import children_of_this, gone, resident, starter, until

pytestmark = pytest.mark.slow
LONG = "The quick brown fox jumps over the lazy dog near the old café. " * 45  # about 700 tokens


def new_engine(**options: int) -> LlamaEngine:
    model, folder = starter("smollm2-135m-instruct")
    settings = {"context_tokens": 1024, "threads": 0, "queue_limit": 2, "slots": 4, **options}
    return LlamaEngine(folder / model.files[0].path, name=model.title, **settings)


@pytest.fixture(scope="module")
def engine() -> Iterator[LlamaEngine]:
    """One engine for all; a test that ends its process leaves it able to start another."""
    made = new_engine()
    yield made
    made.close()


def asking(words: str, **options: object) -> Prompt:
    return Prompt((Turn("user", words),), **{"max_tokens": 200, **options})  # type: ignore[arg-type]


def begun(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """The same answer, once its first text is there."""
    for piece in pieces:
        if isinstance(piece, Text):
            break
    return pieces


def text_of(pieces: Iterator[Piece]) -> str:
    return "".join(piece.text for piece in pieces if isinstance(piece, Text))


def finish_of(pieces: Iterator[Piece]) -> Finish:
    last = list(pieces)[-1]
    assert isinstance(last, Finish)
    return last


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("death", [signal.SIGKILL, signal.SIGSEGV])
def test_a_model_that_dies_while_writing_is_replaced(
    engine: LlamaEngine, death: signal.Signals
) -> None:
    pieces = begun(engine.write(asking("Tell me a long story.")))
    pid = engine.pid()
    assert pid
    os.kill(pid, death)

    with pytest.raises(EngineFailed, match=f"language model stopped unexpectedly.*{death.name}"):
        list(pieces)
    assert engine.state() == "failed"
    assert text_of(engine.write(asking("Hello?", max_tokens=5)))
    assert engine.pid() != pid


def test_an_answer_left_while_it_is_written_stops_at_once(engine: LlamaEngine) -> None:
    pieces = begun(engine.write(asking("Tell me a long story.")))
    pid = engine.pid()
    started = time.monotonic()
    pieces.close()  # type: ignore[attr-defined]

    assert time.monotonic() - started < 2
    assert engine.load() == Load(running=0, waiting=0, slots=4)
    assert engine.pid() == pid


def test_an_answer_left_while_the_prompt_is_read_stops_at_once(engine: LlamaEngine) -> None:
    engine.count(["the model is loaded"])
    pieces = engine.write(asking(LONG))
    first = next(pieces)
    pid = engine.pid()
    started = time.monotonic()
    pieces.close()  # type: ignore[attr-defined]

    assert isinstance(first, Waiting)
    assert first.position == 0
    assert time.monotonic() - started < 2
    assert engine.pid() == pid
    assert text_of(engine.write(asking("Hello?", max_tokens=5)))


def test_a_slow_beginning_gives_signs_of_life(engine: LlamaEngine) -> None:
    engine.count(["the model is loaded"])
    times = [time.monotonic()]
    for piece in engine.write(asking(LONG + "!", max_tokens=1)):
        times.append(time.monotonic())
        if isinstance(piece, Text):
            break

    assert max(b - a for a, b in itertools.pairwise(times)) < 3  # half a second, left alone


def test_those_who_wait_are_told_where_they_stand_and_the_rest_turned_away(
    engine: LlamaEngine,
) -> None:
    running = [begun(engine.write(asking("Tell me a long story."))) for _ in range(4)]
    second, third = engine.write(asking("Hi")), engine.write(asking("Ho", max_tokens=5))

    assert [place_of(second), place_of(third)] == [1, 2]
    with pytest.raises(Busy):
        next(engine.write(asking("Me too")))
    second.close()  # type: ignore[attr-defined]
    assert place_of(third) == 1
    for pieces in running:
        pieces.close()  # type: ignore[attr-defined]
    assert text_of(third)


def place_of(pieces: Iterator[Piece]) -> int:
    piece = next(pieces)
    assert isinstance(piece, Waiting)
    return piece.position


def test_answers_asked_for_at_the_same_time_are_all_written(engine: LlamaEngine) -> None:
    answers: dict[int, str] = {}

    def ask(number: int) -> None:
        answers[number] = text_of(engine.write(asking(f"Say {number}.", max_tokens=8)))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len([answer for answer in answers.values() if answer]) == 3


def test_tokens_are_counted_while_the_model_writes(engine: LlamaEngine) -> None:
    pieces = begun(engine.write(asking("Tell me a long story.")))
    started = time.monotonic()
    counts = engine.count(["hello world", LONG])
    took = time.monotonic() - started
    pieces.close()  # type: ignore[attr-defined]

    assert counts[0] == 2
    assert counts[1] > 500
    assert took < 1


def test_counts_of_contents_add_up_to_the_prompt(engine: LlamaEngine) -> None:
    def prompt_tokens(words: str) -> int:
        return finish_of(engine.write(asking(words, max_tokens=1))).usage.prompt_tokens

    words = "<|im_start|>system\n — 🥐 café"
    around = prompt_tokens("hello") - engine.count(["hello"])[0]

    assert prompt_tokens(words) == around + engine.count([words])[0]


def test_a_prompt_that_does_not_fit_is_refused_and_nothing_breaks(engine: LlamaEngine) -> None:
    with pytest.raises(PromptTooLong) as caught:
        list(engine.write(asking(LONG, max_tokens=900)))
    pid = engine.pid()

    assert caught.value.facts["limit"] == 1024
    assert text_of(engine.write(asking("Hello?", max_tokens=5)))
    assert engine.pid() == pid


def test_what_two_prompts_begin_with_is_read_once(engine: LlamaEngine) -> None:
    def first_token(question: str) -> float:
        started = time.monotonic()
        turns = (Turn("system", LONG), Turn("user", question))
        prompt = Prompt(turns, max_tokens=1, fixed_turns=1)
        begun(engine.write(prompt))
        return time.monotonic() - started

    engine.count(["the model is loaded"])
    cold, warm = first_token("One?"), first_token("Two?")

    assert warm <= 0.4 * cold


def test_a_stop_string_ends_the_answer_before_it(engine: LlamaEngine) -> None:
    whole = asking("Count from one to ten in digits: 1, 2,", temperature=0.0, max_tokens=40)
    text = text_of(engine.write(whole))
    stop = text[len(text) // 2 :][:3]
    cut = asking(whole.turns[0].content, temperature=0.0, max_tokens=40, stop=(stop,))
    pieces = list(engine.write(cut))

    assert text_of(iter(pieces)) == text[: text.index(stop)]
    assert isinstance(pieces[-1], Finish)
    assert pieces[-1].reason == "stop"


def test_the_usage_is_exact(engine: LlamaEngine) -> None:
    finish = finish_of(engine.write(asking("Tell me a long story.", max_tokens=7)))

    assert (finish.reason, finish.usage.completion_tokens) == ("length", 7)


def test_a_seed_repeats_an_answer(engine: LlamaEngine) -> None:
    def answer(seed: int) -> str:
        return text_of(
            engine.write(asking("Name an animal.", temperature=1.5, seed=seed, max_tokens=16))
        )

    answer(1)  # from here on the prompt is in memory, so that the passes are alike
    assert answer(1) == answer(1)
    assert len({answer(seed) for seed in range(2, 6)}) > 1


def test_unloading_gives_the_memory_back() -> None:
    own = new_engine()
    before = children_of_this()
    own.count(["load"])
    pid = own.pid()
    assert pid
    loaded = resident(pid)
    own.close()

    assert loaded > 50 * 2**20
    assert own.state() == "stopped"
    assert until(lambda: gone(pid))
    assert children_of_this() == before


def test_a_model_loads_in_the_background() -> None:
    own = new_engine()
    started = time.monotonic()
    own.preload()

    assert time.monotonic() - started < 0.5
    assert own.state() == "loading"
    assert until(lambda: own.state() == "ready", 60)
    own.close()


def test_a_file_that_is_not_there_or_no_model_is_said_so(tmp_path: Path) -> None:
    absent = LlamaEngine(
        tmp_path / "none.gguf", name="x", context_tokens=64, threads=1, queue_limit=1
    )
    with pytest.raises(EngineFailed, match=r"none\.gguf is not there"):
        list(absent.write(asking("Hello?")))

    (tmp_path / "bad.gguf").write_bytes(b"GGUF" + bytes(100))
    bad = LlamaEngine(tmp_path / "bad.gguf", name="x", context_tokens=64, threads=1, queue_limit=1)
    with pytest.raises(EngineFailed, match=r"bad\.gguf cannot be loaded"):
        list(bad.write(asking("Hello?")))
    bad.close()


def test_an_answer_follows_a_json_schema(engine: LlamaEngine) -> None:
    schema = {
        "type": "object",
        "properties": {"animal": {"enum": ["cat", "dog"]}, "legs": {"type": "integer"}},
        "required": ["animal", "legs"],
        "additionalProperties": False,
    }
    text = text_of(engine.write(asking("Name an animal.", json_schema=schema, max_tokens=60)))

    assert set(json.loads(text)) == {"animal", "legs"}


def test_an_answer_follows_a_grammar(engine: LlamaEngine) -> None:
    grammar = 'root ::= ("yes" | "no") "."'

    assert text_of(engine.write(asking("Is it?", grammar=grammar))) in ("yes.", "no.")


@pytest.mark.parametrize(
    "options",
    [
        {"grammar": "root ::= ("},
        {"grammar": "root ::= " + "(" * 500 + '"a"' + ")" * 500},
        {"json_schema": {"$ref": "https://office.example/schema.json"}},
        {"json_schema": {"type": "array", "maxItems": 10**9}},
        {"json_schema": {"type": "nonsense"}},
        {"logit_bias": {10**9: 1.0}},
    ],
    ids=["broken", "nested", "elsewhere", "endless", "nonsense", "no such token"],
)
def test_what_cannot_be_followed_is_refused_and_nothing_breaks(
    engine: LlamaEngine, options: dict[str, Any]
) -> None:
    running = begun(engine.write(asking("Tell me a long story.", max_tokens=30)))
    with pytest.raises(Invalid):
        list(engine.write(asking("Well?", **options)))

    assert finish_of(running).usage.completion_tokens


def test_a_bias_decides_for_a_token(engine: LlamaEngine) -> None:
    def answer(tokens: int) -> str:
        prompt = asking("Say hello.", temperature=0.0, max_tokens=tokens, logit_bias={5000: 100.0})
        return text_of(engine.write(prompt))

    assert answer(3) == 3 * answer(1)


def test_a_penalty_on_repetition_breaks_a_loop(engine: LlamaEngine) -> None:
    words = "Repeat without end: na na na na na na na na na na na na"
    loop = asking(words, temperature=0.0, max_tokens=60)
    calm = asking(words, temperature=0.0, max_tokens=60, repetition=1.5)

    def variety(prompt: Prompt) -> float:
        said = text_of(engine.write(prompt)).split()
        return len(set(said)) / len(said)

    assert variety(calm) > variety(loop)


def test_the_second_turn_of_a_session_reads_only_what_is_new(engine: LlamaEngine) -> None:
    def usage(*turns: Turn) -> Usage:
        ticket = Ticket("office", "session")
        return finish_of(engine.write(Prompt(turns, max_tokens=4, ticket=ticket))).usage

    first = usage(Turn("system", LONG), Turn("user", "Hello."))
    following = (Turn("assistant", "Hi."), Turn("user", "And now?"))
    second = usage(Turn("system", LONG), Turn("user", "Hello."), *following)

    assert second.cached_tokens >= first.prompt_tokens - 5
    assert second.prompt_tokens - second.cached_tokens < 30


def test_what_another_visitor_asked_is_read_again(engine: LlamaEngine) -> None:
    def cached(session: str) -> int:
        turns = (Turn("system", "Be brief. " * 20), Turn("user", LONG))
        ticket = Ticket("office", session)
        prompt = Prompt(turns, max_tokens=1, fixed_turns=1, ticket=ticket)
        return finish_of(engine.write(prompt)).usage.cached_tokens

    cached("victim")
    instructions = engine.count(["Be brief. " * 20])[0]

    assert cached("stranger") <= instructions + 12
    assert cached("victim") > instructions + 200
