"""Pure: web sites by their origin: `https://shop.example:8443`, or `https://*.example`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from appliance.base.errors import Invalid

# Endings that nobody can register: `*.lan` is an office, `*.com` is the world.
_PRIVATE_ENDINGS = ("lan", "local", "localhost", "internal", "intranet", "corp", "home", "test")
_PORTS = {"http": 80, "https": 443}
_NEVER = re.compile(r"[\s?#\\]")
_HOST = re.compile(
    r"(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*"
    r"|\[[0-9a-f:.]+\]"
)


def normal(origin: str, *, param: str = "origins") -> str:
    """The one spelling of an origin. Raises Invalid, saying what an origin looks like.

    `null` stands for pages opened from a file.
    """
    plain = origin.strip().removesuffix("/").lower()
    if plain == "null":
        return plain
    if _NEVER.search(plain):  # urlsplit drops some of them without a word
        raise _not_one(origin, param)
    try:
        parts = urlsplit(plain)
        port = parts.port
        host = parts.netloc.rpartition(":")[0] if port is not None else parts.netloc
        if not host.isascii():  # browsers send names with other letters in their ASCII form
            host = host.encode("idna").decode()
    except ValueError:
        raise _not_one(origin, param) from None
    known = parts.scheme in _PORTS and _HOST.fullmatch(host)
    if not known or parts.path or parts.query or parts.fragment:
        raise _not_one(origin, param)
    spoken_port = "" if port in (None, _PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{host}{spoken_port}"


def site(origin: str, *, param: str = "origins") -> str:
    """The spelling of an origin that may stand on a list of allowed sites. Raises Invalid.

    Refused are those that nobody chose: `null`, and every name under a public ending.
    """
    plain = normal(origin, param=param)
    _, star, ending = plain.partition("*.")
    if plain == "null" or (star and "." not in ending and ending not in _PRIVATE_ENDINGS):
        raise Invalid(f"{plain} would let pages in that nobody chose; name the site.", param=param)
    return plain


def matches(origin: str, allowed: Iterable[str]) -> bool:
    """Whether a page's origin is on a list. Scheme and port count; `*.` stands for any name."""
    try:
        plain = normal(origin)
    except Invalid:
        return False
    return "*" not in plain and any(_fits(plain, pattern) for pattern in allowed)


def _fits(origin: str, pattern: str) -> bool:
    before, star, after = pattern.partition("*.")
    if not star:
        return origin == pattern
    if not origin.startswith(before):
        return False
    host = origin[len(before) :]
    return host.endswith("." + after) and len(host) > len(after) + 1


def _not_one(origin: str, param: str) -> Invalid:
    return Invalid(
        f"{origin[:100]!r} is not an origin. Write https://intranet.example, with the port if it "
        "has one, or https://*.example for all names below it.",
        param=param,
    )
