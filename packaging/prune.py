"""What the packages bring along and the frozen program never loads."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

# Encoders that people make embedding models of, and what transformers loads in any case.
ENCODERS = """
    albert bert camembert deberta deberta_v2 distilbert electra ernie gemma gemma2 gemma3 llama
    longformer mistral modernbert mpnet nomic_bert qwen2 qwen3 roberta roformer t5 xlm_roberta
    xlm_roberta_xl
    auto align blenderbot blenderbot_small encoder_decoder longt5 m2m_100 marian moonshine mt5
    paligemma pegasus pegasus_x prophetnet siglip switch_transformers t5gemma t5gemma2
    timm_wrapper udop umt5 whisper
""".split()  # noqa: SIM905

UNWANTED = [
    # torch: programs, headers and tests of its builders
    "torch/bin/[!t]*", "torch/bin/test*", "torch/include/*", "torch/share/*", "torch/test/*",
    "torch/lib/libtorchbind_test*", "torch/lib/libjitbackend_test*", "torch/lib/libbackend_with_*",
    "torch/lib/libaoti_custom_ops*", "torch/lib/*.a", "torch/utils/benchmark/*",
    "torchgen/packaged/*",
    # Qt: everything but widgets with one web view
    "PySide6/Qt/qml/*", "PySide6/Qt/translations/qt[!w]*", "PySide6/Qt/translations/*.qm",
    "PySide6/Qt/translations/qtwebengine_locales/[!e]*",
    "PySide6/Qt/translations/qtwebengine_locales/e[!n]*",
    "PySide6/Qt/resources/*devtools*", "PySide6/Qt/resources/*.debug.*",
    "PySide6/Qt/lib/libav*", "PySide6/Qt/lib/libsw*", "PySide6/Qt/lib/libQt6Multimedia*",
    "PySide6/Qt/lib/libQt6Quick3D*", "PySide6/Qt/lib/libQt6QuickControls2*",
    "PySide6/Qt/lib/libQt6QuickDialogs2*", "PySide6/Qt/lib/libQt6LabsStyleKit*",
    "PySide6/Qt/lib/libQt6Designer*", "PySide6/Qt/lib/libQt6Pdf*", "PySide6/Qt/lib/libQt63D*",
    "PySide6/Qt/lib/libQt6Charts*", "PySide6/Qt/lib/libQt6DataVis*", "PySide6/Qt/lib/libQt6Graphs*",
    "PySide6/Qt/lib/libQt6Location*", "PySide6/Qt/lib/libQt6ShaderTools*",
    "PySide6/Qt/lib/libQt6VirtualKeyboard*", "PySide6/Qt/lib/libQt6WebEngineQuickDelegates*",
    "PySide6/Qt/plugins/multimedia/*", "PySide6/Qt/plugins/sqldrivers/*",
    "PySide6/Qt/plugins/platformthemes/libqgtk3*", "PySide6/Qt/plugins/platforms/libqeglfs*",
    "PySide6/Qt/plugins/platforms/libqlinuxfb*", "PySide6/Qt/plugins/platforms/libqvnc*",
    "PySide6/Qt/plugins/platforms/libqvkkhr*", "PySide6/Qt/plugins/egldeviceintegrations/*",
    "PySide6/Qt/plugins/qmltooling/*", "PySide6/Qt/plugins/qmlls/*",
    "PySide6/Qt/plugins/designer/*", "PySide6/Qt/plugins/assetimporters/*",
    "PySide6/Qt/plugins/sceneparsers/*",
    "PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboard*",
    "PySide6/Qt/lib/libQt6QuickTemplates2*", "PySide6/Qt/lib/libQt6WaylandCompositor*",
    "PySide6/Qt/lib/libQt6RemoteObjects*", "PySide6/Qt/lib/libQt6SpatialAudio*",
    "PySide6/Qt/lib/libQt6WebEngineQuick*", "PySide6/Qt/lib/libQt6QuickParticles*",
    "PySide6/Qt/lib/libQt6Scxml*", "PySide6/Qt/lib/libQt6Sensors*", "PySide6/Qt/lib/libQt6Sql*",
    "PySide6/Qt/lib/libQt6StateMachine*", "PySide6/Qt/lib/libQt6Test.*",
    "PySide6/Qt/lib/libQt6EglF[Ss]*", "PySide6/Qt/lib/libQt6QuickVector*",
    # what hung on those: GTK, sound, and CUDA's stub
    "libgtk-3*", "libgdk*", "libcairo*", "libpango*", "libpixman*", "libepoxy*", "libatk*",
    "libatspi*", "libharfbuzz*", "libgraphite2*", "libfribidi*", "libthai*", "libdatrie*",
    "libpulse*", "libsndfile*", "libvorbis*", "libFLAC*", "libopus*", "libogg*", "libmp3lame*",
    "libmpg123*", "libasyncns*", "libcudart*",
    # tests and sources of compiled parts
    "*/tests/*", "*.pxd", "*.pyx", "*.pyi", "*.hpp", "*.cuh", "*.cmake",
    "llama_cpp/lib/*.a", "llama_cpp/lib/cmake/*", "sklearn/datasets/*",
]  # fmt: skip

# torch imports these of its own tests at run time; the others are 5 MB and want pytest.
TORCH_TESTS = re.compile(
    r"torch[./]testing[./]_internal[./]"
    r"(?!__init__|(logging_tensor|common_dtype|distributed|distributed[./](__init__|fake_pg))[.]"
    r"(py)?$)."
)
_MODEL = re.compile(r"transformers[./]models[./](\w+)[./]")


def wanted(path: str) -> bool:
    """Whether a file, by its place in the program's folder, belongs into it."""
    path = path.replace("\\", "/")
    if any(fnmatchcase(path, pattern) for pattern in UNWANTED):
        return False
    return _of_a_known_encoder(path) and not TORCH_TESTS.match(path)


def wanted_module(name: str) -> bool:
    """Whether a Python module belongs into the program."""
    if ".tests." in name:  # jinja2.tests is none
        return False
    return _of_a_known_encoder(name + ".") and not TORCH_TESTS.match(name + ".")


def _of_a_known_encoder(name: str) -> bool:
    model = _MODEL.match(name)
    return model is None or model[1] in ENCODERS or model[1] == "__init__"
