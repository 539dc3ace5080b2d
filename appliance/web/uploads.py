"""What comes in to be learned from: a file as a form, or a text as JSON."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any, Generic, TypeVar

from flask import request
from pydantic import BaseModel, ValidationError

from appliance.base.errors import Invalid, WrongType
from appliance.readers import kinds
from appliance.readers.contract import NotWhatItSays
from appliance.readers.kinds import Seen
from appliance.web import errors
from appliance.web.context import parts
from appliance.web.request import UPLOAD_OVERHEAD

JSON, FORM = "application/json", "multipart/form-data"
MARKDOWN = "text/markdown"
NAME_LENGTH = 200
_ANY = Seen("a text", kinds.BY_NAME["txt"])
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")

Body = TypeVar("Body", bound=BaseModel)
Form = TypeVar("Form", bound=BaseModel)
View = TypeVar("View", bound=Callable[..., object])


@dataclass(frozen=True)
class FileSent(Generic[Form]):
    """A file, and the fields beside it."""

    stream: IO[bytes]
    name: str
    media_type: str
    fields: Form


def takes(json: type[BaseModel], form: type[BaseModel]) -> Callable[[View], View]:
    """The route takes either; the description of the interface says so."""

    def declare(view: View) -> View:
        view.takes = {JSON: json, FORM: form}  # type: ignore[attr-defined]
        return view

    return declare


def sent(json: type[Body], form: type[Form]) -> Body | FileSent[Form]:
    """The text or the file of this request. Raises Invalid, WrongType, TooLarge."""
    if request.mimetype == FORM:
        return _form(form)
    if request.mimetype != JSON:
        raise WrongType(f"Send a file as {FORM}, or a text as {JSON}.")
    try:
        return json.model_validate(request.get_json())
    except ValidationError as error:
        errors.refuse(error)


def check_kind(name: str, media_type: str = "") -> None:
    """Whether files named so are read at all. Raises UnknownKind.

    Whether this one is what its name says is seen when it is read.
    """
    with suppress(NotWhatItSays):
        kinds.choose(name, media_type, _ANY)


def text_name(name: str) -> str:
    """The name of a text that was sent as such: not that of a spreadsheet or PDF."""
    plain = plain_name(name)
    try:
        kinds.choose(plain, MARKDOWN, _ANY)
    except NotWhatItSays:
        return f"{plain}.md"
    return plain


def text_stream(text: str) -> IO[bytes]:
    """A text as the file it would be."""
    return BytesIO(text.encode())


def limit() -> int:
    """Bytes the largest file may have."""
    return parts().settings.upload_mb * 2**20


def plain_name(name: str) -> str:
    """A file's own name without anything that is a path, a control or a trick. Never empty."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = " ".join(_UNSEEN.sub(" ", last).split()).strip(". ")
    if len(plain) > NAME_LENGTH:
        stem, dot, ending = plain.rpartition(".")
        kept = dot + ending if dot and len(ending) < 10 else ""
        plain = (stem or plain)[: NAME_LENGTH - len(kept)].rstrip() + kept
    return plain or "document"


def _form(form: type[Form]) -> FileSent[Form]:
    request.max_content_length = limit() + UPLOAD_OVERHEAD
    files = request.files
    if len(files) != 1 or "file" not in files or len(files.getlist("file")) != 1:
        raise Invalid("Send one file, in the field named file.", param="file")
    file = files["file"]
    fields: dict[str, Any] = {name: value for name, value in request.form.items() if value != ""}
    try:
        shape = form.model_validate(fields)
    except ValidationError as error:
        errors.refuse(error)
    name = plain_name(file.filename or "")
    check_kind(name, file.mimetype)
    name = _called(getattr(shape, "name", None), name)
    return FileSent(file.stream, name, file.mimetype[:100], shape)


def _called(wish: str | None, name: str) -> str:
    """The name that was asked for, with the ending of the file: that says what it is."""
    if wish is None:
        return name
    ending = f".{name.rpartition('.')[2]}" if "." in name else ""
    plain = plain_name(wish)
    return plain if plain.lower().endswith(ending.lower()) else plain + ending
