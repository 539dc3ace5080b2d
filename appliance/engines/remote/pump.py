"""Read in a thread of its own what comes slowly, so that its reader is never stuck."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any, TypeVar

from appliance.engines.contract import Waiting
from appliance.engines.remote.call import Call
from appliance.engines.remote.trouble import TooSlow

Thing = TypeVar("Thing")

LOOK = 0.5  # seconds after which a reader who got nothing is told so
AHEAD = 64  # pieces read before anybody took them; then the provider waits


class _End:
    """The last thing, and what went wrong if something did."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def pumped(call: Call, make: Callable[[], Iterator[Thing]]) -> Iterator[Thing | Waiting]:
    """What `make()` yields, and a `Waiting` at least every second while that is nothing.

    Raises what it raises. Closing this ends the call at once; the thread follows by itself.
    """
    things: queue.Queue[Any] = queue.Queue(AHEAD)
    threading.Thread(target=_read, args=(call, make, things), name="provider", daemon=True).start()
    try:
        while True:
            try:
                thing = things.get(timeout=LOOK)
            except queue.Empty:
                if call.left() < -LOOK:  # its thread is stuck where no deadline reaches: a name
                    raise TooSlow from None
                yield Waiting(0)
                continue
            if not isinstance(thing, _End):
                yield thing
            elif thing.error is None:
                return
            else:
                raise thing.error
    finally:
        call.end()


def _read(call: Call, make: Callable[[], Any], things: queue.Queue[Any]) -> None:
    error: BaseException | None = None
    try:
        with call.made_here(), closing(make()) as made:
            for thing in made:
                if not _handed_on(call, thing, things):
                    return
    except BaseException as caught:
        error = caught
    _handed_on(call, _End(error), things)


def _handed_on(call: Call, thing: Any, things: queue.Queue[Any]) -> bool:
    """Wait for the reader to take it. False: there is no reader any more."""
    while not call.stopped.is_set():
        try:
            things.put(thing, timeout=LOOK)
        except queue.Full:
            continue
        return True
    return False
