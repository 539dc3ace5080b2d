"""`appliance models …`: what can be done with the AI models of this machine, in a terminal."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from appliance.base.errors import Conflict, Forbidden
from appliance.base.settings import Settings
from appliance.engines import benchmark as measuring
from appliance.engines.benchmark import Benchmark
from appliance.engines.catalogue import Catalogue
from appliance.engines.workshop import Watch, Workshop

_FULL = 30  # characters of a whole bar


def show(settings: Settings) -> None:
    """Each model, what it is for, whether it is here and how fast it is."""
    catalogue = Catalogue(settings.models_dir)
    for model in catalogue.models():
        state = "here" if model.installed else "not here"
        found = measuring.kept(catalogue, model) if model.installed else None
        speed = f"{found.verdict} here" if found else ""
        click.echo(
            f"{model.name:40} {model.role:10} {model.size / 1e6:7.0f} MB  {state:9} "
            f"{model.licence:11} {speed}".rstrip()
        )


def take_in(settings: Settings, path: Path, *, link: bool, measure: bool) -> None:
    """Import, then measure."""
    workshop = _workshop(settings)
    model = workshop.take_in(path, link=link, watch=_bar())
    click.echo(f"Imported {model.name}.")
    if measure and model.role == "language":
        _say(workshop.benchmark(model.name, watch=_bar()), model.name)
    if model.role == "reranker":
        click.echo(f"Use it with --reranker-model {model.name}")
    else:
        click.echo(f"Use it with --{model.role}-model {model.name}")


def download(settings: Settings, name: str) -> None:
    """Fetch from the hub."""
    if not settings.allow_downloads:
        raise Forbidden("Downloads are switched off. Allow this one with --allow-downloads true.")
    model = _workshop(settings).download(name, watch=_bar())
    click.echo(f"Downloaded {model.name} at revision {model.revision}, verified.")


def benchmark(settings: Settings, name: str) -> None:
    """Measure."""
    _say(_workshop(settings).benchmark(name, watch=_bar()), name)


def convert(settings: Settings, name: str) -> None:
    """Make another form."""
    made = _workshop(settings).convert(name, watch=_bar())
    click.echo(f"Made {made.name}. Use it with --language-model {made.name}")


def remove(settings: Settings, name: str) -> None:
    """Delete the files."""
    if name in (settings.language_model, settings.embedding_model):
        raise Conflict(f"{name} is in use. Choose another model first.")
    Catalogue(settings.models_dir).remove(name)
    click.echo(f"Removed {name}.")


def verify(settings: Settings, name: str | None) -> None:
    """Compare with the hashes. Ends the program with 1 when something is wrong."""
    catalogue = Catalogue(settings.models_dir)
    names = [name] if name else [model.name for model in catalogue.models() if model.installed]
    verdicts = {each: catalogue.verify(each) for each in names}
    for each, good in verdicts.items():
        click.echo(f"{each:40} {'as in the manifest' if good else 'MISSING OR DAMAGED'}")
    sys.exit(0 if all(verdicts.values()) else 1)


def _workshop(settings: Settings) -> Workshop:
    return Workshop(Catalogue(settings.models_dir))


def _say(found: Benchmark, name: str) -> None:
    click.echo(
        f"{name} is {found.verdict} here: it reads {found.prefill:.0f} tokens/s and writes "
        f"{found.generation:.0f}, four answers at once {found.generation_4:.0f}, "
        f"with {found.threads} threads."
    )
    if found.conversion:
        click.echo(
            f"As {found.conversion.quantisation} it reads {found.conversion.prefill_gain} times "
            f"as fast. Make that with: appliance models convert {name}"
        )


def _bar() -> Watch:
    """How far it is, on one line; nothing where nobody watches."""
    if not sys.stderr.isatty():
        return Watch()

    def hear(share: float, step: str) -> None:
        done = "█" * int(share * _FULL)
        click.echo(f"\r{done:{_FULL}} {share:4.0%}  {step:24}", nl=share >= 1, err=True)

    return Watch(hear)
