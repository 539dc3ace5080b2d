"""What must never leave the box is never in a prompt for an engine that leaves it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import pytest

from appliance.base.errors import EngineFailed
from appliance.chat import prompt
from appliance.chat.answer import Tools
from appliance.chat.chores import Chores
from appliance.chat.config import validated
from appliance.chat.turn import Chat
from appliance.engines.contract import LanguageEngine, Source
from appliance.engines.quote import QuoteEngine
from appliance.engines.remote.trouble import StaysInside, Unreachable
from appliance.library.search import Finding
from appliance.store.assistants import Assistant, Message, Session
from appliance.store.database import database
from appliance.store.documents import Collection, Document
from appliance.store.documents import Source as SourceRow
from appliance.store.projects import DEFAULT_PROJECT
from tests.chat.parts import Scripted, ground, hit

CANARY = "heliotrope-7431"
SECRET = f"The vault code is {CANARY}. The vault opens at noon."
PUBLIC = "The office opens at nine in the morning. The garden opens at ten."
REMOTE, LOCAL = "prv_1/big", "local"


class Recording(Scripted):
    """A provider's engine that remembers every prompt."""

    name: ClassVar[str] = "recording"
    leaves_the_box: ClassVar[bool] = True

    @dataclass
    class Account:
        name: str = "Far away"

    account = Account()

    def __init__(self, *script: Any) -> None:
        super().__init__(*(script or ("The office opens at nine in the morning.",)))

    def saw(self) -> str:
        return str(self.prompts)


class Elsewhere:
    def __init__(self, engine: LanguageEngine) -> None:
        self.engine, self.allowed = engine, True

    def language(self, project_id: str, name: str) -> LanguageEngine | None:
        return self.engine if self.allowed and name == REMOTE else None


class Shelf:
    """Finds the secret when the vault is asked for, and the public text otherwise."""

    def __init__(self, documents: dict[str, str]) -> None:
        self.documents, self.both = documents, False

    def find(self, project_id: str, collection_ids: Any, query: str, **more: Any) -> Finding:
        wanted = ["secret"] if "vault" in query else ["public"]
        texts = {"secret": SECRET, "public": PUBLIC}
        hits = [
            replace(hit(n, f"{name}.txt", texts[name], query), document_id=self.documents[name])
            for n, name in enumerate(("secret", "public") if self.both else wanted, 1)
        ]
        return Finding(query, query, tuple(hits), 0.9)


@dataclass
class Desk:
    remote: Recording
    elsewhere: Elsewhere
    local: Scripted
    shelf: Shelf
    tools: Tools
    chat: Chat
    collections: dict[str, Collection]

    def session(self, **llm: Any) -> tuple[Assistant, Session]:
        llm = {"model": LOCAL, "fallback": [REMOTE], **llm}
        config = validated({"name": "Desk", "answers": {"mode": "generate"}, "llm": llm})
        assistant = Assistant.create(
            project_id=DEFAULT_PROJECT, name="Desk", config=config.model_dump(),
            collection_id=self.collections["public"].id,
        )  # fmt: skip
        return assistant, Session.create(project_id=DEFAULT_PROJECT, assistant_id=assistant.id)

    def ask(self, session: Session, assistant: Assistant, question: str) -> Message:
        for _ in self.chat.ask(session, assistant, question).events():
            pass
        rows = Message.of(DEFAULT_PROJECT).where(Message.session_id == session.id)
        return list(rows.order_by(Message.seq))[-1]

    def keep(self, name: str, *, inside: bool = True) -> None:
        with database.writing():
            Collection.update(never_leaves_the_box=inside).where(
                Collection.project_id == DEFAULT_PROJECT, Collection.id == self.collections[name].id
            ).execute()


@pytest.fixture
def desk(store: Any) -> Iterator[Desk]:
    """Two collections; the one with the secret never leaves the box."""
    collections, documents = {}, {}
    for name in ("secret", "public"):
        row = Collection.create(project_id=DEFAULT_PROJECT, name=name)
        source = SourceRow.create(
            project_id=DEFAULT_PROJECT, collection_id=row.id, name=name, type="text"
        )
        document = Document.create(
            project_id=DEFAULT_PROJECT, collection_id=row.id, source_id=source.id, name=name,
            digest=name, size=1,
        )  # fmt: skip
        collections[name], documents[name] = row, document.id
    remote, local = Recording(), Scripted(f"The vault code is {CANARY}.")
    elsewhere, shelf = Elsewhere(remote), Shelf(documents)
    tools = Tools(
        search=shelf, ground=ground, engines={LOCAL: local}, default_model=LOCAL,
        quote=QuoteEngine(), auto_prefers_quote=False, elsewhere=elsewhere,
    )  # fmt: skip
    chat = Chat(tools)
    desk = Desk(remote, elsewhere, local, shelf, tools, chat, collections)
    desk.keep("secret")
    yield desk
    chat.shutdown()


