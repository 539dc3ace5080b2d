"""The AI models on this machine."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from flask import Response

from appliance.base.errors import Conflict, NotFound
from appliance.engines import benchmark, memory
from appliance.engines.cores import physical_cores
from appliance.engines.manifest import Model as Known
from appliance.library import reindex
from appliance.upkeep import models as work
from appliance.web import model_view
from appliance.web.chapter import Chapter
from appliance.web.context import NOTHING, caller, operator_only, parts, reply
from appliance.web.policy import ADMINS, EVERYBODY, allow
from appliance.web.schema import machine as shapes

models = Chapter("models", "The AI models on this machine.")


@models.get("/v1/models/local", responses={200: shapes.ModelPage})
@allow(*EVERYBODY, scope="assistants:read")
def local() -> Response:
    """The models that are here, or could be, and what each is good for."""
    known = parts().catalogue.models()
    return reply(shapes.ModelPage(data=model_view.models(parts(), known)))


@models.get("/v1/models/machine", responses={200: shapes.Machine})
@allow(*ADMINS, scope="admin")
def machine() -> Response:
    """Memory, disk and processor, and how busy each model is. For an operator."""
    operator_only("look after its models")
    here = parts()
    residence = here.local.residence
    return reply(
        shapes.Machine(
            memory_total_mb=memory.total() // 2**20,
            memory_available_mb=memory.available() // 2**20,
            memory_models_mb=residence.held() // 2**20,
            disk_free_mb=_disk_free(here.catalogue.models_dir) // 2**20,
            cores=physical_cores(),
            cpu=benchmark.processor(),
            downloads_allowed=here.settings.allow_downloads,
            queue=model_view.queue(here),
        )
    )


@models.get("/v1/models/incoming", responses={200: shapes.Incoming})
@allow(*ADMINS, scope="admin")
def incoming() -> Response:
    """What lies ready in the folder for imports. For an operator."""
    operator_only("look after its models")
    folder = parts().catalogue.incoming
    return reply(shapes.Incoming(folder=str(folder.absolute()), data=model_view.incoming(folder)))


@models.post("/v1/models/local/import", responses={202: shapes.JobStarted})
@allow(*ADMINS, scope="admin")
def take_in(body: shapes.ImportBody) -> Response:
    """Take in a GGUF file or a model's folder from this machine's disks. For an operator."""
    operator_only("look after its models")
    return _started(work.order_import(parts().catalogue, body.path, link=body.link).id)


@models.post("/v1/models/local/<string:name>/download", responses={202: shapes.JobStarted})
@allow(*ADMINS, scope="admin")
def download(path: shapes.ModelPath) -> Response:
    """Fetch a model of the catalogue from the hub, where downloads are allowed."""
    return _order(work.DOWNLOAD, path.name)


@models.post("/v1/models/local/<string:name>/benchmark", responses={202: shapes.JobStarted})
@allow(*ADMINS, scope="admin")
def measure(path: shapes.ModelPath) -> Response:
    """Measure how fast a model is on this machine."""
    return _order(work.BENCHMARK, path.name)


@models.post("/v1/models/local/<string:name>/convert", responses={202: shapes.JobStarted})
@allow(*ADMINS, scope="admin")
def convert(path: shapes.ModelPath) -> Response:
    """Make a Q4_0 model of one in another form, beside it."""
    return _order(work.CONVERT, path.name)


@models.post("/v1/models/local/<string:name>/verify", responses={202: shapes.JobStarted})
@allow(*ADMINS, scope="admin")
def verify(path: shapes.ModelPath) -> Response:
    """Read a model's files and compare their checksums."""
    return _order(work.VERIFY, path.name)


@models.post("/v1/models/local/<string:name>/load", responses={202: shapes.Model})
@allow(*ADMINS, scope="admin")
def load(path: shapes.ModelPath) -> Response:
    """Begin to load a language model, so that the first question does not wait for it."""
    return _with_engine(path.name, parts().local.load)


@models.post("/v1/models/local/<string:name>/unload", responses={202: shapes.Model})
@allow(*ADMINS, scope="admin")
def unload(path: shapes.ModelPath) -> Response:
    """Give a language model's memory back. Its running answers end."""
    return _with_engine(path.name, parts().local.unload)


@models.put("/v1/models/default", responses={200: shapes.Model})
@allow(*ADMINS, scope="admin")
def default(body: shapes.DefaultBody) -> Response:
    """Which model is asked as a rule. One that writes takes effect at once; one that
    searches begins the change that is described at /v1/embedder."""
    operator_only("look after its models")
    known = _find(body.name)
    if known.role != body.role:
        raise NotFound(f"{body.role} model")
    _installed(known)
    if body.role == "embedding":
        reindex.begin(parts().embedder, body.name, project_id=caller().project_id)
        parts().wake.ring()
    else:
        work.choose(parts().settings, parts().local, body.name)
        parts().chat.prefer(body.name, too_small=known.parameters < work.SMALL)
    return reply(_shown(known))


@models.delete("/v1/models/local/<string:name>", responses={204: None})
@allow(*ADMINS, scope="admin")
def remove(path: shapes.ModelPath) -> tuple[str, int]:
    """Delete a model's files; those of one that is used in place stay."""
    known = _find(path.name)
    operator_only("look after its models")
    here = parts()
    job = work.under_way(known.name).get(known.name)
    if job and job.state in ("waiting", "running"):
        raise Conflict(f"Something is being done with {known.name}. Cancel that first.")
    if known.name in reindex.in_use() | {here.embedder.model}:
        raise Conflict(f"{known.name} is needed for searching. Change the search model first.")
    here.local.forget(known.name)
    here.catalogue.remove(known.name)
    return NOTHING


def _order(kind: str, name: str) -> Response:
    known = _find(name)
    operator_only("look after its models")
    return _started(work.order(kind, known, parts().settings).id)


def _started(job_id: str) -> Response:
    parts().wake.ring()
    return reply(shapes.JobStarted(job_id=job_id), 202)


def _with_engine(name: str, act: Callable[[str], None]) -> Response:
    known = _find(name)
    operator_only("look after its models")
    if known.role != "language":
        raise Conflict("The models that search are loaded when they are needed, and stay.")
    _installed(known)
    act(name)
    return reply(_shown(known), 202)


def _shown(known: Known) -> shapes.Model:
    (shown,) = model_view.models(parts(), [known])
    return shown


def _installed(known: Known) -> None:
    if not known.installed:
        raise Conflict(f"{known.name} is not here. Import or download it first.")


def _find(name: str) -> Known:
    """Raises NotFound, before anything is said of what may be done with it."""
    return parts().catalogue.find(name)


def _disk_free(folder: Path) -> int:
    place = next(each for each in (folder, *folder.parents) if each.exists())
    return shutil.disk_usage(place).free
