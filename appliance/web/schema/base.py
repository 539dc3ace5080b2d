"""What all shapes share: nothing unknown comes in, nothing unlisted goes out."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from appliance.base import freeform

METADATA_CHARACTERS = 16_384


def _small(value: dict[str, Any]) -> dict[str, Any]:
    return freeform.bounded(value, limit=METADATA_CHARACTERS)


Metadata = Annotated[dict[str, Any], AfterValidator(_small)]
Id = Annotated[str, Field(min_length=1, max_length=64)]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]
Time = Annotated[str, Field(json_schema_extra={"format": "date-time"})]  # RFC 3339, UTC


class Body(BaseModel):
    """What a caller sends."""

    model_config = ConfigDict(extra="forbid")


class Query(Body):
    """What stands behind the question mark."""

    @classmethod
    @cache
    def model_json_schema(cls, *args: Any, **options: Any) -> dict[str, Any]:  # type: ignore[override]
        # The framework looks at it with every request; making it takes milliseconds.
        return super().model_json_schema(*args, **options)


class Paged(Query):
    """Which page of a list."""

    limit: int = Field(50, ge=1, le=200, description="How many at most.")
    cursor: str | None = Field(
        None, max_length=200, description="`next_cursor` of the page before."
    )


class Reply(BaseModel):
    """What a caller gets."""

    model_config = ConfigDict(extra="forbid")


class Error(Reply):
    """What went wrong. `code` is stable, `message` is for people."""

    message: str
    type: str
    param: str | None = Field(description="The field of the request that it is about.")
    code: str
    request_id: str


class ErrorReply(Reply):
    """The one shape of every error."""

    error: Error
