"""What can be done with a model besides asking it: take in, download, measure, convert, check.

Each takes long, says how far it is, and can be called off; then nothing is left behind.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from appliance.base import files
from appliance.base.errors import Invalid, WrongType
from appliance.engines import benchmark, download, errand, importing
from appliance.engines.benchmark import Benchmark, Conversion
from appliance.engines.catalogue import Catalogue, sha256
from appliance.engines.convert import convert
from appliance.engines.examine import examine, name_of
from appliance.engines.manifest import Model, ModelFile

FORM = "Q4_0"  # what ordinary processors read fastest
# Forms that hold enough to make another of; k-quants would lose what makes them good.
CONVERTIBLE = frozenset({"F32", "F16", "BF16", "Q8_0", "Q5_0", "Q5_1", "Q4_1"})


class Damaged(Invalid):
    """A model whose files are not what they were."""

    code = "model_damaged"


@dataclass(frozen=True)
class Watch:
    """Who looks on: hears how far it is (0 … 1) and with what, and may call it off."""

    hear: Callable[[float, str], None] = lambda share, step: None
    stopped: Callable[[], bool] = errand.never

    def part(self, start: float, end: float, step: str) -> Callable[[float], None]:
        """Progress of a part of the work, as a share of the whole."""
        self.hear(start, step)
        return lambda share: self.hear(start + share * (end - start), step)

    def bytes(self, total: int, step: str) -> Callable[[int], None]:
        """Progress in bytes; raises Stopped in between."""
        done = 0

        def heard(size: int) -> None:
            nonlocal done
            done += size
            self.hear(min(1.0, done / max(1, total)), step)
            if self.stopped():
                raise errand.Stopped("This was called off.")

        return heard


NOBODY = Watch()


class Workshop:
    """The work that is done on the models of one folder."""

    def __init__(
        self, catalogue: Catalogue, make_room: Callable[[Model], None] = lambda model: None
    ) -> None:
        """`make_room` is asked before a model is loaded, and raises NoRoom."""
        self.catalogue = catalogue
        self._make_room = make_room

    def take_in(self, path: Path, *, link: bool = False, watch: Watch = NOBODY) -> Model:
        """Import a file or folder. Raises what `Catalogue.import_file` does."""
        total = examine(path).size
        return self.catalogue.import_file(
            path, watch.bytes(total, "copying" if not link else "reading"), link=link,
            stopped=watch.stopped,
        )  # fmt: skip

    def download(self, name: str, *, watch: Watch = NOBODY) -> Model:
        """Fetch a model of the catalogue. Raises NotFound, Conflict and what `fetch` does."""
        model = self.catalogue.find(name)
        self.catalogue.check_free(name)
        progress = watch.part(0.0, 1.0, "downloading")
        fetched = download.fetch(
            model, self.catalogue.models_dir, progress=progress, stopped=watch.stopped
        )
        self.catalogue.record(fetched)
        return fetched

    def benchmark(self, name: str, *, watch: Watch = NOBODY) -> Benchmark:
        """Measure a language model, and another form of it where that may be faster.

        Raises NotFound, ModelMissing, NoRoom, Stopped, EngineFailed.
        """
        path, model = self.catalogue.language(name), self.catalogue.find(name)
        self._make_room(model)
        tries = self._convertible(model)
        share = 0.3 if tries else 1.0
        found = benchmark.measure(
            path, progress=watch.part(0.0, share, "measuring"), stopped=watch.stopped
        )
        if tries:
            found = replace(found, conversion=self._offer(path, found, watch))
        benchmark.keep(self.catalogue, model, found)
        return found

    def convert(self, name: str, *, watch: Watch = NOBODY) -> Model:
        """Make a Q4_0 model of one in another form, beside it. Returns the new one.

        Raises NotFound, ModelMissing, Conflict, Invalid, Stopped, EngineFailed.
        """
        path, model = self.catalogue.language(name), self.catalogue.find(name)
        if model.quantisation not in CONVERTIBLE:
            raise Invalid(f"{name} is {model.quantisation}; that form is left as it is.")
        new_name = name_of(f"{name[:59]}-{FORM}")
        self.catalogue.check_free(new_name)
        with self._bench(path) as place:
            target = place / f"{path.stem}.{FORM}.gguf"
            progress = watch.part(0.0, 0.6, f"converting to {FORM}")
            convert(path, target, form=FORM, progress=progress, stopped=watch.stopped)
            made = ModelFile(target.name, target.stat().st_size, sha256(target))
            progress = watch.part(0.7, 1.0, "measuring")
            found = benchmark.measure(target, progress=progress, stopped=watch.stopped)
            files.name(target, target)
            importing.take_place(place, self.catalogue.models_dir / new_name)
        converted = replace(
            model,
            name=new_name,
            title=f"{model.title.removesuffix(f' {model.quantisation}')} {FORM}",
            quantisation=FORM,
            source=f"{model.source}, converted to {FORM} on this machine"[:500],
            memory_mb=max(1, model.memory_mb - (model.size - made.size) // 2**20),
            files=(made,),
            package=None,
            original=None,
            repository="",
            revision="",
            download_mb=0,
            place="",
            imported=True,
        )
        self.catalogue.record(converted)
        benchmark.keep(self.catalogue, converted, found)
        return replace(converted, installed=True)

    def verify(self, name: str, *, watch: Watch = NOBODY) -> None:
        """Read a model's files and compare their hashes. Raises NotFound, Damaged, Stopped."""
        model = self.catalogue.find(name)
        troubles = self.catalogue.troubles(name, watch.bytes(model.size, "reading"))
        if troubles:
            raise Damaged(" ".join(troubles))

    def _convertible(self, model: Model) -> bool:
        try:
            importing.check_room(model.size, self.catalogue.models_dir)
        except Invalid:
            return False
        return model.quantisation in CONVERTIBLE

    def _offer(self, path: Path, found: Benchmark, watch: Watch) -> Conversion | None:
        """What another form would bring; None when it would not."""
        with self._bench(path) as place:
            target = place / "tried.gguf"
            try:
                convert(
                    path, target, form=FORM, stopped=watch.stopped,
                    progress=watch.part(0.3, 0.7, f"trying {FORM}"),
                )  # fmt: skip
            except WrongType:  # a model that cannot be converted is no worse for it
                return None
            other = benchmark.measure(
                target, progress=watch.part(0.7, 1.0, f"measuring {FORM}"), stopped=watch.stopped
            )
            if not other.beats(found):
                return None
            gain = round(other.prefill / found.prefill, 2)
            return Conversion(FORM, target.stat().st_size, gain)

    @contextmanager
    def _bench(self, path: Path) -> Iterator[Path]:
        """A folder to work in, gone afterwards."""
        importing.check_room(path.stat().st_size, self.catalogue.models_dir)
        place = self.catalogue.models_dir / f".converting-{name_of(path.stem)}"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)
