"""The fence around the process that parses files from elsewhere.

What holds where:

==================  ==============================  =======================  ===================
                    Linux                           macOS                    Windows
==================  ==============================  =======================  ===================
computing time      RLIMIT_CPU                      RLIMIT_CPU               wall clock (parent)
memory              RLIMIT_DATA and RLIMIT_AS       RLIMIT_AS                none
files written       RLIMIT_FSIZE 0                  RLIMIT_FSIZE 0           none
network             a network namespace of its own  no Python socket         no Python socket
                    where it may be made, and no
                    Python socket
==================  ==============================  =======================  ===================

The wall clock and the size of the answer are the parent's to enforce, everywhere.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Any

from appliance.readers.contract import Limits

_OPEN_FILES = 64
# RLIMIT_AS counts what is only mapped: the interpreter, kreuzberg's 79 MB, thread stacks.
# Where RLIMIT_DATA works it is the true limit, and this one only the second line.
_MAPPED = 2**30
_NEW_USER = 0x10000000
_NEW_NETWORK = 0x40000000
_DIE_WITH_PARENT = 1


def close_around(limits: Limits) -> None:
    """Before anything of a file is parsed: no network, and an end to time and memory.

    Has to be called while the process has one thread only.
    """
    _die_with_parent()
    _leave_network()
    if sys.platform != "win32":
        import resource

        os.nice(10)
        _limit(resource.RLIMIT_CORE, 0)
        _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
        _limit(resource.RLIMIT_CPU, limits.cpu_seconds, grace=2)
        _limit(resource.RLIMIT_AS, limits.memory_bytes + _MAPPED)
        if sys.platform == "linux":
            _limit(resource.RLIMIT_DATA, limits.memory_bytes)


def forbid_files() -> None:
    """From here on nothing can be written to a disk; pipes still work."""
    if sys.platform != "win32":
        import resource

        _limit(resource.RLIMIT_FSIZE, 0)


def _limit(which: int, value: int, *, grace: int = 0) -> None:
    """Lower a limit for good. One that is lower already stays. At the limit the process is told,
    `grace` later it is killed."""
    import resource

    _, hard = resource.getrlimit(which)
    end = value + grace if hard == resource.RLIM_INFINITY else min(hard, value + grace)
    # macOS refuses some of them; what Linux promises has to hold.
    with contextlib.nullcontext() if sys.platform == "linux" else contextlib.suppress(ValueError):
        resource.setrlimit(which, (min(value, end), end))


def _die_with_parent() -> None:
    """A reader whose parent was killed has nobody to answer to."""
    if sys.platform == "linux":
        _c_library().prctl(_DIE_WITH_PARENT, 9, 0, 0, 0)


def _leave_network() -> None:
    """A namespace without any interface, where the system lets an ordinary user make one."""
    if sys.platform == "linux":
        library = _c_library()
        if library.unshare(_NEW_NETWORK) != 0:
            library.unshare(_NEW_USER | _NEW_NETWORK)
    sys.addaudithook(_no_sockets)


def _no_sockets(event: str, _arguments: tuple[Any, ...]) -> None:
    if event.startswith("socket."):
        raise PermissionError("A reader has no business on the network.")


def _c_library() -> Any:
    import ctypes

    return ctypes.CDLL(None)