Order = Callable[[], dict[str, Any]]
REMOTE_FIRST = {"model": REMOTE, "fallback": [LOCAL]}
REMOTE_ONLY = {"model": REMOTE, "fallback": []}


def test_what_may_leave_is_answered_elsewhere_and_says_so(desk):
    assistant, session = desk.session(**REMOTE_FIRST)
    answer = desk.ask(session, assistant, "When does the office open?")

    assert (answer.engine, answer.metadata["provider"]) == ("recording", "Far away")
    assert PUBLIC.split(".")[0] in desk.remote.saw()


def test_what_must_stay_is_answered_here(desk):
    assistant, session = desk.session(**REMOTE_FIRST)
    answer = desk.ask(session, assistant, "What is the vault code?")

    assert (answer.engine, desk.remote.prompts) == ("scripted", [])
    assert CANARY in answer.content
    assert "provider" not in answer.metadata


def test_or_in_quotes_where_nobody_here_can(desk):
    assistant, session = desk.session(**REMOTE_ONLY)
    answer = desk.ask(session, assistant, "What is the vault code?")

    assert (answer.mode, desk.remote.prompts) == ("quote", [])
    assert answer.metadata["instead_of_writing"] == "stays_in_the_box"


def test_one_passage_that_must_stay_keeps_all_of_them(desk):
    desk.shelf.both = True
    assistant, session = desk.session(**REMOTE_ONLY)
    desk.ask(session, assistant, "When does the office open?")

    assert desk.remote.prompts == []


def test_it_does_not_leave_in_the_history_of_earlier_answers(desk):
    assistant, session = desk.session(**REMOTE_FIRST)
    desk.ask(session, assistant, "What is the vault code?")
    desk.ask(session, assistant, "And when does the office open?")

    assert len(desk.remote.prompts) == 1
    assert CANARY not in desk.remote.saw()
    assert "vault" not in desk.remote.saw()


def test_nor_by_way_of_an_answer_that_was_written_with_that_history(desk):
    assistant, session = desk.session(**REMOTE_FIRST)
    desk.ask(session, assistant, "What is the vault code?")
    desk.elsewhere.allowed = False  # so the second is written here, with the first in its prompt
    second = desk.ask(session, assistant, "Say it again and when the office opens?")
    desk.elsewhere.allowed = True
    desk.ask(session, assistant, "And the garden?")

    assert desk.collections["secret"].id in second.drawn_on
    assert CANARY not in desk.remote.saw()


def test_nor_in_quotes_of_it(desk):
    assistant, session = desk.session(**REMOTE_ONLY)
    quoted = desk.ask(session, assistant, "What is the vault code?")
    desk.ask(session, assistant, "When does the office open?")

    assert CANARY in quoted.content
    assert len(desk.remote.prompts) == 1
    assert CANARY not in desk.remote.saw()


def test_a_collection_that_is_shut_later_also_shuts_what_was_said_from_it(desk):
    desk.keep("secret", inside=False)
    assistant, session = desk.session()
    desk.ask(session, assistant, "What is the vault code?")
    desk.keep("secret")
    desk.local.script = (EngineFailed("It broke."),)
    desk.ask(session, assistant, "When does the office open?")

    assert len(desk.remote.prompts) == 1
    assert CANARY not in desk.remote.saw()


def test_and_what_was_said_elsewhere_with_that_in_its_history(desk):
    desk.keep("secret", inside=False)
    assistant, session = desk.session(**REMOTE_FIRST)
    desk.remote.script = (f"The vault code is {CANARY}.",)
    desk.ask(session, assistant, "What is the vault code?")
    again = desk.ask(session, assistant, "When does the office open? And say that again.")
    desk.keep("secret")
    desk.remote.prompts.clear()
    desk.ask(session, assistant, "And the garden?")

    assert desk.collections["secret"].id in again.drawn_on
    assert len(desk.remote.prompts) == 1
    assert CANARY not in desk.remote.saw()


def test_an_answer_of_unknown_origin_stays_while_anything_must(desk):
    assistant, session = desk.session(**REMOTE_FIRST)
    old = desk.ask(session, assistant, "What is the vault code?")
    Message.update(drawn_on=None).where(
        Message.project_id == DEFAULT_PROJECT, Message.id == old.id
    ).execute()
    desk.ask(session, assistant, "When does the office open?")

    assert CANARY not in desk.remote.saw()


