"""Stop an installation that pulled in CUDA: gigabytes that an office machine never uses."""

from __future__ import annotations

import sys
from importlib.metadata import distributions

names = {distribution.name for distribution in distributions()}
if heavy := sorted(name for name in names if name.lower().startswith(("nvidia-", "triton"))):
    print(
        f"This installation contains {', '.join(heavy)}.\n"
        "Install the CPU build of torch instead: point pip at an index that carries it "
        "(PIP_EXTRA_INDEX_URL), remove .venv, and run the same command again.",
        file=sys.stderr,
    )
    sys.exit(1)
