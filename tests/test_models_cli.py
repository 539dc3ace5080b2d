"""`appliance models …`, as somebody in a terminal uses it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from appliance.cli import main
from tests.engines.parts import small_llama


@pytest.fixture
def run(tmp_path: Path):
    """A command on a models folder of its own."""

    def run(*words: str) -> Result:
        folders = ["--models-dir", str(tmp_path / "models"), "--data-dir", str(tmp_path / "data")]
        return CliRunner().invoke(main, ["models", *words, *folders])

    return run


@pytest.fixture
def ada(tmp_path: Path) -> str:
    return str(small_llama(tmp_path / "ada.gguf"))


def test_a_model_is_imported_listed_checked_and_removed(run, ada):
    assert "Imported ada." in run("import", ada, "--no-measure").output
    assert "here      apache-2.0" in run("list").output
    assert run("verify").exit_code == 0
    assert "Removed ada." in run("remove", "ada").output
    assert run("list").output == ""


def test_a_model_is_used_in_place(run, ada):
    run("import", ada, "--link", "--no-measure")
    run("remove", "ada")

    assert Path(ada).exists()


def test_what_is_wrong_is_said_in_a_sentence(run, ada):
    Path(ada).write_text("a text")
    refused = run("import", ada)

    assert (refused.exit_code, refused.output) == (1, "Error: ada.gguf is not a sound GGUF file.\n")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("download", "ada"), "Downloads are switched off"),
        (("download", "ada", "--allow-downloads", "true"), "No such model"),
        (("benchmark", "ada"), "No such model"),
        (("convert", "ada"), "No such model"),
        (("remove", "ada"), "No such model"),
        (("remove", "smollm2-135m-instruct"), "is in use"),
    ],
)
def test_what_cannot_be_done_says_why(run, words, sentence):
    refused = run(*words)

    assert refused.exit_code == 1
    assert sentence in refused.output


@pytest.mark.slow
def test_a_model_is_measured_and_converted(run, ada):
    assert "tokens/s and writes" in run("import", ada).output
    made = run("convert", "ada").output

    assert "Made ada-q4_0." in made
    assert "left as it is" in run("convert", "ada-q4_0").output
