"""kreuzberg, called in the one way the readers need it: no cache, no network, one thread."""

from __future__ import annotations

from typing import Any

from appliance.readers.contract import Damaged, Locked

# A page with nothing on it.
_BLANK_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>"
)


def extract(content: bytes, media_type: str, *, pages: bool = False, structure: bool = True) -> Any:
    """kreuzberg's result, with text per page and the structure if asked for. Raises Locked,
    Damaged."""
    import kreuzberg

    config = kreuzberg.ExtractionConfig(
        use_cache=False,
        enable_quality_processing=False,
        output_format="markdown",  # as plain text there is no structure
        include_document_structure=structure,
        pages=kreuzberg.PageConfig(extract_pages=pages),
        concurrency=kreuzberg.ConcurrencyConfig(max_threads=1),
    )
    try:
        return kreuzberg.extract_bytes_sync(content, media_type, config)
    except (kreuzberg.KreuzbergError, RuntimeError, ValueError) as error:
        raise _translated(error) from None  # its message may hold text of the document


def load_pdf_library() -> None:
    """Have kreuzberg unpack its PDF library into the folder for temporary files and load it.

    Once it is loaded, the file is no longer needed.
    """
    extract(_BLANK_PDF, "application/pdf")


def _translated(error: Exception) -> Exception:
    message = str(error).lower()
    if "password" in message or "encrypt" in message:
        return Locked("This file is protected by a password. Remove the password and upload it.")
    return Damaged("This file is damaged, or not made the way its format asks for.")
