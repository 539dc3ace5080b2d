"""Pure: what happens while an answer is written, in the one form that every door encodes.

    message.start   {"session_id", "message": {the question}, "reply_id"}
    status          {"state": "searching" | "queued" | "writing", "position"?, "wait_seconds"?}
    sources         {"sources": [citation without its quote, …]}: all that are cited so
                    far, under their final numbers; sent again whenever one is added and
                    always before the text that refers to it
    message.delta   {"delta"}
    message.end     {"message": {the answer}, "usage": {…}}: its content is what counts
    error           {"error": {"code", "message", "type"}, "message"?: {the answer}}

The last event is `message.end` or `error`. Numbers run from 1 without gaps.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Data = dict[str, Any]

START, STATUS, SOURCES, DELTA = "message.start", "status", "sources", "message.delta"
END, ERROR = "message.end", "error"


@dataclass(frozen=True)
class Event:
    """One event of one answer."""

    number: int
    name: str
    data: Data

    @property
    def last(self) -> bool:
        """Whether the answer is over."""
        return self.name in (END, ERROR)


def start(question: Data, reply_id: str) -> Data:
    return {"session_id": question["session_id"], "message": question, "reply_id": reply_id}


def status(
    state: Literal["searching", "queued", "writing"],
    position: int | None = None,
    seconds: float | None = None,
) -> Data:
    """`position` others are served first; `seconds` it may take until the first word."""
    said: Data = {"state": state}
    if position is not None:
        said["position"] = position
    if seconds is not None:
        said["wait_seconds"] = math.ceil(seconds)
    return said


def sources(citations: Sequence[Mapping[str, Any]]) -> Data:
    return {
        "sources": [
            {name: value for name, value in citation.items() if name != "quote"}
            for citation in citations
        ]
    }


def delta(text: str) -> Data:
    return {"delta": text}


def end(answer: Data) -> Data:
    return {"message": answer, "usage": usage(answer)}


def usage(answer: Mapping[str, Any]) -> dict[str, int]:
    """Token counts in the form that OpenAI's clients know."""
    prompt, completion = answer["prompt_tokens"], answer["completion_tokens"]
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }


def error(code: str, message: str, answer: Data | None = None) -> Data:
    kind = "busy" if code == "busy" else "api_error"
    told: Data = {"error": {"code": code, "message": message, "type": kind}}
    return told | ({"message": answer} if answer else {})
