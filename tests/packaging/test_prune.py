"""What is left out of the frozen program, and what must not be."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "packaging" / "prune.py"
spec = importlib.util.spec_from_file_location("prune", SOURCE)
assert spec is not None
assert spec.loader is not None
prune = importlib.util.module_from_spec(spec)
spec.loader.exec_module(prune)


@pytest.mark.parametrize(
    "path",
    [
        "models/manifest.toml",
        "torch/bin/torch_shm_manager",
        "torch/testing/_internal/__init__.py",
        "torch/testing/_internal/distributed/fake_pg.py",
        "transformers/models/__init__.py",
        "transformers/models/bert/modeling_bert.py",
        "PySide6/Qt/translations/qtwebengine_locales/en-US.pak",
        "PySide6/Qt/resources/qtwebengine_resources.pak",
        "PySide6/Qt/lib/libQt6WebEngineCore.so.6",
        "PySide6\\Qt\\plugins\\platforms\\libqxcb.so",
    ],
)
def test_what_is_loaded_stays(path: str) -> None:
    assert prune.wanted(path)


@pytest.mark.parametrize(
    "path",
    [
        "torch/bin/test_api",
        "torch/include/ATen/ATen.h",
        "torch/testing/_internal/common_utils.py",
        "transformers/models/aria/modeling_aria.py",
        "PySide6/Qt/translations/qtwebengine_locales/de.pak",
        "PySide6/Qt/resources/qtwebengine_devtools_resources.pak",
        "libgtk-3.so.0",
    ],
)
def test_what_is_never_loaded_goes(path: str) -> None:
    assert not prune.wanted(path)


@pytest.mark.parametrize(
    "name", ["jinja2.tests", "torch.testing", "transformers.models.bert", "appliance.web.app"]
)
def test_modules_that_are_imported_stay(name: str) -> None:
    assert prune.wanted_module(name)


@pytest.mark.parametrize(
    "name", ["sympy.core.tests.test_expr", "transformers.models.aria.modeling_aria"]
)
def test_modules_that_are_not_go(name: str) -> None:
    assert not prune.wanted_module(name)
