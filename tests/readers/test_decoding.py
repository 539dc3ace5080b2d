from __future__ import annotations

import pytest

from appliance.readers.contract import Damaged

GREETING = "Die Öffnungszeiten: Grüße an alle, 5 € – „gut“"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8-sig", GREETING),
        ("utf-16", GREETING),
        ("utf-16-le", "We open at nine. Grüße"),
        ("utf-16-be", "We open at nine. Grüße"),
        ("cp1252", GREETING),
        ("cp1250", "Otevírací doba: příliš žluťoučký kůň úpěl ďábelské ódy"),
        ("cp1251", "Мы открыты с девяти до пяти, кроме воскресенья."),
        ("koi8-r", "Мы открыты с девяти до пяти, кроме воскресенья."),
        ("cp1253", "Ανοίγουμε στις εννέα το πρωί."),
        ("cp1254", "Açılış saatleri: şimdi güzel İstanbul"),
        ("shift_jis", "私たちは九時に開店します。日曜日は休みです。"),
        ("euc_jp", "私たちは九時に開店します。日曜日は休みです。"),
        ("gb18030", "我们九点开门，星期天休息。"),
        ("big5", "我們九點開門，星期天休息。"),
        ("euc_kr", "우리는 아홉 시에 엽니다. 일요일은 쉽니다."),
    ],
)
def test_text_is_read_in_the_encoding_it_has(here, encoding, text):
    assert here(text.encode(encoding), "hours.txt").blocks[0].text == text


def test_a_few_bad_bytes_are_left_out_and_told(here):
    reading = here("Grüße aus Köln. ".encode() * 20 + b"\xfc.", "hours.txt")

    assert reading.blocks[0].text.startswith("Grüße aus Köln.")
    assert reading.report.warnings == ("1 character could not be read.",)


def test_a_long_text_is_read_by_a_sample_of_it(here):
    text = "Мы открыты с девяти до пяти.\n" * 5000

    assert here(text.encode("cp1251"), "hours.txt").blocks[-1].text.endswith("до пяти.")


def test_bytes_in_no_encoding_are_damaged(here):
    with pytest.raises(Damaged, match="Save it as UTF-8"):
        here(b"We open \x81\x8d at \x9d\xff\x90 nine " * 3, "hours.txt")


def test_nul_characters_are_dropped(here):
    assert here("We o\0pen at\x07 nine, every day of the week.", "a.txt").blocks[0].text == (
        "We open at nine, every day of the week."
    )
