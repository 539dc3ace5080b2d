"""Pure: what a question asks for, in words that tell much and words that tell little."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from appliance.library.stem import stem
from appliance.store.words import words

# Words that carry a sentence and no topic. English, then the words of German, French and
# Spanish that mean nothing else in English.
STOP = frozenset(
    """
    a an the of in on at to for from by with and or but not no nor so as is are was were be been
    being am do does did doing done have has had having will would can could shall should may might
    must it its this that these those there here he she they them his her their him you your we our
    us i me my what which who whom whose when where why how if than then too very just also into
    about over under between during before after above below up down out off again once each any
    all some such own same other more most only both few s t d ll m re ve don doesn didn isn
    der das dem des ein eine einer eines einem einen und oder ist sind wird werden wurde nicht
    auch ich du er wir ihr sie es im zu zum zur vom von auf bei nach uber unter wie wo wer
    wann warum welche welcher welches kann konnen darf muss haben habe dass wenn mein meine
    le les un une des du et ou est sont dans sur avec ne pas que qui quoi quel quelle quels quelles
    ce cette ces il elle nous vous ils elles je mon ma mes quand pourquoi combien puis
    el los las unos unas y es en por para se su sus cual cuales quien cuando donde cuanto
    cuantos como mi puedo
    """.split()  # noqa: SIM905
)
# Words that belong to the way of asking: seldom found where the answer is.
FRAME = frozenset(
    stem(word)
    for word in """
    kind type sort percentage long much many take took taken place come came get got make made call
    name term year happen mean meant according able along compare thought think typical usual
    general example part large give gave given result reason way refer referred know known use used
    consider associated word another while addition within today often become became need locate
    thing number amount begin began begun start end one two first new people person good best like
    main say said describe exist consist include tell show day time allow
    """.split()  # noqa: SIM905
)
FRAME_SHARE = 0.5
LONGEST = 64  # words of a question that are looked at
# What points back to something said before.
_POINTERS = frozenset(
    """
    it its they them their theirs that this these those there then he him his she her hers one ones
    same such else
    """.split()  # noqa: SIM905
)
# A small collection says little about how rare a word is; so many more passages
# without the word are imagined.
_IMAGINED = 20


@dataclass(frozen=True)
class Question:
    """Stems asked for, with what each tells, and those that stand next to each other."""

    weights: dict[str, float]
    pairs: tuple[tuple[str, str], ...] = ()
    unknown: float = 0.0  # the share of the weight on words the documents do not have at all
    forms: dict[str, str] = field(default_factory=dict)  # a word as it was written, by stem

    @property
    def total(self) -> float:
        return sum(self.weights.values()) or 1.0


def content(text: str) -> list[str]:
    """The words of a text that have a meaning of their own; all when none has."""
    found = words(text)
    return [word for word in found if word not in STOP] or found


def asked(text: str) -> list[str]:
    """The words a text asks for, in order; of a long one those at its beginning and end."""
    found = content(text)
    return found if len(found) <= LONGEST else found[: LONGEST // 2] + found[-LONGEST // 2 :]


def leans(text: str) -> bool:
    """Whether a question can hardly be understood without what was said before it."""
    found = words(text)
    if not found:
        return False
    joins = found[0] in ("and", "or", "but", "also") or found[1:2] == ["about"]
    if joins or not _POINTERS.isdisjoint(found):
        return True
    return sum(word not in STOP and stem(word) not in FRAME for word in found) <= 1


def weigh(
    text: str, frequency: Callable[[str], int], count: int, *, stand_ins: dict[str, str]
) -> Question:
    """A question against `count` passages, of which `frequency` of a stem contain it.

    `stand_ins`: stems to look for in place of words that nobody wrote: misspelt ones.
    """
    forms: dict[str, str] = {}
    stems = []
    for word in asked(text):
        sought = stand_ins.get(word, word)
        each = sought if word in stand_ins else stem(word)
        forms.setdefault(each, sought)
        stems.append(each)
    weights, unknown = {}, 0.0
    for each in dict.fromkeys(stems):
        found = frequency(each)
        weights[each] = _rarity(found, count) * (FRAME_SHARE if each in FRAME else 1.0)
        unknown += weights[each] if not found else 0.0
    pairs = tuple((a, b) for a, b in pairwise(stems) if a != b)
    return Question(weights, pairs, unknown / (sum(weights.values()) or 1.0), forms)


def carry(question: Question, before: Iterable[tuple[Question, float]]) -> Question:
    """The question with the words of earlier ones, each at a share of its weight."""
    weights, forms = dict(question.weights), dict(question.forms)
    for earlier, share in before:
        for each, weight in earlier.weights.items():
            weights[each] = max(weights.get(each, 0.0), share * weight)
        forms = earlier.forms | forms
    return Question(weights, question.pairs, question.unknown, forms)


def closest(word: str, known: Sequence[tuple[str, int]]) -> str | None:
    """The known word that a misspelt one most likely stands for: one slip, two if it is long."""
    slips = 1 if len(word) < 8 else 2
    best = min(
        ((_slips(word, each, slips), -count, each) for each, count in known if len(each) > 3),
        default=None,
    )
    return best[2] if best and best[0] <= slips else None


def _rarity(found: int, count: int) -> float:
    """Robertson's inverse document frequency, never negative."""
    return math.log(1 + (max(count + _IMAGINED - found, 0) + 0.5) / (found + 0.5))


def _slips(a: str, b: str, most: int) -> int:
    """Letters missing, added, changed or swapped with the next (Damerau); `most` + 1 is many."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(last[j] + 1, row[-1] + 1, last[j - 1] + (x != y))
            if before and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return last[-1]
