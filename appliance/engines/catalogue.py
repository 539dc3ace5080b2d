"""The models on this machine: which there are, where they lie, and whether they are intact."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from appliance.base import files
from appliance.base.errors import Conflict, EngineFailed, Invalid, NotFound
from appliance.engines import manifest
from appliance.engines.manifest import Model, ModelFile

_STAMP = ".verified"
_importing = threading.Lock()  # two at once would each write the list without the other


class ModelMissing(EngineFailed):
    """A model that is named in the settings but whose files are not there."""

    code = "model_missing"
    retryable = False


class Catalogue:
    """`manifest.toml` and `imported.toml` of the models folder, and one folder per model."""

    def __init__(self, models_dir: Path) -> None:
        self.models_dir = models_dir

    def models(self) -> list[Model]:
        """Shipped models first, then imported ones. Raises Broken for a damaged list.

        An imported model takes the place of a shipped one of the same name.
        """
        known = {model.name: model for model in self.shipped()}
        for model in manifest.read(self.models_dir / "imported.toml", imported=True):
            known[model.name] = model
        return [replace(model, installed=self._complete(model)) for model in known.values()]

    def shipped(self) -> list[Model]:
        """What the product's own list names. Raises Broken."""
        return manifest.read(self.models_dir / "manifest.toml")

    def changed(self) -> tuple[int, ...]:
        """When the lists were last written: another value, and `models` is worth asking again."""
        lists = (self.models_dir / name for name in ("manifest.toml", "imported.toml"))
        return tuple(path.stat().st_mtime_ns if path.exists() else 0 for path in lists)

    def find(self, name: str) -> Model:
        """Raises NotFound."""
        for model in self.models():
            if model.name == name:
                return model
        raise NotFound("model")

    def folder(self, model: Model) -> Path:
        """Where the model's files lie, or would."""
        return Path(model.place) if model.place else self.models_dir / model.name

    def notes(self, model: Model) -> Path:
        """The folder for what is noted about a model; it is ours also when its files are not."""
        return self.models_dir / model.name

    @property
    def incoming(self) -> Path:
        """Where an operator puts files that are to be imported."""
        return self.models_dir / "incoming"

    def language(self, name: str) -> Path:
        """The GGUF file of a language model. Raises NotFound, ModelMissing."""
        return self._present(name, "language") / self.find(name).files[0].path

    def embedding(self, name: str) -> Path:
        """The folder of an embedding model. Raises NotFound, ModelMissing."""
        return self._present(name, "embedding")

    def reranker(self, name: str) -> Path:
        """The folder of a model that judges passages. Raises NotFound, ModelMissing."""
        return self._present(name, "reranker")

    def _present(self, name: str, role: manifest.Role) -> Path:
        model = self.find(name)
        if model.role != role:
            raise NotFound(f"{role} model")
        if not model.installed:
            raise ModelMissing(
                f"The model {name} is not in {self.models_dir}. Run the set-up again, "
                "or import the model from a file."
            )
        return self.folder(model)

    def _complete(self, model: Model) -> bool:
        return model.pinned and all(
            _size(self.folder(model) / file.path) == file.size for file in model.files
        )

    def verified(self, model: Model) -> bool | None:
        """Whether the files had their hashes when last looked at, and are untouched since.

        None: nobody has looked yet, or something was touched. Costs no reading.
        """
        if not model.installed:
            return False
        try:
            stamp = json.loads((self.notes(model) / _STAMP).read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return True if stamp == self._stamp(model) else None

    def verify(self, name: str) -> bool:
        """Read every file and compare it with its hash. Raises NotFound."""
        return not self.troubles(name)

    def troubles(self, name: str, progress: Callable[[int], None] = lambda _: None) -> list[str]:
        """The same, saying what is wrong with each file; nothing wrong: an empty list.

        `progress` hears of bytes read. Raises NotFound.
        """
        model = self.find(name)
        trouble = [
            sentence
            for file in model.files
            if (sentence := _trouble(self.folder(model), file, progress))
        ]
        if trouble:
            with contextlib.suppress(OSError):
                (self.notes(model) / _STAMP).unlink(missing_ok=True)
        else:
            self.stamp(model)
        return trouble

    def import_file(
        self,
        path: Path,
        progress: Callable[[int], None] = lambda _: None,
        *,
        link: bool = False,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Model:
        """Take in a GGUF file, or the folder of an embedding model or reranker.

        By copy, or with `link` by using it where it lies. `progress` hears of bytes.
        Raises WrongType, Conflict, Invalid, Stopped; then nothing is left behind.
        """
        from appliance.engines import importing
        from appliance.engines.examine import examine

        with _importing:
            arrival = examine(path)
            self.check_free(arrival.model.name)

            def settle(model: Model) -> Model:
                known = importing.recognised(model, self.shipped())
                self.check_free(known.name)
                return known

            if link:
                model = importing.link(arrival, settle, progress=progress, stopped=stopped)
            else:
                model = importing.copy(
                    arrival, self.models_dir, settle, progress=progress, stopped=stopped
                )
            self._record(model)
        return replace(model, installed=True)

    def check_free(self, name: str) -> None:
        """Raises Conflict when a model, or what is no model's, has this name here."""
        if name == self.incoming.name or (self.models_dir / name).is_file():
            raise Conflict(f"A model cannot be called {name} here. Rename it and import it again.")
        if any(each.name == name and (each.installed or each.imported) for each in self.models()):
            raise Conflict(f"A model named {name} is here already. Remove it first.")

    def remove(self, name: str) -> None:
        """Delete a model's files; those that are used in place stay where they are.

        Raises NotFound, also for one that is not here.
        """
        with _importing:
            model = self.find(name)
            if not (model.installed or model.imported):
                raise NotFound("model")
            known = manifest.read(self.models_dir / "imported.toml", imported=True)
            self._write([each for each in known if each.name != name])
            shutil.rmtree(self.notes(model), ignore_errors=True)

    def record(self, model: Model) -> None:
        """Write down a model whose files are in place, and have just had their hashes taken."""
        with _importing:
            self._record(model)

    def _record(self, model: Model) -> None:
        known = manifest.read(self.models_dir / "imported.toml", imported=True)
        self._write([*(each for each in known if each.name != model.name), model])
        self.stamp(model)

    def _write(self, models: list[Model]) -> None:
        text = manifest.written(models).encode()
        try:
            files.write(self.models_dir / "imported.toml", text, mode=0o644)
        except OSError as error:
            raise Invalid(
                f"The models folder {self.models_dir} cannot be written ({error.strerror})."
            ) from error

    def stamp(self, model: Model) -> None:
        """Note that the files, as they are now, were compared with their hashes.

        Where the folder cannot be written, they are compared again the next time.
        """
        content = json.dumps(self._stamp(model), indent=1).encode()
        with contextlib.suppress(OSError):
            files.write(self.notes(model) / _STAMP, content, mode=0o644)

    def _stamp(self, model: Model) -> dict[str, list[str | int]]:
        def state(file: ModelFile) -> list[str | int]:
            found = (self.folder(model) / file.path).stat()
            return [file.sha256, found.st_size, found.st_mtime_ns]

        return {file.path: state(file) for file in model.files}


def sha256(path: Path, progress: Callable[[int], None] = lambda _: None) -> str:
    """64 hex digits. `progress` hears of bytes read."""
    hasher = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            hasher.update(piece)
            progress(len(piece))
    return hasher.hexdigest()


def _trouble(folder: Path, file: ModelFile, progress: Callable[[int], None]) -> str:
    path = folder / file.path
    size = _size(path)
    if size is None:
        return f"{path} is missing."
    if size != file.size:
        return f"{path} has {size} bytes instead of {file.size}."
    if sha256(path, progress) != file.sha256:
        return f"{path} is not the file it should be: its SHA-256 differs."
    return ""


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
