"""The one place that picks concrete parts, and the order in which they start and stop."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from types import FrameType

import click

from appliance import __version__
from appliance.base import running
from appliance.base.errors import NotFound
from appliance.base.hub import Bell
from appliance.base.settings import Settings
from appliance.chat.answer import Tools
from appliance.chat.turn import Chat
from appliance.engines import benchmark
from appliance.engines.catalogue import Catalogue, ModelMissing
from appliance.engines.current import CurrentEmbedder
from appliance.engines.llama import LlamaEngine
from appliance.engines.local import LocalModels
from appliance.engines.manifest import Model
from appliance.engines.quote import QuoteEngine
from appliance.engines.remote.registry import Providers
from appliance.engines.rerank import CrossReranker
from appliance.engines.residence import Residence
from appliance.engines.sentence import SentenceEmbedder
from appliance.engines.workshop import Workshop
from appliance.library import intake, originals, reindex, upkeep
from appliance.library.build import Build
from appliance.library.ground import Grounding
from appliance.library.ingest import Ingest
from appliance.library.rerank import Reranking
from appliance.library.search import Search
from appliance.parts import Parts
from appliance.people import accounts, codes
from appliance.readers.contract import Limits
from appliance.readers.read import read
from appliance.store.database import database
from appliance.store.opening import Store, open_store
from appliance.store.providers import PURPOSE
from appliance.store.vectors import Vectors
from appliance.upkeep import models
from appliance.worker.loop import Task, Worker

log = logging.getLogger(__name__)

SEARCHING = 1 << 30  # bytes of memory an embedding model takes, about
TICK = 15.0  # seconds between two looks at which models nobody uses


def assemble(settings: Settings, store: Store) -> Parts:
    """Every part, none of them started. Loads no model and imports none of their libraries."""
    catalogue = Catalogue(settings.models_dir)
    index = Vectors(settings.data_dir / "index", store.key.derive("index"))
    embedder = _embedder(settings, catalogue)
    reranker = _reranker(settings, catalogue)
    search = Search(index, embedder, reranking=Reranking(reranker) if reranker else None)
    local = _local_models(settings, catalogue)
    local.house("the search model", embedder, SEARCHING)
    writer = catalogue.find(local.default)
    providers = Providers(store.key.derive(PURPOSE))
    tools = Tools(
        search=search,
        ground=Grounding(embedder),
        engines=local,
        default_model=local.default,
        quote=QuoteEngine(),
        elsewhere=providers,
        auto_prefers_quote=writer.parameters < models.SMALL,
    )
    return Parts(
        settings=settings,
        blobs=store.blobs,
        embedder=embedder,
        engines=local,
        index=index,
        search=search,
        chat=Chat(tools, at_once=settings.threads, message_chars=settings.message_chars),
        catalogue=catalogue,
        providers=providers,
        local=local,
        reranker=reranker,
        wake=Bell(),
    )


def _embedder(settings: Settings, catalogue: Catalogue) -> CurrentEmbedder:
    """The one that was chosen to search, and the way to others."""

    def fingerprint(name: str) -> str | None:
        found = [each for each in catalogue.models() if each.name == name and each.installed]
        return found[0].fingerprint if found else None

    def opened(name: str) -> SentenceEmbedder:
        # The one of the settings may be missing: it is said when somebody needs it.
        missing_is_said = name == settings.embedding_model
        model = catalogue.find(name)
        folder = catalogue.folder(model) if missing_is_said else catalogue.embedding(name)
        embedder = SentenceEmbedder(folder, fingerprint=model.fingerprint)
        embedder.keep(True)
        return embedder

    return CurrentEmbedder(opened, reindex.chosen_model(settings.embedding_model, fingerprint))


def _reranker(settings: Settings, catalogue: Catalogue) -> CrossReranker | None:
    """The one of the settings, if there is one and it is here."""
    if not settings.reranker_model:
        return None
    try:
        folder = catalogue.reranker(settings.reranker_model)
    except (NotFound, ModelMissing) as error:
        log.warning("no reranking", extra={"model": settings.reranker_model, "code": error.code})
        return None
    return CrossReranker(folder, fingerprint=catalogue.find(settings.reranker_model).fingerprint)


def _local_models(settings: Settings, catalogue: Catalogue) -> LocalModels:
    """The language models of this machine; each loads when it is first asked."""
    residence = Residence(idle_seconds=settings.idle_unload_minutes * 60)

    def make(model: Model, slots: int) -> LlamaEngine:
        measured = benchmark.kept(catalogue, model)
        return LlamaEngine(
            catalogue.folder(model) / model.files[0].path,
            name=model.name,
            context_tokens=min(settings.context_tokens, model.context_tokens),
            threads=settings.model_threads or (measured.threads if measured else 0),
            queue_limit=settings.queue_limit,
            slots=slots,
            admit=lambda: residence.admit(model.name),
        )

    return LocalModels(
        catalogue,
        residence,
        make=make,
        default=models.chosen(settings, catalogue),
        context_tokens=settings.context_tokens,
    )


def tasks(parts: Parts) -> Mapping[str, Task]:
    """What the workers do with each kind of job."""
    return {**library_tasks(parts), **model_tasks(parts)}


def model_tasks(parts: Parts) -> Mapping[str, Task]:
    """Work on models, which may take hours: a lane of its own."""

    def make_room(model: Model) -> None:
        local = parts.local
        local.residence.make_room(local.needs(model), label=model.name)

    return models.ModelWork(parts.local, Workshop(parts.catalogue, make_room)).tasks()


def library_tasks(parts: Parts) -> Mapping[str, Task]:
    """Work on documents."""
    limits = Limits(file_bytes=parts.settings.upload_mb * 2**20)
    return {
        intake.INGEST: Ingest(parts.blobs, parts.index, parts.embedder, read, limits),
        reindex.EMBED: Build(parts.index, parts.embedder),
    }


@contextmanager
def opened(settings: Settings) -> Iterator[Parts]:
    """The parts for one command: nothing is served, and everything is closed afterwards."""
    store = open_store(settings.data_dir, settings.key_file)
    parts = assemble(settings, store)
    try:
        yield parts
    finally:
        _close(parts, store)


def run_server(settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C, then stop in the order that loses nothing.

    Answers before the models are loaded. Raises Occupied when another server has
    the data folder.
    """
    from appliance.web.app import create_app
    from appliance.web.server import Server

    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with running.announce(settings.data_dir, settings.local_address):
        store = open_store(settings.data_dir, settings.key_file)
        parts = assemble(settings, store)
        parts.chat.recover()
        reindex.settle(parts.embedder, settings.embedding_model)
        upkeep.settle()
        models.renew_measurements(parts.catalogue)
        workers = (
            Worker(library_tasks(parts), bell=parts.wake, threads=settings.workers),
            Worker(model_tasks(parts), bell=parts.wake),
        )
        server = Server(parts, create_app(parts))
        _on_signal(server.stop)
        _banner(settings)
        for worker in workers:
            worker.start()
        _preload(parts)
        over = threading.Event()
        threading.Thread(target=_look_after, args=(parts, over), name="models", daemon=True).start()
        threading.Thread(target=_sweep, args=(parts,), name="sweep", daemon=True).start()
        try:
            server.run()
        finally:
            log.info("stopping")
            parts.chat.shutdown()
            over.set()
            for worker in workers:
                worker.stop()
            _close(parts, store)


