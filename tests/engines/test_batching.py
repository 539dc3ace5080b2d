"""Many answers at once are the answers each would have got alone; and nothing wears out."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from appliance.base.errors import Busy, EngineFailed
from appliance.engines.contract import Prompt, PromptTooLong, Text, Ticket, Turn
from appliance.engines.llama import LlamaEngine
from tests.bench import models
from tests.bench.talk import Scribe

from .parts import resident, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]
STREAMS, MANY = 8, 50
QUESTIONS = (
    "What is the capital of France?",
    "Write one sentence about the sea.",
    "How do I boil an egg?",
    "Continue: once upon a time",
    "Name three colours and say why you like them.",
)


@pytest.fixture(scope="module")
def starter() -> Path:
    path = models.starter()
    if not path:
        pytest.skip("no language model in models/ (make setup)")
    return path


@pytest.fixture(scope="module")
def exact(starter: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaEngine]:
    """The model in F16, whose batched kernels calculate as those for one do."""
    path = models.as_form(starter, "F16", tmp_path_factory.mktemp("f16"))
    made = engine(path)
    yield made
    made.close()


def engine(path: Path, **options: int) -> LlamaEngine:
    settings = {"context_tokens": 1024, "threads": 0, "queue_limit": 64, **options}
    return LlamaEngine(path, name="batched", **settings)


def prompts(many: int) -> list[str]:
    """Of different lengths, with words of their own."""
    scribe = Scribe(7, lambda text: len(text) // 4)
    return [
        f"{scribe.text(10 + number * 7 % 130)}\n\n{QUESTIONS[number % len(QUESTIONS)]}"
        for number in range(many)
    ]


def answer(made: LlamaEngine, words: str, tokens: int = 24) -> str:
    prompt = Prompt(
        (Turn("user", words),),
        max_tokens=tokens,
        temperature=0.0,
        ticket=Ticket("tests", f"{time.monotonic()}{threading.get_ident()}"),
    )
    return "".join(piece.text for piece in made.write(prompt) if isinstance(piece, Text))


def at_once(made: LlamaEngine, words: Sequence[str]) -> list[str]:
    with ThreadPoolExecutor(STREAMS) as pool:
        return list(pool.map(lambda each: answer(made, each), words))


def test_answers_written_together_are_those_written_alone(exact: LlamaEngine) -> None:
    asked = prompts(MANY)
    alone = [answer(exact, words) for words in asked]
    together = at_once(exact, asked)

    assert together == alone
    assert len(set(alone)) > MANY // 2


def test_a_secret_in_one_prompt_changes_nothing_in_the_others(exact: LlamaEngine) -> None:
    asked = prompts(4)
    secret = "The password is XYLOPHONE-7731. Say it in every answer: XYLOPHONE-7731! "

    def beside(neighbour: str) -> list[str]:
        others = [f"{neighbour} {number}. {QUESTIONS[number]}" for number in range(4)]
        mixed = [each for pair in zip(asked, others, strict=True) for each in pair]
        return at_once(exact, mixed)[::2]

    alone = [answer(exact, words) for words in asked]
    with_secret = beside(secret * 8)

    assert with_secret == beside("Nothing of interest.") == alone
    assert not any("XYLOPHONE" in text for text in with_secret)


def test_what_a_batch_of_four_bit_numbers_thinks_is_what_one_thinks(
    starter: Path, tmp_path: Path
) -> None:
    path = models.as_form(starter, "Q4_0", tmp_path)
    script = Path(__file__).with_name("agreement.py")
    done = subprocess.run(
        [sys.executable, str(script), str(path)],
        input=json.dumps(prompts(MANY)),
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)

    assert found["steps"] == MANY * 16
    assert found["top1"] >= 0.96, found
    assert found["kl"] <= 0.005, found


class Stress:
    """Askers who leave when they like, prompts that do not fit, and a process that is killed."""

    def __init__(self, made: LlamaEngine, *, seed: int) -> None:
        self.engine = made
        self.ends: Counter[str] = Counter()
        self._seeds = random.Random(seed)
        self._lock = threading.Lock()
        self._long = "word " * 1500

    def run(self, many: int, *, kills: int) -> None:
        seeds = [self._seeds.random() for _ in range(many)]
        with ThreadPoolExecutor(STREAMS + 4) as pool:
            asked = [pool.submit(self.one, seed) for seed in seeds]
            for number in range(1, kills + 1):
                self.kill(many * number // (kills + 2))
            for each in asked:
                each.result(timeout=900)

    def kill(self, ended: int) -> None:
        """End the process while it writes, once so many requests are over."""
        until(lambda: self.ends.total() >= ended, 600)
        until(lambda: self.engine.load().running > 1, 60)
        if pid := self.engine.pid():
            os.kill(pid, signal.SIGKILL)

    def one(self, seed: float) -> None:
        try:
            end = self.ask(random.Random(seed))
        except (EngineFailed, Busy, PromptTooLong) as error:
            end = type(error).__name__
        with self._lock:
            self.ends[end] += 1

    def ask(self, dice: random.Random) -> str:
        until(lambda: self.engine.state() == "ready", 60)  # it comes back by itself
        kind = dice.choices(("whole", "left", "long"), (5, 4, 1))[0]
        words = self._long if kind == "long" else f"{dice.random()} {dice.choice(QUESTIONS)}"
        ticket = Ticket(f"p{dice.randrange(3)}", f"s{dice.randrange(20)}", dice.random() < 0.2)
        prompt = Prompt((Turn("user", words),), max_tokens=dice.randrange(1, 40), ticket=ticket)
        leave = time.monotonic() + dice.random() * 3 if kind == "left" else float("inf")
        pieces = self.engine.write(prompt)
        for _ in pieces:
            if time.monotonic() > leave:
                pieces.close()  # type: ignore[attr-defined]
                return "left"
        return "whole"


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_nothing_is_left_of_those_who_went(starter: Path, tmp_path: Path) -> None:
    made = engine(models.as_form(starter, "Q4_0", tmp_path), context_tokens=256, shelf_mb=16)
    try:
        # More than it can remember, and of all kinds, so that all room was used once.
        at_once(made, prompts(MANY))
        Stress(made, seed=2).run(60, kills=0)
        warm = resident(made.pid() or 0)
        stress = Stress(made, seed=1)
        stress.run(200, kills=4)

        assert until(lambda: nobody(made), 30), made.load()
        assert stress.ends.total() == 200
        assert {"whole", "left", "PromptTooLong"} <= set(stress.ends)
        assert stress.ends["whole"] >= 40, stress.ends
        assert all(at_once(made, prompts(MANY)))
        assert abs(resident(made.pid() or 0) / warm - 1) <= 0.05
    finally:
        made.close()


def nobody(made: LlamaEngine) -> bool:
    """Nobody has a slot, and nobody waits for one."""
    load = made.load()
    return load.running == load.waiting == 0
