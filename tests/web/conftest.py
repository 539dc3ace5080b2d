from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from appliance.base import clock
from appliance.base.settings import Settings, load
from appliance.chat.answer import Tools
from appliance.chat.turn import Chat
from appliance.engines.catalogue import Catalogue
from appliance.engines.current import CurrentEmbedder
from appliance.engines.llama import LlamaEngine
from appliance.engines.local import LocalModels
from appliance.engines.manifest import Model
from appliance.engines.quote import QuoteEngine
from appliance.engines.remote.registry import Providers
from appliance.engines.residence import Residence
from appliance.library.ingest import Ingest
from appliance.library.search import Search
from appliance.parts import Parts
from appliance.people import accounts, keys
from appliance.readers.contract import Limits
from appliance.store.jobs import Job
from appliance.store.opening import Store
from appliance.store.projects import DEFAULT_PROJECT, Membership, Project, User
from appliance.store.providers import PURPOSE
from appliance.store.vectors import Vectors
from appliance.web.app import create_app
from tests.library.parts import grams, read
from tests.web.parts import (
    PASSWORD,
    SHOP,
    WRITES_ANYTHING,
    Asker,
    Storyteller,
    believing,
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of an appliance that takes files of one megabyte."""
    return load(
        {"data_dir": tmp_path / "data", "key_file": tmp_path / "inhouse.key", "upload_mb": 1,
         "message_chars": 500, "language_model": "story", "port": 0, "threads": 24},
        {},
    )  # fmt: skip


def local_models(settings: Settings) -> LocalModels:
    """The language models of a folder, none of which is started unless a test does."""
    catalogue = Catalogue(settings.models_dir)

    def make(model: Model, slots: int) -> LlamaEngine:
        path = catalogue.folder(model) / model.files[0].path
        return LlamaEngine(path, name=model.name, context_tokens=256, threads=1, queue_limit=4)

    residence = Residence(idle_seconds=0)
    return LocalModels(catalogue, residence, make=make, default="story", context_tokens=256)


@pytest.fixture
def parts(store: Store, settings: Settings, quick_hashes: None) -> Iterator[Parts]:
    """Small real parts: an engine that tells a story, an embedder of letters."""
    index = Vectors(store.folder / "index", store.key.derive("index"))
    embedder = CurrentEmbedder(grams, "grams-1")
    search, engines = Search(index, embedder), {"story": Storyteller()}
    providers = Providers(store.key.derive(PURPOSE))
    tools = Tools(
        search=search,
        ground=believing,
        engines=engines,
        default_model="story",
        quote=QuoteEngine(),
        auto_prefers_quote=False,
        elsewhere=providers,
    )
    chat = Chat(tools, at_once=20, message_chars=settings.message_chars)
    yield Parts(
        settings=settings,
        blobs=store.blobs,
        embedder=embedder,
        engines=engines,
        index=index,
        search=search,
        chat=chat,
        catalogue=Catalogue(settings.models_dir),
        providers=providers,
        local=local_models(settings),
    )
    chat.shutdown()


@pytest.fixture
def app(parts: Parts) -> Flask:
    return create_app(parts)


@pytest.fixture
def work(parts: Parts) -> Callable[[], None]:
    """Do the jobs that wait, as the worker does."""
    ingest = Ingest(parts.blobs, parts.index, parts.embedder, read, Limits())

    def work() -> None:
        while job := Job.claim(clock.now()):
            ingest(job)
            Job.update(state="done").where(
                Job.project_id == job.project_id, Job.id == job.id
            ).execute()

    return work


@pytest.fixture
def nobody(app: Flask) -> Asker:
    """Somebody without any credential."""
    return Asker(app)


@pytest.fixture
def ada(app: Flask) -> Asker:
    """The owner, signed in at a browser."""
    accounts.create_first_admin(email="ada@office.example", password=PASSWORD, name="Ada")
    return signed_in(app, "ada@office.example")


@pytest.fixture
def member(app: Flask, ada: Asker) -> Callable[[str], Asker]:
    """Somebody with this role, signed in at a browser."""

    def member(role: str) -> Asker:
        email = f"{role}@office.example"
        user = User.create(
            email=email, password_hash=accounts.passwords.hashed(PASSWORD), name=role
        )
        Membership.create(project_id=DEFAULT_PROJECT, user_id=user.id, role=role)
        return signed_in(app, email)

    return member


def signed_in(app: Flask, email: str) -> Asker:
    asker = Asker(app)
    reply = asker.post("/v1/auth/sign-in", {"email": email, "password": PASSWORD})
    asker.headers["X-CSRF-Token"] = reply.json["csrf_token"]
    return asker


@pytest.fixture
def key(store: Store) -> Callable[..., str]:
    """A new key: `key(kind="publishable", origins=[…])`."""

    def key(project_id: str = DEFAULT_PROJECT, **more: Any) -> str:
        more = {"name": "test", "kind": "secret", **more}
        return keys.create(project_id, **more)[1]

    return key


@pytest.fixture
def with_key(app: Flask, key: Callable[..., str]) -> Callable[..., Asker]:
    """A program or page with a new key."""

    def with_key(*, headers: dict[str, str] | None = None, **more: Any) -> Asker:
        return Asker(app, {"Authorization": f"Bearer {key(**more)}", **(headers or {})})

    return with_key


@pytest.fixture
def program(with_key: Callable[..., Asker]) -> Asker:
    """A program of the office with a secret key of the usual scopes."""
    return with_key()


@pytest.fixture
def stranger(with_key: Callable[..., Asker]) -> Asker:
    """A program of another project, with every scope."""
    other = Project.create(name="Another office")
    return with_key(project_id=other.id, scopes=keys.SCOPES)


@pytest.fixture
def desk(program: Asker) -> str:
    """An assistant that writes whatever it is asked, allowed on the shop's pages."""
    made = program.post(
        "/v1/assistants",
        {
            "name": "Front desk",
            "answers": WRITES_ANYTHING,
            "security": {"allowed_origins": [SHOP]},
        },
    )
    return str(made.json["id"])


@pytest.fixture
def vera(app: Flask, desk: str) -> Asker:
    """A visitor of the shop's page, with a conversation: `vera.session`."""
    asker = Asker(app, {"Origin": SHOP})
    made = asker.post(f"/v1/assistants/{desk}/sessions", {}).json
    asker.headers["Authorization"] = f"Bearer {made['session_token']}"
    asker.session = made["id"]
    return asker


@pytest.fixture
def document(program: Asker, desk: str, work: Callable[[], None]) -> dict[str, Any]:
    """A document of the desk, read."""
    made = program.post(
        "/v1/knowledge-sources",
        {
            "assistant_id": desk,
            "name": "Opening hours",
            "content": "# Hours\n\nThe office opens at nine in the morning.\n\nIt closes at five.",
            "metadata": {"topic": "hours"},
        },
    )
    work()
    shown = program.get(f"/v1/documents/{made.json['documents'][0]['id']}")
    return dict(shown.json)
