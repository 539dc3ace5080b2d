import socket

import pytest

from appliance.base.errors import Invalid
from appliance.engines.remote import address
from appliance.engines.remote.trouble import AddressRefused, Unreachable


def resolving_to(monkeypatch, *found: str) -> None:
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in found]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: answer)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://models.example.com/v1/", "https://models.example.com/v1"),
        ("  http://192.168.1.20:11434/v1 ", "http://192.168.1.20:11434/v1"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[fd12::1]:8000/v1", "http://[fd12::1]:8000/v1"),
        ("http://llama.office", "http://llama.office"),
    ],
)
def test_an_address_in_the_house_is_taken(given, kept):
    assert address.checked(given, in_the_house=True) == kept


METADATA = [
    "http://169.254.169.254/latest",
    "http://[fe80::1]/",
    "http://100.100.100.200",
    "http://168.63.129.16",
    "http://[fd00:ec2::254]",
    "http://[::ffff:169.254.169.254]",
    "http://[64:ff9b::a9fe:a9fe]",
    "http://[2002:a9fe:a9fe::]",
    "http://0.0.0.0",
    "http://[::]",
    "http://224.0.0.1",
]


@pytest.mark.parametrize(
    "given",
    [
        *METADATA,
        "",
        "models.example.com",
        "ftp://models.example.com",
        "file:///etc/passwd",
        "https://user:secret@models.example.com",
        "https://models.example.com/?key=1",
        "https://models.example.com/#x",
        "https://models.example.com:99999",
        "https://models.example.com/\r\nX: y",
        "https://[::1",
        "https://" + "x" * 300 + ".example",
    ],
)
def test_an_address_that_is_no_provider_s_is_refused(given):
    with pytest.raises(Invalid):
        address.checked(given, in_the_house=True)


@pytest.mark.parametrize(
    "given", ["http://models.example.com", "https://10.0.0.1", "https://[::1]"]
)
def test_a_provider_on_the_internet_is_reached_there_and_with_tls(given):
    with pytest.raises(Invalid):
        address.checked(given, in_the_house=False)


@pytest.mark.parametrize("found", ["169.254.169.254", "127.0.0.1", "10.1.2.3", "::1", "100.64.0.1"])
def test_a_name_that_leads_into_the_house_is_not_followed_there(monkeypatch, found):
    resolving_to(monkeypatch, "93.184.216.34", found)

    with pytest.raises(AddressRefused):
        address.reached("api.openai.com", 443, in_the_house=False, tls=True)


def test_a_name_in_the_house_may_not_lead_to_the_machine_s_own_credentials(monkeypatch):
    resolving_to(monkeypatch, "169.254.169.254")

    with pytest.raises(AddressRefused):
        address.reached("llama.office", 80, in_the_house=True, tls=False)


def test_what_was_looked_up_is_what_is_connected_to(monkeypatch):
    resolving_to(monkeypatch, "192.168.1.20", "192.168.1.20", "192.168.1.21")
    found = address.reached("llama.office", 80, in_the_house=True, tls=False)

    assert found == [("192.168.1.20", 80), ("192.168.1.21", 80)]


def test_nothing_is_sent_over_the_internet_in_the_clear(monkeypatch):
    resolving_to(monkeypatch, "93.184.216.34")

    with pytest.raises(AddressRefused):
        address.reached("models.example.com", 80, in_the_house=True, tls=False)


def test_a_name_that_is_not_known_is_unreachable():
    with pytest.raises(Unreachable):
        address.reached("no-such-name.invalid", 443, in_the_house=True, tls=True)
