import numpy as np
import pytest

from appliance.engines.contract import Embedded, Embedder
from appliance.library.scale import REFERENCE, Scale


class Narrow(Embedder):
    """Gives every two different texts the same high cosine."""

    name = "narrow"
    fingerprint = "narrow-1"
    dimensions = 64
    window = 64

    def __init__(self, level: float) -> None:
        self.level, self.calls = level, 0

    def embed(self, texts, *, spans=None, urgent=False):
        self.calls += 1
        # Each has a direction of its own, and all have one in common.
        own, common = np.sqrt(1 - self.level), np.sqrt(self.level)
        rows = np.eye(self.dimensions, dtype=np.float32)[1 : len(texts) + 1] * own
        rows[:, 0] = common
        return [Embedded(row, np.empty((0, self.dimensions), np.float32)) for row in rows]

    def offsets(self, text):
        return []


@pytest.mark.parametrize("level", [0.0, 0.3, 0.7])
def test_what_has_nothing_in_common_lies_where_it_lies_for_the_reference(level):
    scaled = Scale(Narrow(level))(np.array([level, 1.0], np.float32))
    assert scaled == pytest.approx([REFERENCE, 1.0], abs=1e-4)


def test_an_embedder_is_measured_once():
    embedder = Narrow(0.5)
    scale = Scale(embedder)
    scale(np.array([0.5], np.float32))
    scale(np.array([0.5], np.float32))
    assert embedder.calls == 1
