"""The HTTP server: waitress, with every limit said."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from appliance.base.errors import Broken
from appliance.base.settings import Settings
from appliance.parts import Parts
from appliance.web.connection import Channel
from appliance.web.request import UPLOAD_OVERHEAD

log = logging.getLogger(__name__)

CONNECTIONS = 1_000
CONNECTIONS_FROM_ONE_ADDRESS = 300
LOCAL = ("127.0.0.1", "::1", "::ffff:127.0.0.1")


class Server:
    """Listens from the moment it is made; answers while `run` is running."""

    def __init__(self, parts: Parts, app: Flask) -> None:
        """Raises Broken when the port is taken."""
        adjustments = _adjustments(parts.settings)
        self._map: dict[int, Any] = {}
        self._threads = ThreadedTaskDispatcher()
        self._listeners = [
            _listen(app, self._map, self._threads, adjustments, where)
            for where in adjustments.listen
        ]
        self._threads.set_thread_count(adjustments.threads)
        self._stopping = threading.Event()
        self._until = 0.0
        self._closed = False
        self._lock = threading.Lock()

    @property
    def port(self) -> int:
        """The port in use; tests ask for 0 and look here."""
        return int(self._listeners[0].effective_port)

    def run(self) -> None:
        """Serve until `stop` is called and what is being answered is answered."""
        listening = True
        while True:
            wasyncore.loop(timeout=1.0, use_poll=True, map=self._map, count=1)
            if not self._stopping.is_set():
                continue
            if listening:
                for listener in self._listeners:
                    listener.stop_accepting()
                listening = False
            if not self._busy() or time.monotonic() > self._until:
                break
        self._close()

    def stop(self, *, drain: float = 10.0) -> None:
        """Take no new connection; let answers that are under way finish, so many seconds."""
        with self._lock:
            self._until = time.monotonic() + drain
            self._stopping.set()
            if not self._closed:  # else its descriptor is somebody else's by now
                self._listeners[0].pull_trigger()

    def _busy(self) -> bool:
        return any(
            channel.requests or channel.total_outbufs_len
            for listener in self._listeners
            for channel in list(listener.active_channels.values())
        )

    def _close(self) -> None:
        for listener in self._listeners:
            for channel in list(listener.active_channels.values()):
                channel.connected = False  # a thread that writes to it is told at its next try
        self._threads.shutdown(timeout=2)
        with self._lock:
            self._closed = True
            wasyncore.close_all(self._map, ignore_all=True)


class _Listener(TcpWSGIServer):
    channel_class = Channel

    def handle_accept(self) -> None:
        super().handle_accept()
        newest = next(reversed(self.active_channels.values()), None)
        if newest is None or newest.addr[0] in LOCAL:
            return
        count = Counter(channel.addr[0] for channel in self.active_channels.values())
        if count[newest.addr[0]] > CONNECTIONS_FROM_ONE_ADDRESS:
            newest.handle_close()

    def maintenance(self, now: float) -> None:
        super().maintenance(now)
        for channel in list(self.active_channels.values()):
            if channel.overdue(now):
                # Not from here: the loop has this connection in its hand already.
                self.trigger.pull_trigger(channel.give_up)

    def stop_accepting(self) -> None:
        # Not close(): that would end the trigger, which running answers still pull.
        self.accepting = False
        self.del_channel()
        self.socket.close()


def _listen(
    app: Flask,
    map: dict[int, Any],
    threads: ThreadedTaskDispatcher,
    adjustments: Adjustments,
    where: Any,
) -> _Listener:
    try:
        return _Listener(app, map, True, None, dispatcher=threads, adj=adjustments, sockinfo=where)
    except OSError as error:
        wasyncore.close_all(map, ignore_all=True)
        host, port = where[3][:2]
        raise Broken(
            f"Cannot listen on {host}, port {port}: {error.strerror or error}. "
            "Choose another with --port."
        ) from error


def _adjustments(settings: Settings) -> Adjustments:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return Adjustments(
        listen=f"{host}:{settings.port}",
        threads=settings.threads,
        ident=None,
        connection_limit=CONNECTIONS,
        cleanup_interval=10,
        channel_timeout=120,
        recv_bytes=65_536,
        max_request_header_size=65_536,
        max_request_body_size=settings.upload_mb * 2**20 + UPLOAD_OVERHEAD,
        outbuf_high_watermark=2**20,
        log_socket_errors=False,
        clear_untrusted_proxy_headers=True,
        asyncore_use_poll=True,
        # A request ahead is read while one is answered: that is how a client who
        # leaves in the middle of an answer is noticed.
        channel_request_lookahead=1,
    )
