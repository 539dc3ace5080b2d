"""`python -m appliance`: the command line, or one of the program's own children."""

from __future__ import annotations

import sys
from collections.abc import Callable


def _llama() -> Callable[[], None]:
    from appliance.engines.llama_child import main

    return main


def _sentence() -> Callable[[], None]:
    from appliance.engines.sentence_child import main

    return main


def _rerank() -> Callable[[], None]:
    from appliance.engines.rerank_child import main

    return main


def _reader() -> Callable[[], None]:
    from appliance.readers.child import main

    return main


def _convert() -> Callable[[], None]:
    from appliance.engines.convert_child import main

    return main


def _download() -> Callable[[], None]:
    from appliance.engines.download_child import main

    return main


def _benchmark() -> Callable[[], None]:
    from appliance.engines.benchmark_child import main

    return main


# Builders with the import inside: a child loads nothing it does not need,
# and the freezer still sees every module.
CHILDREN: dict[str, Callable[[], Callable[[], None]]] = {
    "llama": _llama,
    "sentence": _sentence,
    "rerank": _rerank,
    "reader": _reader,
    "convert": _convert,
    "download": _download,
    "benchmark": _benchmark,
}


def main() -> None:
    """Run a child when asked for one, the command line otherwise."""
    if len(sys.argv) >= 3 and sys.argv[1] == "child":
        CHILDREN[sys.argv[2]]()()
        return
    from appliance.cli import main as command_line

    command_line()


if __name__ == "__main__":
    main()