def _banner(settings: Settings) -> None:
    click.echo(f"\n  Inhouse {__version__} is running at  {settings.address}")
    if not accounts.is_set_up():
        click.echo(f"  Code for the first admin:  {codes.new_code()}")
    click.echo("  Stop it with Ctrl-C.\n")


def _preload(parts: Parts) -> None:
    """Load the models that every question needs, behind the first requests."""
    needed = (parts.embedder, parts.local[parts.local.default], parts.reranker)
    for engine in needed:
        preload = getattr(engine, "preload", None)
        if preload:
            preload()


def _look_after(parts: Parts, over: threading.Event) -> None:
    """Unload, now and then, what nobody uses."""
    while not over.wait(TICK):
        parts.local.residence.tick()


def _sweep(parts: Parts) -> None:
    with database.connection_context():
        originals.sweep(parts.blobs)


def _close(parts: Parts, store: Store) -> None:
    parts.embedder.close()
    if parts.reranker:
        parts.reranker.close()
    parts.local.close()
    parts.providers.close()
    parts.index.close()
    store.close()


def _on_signal(stop: Callable[[], None]) -> None:
    def end(number: int, frame: FrameType | None) -> None:
        # Outside the handler: it may have interrupted anything.
        threading.Thread(target=stop, name="stop", daemon=True).start()

    for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
        with suppress(AttributeError, ValueError):  # not every system has each
            signal.signal(getattr(signal, name), end)
