from __future__ import annotations

import pytest

from appliance.readers.contract import Damaged

MESSAGE = b"""From: =?utf-8?q?M=C3=BCller?= <m@example.com>\r
To: ada@example.com\r
Subject: =?utf-8?b?VmVyc2FuZGtvc3Rlbg==?=\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=B\r
\r
--B\r
Content-Type: multipart/alternative; boundary=C\r
\r
--C\r
Content-Type: text/plain; charset=iso-8859-1\r
Content-Transfer-Encoding: quoted-printable\r
\r
Es kostet 5 =80. Gr=FC=DFe\r
--C\r
Content-Type: text/html\r
\r
<p>Not this one</p>\r
--C--\r
--B\r
Content-Type: application/pdf; name=terms.pdf\r
Content-Disposition: attachment; filename=terms.pdf\r
\r
%PDF\r
--B--\r
"""


def test_a_message_is_its_head_and_its_plain_text(here):
    reading = here(MESSAGE, "mail.eml")

    assert [block.text for block in reading.blocks] == [
        "Subject: Versandkosten\nFrom: Müller <m@example.com>\nTo: ada@example.com",
        "Es kostet 5 €. Grüße",
    ]
    assert reading.title == "Versandkosten"


def test_attachments_are_named_and_not_read(here):
    (warning,) = here(MESSAGE, "mail.eml").report.warnings

    assert warning == "Attachments were not read; upload them by themselves: terms.pdf."


def test_a_message_in_html_keeps_its_blocks_apart(here):
    message = (
        b"Subject: Hi\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        b"<p>Hello</p><ul><li>one</li><li>two</li></ul>"
    )
    blocks = here(message, "mail.eml").blocks

    assert [block.text for block in blocks[1:]] == ["Hello", "- one\n- two"]


def test_a_text_that_is_no_message_says_so(here):
    with pytest.raises(Damaged, match="no saved e-mail"):
        here("We open at nine.", "mail.eml")
