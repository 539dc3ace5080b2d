"""Conversations and what is said in them."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from appliance.web.schema.base import Body, Metadata, Reply, Time

Role = Literal["user", "assistant", "system", "tool", "agent"]
MessageState = Literal["writing", "complete", "partial", "failed"]
Mode = Literal["generate", "quote", "refuse"]


class SessionPath(Body):
    session_id: str


class MessagePath(SessionPath):
    message_id: str


class SessionBody(Body):
    """A new conversation."""

    metadata: Metadata = Field(default_factory=dict)
    user_id: str | None = Field(None, max_length=200, description="Your own id of the visitor.")


class MessageBody(Body):
    """A question. `message` is another name for `content`."""

    content: str | None = Field(None, min_length=1)
    message: str | None = Field(None, min_length=1)
    metadata: Metadata = Field(default_factory=dict)

    @model_validator(mode="after")
    def one_text(self) -> Self:
        if (self.content is None) == (self.message is None):
            raise ValueError("Send the text as `content` (or as `message`), once.")
        if not self.text.strip():
            raise ValueError("The message is empty.")
        return self

    @property
    def text(self) -> str:
        return self.content if self.content is not None else self.message or ""


class Citation(Reply):
    """Where a statement comes from; `[number]` in the text points here."""

    number: int
    document_id: str
    document_name: str
    source_id: str
    passage_id: str
    page: int | None
    heading: str | None
    sheet: str | None
    cells: str | None
    quote: str | None = Field(description="The sentence that supports the statement.")
    text: str | None
    score: float | None


class Message(Reply):
    """One message of a session."""

    id: str
    session_id: str
    seq: int
    role: Role
    content: str
    state: MessageState
    reason: str | None = Field(description="Why it is what it is: no_answer, stopped, …")
    mode: Mode | None
    confidence: float | None
    citations: list[Citation]
    model: str | None
    engine: str | None
    prompt_tokens: int
    completion_tokens: int
    first_token_ms: int | None
    latency_ms: int | None
    created_at: Time
    metadata: dict[str, Any]


class Session(Reply):
    """A conversation, without its messages."""

    id: str
    session_id: str
    assistant_id: str
    user_id: str | None
    created_at: Time
    metadata: dict[str, Any]


class SessionCreated(Session):
    """A new conversation. Web pages get a token that opens this one session."""

    session_token: str | None = None


class SessionDetail(Session):
    """A conversation and its messages, oldest first."""

    messages: list[Message]


class Usage(Reply):
    """Exact token counts."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Answer(Reply):
    """The question as saved, the assistant's reply, and what it rests on."""

    session_id: str
    message: Message
    reply: Message
    sources: list[Citation]
    usage: Usage


class Stopping(Reply):
    """The answer is being stopped; what was written stays."""

    id: str
    state: MessageState
