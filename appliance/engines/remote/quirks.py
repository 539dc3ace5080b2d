"""Pure: in what form the different providers want to be asked."""

from __future__ import annotations

import re
from collections.abc import Sequence

from appliance.engines.contract import Turn

NOTHING = "…"  # where a provider refuses an empty message
# Tokens that a model which thinks first may use for it, on top of the answer's.
THINKING = 4096

_REASONS = re.compile(r"(?:.*/)?(?:o[1-9]|gpt-[5-9])(?!.*chat)", re.I)
_GROQ_REASONS = re.compile(r"(?:.*/)?(?:qwen|deepseek-r1|gpt-oss)", re.I)


def reasons(model: str) -> bool:
    """Whether an OpenAI model thinks first: it takes no temperature, and other limits."""
    return bool(_REASONS.match(model))


def reasons_at_groq(model: str) -> bool:
    return bool(_GROQ_REASONS.match(model))


def plain(text: str) -> str:
    """Text that can be sent as UTF-8, without what JSON parsers in C choke on."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\N{REPLACEMENT CHARACTER}")


def system(turns: Sequence[Turn]) -> str:
    """All system turns as one text."""
    return plain("\n\n".join(turn.content for turn in turns if turn.role == "system"))


def alternating(turns: Sequence[Turn]) -> list[Turn]:
    """User and assistant turns, in turns, beginning with the user, none of them empty."""
    merged: list[Turn] = []
    for turn in turns:
        if turn.role == "system":
            continue
        content = plain(turn.content) if turn.content.strip() else NOTHING
        if merged and merged[-1].role == turn.role:
            content = f"{merged.pop().content}\n\n{content}"
        elif not merged and turn.role == "assistant":
            merged.append(Turn("user", NOTHING))
        merged.append(Turn(turn.role, content))
    return merged or [Turn("user", NOTHING)]


def messages(turns: Sequence[Turn]) -> list[dict[str, str]]:
    """As OpenAI and its like take them."""
    said = system(turns)
    first = [{"role": "system", "content": said}] if said else []
    return first + [{"role": turn.role, "content": turn.content} for turn in alternating(turns)]
