"""Providers of models outside this program, and what must never be shown to them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from appliance.web.schema.base import Body, Name, Paged, Reply, Time

Kind = Literal["openai", "azure", "anthropic", "gemini", "groq", "compatible"]
Address = Annotated[str, Field(max_length=300)]
Key = Annotated[str, Field(min_length=1, max_length=4096)]
Version = Annotated[str, Field(max_length=40, pattern=r"^[A-Za-z0-9._-]*$")]
Price = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]


class ProviderModel(Body):
    """A model that may be chosen. Prices in US dollars for a million tokens."""

    name: str = Field(min_length=1, max_length=160, pattern=r"^[\x21-\x7e]+$")
    role: Literal["language", "embedding"] = "language"
    input_usd_per_million: Price | None = None
    output_usd_per_million: Price | None = None
    context_tokens: int | None = Field(None, ge=256, le=10_000_000)


Models = Annotated[list[ProviderModel], Field(max_length=100)]


class ProviderBody(Body):
    """A new provider. It is off, and no project allows it, until somebody says so."""

    kind: Kind
    name: Name
    base_url: Address | None = None
    api_version: Version | None = None
    key: Key | None = Field(None, description="Written, never read.")
    models: Models = Field(default_factory=list)
    enabled: bool = False


class ProviderPatch(Body):
    """What to change. A new `base_url` drops the key, unless one comes with it."""

    name: Name | None = None
    base_url: Address | None = None
    api_version: Version | None = None
    key: Key | None = Field(None, description="Written, never read; null forgets it.")
    models: Models | None = None
    enabled: bool | None = None


class PermissionBody(Body):
    """Whether this project's texts may be sent there."""

    allowed: bool


class ProviderPath(Body):
    provider_id: str


class ProviderHealth(Reply):
    """How a provider has been doing. `open`: it is given a rest after failing too often."""

    state: Literal["closed", "open", "half_open"]
    failures: int
    last_error: str | None
    latency_ms: int | None


class Provider(Reply):
    """A provider. Where it is and what its key ends in are told to operators only."""

    id: str
    kind: Kind
    name: str
    base_url: str | None
    api_version: str | None
    models: list[ProviderModel]
    has_key: bool
    key_hint: str | None
    enabled: bool
    allowed: bool = Field(description="In your project.")
    health: ProviderHealth
    created_at: Time
    updated_at: Time


class ProviderPage(Reply):
    data: list[Provider]


class ProviderTrouble(Reply):
    """What went wrong, in our words: never in the provider's."""

    code: str
    message: str


class ProviderTest(Reply):
    """What came of trying it."""

    ok: bool
    latency_ms: int | None
    models: list[str]
    error: ProviderTrouble | None


class ModelChoice(Reply):
    """A model that an assistant may be told to use."""

    name: str
    title: str
    engine: str = Field(description="`local`, or the kind of its provider.")
    leaves_the_box: bool
    available: bool


class ModelChoices(Reply):
    data: list[ModelChoice]


class CollectionQuery(Paged):
    """Which collections."""


class CollectionPath(Body):
    collection_id: str


class CollectionPatch(Body):
    """What to change."""

    name: Name | None = None
    never_leaves_the_box: bool | None = None


class Collection(Reply):
    """Documents that are searched together."""

    id: str
    name: str
    never_leaves_the_box: bool = Field(
        description="No model outside this program is ever shown anything of it."
    )
    documents: int


class CollectionPage(Reply):
    data: list[Collection]
    next_cursor: str | None
