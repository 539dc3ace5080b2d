"""Many answers at once: ours, `llama_cpp.server` and a bare batched loop, side by side.

    python tests/bench/bench_streams.py [--only ours,server,bare] [--parts a,b,c,g]
        [--streams 1,4,8] [--rounds 3] [--model file.gguf] [--tokens 48] [--prompt 250]

The sides take turns within a round and get the same requests, greedy; medians of the rounds
are shown. Every prompt is new to everybody, but where the part is about what was read before.
"""

# ruff: noqa: T201

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from appliance.engines.contract import Turn
from appliance.engines.cores import physical_cores
from tests.bench import models, sides
from tests.bench.results import Result, keep, show, table
from tests.bench.sides import Bare, Ours, Server, Side, Stream
from tests.bench.talk import Scribe

SYSTEM, ADDED, LONG = 600, 100, 2000  # tokens of an assistant's prompt, a turn, a long prompt


class Bench:
    """One run."""

    def __init__(self, options: argparse.Namespace, chosen: dict[str, Side], count: Counting):
        self.rounds, self.tokens, self.prompt = options.rounds, options.tokens, options.prompt
        self.streams = options.streams
        self.sides = chosen
        self.scribe = Scribe(options.seed, count)
        self.memory: dict[str, dict[str, float]] = {name: {} for name in chosen}
        self.results: list[Result] = []

    def keep(self, part: str, what: str, figure: str, aim: str = "", reached: bool | None = None):
        self.results.append(keep(part, what, figure, aim=aim, reached=reached))

    def weigh(self, step: str) -> None:
        """Note what every side holds."""
        for name, side in self.sides.items():
            now = side.memory()
            self.memory[name][step] = max(now, self.memory[name].get(step, 0.0))

    def together(self) -> None:
        """(a) So many streams at once, each with a prompt of its own."""
        for side in self.sides.values():  # nobody's first time counts
            side.ask_all([[self.scribe.question(40)]], 4)
        self.weigh("loaded")
        for many in self.streams:
            found: dict[str, list[list[Stream]]] = {name: [] for name in self.sides}
            worked = {name: -side.worked() for name, side in self.sides.items()}
            for _ in range(self.rounds):
                talks = [[self.scribe.question(self.prompt)] for _ in range(many)]
                for name, side in self.sides.items():
                    found[name].append(side.ask_all(talks, self.tokens))
                self.weigh(f"{many} streams")
            for name, side in self.sides.items():
                worked[name] += side.worked()
            self.show_together(many, found, worked)
        print()

    def show_together(
        self, many: int, found: dict[str, list[list[Stream]]], worked: dict[str, float]
    ) -> None:
        def middle(name: str, measure: Callable[[list[Stream]], float]) -> float:
            return statistics.median(measure(streams) for streams in found[name])

        measures = {
            "tokens/s": sides.rate,
            "while writing": sides.writing_rate,
            "first, slowest": sides.slowest_first,
            "first, median": sides.median_first,
            "whole": lambda streams: max(each.last for each in streams),
            "tokens": lambda streams: sum(each.tokens for each in streams),
        }
        figures = {
            name: {what: middle(name, measure) for what, measure in measures.items()}
            for name in found
        }
        for name, runs in found.items():
            tokens = sum(each.tokens for streams in runs for each in streams)
            figures[name]["tokens/processor s"] = tokens / worked[name]
        print(f"\n(a) {many} streams at once, {self.prompt} + {self.tokens} tokens each")
        rows = [(name, *(f"{each:.2f}" for each in row.values())) for name, row in figures.items()]
        table(("", *measures, "tokens/processor s"), rows)
        for other in ("server", "bare"):
            if other in figures and "ours" in figures:
                self.compare(many, other, figures["ours"], figures[other])

    def compare(
        self, many: int, other: str, ours: dict[str, float], theirs: dict[str, float]
    ) -> None:
        name = self.sides[other].name
        rate = ours["tokens/s"] / theirs["tokens/s"]
        first = ours["first, slowest"] / theirs["first, slowest"]
        aims = {("server", 1): 1.0, ("server", 8): 3.0, ("bare", 8): 0.9}
        aim = aims.get((other, many))
        self.keep(
            "a",
            f"{many} streams, tokens/s, ours : {name}",
            f"{ours['tokens/s']:.1f} : {theirs['tokens/s']:.1f} = {rate:.2f}",
            f"≥ {aim}" if aim else "",
            rate >= aim if aim else None,
        )
        aim = 0.6 if (other, many) == ("server", 8) else None
        self.keep(
            "a",
            f"{many} streams, slowest first token, ours : {name}",
            f"{ours['first, slowest']:.2f} s : {theirs['first, slowest']:.2f} s = {first:.2f}",
            f"≤ {aim}" if aim else "",
            first <= aim if aim else None,
        )
        for measure, words in (
            ("while writing", "tokens/s once all write"),
            ("tokens/processor s", "tokens per second of processor time"),
        ):
            one, other_one = ours[measure], theirs[measure]
            self.keep(
                "a",
                f"{many} streams, {words}, ours : {name}",
                f"{one:.1f} : {other_one:.1f} = {one / other_one:.2f}",
            )

    def read_before(self) -> None:
        """(b) Cold, with a prefix somebody else had read, and a session's second turn."""
        for name in ("ours", "server"):
            if name in self.sides:
                times = [
                    self.one_session(self.sides[name], number) for number in range(self.rounds)
                ]
                self.show_read_before(name, times)
        self.weigh("sessions")

    def one_session(self, side: Side, number: int) -> tuple[float, float, float]:
        # Something else first, so that nobody finds the last round's beginning in memory.
        side.ask([self.scribe.question(60)], 4, session=f"else{number}")
        system = self.scribe.system(SYSTEM)
        talk = [system, self.scribe.question(ADDED)]
        options = {"fixed": 1, "session": f"b{number}"}
        cold = side.ask(talk, 24, **options)
        talk += [Turn("assistant", cold.text), self.scribe.question(ADDED)]
        other = [system, self.scribe.question(ADDED)]
        warm = side.ask(other, 24, fixed=1, session=f"w{number}")
        second = side.ask(talk, 24, **options)
        return cold.first, warm.first, second.first

    def show_read_before(self, name: str, times: list[tuple[float, float, float]]) -> None:
        cold, warm, second = (statistics.median(each) for each in zip(*times, strict=True))
        print(f"\n(b) {self.sides[name].name}: first token of {SYSTEM} + {ADDED} tokens")
        print(
            f"cold {cold:.3f} s, prefix read by another session {warm:.3f} s ({warm / cold:.2f}),"
        )
        print(f"second turn of the first session {second:.3f} s ({second / cold:.2f})")
        ours = name == "ours"
        for what, figure in (("warm prefix", warm), ("second turn", second)):
            self.keep(
                "b",
                f"first token, {what} : cold, {self.sides[name].name}",
                f"{figure:.2f} s : {cold:.2f} s = {figure / cold:.2f}",
                "≤ 0.4" if ours else "",
                figure <= 0.4 * cold if ours else None,
            )

    def joining(self) -> None:
        """(c) What those who write feel when a long prompt comes."""
        if "ours" not in self.sides:
            return
        found = [self.one_joining() for _ in range(self.rounds)]
        normal, p95, joined, first = (statistics.median(each) for each in zip(*found, strict=True))
        print(f"\n(c) gap between tokens of 4 streams: median {normal * 1000:.0f} ms, p95", end=" ")
        print(f"{p95 * 1000:.0f} ms; while {LONG} tokens join: p95 {joined * 1000:.0f} ms", end=" ")
        print(f"(their first token after {first:.2f} s)")
        self.keep(
            "c",
            f"gap p95 while {LONG} tokens join : normal p95",
            f"{joined * 1000:.0f} ms : {p95 * 1000:.0f} ms = {joined / p95:.2f}",
            "≤ 3",
            joined <= 3 * p95,
        )
        self.keep("c", "the same : normal median", f"{joined / normal:.2f}")
        self.weigh("long prompt")

    def one_joining(self) -> tuple[float, float, float, float]:
        """Seconds: normal gap's median and p95, p95 while joining, the joiner's first token."""
        side, enough = self.sides["ours"], threading.Event()
        runners = [Runner(self.scribe.question(ADDED), enough) for _ in range(4)]
        threads = [threading.Thread(target=each.run, args=(side,)) for each in runners]
        for thread in threads:
            thread.start()
        end = time.monotonic() + 20
        while any(len(each.times) < 24 for each in runners) and time.monotonic() < end:
            time.sleep(0.01)
        began: list[float] = []
        long = self.scribe.question(LONG)
        joins = time.monotonic()
        note = lambda: began.append(time.monotonic())  # noqa: E731
        side.ask([long], 4, session=f"long{joins}", on_text=note)
        enough.set()
        for thread in threads:
            thread.join()
        start = max((each.times[0] for each in runners if each.times), default=0.0)
        start = start if start < joins else 0.0  # one at a time: they never all write
        normal = sorted(gap for each in runners for gap in each.gaps(start, joins))
        joined = sorted(gap for each in runners for gap in each.gaps(joins, began[0])) or normal
        return statistics.median(normal), _p95(normal), _p95(joined), began[0] - joins

    def show_memory(self) -> None:
        """(g) What the process with the model holds at each step."""
        self.weigh("at the end")
        print("\n(g) megabytes resident")
        steps = list(dict.fromkeys(step for row in self.memory.values() for step in row))
        rows = [
            (self.sides[name].name, *(f"{row[step]:.0f}" if step in row else "" for step in steps))
            for name, row in self.memory.items()
        ]
        table(("", *steps), rows)
        for name, row in self.memory.items():
            figure = ", ".join(f"{step} {row[step]:.0f}" for step in steps if step in row)
            self.keep("g", f"MB resident, {self.sides[name].name}", figure)


