"""Looking at a file or folder that is to become a model, before anything is copied.

Only formats that are data and nothing else are taken: GGUF and safetensors. A pickle
(`.bin`, `.pt`, …) can run a program when it is opened, and is refused.
"""

from __future__ import annotations

import json
import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from appliance.base.errors import EngineFailed, Invalid, WrongType
from appliance.engines import gguf, memory, sentence_folder
from appliance.engines.manifest import Model

_PICKLES = frozenset({".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib", ".h5", ".npy"})
_PROGRAMS = frozenset({".py", ".so", ".dll", ".dylib", ".exe", ".sh"})
_TAKEN = frozenset({".json", ".txt", ".model", ".safetensors"})
_MODULES = frozenset({"Transformer", "Pooling", "Normalize", "Dense", "LayerNorm", "Dropout"})
_NOT_WRITERS = ("bert", "nomic-bert", "jina-bert-v2", "modern-bert", "t5encoder", "clip")
_HEAD_LIMIT = 100 << 20  # bytes of a safetensors head, as the format's own reader has it
_USUAL_CONTEXT = 4096  # tokens, for the estimate of memory that is written down


@dataclass(frozen=True)
class Arrival:
    """A model where it was found: what it is, and which files it consists of."""

    model: Model  # without its files: nobody has read them yet
    root: Path
    paths: tuple[Path, ...]

    @property
    def size(self) -> int:
        return sum(path.stat().st_size for path in self.paths)


def examine(source: Path) -> Arrival:
    """What a GGUF file or a model's folder is. Raises WrongType, Invalid."""
    try:
        if source.is_dir():
            return Arrival(_folder(source), source, tuple(_checked_folder(source)))
        if not source.is_file():
            raise Invalid(f"There is no file or folder {source.name} there.", param="path")
        return Arrival(_gguf(source), source.parent, (source,))
    except OSError as error:
        raise Invalid(f"{source.name} cannot be read ({error.strerror}).", param="path") from error


def name_of(stem: str) -> str:
    """The model's name for a file or folder. Raises Invalid."""
    name = re.sub(r"[^a-z0-9._-]+", "-", stem.lower()).strip("-._")[:64]
    if not name:
        raise Invalid("The name of this file has no letter that a model's name can have.")
    return name


def _gguf(path: Path) -> Model:
    head = gguf.read_head(path)
    if re.search(r"-\d{5}-of-\d{5}$", path.stem):
        raise WrongType("This is one part of a model in several files. Join them first.")
    if head.architecture in _NOT_WRITERS:
        raise WrongType(f"{path.name} is not a model that writes.")
    context = head.context_tokens or _USUAL_CONTEXT
    needed = memory.needed(head, path.stat().st_size, context_tokens=min(context, _USUAL_CONTEXT))
    _check_memory(path.name, needed)
    return Model(
        name=name_of(path.stem),
        title=head.text("general.name") or path.stem,
        role="language",
        format="gguf",
        family=head.text("general.basename") or head.architecture,
        parameters=head.parameters,
        quantisation=head.quantisation,
        context_tokens=context,
        licence=head.text("general.license", "unknown"),
        source=f"imported from {path.name}",
        memory_mb=needed // 2**20,
        files=(),
        imported=True,
    )


def _check_memory(name: str, needed: int) -> None:
    total = memory.total()
    if total and needed > total:
        raise Invalid(
            f"{name} needs about {needed / 2**30:.1f} GB of memory, and this machine has "
            f"{total / 2**30:.1f} GB. Choose a smaller model or a smaller quantisation."
        )


def _folder(folder: Path) -> Model:
    judges = _is_cross_encoder(folder)
    try:
        window = sentence_folder.window(folder) if judges else sentence_folder.shape(folder)[1]
        config = sentence_folder.read_json(folder / "config.json")
    except (EngineFailed, OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise _no_folder(folder) from error
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise WrongType(f"{folder.name} is not a sentence-transformers folder: no {weights.name}.")
    parameters, kind = _tensors(weights)
    memory_mb = weights.stat().st_size // 2**20 + 700
    _check_memory(folder.name, memory_mb * 2**20)
    return Model(
        name=name_of(folder.name),
        title=folder.name,
        role="reranker" if judges else "embedding",
        format="cross-encoder" if judges else "sentence-transformers",
        family=str(config.get("model_type", "unknown"))[:100],
        parameters=parameters,
        quantisation=kind,
        context_tokens=window,
        licence=_licence(folder / "README.md"),
        source=f"imported from the folder {folder.name}",
        memory_mb=memory_mb,
        files=(),
        imported=True,
    )


def _no_folder(folder: Path) -> WrongType:
    return WrongType(f"{folder.name} is not a sentence-transformers folder.")


def _is_cross_encoder(folder: Path) -> bool:
    """Whether it gives one number for two texts: a reranker. Raises WrongType."""
    try:
        config = sentence_folder.read_json(folder / "config.json")
        classifies = any(
            str(name).endswith("ForSequenceClassification") for name in config["architectures"]
        )
        labels = len(config.get("id2label") or ()) or int(config.get("num_labels", 2))
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return False  # and if it is no other model either, the next look says so
    if classifies and labels != 1:
        raise WrongType(
            f"{folder.name} sorts texts into {labels} classes. A reranker gives one number."
        )
    return classifies


def _checked_folder(folder: Path) -> list[Path]:
    """The files to take along. Raises WrongType."""
    found = [path for path in folder.rglob("*") if not _hidden(path.relative_to(folder))]
    for path in found:
        if path.is_symlink():
            raise WrongType(f"{path.name} is a link. Copy the folder with its contents first.")
        if path.suffix.lower() in _PICKLES | _PROGRAMS:
            raise WrongType(
                f"{path.name} could run a program when it is opened, so this folder is not "
                "taken. Only safetensors files are; remove the other and import again."
            )
    judges = _is_cross_encoder(folder)
    needed = ("config.json", "tokenizer.json", "model.safetensors")
    for name in needed if judges else ("modules.json", *needed):
        if not (folder / name).is_file():
            raise WrongType(f"{folder.name} is not a sentence-transformers folder: no {name}.")
    _check_code(folder, judges=judges)
    return sorted(path for path in found if path.is_file() and path.suffix in _TAKEN)


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _check_code(folder: Path, *, judges: bool) -> None:
    """A model may name only parts that sentence-transformers itself brings along."""
    try:
        modules = [] if judges else sentence_folder.read_json(folder / "modules.json")
        kinds = {str(module["type"]) for module in modules}
        own_code = "auto_map" in sentence_folder.read_json(folder / "config.json")
        paths = {str(module["path"]) for module in modules}
    except (ValueError, LookupError, TypeError) as error:
        raise _no_folder(folder) from error
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
    except (
        struct.error, ValueError, LookupError, TypeError, AttributeError, RecursionError,
    ) as error:  # fmt: skip
        raise WrongType(f"{path.name} is not a sound safetensors file.") from error
    return sum(counts.values()), max(counts, key=lambda kind: counts[kind])


def _licence(readme: Path) -> str:
    """From the card of the model, if it has one."""
    if not readme.is_file():
        return "unknown"
    with readme.open(encoding="utf-8", errors="replace") as file:
        found = re.search(r"^license:\s*([\w.-]+)\s*$", file.read(20_000), re.MULTILINE)
    return found.group(1) if found else "unknown"
