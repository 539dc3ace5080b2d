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
_ALIGNMENT = 32  # of tensor data, unless the file says otherwise
_SHORT = 4096  # elements of a list of numbers that is kept
_MANY = 1 << 20  # keys, tensors or elements beyond which a file is not believed
_LONG = 1 << 24  # bytes of one text
# general.file_type, in the numbers of llama.cpp's enum llama_ftype
_QUANTISATIONS = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K",
    11: "Q3_K_S", 12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S",
    17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS",
    23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S",
    29: "IQ2_M", 30: "IQ4_XS", 31: "IQ1_M", 32: "BF16", 36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4",
}  # fmt: skip
# Numbers in a block, and its bytes, by llama.cpp's enum ggml_type
_BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34),
    9: (32, 40), 10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210),
    15: (256, 292), 16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18),
    21: (256, 110), 22: (256, 82), 23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8),
    28: (1, 8), 29: (256, 56), 30: (1, 2), 34: (256, 54), 35: (256, 66), 39: (32, 17),
    40: (64, 36), 41: (128, 18),
}  # fmt: skip


@dataclass(frozen=True)
class Head:
    """The facts in a GGUF file's head. Of arrays, only short lists of numbers are kept."""

    facts: dict[str, str | int | float | bool] = field(default_factory=dict)
    lists: dict[str, tuple[int, ...]] = field(default_factory=dict)
    parameters: int = 0
    vocabulary: int = 0  # tokens

    def number(self, key: str, default: int = 0) -> int:
        """A number the model's architecture states, such as `block_count`; of a list, its most."""
        key = f"{self.architecture}.{key}"
        found = self.facts.get(key)
        if isinstance(found, int) and found > 0:
            return found
        return max(self.lists.get(key, ()), default=0) or default

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


@dataclass(frozen=True)
class _Tensor:
    """Where a tensor's data lies after the head, as the head has it."""

    numbers: int
    start: int
    bytes: int | None  # None: a kind that is newer than this program


def read_head(path: Path) -> Head:
    """Raises WrongType for a file that is not a sound GGUF file or ends early, OSError."""
    with path.open("rb") as file:
        try:
            head, tensors = _head(file)
            begin = _begin(file.tell(), head)
        except (struct.error, ValueError, OverflowError, MemoryError, RecursionError) as error:
            raise WrongType(f"{path.name} is not a sound GGUF file.") from error
        size = file.seek(0, 2)
    end = begin + max((tensor.start + (tensor.bytes or 1) for tensor in tensors), default=0)
    if end > size:
        missing = (end - size + 2**20 - 1) // 2**20
        raise WrongType(
            f"{path.name} is not whole: it ends {missing} MB early. Copy or download it again."
        )
    return head


def _begin(after_head: int, head: Head) -> int:
    alignment = head.facts.get("general.alignment", _ALIGNMENT)
    if not isinstance(alignment, int) or not 1 <= alignment <= 1 << 20:
        raise ValueError("impossible alignment")
    return -(-after_head // alignment) * alignment


def _head(file: IO[bytes]) -> tuple[Head, list[_Tensor]]:
    if file.read(4) != b"GGUF":
        raise ValueError("no GGUF")
    version, tensors, keys = _unpack(file, "IQQ")
    if version not in (2, 3) or tensors > _MANY or keys > _MANY:
        raise ValueError("impossible head")
    head = Head()
    vocabulary = 0
    for _ in range(keys):
        key = _text(file)
        kind = _unpack(file, "I")[0]
        value = _value(file, kind, depth=0)
        if isinstance(value, _Array):
            vocabulary = value.count if key == "tokenizer.ggml.tokens" else vocabulary
            if value.numbers:
                head.lists[key] = value.numbers
        else:
            head.facts[key] = value
    found = [_tensor(file) for _ in range(tensors)]
    numbers = sum(tensor.numbers for tensor in found)
    return Head(head.facts, head.lists, numbers, vocabulary), found


def _tensor(file: IO[bytes]) -> _Tensor:
    """The next tensor described."""
    _text(file)
    (dimensions,) = _unpack(file, "I")
    if dimensions > 8:
        raise ValueError("impossible tensor")
    numbers = math.prod(_unpack(file, f"{dimensions}Q"))
    kind, start = _unpack(file, "IQ")
    block = _BLOCKS.get(kind)
    return _Tensor(numbers, start, numbers // block[0] * block[1] if block else None)


@dataclass(frozen=True)
class _Array:
    count: int
    numbers: tuple[int, ...] = ()


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
        return _numbers(file, _PLAIN[inner], count)
    for _ in range(count):
        _value(file, inner, depth=depth + 1)
    return _Array(count)


def _numbers(file: IO[bytes], form: str, count: int) -> _Array:
    if count > _SHORT or form in "fd?":
        _exactly(file, count * struct.calcsize("<" + form))
        return _Array(count)
    return _Array(count, _unpack(file, f"{count}{form}"))


def _text(file: IO[bytes]) -> str:
    (size,) = _unpack(file, "Q")
    if size > _LONG:
        raise ValueError("impossible text")
    return _exactly(file, size).decode("utf-8", "replace")


def _unpack(file: IO[bytes], form: str) -> tuple[Any, ...]:
    return struct.unpack("<" + form, _exactly(file, struct.calcsize("<" + form)))


def _exactly(file: IO[bytes], size: int) -> bytes:
    found = file.read(size)
    if len(found) != size:
        raise ValueError("the file ends early")
    return found
