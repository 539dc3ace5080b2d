"""Measuring, converting and checking models, with one so small that it takes no time."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.base.errors import Conflict, Invalid
from appliance.engines import benchmark
from appliance.engines.benchmark import Benchmark
from appliance.engines.catalogue import Catalogue
from appliance.engines.errand import Stopped
from appliance.engines.gguf import read_head
from appliance.engines.manifest import Model
from appliance.engines.residence import NoRoom
from appliance.engines.workshop import Damaged, Watch, Workshop

from .parts import small_llama

SLOW, QUICK = (Benchmark(reads, 50.0, 100.0, 1, 0) for reads in (100.0, 220.0))


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    """A folder of models with one in full precision."""
    catalogue = Catalogue(tmp_path / "models")
    catalogue.import_file(small_llama(tmp_path / "ada.gguf"))
    return catalogue


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Measuring without a model: Q4_0 reads more than twice as fast. Returns what was."""
    seen: list[Path] = []

    def measure(path: Path, **_: object) -> Benchmark:
        seen.append(path)
        return QUICK if read_head(path).quantisation == "Q4_0" else SLOW

    monkeypatch.setattr(benchmark, "measure", measure)
    return seen


@pytest.mark.slow
def test_another_form_is_offered_where_it_wins(catalogue: Catalogue, measured: list[Path]) -> None:
    heard: list[tuple[float, str]] = []
    found = Workshop(catalogue).benchmark(
        "ada", watch=Watch(lambda share, step: heard.append((share, step)))
    )

    assert found.conversion
    assert (found.conversion.quantisation, found.conversion.prefill_gain) == ("Q4_0", 2.2)
    assert benchmark.kept(catalogue, catalogue.find("ada")) == found
    assert next(step for _, step in heard) == "measuring"
    assert not list(catalogue.models_dir.glob(".converting*"))


@pytest.mark.slow
def test_a_conversion_is_a_model_of_its_own(catalogue: Catalogue, measured: list[Path]) -> None:
    made = Workshop(catalogue).convert("ada")

    assert (made.name, made.quantisation, made.licence) == ("ada-q4_0", "Q4_0", "apache-2.0")
    assert catalogue.verify("ada-q4_0")
    assert made.size < catalogue.find("ada").size
    assert benchmark.kept(catalogue, made) == QUICK
    with pytest.raises(Conflict):
        Workshop(catalogue).convert("ada")
    with pytest.raises(Invalid, match="left as it is"):
        Workshop(catalogue).convert("ada-q4_0")


@pytest.mark.slow
def test_a_conversion_that_is_called_off_leaves_nothing(
    catalogue: Catalogue, measured: list[Path]
) -> None:
    with pytest.raises(Stopped):
        Workshop(catalogue).convert("ada", watch=Watch(stopped=lambda: True))
    assert [model.name for model in catalogue.models()] == ["ada"]
    assert not list(catalogue.models_dir.glob(".converting*"))


def test_a_model_that_does_not_fit_is_not_measured(
    catalogue: Catalogue, measured: list[Path]
) -> None:
    def refuse(model: Model) -> None:
        raise NoRoom(f"{model.name} does not fit.")

    with pytest.raises(NoRoom):
        Workshop(catalogue, refuse).benchmark("ada")
    assert measured == []


def test_a_damaged_model_is_told_from_a_sound_one(catalogue: Catalogue) -> None:
    workshop = Workshop(catalogue)
    workshop.verify("ada")
    path = catalogue.language("ada")
    path.write_bytes(path.read_bytes()[:-1] + b"x")

    with pytest.raises(Damaged, match="SHA-256 differs"):
        workshop.verify("ada")


def test_checking_says_how_far_it_is_and_can_be_called_off(catalogue: Catalogue) -> None:
    heard: list[float] = []
    workshop = Workshop(catalogue)
    workshop.verify("ada", watch=Watch(lambda share, step: heard.append(share)))

    assert heard[-1] == 1.0
    with pytest.raises(Stopped):
        workshop.verify("ada", watch=Watch(stopped=lambda: True))
