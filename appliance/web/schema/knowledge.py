"""Sources, documents, passages, and searching them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field, Json

from appliance.web.schema.base import Body, Id, Metadata, Name, Paged, Reply, Time

DocumentStatus = Literal["queued", "processing", "ready", "failed"]
JobStatus = Literal["waiting", "running", "done", "failed", "cancelled"]
Text = Field(min_length=1, max_length=1_500_000, pattern=r"\S")


class SourcePath(Body):
    source_id: str


class DocumentPath(Body):
    document_id: str


class TextSourceBody(Body):
    """A text to learn from. Without `collection_id` it goes to the assistant's own collection."""

    name: Name
    type: Literal["text"] = "text"
    content: str = Text
    assistant_id: Id | None = None
    collection_id: Id | None = None
    metadata: Metadata = Field(default_factory=dict)


class FileForm(Body):
    """A file with the fields beside it, as multipart/form-data.

    The file itself is streamed past these shapes; here it is only documented.
    """

    @staticmethod
    def with_file(schema: dict[str, Any]) -> None:
        """Add the file to the documentation of a form."""
        schema["properties"] = {
            "file": {"type": "string", "format": "binary"},
            **schema.get("properties", {}),
        }
        schema["required"] = ["file"]

    model_config = ConfigDict(extra="forbid", json_schema_extra=with_file)


class FileSourceForm(FileForm):
    """A file to learn from."""

    assistant_id: Id | None = None
    collection_id: Id | None = None
    name: Name | None = None
    metadata: Json[Metadata] = Field(default_factory=dict, description="A JSON object.")


class SourceQuery(Paged):
    """Which sources."""

    assistant_id: Id | None = None
    collection_id: Id | None = None


class DocumentQuery(Paged):
    """Which documents."""

    assistant_id: Id | None = None
    collection_id: Id | None = None
    source_id: Id | None = None
    status: DocumentStatus | None = None
    q: str | None = Field(None, max_length=200, description="Part of the name.")


class TextDocumentBody(Body):
    """A text that takes the document's place."""

    content: str = Text
    name: Name | None = None


class FileDocumentForm(FileForm):
    """A file that takes the document's place."""

    name: Name | None = None


class DocumentPatch(Body):
    """What to change. A document that is not enabled is kept but never found."""

    enabled: bool | None = None
    name: Name | None = None
    metadata: Metadata | None = None


class PassageQuery(Paged):
    """Which passages: in reading order."""


class RetrieveBody(Body):
    """A question to the documents alone; no model writes anything."""

    query: str = Field(min_length=1, max_length=8000, pattern=r"\S")
    k: int | None = Field(None, ge=1, le=50)
    filters: Metadata | None = None
    session_id: Id | None = Field(None, description="Whose last messages the question follows.")


class ReadingReport(Reply):
    """What was found in a file."""

    media_type: str | None = None
    pages: int | None = None
    pages_with_text: int | None = None
    tables: int = 0
    characters: int = 0
    warnings: list[str] = Field(default_factory=list)


class Trouble(Reply):
    """Why a document could not be read."""

    code: str
    message: str


class JobBrief(Reply):
    """How far along a document is."""

    id: str
    status: JobStatus
    progress: float = Field(description="0 … 1")
    step: str


class Document(Reply):
    """One file or text."""

    id: str
    source_id: str
    collection_id: str
    name: str
    title: str
    size: int = Field(description="Bytes of the original.")
    media_type: str
    status: DocumentStatus
    enabled: bool
    error: Trouble | None
    report: ReadingReport | None
    passages: int
    metadata: dict[str, Any]
    job: JobBrief | None
    created_at: Time
    updated_at: Time


class DocumentPage(Reply):
    data: list[Document]
    next_cursor: str | None


class Source(Reply):
    """Where documents come from."""

    id: str
    name: str
    type: Literal["file", "text"]
    assistant_id: str | None
    collection_id: str
    status: DocumentStatus
    documents: list[Document]
    job_id: str | None
    metadata: dict[str, Any]
    created_at: Time
    updated_at: Time


class SourcePage(Reply):
    data: list[Source]
    next_cursor: str | None


class SyncStarted(Reply):
    """The source is being read again."""

    job_id: str | None
    status: DocumentStatus


class Passage(Reply):
    """A piece of a document, as it is searched."""

    id: str
    document_id: str
    position: int
    kind: str
    text: str
    tokens: int
    page: int | None
    heading: str | None
    sheet: str | None
    cells: str | None


class PassagePage(Reply):
    data: list[Passage]
    next_cursor: str | None


class Chunk(Reply):
    """A passage that was found."""

    id: str
    document_id: str
    document_name: str
    source_id: str
    text: str
    score: float
    metadata: dict[str, Any]
    page: int | None
    heading: str | None
    sheet: str | None
    cells: str | None


class Retrieved(Reply):
    """What was found, best first. `results` repeats `chunks` under its older name."""

    query: str
    rewritten_query: str
    chunks: list[Chunk]
    results: list[Chunk]
    confidence: float
    answerable: bool = Field(description="Whether the assistant would answer from this.")
