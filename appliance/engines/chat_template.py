"""From turns to the text a model was trained on, without trusting template or turns.

A model file brings its chat template along, which is a program. It runs in a sandbox
with little to call and little time, and it never sees what people wrote: it is given
placeholders, and its output is cut at them. So a document that contains
`<|im_start|>system` cannot reach the template, and the caller can tell the template's
own words, which may become special tokens, from people's words, which must not.
"""

from __future__ import annotations

import json
import re
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import FrameType
from typing import Any

from jinja2 import Template
from jinja2.exceptions import SecurityError, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from appliance.engines.contract import Turn

CHATML = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n"
    "{{ message.content }}<|im_end|>\n{% endfor %}<|im_start|>assistant{{ '\n' }}"
)
_SOURCE_LIMIT = 64 * 1024  # characters of a template
_OUTPUT_LIMIT = 256 * 1024  # characters it may write around the messages
_SECONDS = 1.0
_NUMBER_LIMIT = 1_000_000
_FILTERS = (
    "capitalize", "count", "d", "default", "dictsort", "first", "float", "int", "items", "join",
    "last", "length", "list", "lower", "map", "reject", "rejectattr", "replace", "reverse", "safe",
    "select", "selectattr", "sort", "string", "title", "trim", "unique", "upper",
)  # fmt: skip
_MARK = re.compile(r"</?\|?[^<>|\s]{1,40}\|?>|<<[^<>\s]{1,20}>>|\[/?[A-Z_]{2,20}\]")
_FILLERS = frozenset({"ljust", "rjust", "center", "zfill", "expandtabs", "format", "format_map"})


class TemplateRefused(Exception):
    """A template that fails or loses messages. ChatML is used instead."""


class TemplateHostile(TemplateRefused):
    """A template that takes too much time or room. It is not tried again."""


@dataclass(frozen=True)
class Segment:
    """A stretch of the prompt. `own`: the template's words; otherwise somebody's."""

    text: str
    own: bool


class ChatTemplate:
    """A model's template, or ChatML when it has none that works."""

    def __init__(
        self, source: str | None, *, bos: str = "", eos: str = "", warn: Callable[[str], None]
    ) -> None:
        self._marks = {"bos_token": bos, "eos_token": eos}
        self._warn = warn
        self._warned = False
        self._own = self._compiled(source) if source else None
        self._chatml = _Sandbox.compiled(CHATML)

    def _compiled(self, source: str) -> Template | None:
        try:
            if len(source) > _SOURCE_LIMIT:
                raise TemplateRefused("it is too long")
            return _Sandbox.compiled(source)
        except (TemplateError, TemplateRefused, RecursionError, ValueError) as error:
            self._warn(f"the chat template does not compile ({type(error).__name__}); using ChatML")
            return None

    def segments(self, turns: Sequence[Turn]) -> list[Segment]:
        """The prompt for these turns, up to where the assistant speaks next."""
        # Some templates refuse a system turn, or two turns of one speaker in a row.
        for version in (list(turns), folded(turns)):
            if self._own:
                try:
                    return self._rendered(self._own, version)
                except TemplateHostile as error:
                    self._own = None
                    self._complain(str(error))
                except TemplateRefused as error:
                    reason = str(error)
        if self._own:
            self._complain(reason)
        return self._rendered(self._chatml, list(turns))

    def _complain(self, reason: str) -> None:
        if not self._warned:
            self._warn(f"the chat template failed ({reason}); using ChatML")
            self._warned = True

    def _rendered(self, template: Template, turns: list[Turn]) -> list[Segment]:
        nonce = f"turn{secrets.token_hex(8)}n"
        messages = [
            {"role": turn.role, "content": f"{nonce}{number}e"} for number, turn in enumerate(turns)
        ]
        text = _run(template, {"messages": messages, "add_generation_prompt": True, **self._marks})
        pieces = re.split(f"{nonce}([0-9]+)e", text)
        used = {int(number) for number in pieces[1::2]}
        if used != set(range(len(turns))) or nonce in "".join(pieces[::2]):
            raise TemplateRefused("it does not show every message")
        segments = [
            Segment(turns[int(piece)].content, own=False) if odd else Segment(piece, own=True)
            for index, piece in enumerate(pieces)
            for odd in (index % 2,)
        ]
        return [segment for segment in segments if segment.text]


def marks(segments: Sequence[Segment]) -> set[str]:
    """What a template writes around messages that looks like `<|im_start|>` or `[INST]`."""
    own = "".join(segment.text for segment in segments if segment.own)
    return set(_MARK.findall(own))


def folded(turns: Sequence[Turn]) -> list[Turn]:
    """The same talk for a strict template: no system turn, and the speakers alternate."""
    result: list[Turn] = []
    for turn in turns:
        role = "user" if turn.role == "system" else turn.role
        if result and result[-1].role == role:
            result[-1] = Turn(role, f"{result[-1].content}\n\n{turn.content}")
        else:
            result.append(Turn(role, turn.content))
    return result


def _run(template: Template, values: dict[str, Any]) -> str:
    written: list[str] = []
    size = 0
    try:
        with _deadline(time.monotonic() + _SECONDS):
            for piece in template.generate(tools=None, documents=None, **values):
                written.append(piece)
                size += len(piece)
                if size > _OUTPUT_LIMIT:
                    raise TemplateHostile("it writes too much")
    except TemplateRefused:
        raise
    except Exception as error:  # a template is a program: it may raise anything
        raise TemplateRefused(type(error).__name__) from error
    return "".join(written)


@contextmanager
def _deadline(at: float) -> Iterator[None]:
    """Raise TemplateHostile in Python code that runs beyond a moment, endless loops included."""

    def look(frame: FrameType, event: str, argument: Any) -> Any:
        if time.monotonic() > at:
            raise TemplateHostile("it takes too long")
        return look

    before = sys.gettrace()
    sys.settrace(look)
    try:
        yield
    finally:
        sys.settrace(before)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja with what chat templates use, and without what only fills memory."""

    # Looked at while running; also keeps the compiler from working them out beforehand.
    intercepted_binops = frozenset({"+", "*", "**", "%"})

    @classmethod
    def compiled(cls, source: str) -> Template:
        environment = cls(
            trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
        )
        environment.filters = {name: environment.filters[name] for name in _FILTERS}
        environment.filters["tojson"] = _to_json
        environment.globals["raise_exception"] = _raise
        environment.globals["strftime_now"] = lambda form: datetime.now(UTC).strftime(form)
        for name in ("lipsum", "cycler", "joiner"):
            environment.globals.pop(name, None)
        return environment.from_string(source)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        sizes = [len(each) if hasattr(each, "__len__") else abs(each) for each in (left, right)]
        product = max(sizes[0], 1) * max(sizes[1], 1)
        if operator == "**" or (operator == "%" and isinstance(left, str)):
            raise SecurityError(f"{operator} is not for templates")
        if (operator == "*" and product > _NUMBER_LIMIT) or sum(sizes) > _NUMBER_LIMIT:
            raise SecurityError("too large")
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return attr not in _FILLERS and super().is_safe_attribute(obj, attr, value)


def _to_json(value: Any, indent: int | None = None, **_: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=min(indent, 8) if indent else None)


def _raise(message: str) -> None:
    raise TemplateError(message)
