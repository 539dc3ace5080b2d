"""What a model's folder says of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from appliance.engines.sentence_folder import prompts

from .parts import starter


def folder(tmp_path: Path, name: str, content: str | None = None) -> Path:
    made = tmp_path / name
    made.mkdir()
    if content is not None:
        (made / "config_sentence_transformers.json").write_text(content)
    return made


@pytest.mark.parametrize("name", ["multilingual-e5-small", "e5-base-v2", "My_E5_large"])
def test_models_of_the_e5_family_read_a_word_first(tmp_path: Path, name: str) -> None:
    assert prompts(folder(tmp_path, name)) == ("query: ", "passage: ")


@pytest.mark.parametrize("name", ["granite-embedding-107m", "some5-model", "e55"])
def test_others_read_nothing_first(tmp_path: Path, name: str) -> None:
    assert prompts(folder(tmp_path, name)) == ("", "")


def test_the_model_s_own_word_counts(tmp_path: Path) -> None:
    told = json.dumps({"prompts": {"query": "Find: ", "document": ""}})
    assert prompts(folder(tmp_path, "e5-own", told)) == ("Find: ", "")


@pytest.mark.parametrize("told", ["", "[]", "{", '{"prompts": null}', '{"prompts": {"query": 3}}'])
def test_what_makes_no_sense_is_passed_over(tmp_path: Path, told: str) -> None:
    assert prompts(folder(tmp_path, "plain", told)) == ("", "")


def test_the_starter_model_reads_nothing_first() -> None:
    _, found = starter("all-minilm-l6-v2")
    assert prompts(found) == ("", "")
