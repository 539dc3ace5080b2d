import math

import pytest

from appliance.base.freeform import DEPTH, bounded


def nested(depth: int) -> dict[str, object]:
    value: dict[str, object] = {}
    for _ in range(depth - 1):
        value = {"a": value}
    return value


def test_what_is_plain_and_small_comes_back_as_it_was():
    assert bounded({"a": [1, {"b": "ü"}]}, limit=100) == {"a": [1, {"b": "ü"}]}


def test_depth_is_bounded_before_anything_walks_it_by_recursion():
    assert bounded(nested(DEPTH), limit=10_000)
    for depth in (DEPTH + 1, 5_000):
        with pytest.raises(ValueError, match="deeper"):
            bounded(nested(depth), limit=100_000)


@pytest.mark.parametrize("value", [math.nan, math.inf, "\ud800"])
def test_what_is_no_json_is_refused(value):
    with pytest.raises(ValueError, match="plain JSON"):
        bounded({"a": value}, limit=100)


def test_length_is_bounded():
    with pytest.raises(ValueError, match="longer"):
        bounded({"a": "x" * 100}, limit=100)