class Enough(Exception):
    """A stream has been watched for long enough."""


class Runner:
    """A stream that writes until it is told to stop."""

    def __init__(self, question: Turn, enough: threading.Event) -> None:
        self.question = question
        self.enough = enough
        self.times: list[float] = []
        self.pauses: set[float] = set()  # when it had to ask again, because an answer ended

    def run(self, side: Side) -> None:
        while not self.enough.is_set():
            with suppress(Enough):
                side.ask([self.question], 400, session=f"runner{id(self)}", on_text=self.note)
            if self.times:
                self.pauses.add(self.times[-1])

    def note(self) -> None:
        self.times.append(time.monotonic())
        if self.enough.is_set():
            raise Enough

    def gaps(self, start: float, end: float) -> Iterator[float]:
        """Between the pieces of two moments, and across the second of them."""
        for before, after in itertools.pairwise(self.times):
            if start <= before < end and before not in self.pauses:
                yield after - before


def _p95(values: list[float]) -> float:
    return values[min(int(len(values) * 0.95), len(values) - 1)] if values else float("nan")


Counting = Callable[[str], int]


def numbers(text: str) -> list[int]:
    return [int(each) for each in text.split(",")]


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="ours,server,bare")
    parser.add_argument("--parts", default="a,b,c,g")
    parser.add_argument("--streams", type=numbers, default=[1, 4, 8])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--tokens", type=int, default=48)
    parser.add_argument("--prompt", type=int, default=250)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=physical_cores())
    return parser.parse_args()


