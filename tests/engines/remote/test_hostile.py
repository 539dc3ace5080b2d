"""Providers that mean harm, or are broken in ways that amount to it. Spoken to byte by byte."""

from __future__ import annotations

import gzip
import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from itertools import repeat
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from appliance.engines.contract import Finish, Prompt, Text, Turn, Waiting
from appliance.engines.remote.account import Account, Kind, RemoteModel, Secret
from appliance.engines.remote.call import Limits
from appliance.engines.remote.registry import engine_of
from appliance.engines.remote.trouble import (
    Nonsense,
    ProviderFailed,
    TooSlow,
    Untrusted,
)

KEY = "sk-canary-0123456789"
KINDS: tuple[Kind, ...] = ("openai", "groq", "anthropic", "gemini")
LIMITS = Limits(connect=1, first=0.4, idle=0.4, total=0.8, body=2**20, line=2**16)
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
PIECES = {
    "openai": {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m",
               "choices": [{"index": 0, "delta": {"content": "more "}, "finish_reason": None}]},
    "anthropic": {"type": "content_block_delta", "index": 0,
                  "delta": {"type": "text_delta", "text": "more "}},
    "gemini": {"candidates": [{"content": {"parts": [{"text": "more "}], "role": "model"}}]},
}  # fmt: skip


def event(kind: str) -> bytes:
    piece = PIECES.get(kind, PIECES["openai"])
    name = f"event: {piece['type']}\n" if "type" in piece else ""
    return f"{name}data: {json.dumps(piece)}\n\n".encode()


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def request_of(connection: socket.socket) -> bytes:
    """All of it: who answers before and hangs up breaks the connection."""
    heard, wanted = b"", 1
    while len(heard) < wanted and (piece := connection.recv(65536)):
        heard += piece
        head, found, _ = heard.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        body = int(length[1]) if length else 0
        wanted = len(head) + 4 + body if found else len(heard) + 1
    return heard


@pytest.fixture(autouse=True)
def at_once(quick):
    """Nobody waits before asking again."""


class Host:
    """Answers every connection with these bytes, and remembers what it was sent."""

    def __init__(self, answer: Callable[[], Iterator[bytes | float]]) -> None:
        self._answer = answer
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.heard: list[bytes] = []
        self.left = threading.Event()  # the other side is gone
        self._over = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(
                    target=self._speak, args=(self._socket.accept()[0],), daemon=True
                ).start()

    def _speak(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            self.heard.append(request_of(connection))
            for piece in self._answer():
                if self._over.is_set():
                    return
                if isinstance(piece, float):
                    self._over.wait(piece)
                else:
                    connection.sendall(piece)
            return
        self.left.set()

    def close(self) -> None:
        self._over.set()
        self._socket.close()


@contextmanager
def host(
    *pieces: bytes | float, for_ever: bytes | tuple[bytes | float, ...] = ()
) -> Iterator[Host]:
    """A host that says these things, sleeps where there is a number, and never ends the last."""
    again = (for_ever,) if isinstance(for_ever, bytes) else for_ever

    def answer() -> Iterator[bytes | float]:
        yield from pieces
        while again:
            yield from again

    made = Host(answer)
    try:
        yield made
    finally:
        made.close()


def engine(kind: Kind, port: int, limits: Limits = LIMITS):
    account = Account("prv_1", kind, "Mallory", f"http://127.0.0.1:{port}", Secret(KEY),
                      in_the_house=True)  # fmt: skip
    made = engine_of(account, RemoteModel("m"), limits=limits)
    made._client()  # its package is loaded; that takes seconds
    return made


def ask(made, **options) -> tuple[str, Finish]:
    asked = Prompt((Turn("user", "Hello"),), **{"max_tokens": 20, **options})
    pieces = list(made.write(asked))
    return "".join(piece.text for piece in pieces if isinstance(piece, Text)), pieces[-1]


def ends_with(error: type[Exception], made, **options) -> float:
    """How long it took to be an error."""
    began = time.monotonic()
    with pytest.raises(error):
        ask(made, **options)
    return time.monotonic() - began


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_without_end_is_cut_where_the_question_said(kind):
    with host(STREAM, for_ever=chunk(event(kind))) as endless:
        text, finish = ask(engine(kind, endless.port))

        assert finish.reason == "length"
        assert len(text) < 20 * 16 + 10
        assert endless.left.wait(2)


@pytest.mark.parametrize("kind", KINDS)
def test_a_stream_that_says_nothing_without_end_is_cut(kind):
    with host(STREAM, for_ever=chunk(b": ping\n\n" * 500)) as endless:
        assert ends_with(Nonsense, engine(kind, endless.port)) < 1.6


@pytest.mark.parametrize("kind", KINDS)
def test_a_line_of_a_hundred_megabytes_is_not_read(kind):
    line = repeat(chunk(b"x" * 65536), 1600)
    with host(STREAM + chunk(b"data: "), *line) as long:
        assert ends_with(Nonsense, engine(kind, long.port)) < 1.6


@pytest.mark.parametrize("kind", KINDS)
def test_a_body_of_a_hundred_megabytes_is_not_read(kind):
    header = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 104857600\r\n\r\n"
    )
    with host(header, *repeat(b"x" * 65536, 1600)) as long:
        assert ends_with(Nonsense, engine(kind, long.port)) < 1.6


