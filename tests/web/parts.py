"""Who asks in these tests, and the small real parts they ask of."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from appliance.engines.contract import (
    Finish,
    LanguageEngine,
    Piece,
    Prompt,
    Source,
    Text,
    Usage,
)
from appliance.library.ground import Verdict
from tests.web.schemas import check_reply

SHOP, MALLORYS = "https://shop.example", "https://mallory.example"
PASSWORD = "a quiet harbour in may"
WRITES_ANYTHING = {"mode": "generate", "min_confidence": 0, "unsupported": "mark"}


def believing(said: Sequence[str], sources: Sequence[Source]) -> list[Verdict]:
    """Every sentence is supported by the first source."""
    return [Verdict(supported=True, source_number=sources[0].number, quote=(0, 9)) for _ in said]


class Storyteller(LanguageEngine):
    """Writes so many short sentences, word by word, at the pace it is given."""

    name = "story"

    def __init__(self, delay: float = 0.0, *, facts: int = 30) -> None:
        self.model = "story"
        self.context_tokens = 4096
        self._delay, self._facts = delay, facts

    def write(self, prompt: Prompt) -> Iterator[Piece]:
        words = " ".join(f"Fact {number} is here." for number in range(self._facts)).split(" ")
        for word in words:
            time.sleep(self._delay)
            yield Text(f"{word} ")
        yield Finish("stop", Usage(sum(self.count([t.content for t in prompt.turns])), len(words)))


@dataclass
class Asker:
    """Somebody who sends requests, always with the same headers and cookies."""

    app: Flask
    headers: dict[str, str] = field(default_factory=dict)
    session: str = ""  # of a visitor
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def ask(self, method: str, path: str, json: Any = None, **more: Any) -> TestResponse:
        """One request. What the description of the interface promises of its reply is checked."""
        headers = {**self.headers, **more.pop("headers", {})}
        if json is not None:
            more["json"] = json
        reply = self.client.open(path, method=method, headers=headers, **more)
        check_reply(self.app, method, path, reply)
        return reply

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.ask("GET", path, **more)

    def post(self, path: str, json: Any = None, **more: Any) -> TestResponse:
        return self.ask("POST", path, json, **more)

    def put(self, path: str, json: Any = None, **more: Any) -> TestResponse:
        return self.ask("PUT", path, json, **more)

    def patch(self, path: str, json: Any = None, **more: Any) -> TestResponse:
        return self.ask("PATCH", path, json, **more)

    def delete(self, path: str, **more: Any) -> TestResponse:
        return self.ask("DELETE", path, **more)


Ask = Callable[..., Asker]


def code_of(reply: TestResponse) -> tuple[int, str]:
    """Status and code of an error."""
    return reply.status_code, reply.json["error"]["code"]


def events_of(reply: TestResponse) -> list[tuple[str, str, Mapping[str, Any]]]:
    """Id, name and data of each event of a stream that is over."""
    found = []
    for block in reply.get_data(as_text=True).split("\n\n"):
        said = [line for line in block.split("\n") if line and not line.startswith(":")]
        lines = dict(line.split(": ", 1) for line in said)
        if "data" in lines:
            found.append((lines.get("id", ""), lines["event"], json.loads(lines["data"])))
    return found
