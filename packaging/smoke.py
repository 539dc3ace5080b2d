"""Walk through the frozen program in an empty folder, with no network.

    python packaging/smoke.py [--program dist/inhouse/appliance]

Set-up, upload, a cited answer, an answer that the model writes, the window where
there is a display to be had, stop. 0 when all of it worked and nothing was left
running. Uses nothing but Python's own library, as no other is on the machine it
stands for.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smoke_steps import Client, Failed, code_in, free_port, must, say, step, until

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "dist" / "inhouse" / "appliance"
LIMIT = 300  # seconds for all of it
CUT_OFF = "INHOUSE_SMOKE_CUT_OFF"

FACT = "Visitors may park in the courtyard on Sundays between nine and noon."
HANDBOOK = f"""# House rules

The office opens at eight in the morning on working days.

## Parking

{FACT} On all other days the courtyard belongs to deliveries.

## Leave

Every member of the staff has thirty days of paid leave in a year.
"""


def main() -> int:
    """0 when the walk went through."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", type=Path, default=PROGRAM)
    program = parser.parse_args().program.resolve()
    if not program.exists():
        print(f"{program} is not there. Run: make bundle", file=sys.stderr)
        return 1
    if os.environ.get(CUT_OFF) is None and (code := without_network()) is not None:
        return code
    signal.signal(signal.SIGALRM, late)
    signal.alarm(LIMIT)
    folder = Path(tempfile.mkdtemp(prefix="inhouse-smoke-"))
    try:
        walk(program, folder)
    except Failed as failure:
        print(f"FAILED: {failure}", file=sys.stderr)
        for log in (folder / "server.txt", folder / "window.txt"):
            if log.exists():
                print(
                    f"--- {log.name}\n{log.read_text('utf-8', 'replace')[-3000:]}", file=sys.stderr
                )
        return 1
    finally:
        for pid in running(program):
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)
    print("The frozen program works.")
    return 0


def late(*_: object) -> None:
    raise Failed(f"not done after {LIMIT} s")


# -- the machine it stands for --------------------------------------------------


def without_network() -> int | None:
    """Run this again in a network of its own that leads nowhere; its code, None if not allowed."""
    flags = ["-n"] if os.geteuid() == 0 else ["-r", "-n"]
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, *flags, "true"], check=False).returncode:
        print("(no right to cut the network off here: the walk has one)")
        return None
    again = [unshare, *flags, sys.executable, *sys.argv]
    return subprocess.run(again, env={**os.environ, CUT_OFF: "1"}, check=False).returncode


def raise_loopback() -> None:
    """In a fresh network not even 127.0.0.1 works until its interface is up."""
    import fcntl
    import socket
    import struct

    get, put, up = 0x8913, 0x8914, 0x1  # SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP: netdevice(7)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        ask = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(control, get, ask))[1]
        fcntl.ioctl(control, put, struct.pack("16sh14x", b"lo", flags | up))


