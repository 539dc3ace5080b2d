"""The process that converts a model file. Told once what to do; says how far it is."""

from __future__ import annotations

import ctypes
import os
import re
import threading
from typing import Any

from appliance.engines.frames import Channel, to_parent

_TENSOR = re.compile(rb"\[\s*(\d+)/\s*(\d+)\]")


def main() -> None:
    """Convert what the parent names, then go."""
    channel = to_parent()
    first = channel.receive()
    if first is None:
        return
    threading.Thread(target=_end_with, args=(channel,), daemon=True).start()
    channel.send({"last": True, "status": _convert(channel, first.header)})


def _convert(channel: Channel, order: dict[str, Any]) -> int:
    import llama_cpp

    def hear(level: int, text: bytes, data: object) -> None:
        if found := _TENSOR.search(text or b""):
            channel.send({"progress": int(found[1]) / max(1, int(found[2]))})

    told = llama_cpp.llama_log_callback(hear)  # kept, or it is freed while it is in use
    llama_cpp.llama_log_set(told, ctypes.c_void_p(0))
    parameters = llama_cpp.llama_model_quantize_default_params()
    parameters.ftype = order["form"]
    parameters.nthread = order["threads"]
    parameters.allow_requantize = True
    return int(
        llama_cpp.llama_model_quantize(
            order["source"].encode(), order["target"].encode(), ctypes.byref(parameters)
        )
    )


def _end_with(channel: Channel) -> None:
    """The parent is gone: so is the reason to work."""
    try:
        while channel.receive():
            pass
    finally:
        os._exit(0)
