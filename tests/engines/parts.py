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
    """A GGUF file with these facts and square tensors of 4 numbers."""
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
        out += _text(f"t{number}") + struct.pack("<IQQIQ", 2, 2, 2, 0, 32 * number)
    return out + bytes(-len(out) % 32) + bytes(32 * tensors)


def small_llama(path: Path, *, context: int = 256) -> Path:
    """A whole language model with two layers and 320 tokens, which llama.cpp loads and runs."""
    import gguf
    import numpy as np

    rng, width, wide, tokens = np.random.default_rng(7), 64, 128, 320
    out = gguf.GGUFWriter(path, "llama")
    out.add_name("Small")
    out.add_license("apache-2.0")
    out.add_file_type(gguf.LlamaFileType.ALL_F32)
    out.add_context_length(context)
    out.add_embedding_length(width)
    out.add_block_count(2)
    out.add_feed_forward_length(wide)
    out.add_head_count(4)
    out.add_head_count_kv(2)
    out.add_rope_dimension_count(16)
    out.add_layer_norm_rms_eps(1e-5)
    out.add_vocab_size(tokens)
    out.add_tokenizer_model("llama")
    letters = [chr(97 + number % 26) * (1 + number // 26) for number in range(tokens - 259)]
    out.add_token_list(["<unk>", "<s>", "</s>", *(f"<0x{n:02X}>" for n in range(256)), *letters])
    out.add_token_scores([-float(number) for number in range(tokens)])
    out.add_token_types([2, 3, 3, *[6] * 256, *[1] * (tokens - 259)])
    out.add_bos_token_id(1)
    out.add_eos_token_id(2)
    shapes = {"token_embd": (tokens, width), "output": (tokens, width), "output_norm": (width,)}
    for layer in range(2):
        block = f"blk.{layer}"
        shapes |= {f"{block}.attn_norm": (width,), f"{block}.ffn_norm": (width,)}
        shapes |= {f"{block}.attn_q": (width, width), f"{block}.attn_output": (width, width)}
        shapes |= {f"{block}.attn_k": (width // 2, width), f"{block}.attn_v": (width // 2, width)}
        shapes |= {f"{block}.ffn_gate": (wide, width), f"{block}.ffn_up": (wide, width)}
        shapes |= {f"{block}.ffn_down": (width, wide)}
    for name, shape in shapes.items():
        out.add_tensor(f"{name}.weight", rng.normal(0, 0.05, shape).astype(np.float32))
    out.write_header_to_file()
    out.write_kv_data_to_file()
    out.write_tensors_to_file()
    out.close()
    return path


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


def judge_folder(folder: Path, *, labels: int = 1) -> Path:
    """A folder laid out like a cross-encoder, with weights of 8 numbers."""
    sentence_folder(folder)
    for name in ("modules.json", "1_P/config.json"):
        (folder / name).unlink()
    config = {
        "architectures": ["BertForSequenceClassification"],
        "model_type": "bert",
        "max_position_embeddings": 512,
        "id2label": {str(number): f"LABEL_{number}" for number in range(labels)},
    }
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def resident(pid: int) -> int:
    """Bytes of memory a process holds."""
    return int(psutil.Process(pid).memory_info().rss)


def children_of_this() -> set[int]:
    """The processes this one has started and that still run."""
    return {child.pid for child in psutil.Process(os.getpid()).children(recursive=True)}
