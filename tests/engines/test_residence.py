"""Which models are in memory, with engines that only say they are."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from appliance.engines.life import State
from appliance.engines.residence import Guest, NoRoom, Residence

GB = 1 << 30


@dataclass
class Machine:
    """Eight gigabytes, and the models that are in them."""

    models: list[Model]

    def total(self) -> int:
        return 8 * GB

    def available(self, pids: object) -> int:
        return 8 * GB - sum(each.holds for each in self.models if each.at in ("ready", "loading"))


@dataclass
class Model:
    """An engine that was last used so many seconds ago; 0: it is at work."""

    holds: int
    unused: float = 0.0
    at: State = "stopped"

    def state(self) -> State:
        return self.at

    def pid(self) -> int | None:
        return None

    def idle(self) -> float:
        return self.unused

    def preload(self) -> None:
        self.at = "ready"

    def close(self) -> None:
        self.at = "stopped"


def house(*models: Model, idle_seconds: float = 0, default: int = -1) -> Residence:
    machine = Machine(list(models))
    residence = Residence(
        idle_seconds=idle_seconds, available=machine.available, total=machine.total, margin=0
    )
    for number, model in enumerate(models):
        residence.receive(Guest(f"m{number}", model.holds, model, default=number == default))
    return residence


def test_models_stay_together_while_there_is_room() -> None:
    first, second = Model(3 * GB, 60, "ready"), Model(4 * GB)
    house(first, second).admit("m1")

    assert first.at == "ready"


def test_the_longest_idle_one_goes_first() -> None:
    models = [Model(3 * GB, 60, "ready"), Model(3 * GB, 90, "ready"), Model(4 * GB)]
    house(*models).admit("m2")

    assert [model.at for model in models] == ["ready", "stopped", "stopped"]


def test_the_default_goes_last() -> None:
    models = [Model(3 * GB, 90, "ready"), Model(3 * GB, 60, "ready"), Model(4 * GB)]
    house(*models, default=0).admit("m2")

    assert [model.at for model in models] == ["ready", "stopped", "stopped"]


def test_a_model_at_work_is_left_alone_and_the_other_refused() -> None:
    busy, other = Model(5 * GB, 0, "ready"), Model(4 * GB)

    with pytest.raises(NoRoom, match=r"needs about 4\.0 GB of memory, and 3\.0 GB are free"):
        house(busy, other).admit("m1")
    assert busy.at == "ready"


def test_nothing_is_unloaded_in_vain() -> None:
    models = [Model(5 * GB, 0, "ready"), Model(GB, 60, "ready"), Model(4 * GB)]

    with pytest.raises(NoRoom):
        house(*models).admit("m2")
    assert models[1].at == "ready"


def test_a_model_larger_than_the_machine_is_refused_whatever_is_free() -> None:
    with pytest.raises(NoRoom, match=r"this machine has 8\.0 GB"):
        house(Model(9 * GB)).admit("m0")


def test_one_that_is_loading_counts_with_what_it_will_take() -> None:
    loading, other = Model(0, 1, "loading"), Model(4 * GB)
    residence = house(loading, other)
    residence.receive(Guest("m0", 6 * GB, loading))

    with pytest.raises(NoRoom):
        residence.admit("m1")


def test_what_nobody_uses_is_unloaded_after_a_while_but_not_the_default() -> None:
    models = [Model(GB, 700, "ready"), Model(GB, 700, "ready"), Model(GB, 500, "ready")]
    house(*models, idle_seconds=600, default=0).tick()

    assert [model.at for model in models] == ["ready", "stopped", "ready"]


def test_without_a_time_nothing_is_unloaded_by_itself() -> None:
    model = Model(GB, 1e9, "ready")
    house(model).tick()

    assert model.at == "ready"


def test_it_says_beforehand_whether_a_model_will_fit() -> None:
    residence = house(Model(6 * GB, 60, "ready"))

    assert [residence.fits(size * GB) for size in (1, 4, 9)] == ["yes", "tight", "no"]


def test_another_default_takes_the_place_of_the_first() -> None:
    models = [Model(GB, 700, "ready"), Model(GB, 700, "ready")]
    residence = house(*models, idle_seconds=600, default=0)
    residence.prefer("m1")
    residence.tick()

    assert [model.at for model in models] == ["stopped", "ready"]