def test_headers_without_end_are_not_read():
    with host(b"HTTP/1.1 200 OK\r\n", for_ever=b"X-More: yes\r\n" * 100) as long:
        assert ends_with(Nonsense, engine("openai", long.port)) < 1.6


def test_informational_answers_without_end_are_not_waited_through():
    with host(for_ever=(b"HTTP/1.1 100 Continue\r\n\r\n", 0.01)) as long:
        assert ends_with(ProviderFailed, engine("openai", long.port)) < 1.8


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("data", [b"data: \xff\xfe\xc3\x28\n\n", b"data: {\"a\": \n\n",
                                  b"data: [1]\n\n", b"data: 7\n\n"])  # fmt: skip
def test_what_is_no_text_or_no_json_is_an_error(kind, data):
    with host(STREAM, chunk(data), chunk(b""), b"0\r\n\r\n") as broken:
        ends_with(Nonsense, engine(kind, broken.port))


@pytest.mark.parametrize("kind", KINDS)
def test_a_redirect_is_not_followed_and_the_key_goes_nowhere_else(kind):
    with host(b"") as elsewhere:
        for status in (301, 302, 303, 307, 308):
            there = f"http://127.0.0.1:{elsewhere.port}/v1"
            answer = f"HTTP/1.1 {status} Moved\r\nLocation: {there}\r\nContent-Length: 0\r\n\r\n"
            with host(answer.encode()) as first:
                ends_with(Nonsense, engine(kind, first.port))
                assert KEY.encode() in first.heard[0]
        assert elsewhere.heard == []


@pytest.mark.parametrize("kind", KINDS)
def test_one_byte_at_a_time_is_too_slow(kind):
    with host(STREAM, for_ever=(chunk(b"x"), 0.1)) as slow:
        assert ends_with(TooSlow, engine(kind, slow.port)) < 1.2


def test_headers_one_byte_at_a_time_are_too_slow():
    with host(for_ever=(b"H", 0.1)) as slow:
        assert ends_with(ProviderFailed, engine("openai", slow.port)) < 1.2


def test_lines_that_come_in_time_and_never_end_run_into_the_whole_time():
    with host(STREAM, for_ever=(chunk(b": wait\n\n"), 0.1)) as slow:
        assert 0.7 < ends_with(TooSlow, engine("openai", slow.port)) < 1.6


def test_silence_is_too_slow():
    with host(for_ever=(30.0,)) as silent:
        assert ends_with(TooSlow, engine("openai", silent.port)) < 1.2


def test_what_comes_packed_is_not_unpacked():
    bomb = gzip.compress(b"\0" * 2**24)
    header = (b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
              b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb))  # fmt: skip
    with host(header, bomb) as packed:
        ends_with(Nonsense, engine("openai", packed.port))
        assert b"accept-encoding: identity" in packed.heard[0].lower()


def test_the_words_of_an_error_are_not_read_without_end():
    header = (
        b"HTTP/1.1 400 Bad\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n"
    )
    with host(header, for_ever=b"x" * 65536) as long:
        assert ends_with(ProviderFailed, engine("openai", long.port)) < 1.6


def test_a_connection_that_is_shut_at_once_is_an_error():
    with host(b"") as rude:
        ends_with(ProviderFailed, engine("openai", rude.port))


def test_what_is_not_even_http_is_an_error():
    with host(b"SSH-2.0-OpenSSH_9.2\r\n") as other:
        ends_with(Nonsense, engine("openai", other.port))


@pytest.mark.parametrize("kind", KINDS)
def test_closing_the_answer_ends_the_stream_at_once(kind):
    with host(STREAM, chunk(event(kind)), for_ever=(chunk(event(kind)), 0.02)) as talking:
        pieces = engine(kind, talking.port, Limits()).write(
            Prompt((Turn("user", "Hello"),), max_tokens=4000)
        )
        for piece in pieces:
            if isinstance(piece, Text):
                break
        began = time.monotonic()
        pieces.close()

        assert talking.left.wait(2)
        assert time.monotonic() - began < 1


@pytest.mark.parametrize("kind", KINDS)
def test_closing_while_nothing_was_said_yet_ends_it_too(kind):
    with host(for_ever=(0.05, b"")) as silent:
        made = engine(kind, silent.port, Limits())
        pieces = made.write(Prompt((Turn("user", "Hello"),)))
        assert isinstance(next(pieces), Waiting)
        pieces.close()
        deadline = time.monotonic() + 2
        while [t for t in threading.enumerate() if t.name == "provider"]:
            assert time.monotonic() < deadline, "a thread stayed behind"
            time.sleep(0.01)


def test_a_certificate_of_nobody_is_not_trusted(tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            with suppress(OSError), listening.accept()[0] as plain:
                heard.append(context.wrap_socket(plain, server_side=True).recv(65536))

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        url = f"https://127.0.0.1:{listening.getsockname()[1]}"
        account = Account("prv_1", "compatible", "M", url, Secret(KEY), in_the_house=True)
        with pytest.raises(Untrusted):
            ask(engine_of(account, RemoteModel("m"), limits=Limits(total=5)))
        thread.join(2)

    assert heard in ([], [b""])


def self_signed(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    path = folder / "server.pem"
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(pem))
    return path


def test_a_name_that_is_looked_up_for_ever_is_too_slow(monkeypatch):
    over = threading.Event()
    made = engine("openai", 1)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: over.wait(20))
    try:
        assert ends_with(TooSlow, made) < 3
    finally:
        over.set()
