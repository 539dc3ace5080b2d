"""How this program starts itself again as one of its own child processes."""

from __future__ import annotations

import sys


def child_command(kind: str) -> list[str]:
    """The command line of a child: `python -m appliance child KIND`, or the frozen program.

    Each child runs in a process of its own, so that what crashes there (a native
    model, a hostile document) never takes the server with it. `kind` is one of
    the names in `appliance/__main__.py`.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, "child", kind]
    return [sys.executable, "-m", "appliance", "child", kind]
