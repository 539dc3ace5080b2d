"""The command line. Every setting of `base/settings.py` is a flag of every command."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from appliance import __version__
from appliance.base import log
from appliance.base.errors import ApplianceError
from appliance.base.settings import SETTINGS, Settings, load

if TYPE_CHECKING:
    from appliance.store.opening import Store

Command = Callable[..., None]


def with_settings(command: Command) -> Command:
    """Give a command every setting as a flag, and itself the settings in force."""

    @wraps(command)
    def run(**given: Any) -> None:
        flags = {setting.name: given.pop(setting.name) for setting in SETTINGS}
        try:
            settings = load(flags)
            log.start(settings.log_level)
            command(settings, **given)
        except ApplianceError as error:
            raise click.ClickException(error.message) from error

    for setting in reversed(SETTINGS):
        shown = "of the system" if isinstance(setting.default, Path) else setting.default
        run = click.option(
            setting.flag,
            setting.name,
            metavar=type(setting.default).__name__.upper().replace("POSIXPATH", "PATH"),
            help=f"{setting.help}  [default: {shown}; {setting.variable}]",
        )(run)
    return run


@click.group(invoke_without_command=True)
@click.version_option(__version__, prog_name="Inhouse")
@click.pass_context
def main(context: click.Context) -> None:
    """Inhouse: AI assistants over your own documents; nothing leaves the building.

    Without a command it opens the window where there is a screen, and shows this
    page where there is none.
    """
    if context.invoked_subcommand is None:
        if _has_screen():
            context.invoke(desktop, **{setting.name: None for setting in SETTINGS})
        else:
            click.echo(context.get_help())


def _has_screen() -> bool:
    import os

    return sys.platform in ("win32", "darwin") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


@main.command()
@with_settings
def serve(settings: Settings) -> None:
    """Start the server and stay."""
    from appliance.assemble import run_server

    run_server(settings)


@main.command()
@with_settings
def desktop(settings: Settings) -> None:
    """Open the console in a window of its own, starting the server if needed."""
    from appliance.desktop.window import open_window

    open_window(settings)


@main.command()
@click.argument("question")
@click.option("--assistant", "assistant_id", help="Which one is asked; the oldest without it.")
@with_settings
def ask(settings: Settings, question: str, assistant_id: str | None) -> None:
    """Ask an assistant and watch the answer being written."""
    from appliance.assemble import opened
    from appliance.terminal import print_answer

    with opened(settings) as parts:
        print_answer(parts, question, assistant_id=assistant_id)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--assistant", "assistant_id", help="Whose documents they become; the oldest's.")
@with_settings
def ingest(settings: Settings, paths: tuple[Path, ...], assistant_id: str | None) -> None:
    """Take in files, and the files of folders, and wait until they are ready."""
    from appliance.assemble import opened
    from appliance.terminal import ingest_paths

    with opened(settings) as parts:
        failed = ingest_paths(parts, paths, assistant_id=assistant_id)
    sys.exit(1 if failed else 0)


@main.group()
def models() -> None:
    """The AI models on this machine."""


@models.command("list")
@with_settings
def models_list(settings: Settings) -> None:
    """Show each model, what it is for, whether it is here and how fast."""
    from appliance import models_cli

    models_cli.show(settings)


@models.command("verify")
@click.argument("name", required=False)
@with_settings
def models_verify(settings: Settings, name: str | None) -> None:
    """Compare a model's files, or all of them, with the digests in the manifest."""
    from appliance import models_cli

    models_cli.verify(settings, name)


@models.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--link", is_flag=True, help="Use it where it lies instead of copying it.")
@click.option("--measure/--no-measure", default=True, help="Measure how fast it is here.")
@with_settings
def models_import(settings: Settings, path: Path, link: bool, measure: bool) -> None:
    """Take in a GGUF file, or the folder of an embedding model or reranker."""
    from appliance import models_cli

    models_cli.take_in(settings, path, link=link, measure=measure)


@models.command("download")
@click.argument("name")
@with_settings
def models_download(settings: Settings, name: str) -> None:
    """Fetch a model of the catalogue from the Hugging Face hub; needs --allow-downloads."""
    from appliance import models_cli

    models_cli.download(settings, name)


@models.command("benchmark")
@click.argument("name")
@with_settings
def models_benchmark(settings: Settings, name: str) -> None:
    """Measure how fast a language model is on this machine."""
    from appliance import models_cli

    models_cli.benchmark(settings, name)


@models.command("convert")
@click.argument("name")
@with_settings
def models_convert(settings: Settings, name: str) -> None:
    """Make a Q4_0 model of one in another form, beside it."""
    from appliance import models_cli

    models_cli.convert(settings, name)


@models.command("remove")
@click.argument("name")
@with_settings
def models_remove(settings: Settings, name: str) -> None:
    """Delete a model's files. Those of one that is used in place stay."""
    from appliance import models_cli

    models_cli.remove(settings, name)


@main.command()
@with_settings
def doctor(settings: Settings) -> None:
    """Examine the installation and say what to do about what is wrong."""
    from appliance.base.running import find
    from appliance.upkeep.checks import examine

    ill = 0
    for check in examine(settings, running=find(settings.data_dir) is not None):
        mark = click.style("ok  ", "green") if check.well else click.style("MEND", "red")
        click.echo(f"{mark} {check.name}: {check.found}")
        if not check.well:
            ill += 1
            click.echo(f"       {check.mend}")
    sys.exit(1 if ill else 0)


@main.command("new-code")
@with_settings
def new_code(settings: Settings) -> None:
    """Make a new one-time code for the first admin; earlier ones stop working."""
    from appliance.people import codes

    with _store(settings):
        click.echo(codes.new_code())


