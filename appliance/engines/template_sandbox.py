"""Jinja for programs that came with a model file: little to call, little time, little room.

Jinja's own sandbox keeps a template away from Python. It does not keep it from filling the
memory or running for ever, and much of that happens inside one call that nothing can
interrupt. So whatever could grow is weighed before it is joined, compared, or shown.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType, GeneratorType
from typing import Any

from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError, TemplateError
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

_SOURCE_LIMIT = 64 * 1024  # characters of a template
_OUTPUT_LIMIT = 256 * 1024  # characters it may write around the messages
_SECONDS = 1.0
_LIMIT = 1_000_000  # of numbers, and of characters and elements in one value
_FILTERS = (
    "abs", "capitalize", "count", "d", "default", "dictsort", "first", "float", "groupby", "int",
    "items", "join", "last", "length", "list", "lower", "map", "max", "min", "reject",
    "rejectattr", "replace", "reverse", "round", "safe", "select", "selectattr", "sort", "string",
    "sum", "title", "trim", "unique", "upper",
)  # fmt: skip
_METHODS = (
    "capitalize", "count", "endswith", "find", "get", "index", "isalpha", "isdigit", "items",
    "join", "keys", "lower", "lstrip", "partition", "removeprefix", "removesuffix", "replace",
    "rfind", "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith", "strip",
    "title", "upper", "values",
)  # fmt: skip
_PLAIN = (str, bytes, int, float, list, tuple, dict, set, frozenset, range, bool)


class TemplateRefused(Exception):
    """A template that fails or loses messages. A known one is used instead."""


class TemplateHostile(TemplateRefused):
    """A template that takes too much time or room. It is not tried again."""


def compiled(source: str) -> Template:
    """Raises TemplateRefused."""
    if len(source) > _SOURCE_LIMIT:
        raise TemplateRefused("it is too long")
    try:
        with _deadline(time.thread_time() + 5 * _SECONDS):
            return _sandbox().from_string(source)
    except TemplateRefused:
        raise
    except Exception as error:  # its text may break the compiler in any way
        raise TemplateRefused(f"it does not compile: {type(error).__name__}") from error


def run(template: Template, values: dict[str, Any]) -> str:
    """What the template writes. Raises TemplateRefused."""
    written: list[str] = []
    size = 0
    try:
        with _deadline(time.thread_time() + _SECONDS):
            for piece in template.generate(**values):
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
    """Raise TemplateHostile in Python code that works beyond a moment, endless loops included.

    The moment is of this thread's own processor time: a busy machine is no hostile template.
    """

    def look(frame: FrameType, event: str, argument: Any) -> Any:
        if time.thread_time() > at:
            raise TemplateHostile("it takes too long")
        return look

    before = sys.gettrace()
    sys.settrace(look)
    try:
        yield
    finally:
        sys.settrace(before)


def _weighed(value: Any) -> Any:
    """The value, if it is not too large. Raises TemplateHostile.

    Lists can hold the same list many times over, so the elements are counted as they
    would be shown, not as they lie in memory.
    """
    if isinstance(value, GeneratorType):
        value = list(value)
    room, rest = _LIMIT, [value]
    while rest:
        each = rest.pop()
        if isinstance(each, str | bytes):
            room -= len(each)
        elif isinstance(each, dict):
            rest += [*each.keys(), *each.values()]
        elif isinstance(each, list | tuple | set | frozenset):
            rest += each
        room -= 1
        if room < len(rest):
            raise TemplateHostile("it makes too much text")
    return value


def _guarded(function: Any) -> Callable[..., Any]:
    """A filter or test that is given nothing large."""

    def guarded(*values: Any, **named: Any) -> Any:
        return function(*map(_weighed, values), **{k: _weighed(v) for k, v in named.items()})

    # Jinja marks the functions that want its context or environment as well.
    guarded.__dict__.update(getattr(function, "__dict__", {}))
    return guarded


def _replaced(text: Any, old: Any, new: Any, count: int | None = None) -> str:
    text, old, new = str(text), str(old), str(new)
    _room_for_replacing(text, old, new)
    return text.replace(old, new, -1 if count is None else count)


def _room_for_replacing(text: str, old: str, new: str) -> None:
    many = text.count(old) if len(new) > len(old) else 0
    if len(text) + many * len(new) > _LIMIT:
        raise TemplateHostile("it makes too much text")


def _joined(values: Any, between: Any = "", attribute: str | int | None = None) -> str:
    values = list(values)
    if attribute is not None:
        values = [value[attribute] for value in values]
    words, between = [str(_weighed(value)) for value in values], str(between)
    if sum(map(len, words)) + len(words) * len(between) > _LIMIT:
        raise TemplateHostile("it makes too much text")
    return between.join(words)


def _concatenated(pieces: Any) -> str:
    return "".join(map(str, _weighed(list(pieces))))


class _Checking(CodeGenerator):
    """Writes code that weighs what is joined with `~` and what is compared."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 -- jinja's name
        self.write("environment.concat((")
        for each in node.nodes:
            self.visit(each, frame)
            self.write(", ")
        self.write("))")

    def visit_Compare(self, node: nodes.Compare, frame: Frame) -> None:  # noqa: N802
        self.write("(environment.weighed(")
        self.visit(node.expr, frame)
        self.write(")")
        for operand in node.ops:
            self.visit(operand, frame)
        self.write(")")


