"""Write the files that are made from code, or check that they are fresh (`--check`)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def settings_table() -> str:
    from appliance.base.settings import SETTINGS

    rows = [
        "# Settings",
        "",
        "Looked for on the command line, then in the environment, then in `settings.toml` of the",
        "data folder. This page is made from `appliance/base/settings.py`.",
        "",
        "| setting | flag | environment | default | what it does |",
        "|---|---|---|---|---|",
    ]
    for s in SETTINGS:
        variables = ", ".join(f"`{name}`" for name in (s.variable, *s.aliases))
        default = "(of the system)" if isinstance(s.default, Path) else f"`{s.default!r}`"
        rows.append(f"| {s.name} | `{s.flag}` | {variables} | {default} | {s.help} |")
    return "\n".join(rows) + "\n"


GENERATED: dict[str, Callable[[], str]] = {
    "docs/settings.md": settings_table,
}


def main() -> None:
    stale = []
    for name, make in GENERATED.items():
        path, text = ROOT / name, make()
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            path.write_text(text, "utf-8")
            print(f"wrote {name}")
    if stale and "--check" in sys.argv:
        print(f"Out of date: {', '.join(stale)}. Run: python packaging/generated.py")
        sys.exit(1)


if __name__ == "__main__":
    main()
