"""An office that opens for one test: `office(engine, answers={"mode": …})`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from appliance.chat.answer import Tools
from appliance.chat.config import validated
from appliance.chat.turn import Chat
from appliance.engines.contract import LanguageEngine
from appliance.engines.quote import QuoteEngine
from appliance.store.assistants import Assistant, Session
from appliance.store.projects import DEFAULT_PROJECT
from tests.chat.parts import HOURS, REFUNDS, Office, Shelf, ground


@pytest.fixture
def office(store) -> Iterator[Callable[..., Office]]:
    """Open an office: `office(engine, answers={"mode": …})`."""
    opened: list[Chat] = []

    def open_office(
        engine: LanguageEngine | None = None,
        *,
        answers: dict[str, Any] | None = None,
        llm: dict[str, Any] | None = None,
        auto_prefers_quote: bool = False,
        **limits: Any,
    ) -> Office:
        config = validated({"name": "Refund help", "answers": answers or {}, "llm": llm or {}})
        assistant = Assistant.create(
            project_id=DEFAULT_PROJECT,
            name=config.name,
            config=config.model_dump(),
            collection_id="col_own",
        )
        shelf = Shelf(("Refunds.pdf", REFUNDS), ("Hours.txt", HOURS))
        tools = Tools(
            search=shelf,
            ground=ground,
            engines={"script": engine} if engine else {},
            default_model="script",
            quote=QuoteEngine(),
            auto_prefers_quote=auto_prefers_quote,
        )
        chat = Chat(tools, **limits)
        opened.append(chat)
        session = Session.create(project_id=DEFAULT_PROJECT, assistant_id=assistant.id)
        return Office(shelf, chat, assistant, session)

    yield open_office
    for chat in opened:
        chat.shutdown()
