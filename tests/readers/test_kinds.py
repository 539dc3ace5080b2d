from __future__ import annotations

import pytest

from appliance.readers.contract import NotWhatItSays, UnknownKind
from appliance.readers.kinds import BY_NAME, choose, looks_like_text, sniff

TEXT = sniff(b"We open at nine.")
PDF = sniff(b"%PDF-1.7\n")


@pytest.mark.parametrize(
    ("name", "media_type", "kind"),
    [
        ("hours.txt", "", "txt"),
        ("HOURS.TXT", "application/pdf", "txt"),
        ("hours.md", "", "md"),
        ("hours", "text/markdown; charset=utf-8", "md"),
        ("hours", "", "txt"),
        ("C:\\files\\hours.csv", "application/vnd.ms-excel", "csv"),
        ("page.html", "", "html"),
        ("mail.eml", "", "eml"),
    ],
)
def test_the_name_decides_then_the_media_type_then_the_content(name, media_type, kind):
    assert choose(name, media_type, TEXT) is BY_NAME[kind]


def test_content_without_a_name_is_taken_for_what_it_is():
    assert choose("upload", "", PDF) is BY_NAME["pdf"]


def test_a_stated_media_type_has_to_be_true():
    with pytest.raises(NotWhatItSays):
        choose("upload", "application/pdf", TEXT)


def test_an_ending_that_is_not_read_is_named():
    with pytest.raises(UnknownKind, match=r"Files ending in \.xyz cannot be read"):
        choose("data.xyz", "", TEXT)


def test_a_new_workbook_under_the_old_ending_is_read():
    seen = sniff(b"PK\x03\x04", {"xl/workbook.xml"})

    assert choose("prices.xls", "", seen) is BY_NAME["xlsx"]


@pytest.mark.parametrize(
    "content",
    [
        "Grüße aus Köln".encode(),
        "Grüße aus Köln".encode("cp1252"),
        "Grüße aus Köln".encode("utf-16"),
        "We open at nine".encode("utf-16-le"),
        "名前,年齢".encode("shift_jis"),
        b"a\0b" + b"word " * 100,
        b"MZ is how this note begins.",
        b"",
    ],
)
def test_text_looks_like_text_in_every_encoding(content):
    assert looks_like_text(content)


def test_other_bytes_do_not_look_like_text():
    assert not looks_like_text(bytes(range(256)) * 4)
    assert not looks_like_text(bytes(1000))