@main.command()
@click.option("--email", required=True, help="Address the first admin signs in with.")
@click.option("--name", default="", help="How the console greets them.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@with_settings
def setup(settings: Settings, email: str, name: str, password_stdin: bool) -> None:
    """Create the first admin without a browser."""
    from appliance.people import accounts

    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    with _store(settings):
        user = accounts.create_first_admin(email=email, password=password, name=name)
        click.echo(f"{user.email} may now sign in at {settings.address}")


@main.group()
def keys() -> None:
    """API keys for programs and web pages."""


@keys.command("create")
@click.option("--kind", type=click.Choice(["secret", "publishable"]), required=True)
@click.option("--name", default="command line", help="What the key is for.")
@click.option("--scope", "scopes", multiple=True, help="What a secret key may do; repeatable.")
@click.option("--origin", "origins", multiple=True, help="Site of a publishable key; repeatable.")
@click.option("--assistant", "assistant_id", help="The one assistant it may be used for.")
@with_settings
def keys_create(
    settings: Settings,
    kind: str,
    name: str,
    scopes: tuple[str, ...],
    origins: tuple[str, ...],
    assistant_id: str | None,
) -> None:
    """Make a key and print it: the only time it is shown."""
    from appliance.people import keys as api_keys
    from appliance.store.projects import DEFAULT_PROJECT

    with _store(settings):
        _, secret = api_keys.create(
            DEFAULT_PROJECT,
            name=name,
            kind=kind,
            scopes=scopes,
            origins=origins,
            assistant_id=assistant_id,
            created_by="command line",
        )
        click.echo(secret)


@keys.command("list")
@with_settings
def keys_list(settings: Settings) -> None:
    """Show the keys by their prefixes."""
    from appliance.people import keys as api_keys
    from appliance.store.projects import DEFAULT_PROJECT

    with _store(settings):
        for key in api_keys.listed(DEFAULT_PROJECT):
            state = "revoked" if key.revoked_at else "in force"
            click.echo(f"{key.id}  {key.prefix}…  {key.kind:11}  {state:8}  {key.name}")


@keys.command("revoke")
@click.argument("key_id")
@with_settings
def keys_revoke(settings: Settings, key_id: str) -> None:
    """End a key at once."""
    from appliance.people import keys as api_keys
    from appliance.store.projects import DEFAULT_PROJECT

    with _store(settings):
        api_keys.revoke(DEFAULT_PROJECT, key_id)
        click.echo("Revoked.")


@main.group()
def providers() -> None:
    """Models of other providers. Nothing is sent to one before it is switched on and allowed."""


@providers.command("list")
@with_settings
def providers_list(settings: Settings) -> None:
    """Show each provider, whether it is on, and whether it is allowed."""
    from appliance import providers_cli

    providers_cli.show(settings)


@providers.command("add")
@click.option(
    "--kind",
    type=click.Choice(["openai", "azure", "anthropic", "gemini", "groq", "compatible"]),
    required=True,
    help="`compatible`: Ollama, vLLM, LM Studio, llama-server and their like.",
)
@click.option("--name", default="", help="What it is called in the console.")
@click.option("--base-url", help="Its address, where it has one of its own.")
@click.option("--api-version", help="Of Azure.")
@click.option("--key-stdin", is_flag=True, help="Read the key from standard input.")
@click.option("--key-env", metavar="NAME", help="Take the key from this variable.")
@click.option("--model", "models", multiple=True, help="A model that writes; repeatable.")
@click.option("--embedding", "embeddings", multiple=True, help="One for vectors; repeatable.")
@click.option("--on", is_flag=True, help="Switch it on, and allow it in the project.")
@with_settings
def providers_add(settings: Settings, **given: Any) -> None:
    """Add one, and print its id. Keys are taken from where you say and from nowhere else."""
    from appliance import providers_cli

    providers_cli.add(settings, **given)


@providers.command("remove")
@click.argument("provider_id")
@with_settings
def providers_remove(settings: Settings, provider_id: str) -> None:
    """Forget one, its key and its permissions."""
    from appliance import providers_cli

    providers_cli.remove(settings, provider_id)


@providers.command("test")
@click.argument("provider_id")
@with_settings
def providers_test(settings: Settings, provider_id: str) -> None:
    """List its models and send one of them a tiny request."""
    from appliance import providers_cli

    providers_cli.test(settings, provider_id)


@main.command("recovery-code")
@with_settings
def recovery_code(settings: Settings) -> None:
    """Print the code that restores the encryption key. Keep it on paper, in a safe."""
    with _store(settings) as store:
        click.echo(store.key.recovery_code)


@main.command("recover-key")
@with_settings
def recover_key(settings: Settings) -> None:
    """Write a lost encryption key anew from its recovery code."""
    from appliance.base import files
    from appliance.store.database import database
    from appliance.store.sealed import InstallKey

    if settings.key_file.exists():
        raise click.ClickException(f"{settings.key_file} exists; move it away first.")
    key = InstallKey.from_recovery_code(click.prompt("Recovery code", hide_input=True))
    database.unlock(settings.data_dir / "inhouse.db", key.derive("database"))
    database.close()
    files.write(settings.key_file, key.recovery_code.encode() + b"\n")
    click.echo("The key is back, and the data opens with it.")


def _store(settings: Settings) -> Any:
    """The open store, closed afterwards; also while the server runs."""
    from contextlib import contextmanager

    from appliance.store.database import database
    from appliance.store.opening import open_store

    @contextmanager
    def opened() -> Any:
        store: Store = open_store(settings.data_dir, settings.key_file)
        try:
            yield store
        finally:
            database.close()

    return opened()
