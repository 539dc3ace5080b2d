"""Small real things that several tests of the engines hold in their hands."""

from __future__ import annotations

import contextlib
import json
import os
import struct
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from appliance.base.settings import models_beside_the_program
from appliance.engines import life
from appliance.engines.catalogue import Catalogue
from appliance.engines.child import Child
from appliance.engines.manifest import Model

SCRIPT = Path(__file__).with_name("scripted_child.py")
MODELS = models_beside_the_program()


def starter(name: str) -> tuple[Model, Path]:
    """A model that the set-up placed, and its folder; the test is skipped without it."""
    catalogue = Catalogue(MODELS)
    model = catalogue.find(name)
    if not model.installed:
        pytest.skip(f"{name} is not in models/ (make setup)")
    return model, catalogue.folder(model)


@contextlib.contextmanager
def scripted(monkeypatch: pytest.MonkeyPatch, **load: Any) -> Iterator[Child]:
    """A supervised process that does what the test tells it, instead of holding a model."""
    monkeypatch.setattr(life, "child_command", lambda kind: [sys.executable, str(SCRIPT)])
    child = Child("scripted", label="scripted model", load=load)
    try:
        yield child
    finally:
        child.close()


def until(condition: Callable[[], Any], seconds: float = 10.0) -> bool:
    """Whether it came true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return False


def gone(pid: int) -> bool:
    """The process does not run any more (a zombie does not run)."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def gguf_bytes(facts: dict[str, str | int | list[str]], *, tensors: int = 1) -> bytes:
    """A GGUF head with these facts and square tensors of 4 numbers, without their data."""
    out = b"GGUF" + struct.pack("<IQQ", 3, tensors, len(facts))
    for key, value in facts.items():
        out += _text(key)
        if isinstance(value, str):
            out += struct.pack("<I", 8) + _text(value)
        elif isinstance(value, int):
            out += struct.pack("<II", 4, value)
        else:
            out += struct.pack("<IIQ", 9, 8, len(value)) + b"".join(map(_text, value))
    for number in range(tensors):
        out += _text(f"t{number}") + struct.pack("<IQQIQ", 2, 2, 2, 0, 0)
    return out


def _text(text: str) -> bytes:
    return struct.pack("<Q", len(text.encode())) + text.encode()


def sentence_folder(folder: Path) -> Path:
    """A folder laid out like a sentence-transformers model, with weights of 8 numbers."""
    head = json.dumps({"w": {"dtype": "F32", "shape": [2, 4], "data_offsets": [0, 32]}}).encode()
    content: dict[str, Any] = {
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_P", "type": "sentence_transformers.models.Pooling"},
        ],
        "config.json": {"model_type": "bert", "hidden_size": 4, "max_position_embeddings": 512},
        "sentence_bert_config.json": {"max_seq_length": 128},
        "tokenizer.json": {},
        "1_P/config.json": {"word_embedding_dimension": 4},
    }
    for name, value in content.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(value))
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(head)) + head + bytes(32))
    (folder / "README.md").write_text("---\nlicense: mit\n---\n")
    return folder


def resident(pid: int) -> int:
    """Bytes of memory a process holds."""
    return int(psutil.Process(pid).memory_info().rss)


def children_of_this() -> set[int]:
    """The processes this one has started and that still run."""
    return {child.pid for child in psutil.Process(os.getpid()).children(recursive=True)}