def test_what_is_from_a_collection_that_is_gone_stays(desk):
    assistant, session = desk.session(**REMOTE_FIRST)
    desk.ask(session, assistant, "What is the vault code?")
    Collection.delete().where(
        Collection.project_id == DEFAULT_PROJECT, Collection.id == desk.collections["secret"].id
    ).execute()
    desk.ask(session, assistant, "When does the office open?")

    assert len(desk.remote.prompts) == 1
    assert CANARY not in desk.remote.saw()


def test_a_document_that_is_gone_is_of_unknown_origin(desk):
    desk.shelf.documents["public"] = "doc_gone"
    assistant, session = desk.session(**REMOTE_ONLY)
    desk.ask(session, assistant, "When does the office open?")

    assert desk.remote.prompts == []


@pytest.mark.parametrize("error", [Unreachable(), EngineFailed("It broke.")])
def test_when_the_one_here_fails_the_other_is_asked_only_what_it_may_read(desk, error):
    desk.local.script = (error,)
    assistant, session = desk.session()
    first = desk.ask(session, assistant, "What is the vault code?")
    second = desk.ask(session, assistant, "When does the office open?")

    assert (first.mode, second.engine) == ("quote", "recording")
    assert CANARY not in desk.remote.saw()


def test_when_the_provider_fails_the_one_here_is_asked(desk):
    desk.remote.script = (Unreachable(),)
    desk.local.script = ("The office opens at nine in the morning.",)
    assistant, session = desk.session(**REMOTE_FIRST)
    answer = desk.ask(session, assistant, "When does the office open?")

    assert answer.engine == "scripted"
    assert "provider" not in answer.metadata


def test_a_session_stays_with_the_engine_that_answered_it(desk):
    desk.local.script = (EngineFailed("It broke."),)
    assistant, session = desk.session()
    desk.ask(session, assistant, "When does the office open?")
    desk.local.script = ("The garden opens at ten.",)

    assert desk.ask(session, assistant, "When does the garden open?").engine == "recording"


class TestChores:
    USES: ClassVar = {"uses": {"title": REMOTE, "summary": REMOTE, "draft": REMOTE}}

    def config(self, assistant: Assistant) -> Any:
        return validated(assistant.config)

    @pytest.mark.parametrize("work", ["title", "summary", "draft"])
    def test_they_are_done_elsewhere_where_they_may(self, desk, work):
        assistant, session = desk.session(**self.USES)
        desk.local.script = ("The office opens at nine in the morning.",)
        desk.ask(session, assistant, "When does the office open?")
        more = [[Source(1, "Public", PUBLIC)]] if work == "draft" else []
        done = getattr(Chores(desk.tools), work)(session, self.config(assistant), *more)

        assert done.startswith("The office opens at nine")
        assert "When does the office open?" in desk.remote.saw()

    @pytest.mark.parametrize("work", ["title", "summary", "draft"])
    def test_they_are_done_here_where_the_conversation_must_stay(self, desk, work):
        assistant, session = desk.session(**self.USES)
        desk.ask(session, assistant, "What is the vault code?")
        more = [[Source(1, "Public", PUBLIC)]] if work == "draft" else []
        done = getattr(Chores(desk.tools), work)(session, self.config(assistant), *more)

        assert CANARY in done
        assert desk.remote.prompts == []

    def test_a_draft_from_what_must_stay_is_written_here(self, desk):
        assistant, session = desk.session(**self.USES)
        secret = Source(1, "Secret", SECRET, stays_inside=True)
        Chores(desk.tools).draft(session, self.config(assistant), [secret])

        assert desk.remote.prompts == []

    def test_where_nobody_may_it_is_not_done(self, desk):
        assistant, session = desk.session(**REMOTE_ONLY)
        desk.ask(session, assistant, "What is the vault code?")

        with pytest.raises(EngineFailed):
            Chores(desk.tools).title(session, self.config(assistant))
        assert desk.remote.prompts == []


@pytest.mark.parametrize("build", ["answer", "task"])
def test_the_prompt_itself_lets_nothing_out(build):
    secret = Source(1, "Secret", SECRET, stays_inside=True)
    more: dict[str, Any] = {
        "sources": [secret], "leaves_the_box": True, "context_tokens": 4096,
        "count": lambda texts: [len(text) for text in texts],
    }  # fmt: skip
    config = validated({"name": "Desk"})

    with pytest.raises(StaysInside):
        if build == "answer":
            prompt.build(config, "What?", **more)
        else:
            prompt.task("Sum it up.", max_tokens=20, **more)
