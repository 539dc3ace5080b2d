"""Names for rows, and secrets with the digests that stand for them in the store."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u


def new_id(kind: str) -> str:
    """A fresh id such as `asst_01jd…`: 48 bits of time, then 80 random ones.

    Ids of one kind sort by the moment they were made (ULID's layout), so a list
    is paged by id alone. They are names, not secrets.
    """
    number = int.from_bytes(
        (time.time_ns() // 1_000_000).to_bytes(6, "big") + os.urandom(10), "big"
    )
    return f"{kind}_" + "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


def new_secret(prefix: str) -> str:
    """A credential of 256 random bits, recognisable by its prefix: `sk_…`."""
    return f"{prefix}_{secrets.token_urlsafe(32)}"


def digest(secret: str) -> str:
    """What the store keeps of a secret: SHA-256, 64 hex digits.

    Enough because our secrets are random; passwords go through argon2 instead.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def same(a: str, b: str) -> bool:
    """Compare secrets in constant time."""
    return hmac.compare_digest(a.encode(), b.encode())
