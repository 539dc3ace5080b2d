"""The description of the interface without an appliance: `python -m appliance.web.openapi`."""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import Any

from appliance.web import describe
from appliance.web.app import routes_only


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """OpenAPI 3.1, as plain JSON values."""
    return describe.described(routes_only())


def as_json() -> str:
    """The same, as the text that is served and committed."""
    return describe.as_json(routes_only())


if __name__ == "__main__":
    sys.stdout.write(as_json())
