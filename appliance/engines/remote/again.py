"""When to ask a provider once more, and what its package meant by an exception."""

from __future__ import annotations

import random
import re

from appliance.base.errors import ApplianceError
from appliance.engines.remote.call import Call
from appliance.engines.remote.trouble import (
    Nonsense,
    ProviderFailed,
    RateLimited,
    Refused,
    Unreachable,
    of_status,
)

TRIES = 3
WAIT = 0.5  # seconds before the second try; twice as long before each further one, and jitter
PATIENCE = 8.0  # a provider that wants us to wait longer is not waited for

_STATUSES = {"rate_limit": 429, "overloaded": 529, "server_error": 500, "api_error": 500,
             "unavailable": 503, "authentication": 401}  # fmt: skip


def worth_it(trouble: ApplianceError, tries: int, call: Call) -> bool:
    """Whether to ask again after so many tries. Waits for the moment to do it."""
    if tries >= TRIES or not isinstance(trouble, ProviderFailed) or not trouble.again:
        return False
    asked = trouble.retry_after if isinstance(trouble, RateLimited) else None
    wait = WAIT * 2 ** (tries - 1) if asked is None else asked
    wait *= 1 + random.random() / 2  # noqa: S311 -- no secret: so that not all come at once
    if wait > min(PATIENCE, call.left()):
        return False
    return not call.stopped.wait(wait)


def meant_by(error: Exception, call: Call) -> ApplianceError:
    """The error of the one family. What the wire noted counts; a package only wraps it."""
    if call.trouble is not None:
        return call.trouble
    if isinstance(error, ApplianceError):
        return error
    said = f"{getattr(error, 'body', '')} {getattr(error, 'details', '')}"[:4096]
    if found := re.search("|".join(_STATUSES), said, re.I):
        return of_status(_STATUSES[found[0].lower()], "")
    likely = of_status(400, said)
    if isinstance(likely, Refused | Unreachable):
        return Nonsense(because=type(error).__name__)
    return likely
