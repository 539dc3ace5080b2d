"""How fast a model is here."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.base.errors import EngineFailed
from appliance.engines import benchmark
from appliance.engines.benchmark import Benchmark, Conversion
from appliance.engines.catalogue import Catalogue
from appliance.engines.errand import Stopped

from .parts import small_llama, starter

FOUND = Benchmark(400.0, 50.0, 120.0, 2, 1_700_000_000_000, Conversion("Q4_0", 5, 2.1))


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    """A folder of models with one in it."""
    catalogue = Catalogue(tmp_path / "models")
    catalogue.import_file(small_llama(tmp_path / "ada.gguf"))
    return catalogue


@pytest.mark.parametrize(
    ("reads", "writes", "verdict"),
    [(390, 57, "fast"), (149, 57, "fine"), (390, 14, "fine"), (390, 5, "slow"), (39, 57, "slow")],
)
def test_the_verdict_is_what_somebody_who_waits_would_say(
    reads: float, writes: float, verdict: str
) -> None:
    assert replace(FOUND, prefill=reads, generation=writes).verdict == verdict


def test_a_form_is_better_when_it_wins_clearly_and_loses_nothing() -> None:
    better = replace(FOUND, prefill=FOUND.prefill * 2)

    assert better.beats(FOUND)
    assert not FOUND.beats(FOUND)
    assert not replace(better, generation=FOUND.generation * 0.9).beats(FOUND)


def test_what_was_measured_is_kept_beside_the_model(catalogue: Catalogue) -> None:
    model = catalogue.find("ada")
    before = benchmark.kept(catalogue, model)
    benchmark.keep(catalogue, model, FOUND)

    assert (before, benchmark.kept(catalogue, model)) == (None, FOUND)
    assert not benchmark.stale(catalogue, model)


def test_what_another_machine_measured_does_not_hold_here(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = catalogue.find("ada")
    benchmark.keep(catalogue, model, FOUND)
    monkeypatch.setattr(benchmark, "machine", lambda: "Another × 64")

    assert benchmark.kept(catalogue, model) is None
    assert benchmark.stale(catalogue, model)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"machine": 3}'])
def test_a_damaged_note_is_no_measurement(catalogue: Catalogue, text: str) -> None:
    model = catalogue.find("ada")
    benchmark.keep(catalogue, model, FOUND)
    (catalogue.notes(model) / ".benchmark.json").write_text(text)

    assert benchmark.kept(catalogue, model) is None


def test_the_threads_tried_are_few_and_at_least_one() -> None:
    assert 1 <= len(benchmark.candidates()) <= 3
    assert min(benchmark.candidates()) >= 1


@pytest.mark.slow
def test_a_model_is_measured_in_seconds() -> None:
    model, folder = starter("smollm2-135m-instruct")
    heard: list[float] = []
    begun = time.monotonic()
    found = benchmark.measure(folder / model.files[0].path, progress=heard.append)

    assert time.monotonic() - begun < 100  # on a machine that does other things as well
    assert found.prefill > found.generation > 1
    assert found.generation_4 > 0
    assert found.threads in benchmark.candidates()
    assert heard == sorted(heard)


@pytest.mark.slow
def test_a_measurement_can_be_called_off(tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        benchmark.measure(small_llama(tmp_path / "ada.gguf"), stopped=lambda: True)


@pytest.mark.slow
def test_a_file_that_cannot_be_loaded_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "bad.gguf").write_text("<html>")

    with pytest.raises(EngineFailed, match=r"bad\.gguf cannot be loaded"):
        benchmark.measure(tmp_path / "bad.gguf")
