"""Which host names are ours. A page that rebinds its own name to us asks under that name."""

from __future__ import annotations

import ipaddress
import re
import socket
from functools import lru_cache
from urllib.parse import urlsplit

from flask import Request

from appliance.base.settings import Settings
from appliance.web.errors import Misdirected
from appliance.web.request import Malformed

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?")


def check(request: Request, settings: Settings) -> None:
    """Refuse a request for somebody else's name. Raises Misdirected, Malformed."""
    found = _HOST.fullmatch(request.headers.get("Host", ""))
    if not found:
        raise Malformed("The request names no host.")
    host = found[1].lower().rstrip(".")
    if _is_address(host) or host in names(settings):
        return
    raise Misdirected(
        f"This server does not answer to {host}. If it should, add the name to the setting "
        "allowed_hosts."
    )


@lru_cache(maxsize=8)
def names(settings: Settings) -> frozenset[str]:
    """The names this server answers to."""
    own = socket.gethostname().lower()
    listed = {name.strip().lower() for name in settings.allowed_hosts.split(",")}
    public = urlsplit(settings.public_url).hostname or ""
    known = {"localhost", own, f"{own}.local", settings.host.lower(), public, *listed}
    return frozenset(known - {""})


def own_origins(request: Request, settings: Settings) -> set[str]:
    """The origins of our own pages, as this request's browser sees them."""
    own = {f"{request.scheme}://{request.host}".lower()}
    public = urlsplit(settings.public_url)
    if public.netloc:
        own.add(f"{public.scheme}://{public.netloc}".lower())
    return own


def is_protected(request: Request, settings: Settings) -> bool:
    """Whether the browser speaks https with us, itself or through a proxy at our public name."""
    public = urlsplit(settings.public_url)
    behind_proxy = public.scheme == "https" and request.host.lower() == public.netloc.lower()
    return request.is_secure or behind_proxy


def _is_address(host: str) -> bool:
    # A name can be rebound to our address; an address cannot.
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
