"""Pure: an account with a provider of models: where, with which key, at which prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Kind = Literal["openai", "azure", "anthropic", "gemini", "groq", "compatible"]
ModelRole = Literal["language", "embedding"]


class Secret:
    """A text that shows itself to nobody who does not ask for it by name."""

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"


class Facts(NamedTuple):
    """What is the same for all accounts of one kind."""

    title: str
    base_url: str | None  # None: every account has its own
    key_header: str
    key_prefix: str = ""
    key_needed: bool = True
    in_the_house: bool = False  # may be on the office's own network, without TLS too
    context_tokens: int = 128_000  # where the account does not say


KINDS: Mapping[Kind, Facts] = {
    "openai": Facts("OpenAI", "https://api.openai.com/v1", "authorization", "Bearer "),
    # Private Link gives an Azure host an address of the office's own network.
    "azure": Facts("Azure OpenAI", None, "api-key", in_the_house=True),
    "anthropic": Facts(
        "Anthropic", "https://api.anthropic.com", "x-api-key", context_tokens=200_000
    ),
    "gemini": Facts("Google Gemini", "https://generativelanguage.googleapis.com", "x-goog-api-key"),
    "groq": Facts(
        "Groq", "https://api.groq.com", "authorization", "Bearer ", context_tokens=32_768
    ),
    "compatible": Facts(
        "OpenAI-compatible server",
        None,
        "authorization",
        "Bearer ",
        key_needed=False,
        in_the_house=True,
        context_tokens=8192,
    ),
}
API_VERSION = "2024-10-21"  # of Azure, where the account does not say


@dataclass(frozen=True)
class RemoteModel:
    """One model of an account. Prices in US dollars for a million tokens; None: not known."""

    name: str  # Azure: the deployment's
    role: ModelRole = "language"
    input_usd_per_million: float | None = None
    output_usd_per_million: float | None = None
    context_tokens: int | None = None

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float | None:
        """What so many tokens cost; None when a price that counts is not known."""
        prices = (
            (prompt_tokens, self.input_usd_per_million),
            (completion_tokens, self.output_usd_per_million),
        )
        total = 0.0
        for tokens, price in prices:
            if tokens and price is None:
                return None
            total += tokens * (price or 0.0) / 1_000_000
        return total


@dataclass(frozen=True)
class Account:
    """How to reach one provider. `in_the_house`: its address may be a private one."""

    id: str
    kind: Kind
    name: str
    base_url: str
    key: Secret | None = None
    api_version: str | None = None
    in_the_house: bool = False
    models: tuple[RemoteModel, ...] = field(default=())

    @property
    def credential(self) -> tuple[str, str] | None:
        """The one header that carries the key."""
        if self.key is None:
            return None
        facts = KINDS[self.kind]
        return facts.key_header, facts.key_prefix + self.key.reveal()
