"""Small real parts: an embedder of character n-grams, and a reader of plain text."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence

import numpy as np

from appliance.base.errors import NotFound, Unreadable
from appliance.engines.contract import Embedded, Embedder
from appliance.readers.contract import Block, Limits, Place, Reading, Report


class GramEmbedder(Embedder):
    """Texts that share runs of three letters are alike. A token is a word."""

    name = "grams"
    fingerprint = "grams-1"
    dimensions = 64
    window = 64

    def __init__(self) -> None:
        self.seen: list[str] = []

    def embed(
        self,
        texts: Sequence[str],
        *,
        spans: Sequence[Sequence[tuple[int, int]]] | None = None,
        urgent: bool = False,
    ) -> list[Embedded]:
        self.seen += texts
        return [
            Embedded(
                self._vector(text),
                np.array(
                    [self._vector(text[a:b]) for a, b in (spans[at] if spans else ())], np.float32
                ).reshape(-1, self.dimensions),
            )
            for at, text in enumerate(texts)
        ]

    def offsets(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in re.finditer(r"\w+|[^\w\s]", text)]

    def _vector(self, text: str) -> np.ndarray:
        plain = f"  {text.lower()}  "
        counts = np.zeros(self.dimensions, np.float32)
        for at in range(len(plain) - 2):
            counts[zlib.crc32(plain[at : at + 3].encode()) % self.dimensions] += 1
        counts = np.sqrt(counts)
        return counts / np.linalg.norm(counts)


class OtherGrams(GramEmbedder):
    """Another model, whose vectors do not compare with the first one's."""

    fingerprint = "grams-2"
    dimensions = 32


def grams(model: str) -> Embedder:
    """Opens one of these two by its name, as the catalogue's models are opened."""
    known = {each.fingerprint: each for each in (GramEmbedder, OtherGrams)}
    if model not in known:
        raise NotFound("embedding model")
    return known[model]()


def read(stream: Iterable[bytes], *, name: str, media_type: str, limits: Limits) -> Reading:
    """Paragraphs between blank lines; `# ` begins a heading, a form feed a page."""
    text = b"".join(stream).decode()
    if "unreadable" in text:
        raise Unreadable("No text can be taken from this file.")
    blocks, heading = [], None
    for number, page in enumerate(text.split("\f"), 1):
        for paragraph in filter(None, (each.strip() for each in page.split("\n\n"))):
            if paragraph.startswith("# "):
                heading = paragraph[2:]
                blocks.append(Block("heading", heading, Place(page=number), level=1))
            else:
                blocks.append(Block("paragraph", paragraph, Place(number, heading)))
    report = Report(media_type or "text/plain", characters=len(text))
    return Reading(tuple(blocks), report, title=name)
