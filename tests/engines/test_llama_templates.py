"""Model files whose chat template is wrong or hostile, with the real model behind it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from appliance.engines.contract import Prompt, Text, Turn
from appliance.engines.llama import LlamaEngine
from tests.bench import models

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
ASKING = Prompt((Turn("user", "What is the capital of France?"),), max_tokens=12, temperature=0.0)
# The words the starter model was trained with, so that the answer is the same.
CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "<|im_start|>assistant\n"
)


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[str, str]]:
    """The answer and the warning of the starter model, if that were its template."""
    starter = models.starter()
    if not starter:
        pytest.skip("no language model in models/ (make setup)")

    def with_template(source: str) -> tuple[str, str]:
        folder = tmp_path_factory.mktemp("template")
        (folder / "template.jinja").write_text(source)
        made = folder / "model.gguf"
        words = ["--chat-template-file", str(folder / "template.jinja"), str(starter), str(made)]
        subprocess.run(
            [sys.executable, "-m", "gguf.scripts.gguf_new_metadata", *words],
            check=True,
            capture_output=True,
        )
        engine = LlamaEngine(made, name="t", context_tokens=512, threads=0, queue_limit=1)
        try:
            pieces = engine.write(ASKING)
            text = "".join(piece.text for piece in pieces if isinstance(piece, Text))
            return text, engine.warning()
        finally:
            engine.close()
            made.unlink()

    return with_template


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__()[0]('/etc/passwd').read() }}" + CHATML,
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}" + CHATML,
        "{% set s = 'x' * 900000 %}{{ ([s] * 99999)|join }}" + CHATML,
        "{% for m in messages %}<|start_header_id|>{{ m.role }}<|end_header_id|>\n\n"
        "{{ m.content }}<|eot_id|>{% endfor %}<|start_header_id|>assistant<|end_header_id|>\n\n",
        "{% for %}",
    ],
    ids=["reads a file", "never ends", "fills the memory", "another family's", "broken"],
)
def test_a_model_with_a_bad_template_answers_all_the_same_and_says_so(
    answered: Callable[[str], tuple[str, str]], source: str
) -> None:
    started = time.monotonic()
    text, warning = answered(source)

    assert "Paris" in text
    assert "ChatML" in warning
    assert time.monotonic() - started < 300


def test_a_thought_that_the_template_begins_is_not_shown(
    answered: Callable[[str], tuple[str, str]],
) -> None:
    begun = CHATML + "<think>\nThe user wants the capital.\n"

    assert answered(begun) == ("", "")
    assert answered(begun + "</think>\n\n")[0]