class _Generation(Extension):
    """`{% generation %}`: marks the assistant's words for training; here they are just words."""

    tags = {"generation"}  # noqa: RUF012 -- jinja's declaration

    def parse(self, parser: Parser) -> list[nodes.Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja with what chat templates use, and without what only fills memory."""

    # Looked at while running; also keeps the compiler from working them out beforehand.
    intercepted_binops = frozenset({"+", "*", "**", "%"})
    code_generator_class = _Checking
    concat = staticmethod(_concatenated)  # of macros and blocks
    weighed = staticmethod(_weighed)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        sizes = [len(each) if hasattr(each, "__len__") else abs(each) for each in (left, right)]
        product = max(sizes[0], 1) * max(sizes[1], 1)
        if operator == "**" or (operator == "%" and isinstance(left, str | bytes)):
            raise SecurityError(f"{operator} is not for templates")
        if (operator == "*" and product > _LIMIT) or sum(sizes) > _LIMIT:
            raise SecurityError("too large")
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, _PLAIN) and callable(value) and attr not in _METHODS:
            return False
        return super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> None:
        """`str.format` is called like any other method: not at all. It knows widths."""

    def call(self, context: Context, obj: Any, *values: Any, **named: Any) -> Any:
        values = tuple(map(_weighed, values))
        if isinstance(owner := getattr(obj, "__self__", None), str | bytes):
            match getattr(obj, "__name__", ""):
                case "replace" if len(values) > 1:
                    _room_for_replacing(str(owner), str(values[0]), str(values[1]))
                case "join":
                    return _joined(values[0], owner)
        return super().call(context, obj, *values, **named)


def _sandbox() -> _Sandbox:
    made = _Sandbox(
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.loopcontrols", _Generation],
        finalize=_weighed,
    )
    made.filters = {name: _guarded(made.filters[name]) for name in _FILTERS}
    made.filters |= {"join": _joined, "replace": _replaced, "tojson": _to_json}
    made.tests = {name: _guarded(test) for name, test in made.tests.items()}
    made.globals["raise_exception"] = _raise
    made.globals["strftime_now"] = _now
    for name in ("lipsum", "cycler", "joiner"):
        made.globals.pop(name, None)
    return made


def _to_json(value: Any, indent: int | None = None, **_: Any) -> str:
    return json.dumps(
        _weighed(value), ensure_ascii=False, indent=min(indent, 8) if indent else None
    )


def _now(form: str) -> str:
    if len(form) > 64 or any(each.isdigit() for each in form):  # `%99999999d` is a width
        raise SecurityError("no such form of a date")
    return datetime.now(UTC).strftime(form)


def _raise(message: str) -> None:
    raise TemplateError(message)