def main() -> None:
    options = asked()
    with tempfile.TemporaryDirectory(prefix="inhouse-bench-") as folder, ExitStack() as stack:
        found = options.model or models.starter()
        if not found:
            raise SystemExit("No language model is installed (make setup).")
        model = options.model or models.as_form(found, "Q4_0", Path(folder))
        counter = Ours(model, options.threads)  # counts for all, and is one of the sides
        stack.callback(counter.close)
        makers: dict[str, Callable[[], Side]] = {
            "ours": lambda: counter,
            "server": lambda: Server(model, options.threads),
            "bare": lambda: Bare(
                model, options.threads, models.template_of(model), max(options.streams)
            ),
        }
        chosen = {name: makers[name]() for name in options.only.split(",")}
        for name, side in chosen.items():
            if name != "ours":
                stack.callback(side.close)
        run(Bench(options, chosen, lambda text: counter.engine.count([text])[0]), options)


def run(bench: Bench, options: argparse.Namespace) -> None:
    print(f"{options.threads} threads, {options.rounds} rounds, the sides in turns")
    parts = {"a": bench.together, "b": bench.read_before, "c": bench.joining}
    for part, work in parts.items():
        if part in options.parts.split(","):
            work()
    if "g" in options.parts.split(","):
        bench.show_memory()
    print()
    show(bench.results)


if __name__ == "__main__":
    main()
