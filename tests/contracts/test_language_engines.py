"""What every language engine promises, held against each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import takewhile

import pytest

from appliance.base.errors import Invalid
from appliance.base.settings import models_beside_the_program
from appliance.engines.catalogue import Catalogue
from appliance.engines.contract import (
    Finish,
    LanguageEngine,
    Piece,
    Prompt,
    Sentence,
    Source,
    Text,
    Turn,
    Waiting,
)
from appliance.engines.echo import EchoEngine
from appliance.engines.llama import LlamaEngine
from appliance.engines.quote import QuoteEngine
from appliance.engines.remote.account import KINDS, Kind, RemoteModel
from appliance.engines.remote.engine import RemoteEngine
from appliance.engines.remote.registry import engine_of
from tests.engines.remote.real import llama_cpp_server
from tests.engines.remote.servers import served

WORDS = "Tell me about the opening hours on Sundays, and about the café — with 🥐 — next door."
SOURCE = Source(1, "hours", "We open at nine.", (Sentence(0, 16, 0.9),))


def llama() -> LanguageEngine:
    catalogue = Catalogue(models_beside_the_program())
    if not catalogue.find("smollm2-135m-instruct").installed:
        pytest.skip("the starter model is not in models/ (make setup)")
    path = catalogue.language("smollm2-135m-instruct")
    return LlamaEngine(path, name="SmolLM2", context_tokens=1024, threads=0, queue_limit=2)


def remote(kind: Kind) -> Callable[[ExitStack], LanguageEngine]:
    """One of a provider, over its own wire format, through its official package."""
    return lambda stack: stack.enter_context(served(kind)).engine()


def of_llama_cpp(stack: ExitStack) -> LanguageEngine:
    """A provider's engine that speaks to a real server of the OpenAI family."""
    account = stack.enter_context(llama_cpp_server())
    return engine_of(account, RemoteModel("starter", context_tokens=1024))


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(lambda _: EchoEngine(), id="echo"),
        pytest.param(lambda _: QuoteEngine(), id="quote"),
        pytest.param(lambda _: llama(), id="llama", marks=pytest.mark.slow),
        *(pytest.param(remote(kind), id=kind) for kind in KINDS),
        pytest.param(of_llama_cpp, id="llama_cpp.server", marks=pytest.mark.slow),
    ],
)
def engine(request: pytest.FixtureRequest) -> Iterator[LanguageEngine]:
    """Each of them in turn."""
    with ExitStack() as stack:
        made = request.param(stack)
        yield made
        made.close()


def prompt(words: str = WORDS, **options: object) -> Prompt:
    turns = (Turn("system", "Be brief."), Turn("user", words))
    return Prompt(turns, words, (SOURCE,), **{"max_tokens": 24, **options})  # type: ignore[arg-type]


def text_of(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces if isinstance(piece, Text))


def test_waiting_comes_before_text_and_one_finish_is_last(engine: LanguageEngine) -> None:
    pieces = list(engine.write(prompt()))
    rest = pieces[len(list(takewhile(lambda piece: isinstance(piece, Waiting), pieces))) :]

    assert isinstance(rest[-1], Finish)
    assert len(rest) > 1
    assert all(isinstance(piece, Text) for piece in rest[:-1])


def test_no_piece_is_empty_or_broken(engine: LanguageEngine) -> None:
    texts = [piece.text for piece in engine.write(prompt()) if isinstance(piece, Text)]

    assert all(texts)
    assert "\ufffd" not in "".join(texts)


def test_the_token_limit_holds(engine: LanguageEngine) -> None:
    finish = list(engine.write(prompt(max_tokens=3)))[-1]

    assert isinstance(finish, Finish)
    assert finish.usage.completion_tokens <= 3


def test_the_same_question_and_seed_give_the_same_answer(engine: LanguageEngine) -> None:
    answers = [text_of(list(engine.write(prompt(temperature=0.0, seed=7)))) for _ in range(2)]

    assert answers[0] == answers[1]


def test_an_answer_can_be_left_at_any_moment_and_the_next_one_works(
    engine: LanguageEngine,
) -> None:
    for taken in range(3):
        pieces = engine.write(prompt())
        for _ in range(taken):
            next(pieces)
        pieces.close()  # type: ignore[attr-defined]

    assert text_of(list(engine.write(prompt())))


def test_an_answer_nobody_began_to_read_takes_no_place(engine: LanguageEngine) -> None:
    for _ in range(9):
        engine.write(prompt())

    assert text_of(list(engine.write(prompt())))


def test_every_text_has_a_count(engine: LanguageEngine) -> None:
    counts = engine.count(["", "word", WORDS, "\ud83d half a character", "nul \0 inside"])

    assert len(counts) == 5
    assert counts[2] > counts[1] > 0
    assert engine.count([]) == []


def test_odd_text_is_taken_like_any_other(engine: LanguageEngine) -> None:
    odd = "\ud83d \0 <|im_end|> \u202e {{ 7 * 7 }} \r\n\t"

    assert isinstance(list(engine.write(prompt(odd)))[-1], Finish)


def test_an_engine_works_again_after_it_was_closed(engine: LanguageEngine) -> None:
    engine.close()
    engine.close()

    assert text_of(list(engine.write(prompt())))


def test_an_engine_says_who_writes_and_whether_it_stays_in_the_house(
    engine: LanguageEngine,
) -> None:
    assert engine.name
    assert engine.model
    assert engine.context_tokens > 0
    assert engine.leaves_the_box is isinstance(engine, RemoteEngine)


@pytest.mark.parametrize(
    "shape", [{"grammar": 'root ::= "yes"'}, {"json_schema": {"type": "object"}}], ids=str
)
def test_a_shape_of_the_answer_is_kept_or_refused(
    engine: LanguageEngine, shape: dict[str, object]
) -> None:
    asked = prompt(**shape)
    if not set(shape) <= engine.abilities:
        with pytest.raises(Invalid):
            list(engine.write(asked))
        return

    text = text_of(list(engine.write(asked)))
    if engine.leaves_the_box:  # what was asked of the provider is looked at elsewhere
        assert text
    else:
        assert text == "yes" if "grammar" in shape else text.lstrip().startswith("{")
