"""What `appliance doctor` looks at. Each check says what it found and what to do about it."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from appliance.base.errors import ApplianceError
from appliance.base.settings import Settings

NEEDED_DISK = 2 * 2**30
NEEDED_MEMORY = 2 * 2**30


@dataclass(frozen=True)
class Check:
    """One finding. `mend` is a sentence for the person at the keyboard; empty when all is well."""

    name: str
    found: str
    mend: str = ""

    @property
    def well(self) -> bool:
        return not self.mend


def examine(settings: Settings, *, running: bool) -> Iterator[Check]:
    """Every check in turn, cheapest first. None of them changes anything."""
    checks: tuple[Callable[[Settings], Check], ...] = (
        sqlite,
        disk,
        memory,
        store,
        language_model,
        embedding_model,
        reading,
        front_ends,
    )
    yield port(settings, running=running)
    for check in checks:
        try:
            yield check(settings)
        except ApplianceError as error:
            yield Check(check.__name__.replace("_", " "), "not usable", error.message)


def port(settings: Settings, *, running: bool) -> Check:
    """Whether the server can have its port."""
    if running:
        return Check("port", f"the appliance is running at {settings.address}")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            return Check(
                "port",
                f"{settings.host}:{settings.port} is not free ({error.strerror})",
                "Stop the program that uses it, or choose another with --port.",
            )
    return Check("port", f"{settings.host}:{settings.port} is free")


def sqlite(settings: Settings) -> Check:
    """The database engine, with the versions that can lose data refused."""
    from sqlcipher3 import dbapi2

    from appliance.store.database import SQLITE_FLOOR

    version = dbapi2.sqlite_version
    if dbapi2.sqlite_version_info < SQLITE_FLOOR:
        return Check("database engine", f"SQLite {version}", "Install sqlcipher3 0.6.4 or later.")
    return Check("database engine", f"SQLite {version}, encrypted")


def disk(settings: Settings) -> Check:
    """Room for documents and for the copy a backup makes."""
    folder = settings.data_dir
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    mend = "" if free >= NEEDED_DISK else "Free some space, or choose another --data-dir."
    return Check("disk", f"{free / 2**30:.1f} GB free for {settings.data_dir}", mend)


def memory(settings: Settings) -> Check:
    """Memory for the starter models and the server."""
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, AttributeError, OSError):
        return Check("memory", "this system does not say")
    mend = "" if size >= NEEDED_MEMORY else "The models need 2 GB; add memory."
    return Check("memory", f"{size / 2**30:.1f} GB", mend)


def store(settings: Settings) -> Check:
    """The data folder opens with its key, and the database is whole."""
    from appliance.store.database import database
    from appliance.store.opening import open_store

    if not (settings.data_dir / "inhouse.db").exists():
        return Check("data", f"{settings.data_dir} is new; it is made at the first start")
    open_store(settings.data_dir, settings.key_file)
    verdict = database.execute_sql("PRAGMA quick_check").fetchone()[0]
    database.close()
    if verdict != "ok":
        return Check("data", "the database is damaged", "Restore the newest backup.")
    return Check("data", f"{settings.data_dir} opens and is whole")


def language_model(settings: Settings) -> Check:
    """The model that writes is here and is the one the manifest names."""
    return _model("language model", settings, settings.language_model)


def embedding_model(settings: Settings) -> Check:
    """The model that searches is here and is the one the manifest names."""
    return _model("embedding model", settings, settings.embedding_model)


def _model(title: str, settings: Settings, name: str) -> Check:
    from appliance.engines.catalogue import Catalogue

    if Catalogue(settings.models_dir).verify(name):
        return Check(title, f"{name} is here and verified")
    return Check(
        title,
        f"{name} is missing or damaged in {settings.models_dir}",
        "Run `make run` in a checkout, or import it: appliance models import FILE.",
    )


def reading(settings: Settings) -> Check:
    """A small document goes through the reader's child process."""
    from appliance.readers.contract import Limits
    from appliance.readers.read import read

    text = b"# Hours\n\nWe open at nine.\n"
    found = read([text], name="hours.md", media_type="", limits=Limits())
    return Check("reader", f"a test document gave {found.report.characters} characters")


def front_ends(settings: Settings) -> Check:
    """The console and the widget are built in."""
    from importlib.resources import files

    static = files("appliance") / "web" / "static"
    for name in ("widget/widget.js", "console/index.html"):
        if not static.joinpath(name).is_file():
            return Check("console and widget", f"{name} is missing", "Run `make run` to build it.")
    return Check("console and widget", "built in")
