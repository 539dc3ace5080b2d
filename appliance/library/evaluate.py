"""How well the search does on a set of questions: `make eval`, or `make eval SET=file.json`.

Everything is real: a store in a temporary folder, the ingest, the search and the embedding
model of the settings. A set is JSON, and may be about documents of your own:

    passages     [{"id", "title", "text"}]           each becomes a document under its title
    questions    [{"question", "passage", "answerable"?}]   `passage`: the id of the right one
    follow_ups   [{"history": [...], "question", "passage"}]    optional: later turns of a talk
    off_topic    ["question", ...]     optional: what none of the passages answers
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from appliance.base import settings
from appliance.base.errors import ApplianceError, Invalid
from appliance.engines.catalogue import Catalogue
from appliance.engines.contract import Embedder
from appliance.engines.sentence import SentenceEmbedder
from appliance.library.search import Finding
from appliance.library.trial import trial

OWN_SET = Path(__file__).parent / "eval" / "office.json"
SWITCHES = 500  # questions asked after talk of something else, at most

Question = dict[str, Any]


@dataclass(frozen=True)
class QuestionSet:
    """Passages, and the questions about them."""

    passages: list[dict[str, Any]]
    answerable: list[Question]
    near: list[Question]  # about a passage that does not answer them
    follow_ups: list[Question]
    off_topic: list[str]

    @classmethod
    def read(cls, path: Path | None = None) -> QuestionSet:
        """The set in a file, or the one that ships. Raises Invalid."""
        try:
            content = json.loads((path or OWN_SET).read_text("utf-8"))
            questions = content["questions"]
            return cls(
                content["passages"],
                [each for each in questions if each.get("answerable", True)],
                [each for each in questions if not each.get("answerable", True)],
                content.get("follow_ups", []),
                content.get("off_topic") or cls.read().off_topic,
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise Invalid(f"{path} is not a set of questions: {error!r}.") from error

    def titles(self) -> dict[Any, str]:
        """The title of each passage, by its id."""
        return {passage["id"]: passage["title"] for passage in self.passages}


@dataclass
class Outcome:
    """Questions of one kind: where the right passage stood, and how many were refused."""

    ranks: list[int] = field(default_factory=list)  # from 1; 0: not among those found
    refused: int = 0
    seconds: list[float] = field(default_factory=list)

    def recall(self, k: int) -> float:
        """How often the right passage is among the first `k`, 0 … 1."""
        return _share(sum(0 < rank <= k for rank in self.ranks), len(self.ranks))

    @property
    def refusals(self) -> float:
        """How often the answer is that there is none, 0 … 1."""
        return _share(self.refused, len(self.seconds))

    def milliseconds(self, percent: int) -> float:
        """The time that this part of the questions took at most."""
        waits = sorted(self.seconds) or [0.0]
        return 1000 * waits[min(len(waits) * percent // 100, len(waits) - 1)]


@dataclass(frozen=True)
class Report:
    """All figures of one run."""

    passages: int
    ingest_seconds: float
    answerable: Outcome
    near: Outcome
    crossed: Outcome  # half of the titles' questions, asked of the other half's passages
    off_topic: Outcome
    with_history: Outcome
    without_history: Outcome
    unswitched: Outcome
    switched: Outcome  # the same questions, asked after talk about another title

    def lines(self) -> Iterator[str]:
        """The report for a person."""
        rate = self.passages / self.ingest_seconds
        yield f"passages                {self.passages} ingested, {rate:.0f} a second"
        yield from _found("questions", self.answerable)
        yield f"  refused               {self.answerable.refusals:.3f}  of those it can answer"
        yield from _refused("the other half's topics", self.crossed)
        yield from _refused("off-topic questions", self.off_topic)
        yield from _refused("near misses", self.near)
        yield from _found("follow-ups, history", self.with_history)
        yield from _found("  without history", self.without_history)
        yield from _found("after another topic", self.switched)
        yield from _found("  the same at once", self.unswitched)
        p50, p95 = self.answerable.milliseconds(50), self.answerable.milliseconds(95)
        yield f"time of a search        p50 {p50:.0f} ms, p95 {p95:.0f} ms"


def evaluate(
    set_path: Path | None = None, *, embedder: Embedder, sample: int = 0, seed: int = 1
) -> Report:
    """Judge the search by a set of questions; by the one that ships when none is given.

    `sample` limits the questions of each kind; 0 takes all. No store may be open in this
    process. Raises Invalid, EngineFailed.
    """
    chosen, dice = QuestionSet.read(set_path), random.Random(seed)  # noqa: S311

    def some(questions: list[Question], most: int = sample) -> list[Question]:
        return dice.sample(questions, most) if 0 < most < len(questions) else questions

    answerable, near = some(chosen.answerable), some(chosen.near)
    titles = chosen.titles()
    half = {title: number % 2 for number, title in enumerate(dict.fromkeys(titles.values()))}
    side = {passage: half[title] for passage, title in titles.items()}
    switched = [
        {**question, "history": [before["question"]]}
        for question in some(answerable, SWITCHES)
        if titles[question["passage"]] != titles[(before := dice.choice(answerable))["passage"]]
    ]
    with trial(chosen.passages, side, embedder) as library:
        both = list(library.collections)

        def alone(question: Question) -> Finding:
            return library.ask(both, question["question"])

        def in_talk(question: Question) -> Finding:
            return library.ask(both, question["question"], question["history"])

        def across(question: Question) -> Finding:
            return library.ask([1 - side[question["passage"]]], question["question"])

        return Report(
            passages=len(chosen.passages),
            ingest_seconds=library.seconds,
            answerable=_outcome(answerable, alone),
            near=_outcome(near, alone),
            crossed=_outcome(answerable if len(both) > 1 else [], across),
            off_topic=_outcome([{"question": each} for each in chosen.off_topic], alone),
            with_history=_outcome(chosen.follow_ups, in_talk),
            without_history=_outcome(chosen.follow_ups, alone),
            unswitched=_outcome(switched, alone),
            switched=_outcome(switched, in_talk),
        )


def _outcome(questions: Sequence[Question], ask: Callable[[Question], Finding]) -> Outcome:
    outcome = Outcome()
    for question in questions:
        began = time.perf_counter()
        finding = ask(question)
        outcome.seconds.append(time.perf_counter() - began)
        outcome.refused += not finding.answerable
        # A document is named by its passage's id. One that was cut in two counts once.
        names = list(dict.fromkeys(hit.document_name for hit in finding.hits))
        right = str(question.get("passage"))
        outcome.ranks.append(names.index(right) + 1 if right in names else 0)
    return outcome


def _found(what: str, outcome: Outcome) -> Iterator[str]:
    if outcome.ranks:
        ones, fives = outcome.recall(1), outcome.recall(5)
        yield f"{what:23} recall@1 {ones:.3f}  recall@5 {fives:.3f}  ({len(outcome.ranks)})"


def _refused(what: str, outcome: Outcome) -> Iterator[str]:
    if outcome.seconds:
        yield f"{what:23} refused {outcome.refusals:.3f}  ({len(outcome.seconds)})"


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def own_embedder() -> SentenceEmbedder:
    """The embedding model of the settings. Raises NotFound, ModelMissing."""
    values = settings.load()
    catalogue = Catalogue(values.models_dir)
    folder = catalogue.embedding(values.embedding_model)
    return SentenceEmbedder(folder, fingerprint=catalogue.find(values.embedding_model).fingerprint)


def main() -> None:
    """Print the report on a set."""
    parser = argparse.ArgumentParser(prog="make eval", description="Judge the search.")
    parser.add_argument("--set", type=Path, help="questions as JSON; without it, those that ship")
    parser.add_argument("--sample", type=int, default=0, help="at most so many of each kind")
    chosen = parser.parse_args()
    embedder = None
    try:
        embedder = own_embedder()
        report = evaluate(chosen.set, embedder=embedder, sample=chosen.sample)
        sys.stdout.writelines(f"{line}\n" for line in report.lines())
    except ApplianceError as error:
        sys.exit(error.message)
    finally:
        if embedder:
            embedder.close()


if __name__ == "__main__":
    main()
