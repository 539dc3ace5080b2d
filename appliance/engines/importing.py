"""Taking in a model from a file or folder, such as one on a USB stick: by copy or in place.

A copy that a power cut ends goes on where it was when the same import is asked for again;
one that is called off or refused leaves nothing.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from appliance.base import clock, files
from appliance.base.errors import Invalid, WrongType
from appliance.engines.errand import Stopped
from appliance.engines.examine import Arrival
from appliance.engines.manifest import Model, ModelFile

_MARGIN = 64 << 20  # bytes left free on the disk
_PIECE = 1 << 20

Progress = Callable[[int], None]
Wanted = Callable[[], bool]
Settle = Callable[[Model], Model]


def never() -> bool:
    """For an import that nobody calls off."""
    return False


def copy(
    arrival: Arrival,
    models_dir: Path,
    settle: Settle,
    *,
    progress: Progress = lambda _: None,
    stopped: Wanted = never,
) -> Model:
    """Copy a model into its folder, whole or not at all. `progress` hears of bytes.

    `settle` says as what it is to be known, now that its hashes are, and may refuse.
    Raises what `settle` does, Invalid when the disk is too full, Stopped.
    """
    models_dir.mkdir(parents=True, exist_ok=True)
    _sweep(models_dir)
    workplace = models_dir / f".arriving-{arrival.model.name}"
    try:
        _settle_in(workplace, arrival)
        check_room(arrival.size - _size_of(workplace), models_dir)
        taken = tuple(
            _copy(path, arrival.root, workplace, progress, stopped) for path in arrival.paths
        )
        model = settle(replace(arrival.model, files=taken))
        take_place(workplace / "model", models_dir / model.name)
    finally:
        shutil.rmtree(workplace, ignore_errors=True)
    return model


def link(
    arrival: Arrival,
    settle: Settle,
    *,
    progress: Progress = lambda _: None,
    stopped: Wanted = never,
) -> Model:
    """Use a model where it lies, without a copy. Its files are read once, for their hashes.

    Raises what `settle` does, Stopped.
    """
    taken = tuple(_hashed(path, arrival.root, progress, stopped) for path in arrival.paths)
    model = settle(replace(arrival.model, files=taken))
    return replace(model, place=str(arrival.root.absolute()))


def recognised(model: Model, known: Iterable[Model]) -> Model:
    """The model as the catalogue describes it, if it is one of those. Raises WrongType when
    it has the name of one of their files and another content."""
    (first, *_) = model.files
    for other in known:
        if other.original and other.original.sha256 == first.sha256:
            title = f"{other.title} {model.quantisation}"
            return replace(model, title=title, family=other.family, licence=other.licence)
        for file in other.files:
            if not file.sha256 or other.format != "gguf" or model.format != "gguf":
                continue
            if file.sha256 == first.sha256:
                return replace(other, files=model.files, imported=True, package=None, original=None)
            if Path(file.path).name == first.path:
                raise WrongType(
                    f"{first.path} is not the file that the catalogue knows by this name: its "
                    "SHA-256 differs. Copy or download it again, or rename it if it is another."
                )
    return model


def check_room(needed: int, models_dir: Path) -> None:
    """Raises Invalid when the disk cannot take so many bytes more."""
    place = next(each for each in (models_dir, *models_dir.parents) if each.exists())
    if shutil.disk_usage(place).free < needed + _MARGIN:
        raise Invalid(
            f"The disk has no room for this model: it needs {(needed + _MARGIN) // 2**20} MB."
        )


def take_place(made: Path, target: Path) -> None:
    """Give a folder that is whole its name, durably."""
    if target.exists():  # left by an import that was cut off before it was written down
        shutil.rmtree(target)
    made.rename(target)
    files.flush_folder(target.parent)


def _settle_in(workplace: Path, arrival: Arrival) -> None:
    """Keep what an earlier try has copied of the very same files; else begin anew."""
    origin = workplace / "origin.json"
    states = [(path, path.stat()) for path in arrival.paths]
    wanted = [[str(path), state.st_size, state.st_mtime_ns] for path, state in states]
    try:
        same = json.loads(origin.read_text("utf-8")) == wanted
    except (OSError, ValueError):
        same = False
    if not same:
        shutil.rmtree(workplace, ignore_errors=True)
        workplace.mkdir(parents=True)
        files.write(origin, json.dumps(wanted).encode())


def _size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _sweep(models_dir: Path) -> None:
    """Remove what an import left behind that was cut off, days ago: another may be running."""
    for folder in (*models_dir.glob(".arriving-*"), *models_dir.glob(".downloading-*")):
        if clock.now() - folder.stat().st_mtime * 1000 > 7 * clock.DAY:
            shutil.rmtree(folder, ignore_errors=True)


def _copy(
    path: Path, root: Path, workplace: Path, progress: Progress, stopped: Wanted
) -> ModelFile:
    inside = path.relative_to(root)
    target = workplace / "model" / inside
    target.parent.mkdir(parents=True, exist_ok=True)
    hasher = hashlib.sha256()
    with path.open("rb") as source, target.open("ab+") as place:
        target.chmod(0o644)
        place.seek(0)
        while piece := place.read(_PIECE):  # copied by an earlier try
            hasher.update(piece)
            progress(len(piece))
        source.seek(place.tell())
        while piece := source.read(_PIECE):
            _unless(stopped)
            hasher.update(piece)
            place.write(piece)
            progress(len(piece))
        files.flush(place)
        size = place.tell()
    return ModelFile(inside.as_posix(), size, hasher.hexdigest())


def _hashed(path: Path, root: Path, progress: Progress, stopped: Wanted) -> ModelFile:
    hasher, size = hashlib.sha256(), 0
    with path.open("rb") as source:
        while piece := source.read(_PIECE):
            _unless(stopped)
            hasher.update(piece)
            size += len(piece)
            progress(len(piece))
    return ModelFile(path.relative_to(root).as_posix(), size, hasher.hexdigest())


def _unless(stopped: Wanted) -> None:
    if stopped():
        raise Stopped("The import was called off.")
