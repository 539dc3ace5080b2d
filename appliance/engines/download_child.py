"""The process that speaks with the hub: the only one of the program that may.

Asked to `list` it says what a repository states of its files; asked to `fetch` it downloads
some of them, goes on where an earlier try ended, and says how many bytes are here.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

from appliance.base import files
from appliance.engines.frames import Channel, to_parent

_REPORTS = 0.5  # seconds between two
_NO_SPACE = 28  # ENOSPC


def main() -> None:
    """Do what the parent asks, then go."""
    channel = to_parent()
    first = channel.receive()
    if first is None:
        return
    threading.Thread(target=_end_with, args=(channel,), daemon=True).start()
    order = first.header
    try:
        if order["op"] == "list":
            channel.send({"last": True, **_list(order)})
        else:
            _fetch(channel, order)
    except Exception as error:
        channel.send({"op": "failed", "message": _sentence(error, order["repository"])})


def _list(order: dict[str, Any]) -> dict[str, Any]:
    from huggingface_hub.hf_api import HfApi

    info = HfApi(endpoint=order["endpoint"] or None, token=False).model_info(
        order["repository"], revision=order["revision"] or None, files_metadata=True, timeout=30
    )
    found = [
        {
            "path": sibling.rfilename,
            "size": sibling.size or 0,
            "sha256": sibling.lfs.sha256 if sibling.lfs else "",
            "blob": sibling.blob_id or "",
        }
        for sibling in info.siblings or []
    ]
    return {"commit": info.sha, "files": found}


def _fetch(channel: Channel, order: dict[str, Any]) -> None:
    folder, done = Path(order["folder"]), threading.Event()
    folder.mkdir(parents=True, exist_ok=True)
    threading.Thread(target=_report, args=(channel, folder, done), daemon=True).start()
    for file in order["files"]:
        _fetch_file(order, folder / file["path"], file)
    done.set()
    channel.send({"last": True})


def _fetch_file(order: dict[str, Any], target: Path, file: dict[str, Any]) -> None:
    """Go on with what an earlier try left of it: `hf_hub_download` would begin anew."""
    from huggingface_hub.file_download import hf_hub_url, http_get
    from huggingface_hub.utils._headers import build_hf_headers

    partial = target.with_name(target.name + ".part")
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    endpoint = order["endpoint"] or None
    url = hf_hub_url(
        order["repository"], file["path"], revision=order["revision"], endpoint=endpoint
    )
    if partial.exists() and partial.stat().st_size > file["size"]:
        partial.unlink()
    with partial.open("ab") as place:
        http_get(
            url,
            place,
            resume_size=place.tell(),
            headers=build_hf_headers(token=False),
            expected_size=file["size"],
        )
    files.name(partial, target)


def _report(channel: Channel, folder: Path, done: threading.Event) -> None:
    while not done.wait(_REPORTS):
        channel.send({"bytes": sum(_sizes(folder))})


def _sizes(folder: Path) -> list[int]:
    sizes = []
    for path in folder.rglob("*"):
        try:
            sizes.append(path.stat().st_size if path.is_file() else 0)
        except OSError:  # renamed at this moment
            continue
    return sizes


def _sentence(error: Exception, repository: str) -> str:
    """What a person can do about it. The library's own text may name addresses with keys."""
    kind = type(error).__name__
    if kind in ("RepositoryNotFoundError", "RevisionNotFoundError", "EntryNotFoundError"):
        return f"The hub has no {repository} with these files any more."
    if kind == "GatedRepoError":
        return f"{repository} asks for its terms to be accepted on the hub. Import it from a file."
    if isinstance(error, OSError) and error.errno == _NO_SPACE:
        return "The disk is full. Free some space and try again."
    return f"The hub could not be reached, or the connection was cut ({kind}). Try again."


def _end_with(channel: Channel) -> None:
    """The parent is gone: so is the reason to work."""
    try:
        while channel.receive():
            pass
    finally:
        os._exit(0)
