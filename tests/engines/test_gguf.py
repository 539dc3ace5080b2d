"""The head of a GGUF file, sound and otherwise."""

from __future__ import annotations

import contextlib
import struct
from pathlib import Path

import gguf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.base.errors import WrongType
from appliance.engines.gguf import _BLOCKS, Head, read_head

from .parts import gguf_bytes, small_llama

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


def test_a_file_whose_tensors_end_early_is_refused(tmp_path: Path) -> None:
    path = small_llama(tmp_path / "whole.gguf")
    read_head(path)
    path.write_bytes(path.read_bytes()[:-100])

    with pytest.raises(WrongType, match="not whole: it ends 1 MB early"):
        read_head(path)


def test_lengths_that_cannot_be_are_not_believed(tmp_path: Path) -> None:
    huge = gguf_bytes({"general.architecture": "llama"})
    for old, new in (
        (struct.pack("<Q", len("llama")) + b"llama", struct.pack("<Q", 1 << 40) + b"llama"),
        (struct.pack("<IQQ", 2, 2, 2), struct.pack("<IQQ", 2, 1 << 62, 1 << 62)),
        (struct.pack("<IQQ", 2, 2, 2), struct.pack("<IQQ", 1 << 31, 2, 2)),
    ):
        path = tmp_path / "hostile.gguf"
        path.write_bytes(huge.replace(old, new))
        with pytest.raises(WrongType):
            read_head(path)


def test_our_reader_finds_what_the_library_of_the_format_wrote(tmp_path: Path) -> None:
    head = read_head(small_llama(tmp_path / "small.gguf"))
    theirs = gguf.GGUFReader(tmp_path / "small.gguf")

    assert head.architecture == theirs.fields["general.architecture"].contents()
    assert head.number("block_count") == theirs.fields["llama.block_count"].contents()
    assert head.vocabulary == len(theirs.fields["tokenizer.ggml.tokens"].contents())
    assert head.parameters == sum(int(tensor.n_elements) for tensor in theirs.tensors)
    assert head.quantisation == "F32"


def test_the_sizes_of_blocks_are_those_of_the_library() -> None:
    assert {int(kind): size for kind, size in gguf.GGML_QUANT_SIZES.items()} == _BLOCKS


def test_a_list_of_numbers_counts_with_its_most() -> None:
    head = Head({"general.architecture": "mix"}, {"mix.attention.head_count_kv": (0, 4, 0, 8)})

    assert head.number("attention.head_count_kv") == 8
    assert head.number("block_count", 7) == 7
