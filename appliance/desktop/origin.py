"""Pure: which addresses belong inside the window, and which to the person's own browser."""

from __future__ import annotations

from urllib.parse import urlsplit

# Ours, made by our own pages: they lead nowhere else.
_INLINE = ("data", "blob")
_PLAIN = {"ws": "http", "wss": "https"}


def inside(url: str, address: str | None) -> bool:
    """Whether the window may load this: our server's origin, or nobody's (data:, blob:).

    `address` is the server's, or None while there is none: then only inline pages.
    """
    found = origin(url)
    if found is None:
        return _scheme(url) in _INLINE
    return address is not None and found == origin(address)


def for_the_browser(url: str) -> bool:
    """Whether a link may be handed to the system's browser: http and https, nothing else.

    A file: or a program's own scheme in a document must not start anything here.
    """
    found = origin(url)
    return found is not None and _scheme(url) in ("http", "https")


def origin(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port, a web socket counted as its page; None when there is no host."""
    try:
        parts = urlsplit(url)
        scheme = _PLAIN.get(parts.scheme, parts.scheme)
        default = {"http": 80, "https": 443}.get(scheme)
        port = parts.port if parts.port is not None else default
    except ValueError:
        return None
    if default is None or port is None or not parts.hostname:
        return None
    return scheme, parts.hostname, port


def _scheme(url: str) -> str:
    return url.partition(":")[0].lower()
