"""Which addresses a provider may have. Checked when it is entered and when it is connected to."""

from __future__ import annotations

import ipaddress
import socket
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urlsplit

from appliance.base.errors import Invalid
from appliance.engines.remote.trouble import AddressRefused, Unreachable

IP = IPv4Address | IPv6Address

LONGEST = 300
# Where clouds tell any program on a machine that machine's credentials. Those of link-local
# addresses (169.254.0.0/16, fe80::/10) are refused with them.
_METADATA = {
    ipaddress.ip_address(each)
    for each in ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254")
}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def checked(url: str, *, in_the_house: bool) -> str:
    """A base URL in the one form it is stored in. Raises Invalid.

    Names are not looked up here: what a name stands for is checked at every connection.
    """
    plain = url.strip().rstrip("/")
    try:
        parts = urlsplit(plain)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or len(plain) > LONGEST or any(letter <= " " for letter in plain):
        raise Invalid("Enter an address such as https://models.example.com/v1.", param="base_url")
    if parts.scheme not in (("http", "https") if in_the_house else ("https",)):
        raise Invalid("The address must begin with https://", param="base_url")
    if "@" in parts.netloc or parts.query or parts.fragment or "\\" in plain:
        raise Invalid("The address may hold no user name, `?` or `#`.", param="base_url")
    try:
        permit(ipaddress.ip_address(host.strip("[]")), in_the_house=in_the_house, tls=True)
    except ValueError:
        pass  # a name
    except AddressRefused as error:
        raise Invalid(error.message, param="base_url") from None
    return plain


def permit(ip: IP, *, in_the_house: bool, tls: bool) -> None:
    """Raises AddressRefused for an address that is not a provider's."""
    ip = _meant(ip)
    if ip in _METADATA or ip.is_link_local or ip.is_multicast or ip.is_unspecified:
        raise AddressRefused("No provider has this address: it belongs to the machine itself.")
    private = ip.is_loopback or not ip.is_global
    if private and not in_the_house:
        raise AddressRefused("This provider is on the internet, but its name leads elsewhere.")
    if not private and not tls:
        raise AddressRefused("Over the internet the address must begin with https://")
    if ip.is_reserved and not ip.is_loopback:
        raise AddressRefused


def reached(host: str, port: int, *, in_the_house: bool, tls: bool) -> list[tuple[str, int]]:
    """The addresses that a name stands for now; all must be permitted. Raises Unreachable.

    They are what is then connected to: a second look-up could say something else.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("The provider's name is not known here.") from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        permit(ipaddress.ip_address(address.split("%")[0]), in_the_house=in_the_house, tls=tls)
    return [(address, port) for address in addresses]


def _meant(ip: IP) -> IP:
    """The IPv4 address that an IPv6 one only wraps."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else ip)
