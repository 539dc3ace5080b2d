"""Which models are in memory at the same time, and which one goes when another needs room."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from appliance.base.errors import EngineFailed
from appliance.engines import memory
from appliance.engines.life import State

log = logging.getLogger(__name__)

_MARGIN = 300 << 20  # bytes left for everybody else


@runtime_checkable
class Housed(Protocol):
    """An engine that can be loaded and unloaded."""

    def state(self) -> State: ...
    def pid(self) -> int | None: ...
    def idle(self) -> float: ...
    def preload(self) -> None: ...
    def close(self) -> None: ...


class NoRoom(EngineFailed):
    """A model that does not fit in the memory that is left, or not in this machine at all."""

    code = "out_of_memory"
    retryable = False


@dataclass
class Guest:
    """A model that is, or will be, in memory."""

    name: str
    needs: int  # bytes
    engine: Housed
    default: bool = False  # wanted at all times: never idle for too long, and last to go
    pinned: bool = False  # never goes at all

    @property
    def loaded(self) -> bool:
        return self.engine.state() in ("loading", "ready")


class Residence:
    """Admits a model when there is room, after unloading what is not needed just now."""

    def __init__(
        self,
        *,
        idle_seconds: float,
        available: Callable[[Iterable[int]], int] = memory.available,
        total: Callable[[], int] = memory.total,
        margin: int = _MARGIN,
    ) -> None:
        """`idle_seconds` 0: a model stays until another needs its room."""
        self._idle_seconds = idle_seconds
        self._available = available
        self._total = total
        self._margin = margin
        self._lock = threading.RLock()
        self._guests: dict[str, Guest] = {}

    def receive(self, guest: Guest) -> None:
        """Take a model into account from now on."""
        with self._lock:
            self._guests[guest.name] = guest

    def dismiss(self, name: str) -> None:
        """Forget a model; unload it first."""
        with self._lock:
            self._guests.pop(name, None)

    def prefer(self, name: str) -> None:
        """This language model is the default now; the one before is like any other."""
        with self._lock:
            for guest in self._guests.values():
                guest.default = guest.pinned or guest.name == name

    def admit(self, name: str) -> None:
        """Make room for a model that is about to be started. Raises NoRoom."""
        with self._lock:
            guest = self._guests.get(name)
            if guest:
                self.make_room(guest.needs, label=name, apart_from=name)

    def make_room(self, needs: int, *, label: str, apart_from: str = "") -> None:
        """Unload idle models, the least recently used first, until `needs` bytes are free.

        Nothing is unloaded when even that would not do. Raises NoRoom.
        """
        with self._lock:
            total = self._total()
            if total and needs > total:
                raise NoRoom(
                    f"{label} needs about {_gigabytes(needs)} of memory, and this machine has "
                    f"{_gigabytes(total)}. Choose a smaller model or a smaller quantisation."
                )
            going = self._idle_ones(apart_from)
            while (free := self._free(apart_from)) < needs and going:
                if free + sum(guest.needs for guest in going) < needs:
                    break
                self._unload(going.pop(0), why="another model needs its memory")
            if free < needs:
                raise NoRoom(
                    f"{label} needs about {_gigabytes(needs)} of memory, and {_gigabytes(free)} "
                    "are free. Unload another model, or choose a smaller one."
                )

    def tick(self) -> None:
        """Unload what has been idle for too long. Called now and then."""
        if not self._idle_seconds:
            return
        with self._lock:
            for guest in self._idle_ones(""):
                if not guest.default and guest.engine.idle() > self._idle_seconds:
                    self._unload(guest, why="nobody has used it for a while")

    def held(self) -> int:
        """Bytes that the models in memory hold."""
        return sum(memory.resident(pid) for pid in self._pids())

    def fits(self, needs: int) -> Literal["yes", "tight", "no"]:
        """yes; tight: only after others are unloaded; no: never on this machine."""
        total = self._total()
        if total and needs + self._margin > total:
            return "no"
        return "yes" if self._free("") >= needs else "tight"

    def _idle_ones(self, apart_from: str) -> list[Guest]:
        """The longest idle first; the default last."""
        found = [
            guest
            for guest in self._guests.values()
            if guest.engine.state() == "ready"
            and not guest.pinned
            and guest.name != apart_from
            and guest.engine.idle() > 0
        ]
        return sorted(found, key=lambda guest: (guest.default, -guest.engine.idle()))

    def _free(self, apart_from: str) -> int:
        """What is left once those that are loading have what they need."""
        coming = 0
        for guest in self._guests.values():
            if guest.engine.state() == "loading" and guest.name != apart_from:
                pid = guest.engine.pid()
                coming += max(0, guest.needs - (memory.resident(pid) if pid else 0))
        return max(0, self._available(self._pids()) - coming - self._margin)

    def _pids(self) -> list[int]:
        guests = list(self._guests.values())
        return [pid for guest in guests if (pid := guest.engine.pid()) is not None]

    def _unload(self, guest: Guest, *, why: str) -> None:
        log.info("model unloaded", extra={"model": guest.name, "why": why})
        guest.engine.close()


def _gigabytes(size: int) -> str:
    return f"{size / 2**30:.1f} GB"