def surroundings(folder: Path, **more: str) -> dict[str, str]:
    """The environment of somebody who has only just installed it."""
    return {"HOME": str(folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **more}


def running(program: Path) -> list[int]:
    """The processes of the program that are alive: itself, its children, its web engine."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            started_from = (entry / "exe").readlink()
        except OSError:
            continue  # gone, or somebody else's
        if started_from.is_relative_to(program.parent):
            found.append(int(entry.name))
    return found


# -- the walk -----------------------------------------------------------------------


def walk(program: Path, folder: Path) -> None:
    """Everything, in the order a person does it. Raises Failed."""
    if os.environ.get(CUT_OFF):
        raise_loopback()
        say("cut off from every network")
    options = ["--data-dir", str(folder / "data"), "--key-file", str(folder / "key" / "key")]
    with step("says what it can do"):
        done = subprocess.run(
            [program, "--help"],
            env=surroundings(folder),
            capture_output=True,
            text=True,
            check=False,
        )
        must("Commands:" in done.stdout, done.stdout + done.stderr)
    with server(program, folder, options) as client:
        with step("first admin, with the code it printed"):
            client.set_up(code_in(folder / "server.txt"))
        with step("a document, taken in and read"):
            assistant = client.send("/v1/assistants", {"name": "Front desk"})["id"]
            client.upload(assistant, "house-rules.md", HANDBOOK.encode())
            until(lambda: client.ready(assistant), 120, "the document to be ready")
        with step("a cited answer in its own words"):
            check_answer(client, assistant, "quote", cited=True)
        with step("an answer that the model writes"):
            check_answer(client, assistant, "generate", cited=False)
    if shutil.which("Xvfb"):
        with step("the window"):
            window(program, folder, options)
    else:
        say("(no Xvfb here: the window is not opened)")
    with step("nothing left running"):
        until(lambda: not running(program), 10, "its processes to end")


@contextmanager
def server(program: Path, folder: Path, options: list[str]) -> Iterator[Client]:
    """The program serving, and its first answer timed; stopped as a service manager would."""
    port = free_port()
    with (folder / "server.txt").open("wb") as log, step("answers"):
        process = subprocess.Popen(
            [program, "serve", *options, "--port", str(port)],
            cwd=folder,
            env=surroundings(folder),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        client = Client(f"http://127.0.0.1:{port}")
        until(lambda: process.poll() is not None or client.healthy(), 60, "the first answer")
        must(process.poll() is None, "it ended at once")
    yield client
    with step("stops when told to"):
        process.terminate()
        must(process.wait(30) == 0, f"exit code {process.returncode}")


def check_answer(client: Client, assistant: str, mode: str, *, cited: bool) -> None:
    """Ask where to park. Raises Failed unless the answer is there and shows where it is from."""
    client.send(f"/v1/assistants/{assistant}", {"answers": {"mode": mode}}, method="PATCH")
    session = client.send(f"/v1/assistants/{assistant}/sessions", {})["id"]
    reply = client.send(
        f"/v1/sessions/{session}/messages", {"content": "When may visitors park in the courtyard?"}
    )["reply"]
    say(f'  "{reply["content"][:160]}" ({reply["mode"]}, {reply["latency_ms"]} ms)')
    must(reply["state"] == "complete", json.dumps(reply))
    must(mode != "generate" or reply["completion_tokens"] > 0, json.dumps(reply))
    if cited:
        must(FACT in reply["content"], "the fact is not in the answer")
        must(reply["citations"][0]["document_name"] == "house-rules.md", "it is not cited")


def window(program: Path, folder: Path, options: list[str]) -> None:
    """`appliance desktop` opens the console, signed in, and closes. Raises Failed."""
    port, peephole = free_port(), free_port()
    display, number = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(number), "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
        pass_fds=[number],
        stderr=subprocess.DEVNULL,
    )
    os.close(number)
    try:
        with os.fdopen(display) as named, (folder / "window.txt").open("wb") as log:
            process = subprocess.Popen(
                [program, "desktop", *options, "--port", str(port)],
                cwd=folder,
                env=surroundings(
                    folder,
                    DISPLAY=":" + named.readline().strip(),
                    QTWEBENGINE_REMOTE_DEBUGGING=f"127.0.0.1:{peephole}",
                ),
                stdout=log,
                stderr=log,
            )
        began = time.monotonic()
        until(lambda: "Starting Inhouse" in shown(peephole), 20, "the starting page")
        say(f"  starting page after {time.monotonic() - began:.1f} s")
        until(lambda: f":{port}/assistants" in shown(peephole), 60, "the console, signed in")
        say(f"  console after {time.monotonic() - began:.1f} s")
        process.terminate()
        must(process.wait(30) == 0, f"exit code {process.returncode}")
    finally:
        screen.terminate()
        screen.wait(10)


def shown(peephole: int) -> str:
    """Titles and addresses of what the window's engine shows."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{peephole}/json/list", timeout=2) as reply:
            return " ".join(f"{page['title']} {page['url']}" for page in json.load(reply))
    except (OSError, ValueError):
        return ""


if __name__ == "__main__":
    sys.exit(main())
