"""Pure: what a sentence claims, in words, numbers with what they count, names, and yes or no."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from appliance.library.question import FRAME, FRAME_SHARE, STOP
from appliance.library.stem import stem
from appliance.store.words import words

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+")
_NAME = re.compile(r"(?<![.!?…:\s]\s)(?<!^)(?<!^[\"'(])\b[^\W\d_a-z][\w'-]*[^\W\d_]")
_CLAUSE = re.compile(r"[;,:–—]|\b(?:but|although|unless|except|because|while|which)\b")
_NUMERALS = {
    word: str(number)
    for number, word in enumerate(
        """
        zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
        fifteen sixteen seventeen eighteen nineteen twenty
        """.split()  # noqa: SIM905
    )
}
_NEGATORS = frozenset("not no never nobody nothing none neither nor cannot without".split())  # noqa: SIM905
REACH = 3  # words after a number among which is what it counts
SAME_MATTER = 0.6  # share of words with which two sentences speak of the same
WHOLLY_INSIDE = 0.8

# Of these, one excludes the others: another day than the source's is a mistake.
_CLASSES = [
    frozenset(stem(word) for word in line.split())
    for line in (
        "monday tuesday wednesday thursday friday saturday sunday",
        "january february march april may june july august september october november december",
        "red green blue yellow black white grey orange brown purple pink",
        "euro dollar pound franc yen",
        "allowed forbidden prohibited",
        "minimum maximum",
        "before after",
        "open closed",
        "always never",
        "free paid",
        "morning afternoon evening",
        "first last",
        "higher lower",
        "mandatory optional",
    )
]


@dataclass(frozen=True)
class Claim:
    """One sentence."""

    stems: frozenset[str]
    numbers: frozenset[tuple[str, frozenset[str]]]  # each with the words that follow it
    names: frozenset[str]  # stems of words with a capital, save the first
    clauses: tuple[tuple[frozenset[str], bool], ...]  # stems of each, and whether it denies

    @property
    def denies(self) -> bool:
        """Whether it says no to something."""
        return any(denied for _, denied in self.clauses)

    def counts(self, number: tuple[str, frozenset[str]]) -> bool:
        """Whether this number stands here, of the same things."""
        value, things = number
        return any(
            value == mine and (not things or not theirs or bool(things & theirs))
            for mine, theirs in self.numbers
        )


def claim(text: str) -> Claim:
    """Take a sentence, or a whole text, apart."""
    return Claim(
        stems=frozenset(_content(text)),
        numbers=frozenset(_numbers(text)),
        names=frozenset(each for name in _NAME.findall(text) for each in _content(name)),
        clauses=tuple(
            (frozenset(_content(clause)), _denies(clause)) for clause in _CLAUSE.split(text)
        ),
    )


def share(said: Claim, source: Sequence[Claim], *, numbers: bool = True) -> float:
    """Which part of the words of what is said stands in the source, 0 … 1."""
    present = frozenset().union(*(each.stems for each in source))
    weights = {
        each: FRAME_SHARE if each in FRAME else 1.0
        for each in said.stems
        if numbers or not (each.isdigit() or each in _NUMERALS)
    }
    total = sum(weights.values())
    found = sum(weight for each, weight in weights.items() if each in present)
    return found / total if total else 1.0


def contradicts(said: Claim, source: Claim) -> bool:
    """Whether a sentence speaks of the same matter and says the contrary of it."""
    common = share(said, [source])
    if common >= SAME_MATTER and any(_excludes(said, source, each) for each in _CLASSES):
        return True
    nearest = max(source.clauses, key=lambda clause: len(clause[0] & said.stems), default=None)
    if nearest is None or nearest[1] == said.denies or not nearest[0]:
        return False
    inside = len(nearest[0] & said.stems) / len(nearest[0])
    return common >= SAME_MATTER or (inside >= WHOLLY_INSIDE and len(nearest[0]) > 1)


def _excludes(said: Claim, source: Claim, kind: frozenset[str]) -> bool:
    mine, theirs = said.stems & kind, source.stems & kind
    return bool(mine and theirs and not mine & theirs)


def _content(text: str) -> list[str]:
    return [stem(word) for word in words(text) if word not in STOP and word not in _NEGATORS]


def _denies(text: str) -> bool:
    found = words(text)
    return not _NEGATORS.isdisjoint(found) or bool(re.search(r"n['’]t\b", text))


def _numbers(text: str) -> list[tuple[str, frozenset[str]]]:
    tokens = _TOKEN.findall(text.lower())
    found = []
    for at, word in enumerate(tokens):
        value = _NUMERALS.get(word) or (_plain(word) if _NUMBER.fullmatch(word) else None)
        if (
            value is not None and word != "one"
        ):  # which counts less often than it stands for a thing
            after = " ".join(tokens[at + 1 : at + 1 + REACH])
            found.append((value, frozenset(each for each in _content(after) if each.isalpha())))
    return found


def _plain(number: str) -> str:
    """1,200.50 and 1200.5 are the same; so are 10:00 and 10."""
    number = re.sub(r"(?<=\d),(?=\d{3}(?:\D|$))", "", number)
    number = re.sub(r":00$", "", number)
    return re.sub(r"(\.\d*?)0+$", r"\1", number).rstrip(".")
