"""What a benchmark found: printed at once, and kept for the table at the end of `make bench`."""

# ruff: noqa: T201

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

KEPT_IN = "INHOUSE_BENCH_RESULTS"  # the file that `make bench` collects lines of JSON in


@dataclass(frozen=True)
class Result:
    """One figure of the closing table. `part` is its letter; `aim` in words, may be empty."""

    part: str
    what: str
    figure: str
    aim: str = ""
    reached: bool | None = None


def keep(
    part: str, what: str, figure: str, *, aim: str = "", reached: bool | None = None
) -> Result:
    """Note a result for the closing table."""
    result = Result(part, what, figure, aim, reached)
    if path := os.environ.get(KEPT_IN):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(result)) + "\n")
    return result


def kept(path: Path) -> list[Result]:
    """All that was noted, in the order of the parts."""
    if not path.exists():
        return []
    lines = path.read_text("utf-8").splitlines()
    return sorted((Result(**json.loads(line)) for line in lines), key=lambda each: each.part)


def show(results: Sequence[Result]) -> None:
    """The results as a table, with yes or NO for what has an aim."""
    words = {None: "", True: "yes", False: "NO"}
    rows = [(r.part, r.what, r.figure, r.aim, words[r.reached]) for r in results]
    table(("", "what", "measured", "aim", "reached"), rows)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as they need to be, ready to be pasted into Markdown."""
    widths = [max(len(row[n]) for row in (head, *rows)) for n in range(len(head))]

    def line(row: Sequence[str]) -> str:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        return f"| {' | '.join(cells)} |"

    print(line(head))
    print(f"|{'|'.join('-' * (width + 2) for width in widths)}|")
    for row in rows:
        print(line(row), flush=True)
