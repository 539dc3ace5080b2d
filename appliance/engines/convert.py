"""Another quantisation of a language model: the same model in a form this machine reads faster.

llama.cpp does the work, in a process of its own. The same file converted twice, with any
number of threads, gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from appliance.base.errors import EngineFailed, Invalid
from appliance.engines import errand, gguf
from appliance.engines.cores import physical_cores

# In the numbers of llama.cpp's enum llama_ftype.
FORMS = {"F16": 1, "Q4_0": 2, "Q8_0": 7, "Q4_K_M": 15}


def convert(
    source: Path,
    target: Path,
    *,
    form: str = "Q4_0",
    progress: Callable[[float], None] = lambda _: None,
    stopped: Callable[[], bool] = errand.never,
) -> None:
    """Write `source` to `target` in another form. `progress` hears 0 … 1.

    `target` is written in place: name it only once this returned. Raises Invalid for a
    form that is not offered, Stopped, EngineFailed; then `target` is gone.
    """
    if form not in FORMS:
        raise Invalid(f"Models are not converted to {form}; one of {', '.join(FORMS)} is.")
    order = {
        "source": str(source),
        "target": str(target),
        "form": FORMS[form],
        "threads": physical_cores(),
    }
    try:
        done = errand.run(
            "convert",
            order,
            label="conversion",
            hear=lambda header: progress(float(header.get("progress", 0.0))),
            stopped=stopped,
        )
        if done.get("status") != 0:
            raise EngineFailed(f"{source.name} could not be converted to {form}.")
        gguf.read_head(target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
