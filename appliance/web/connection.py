"""One client's connection: waitress's, with our limits and our shape of errors."""

from __future__ import annotations

import copy
import json
import socket
import time
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.task import ErrorTask

from appliance.base import ids
from appliance.web.request import JSON_BYTES

SMALL_BODY = JSON_BYTES + 65_536  # for every address that takes no file
REQUEST_SECONDS = 300  # in which a request must have arrived, however slowly it drips in
STALLED_SECONDS = 120  # after which a client that takes nothing off us is let go
_UPLOADS = ("/v1/knowledge-sources", "/v1/documents/")
_CREDENTIALS = ("AUTHORIZATION", "X_API_KEY", "COOKIE")
_CODES = {413: "too_large", 431: "headers_too_large", 501: "not_implemented"}
_SENTENCES = {
    413: "The request is larger than is taken here.",
    431: "The request's headers are larger than is taken here.",
    500: "Something went wrong here. The log has the details.",
    501: "This way of sending a body is not supported.",
}


class Parser(HTTPRequestParser):
    """Takes large bodies only where files are handed in, by somebody with a credential."""

    adj: Any

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            # Two lengths: whoever stands between may have believed the other one.
            raise ParsingError("Content-Length together with Transfer-Encoding")
        may_upload = (
            self.command in ("POST", "PUT")
            and self.path.startswith(_UPLOADS)
            and any(name in self.headers for name in _CREDENTIALS)
        )
        if not may_upload:
            small: Any = copy.copy(self.adj)
            small.max_request_body_size = min(SMALL_BODY, small.max_request_body_size)
            self.adj = small


class RefusalTask(ErrorTask):
    """What the server itself refuses, told in the shape of every other error."""

    def execute(self) -> None:
        status = self.request.error.code
        body = json.dumps({"error": _envelope(status)}).encode()
        self.status = f"{status} {self.request.error.reason}"
        self.response_headers += [
            ("Content-Type", "application/json"),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Request-Id", json.loads(body)["error"]["request_id"]),
        ]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)
        # The rest of a body that was refused is on its way still.
        self.channel.lingers = self.request.content_length > 0 or self.request.chunked


class Channel(HTTPChannel):
    """A connection that lets a refused client read why before it is closed.

    Closing while unread data comes in makes the operating system throw away what
    was sent; so the reply is followed by an end of stream, and the rest is discarded.
    """

    parser_class = Parser
    error_task_class = RefusalTask
    lingers = False
    _farewell = False
    _request_began = 0.0

    def handle_close(self) -> None:
        if self.lingers and not self._farewell and self.connected:
            self._farewell = True
            self.will_close = False
            try:
                self.socket.shutdown(socket.SHUT_WR)
                return
            except OSError:
                pass  # the client was faster
        super().handle_close()

    def readable(self) -> bool:
        return self._farewell or bool(super().readable())

    def handle_read(self) -> None:
        if not self._farewell:
            super().handle_read()
            return
        try:
            self.recv(self.adj.recv_bytes)  # closes at the end of the stream
        except OSError:
            self.handle_close()

    def received(self, data: bytes) -> Any:
        if self.request is None:
            self._request_began = time.time()
        return super().received(data)

    def give_up(self) -> None:
        """Close without a farewell."""
        self.lingers = False
        self.handle_close()

    def overdue(self, now: float) -> bool:
        """Whether the client takes longer than anybody needs to."""
        if self._farewell:
            return now > self.last_activity + STALLED_SECONDS
        if self.total_outbufs_len:
            return now > self.last_activity + STALLED_SECONDS
        half_sent = self.request is not None and not self.requests
        return half_sent and now > self._request_began + REQUEST_SECONDS


def _envelope(status: int) -> dict[str, object]:
    return {
        "message": _SENTENCES.get(status, "The request is not well-formed."),
        "type": "invalid_request_error" if status != 500 else "api_error",
        "param": None,
        "code": _CODES.get(status, "invalid_request" if status != 500 else "internal_error"),
        "request_id": ids.new_id("req"),
    }
