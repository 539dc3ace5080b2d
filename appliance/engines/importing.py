"""Taking in a model from a file or folder, such as one on a USB stick.

Only formats that are data and nothing else are taken: GGUF and safetensors. A pickle
(`.bin`, `.pt`, …) can run a program when it is opened, and is refused.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import struct
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from appliance.base import clock, files
from appliance.base.errors import Conflict, EngineFailed, Invalid, WrongType
from appliance.engines import gguf, sentence_folder
from appliance.engines.manifest import Model, ModelFile

_PICKLES = frozenset({".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib", ".h5", ".npy"})
_PROGRAMS = frozenset({".py", ".so", ".dll", ".dylib", ".exe", ".sh"})
_TAKEN = frozenset({".json", ".txt", ".model", ".safetensors"})
_MODULES = frozenset({"Transformer", "Pooling", "Normalize", "Dense", "LayerNorm", "Dropout"})
_HEAD_LIMIT = 100 << 20  # bytes of a safetensors head, as the format's own reader has it
_MARGIN = 64 << 20  # bytes left free on the disk

Progress = Callable[[int], None]


def take_in(
    source: Path, models_dir: Path, *, taken: set[str], progress: Progress = lambda _: None
) -> Model:
    """Copy a model into its folder, whole or not at all, and describe it.

    Raises WrongType for what is not a model that can be used, Conflict for a name that
    is `taken`, Invalid when the disk is too full.
    """
    if source.is_dir():
        paths = _checked_folder(source)
        model = _describe_folder(source, [])
    else:
        paths = [source]
        model = _describe_gguf(source, [])
    if model.name in taken:
        raise Conflict(f"A model named {model.name} is here already. Remove it first.")
    _check_room(paths, models_dir)
    models_dir.mkdir(parents=True, exist_ok=True)
    _sweep(models_dir)
    with tempfile.TemporaryDirectory(dir=models_dir, prefix=".arriving-") as folder:
        root = source if source.is_dir() else source.parent
        copies = [_copy(path, root, Path(folder) / "model", progress) for path in paths]
        target = models_dir / model.name
        if target.exists():  # left by an import that was cut off before it was written down
            shutil.rmtree(target)
        (Path(folder) / "model").rename(target)
        files.flush_folder(models_dir)
    describe = _describe_folder if source.is_dir() else _describe_gguf
    return describe(source, copies)


def _sweep(models_dir: Path) -> None:
    """Remove what an import left behind that was cut off, days ago: another may be running."""
    for folder in models_dir.glob(".arriving-*"):
        if clock.now() - folder.stat().st_mtime * 1000 > clock.DAY:
            shutil.rmtree(folder, ignore_errors=True)


def _describe_gguf(path: Path, copies: list[ModelFile]) -> Model:
    head = gguf.read_head(path)
    if re.search(r"-\d{5}-of-\d{5}$", path.stem):
        raise WrongType("This is one part of a model in several files. Join them first.")
    if head.architecture in ("bert", "nomic-bert", "jina-bert-v2", "t5encoder", "clip"):
        raise WrongType(f"{path.name} is not a model that writes.")
    size = path.stat().st_size
    return Model(
        name=_name(path.stem),
        title=head.text("general.name") or path.stem,
        role="language",
        format="gguf",
        family=head.text("general.basename") or head.architecture,
        parameters=head.parameters,
        quantisation=head.quantisation,
        context_tokens=head.context_tokens or 4096,
        licence=head.text("general.license", "unknown"),
        source=f"imported from {path.name}",
        memory_mb=size * 12 // 10 // 2**20 + 300,  # weights, context and working memory
        files=tuple(copies),
        imported=True,
    )


def _describe_folder(folder: Path, copies: list[ModelFile]) -> Model:
    try:
        _, window = sentence_folder.shape(folder)
    except EngineFailed as error:
        raise WrongType(f"{folder.name} is not a sentence-transformers folder.") from error
    config = json.loads((folder / "config.json").read_text("utf-8"))
    weights = folder / "model.safetensors"
    parameters, kind = _tensors(weights)
    return Model(
        name=_name(folder.name),
        title=folder.name,
        role="embedding",
        format="sentence-transformers",
        family=str(config.get("model_type", "unknown")),
        parameters=parameters,
        quantisation=kind,
        context_tokens=window,
        licence=_licence(folder / "README.md"),
        source=f"imported from the folder {folder.name}",
        memory_mb=weights.stat().st_size // 2**20 + 700,
        files=tuple(copies),
        imported=True,
    )


def _checked_folder(folder: Path) -> list[Path]:
    """The files to take along. Raises WrongType."""
    found = [path for path in folder.rglob("*") if not _hidden(path.relative_to(folder))]
    for path in found:
        if path.is_symlink():
            raise WrongType(f"{path.name} is a link. Copy the folder with its contents first.")
        if path.suffix in _PICKLES | _PROGRAMS:
            raise WrongType(
                f"{path.name} could run a program when it is opened, so this folder is not "
                "taken. Only safetensors files are; remove the other and import again."
            )
    for name in ("modules.json", "config.json", "tokenizer.json", "model.safetensors"):
        if not (folder / name).is_file():
            raise WrongType(f"{folder.name} is not a sentence-transformers folder: no {name}.")
    _check_modules(folder)
    return sorted(path for path in found if path.is_file() and path.suffix in _TAKEN)


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _check_modules(folder: Path) -> None:
    """A model may name only parts that sentence-transformers itself brings along."""
    try:
        modules = json.loads((folder / "modules.json").read_text("utf-8"))
        kinds = {str(module["type"]) for module in modules}
        config = json.loads((folder / "config.json").read_text("utf-8"))
        own_code = "auto_map" in config
        paths = {str(module["path"]) for module in modules}
    except (ValueError, LookupError, TypeError) as error:
        raise WrongType(f"{folder.name} is not a sentence-transformers folder.") from error
    strange = [
        kind
        for kind in kinds
        if kind.rpartition(".")[2] not in _MODULES or not kind.startswith("sentence_transformers.")
    ]
    if strange or own_code or any(".." in path or path.startswith("/") for path in paths):
        raise WrongType(f"{folder.name} needs program code of its own, which is not run here.")


def _tensors(path: Path) -> tuple[int, str]:
    """Numbers in a safetensors file, and their type. Raises WrongType.

    The format: https://github.com/huggingface/safetensors
    """
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            if length > min(_HEAD_LIMIT, path.stat().st_size):
                raise ValueError("impossible head")
            head: dict[str, Any] = json.loads(file.read(length))
        head.pop("__metadata__", None)
        end = max(int(tensor["data_offsets"][1]) for tensor in head.values())
        if 8 + length + end != path.stat().st_size:
            raise ValueError("the file ends early")
        counts: dict[str, int] = {}
        for tensor in head.values():
            size = 1
            for dimension in tensor["shape"]:
                size *= int(dimension)
            counts[str(tensor["dtype"])] = counts.get(str(tensor["dtype"]), 0) + size
    except (struct.error, ValueError, LookupError, TypeError, AttributeError) as error:
        raise WrongType(f"{path.name} is not a sound safetensors file.") from error
    return sum(counts.values()), max(counts, key=lambda kind: counts[kind])


def _licence(readme: Path) -> str:
    """From the card of the model, if it has one."""
    if not readme.is_file():
        return "unknown"
    with readme.open(encoding="utf-8", errors="replace") as file:
        found = re.search(r"^license:\s*([\w.-]+)\s*$", file.read(20_000), re.MULTILINE)
    return found.group(1) if found else "unknown"


def _name(stem: str) -> str:
    name = re.sub(r"[^a-z0-9._-]+", "-", stem.lower()).strip("-._")[:64]
    if not name:
        raise Invalid("The name of this file has no letter that a model's name can have.")
    return name


def _check_room(paths: list[Path], models_dir: Path) -> None:
    needed = sum(path.stat().st_size for path in paths) + _MARGIN
    place = next(each for each in (models_dir, *models_dir.parents) if each.exists())
    if shutil.disk_usage(place).free < needed:
        raise Invalid(f"The disk has no room for this model: it needs {needed // 2**20} MB.")


def _copy(path: Path, root: Path, target: Path, progress: Progress) -> ModelFile:
    hasher, size = hashlib.sha256(), 0
    place = target / path.relative_to(root)
    with path.open("rb") as source, files.arriving(place.parent, mode=0o644) as copy:
        while piece := source.read(1 << 20):
            hasher.update(piece)
            size += len(piece)
            copy.write(piece)
            progress(len(piece))
        copy.settle(place)
    return ModelFile(path.relative_to(root).as_posix(), size, hasher.hexdigest())
