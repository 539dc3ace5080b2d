"""The command line, in processes of its own, as an unattended installation uses it."""

import json
import os
import subprocess
import sys

import pytest

from appliance.base.settings import SETTINGS
from tests.engines.remote.servers import KEY, served


@pytest.fixture
def command(tmp_path):
    """Run a command of the program on a folder of its own."""

    def command(*words: str, stdin: str = "", well: bool = True) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "appliance", *words],
            env={
                **os.environ,
                "APPLIANCE_DATA_DIR": str(tmp_path / "data"),
                "APPLIANCE_KEY_FILE": str(tmp_path / "inhouse.key"),
                "DISPLAY": "",
                "WAYLAND_DISPLAY": "",
            },
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode == 0) == well, done.stdout + done.stderr
        return (done.stdout + done.stderr).strip()

    return command


HEAVY = ["torch", "llama_cpp", "transformers", "sentence_transformers", "webview", "faiss", "flask",
         "openai", "anthropic", "google.genai", "groq", "httpx2"]  # fmt: skip


@pytest.mark.parametrize(
    "words", [["--help"], ["serve", "--help"], ["models", "list"], ["providers", "--help"]]
)
def test_help_and_lists_import_nothing_heavy(words):
    script = (
        "import sys, json, atexit\n"
        "atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.__stderr__))\n"
        f"sys.argv = ['appliance', *{words!r}]\n"
        "from appliance.__main__ import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(json.loads(done.stderr.strip().splitlines()[-1]))
    assert loaded.isdisjoint(HEAVY)


def test_every_setting_is_a_flag_of_every_command(command):
    for name in ("serve", "ask", "doctor"):
        shown = command(name, "--help")
        assert all(setting.flag in shown for setting in SETTINGS)


def test_without_a_screen_and_a_command_the_help_is_shown(command):
    assert "Commands:" in command()


def test_the_first_admin_is_made_once_and_without_a_browser(command):
    made = command(
        "setup", "--email", "Ada@Office.example", "--password-stdin", stdin="a quiet harbour\n"
    )
    assert "ada@office.example" in made

    again = ("setup", "--email", "mallory@site.example", "--password-stdin")
    assert "Error" in command(*again, stdin="another long password\n", well=False)


def test_a_key_is_printed_once_and_can_be_revoked(command):
    key = command("keys", "create", "--kind", "secret", "--name", "tests")
    assert key.startswith("sk_")

    listed = command("keys", "list")
    assert key not in listed
    command("keys", "revoke", listed.split()[0])
    assert "revoked" in command("keys", "list")


def test_a_wrong_setting_is_said_in_a_sentence(command):
    said = command("new-code", "--port", "many", well=False)
    assert said == "Error: The setting port is not a int: 'many'."


def test_a_lost_key_comes_back_with_its_recovery_code(command, tmp_path):
    command("keys", "create", "--kind", "secret")
    code = command("recovery-code")
    (tmp_path / "inhouse.key").unlink()

    assert "recover-key" in command("keys", "list", well=False)
    command("recover-key", stdin=code + "\n")
    assert "sk_" in command("keys", "list")


def test_a_wrong_recovery_code_changes_nothing(command, tmp_path):
    command("keys", "create", "--kind", "secret")
    (tmp_path / "inhouse.key").unlink()

    command("recover-key", stdin="-".join(["AAAA"] * 13) + "\n", well=False)
    assert not (tmp_path / "inhouse.key").exists()


def test_a_provider_is_added_tried_and_removed(command, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with served("compatible") as server:
        words = ["providers", "add", "--kind", "compatible", "--base-url", server.url, "--on"]
        made = command(*words, "--model", "qwen2.5:7b", "--key-stdin", stdin=f"{KEY}\n").split()[0]
        shown = command("providers", "list")

        assert "on  allowed     key …wxyz" in shown
        assert KEY not in shown
        assert "It answers in" in command("providers", "test", made)
        assert "Removed." in command("providers", "remove", made)
    assert command("providers", "list") == ""


def test_a_provider_s_key_is_taken_only_from_where_one_says(command, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    command("providers", "add", "--kind", "openai")
    command("providers", "add", "--kind", "openai", "--key-env", "OPENAI_API_KEY")
    command("providers", "add", "--kind", "openai", "--key-env", "NO_SUCH_KEY", well=False)
    shown = command("providers", "list")

    assert (shown.count("no key"), shown.count("key …wxyz")) == (1, 1)
    assert shown.count("off not allowed") == 2
