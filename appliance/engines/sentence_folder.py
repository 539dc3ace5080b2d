"""What the files of a sentence-transformers folder say about the model, without loading it."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path
from typing import Any

from appliance.base.errors import EngineFailed

_PASSAGES = ("passage", "document", "corpus")  # what a passage is called there
_LARGEST = 16 << 20  # bytes of a file of settings
_E5 = re.compile(r"(^|[-_])e5([-_]|$)")


def shape(folder: Path) -> tuple[int, int]:
    """Dimensions of a vector, and tokens read of one text. Raises EngineFailed."""
    try:
        modules = {
            module["type"].rpartition(".")[2]: folder / module["path"]
            for module in read_json(folder / "modules.json")
        }
        config = read_json(folder / "config.json")
        dimensions = int(config["hidden_size"])
        if dense := modules.get("Dense"):
            dimensions = int(read_json(dense / "config.json")["out_features"])
        return dimensions, window(folder)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise EngineFailed(f"{folder.name} holds no embedding model that can be used.") from error


def window(folder: Path) -> int:
    """Tokens read of one text. Raises OSError, ValueError, LookupError, TypeError."""
    own = folder / "sentence_bert_config.json"
    if own.exists() and (stated := read_json(own).get("max_seq_length")):
        return int(stated)
    tokenizer = read_json(folder / "tokenizer_config.json").get("model_max_length", 512)
    positions = read_json(folder / "config.json").get("max_position_embeddings", 512)
    return int(min(tokenizer, positions))


def prompts(folder: Path) -> tuple[str, str]:
    """What the model was taught to read before a question, and before a passage.

    Most were taught nothing. Those of the E5 family were, and their files do not always say.
    """
    try:
        told = read_json(folder / "config_sentence_transformers.json").get("prompts") or {}
        question = told.get("query", "")
        passage = next((told[each] for each in _PASSAGES if told.get(each)), "")
        if isinstance(question, str) and isinstance(passage, str) and (question or passage):
            return question, passage
    except (OSError, ValueError, AttributeError):
        pass
    return ("query: ", "passage: ") if _E5.search(folder.name.lower()) else ("", "")


def read_json(path: Path) -> Any:
    """A file of settings. Raises OSError, ValueError."""
    state = path.stat()
    if not stat.S_ISREG(state.st_mode) or state.st_size > _LARGEST:
        raise ValueError("no file of settings")  # a pipe or a device would never end
    try:
        return json.loads(path.read_text("utf-8"))
    except RecursionError as error:
        raise ValueError("nested without end") from error
