"""The head of a GGUF file, sound and otherwise."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.base.errors import WrongType
from appliance.engines.gguf import read_head

from .parts import gguf_bytes

FACTS: dict[str, str | int | list[str]] = {
    "general.architecture": "llama",
    "general.name": "Ada\n7B",
    "general.file_type": 15,
    "llama.context_length": 8192,
    "tokenizer.ggml.tokens": ["<s>", "a", "b"],
}


def test_the_facts_are_read(tmp_path: Path) -> None:
    path = tmp_path / "ada.gguf"
    path.write_bytes(gguf_bytes(FACTS, tensors=3))
    head = read_head(path)

    assert head.text("general.name") == "Ada 7B"
    assert (head.architecture, head.quantisation) == ("llama", "Q4_K_M")
    assert (head.context_tokens, head.parameters) == (8192, 12)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GGUF",
        b"PK\x03\x04" + bytes(60),
        b"GGUF" + b"\xff" * 60,
        b"GGUF\x03\0\0\0" + b"\xff" * 16,
    ],
    ids=["empty", "cut off", "a zip", "impossible version", "impossible counts"],
)
def test_what_is_no_gguf_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.gguf"
    path.write_bytes(content)

    with pytest.raises(WrongType, match="not a sound GGUF file"):
        read_head(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(4, 200), value=st.integers(0, 255), length=st.integers(4, 400))
def test_a_damaged_head_is_read_or_refused_but_never_worse(
    tmp_path: Path, place: int, value: int, length: int
) -> None:
    content = bytearray(gguf_bytes(FACTS))
    content[place] = value
    path = tmp_path / "damaged.gguf"
    path.write_bytes(bytes(content[:length]))
    with contextlib.suppress(WrongType):
        read_head(path)
