"""Over real sockets: what only a real server and a real client can show."""

from __future__ import annotations

import http.client
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.client import HTTPResponse
from io import BytesIO
from typing import Any

import pytest

from appliance.base import clock
from appliance.base.errors import Broken
from appliance.people import codes, keys
from appliance.store.assistants import Message
from appliance.store.documents import Collection, Document, Source
from appliance.store.projects import DEFAULT_PROJECT, ApiKey, User
from appliance.web import connection
from appliance.web.app import create_app
from appliance.web.server import Server
from tests.web.parts import Storyteller


@pytest.fixture
def parts(parts):
    parts.engines["story"] = Storyteller(delay=0.012)
    return parts


@pytest.fixture
def server(parts, app) -> Iterator[Server]:
    """The appliance on a port of its own."""
    server = Server(parts, app)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server
    server.stop(drain=0)
    thread.join(10)
    assert not thread.is_alive()


class Client:
    """One connection, with a key."""

    def __init__(self, server: Server, key: str = "") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}
        self.reply: HTTPResponse | None = None

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> None:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            given["Content-Type"] = "application/json"
        sent = None if body is None else json.dumps(body)
        self.connection.request(method, path, sent, {**self.headers, **given})

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> HTTPResponse:
        self.send(method, path, body, **headers)
        self.reply = self.connection.getresponse()
        return self.reply

    def json(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return json.loads(self.ask(method, path, body, **headers).read())

    def status(self, method: str, path: str, body: Any = None, **headers: str) -> int:
        with self:
            return self.ask(method, path, body, **headers).status

    def leave(self) -> None:
        """Close the connection, whatever comes over it still."""
        if self.reply:
            self.reply.close()
        self.connection.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()


@pytest.fixture
def talk(server, key, document, desk) -> Iterator[Callable[[], tuple[Client, str]]]:
    """A client and a session of its own."""
    clients = []

    def talk() -> tuple[Client, str]:
        client = Client(server, key())
        clients.append(client)
        return client, client.json("POST", f"/v1/assistants/{desk}/sessions", {})["id"]

    yield talk
    for client in clients:
        client.leave()


def stream(client: Client, session: str) -> HTTPResponse:
    path = f"/v1/sessions/{session}/messages"
    return client.ask(
        "POST", path, {"content": "Tell me all the facts."}, Accept="text/event-stream"
    )


def lines_until(reply: HTTPResponse, start: bytes) -> float:
    """Read on to a line that starts so; when it came."""
    while not (line := reply.readline()).startswith(start):
        assert line, f"the stream ended before {start!r}"
    return time.monotonic()


def until(true: Callable[[], bool], seconds: float) -> float:
    """How long it took. Fails when it takes longer."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, f"not within {seconds} s"
        time.sleep(0.02)
    return time.monotonic() - began


def last_message() -> Message:
    rows = Message.of(DEFAULT_PROJECT).order_by(Message.id.desc())
    return rows.where(Message.role == "assistant").first()


def test_an_answer_arrives_as_it_is_written(talk):
    client, session = talk()
    reply = stream(client, session)
    first = lines_until(reply, b"event: message.delta")
    last = lines_until(reply, b"event: message.end")

    assert last - first > 0.3


@pytest.fixture
def long_story(parts):
    """An engine that goes on for longer than anybody's patience."""
    parts.engines["story"] = Storyteller(delay=0.02, facts=120)


def test_a_client_that_leaves_a_stream_stops_the_engine(talk, app, long_story):
    client, session = talk()
    lines_until(stream(client, session), b"event: message.delta")
    client.leave()

    until(lambda: last_message().reason == "client_left", 3)
    until(lambda: app.extensions["limits"].seats.taken == 0, 1)


def test_a_client_that_leaves_before_its_one_reply_stops_the_engine(talk, app, long_story):
    client, session = talk()
    client.send("POST", f"/v1/sessions/{session}/messages", {"content": "Tell me all the facts."})
    until(lambda: last_message() is not None, 2)
    client.leave()

    until(lambda: last_message().reason == "client_left", 4)
    until(lambda: app.extensions["limits"].seats.taken == 0, 1)


def test_a_revoked_key_loses_its_stream(talk, parts):
    parts.engines["story"] = Storyteller(delay=0.1)
    client, session = talk()
    reply = stream(client, session)
    lines_until(reply, b"event: message.delta")
    revoked = time.monotonic()
    secret = client.headers["Authorization"].split()[1]
    keys.revoke(DEFAULT_PROJECT, keys.check(secret, clock.now()).id)
    rest = reply.read()

    assert time.monotonic() - revoked < 5
    assert b'"code": "invalid_api_key"' in rest
    assert b"message.end" not in rest


def test_of_thirty_first_admins_at_the_same_time_one_is_made(server, quick_hashes):
    code = codes.new_code()

    def setup(number: int) -> int:
        body = {"code": code, "email": f"ada{number}@office.example", "password": "a quiet harbour"}
        return Client(server).status("POST", "/v1/auth/setup", body)

    with ThreadPoolExecutor(30) as pool:
        statuses = list(pool.map(setup, range(30)))

    assert statuses.count(201) == 1
    assert set(statuses) <= {201, 401, 409, 429}
    assert User.select().count() == 1


def send_much(server: Server, headers: str, megabytes: int) -> bytes:
    """A client that sends its whole body before it looks at the reply."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
        client.sendall(headers.replace("\n", "\r\n").encode() + b"\r\n")
        piece = b"x" * 2**20
        for _ in range(megabytes):
            client.sendall(piece)
        return client.recv(65536)


@pytest.mark.parametrize(
    ("path", "credential"),
    [
        ("/v1/knowledge-sources", "Authorization: Bearer {key}\n"),
        ("/v1/knowledge-sources", ""),
        ("/v1/assistants", "Authorization: Bearer {key}\n"),
    ],
)
def test_a_file_of_200_mb_is_refused_before_it_is_read(server, key, path, credential):
    headers = (
        f"POST {path} HTTP/1.1\nHost: localhost\nContent-Length: {200 * 2**20}\n"
        f"Content-Type: multipart/form-data; boundary=x\n{credential.format(key=key())}"
    )
    reply = send_much(server, headers, 200)

    assert reply.startswith(b"HTTP/1.1 413 ")
    assert json.loads(reply.partition(b"\r\n\r\n")[2])["error"]["code"] == "too_large"
    assert Document.of(DEFAULT_PROJECT).count() == 0


def raw(server: Server, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client:
        client.sendall(request.replace(b"\n", b"\r\n"))
        reply = b""
        while piece := client.recv(65536):
            reply += piece
        return reply


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /health HTTP/1.1\nHost: localhost\nX: " + b"x" * 70_000 + b"\n\n", b"431"),
        (b"nonsense\n\n", b"400"),
        (b"GET /health HTTP/1.1\nHost: localhost\nContent-Length: x\n\n", b"400"),
        (b"POST /health HTTP/1.1\nHost: localhost\nTransfer-Encoding: gzip\n\n", b"501"),
    ],
)
def test_what_is_no_request_gets_the_same_kind_of_error(server, request_, status):
    reply = raw(server, request_)

    assert reply.split()[1] == status
    assert b"Server:" not in reply
    assert json.loads(reply.partition(b"\r\n\r\n")[2])["error"]["request_id"]


def test_a_request_without_a_host_is_refused(server):
    assert raw(server, b"GET /health HTTP/1.0\n\n").split()[1] == b"400"


def tidy(server: Server) -> None:
    """What the server does every ten seconds."""
    for listener in server._listeners:
        listener.next_channel_cleanup = 0
        listener.pull_trigger()


def closed(client: socket.socket) -> bool:
    """Whether the other side has closed the connection."""
    client.settimeout(0.1)
    try:
        return client.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


@pytest.mark.parametrize(
    "begun", [b"GET /health HTTP/1.1\r\nHost:", b"POST /v1/assistants HTTP/1.1\r\n"]
)
def test_a_client_that_drips_its_request_is_let_go(server, monkeypatch, begun):
    monkeypatch.setattr(connection, "REQUEST_SECONDS", 0.1)
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(begun)
        assert not closed(client)
        until(lambda: tidy(server) or closed(client), 3)


def test_a_client_that_takes_nothing_off_us_is_let_go(server, key, desk, monkeypatch, parts):
    monkeypatch.setattr(connection, "STALLED_SECONDS", 0.3)
    content = os.urandom(900_000)
    keep = parts.blobs.keep(DEFAULT_PROJECT, BytesIO(content * 60), limit=10**9)
    row = Document.create(
        project_id=DEFAULT_PROJECT,
        collection_id=Collection.of(DEFAULT_PROJECT).first().id,
        source_id=Source.create(
            project_id=DEFAULT_PROJECT,
            collection_id=Collection.of(DEFAULT_PROJECT).first().id,
            name="x",
            type="file",
        ).id,
        name="x.pdf",
        digest=keep.digest,
        size=keep.size,
    )
    request = f"GET /v1/documents/{row.id}/original HTTP/1.1\r\nHost: localhost\r\n"
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(f"{request}Authorization: Bearer {key()}\r\n\r\n".encode())
        client.recv(1000)
        until(lambda: tidy(server) or not server._listeners[0].active_channels, 5)


def test_an_address_that_a_client_makes_up_counts_for_nothing(server, desk):
    path, origin = f"/v1/assistants/{desk}/sessions", f"http://127.0.0.1:{server.port}"
    told = [
        Client(server).status("POST", path, {}, Origin=origin, X_Forwarded_For=f"10.0.0.{n}")
        for n in range(31)
    ]

    assert (told[0], told[-1]) == (201, 429)


def test_a_taken_port_is_said_so(parts, server):
    settings = replace(parts.settings, port=server.port)
    with pytest.raises(Broken, match="Choose another with --port"):
        Server(replace(parts, settings=settings), create_app(parts))


def test_stopping_waits_for_the_answer_that_is_being_given(parts, app, key, document, desk):
    server = Server(parts, app)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    with Client(server, key()) as client:
        session = client.json("POST", f"/v1/assistants/{desk}/sessions", {})["id"]
        reply = stream(client, session)
        lines_until(reply, b"event: message.delta")
        server.stop()
        rest = reply.read()
    thread.join(5)

    assert b"event: message.end" in rest
    assert not thread.is_alive()
    with pytest.raises(ConnectionRefusedError):
        Client(server).status("GET", "/health")


def test_an_idle_server_stops_at_once(parts, app):
    server = Server(parts, app)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    with Client(server) as client:
        client.ask("GET", "/health").read()
        began = time.monotonic()
        server.stop()
        thread.join(5)

    assert time.monotonic() - began < 1


def test_while_answers_stream_everything_else_is_quick(talk, server):
    def listen(number: int) -> None:
        client, session = talk()
        lines_until(stream(client, session), b"event: message.end")

    with ThreadPoolExecutor(8) as pool:
        streams = [pool.submit(listen, number) for number in range(8)]
        times = []
        while not all(each.done() for each in streams):
            began = time.monotonic()
            assert Client(server).status("GET", "/health") == 200
            times.append(time.monotonic() - began)
            time.sleep(0.02)
        for each in streams:
            each.result()

    assert sorted(times)[int(len(times) * 0.9)] < 0.3


def test_the_use_of_a_key_is_noted_while_it_is_used(server, key):
    secret = key()
    assert Client(server, secret).status("GET", "/v1/assistants") == 200

    assert ApiKey.of(DEFAULT_PROJECT).first().last_used_at


def test_a_request_with_two_lengths_is_refused(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as line:
        line.sendall(
            b"POST /v1/auth/sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 6\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n"
        )
        answer = b""
        while piece := line.recv(4096):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 400")
    assert answer.count(b"HTTP/1.1") == 1
