import inspect

import pytest

from appliance.base import errors


def planned() -> list[type[errors.ApplianceError]]:
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]
    return [kind for kind in kinds if issubclass(kind, errors.ApplianceError)]


@pytest.mark.parametrize("kind", planned())
def test_every_error_stands_in_the_printed_tree_with_its_code(kind):
    if kind is errors.ApplianceError:
        assert "ApplianceError            error" in errors.__doc__
        return
    line = next(line for line in errors.__doc__.splitlines() if f"─ {kind.__name__} " in line)
    assert kind.code in line.split()


def test_an_absent_and_a_foreign_thing_have_one_sentence():
    assert errors.NotFound("document").message == "No such document."
