"""What is known of a model, and the TOML in which it is written down."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from appliance.base.errors import Broken

Role = Literal["language", "embedding", "reranker"]
Format = Literal["gguf", "sentence-transformers", "cross-encoder"]

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


@dataclass(frozen=True)
class ModelFile:
    """One file of a model. `path` is relative to the model's folder, with forward slashes.

    Without a hash it is known by its name only: a download takes the hash that the hub
    states, and pins it.
    """

    path: str
    size: int = 0
    sha256: str = ""

    def __post_init__(self) -> None:
        path = PurePosixPath(self.path)
        if path.is_absolute() or ".." in path.parts or "\\" in self.path or ":" in self.path:
            raise ValueError(f"the file {self.path!r} lies outside its model's folder")


@dataclass(frozen=True)
class Package:
    """The Python package whose wheel carries a starter model, and the folder in it."""

    requirement: str
    folder: str


@dataclass(frozen=True)
class Model:
    """One AI model: who made it, what it may be used for, and the files it consists of."""

    name: str  # also the name of its folder
    title: str
    role: Role
    format: Format
    family: str
    parameters: int  # 0: not known
    quantisation: str
    context_tokens: int
    licence: str
    source: str
    memory_mb: int  # resident when loaded, measured or estimated
    files: tuple[ModelFile, ...]
    advice: str = ""
    package: Package | None = None  # where the set-up finds a starter model
    original: ModelFile | None = None  # what the package has; files[0] is converted from it
    repository: str = ""  # on the hub; empty: it cannot be downloaded
    revision: str = ""  # a commit of the repository; empty: the newest
    download_mb: int = 0  # about, where the sizes of the files are not known
    place: str = ""  # the folder it is used in, when it was not copied
    imported: bool = False
    installed: bool = False  # every file is there and has its size; the catalogue looks

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is not a model's name")

    @property
    def size(self) -> int:
        """Bytes on the disk, or about so many once it is here."""
        return max(sum(file.size for file in self.files), self.download_mb * 2**20)

    @property
    def pinned(self) -> bool:
        """Every file's hash is known."""
        return bool(self.files) and all(file.sha256 for file in self.files)

    @property
    def fingerprint(self) -> str:
        """Name and content: two models with the same fingerprint compute the same."""
        content = "\n".join(sorted(f"{file.sha256} {file.path}" for file in self.files))
        return f"{self.name}@{hashlib.sha256(content.encode()).hexdigest()[:16]}"


def read(path: Path, *, imported: bool = False) -> list[Model]:
    """The models of one TOML file; none when it does not exist. Raises Broken."""
    try:
        tables = tomllib.loads(path.read_text("utf-8")).get("model", [])
        return [_model(table, imported=imported) for table in tables]
    except FileNotFoundError:
        return []
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError, ValueError) as error:
        raise Broken(f"{path} is not a list of models: {error}.") from error


def _model(table: dict[str, Any], *, imported: bool) -> Model:
    package, original = table.pop("package", None), table.pop("original", None)
    return Model(
        **{**table, "files": tuple(ModelFile(**file) for file in table.get("files", []))},
        package=Package(**package) if package else None,
        original=ModelFile(**original) if original else None,
        imported=imported,
    )


def written(models: Iterable[Model]) -> str:
    """The same models as TOML."""
    lines = ["# Written by the program when a model is imported."]
    for model in models:
        lines += ["", "[[model]]"]
        for field in fields(model):
            value = getattr(model, field.name)
            if isinstance(value, str | int) and not isinstance(value, bool):
                lines.append(f"{field.name} = {_value(value)}")
        for file in model.files:
            lines += ["", "[[model.files]]"]
            lines += [f"{name} = {_value(value)}" for name, value in vars(file).items()]
    return "\n".join(lines) + "\n"


def _value(value: str | int) -> str:
    # A JSON string without control characters is a TOML basic string.
    if isinstance(value, str):
        return json.dumps("".join(c for c in value if c.isprintable()), ensure_ascii=False)
    return str(value)
