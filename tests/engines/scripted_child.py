"""A child process for tests: it speaks the frames, and does as it is told."""

from __future__ import annotations

import os
import signal
import sys
import time

from appliance.engines.frames import Channel, Frame, to_parent


def main() -> None:
    """Load, then obey one order after the other."""
    channel = to_parent()
    first = channel.receive()
    assert first
    match first.header.get("start"):
        case "refuse":
            channel.send({"op": "failed", "message": "The model file is damaged."})
            return
        case "die":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "slowly":
            time.sleep(0.3)
    print("a library says hello on standard output")  # noqa: T201
    channel.send({"op": "ready", "pid": os.getpid()})
    while frame := channel.receive():
        obey(channel, frame)


def obey(channel: Channel, frame: Frame) -> None:
    """One order."""
    number = frame.header["id"]
    match frame.header["op"]:
        case "say":
            channel.send({"id": number, "last": True, "said": frame.header["text"]}, frame.payload)
        case "print":
            print(frame.header["text"], flush=True)  # noqa: T201
            channel.send({"id": number, "last": True})
        case "begin":
            channel.send({"id": number})
        case "environment":
            channel.send({"id": number, "last": True, "environment": dict(os.environ)})
        case "die":
            os.kill(os.getpid(), frame.header["signal"])
        case "hoard":
            hoard()
        case "raise":
            raise ValueError(frame.header["text"])
        case "nonsense":
            channel._outgoing.write(b"\xff" * 64)
            channel._outgoing.flush()
            time.sleep(60)
        case "cancel":  # and it goes on all the same
            pass


def hoard() -> None:
    """Take memory until there is none left: a little further than now, to spare the machine."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    taken = []
    while True:
        taken.append(bytearray(1 << 26))


if __name__ == "__main__":
    sys.exit(main())
