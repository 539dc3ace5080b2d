"""Fetching a model of the catalogue from the Hugging Face hub, where an administrator allows it.

What is fetched must have the hash that the catalogue pins, or, where it pins none, the one
that the hub states for the revision; either way the hash is pinned from then on.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from appliance.base.errors import Invalid, WrongType
from appliance.engines import errand, importing
from appliance.engines.catalogue import sha256
from appliance.engines.examine import examine
from appliance.engines.manifest import Model, ModelFile

# Of a folder: what sentence-transformers reads, and no second copy for another library.
_OF_A_FOLDER = re.compile(r"(\d+_\w+/)?[\w.-]+\.(json|txt|model)|(\d+_\w+/)?model\.safetensors")
_PASSED_ON = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")
_PATIENCE = 180.0  # seconds without a word; the library itself gives up a dead line sooner

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Offer:
    """One file as the hub states it: a SHA-256 for large ones, git's hash for small ones."""

    path: str
    size: int
    sha256: str
    blob: str


def fetch(
    model: Model,
    models_dir: Path,
    *,
    progress: Progress = lambda _: None,
    stopped: Callable[[], bool] = errand.never,
) -> Model:
    """Download a model into its folder, whole and verified or not at all.

    A try that was cut off is continued by the next; one that is called off or refused
    leaves nothing. Raises Invalid, WrongType, Stopped, EngineFailed (worth another try).
    """
    if not model.repository:
        raise Invalid(f"{model.name} cannot be downloaded. Import it from a file.")
    workplace = models_dir / f".downloading-{model.name}"
    try:
        revision, offers = _offered(model, stopped)
        importing.check_room(sum(offer.size for offer in offers), models_dir)
        workplace.mkdir(parents=True, exist_ok=True)
        _download(model, revision, offers, workplace, progress, stopped)
        taken = _verified(model, offers, workplace / "model")
        made = _described(model, revision, taken, workplace / "model")
        importing.take_place(workplace / "model", models_dir / model.name)
    except (Invalid, errand.Stopped):
        shutil.rmtree(workplace, ignore_errors=True)
        raise
    shutil.rmtree(workplace, ignore_errors=True)
    return made


def _offered(model: Model, stopped: Callable[[], bool]) -> tuple[str, list[Offer]]:
    """The commit, and the files of it that are wanted. Raises WrongType, Invalid."""
    order = {"op": "list", "revision": model.revision}
    told = _ask(model, order, stopped, lambda header: None)
    every = [_offer(file) for file in told["files"]]
    pinned = {file.path: file for file in model.files}
    if model.format == "gguf":
        wanted = [offer for offer in every if offer.path in pinned]
    else:
        wanted = [offer for offer in every if _OF_A_FOLDER.fullmatch(offer.path)]
    missing = set(pinned) - {offer.path for offer in wanted}
    if missing:
        raise Invalid(f"The hub has no file {min(missing)} in {model.repository} any more.")
    for offer in wanted:
        known = pinned.get(offer.path)
        if known and known.sha256 and offer.sha256 and known.sha256 != offer.sha256:
            raise WrongType(
                f"{offer.path} on the hub is not the file that the catalogue names: its "
                "SHA-256 differs. It is not taken."
            )
    return str(told["commit"]), wanted


def _offer(told: dict[str, Any]) -> Offer:
    """Raises WrongType for a path that leads out of the folder."""
    try:
        ModelFile(str(told["path"]))
    except ValueError as error:
        raise WrongType("The hub names a file outside of the model's folder.") from error
    return Offer(str(told["path"]), int(told["size"]), str(told["sha256"]), str(told["blob"]))


def _download(
    model: Model,
    revision: str,
    offers: list[Offer],
    workplace: Path,
    progress: Progress,
    stopped: Callable[[], bool],
) -> None:
    total = max(1, sum(offer.size for offer in offers))
    order = {
        "op": "fetch",
        "revision": revision,
        "folder": str(workplace / "model"),
        "files": [{"path": offer.path, "size": offer.size} for offer in offers],
    }
    _ask(
        model,
        order,
        stopped,
        lambda header: progress(min(1.0, float(header.get("bytes", 0)) / total)),
    )


def _ask(
    model: Model,
    order: dict[str, Any],
    stopped: Callable[[], bool],
    hear: Callable[[errand.Header], None],
) -> errand.Header:
    endpoint = os.environ.get("HF_ENDPOINT", "")
    known = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    known |= {name.lower(): value for name, value in known.items()}
    return errand.run(
        "download",
        {**order, "repository": model.repository, "endpoint": endpoint},
        label="download",
        hear=hear,
        stopped=stopped,
        patience=_PATIENCE,
        surroundings={
            **known,
            "HF_HUB_OFFLINE": "0",
            "HF_HUB_DISABLE_XET": "1",
            "HF_HUB_DISABLE_PROGRESS_BARS": "1",
            "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
            **({"HF_ENDPOINT": endpoint} if endpoint else {}),
        },
    )


def _verified(model: Model, offers: list[Offer], folder: Path) -> tuple[ModelFile, ...]:
    """Every file with its hash, which is the one that was promised. Raises WrongType."""
    pinned = {file.path: file.sha256 for file in model.files}
    taken = []
    for offer in offers:
        path = folder / offer.path
        file = ModelFile(offer.path, path.stat().st_size, sha256(path))
        promised = pinned.get(offer.path) or offer.sha256
        good = file.sha256 == promised if promised else _git_hash(path) == offer.blob
        if not good:
            raise WrongType(
                f"{offer.path} came with another SHA-256 than was promised. It is not taken."
            )
        path.chmod(0o644)
        taken.append(file)
    return tuple(taken)


def _git_hash(path: Path) -> str:
    """What git calls the content of a file, which is all the hub states for small ones."""
    content = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _described(model: Model, revision: str, taken: tuple[ModelFile, ...], folder: Path) -> Model:
    """The catalogue's entry, once the content was looked at like that of a file from elsewhere."""
    source = folder / taken[0].path if model.format == "gguf" else folder
    found = examine(source).model
    if found.role != model.role:
        raise WrongType(f"{model.repository} holds a {found.role} model, not what was expected.")
    return replace(
        model,
        files=taken,
        revision=revision,
        parameters=model.parameters or found.parameters,
        quantisation=found.quantisation if found.quantisation != "unknown" else model.quantisation,
        imported=True,
    )
