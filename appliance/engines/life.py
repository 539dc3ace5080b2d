"""One model process from its start to its end, seen from the program that started it."""

from __future__ import annotations

import itertools
import logging
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any, Literal

from appliance.base.errors import EngineFailed
from appliance.base.process import child_command
from appliance.engines.frames import Channel, Frame

log = logging.getLogger(__name__)

State = Literal["stopped", "loading", "ready", "failed"]

# A child gets these and nothing else of our environment: no key, no password.
_PASSED_ON = (
    "PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "TEMP", "TMP", "USERPROFILE",
    "SYSTEMROOT", "WINDIR", "LOCALAPPDATA", "APPDATA", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
    "VIRTUAL_ENV", "OMP_NUM_THREADS",
)  # fmt: skip
_FIXED = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TQDM_DISABLE": "1",
    # Idle threads sleep instead of spinning: on a busy machine twice the work gets done.
    "OMP_WAIT_POLICY": "PASSIVE",
    "PYTHONSAFEPATH": "1",  # the folder we happen to be in is no place to import from
}


def environment() -> dict[str, str]:
    """What a child process sees of the world: offline, and without our secrets."""
    known = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    package_root = str(Path(__file__).resolve().parents[2])
    return {**known, **_FIXED, "PYTHONPATH": package_root}


class Call:
    """One request to the child, and the frames that come back."""

    def __init__(self, life: Life, number: int) -> None:
        self._life = life
        self._number = number
        self._frames: queue.SimpleQueue[Frame | EngineFailed] = queue.SimpleQueue()
        self._over = threading.Event()

    def next(self, timeout: float) -> Frame | None:
        """The next frame; None when none came in time. Raises EngineFailed when the child died.

        A header with `last` ends the call. Do not ask for more after it.
        """
        try:
            frame = self._frames.get(timeout=timeout)
        except queue.Empty:
            return None
        if isinstance(frame, EngineFailed):
            raise frame
        return frame

    def abandon(self, grace: float) -> None:
        """Have the child stop working on this. One that does not within `grace` s is ended."""
        if self._over.is_set():
            return
        self._life.cancel(self._number)
        if not self._over.wait(grace):
            log.warning("a model process does not let go", extra={"child": self._life.kind})
            self._life.kill()

    def hang(self) -> EngineFailed:
        """End the child because it has been silent for too long. Returns the error to raise."""
        self._life.kill()
        return EngineFailed(f"The {self._life.label} does not answer. Please ask again.")

    def deliver(self, frame: Frame | EngineFailed) -> None:
        """From the reading thread: a frame for whoever waits in `next`."""
        if isinstance(frame, EngineFailed) or frame.header.get("last"):
            self._over.set()
        self._frames.put(frame)


