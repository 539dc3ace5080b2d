"""The process that holds a reranking model: a question and texts in, numbers out."""

from __future__ import annotations

import math
import os
import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from appliance.engines.frames import Channel, Frame, to_parent

BATCH = 8  # passages in one pass
LONGEST = 512  # tokens of question and passage together

Judge = Callable[[str, list[str]], list[float]]


def main() -> None:
    """Load what the parent names, then serve it until it goes away."""
    channel = to_parent()
    first = channel.receive()
    if first is None:
        return
    line: queue.SimpleQueue[Frame] = queue.SimpleQueue()
    threading.Thread(target=listen, args=(channel, line), name="listen", daemon=True).start()
    folder = Path(first.header["folder"])
    try:
        judge = load(folder, threads=first.header["threads"])
    except (OSError, ValueError, LookupError, RuntimeError, ImportError) as error:
        kind = type(error).__name__
        channel.send(
            {
                "op": "failed",
                "message": f"The reranking model {folder.name} cannot be loaded ({kind}).",
            }
        )
        return
    channel.send({"op": "ready"})
    while True:
        channel.send(answer(line.get(), judge))


def listen(channel: Channel, line: queue.SimpleQueue[Frame]) -> None:
    """Read the pipe. When it ends, so does the process, whatever it is doing."""
    try:
        while frame := channel.receive():
            if frame.header["op"] == "score":
                line.put(frame)
    finally:
        os._exit(0)


def answer(frame: Frame, judge: Judge) -> dict[str, Any]:
    """The reply to one request; of an error its type, never its text."""
    told: dict[str, Any] = {"id": frame.header["id"], "last": True}
    try:
        scores = judge(frame.header["question"], frame.header["texts"])
        if not all(map(math.isfinite, scores)):
            raise ValueError("not a number")
        return {**told, "scores": scores}
    except (RuntimeError, ValueError, TypeError, LookupError) as error:
        return {**told, "trouble": type(error).__name__}


def load(folder: Path, *, threads: int) -> Judge:
    """The model of a folder. Raises OSError, ValueError and others when it is none."""
    import torch
    from sentence_transformers import CrossEncoder

    torch.set_num_threads(threads)
    model = CrossEncoder(
        str(folder),
        device="cpu",
        local_files_only=True,
        trust_remote_code=False,
        model_kwargs={"use_safetensors": True},
    )
    if model.num_labels != 1:
        raise ValueError("a reranker gives one number")
    model.max_length = min(model.max_length or LONGEST, LONGEST)
    squeeze = torch.nn.Sigmoid()

    def judge(question: str, texts: list[str]) -> list[float]:
        pairs = [(question, text) for text in texts]
        found = model.predict(
            pairs, batch_size=BATCH, activation_fn=squeeze, show_progress_bar=False
        )
        return [float(each) for each in found]

    judge("", [""])  # what the first pass prepares belongs to loading
    return judge
