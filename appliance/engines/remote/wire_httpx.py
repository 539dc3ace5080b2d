"""The guarded client for packages that only take the older `httpx`."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import httpx2


class _Under(httpx.BaseTransport):
    """Hands every request on to a client of the newer package, and its answer back."""

    def __init__(self, guarded: httpx2.Client) -> None:
        self._guarded = guarded

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._guarded.send(
            httpx2.Request(
                request.method,
                str(request.url),
                headers=request.headers.raw,
                content=request.read(),
            ),
            stream=True,
            follow_redirects=False,
        )
        return httpx.Response(answer.status_code, headers=answer.headers.raw, stream=_Raw(answer))

    def close(self) -> None:
        self._guarded.close()


class _Raw(httpx.SyncByteStream):
    def __init__(self, answer: httpx2.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_raw()

    def close(self) -> None:
        self._answer.close()


def under_httpx(guarded: httpx2.Client) -> httpx.Client:
    """An `httpx.Client` that is the guarded one underneath."""
    # The guarded one keeps the time.
    return httpx.Client(
        transport=_Under(guarded),
        follow_redirects=False,
        trust_env=False,
        timeout=None,  # noqa: S113
    )
