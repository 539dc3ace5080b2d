"""Everything that can go wrong in a way we planned for.

ApplianceError            error
├── Invalid               invalid_request     the request cannot be carried out as written
│   ├── TooLarge          too_large           a file, text or body over its limit
│   └── WrongType         unsupported_type    a kind of file or content we do not take
├── Unauthenticated       invalid_api_key     nobody, or a credential that does not hold
├── Forbidden             permission_denied   known, but not allowed to do this
│   └── OriginRefused     origin_not_allowed  a web page that is not on the assistant's list
├── NotFound              not_found           absent, or somebody else's: both answer alike
├── Conflict              conflict            the thing's present state does not allow it
├── Limited               rate_limit_exceeded too often; `retry_after` says when
├── Busy                  busy                a queue is full; try again soon
├── Unreadable            unreadable          a document no text can be taken from (readers)
├── EngineFailed          engine_failed       a model that is missing, broken, or died (engines)
└── Broken                internal_error      an installation that cannot run (doctor says why)

`code` is stable: clients and translations depend on it. Subclasses may refine it.
"""

from __future__ import annotations

from typing import ClassVar


class ApplianceError(Exception):
    """Something went wrong in a way we planned for.

    `message` is written for the person at the screen. `facts` are for the log
    and for programs. Secrets and the contents of files go in neither.
    """

    code: ClassVar[str] = "error"
    retryable: ClassVar[bool] = False  # read by the worker; the web layer never looks

    def __init__(self, message: str, **facts: str | int | float) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts


class Invalid(ApplianceError):
    """The request cannot be carried out as written. `param` names the field."""

    code = "invalid_request"

    def __init__(
        self, message: str, *, param: str | None = None, **facts: str | int | float
    ) -> None:
        super().__init__(message, **facts)
        self.param = param


class TooLarge(Invalid):
    """A file, text or body over its limit."""

    code = "too_large"


class WrongType(Invalid):
    """A kind of file or content that is not taken."""

    code = "unsupported_type"


class Unauthenticated(ApplianceError):
    """Nobody, or a credential that does not hold."""

    code = "invalid_api_key"


class Forbidden(ApplianceError):
    """Known, but not allowed to do this."""

    code = "permission_denied"


class OriginRefused(Forbidden):
    """A web page that is not on the assistant's list of allowed sites."""

    code = "origin_not_allowed"


class NotFound(ApplianceError):
    """Absent, or somebody else's: both answer alike."""

    code = "not_found"

    def __init__(self, what: str) -> None:
        super().__init__(f"No such {what}.")


class Conflict(ApplianceError):
    """The thing's present state does not allow it."""

    code = "conflict"


class Limited(ApplianceError):
    """Too often, or too much. `retry_after` is in whole seconds."""

    code = "rate_limit_exceeded"

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message, retry_after=retry_after)
        self.retry_after = retry_after


class Busy(ApplianceError):
    """A queue is full. The same request may work in `retry_after` seconds."""

    code = "busy"
    retryable = True

    def __init__(self, message: str, *, retry_after: int = 5) -> None:
        super().__init__(message, retry_after=retry_after)
        self.retry_after = retry_after


class Unreadable(ApplianceError):
    """A document from which no text can be taken. Trying again will not help."""

    code = "unreadable"


class EngineFailed(ApplianceError):
    """A model that is missing, broken, or died while answering."""

    code = "engine_failed"
    retryable = True


class Broken(ApplianceError):
    """The installation itself cannot run; the message says what to repair."""

    code = "internal_error"
