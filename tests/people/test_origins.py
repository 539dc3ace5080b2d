import pytest

from appliance.base.errors import Invalid
from appliance.people import origins


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("https://Shop.Example/", "https://shop.example"),
        ("http://shop.example:80", "http://shop.example"),
        ("https://shop.example:8443", "https://shop.example:8443"),
        ("https://*.corp.local", "https://*.corp.local"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("https://müller.example", "https://xn--mller-kva.example"),
        ("null", "null"),
    ],
)
def test_an_origin_has_one_spelling(written, plain):
    assert origins.normal(written) == plain


@pytest.mark.parametrize(
    "wrong",
    ["", "shop.example", "ftp://shop.example", "https://shop.example/page", "https://a b",
     "https://*", "https://shop.*", "*", "https://", "https://x:99999", "https://u:p@shop.example",
     "https://sh\top.example", "https://shop.example?", "https://shop.example#"],
)  # fmt: skip
def test_what_is_no_origin_is_not_taken(wrong):
    with pytest.raises(Invalid):
        origins.normal(wrong)


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://shop.example", "https://shop.example"),
        ("https://SHOP.example:443", "https://shop.example"),
        ("https://a.corp.local", "https://*.corp.local"),
        ("https://a.b.corp.local", "https://*.corp.local"),
        ("http://a.corp.local:8080", "http://*.corp.local:8080"),
        ("null", "null"),
    ],
)
def test_a_page_on_the_list_is_let_in(origin, allowed):
    assert origins.matches(origin, [allowed])


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("http://shop.example", "https://shop.example"),
        ("https://shop.example:8443", "https://shop.example"),
        ("https://shop.example.mallory.example", "https://shop.example"),
        ("https://corp.local", "https://*.corp.local"),
        ("https://evilcorp.local", "https://*.corp.local"),
        ("https://a.corp.local:8080", "https://*.corp.local"),
        ("https://*.corp.local", "https://*.corp.local"),
        ("null", "https://shop.example"),
        ("", "https://shop.example"),
    ],
)
def test_a_page_that_is_not_on_the_list_stays_out(origin, allowed):
    assert not origins.matches(origin, [allowed])


def test_an_empty_list_lets_nobody_in():
    assert not origins.matches("https://shop.example", [])


@pytest.mark.parametrize("wide", ["null", "https://*.com", "http://*.shop"])
def test_a_list_of_sites_takes_nobody_that_was_not_chosen(wide):
    with pytest.raises(Invalid, match="nobody chose"):
        origins.site(wide)


def test_an_office_may_let_in_all_of_its_own_names():
    assert origins.site("http://*.lan") == "http://*.lan"
