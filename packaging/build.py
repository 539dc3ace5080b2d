"""Build the frozen program: `dist/inhouse`, one folder with everything and the starter models.

    python packaging/build.py

Says how large each part of it is and how long it took. `packaging/smoke.py` walks
through what was built.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from appliance.base.errors import ApplianceError, Broken
from appliance.engines.catalogue import Catalogue

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "dist" / "inhouse"
FRONT_ENDS = ("console/index.html", "widget/widget.js")
SHOWN = 14  # parts


def main() -> int:
    """0 when the program was built."""
    began = time.monotonic()
    try:
        check_front_ends()
        check_models()
        freeze()
    except ApplianceError as error:
        print(error.message, file=sys.stderr)
        return 1
    slim(FOLDER)
    report(time.monotonic() - began)
    return 0


def check_front_ends() -> None:
    """Raises Broken when the console or the widget was not built."""
    static = ROOT / "appliance" / "web" / "static"
    if missing := [name for name in FRONT_ENDS if not (static / name).exists()]:
        raise Broken(f"Not built yet: {', '.join(missing)}. Run: make setup")


def check_models() -> None:
    """Raises Broken when a starter model is not in place, byte for byte."""
    catalogue = Catalogue(ROOT / "models")
    starters = [model for model in catalogue.shipped() if model.package]
    if not starters:
        raise Broken("models/manifest.toml names no starter model.")
    for model in starters:
        if not catalogue.verify(model.name):
            raise Broken(f"The model {model.name} is missing or damaged. Run: make setup")


def freeze() -> None:
    """Run PyInstaller. Raises Broken when it fails; its own words say why."""
    print("» freezing (some minutes)", flush=True)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level=WARN"]
    if subprocess.run([*command, "appliance.spec"], cwd=ROOT, check=False).returncode:
        raise Broken("PyInstaller did not finish.")


def slim(folder: Path) -> None:
    """Take out what no file of the program needs, after PyInstaller has put them together."""
    for link in folder.rglob("*"):
        if link.is_symlink() and not link.exists():
            link.unlink()  # to a library that was left out
    join_copies(folder / "_internal" / "llama_cpp" / "lib")
    if sys.platform == "linux" and shutil.which("strip"):
        for library in folder.rglob("*.so*"):
            # Not those in *.libs: their paths were rewritten when the wheel was
            # made, and not all of them survive another tool.
            if library.is_file() and ".libs/" not in str(library) and not library.is_symlink():
                subprocess.run(["strip", "--strip-unneeded", library], check=False)


def join_copies(folder: Path) -> None:
    """Wheels hold no links, so libx.so, libx.so.0 and libx.so.0.1 come as three equal files."""
    first: dict[bytes, Path] = {}
    for path in sorted(folder.glob("lib*.so*"), reverse=True):  # the full name stays a file
        digest = hashlib.sha256(path.read_bytes()).digest()
        if digest in first and sys.platform != "win32":
            path.unlink()
            path.symlink_to(first[digest].name)
        first.setdefault(digest, path)


def report(seconds: float) -> None:
    """Print the size of each part, and of the whole."""
    sizes: Counter[str] = Counter()
    for path in FOLDER.rglob("*"):
        if path.is_file() and not path.is_symlink():
            sizes[part(path)] += path.stat().st_size
    for name, size in sizes.most_common(SHOWN):
        print(f"{size / 1e6:9.1f} MB  {name}")
    others = sum(size for _, size in sizes.most_common()[SHOWN:])
    print(f"{others / 1e6:9.1f} MB  (all others)")
    print(f"{sizes.total() / 1e6:9.1f} MB  in {FOLDER.relative_to(ROOT)}, built in {seconds:.0f} s")


def part(path: Path) -> str:
    """Which part of the program a file belongs to."""
    inside = path.relative_to(FOLDER).parts
    inside = inside[1:] if inside[0] == "_internal" else inside
    if len(inside) == 1:
        return "the program and its libraries" if ".so" not in inside[0] else "system libraries"
    return inside[0].removesuffix(".libs")


if __name__ == "__main__":
    sys.exit(main())
