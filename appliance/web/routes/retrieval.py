"""Searching an assistant's documents, without any model writing."""

from __future__ import annotations

from flask import Response

from appliance.chat import assistants as desk
from appliance.chat import messages
from appliance.chat.config import stored
from appliance.library.search import ANSWERABLE, Hit
from appliance.store.assistants import Assistant, Session
from appliance.web.chapter import Chapter
from appliance.web.context import caller, parts, reply
from appliance.web.policy import EVERYBODY, allow
from appliance.web.schema.assistants import AssistantPath
from appliance.web.schema.knowledge import Chunk, RetrieveBody, Retrieved

retrieval = Chapter("retrieval", "Searching an assistant's documents.")


@retrieval.post("/v1/assistants/<string:assistant_id>/retrieve", responses={200: Retrieved})
@allow(*EVERYBODY, scope="knowledge:read")
def retrieve(path: AssistantPath, body: RetrieveBody) -> Response:
    """The passages that answer a question best, and whether they answer it at all."""
    assistant = Assistant.find(caller().project_id, path.assistant_id)
    config = stored(assistant)
    finding = parts().search.find(
        caller().project_id,
        desk.collections(assistant),
        body.query,
        history=_history(assistant, body.session_id),
        k=body.k or config.knowledge.k,
        filters={**config.knowledge.filters, **(body.filters or {})} or None,
    )
    least = config.answers.min_confidence
    chunks = [_chunk(hit) for hit in finding.hits]
    return reply(
        Retrieved(
            query=finding.query,
            rewritten_query=finding.rewritten_query,
            chunks=chunks,
            results=chunks,
            confidence=round(finding.confidence, 4),
            answerable=bool(chunks)
            and finding.confidence >= (ANSWERABLE if least is None else least),
        )
    )


def _history(assistant: Assistant, session_id: str | None) -> list[str]:
    if session_id is None:
        return []
    session = Session.find(caller().project_id, session_id)
    return [exchange.question for exchange in messages.history(session)]


def _chunk(hit: Hit) -> Chunk:
    return Chunk(
        id=f"psg_{hit.passage_id}",
        document_id=hit.document_id,
        document_name=hit.document_name,
        source_id=hit.source_id,
        text=hit.text,
        score=hit.score,
        metadata=hit.metadata,
        page=hit.page,
        heading=hit.heading,
        sheet=hit.sheet,
        cells=hit.cells,
    )
