"""The three who answer the same requests: our engine, the library's server, the bare loop."""

from __future__ import annotations

import http.client
import json
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from appliance.engines.chat_template import ChatTemplate
from appliance.engines.contract import Finish, Prompt, Text, Ticket, Turn
from appliance.engines.llama import LlamaEngine

CONTEXT = 4096  # tokens of one stream
_PATIENCE = 300.0  # seconds


@dataclass
class Stream:
    """One answer as the asker saw it. Times are seconds after the request."""

    times: list[float] = field(default_factory=list)  # of each piece of text
    text: str = ""
    tokens: int = 0
    prompt_tokens: int = 0
    trouble: str = ""

    @property
    def first(self) -> float:
        return self.times[0] if self.times else float("nan")

    @property
    def last(self) -> float:
        return self.times[-1] if self.times else float("nan")


class Side:
    """Somebody who answers."""

    name: str

    def ask(self, turns: Sequence[Turn], tokens: int, **more: Any) -> Stream:
        """One answer; blocks until it is whole."""
        raise NotImplementedError

    def ask_all(self, talks: Sequence[Sequence[Turn]], tokens: int) -> list[Stream]:
        """All at once, a thread for each, as chat does it."""
        found: list[Stream] = [Stream() for _ in talks]

        def one(number: int) -> None:
            found[number] = self.ask(talks[number], tokens, session=f"s{time.monotonic()}{number}")

        together([lambda number=number: one(number) for number in range(len(talks))])
        return found

    def pid(self) -> int:
        raise NotImplementedError

    def worked(self) -> float:
        """Seconds of processor time that this process has spent. A busy machine stretches
        them less than the clock's."""
        spent = psutil.Process(self.pid()).cpu_times()
        return spent.user + spent.system

    def memory(self) -> float:
        """Megabytes of the process that holds the model."""
        return psutil.Process(self.pid()).memory_info().rss / 2**20

    def close(self) -> None:
        raise NotImplementedError


class Ours(Side):
    """The engine through what chat calls."""

    name = "ours"

    def __init__(self, model: Path, threads: int) -> None:
        self.engine = LlamaEngine(
            model, name="bench", context_tokens=CONTEXT, threads=threads, queue_limit=64
        )
        self.engine.count(["loaded"])

    def ask(self, turns: Sequence[Turn], tokens: int, **more: Any) -> Stream:
        """`on_text` is called at each piece; `fixed` turns hold nothing of a visitor."""
        prompt = Prompt(
            tuple(turns),
            max_tokens=tokens,
            temperature=0.0,
            fixed_turns=more.get("fixed", 0),
            ticket=Ticket(project="bench", session=more.get("session", "")),
        )
        stream, started = Stream(), time.monotonic()
        for piece in self.engine.write(prompt):
            if isinstance(piece, Text):
                stream.times.append(time.monotonic() - started)
                stream.text += piece.text
                more.get("on_text", bool)()
            elif isinstance(piece, Finish):
                stream.tokens = piece.usage.completion_tokens
                stream.prompt_tokens = piece.usage.prompt_tokens
        return stream

    def pid(self) -> int:
        pid = self.engine.pid()
        assert pid
        return pid

    def close(self) -> None:
        self.engine.close()


class Server(Side):
    """`llama_cpp.server` as its documentation starts it, with requests not interrupted."""

    name = "llama_cpp.server"

    def __init__(self, model: Path, threads: int) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        options = {
            "model": model, "host": "127.0.0.1", "port": self.port, "n_ctx": CONTEXT,
            "n_threads": threads, "n_threads_batch": threads, "interrupt_requests": False,
            "verbose": False,
        }  # fmt: skip
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "llama_cpp.server", *words],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + _PATIENCE
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > end:
                raise SystemExit("llama_cpp.server did not start.")
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            link.request("GET", "/v1/models")
            return link.getresponse().status == 200
        except OSError:
            return False

    def ask(self, turns: Sequence[Turn], tokens: int, **more: Any) -> Stream:
        body = {
            "messages": [{"role": turn.role, "content": turn.content} for turn in turns],
            "max_tokens": tokens, "temperature": 0.0, "repeat_penalty": 1.0, "stream": True,
        }  # fmt: skip
        stream, started = Stream(), time.monotonic()
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        link.request(
            "POST", "/v1/chat/completions", json.dumps(body), {"Content-Type": "application/json"}
        )
        answer = link.getresponse()
        while line := answer.readline():
            if line.startswith(b"data: {"):
                choice = json.loads(line[6:])["choices"][0]
                if text := choice["delta"].get("content"):
                    stream.times.append(time.monotonic() - started)
                    stream.text += text
                    more.get("on_text", bool)()
                if choice["finish_reason"] == "length":  # exact, however pieces were cut
                    stream.tokens = tokens
        link.close()
        stream.tokens = stream.tokens or len(stream.times)
        return stream

    def pid(self) -> int:
        return self.process.pid

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(20)


class Bare(Side):
    """`bare_loop.py`. It gets the same prompts, rendered by our template code."""

    name = "bare loop"

    def __init__(self, model: Path, threads: int, template: ChatTemplate, streams: int) -> None:
        self.template = template
        script = Path(__file__).with_name("bare_loop.py")
        self.process = subprocess.Popen(
            [sys.executable, str(script), str(model), str(threads), str(streams), str(CONTEXT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._hear()

    def _hear(self) -> Any:
        assert self.process.stdout
        return json.loads(self.process.stdout.readline())

    def ask_all(self, talks: Sequence[Sequence[Turn]], tokens: int) -> list[Stream]:
        texts = ["".join(part.text for part in self.template.segments(turns)) for turns in talks]
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"texts": texts, "tokens": tokens}) + "\n")
        self.process.stdin.flush()
        return [
            Stream(each["times"], "", len(each["times"]), each["prompt"])
            for each in self._hear()["streams"]
        ]

    def pid(self) -> int:
        return self.process.pid

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(20)


def together(work: Sequence[Callable[[], Any]]) -> None:
    """Do all at once and wait for all."""
    threads = [threading.Thread(target=each) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def rate(streams: Sequence[Stream]) -> float:
    """Tokens a second of all together, from the requests to the last token."""
    return sum(each.tokens for each in streams) / max(each.last for each in streams)


def writing_rate(streams: Sequence[Stream]) -> float:
    """The same after the first tokens: what is left when the prompts' reading is taken off."""
    began = max(each.first for each in streams)
    spent = max(each.last for each in streams) - began
    after = sum(
        each.tokens * sum(at > began for at in each.times) / len(each.times) for each in streams
    )
    return after / spent if spent > 0 else float("nan")


def slowest_first(streams: Sequence[Stream]) -> float:
    return max(each.first for each in streams)


def median_first(streams: Sequence[Stream]) -> float:
    return statistics.median(each.first for each in streams)
