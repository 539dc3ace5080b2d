"""Every setting, once. The table below feeds flags, environment, file, help and docs.

A value is looked for on the command line (`--port`), then in the environment
(`APPLIANCE_PORT`, then the aliases older systems used), then in
`settings.toml` of the data folder, then here.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from platformdirs import user_config_path, user_data_path

from appliance.base.errors import Broken

_TRUTH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}

Value = str | int | float | bool | Path


@dataclass(frozen=True)
class Setting:
    """One line of the table. The type of `default` is the type of the value."""

    name: str
    default: Value
    help: str
    aliases: tuple[str, ...] = ()  # environment names of the systems this product replaces

    @property
    def flag(self) -> str:
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        return "APPLIANCE_" + self.name.upper()

    def parse(self, text: str) -> Value:
        """Turn text from a flag, a variable or the file into a value. Raises Broken."""
        try:
            if isinstance(self.default, bool):
                return {
                    "true": True,
                    "1": True,
                    "yes": True,
                    "false": False,
                    "0": False,
                    "no": False,
                }[text.strip().lower()]
            if isinstance(self.default, Path):
                return Path(text).expanduser().absolute()
            return type(self.default)(text)
        except (KeyError, ValueError):
            kind = type(self.default).__name__
            raise Broken(f"The setting {self.name} is not a {kind}: {text!r}.") from None


def models_beside_the_program() -> Path:
    """`models/` of the checkout or of the frozen program."""
    import sys

    frozen = getattr(sys, "_MEIPASS", None)
    return (Path(frozen) if frozen else Path(__file__).resolve().parents[2]) / "models"


SETTINGS = (
    Setting("data_dir", user_data_path("inhouse"), "Folder for everything the appliance keeps."),
    Setting("models_dir", models_beside_the_program(), "Folder with the AI models."),
    Setting(
        "key_file",
        user_config_path("inhouse") / "inhouse.key",
        "File with the encryption key; keep it outside the data folder.",
    ),
    Setting("host", "127.0.0.1", "Address to listen on; 0.0.0.0 serves the whole office."),
    Setting("port", 5000, "Port to listen on.", ("PORT",)),
    Setting("public_url", "", "Address people use, if not http://host:port.", ("APP_BASE_URL",)),
    Setting("allowed_hosts", "", "Further host names this server answers to, comma-separated."),
    Setting("threads", 64, "Requests served at the same time, streaming answers included."),
    Setting("upload_mb", 50, "Largest file taken in, in MB."),
    Setting("message_chars", 8000, "Longest question, in characters."),
    Setting("language_model", "smollm2-135m-instruct", "The model that writes."),
    Setting(
        "embedding_model",
        "all-minilm-l6-v2",
        "The model that searches, until another is chosen in the console.",
    ),
    Setting("reranker_model", "", "The model that puts what was found in order; none by default."),
    Setting("context_tokens", 4096, "Prompt and answer together, in tokens."),
    Setting("model_threads", 0, "Processor threads for the language model; 0 chooses."),
    Setting("queue_limit", 32, "Answers that may wait for the model."),
    Setting(
        "idle_unload_minutes",
        30,
        "A model nobody has used for so long leaves memory; 0: never. The default models stay.",
    ),
    Setting("allow_downloads", False, "Let an admin download models from the Hugging Face hub."),
    Setting("workers", 1, "Documents read at the same time."),
    Setting("api_docs", True, "Serve the API description at /docs and /v1/openapi.json."),
    Setting("log_level", "info", "debug, info, warning or error."),
)


@dataclass(frozen=True)
class Settings:
    """The values in force. One attribute for each line of SETTINGS."""

    data_dir: Path
    models_dir: Path
    key_file: Path
    host: str
    port: int
    public_url: str
    allowed_hosts: str
    threads: int
    upload_mb: int
    message_chars: int
    language_model: str
    embedding_model: str
    reranker_model: str
    context_tokens: int
    model_threads: int
    queue_limit: int
    idle_unload_minutes: int
    allow_downloads: bool
    workers: int
    api_docs: bool
    log_level: str
    given: frozenset[str] = frozenset()  # names of those that somebody has set

    @property
    def local_address(self) -> str:
        """Where this machine itself finds the appliance, whatever others call it."""
        everywhere = self.host in ("0.0.0.0", "::")  # noqa: S104 -- read, not bound
        host = "127.0.0.1" if everywhere else self.host
        return f"http://{host}:{self.port}"

    @property
    def address(self) -> str:
        """Where a browser finds the appliance."""
        return self.public_url.rstrip("/") or self.local_address


assert [field.name for field in fields(Settings)[:-1]] == [setting.name for setting in SETTINGS]


def load(
    flags: Mapping[str, Value | None] | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Settings:
    """Put the settings together. Raises Broken for a value that does not parse."""
    given = {name: value for name, value in (flags or {}).items() if value is not None}
    data_dir = given.get("data_dir") or _from_environment(SETTINGS[0], environment)
    file = _file_values(Path(str(data_dir or SETTINGS[0].default)) / "settings.toml")
    values: dict[str, Any] = {}
    somebody: set[str] = set()
    for setting in SETTINGS:
        value = given.get(setting.name)
        if value is None:
            value = _from_environment(setting, environment)
        if value is None:
            value = file.get(setting.name)
        if value is None:
            value = setting.default
        else:
            somebody.add(setting.name)
        values[setting.name] = setting.parse(str(value))
    return Settings(**values, given=frozenset(somebody))


def _from_environment(setting: Setting, environment: Mapping[str, str]) -> str | None:
    for name in (setting.variable, *setting.aliases):
        if environment.get(name):
            return environment[name]
    return None


def _file_values(path: Path) -> dict[str, Value]:
    if not path.exists():
        return {}
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Broken(f"{path} is not valid TOML: {error}.") from error
    known = {setting.name for setting in SETTINGS}
    if unknown := sorted(set(values) - known):
        raise Broken(f"{path} has a setting that does not exist: {unknown[0]}.")
    return values