class Life:
    """A process that is loading, then ready, then over. It does not come back."""

    def __init__(
        self,
        kind: str,
        *,
        label: str,
        load: Mapping[str, Any],
        on_answer: Callable[[], None],
        on_death: Callable[[], None],
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        """`on_death` is called before anybody can see that it died, `on_end` after that."""
        self.kind = kind
        self.label = label
        self.state: State = "loading"
        self.facts: dict[str, Any] = {}
        self.why = ""  # it is over, as a sentence
        self.refused = False  # it said itself that it cannot load this model
        self.pid: int | None = None
        self._load = load
        self._on_answer = on_answer
        self._on_death = on_death
        self._on_end = on_end
        self._wanted = True
        self._lock = threading.Lock()
        self._calls: dict[int, Call] = {}
        self._numbers = itertools.count(1)
        self._unsent: list[tuple[dict[str, Any], bytes]] = []
        self._popen: subprocess.Popen[bytes] | None = None
        self._channel: Channel | None = None
        # The thread that starts a process must live as long as the process: on Linux
        # the child is killed when that thread ends. So one thread starts it, reads from
        # it and buries it.
        self._keeper = threading.Thread(target=self._keep, name=f"{kind} keeper", daemon=True)
        self._keeper.start()

    @property
    def goes_on(self) -> bool:
        """It takes requests, or will once it has loaded."""
        return self._wanted and self.state in ("loading", "ready")

    @property
    def busy(self) -> bool:
        """It has requests that are not answered yet."""
        with self._lock:
            return bool(self._calls)

    def ask(self, header: dict[str, Any], payload: bytes) -> Call | None:
        """None when the process is over. Before it is ready, requests are kept."""
        with self._lock:
            if not self.goes_on:
                return None
            number = next(self._numbers)
            call = self._calls[number] = Call(self, number)
            message = {**header, "id": number}
            if self.state == "loading":
                self._unsent.append((message, payload))
                return call
        self._send(message, payload)
        return call

    def cancel(self, number: int) -> None:
        """The call ends when the child says so, or now when the child has not heard of it."""
        with self._lock:
            unheard = [message for message in self._unsent if message[0]["id"] == number]
            if unheard:
                self._unsent.remove(unheard[0])
                self._calls.pop(number).deliver(Frame({"last": True, "reason": "cancelled"}))
                return
        self._send({"op": "cancel", "id": number})

    def kill(self) -> None:
        """End it now. Its calls hear that it died."""
        if self._popen:
            self._popen.kill()

    def end(self) -> None:
        """End it because it is no longer wanted, and wait until it is gone."""
        with self._lock:
            self._wanted = False
        self.kill()
        self._keeper.join(10)

    def _send(self, header: dict[str, Any], payload: bytes = b"") -> None:
        try:
            if self._channel:
                self._channel.send(header, payload)
        except (OSError, ValueError):  # it is gone; whoever reads from it finds out why
            self.kill()

    def _keep(self) -> None:
        try:
            self._converse(self._start())
        except (OSError, ValueError, LookupError, TypeError) as error:  # or it talks nonsense
            self.why = f"The {self.label} could not be used ({type(error).__name__})."
            self.kill()
        self._bury(self._reap())

    def _start(self) -> Channel:
        popen = subprocess.Popen(
            child_command(self.kind),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        if not (popen.stdin and popen.stdout and popen.stderr):
            raise ValueError("no pipes")
        channel = Channel(popen.stdout, popen.stdin)
        with self._lock:
            self._popen, self.pid, self._channel = popen, popen.pid, channel
            if not self._wanted:  # no longer, before it was even born
                popen.kill()
        threading.Thread(target=self._listen, args=(popen.stderr,), daemon=True).start()
        channel.send({**self._load, "op": "load"})
        return channel

    def _converse(self, channel: Channel) -> None:
        while frame := channel.receive():
            match frame.header.get("op"):
                case "ready":
                    self._ready(frame)
                case "failed":
                    self.why, self.refused = str(frame.header["message"]), True
                case _:
                    self._route(frame)

    def _ready(self, frame: Frame) -> None:
        with self._lock:
            self.facts = {name: value for name, value in frame.header.items() if name != "op"}
            self.state = "ready"
            unsent, self._unsent = self._unsent, []
        log.info("model process ready", extra={"child": self.kind, "pid": self.pid})

        def send() -> None:
            for message, payload in unsent:
                self._send(message, payload)

        # Elsewhere, because this thread has to go on reading for the child to go on writing.
        threading.Thread(target=send, daemon=True).start()

    def _route(self, frame: Frame) -> None:
        number, last = int(frame.header["id"]), bool(frame.header.get("last"))
        with self._lock:
            call = self._calls.pop(number, None) if last else self._calls.get(number)
        if last:
            self._on_answer()
        if call:
            call.deliver(frame)

    def _reap(self) -> int:
        if not self._popen:
            return -1
        try:
            status = self._popen.wait(5)
        except subprocess.TimeoutExpired:  # it closed its pipe and stays
            self._popen.kill()
            status = self._popen.wait()
        for pipe in (self._popen.stdin, self._popen.stdout):
            try:
                if pipe:
                    pipe.close()
            except OSError:  # what was left to write has no reader any more
                pass
        return status

    def _bury(self, status: int) -> None:
        if self._wanted:
            self.why = self.why or self._obituary(status)
            self._on_death()  # before anybody sees that it is over and starts another
            log.error("a model process ended", extra={"child": self.kind, "status": status})
        else:
            self.why = f"The {self.label} was unloaded while it worked. Please ask again."
        with self._lock:
            self.state = "failed" if self._wanted else "stopped"
            calls, self._calls = list(self._calls.values()), {}
        for call in calls:
            call.deliver(EngineFailed(self.why))
        if self._wanted:
            self._on_end()

    def _obituary(self, status: int) -> str:
        cause = f"status {status}"
        if status < 0 and -status in set(signal.Signals):
            cause = signal.Signals(-status).name
        if cause == "SIGKILL" and sys.platform == "linux":
            cause += ", perhaps because memory ran out"
        when = "unexpectedly" if self.facts else "while it was loading"
        return f"The {self.label} stopped {when} ({cause}). Please ask again."

    def _listen(self, stderr: IO[bytes]) -> None:
        """What the libraries in the child print belongs in the log, line by line."""
        with stderr:
            for line in iter(lambda: stderr.readline(4096), b""):
                if text := line.decode("utf-8", "replace").strip()[:500]:
                    log.warning("from a model process", extra={"child": self.kind, "line": text})
