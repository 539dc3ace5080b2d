"""Each way in which a file cannot be read has its own error and its own plain sentence."""

from __future__ import annotations

import zlib

import pytest

from appliance.readers.contract import (
    Damaged,
    EmptyFile,
    FileTooLarge,
    Locked,
    NoText,
    NotWhatItSays,
    UnknownKind,
    UnpacksTooLarge,
)
from tests.readers import making

ELF = b"\x7fELF\x02\x01\x01" + bytes(200)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


def test_an_empty_file_is_empty(fenced):
    with pytest.raises(EmptyFile, match="empty"):
        fenced(b"", "hours.txt")


def test_blanks_alone_are_empty_too(here):
    with pytest.raises(EmptyFile, match="no text"):
        here(" \n\n\t\n", "hours.txt")


def test_a_scan_says_how_many_pages_hold_no_text(fenced):
    with pytest.raises(NoText, match=r"3 pages and no text; it looks like a scan") as caught:
        fenced(making.scan(3), "contract.pdf")

    assert caught.value.facts == {"pages": 3}


def test_a_document_of_pictures_only_has_no_text(here):
    with pytest.raises(NoText, match="Word document without any text"):
        here(making.docx("<w:p/>"), "photos.docx")


@pytest.mark.parametrize("name", ["locked.pdf", "locked.docx"])
def test_a_password_is_asked_to_be_removed(fenced, samples, name):
    with pytest.raises(Locked, match="Remove the password"):
        fenced((samples / name).read_bytes(), name)


def test_an_encrypted_archive_member_is_a_password_too(here):
    content = bytearray(making.docx(making.paragraph("x")))
    content[content.index(b"PK\x01\x02") + 8] |= 1  # the flag in the archive's list

    with pytest.raises(Locked):
        here(bytes(content), "a.docx")


def test_a_protected_book_says_so(here):
    content = making.epub({"a.xhtml": "<p>x</p>"}, extra={"META-INF/rights.xml": "<rights/>"})

    with pytest.raises(Locked, match="copy-protected"):
        here(content, "novel.epub")


@pytest.mark.parametrize(
    ("content", "name", "looks_like"),
    [
        (ELF, "report.pdf", "a Linux program"),
        (PNG, "report.pdf", "a PNG picture"),
        (PNG, "notes.txt", "a PNG picture"),
        (b"MZ\x90\x00" + bytes(300), "letter.docx", "a Windows program"),
        (b"Just words.", "report.pdf", "a plain text"),
        (b"<!DOCTYPE html><p>404", "report.pdf", "a web page"),
        (bytes(range(256)) * 9, "notes.md", "something that is not text"),
        (making.docx(making.paragraph("x")), "report.pdf", "a Word document"),
        (making.archive({"a.txt": "x"}), "letter.docx", "a zip archive"),
    ],
)
def test_a_renamed_file_is_told_what_it_looks_like(here, content, name, looks_like):
    with pytest.raises(NotWhatItSays, match=f"looks like {looks_like}"):
        here(content, name)


def test_a_renamed_program_is_refused_by_the_fenced_reader_too(fenced):
    with pytest.raises(NotWhatItSays, match=r"The name says that this is a PDF"):
        fenced(ELF, "report.pdf")


@pytest.mark.parametrize("name", ["photo.png", "song.mp3", "program.exe", "archive"])
def test_other_kinds_are_told_what_can_be_read(here, name):
    with pytest.raises(UnknownKind, match=r"cannot be read\. PDF, Word .* can be read\."):
        here(PNG, name)


def test_an_old_word_document_is_told_what_to_do(here):
    with pytest.raises(UnknownKind, match=r"Save it as \.docx"):
        here(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "letter.doc")


def test_a_file_over_the_limit_is_not_even_sent_to_the_reader(fenced):
    with pytest.raises(FileTooLarge, match=r"larger than 0\.5 MB"):
        fenced(bytes(2**20), "big.txt", file_bytes=2**19)


def test_a_pdf_with_too_many_pages_is_too_large(fenced):
    with pytest.raises(FileTooLarge, match="more than 2 pages"):
        fenced(making.pdf(["a"], ["b"], ["c"]), "long.pdf", pages=2)


def test_a_zip_bomb_is_not_opened(fenced):
    bomb = making.archive({"_rels/.rels": "x", "word/document.xml": bytes(60 * 2**20)})

    with pytest.raises(UnpacksTooLarge, match="unpacks to more than"):
        fenced(bomb, "letter.docx")


def test_a_zip_bomb_that_lies_about_its_size_is_not_opened(here):
    content = bytearray(making.archive({"word/document.xml": bytes(60 * 2**20)}))
    listed = content.index(b"PK\x01\x02")
    content[listed + 24 : listed + 28] = (1000).to_bytes(4, "little")

    with pytest.raises(UnpacksTooLarge):
        here(bytes(content), "letter.docx")


def test_an_archive_of_too_many_parts_is_not_opened(here):
    with pytest.raises(UnpacksTooLarge, match="10000 parts"):
        here(making.archive({f"word/{n}": "" for n in range(10_001)}), "letter.docx")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (making.pdf(["x"])[:200], "half.pdf"),
        (making.docx(making.paragraph("x"))[:300], "half.docx"),
        (making.docx("<w:p><w:r>"), "open.docx"),
        (making.archive({"ppt/a.xml": "x"}), "no_main.pptx"),
        (b"PK\x05\x06" + bytes(18), "nothing.xlsx"),
        (b"{\\rtf1 {{{", "open.rtf"),
        (b"{not json", "broken.json"),
        (b"\xff\xfe\xff" * 50 + b"\xd8", "broken.txt"),
    ],
)
def test_a_damaged_file_ends_in_a_sentence(fenced, content, name):
    with pytest.raises((Damaged, NoText, EmptyFile, NotWhatItSays)) as caught:
        fenced(content, name)

    assert caught.value.message.endswith((".", "text in it."))


def test_a_compressed_part_that_is_cut_off_is_damaged(here):
    content = making.docx(making.paragraph("x" * 5000))
    packed = zlib.compress(b"x" * 5000)[2:10]
    broken = content.replace(packed, b"\xff" * len(packed))

    if broken != content:
        with pytest.raises(Damaged):
            here(broken, "letter.docx")
