"""One reader for each kind of file. Each is imported when a file needs it, and no other."""

from __future__ import annotations

from collections.abc import Callable

from appliance.readers.contract import Limits
from appliance.readers.draft import Draft

Reader = Callable[[bytes, Limits], Draft]


def _pdf(content: bytes, limits: Limits) -> Draft:
    from appliance.readers import pdf

    return pdf.read(content, limits)


def _docx(content: bytes, _limits: Limits) -> Draft:
    from appliance.readers import words
    from appliance.readers.package import Package

    return words.read(Package(content))


def _pptx(content: bytes, limits: Limits) -> Draft:
    from appliance.readers import slides
    from appliance.readers.package import Package

    return slides.read(Package(content), limits)


def _xlsx(content: bytes, _limits: Limits) -> Draft:
    from appliance.readers import spreadsheets

    return spreadsheets.read_xlsx(content)


def _xls(content: bytes, _limits: Limits) -> Draft:
    from appliance.readers import spreadsheets

    return spreadsheets.read_xls(content)


def _odt(content: bytes, _limits: Limits) -> Draft:
    from appliance.readers import nodes

    return nodes.read_odt(content)


def _rtf(content: bytes, _limits: Limits) -> Draft:
    from appliance.readers import nodes

    return nodes.read_rtf(content)


def _epub(content: bytes, _limits: Limits) -> Draft:
    from appliance.readers import book
    from appliance.readers.package import Package

    return book.read(Package(content))


def _msg(content: bytes, _limits: Limits) -> Draft:
    from appliance.readers import mail

    return mail.read_msg(content)


def _eml(content: bytes, _limits: Limits) -> Draft:
    from appliance.readers import mail

    return mail.read_eml(content)


def _html(content: bytes, _limits: Limits) -> Draft:
    from appliance.readers import texts

    return texts.read_html(content)


def _md(content: bytes, _limits: Limits) -> Draft:
    from appliance.readers import texts

    return texts.read_markdown(content)


def _txt(content: bytes, _limits: Limits) -> Draft:
    from appliance.readers import texts

    return texts.read_plain(content)


def _table(content: bytes, _limits: Limits) -> Draft:
    from appliance.readers import data

    return data.read_table(content)


def _json(content: bytes, _limits: Limits) -> Draft:
    from appliance.readers import data

    return data.read_json(content)


READERS: dict[str, Reader] = {
    "pdf": _pdf,
    "docx": _docx,
    "pptx": _pptx,
    "xlsx": _xlsx,
    "xls": _xls,
    "odt": _odt,
    "rtf": _rtf,
    "epub": _epub,
    "msg": _msg,
    "eml": _eml,
    "html": _html,
    "md": _md,
    "txt": _txt,
    "csv": _table,
    "tsv": _table,
    "json": _json,
}
