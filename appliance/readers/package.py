"""A document that is a zip archive, opened without letting it fill the memory."""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from io import BytesIO

from appliance.readers.contract import Damaged, Limits, Locked, UnpacksTooLarge
from appliance.readers.xmltree import Node, parse

MOST_MEMBERS = 10_000
# Below this much, a high ratio is harmless: empty tables and styles pack very well.
RATIO_COUNTS_FROM = 20 * 2**20
_CHUNK = 64 * 1024
# What zipfile raises for an archive somebody has been at.
_UNPACKING = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError)


class Package:
    """The members of one archive, by name. Raises Damaged when it is no archive."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
            self._infos = self._zip.infolist()
        except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError) as error:
            raise Damaged("This file is damaged: its archive cannot be opened.") from error
        self.names = frozenset(info.filename for info in self._infos)

    def check(self, limits: Limits) -> None:
        """Inflate everything once, keeping nothing, and stop at the limit.

        What the archive declares is checked first, but nobody has to believe it.
        Raises UnpacksTooLarge, Locked, Damaged.
        """
        if len(self._infos) > MOST_MEMBERS:
            raise UnpacksTooLarge(f"This file is an archive of more than {MOST_MEMBERS} parts.")
        if any(info.flag_bits & 1 for info in self._infos):
            raise Locked("This file is protected by a password. Remove the password and upload it.")
        packed = len(self._content)
        allowed = min(limits.unpacked_bytes, max(limits.unpack_ratio * packed, RATIO_COUNTS_FROM))
        if sum(info.file_size for info in self._infos) > allowed:
            raise _bomb(limits)
        left = allowed
        for info in self._infos:
            left -= self._inflated(info, left, limits)

    def read(self, name: str) -> bytes | None:
        """A member's bytes, or None when there is none of this name."""
        if name not in self.names:
            return None
        try:
            return self._zip.read(name)
        except _UNPACKING as error:
            raise Damaged("This file is damaged: a part of it cannot be unpacked.") from error

    def start_of(self, name: str) -> bytes:
        """A member's first bytes, few enough to be read before it is checked."""
        try:
            with self._zip.open(name) as member:
                return member.read(100)
        except KeyError:
            return b""
        except _UNPACKING as error:
            raise Damaged("This file is damaged: a part of it cannot be unpacked.") from error

    def xml(self, name: str) -> Node | None:
        """A member as an XML tree, or None. Raises Damaged when it is not well-formed."""
        content = self.read(name)
        return None if content is None else parse(content)

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """The parts this one refers to: {id: (kind, name)}; references that lead outside are not
        among them."""
        folder, name = posixpath.split(part)
        tree = self.xml(posixpath.join(folder, "_rels", f"{name}.rels"))
        return {
            node.get("Id"): (
                node.get("Type").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, node.get("Target"))).lstrip("/"),
            )
            for node in (tree.all("Relationship") if tree else ())
            if node.get("TargetMode") != "External"
        }

    def _inflated(self, info: zipfile.ZipInfo, left: int, limits: Limits) -> int:
        """How many bytes a member really holds. Raises UnpacksTooLarge beyond `left`."""
        header = self._content[info.header_offset : info.header_offset + 30]
        if len(header) < 30 or header[:4] != b"PK\x03\x04":
            raise Damaged("This file is damaged: its archive cannot be opened.")
        start = info.header_offset + 30 + sum(struct.unpack("<HH", header[26:30]))
        packed = memoryview(self._content)[start : start + info.compress_size]
        if info.compress_type == zipfile.ZIP_STORED:
            return len(packed)
        if info.compress_type != zipfile.ZIP_DEFLATED:
            raise Damaged("This file is packed in a way that office programs do not use.")
        inflater, size, data = zlib.decompressobj(-15), 0, bytes(packed)
        while data and not inflater.eof:
            try:
                size += len(inflater.decompress(data, _CHUNK))
            except zlib.error as error:
                raise Damaged("This file is damaged: a part of it cannot be unpacked.") from error
            if size > left:
                raise _bomb(limits)
            data = inflater.unconsumed_tail
        return size


def _bomb(limits: Limits) -> UnpacksTooLarge:
    return UnpacksTooLarge(
        f"This file unpacks to more than {limits.unpacked_bytes // 2**20} MB or to more than "
        f"{limits.unpack_ratio} times its size, so it is not opened."
    )
