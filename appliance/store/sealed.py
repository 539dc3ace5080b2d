"""Encryption at rest: the install's key, and files sealed with it.

Files are AES-256-GCM in chunks after the STREAM construction (Hoang, Reyhanitabar,
Rogaway, Vizár 2015): each chunk's nonce holds a per-file prefix, its number and
whether it is the last one, so chunks cannot be swapped, dropped or cut off.
"""

from __future__ import annotations

import base64
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from appliance.base import files
from appliance.base.errors import Broken

MAGIC = b"INH1"
CHUNK = 1 << 20


class InstallKey:
    """32 random bytes, made at first start. Everything else is derived from them."""

    def __init__(self, raw: bytes) -> None:
        if len(raw) != 32:
            raise Broken("The encryption key is damaged. Restore it with its recovery code.")
        self._raw = raw

    @classmethod
    def open(cls, path: Path, *, data_exists: bool) -> InstallKey:
        """Read the key file, or make one when nothing was encrypted yet.

        Raises Broken when data exists and its key does not: a new key could not
        open it, and would hide that it is there.
        """
        if path.exists():
            return cls.from_recovery_code(path.read_text("ascii"))
        if data_exists:
            raise Broken(
                f"The encryption key {path} is missing. Put it back, or write it anew "
                "with: appliance recover-key"
            )
        key = cls(os.urandom(32))
        files.write(path, key.recovery_code.encode() + b"\n", mode=0o600)
        return key

    @classmethod
    def from_recovery_code(cls, code: str) -> InstallKey:
        """The key that a recovery code stands for. Raises Broken."""
        plain = "".join(code.split()).replace("-", "").upper()
        try:
            return cls(base64.b32decode(plain + "=" * (-len(plain) % 8)))
        except ValueError:
            raise Broken("This is not a recovery code.") from None

    @property
    def recovery_code(self) -> str:
        """The key in a form a person can keep on paper: 13 groups of four."""
        plain = base64.b32encode(self._raw).decode().rstrip("=")
        return "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose; knowing one tells nothing of another."""
        return HKDF(SHA256(), 32, None, b"inhouse " + purpose.encode()).derive(self._raw)


class Target(Protocol):
    """Whatever takes bytes: a file, or one that is arriving."""

    def write(self, data: bytes, /) -> object: ...


def seal(source: Iterator[bytes], target: Target, key: bytes) -> None:
    """Encrypt a stream of bytes, in pieces of any size, into a file."""
    cipher, prefix = AESGCM(key), os.urandom(7)
    target.write(MAGIC + prefix)
    waiting, number = bytearray(), 0
    for piece in source:
        waiting += piece
        while len(waiting) > CHUNK:
            target.write(
                cipher.encrypt(_nonce(prefix, number, False), bytes(waiting[:CHUNK]), None)
            )
            del waiting[:CHUNK]
            number += 1
    target.write(cipher.encrypt(_nonce(prefix, number, True), bytes(waiting), None))


def unseal(source: IO[bytes], key: bytes) -> Iterator[bytes]:
    """The plain bytes of a sealed file, chunk by chunk. Raises Broken when it was altered."""
    cipher = AESGCM(key)
    if source.read(4) != MAGIC:
        raise Broken("A stored file is damaged: it does not begin as it should.")
    prefix, number = source.read(7), 0
    chunk = source.read(CHUNK + 16)
    while True:
        following = source.read(CHUNK + 16)
        try:
            yield cipher.decrypt(_nonce(prefix, number, not following), chunk, None)
        except InvalidTag:
            raise Broken("A stored file is damaged, or was sealed with another key.") from None
        if not following:
            return
        chunk, number = following, number + 1


def seal_text(text: str, key: bytes, *, about: str) -> bytes:
    """Encrypt a short secret. It opens only for the same `about`: whose it is, and what for."""
    nonce = os.urandom(12)
    return nonce + AESGCM(key).encrypt(nonce, text.encode(), about.encode())


def unseal_text(sealed: bytes, key: bytes, *, about: str) -> str:
    """The secret again. Raises Broken when it was altered, moved, or sealed for another use."""
    try:
        return AESGCM(key).decrypt(sealed[:12], sealed[12:], about.encode()).decode()
    except (InvalidTag, ValueError):
        raise Broken("A stored credential does not open. Enter it anew.") from None


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + struct.pack(">I?", number, last)
