"""Excel workbooks: each table piece with its sheet and cells."""

from __future__ import annotations

from typing import Any

from appliance.readers import native
from appliance.readers.draft import Draft
from appliance.readers.grids import write_sheet
from appliance.readers.kinds import BY_NAME
from appliance.readers.office import describe
from appliance.readers.package import Package
from appliance.readers.tidy import one_line
from appliance.readers.workbook import Sheet, sheets


def read_xlsx(content: bytes) -> Draft:
    """All sheets. Formulas are read as the value that was saved with them."""
    draft, package = Draft(), Package(content)
    describe(draft, package)
    known = sheets(package)
    _write(draft, _extract(content, "xlsx"), known)
    if hidden := [sheet.name for sheet in known if sheet.hidden]:
        draft.warnings.append(f"Hidden sheets were read too: {', '.join(hidden)}.")
    return draft


def read_xls(content: bytes) -> Draft:
    """All sheets of an old workbook. Where their cells begin is not known, so none are named."""
    draft = Draft()
    result = _extract(content, "xls")
    names = result.metadata.get("sheet_names") or []
    _write(draft, result, [Sheet(name, hidden=False) for name in names])
    return draft


def _extract(content: bytes, kind: str) -> Any:
    return native.extract(content, BY_NAME[kind].media_type, pages=True, structure=False)


def _write(draft: Draft, result: Any, known: list[Sheet]) -> None:
    for page in result.pages or []:
        index = page["page_number"] - 1
        sheet = known[index] if index < len(known) else Sheet("", hidden=False)
        for table in page["tables"]:
            rows = sheet.shown([list(row) for row in table.cells])
            name = one_line(sheet.name) or None
            write_sheet(draft, rows, sheet=name, origin=sheet.origin)
