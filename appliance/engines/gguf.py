"""What the head of a GGUF file says about the model, read without trusting it.

The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from appliance.base.errors import WrongType

_PLAIN = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_MANY = 1 << 20  # keys, tensors or elements beyond which a file is not believed
_LONG = 1 << 24  # bytes of one text
# general.file_type, in the numbers of llama.cpp's enum llama_ftype
_QUANTISATIONS = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K",
    11: "Q3_K_S", 12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S",
    17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS",
    23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S",
    29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16",
}  # fmt: skip


@dataclass(frozen=True)
class Head:
    """The facts in a GGUF file's head. Arrays are left out."""

    facts: dict[str, str | int | float | bool] = field(default_factory=dict)
    parameters: int = 0

    def text(self, key: str, default: str = "") -> str:
        """A text of the head, on one line of at most 200 characters."""
        return " ".join(str(self.facts.get(key, default))[:200].split())

    @property
    def architecture(self) -> str:
        """Such as `llama` or `qwen2`."""
        return self.text("general.architecture")

    @property
    def context_tokens(self) -> int:
        """What the model was trained for; 0: not said."""
        found = self.facts.get(f"{self.architecture}.context_length", 0)
        return int(found) if isinstance(found, int) else 0

    @property
    def quantisation(self) -> str:
        """Such as `Q4_K_M`."""
        number = self.facts.get("general.file_type")
        return _QUANTISATIONS.get(number, "unknown") if isinstance(number, int) else "unknown"


def read_head(path: Path) -> Head:
    """Raises WrongType for a file that is not a sound GGUF file, OSError."""
    with path.open("rb") as file:
        try:
            return _head(file)
        except (struct.error, ValueError, OverflowError, MemoryError) as error:
            raise WrongType(f"{path.name} is not a sound GGUF file.") from error


def _head(file: IO[bytes]) -> Head:
    if file.read(4) != b"GGUF":
        raise ValueError("no GGUF")
    version, tensors, keys = _unpack(file, "IQQ")
    if version not in (2, 3) or tensors > _MANY or keys > _MANY:
        raise ValueError("impossible head")
    facts = {}
    for _ in range(keys):
        key = _text(file)
        value = _value(file, _unpack(file, "I")[0], depth=0)
        if value is not None:
            facts[key] = value
    return Head(facts, sum(_tensor(file) for _ in range(tensors)))


def _tensor(file: IO[bytes]) -> int:
    """The number of numbers in the next tensor described."""
    _text(file)
    (dimensions,) = _unpack(file, "I")
    if dimensions > 8:
        raise ValueError("impossible tensor")
    sizes = _unpack(file, f"{dimensions}Q")
    _unpack(file, "IQ")  # its type and place
    return math.prod(sizes)


def _value(file: IO[bytes], kind: int, *, depth: int) -> Any:
    if kind == _STRING:
        return _text(file)
    if kind in _PLAIN:
        return _unpack(file, _PLAIN[kind])[0]
    if kind != _ARRAY or depth > 4:
        raise ValueError("unknown kind of value")
    inner, count = _unpack(file, "IQ")
    if count > _MANY:
        raise ValueError("impossible array")
    if inner in _PLAIN:
        _skip(file, count * struct.calcsize(_PLAIN[inner]))
    else:
        for _ in range(count):
            _value(file, inner, depth=depth + 1)
    return None


def _text(file: IO[bytes]) -> str:
    (size,) = _unpack(file, "Q")
    if size > _LONG:
        raise ValueError("impossible text")
    return _exactly(file, size).decode("utf-8", "replace")


def _unpack(file: IO[bytes], form: str) -> tuple[Any, ...]:
    return struct.unpack("<" + form, _exactly(file, struct.calcsize("<" + form)))


def _skip(file: IO[bytes], size: int) -> None:
    _exactly(file, size)


def _exactly(file: IO[bytes], size: int) -> bytes:
    found = file.read(size)
    if len(found) != size:
        raise ValueError("the file ends early")
    return found
