"""Picking the next token as a request asks for it. Only the model's own process imports this."""

from __future__ import annotations

import json
from typing import Any

import llama_cpp as llama
from llama_cpp.llama_grammar import json_schema_to_gbnf

_LATELY = 64  # tokens back that a penalty on repetition looks
_GRAMMAR_LIMIT = 32_000  # characters
_NESTED = 64  # brackets in brackets; llama.cpp reads them by recursion
_REPEATED = 2_000  # the largest bound a schema may count to; a grammar spells each out
_MOST_BIASES = 1_000


class Unsuitable(Exception):
    """What was asked for cannot be sampled; the text says why."""


class Sampler:
    """The chain of samplers of one answer. Close it."""

    def __init__(self, vocab: Any, request: dict[str, Any]) -> None:
        """Raises Unsuitable."""
        self._chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
        try:
            for part in _parts(vocab, request):
                llama.llama_sampler_chain_add(self._chain, part)
        except Unsuitable:
            self.close()
            raise

    def pick(self, context: Any, row: int) -> int:
        """The token that follows row `row` of the last pass."""
        return int(llama.llama_sampler_sample(self._chain, context, row))

    def close(self) -> None:
        """Give its memory back."""
        if self._chain:
            llama.llama_sampler_free(self._chain)
            self._chain = None


def _parts(vocab: Any, request: dict[str, Any]) -> list[Any]:
    size = llama.llama_vocab_n_tokens(vocab)
    parts = []
    if bias := request.get("logit_bias"):
        parts.append(_bias(size, bias))
    if rules := _rules(request):
        parts.append(_grammar(vocab, rules))
    if (repetition := request["repetition"]) != 1.0:
        parts.append(llama.llama_sampler_init_penalties(size, _LATELY, repetition, 0.0, 0.0))
    if request["temperature"] <= 0:
        return [*parts, llama.llama_sampler_init_greedy()]
    seed = request["seed"]
    if request["top_k"]:
        parts.append(llama.llama_sampler_init_top_k(request["top_k"]))
    if request["min_p"]:
        parts.append(llama.llama_sampler_init_min_p(request["min_p"], 1))
    return [
        *parts,
        llama.llama_sampler_init_top_p(request["top_p"], 1),
        llama.llama_sampler_init_temp(request["temperature"]),
        llama.llama_sampler_init_dist(0xFFFFFFFF if seed is None else seed & 0x7FFFFFFF),
    ]


def _bias(size: int, bias: dict[str, float]) -> Any:
    if len(bias) > _MOST_BIASES or any(not 0 <= int(token) < size for token in bias):
        raise Unsuitable("The logit bias names a token that the model does not have.")
    array = (llama.llama_logit_bias * len(bias))()
    for entry, (token, value) in zip(array, bias.items(), strict=True):
        entry.token, entry.bias = int(token), float(value)
    return llama.llama_sampler_init_logit_bias(size, len(bias), array)


def _rules(request: dict[str, Any]) -> str:
    """The grammar of the answer, in GBNF; nothing: any text."""
    if request.get("json_schema") is None:
        return request.get("grammar") or ""
    _check_schema(request["json_schema"])
    try:
        return str(json_schema_to_gbnf(json.dumps(request["json_schema"])))
    # Its converter asserts, and trips over what is no schema in many ways.
    except (AssertionError, ArithmeticError, AttributeError, LookupError, RecursionError,
            TypeError, ValueError) as error:  # fmt: skip
        raise Unsuitable("This JSON schema cannot be followed by the model.") from error


def _check_schema(part: Any, depth: int = 0) -> None:
    if depth > _NESTED:
        raise Unsuitable("This JSON schema is nested too deeply.")
    if isinstance(part, dict):
        if str(part.get("$ref", "#"))[:1] != "#":
            raise Unsuitable("This JSON schema refers to another document.")
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            _check_schema(each, depth + 1)
    elif isinstance(part, int) and not isinstance(part, bool) and abs(part) > _REPEATED:
        raise Unsuitable(f"This JSON schema counts to more than {_REPEATED}.")


def _grammar(vocab: Any, rules: str) -> Any:
    if len(rules) > _GRAMMAR_LIMIT or _depth(rules) > _NESTED:
        raise Unsuitable("This grammar is too large.")
    sampler = llama.llama_sampler_init_grammar(vocab, rules.encode(), b"root")
    if not sampler:
        raise Unsuitable("This grammar cannot be read; it is GBNF with a rule named root.")
    return sampler


def _depth(rules: str) -> int:
    deepest = depth = 0
    for letter in rules:
        depth += (letter == "(") - (letter == ")")
        deepest = max(deepest, depth)
    return deepest
