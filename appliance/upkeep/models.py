"""Long work on models as jobs: importing, downloading, measuring, converting, checking.

They belong to the default project, whose owner set up the machine; the models are everybody's.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from appliance.base.errors import ApplianceError, Conflict, Forbidden, Invalid, NotFound
from appliance.base.settings import Settings
from appliance.engines import benchmark, examine
from appliance.engines.catalogue import Catalogue
from appliance.engines.errand import Stopped
from appliance.engines.local import LocalModels
from appliance.engines.manifest import Model
from appliance.engines.workshop import CONVERTIBLE, Watch, Workshop
from appliance.store import jobs
from appliance.store.database import database
from appliance.store.jobs import Job
from appliance.store.projects import DEFAULT_PROJECT, Preference

log = logging.getLogger(__name__)

IMPORT, DOWNLOAD, BENCHMARK, CONVERT, VERIFY = KINDS = (
    "model_import", "model_download", "model_benchmark", "model_convert", "model_verify",
)  # fmt: skip
SMALL = 1_000_000_000  # parameters; a smaller model quotes rather than writes, left to itself
_CHOICE = "language_model"  # the preference that holds the default
_ACTIVE = (jobs.WAITING, jobs.RUNNING)
_PAUSE = 0.5  # seconds between two notes of progress, and two looks whether to go on

Task = Callable[[Job], None]


def chosen(settings: Settings, catalogue: Catalogue) -> str:
    """The default language model: what the settings say, what was chosen, or the starter."""
    if "language_model" not in settings.given:
        row = Preference.get_or_none(Preference.name == _CHOICE)
        if row and any(m.name == row.value and m.installed for m in catalogue.models()):
            return str(row.value)
    return settings.language_model


def choose(settings: Settings, local: LocalModels, name: str) -> None:
    """Make a language model the default, now and after a restart.

    Raises NotFound, Conflict when the settings name one.
    """
    if "language_model" in settings.given and name != local.default:
        raise Conflict(
            "The setting language_model names the default model. Take it out of the command "
            "line, the environment or settings.toml first."
        )
    local.prefer(name)
    with database.writing():
        Preference.insert(name=_CHOICE, value=name).on_conflict_replace().execute()
    local.engine(name).preload()


def order_import(catalogue: Catalogue, path: str, *, link: bool) -> Job:
    """Line up an import. `path` is one on this machine, or a name in the incoming folder.

    What can be seen at once is refused at once: Invalid, WrongType, Conflict.
    """
    source = located(catalogue, path)
    model = examine.examine(source).model
    catalogue.check_free(model.name)
    return _line_up(IMPORT, model.name, {"path": str(source), "link": link})


def located(catalogue: Catalogue, path: str) -> Path:
    """The file or folder that a path or a bare name means. Raises Invalid."""
    given = Path(path)
    if "\0" in path or (not given.is_absolute() and given.name != path):
        raise Invalid("Give the whole path, or a name in the incoming folder.", param="path")
    return given if given.is_absolute() else catalogue.incoming / given


def order(kind: str, model: Model, settings: Settings) -> Job:
    """Line up other work on a model. The same work twice is one job.

    Raises Conflict, Forbidden, Invalid for what cannot be done with it.
    """
    if kind == DOWNLOAD:
        _check_download(model, settings)
    elif not model.installed:
        raise Conflict(f"{model.name} is not here. Import or download it first.")
    elif kind in (BENCHMARK, CONVERT) and model.role != "language":
        raise Invalid("Only models that write are measured and converted.")
    elif kind == CONVERT and model.quantisation not in CONVERTIBLE:
        raise Invalid(f"{model.name} is {model.quantisation}; that form is left as it is.")
    return _line_up(kind, model.name, {})


def _check_download(model: Model, settings: Settings) -> None:
    if not settings.allow_downloads:
        raise Forbidden(
            "Downloads are switched off. Start the appliance with --allow-downloads true, "
            "or import the model from a file."
        )
    if model.installed or model.imported:
        raise Conflict(f"{model.name} is here already.")
    if not model.repository:
        raise Invalid(f"{model.name} cannot be downloaded. Import it from a file.")


def under_way(*names: str) -> dict[str, Job]:
    """The work that waits or is being done for each of these models; else what was done last."""
    of_them = Job.of(DEFAULT_PROJECT).where(Job.subject.in_(names), Job.kind.in_(KINDS))
    found: dict[str, Job] = {}
    for row in of_them.order_by(Job.created_at, Job.id):
        before = found.get(row.subject)
        if before is None or row.state in _ACTIVE or before.state not in _ACTIVE:
            found[row.subject] = row
    return found


def renew_measurements(catalogue: Catalogue) -> int:
    """Line up the models that another machine measured. Returns how many."""
    stale = [
        model
        for model in catalogue.models()
        if model.role == "language" and model.installed and benchmark.stale(catalogue, model)
    ]
    for model in stale:
        _line_up(BENCHMARK, model.name, {})
    return len(stale)


def _line_up(kind: str, name: str, details: dict[str, object]) -> Job:
    with database.writing():
        waiting = Job.of(DEFAULT_PROJECT).where(
            Job.kind == kind, Job.subject == name, Job.state.in_(_ACTIVE)
        )
        found: Job | None = waiting.first()
        if found and not found.cancel:
            return found
        return Job.create(project_id=DEFAULT_PROJECT, kind=kind, subject=name, details=details)


class ModelWork:
    """What the worker does with each kind of job about a model."""

    def __init__(self, local: LocalModels, workshop: Workshop) -> None:
        self._local = local
        self._workshop = workshop

    def tasks(self) -> Mapping[str, Task]:
        """By the kind of job."""
        work: dict[str, Callable[[Job, Watch], None]] = {
            IMPORT: self._import,
            DOWNLOAD: self._download,
            BENCHMARK: self._benchmark,
            CONVERT: self._convert,
            VERIFY: self._verify,
        }
        return {kind: _watched(task) for kind, task in work.items()}

    def _import(self, job: Job, watch: Watch) -> None:
        catalogue, details = self._local.catalogue, job.details
        if job.tries > 1 and any(
            model.name == job.subject and model.imported for model in catalogue.models()
        ):
            return  # done by the try that was cut off before it could say so
        model = self._workshop.take_in(
            Path(details["path"]), link=bool(details.get("link")), watch=watch
        )
        self._welcome(model)

    def _download(self, job: Job, watch: Watch) -> None:
        if self._local.catalogue.find(job.subject).installed:
            return
        self._welcome(self._workshop.download(job.subject, watch=watch))

    def _welcome(self, model: Model) -> None:
        log.info("model taken in", extra={"model": model.name})
        if model.role == "language":
            _line_up(BENCHMARK, model.name, {})

    def _benchmark(self, job: Job, watch: Watch) -> None:
        self._workshop.benchmark(job.subject, watch=watch)
        self._local.renew(job.subject)  # with the number of threads found best

    def _convert(self, job: Job, watch: Watch) -> None:
        self._workshop.convert(job.subject, watch=watch)

    def _verify(self, job: Job, watch: Watch) -> None:
        self._workshop.verify(job.subject, watch=watch)


def _watched(task: Callable[[Job, Watch], None]) -> Task:
    """The task with its progress written down, ending quietly when it is called off."""

    def run(job: Job) -> None:
        notes = Notes(job)
        try:
            task(job, Watch(notes.hear, notes.stopped))
        except Stopped:
            return
        except OSError as error:
            log.warning("no work on a model", extra={"job": job.id, "errno": error.errno or 0})
            raise ApplianceError(
                f"Files of {job.subject} cannot be read or written ({error.strerror}). Look at "
                "the disk and at who may write to the models folder."
            ) from error
        except NotFound as error:
            raise ApplianceError(f"{job.subject} is not here any more.") from error

    return run


class Notes:
    """How far a job is, in its row; and whether somebody asked it to stop."""

    def __init__(self, job: Job, clock: Callable[[], float] = time.monotonic) -> None:
        self._job = job
        self._clock = clock
        self._written_at = self._looked_at = float("-inf")
        self._step = ""
        self._cancelled = False

    def hear(self, share: float, step: str) -> None:
        """Write it down, if it is news."""
        now = self._clock()
        if step == self._step and now - self._written_at < _PAUSE:
            return
        self._step, self._written_at = step, now
        with database.writing():
            # Never 1 before the end: a job that is done cannot have been cancelled.
            Job.update(progress=min(share, 0.999), step=step).where(self._mine()).execute()

    def stopped(self) -> bool:
        """Whether somebody cancelled the job."""
        now = self._clock()
        if not self._cancelled and now - self._looked_at >= _PAUSE:
            self._looked_at = now
            row = Job.of(self._job.project_id).where(Job.id == self._job.id).first()
            self._cancelled = row is None or bool(row.cancel)
        return self._cancelled

    def _mine(self) -> object:
        return (Job.project_id == self._job.project_id) & (Job.id == self._job.id)
