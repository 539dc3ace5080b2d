"""Pure: what an assistant can be told to be. The API's schema and the stored form are this."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    ValidationError,
)

from appliance.base import freeform
from appliance.base.errors import Invalid
from appliance.people import origins

if TYPE_CHECKING:
    from appliance.store.assistants import Assistant

JSON_LIMIT = 16_384  # characters of a free-form object, written as JSON


def _printable(text: str) -> str:
    if any(letter < " " and letter not in "\t\n\r" for letter in text) or "\x7f" in text:
        raise ValueError("This text holds control characters.")
    return text


def _bounded(value: dict[str, JsonValue]) -> dict[str, JsonValue]:
    return freeform.bounded(value, limit=JSON_LIMIT)


def _site(text: str) -> str:
    try:
        return origins.site(text)
    except Invalid as error:
        raise ValueError(error.message) from None


def _each_once(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


Text = Annotated[
    str, StringConstraints(strip_whitespace=True, strict=True), AfterValidator(_printable)
]
Id = Annotated[Text, Field(min_length=1, max_length=64)]
Site = Annotated[str, Field(max_length=300), AfterValidator(_site)]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$", to_lower=True, strict=True)]
FreeForm = Annotated[dict[str, JsonValue], AfterValidator(_bounded)]


class Part(BaseModel):
    """What every part has in common: no unknown field, no guessing at types."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


ModelName = Annotated[Text, Field(min_length=1, max_length=200)]


class Uses(Part):
    """Models for other work than answering. None: the one that answers."""

    draft: ModelName | None = None
    summary: ModelName | None = None
    title: ModelName | None = None


class Llm(Part):
    """Which model writes, and how. Those of providers are called `<provider id>/<model>`."""

    model: ModelName | None = None  # None: the appliance's default
    fallback: Annotated[list[ModelName], AfterValidator(_each_once)] = Field(
        default_factory=list, max_length=5
    )  # tried in this order when `model` cannot answer; after them the documents are quoted
    uses: Uses = Field(default_factory=Uses)
    temperature: float = Field(default=0.2, ge=0, le=2)
    top_p: float = Field(default=0.95, gt=0, le=1)
    max_tokens: int = Field(default=400, ge=1, le=8192)


class Answers(Part):
    """How far an answer may go beyond the words of the documents, and when there is none."""

    mode: Literal["auto", "generate", "quote"] = "auto"
    refusal_text: Text = Field(default="I don't know", min_length=1, max_length=1000)
    unsupported: Literal["mark", "withhold"] = "mark"
    min_confidence: float | None = Field(
        default=None, ge=0, le=1
    )  # None: the search's own threshold
    # Until the first word. In mode `auto` a longer wait is answered in the documents' words.
    wait_seconds: int = Field(default=30, ge=1, le=600)


class Knowledge(Part):
    """Where answers come from, besides the assistant's own collection."""

    collection_ids: Annotated[list[Id], AfterValidator(_each_once)] = Field(
        default_factory=list, max_length=50
    )
    k: int = Field(default=6, ge=1, le=50)  # passages an answer may draw on
    filters: FreeForm = Field(default_factory=dict)


class Security(Part):
    """Who may embed the assistant. No site at all until one is listed."""

    allowed_origins: Annotated[list[Site], AfterValidator(_each_once)] = Field(
        default_factory=list, max_length=100
    )


class Widget(Part):
    """How it looks on a page."""

    theme: Literal["auto", "light", "dark"] = "auto"
    position: Literal["bottom-right", "bottom-left", "top-right", "top-left", "inline"] = (
        "bottom-right"
    )
    title: Text = Field(default="", max_length=120)
    primary_color: Colour = "#0f766e"
    welcome_message: Text = Field(default="", max_length=2000)
    placeholder: Text = Field(default="", max_length=200)


class AssistantConfig(Part):
    """Everything about an assistant that a person decides."""

    name: Text = Field(min_length=1, max_length=120)
    description: Text = Field(default="", max_length=2000)
    instructions: Text = Field(default="", max_length=20_000)
    tone: Text = Field(default="", max_length=500)
    metadata: FreeForm = Field(default_factory=dict)
    llm: Llm = Field(default_factory=Llm)
    answers: Answers = Field(default_factory=Answers)
    knowledge: Knowledge = Field(default_factory=Knowledge)
    security: Security = Field(default_factory=Security)
    widget: Widget = Field(default_factory=Widget)


class InvalidConfig(Invalid):
    """A configuration that does not hold; `param` is the path of the first wrong field."""


def validated(data: Any) -> AssistantConfig:
    """A configuration from plain JSON. Raises InvalidConfig."""
    try:
        return AssistantConfig.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        path = ".".join(str(step) for step in first["loc"])
        sentence = first["msg"].removeprefix("Value error, ").rstrip(".")
        raise InvalidConfig(f"{path or 'body'}: {sentence}.", param=path or None) from None


def merge(config: AssistantConfig, patch: Mapping[str, Any]) -> AssistantConfig:
    """The configuration after a partial change: a JSON merge patch (RFC 7396).

    Objects are merged by key, lists are replaced, and null sets a field back to its
    default (or takes a key out of `metadata` and `filters`). Raises InvalidConfig.
    """
    return validated(_merged(config.model_dump(), patch))


def _merged(target: Any, patch: Any) -> Any:
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = _merged(merged.get(key), value)
    return merged


def stored(assistant: Assistant) -> AssistantConfig:
    """What an assistant is configured to be. Its row's name is the one that counts."""
    return validated({**assistant.config, "name": assistant.name})
