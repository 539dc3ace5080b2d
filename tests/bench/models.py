"""Model files for benchmarks and tests, converted when they are not there as wanted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from appliance.base.settings import models_beside_the_program
from appliance.engines.catalogue import Catalogue
from appliance.engines.chat_template import ChatTemplate
from appliance.engines.gguf import read_head

_CONVERT = """
import ctypes, sys
import llama_cpp as llama
quiet = llama.llama_log_callback(lambda *_: None)
llama.llama_log_set(quiet, ctypes.c_void_p(0))
options = llama.llama_model_quantize_default_params()
options.ftype, options.allow_requantize = int(sys.argv[3]), True
paths = [path.encode() for path in sys.argv[1:3]]
sys.exit(llama.llama_model_quantize(*paths, ctypes.byref(options)))
"""
_FORMS = {"F16": 1, "Q4_0": 2}  # numbers of llama.cpp's enum llama_ftype


def starter() -> Path | None:
    """The GGUF file of the first language model that is installed."""
    catalogue = Catalogue(models_beside_the_program())
    for model in catalogue.models():
        if model.role == "language" and model.installed:
            return catalogue.language(model.name)
    return None


def as_form(path: Path, form: str, folder: Path) -> Path:
    """The same model in another number format; a copy in `folder` when it is not in it yet."""
    if read_head(path).quantisation == form:
        return path
    made = folder / f"{path.stem}.{form}.gguf"
    if not made.exists():
        words = [sys.executable, "-c", _CONVERT, str(path), str(made), str(_FORMS[form])]
        subprocess.run(words, check=True)
    return made


def template_of(path: Path) -> ChatTemplate:
    """The model's own template, for those who get rendered prompts."""
    source = read_head(path).facts.get("tokenizer.chat_template")
    return ChatTemplate(str(source) if source else None, warn=lambda _: None)
