"""The one HTTP client that every provider's package is given. Imported when it is needed.

It speaks to the account's own scheme, host and port and to nothing else, follows no
redirect, uses no proxy of the environment, takes nothing compressed, checks the
address that it is about to connect to, and holds every answer to the limits of the
`Call` that it belongs to. The key is put on here, last: the packages never have it,
and no header they may have found in the environment gets out.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import httpcore2
import httpx  # noqa: F401 -- see below
import httpx2
import truststore

from appliance.base.errors import ApplianceError
from appliance.engines.remote import address
from appliance.engines.remote.account import Account
from appliance.engines.remote.call import Call
from appliance.engines.remote.trouble import (
    AddressRefused,
    Nonsense,
    TooSlow,
    Unreachable,
    Untrusted,
    of_status,
)

# Everything else that a package adds (its version, our system, keys from the environment) stays.
_HEADERS = (b"host", b"accept", b"content-type", b"content-length", b"transfer-encoding",
            b"anthropic-version")  # fmt: skip
# Providers' packages look whether `httpx` is there, and stumble over one that another thread
# is just importing. So it is imported here, and this module before any of them.
PLACEHOLDER = "the-key-is-put-on-later"  # what the packages are told


def client(account: Account, *, context_tokens: int = 0) -> httpx2.Client:
    """A client that reaches this account and nothing else."""
    return httpx2.Client(
        transport=GuardedTransport(account, context_tokens=context_tokens),
        follow_redirects=False,
        trust_env=False,
        timeout=None,
    )


class GuardedTransport(httpx2.BaseTransport):
    """Sends requests of the thread's `Call`. Whatever goes wrong is noted in it."""

    def __init__(self, account: Account, *, context_tokens: int = 0) -> None:
        self._account, self._context_tokens = account, context_tokens
        self._origin = _origin(httpx2.URL(account.base_url))
        self._pool = httpcore2.ConnectionPool(
            # The system's certificates, so that an office's own authority counts.
            ssl_context=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            network_backend=_Network(account),
            max_keepalive_connections=0,  # a connection belongs to one call, and ends with it
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """One request, one answer of a good status. Everything else raises."""
        call = Call.here()
        try:
            return self._handle(request, call)
        except ApplianceError as error:
            raise call.fail(error) from None
        except Exception as error:
            raise call.fail(_meant_by(error)) from error

    def close(self) -> None:
        self._pool.close()

    def _handle(self, request: httpx2.Request, call: Call) -> httpx2.Response:
        if _origin(request.url) != self._origin:
            raise AddressRefused
        answer = self._pool.handle_request(
            httpcore2.Request(
                method=request.method,
                url=httpcore2.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=self._headers(request),
                content=request.stream,
            )
        )
        body = _Body(answer, call)
        headers = httpx2.Headers(answer.headers)
        try:
            if headers.get("content-encoding", "identity").lower() != "identity":
                raise Nonsense("The provider's answer is packed, and was not asked to be.")
            if not 200 <= answer.status < 300:
                raise self._refusal(answer.status, headers, body)
        except BaseException:
            body.close()
            raise
        body.streamed = headers.get("content-type", "").startswith("text/event-stream")
        return httpx2.Response(answer.status, headers=headers, stream=body)

    def _headers(self, request: httpx2.Request) -> list[tuple[bytes, bytes]]:
        kept = [(name, value) for name, value in request.headers.raw if name.lower() in _HEADERS]
        kept += [(b"accept-encoding", b"identity"), (b"user-agent", b"inhouse")]
        if credential := self._account.credential:
            kept.append((credential[0].encode(), credential[1].encode()))
        return kept

    def _refusal(self, status: int, headers: httpx2.Headers, body: _Body) -> ApplianceError:
        said = b""
        if status >= 400:
            with suppress(ApplianceError, httpcore2.NetworkError, httpcore2.ProtocolError):
                for piece in body:
                    said += piece
                    if len(said) > Call.here().limits.error:
                        break
        return of_status(
            status,
            said.decode("utf-8", "replace"),
            retry_after=_seconds(headers.get("retry-after")),
            context_tokens=self._context_tokens,
        )


class _Body(httpx2.SyncByteStream):
    """An answer's content, held to the call's limits. Closing it ends the connection."""

    def __init__(self, answer: httpcore2.Response, call: Call) -> None:
        self._answer, self._call = answer, call
        self.streamed = False  # events in lines; else one body

    def __iter__(self) -> Iterator[bytes]:
        call = self._call
        try:
            for piece in self._answer.iter_stream():
                if self.streamed:
                    call.lines(piece)
                else:
                    call.moved()
                yield piece
        except ApplianceError as error:
            raise call.fail(error) from None
        except Exception as error:
            raise call.fail(_meant_by(error)) from error

    def close(self) -> None:
        self._answer.close()


class _Network(httpcore2.NetworkBackend):
    """Connects to permitted addresses only."""

    def __init__(self, account: Account) -> None:
        self._in_the_house = account.in_the_house
        self._tls = account.base_url.startswith("https:")

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        call = Call.here()
        places = address.reached(host, port, in_the_house=self._in_the_house, tls=self._tls)
        for place in places:
            try:
                connection = socket.create_connection(
                    place, min(call.limits.connect, call.patience())
                )
            except OSError:
                continue
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return _Stream(connection, call)
        raise Unreachable


class _Stream(httpcore2.NetworkStream):
    """One connection of one call."""

    def __init__(self, connection: socket.socket, call: Call) -> None:
        self._connection, self._call = connection, call
        try:
            call.watch(connection)
        except BaseException:
            connection.close()
            raise

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._connection.settimeout(self._call.patience())
        data = self._connection.recv(max_bytes)
        self._call.heed()
        self._call.took(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._connection.settimeout(self._call.patience())
        self._connection.sendall(buffer)

    def close(self) -> None:
        with suppress(ApplianceError):
            self._call.watch(None)
        self._connection.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        self._connection.settimeout(min(self._call.limits.connect, self._call.patience()))
        try:
            wrapped = ssl_context.wrap_socket(self._connection, server_hostname=server_hostname)
        except BaseException:
            self._connection.close()
            raise
        return _Stream(wrapped, self._call)

    def get_extra_info(self, info: str) -> Any:
        return None


def _origin(url: httpx2.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or {"http": 80}.get(url.scheme, 443)


def _seconds(text: str | None) -> float | None:
    """`Retry-After` where it is a number."""
    try:
        return min(max(float(text or ""), 0.0), 3600.0)
    except ValueError:
        return None


def _meant_by(error: Exception) -> ApplianceError:
    if isinstance(error, TimeoutError | httpcore2.TimeoutException):
        return TooSlow()
    if isinstance(error, ssl.SSLCertVerificationError):
        return Untrusted()
    if isinstance(error, OSError | httpcore2.NetworkError):
        return Unreachable()
    return Nonsense()
