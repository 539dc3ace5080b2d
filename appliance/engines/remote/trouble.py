"""Pure: what can go wrong at a provider. One family, whatever its own errors are called.

ProviderFailed            provider_failed
├── RateLimited           provider_rate_limited   too often; `retry_after` if it said so
├── CreditSpent           provider_credit_spent   the account is used up
├── KeyRefused            provider_key_refused
├── ModelUnknown          provider_model_unknown
├── Refused               provider_refused        it will not take this request
├── Unreachable           provider_unreachable    no connection, or its server is in trouble
├── Untrusted             provider_untrusted      its certificate is not one that holds
├── TooSlow               provider_too_slow       a deadline passed
├── Nonsense              provider_nonsense       what came back is no answer
├── AddressRefused        provider_address        we do not speak to this address
└── StaysInside           stays_in_the_box        we do not send this text to anybody

A prompt that is too long is `PromptTooLong`, as everywhere. The provider's own words
are looked at here and kept nowhere: they may repeat the key or the text.
"""

from __future__ import annotations

import re
from typing import ClassVar

from appliance.base.errors import ApplianceError, EngineFailed
from appliance.engines.contract import PromptTooLong


class ProviderFailed(EngineFailed):
    """A provider did not answer as asked."""

    code = "provider_failed"
    again: ClassVar[bool] = False  # the same request may work in a moment
    theirs: ClassVar[bool] = True  # counts against the provider's health
    sentence: ClassVar[str] = "The model's provider did not answer."

    def __init__(self, message: str | None = None, **facts: str | int | float) -> None:
        super().__init__(message or self.sentence, **facts)


class RateLimited(ProviderFailed):
    code = "provider_rate_limited"
    again = True
    sentence = "The model's provider takes no more questions for the moment."

    def __init__(self, retry_after: float | None = None) -> None:
        super().__init__(None, **({} if retry_after is None else {"retry_after": retry_after}))
        self.retry_after = retry_after


class CreditSpent(ProviderFailed):
    code = "provider_credit_spent"
    sentence = "The account with the model's provider is used up. Its owner must top it up."


class KeyRefused(ProviderFailed):
    code = "provider_key_refused"
    sentence = "The model's provider does not accept our key. Enter it anew in the console."


class ModelUnknown(ProviderFailed):
    code = "provider_model_unknown"
    sentence = "The model's provider does not know this model, or is not at this address."


class Refused(ProviderFailed):
    code = "provider_refused"
    theirs = False
    sentence = "The model's provider did not take this request."

    def __init__(
        self, message: str | None = None, *, named: str | None = None, **facts: str | int | float
    ) -> None:
        super().__init__(message, **facts)
        self.named = named  # the parameter it complained about


class Unreachable(ProviderFailed):
    code = "provider_unreachable"
    again = True
    sentence = "The model's provider cannot be reached."


class Untrusted(ProviderFailed):
    code = "provider_untrusted"
    sentence = "The provider's certificate is not one that this machine trusts."


class TooSlow(ProviderFailed):
    code = "provider_too_slow"
    sentence = "The model's provider took too long."


class Nonsense(ProviderFailed):
    code = "provider_nonsense"
    sentence = "What the model's provider sent is not an answer."


class AddressRefused(ProviderFailed):
    code = "provider_address"
    sentence = "This provider's address is not one that may be spoken to."


class StaysInside(ProviderFailed):
    code = "stays_in_the_box"
    theirs = False
    sentence = "This text may not leave the box, so no model elsewhere was asked."


_TOO_LONG = re.compile(
    r"context.{0,20}(length|window|size)|maximum context|too long|too many (input )?tokens"
    r"|exceeds? (the )?(maximum|max|limit|model|context)|input token count|reduce the length",
    re.I,
)
# What some models take and others refuse. Which ones do changes faster than a table could.
_PARAMETER = re.compile(
    r"max_completion_tokens|max_tokens|temperature|top_p|top_k|seed|stream_options"
    r"|reasoning_effort|reasoning_format|include_reasoning|thinking_budget|thinking_level"
)
_CREDIT = re.compile(r"insufficient_quota|credit balance|billing|payment", re.I)


def of_status(
    status: int, said: str, *, retry_after: float | None = None, context_tokens: int = 0
) -> ApplianceError:
    """The error that an HTTP status and the words with it stand for."""
    if status in (400, 413, 422) and _TOO_LONG.search(said):
        return PromptTooLong(tokens=0, limit=context_tokens)
    if status == 402 or (status in (400, 403, 429) and _CREDIT.search(said)):
        return CreditSpent(status=status)
    if status in (401, 403) or (status == 400 and re.search(r"api[ _]key", said, re.I)):
        return KeyRefused(status=status)
    if status == 404:
        return ModelUnknown(status=status)
    if status == 429:
        return RateLimited(retry_after)
    if status in (408, 409, 425) or status >= 500:
        return Unreachable(status=status)
    if 300 <= status < 400:
        return Nonsense(
            "The provider's address only points elsewhere. Enter the address it points to.",
            status=status,
        )
    named = _PARAMETER.search(said)
    return Refused(named=named[0] if named else None, status=status)
