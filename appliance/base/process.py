"""How this program starts itself again as one of its own child processes."""

from __future__ import annotations

import sys


def own_command(*words: str) -> list[str]:
    """This program with other words: `python -m appliance WORDS`, or the frozen program."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *words]
    return [sys.executable, "-m", "appliance", *words]


def child_command(kind: str) -> list[str]:
    """The command line of one of the program's children.

    Each child runs in a process of its own, so that what crashes there (a native
    model, a hostile document) never takes the server with it. `kind` is one of
    the names in `appliance/__main__.py`.
    """
    return own_command("child", kind)
