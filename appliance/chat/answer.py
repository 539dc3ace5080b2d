"""One question on its way to its answer. Read `Turn.walk` from top to bottom."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from appliance.base.errors import ApplianceError, Busy, EngineFailed
from appliance.chat import discretion, events, messages, prompt, smalltalk, write
from appliance.chat.config import AssistantConfig
from appliance.chat.draft import Draft, Stopped
from appliance.chat.prompt import Exchange
from appliance.chat.release import Release
from appliance.chat.support import Ground, Support
from appliance.engines.contract import LanguageEngine, PromptTooLong, Source, Ticket
from appliance.engines.route import Choice, Elsewhere, Router, wanted
from appliance.library.search import ANSWERABLE, Finding, Hit
from appliance.store.assistants import Assistant, Message, Session

log = logging.getLogger(__name__)

# Why the documents were quoted where a model might have written, if that is a reason code.
_TOLD = ("busy", "engine_failed", "context_full")
_NEXT = (*_TOLD, "loading")  # and then another engine may do better


class Finds(Protocol):
    """The search, as far as a turn needs it."""

    def find(
        self,
        project_id: str,
        collection_ids: Sequence[str],
        query: str,
        *,
        history: Sequence[str] = (),
        k: int = 6,
        filters: Mapping[str, Any] | None = None,
    ) -> Finding: ...


@dataclass(frozen=True)
class Tools:
    """What every turn works with."""

    search: Finds
    ground: Ground
    engines: Mapping[str, LanguageEngine]  # by the name an assistant's `llm.model` says
    default_model: str
    quote: LanguageEngine
    auto_prefers_quote: bool  # the default model is too small to be trusted unasked
    elsewhere: Elsewhere | None = None  # engines that leave the box
    router: Router = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "router", Router(self.engines, self.elsewhere))


@dataclass(frozen=True)
class Asked:
    """A question that was kept, and whom it was put to."""

    session: Session
    assistant: Assistant
    config: AssistantConfig
    question: Message
    reply: Message
    visitor: str = ""  # where it was asked from, by a page's visitor


class Turn:
    """One question and the answer that is being made to it."""

    def __init__(self, tools: Tools, asked: Asked, draft: Draft) -> None:
        self._tools, self._asked, self._draft = tools, asked, draft
        self._config, self._reply = asked.config, asked.reply

    def run(self) -> tuple[str, events.Data]:
        """Walk, save the answer whatever happened, and return the last event."""
        try:
            self._walk()
            trouble = None
        except Stopped as stopped:
            trouble = None
            self._settle("partial", stopped.reason)
        except ApplianceError as error:
            log.warning("answer broken off", extra={"code": error.code, **error.facts})
            trouble = (error.code, error.message)
        except Exception:
            log.exception("answer broken off", extra={"reply": self._reply.id})
            trouble = ("internal_error", "Something went wrong while answering. Please ask again.")
        if trouble:
            self._settle("partial" if self._draft.text else "failed", trouble[0])
        self._draft.finish()
        answer = messages.as_json(self._reply)
        if trouble:
            return events.ERROR, events.error(*trouble, answer)
        return events.END, events.end(answer)

    def give_up(self, reason: str) -> None:
        """Save that there will be no answer. Instead of `run`."""
        self._settle("failed", reason)
        self._draft.finish()

    def _walk(self) -> None:
        """Small talk? · search · refuse? · write, or quote."""
        self._reply.drawn_on = []  # type: ignore[assignment]
        if said := smalltalk.reply(self._asked.question.content, name=self._config.name):
            return self._say(said)
        history = messages.history(self._asked.session, before=self._asked.question.seq)
        finding = self._search(history)
        if not self._answerable(finding):
            return self._refuse("no_answer")
        self._draft.draw_on(finding.hits)
        sources = self._sources(finding)
        instead: str | None = None
        for choice in self._choices(sources):
            instead = self._unready(choice.engine) or self._generate(choice, history, sources)
            if self._settled or instead not in _NEXT:
                break
        else:
            instead = instead or self._without_choice()
        if not self._settled:
            self._quote(sources, instead)
        return None

    def _sources(self, finding: Finding) -> list[Source]:
        """The passages, each with whether it must stay; and where the answer will be from."""
        project_id = self._asked.assistant.project_id
        rules = discretion.rules(project_id)
        found = discretion.collections_of(project_id, [hit.document_id for hit in finding.hits])
        drawn = [(found[i],) if (i := hit.document_id) in found else None for hit in finding.hits]
        self._reply.drawn_on = discretion.together(drawn)  # type: ignore[assignment]
        return [
            replace(_source(number, hit), stays_inside=its is None or rules.stays(its))
            for number, (hit, its) in enumerate(zip(finding.hits, drawn, strict=True), 1)
        ]

    def _search(self, history: Sequence[Exchange]) -> Finding:
        self._draft.status("searching")
        knowledge, assistant = self._config.knowledge, self._asked.assistant
        with self._draft.timed("search_ms"):
            finding = self._tools.search.find(
                assistant.project_id,
                list(dict.fromkeys([assistant.collection_id, *knowledge.collection_ids])),
                self._asked.question.content,
                history=[exchange.question for exchange in history],
                k=knowledge.k,
                filters=knowledge.filters or None,
            )
        self._reply.confidence = round(finding.confidence, 4)  # type: ignore[assignment]
        return finding

    def _answerable(self, finding: Finding) -> bool:
        least = self._config.answers.min_confidence
        return bool(finding.hits) and finding.confidence >= (ANSWERABLE if least is None else least)

    def _choices(self, sources: Sequence[Source]) -> Iterator[Choice]:
        """The engines that may write, best first; none where quoting is what is wanted."""
        return self._tools.router.choices(
            self._asked.assistant.project_id,
            self._models(),
            stays_inside=any(source.stays_inside for source in sources),
            session=self._asked.session.id,
        )

    def _models(self) -> list[str]:
        llm, tools, mode = self._config.llm, self._tools, self._config.answers.mode
        names = wanted("answer", uses={}, model=llm.model, fallback=llm.fallback,
                       default=tools.default_model)  # fmt: skip
        if mode == "quote":
            return []
        if mode == "auto" and tools.auto_prefers_quote:
            return [name for name in names if name != tools.default_model]
        return names

    def _without_choice(self) -> str | None:
        """Why no engine was asked, if one was wanted."""
        project_id, names = self._asked.assistant.project_id, self._models()
        if not names:
            return None
        others = self._tools.router.choices(project_id, names, stays_inside=False)
        return "stays_in_the_box" if next(others, None) else "engine_failed"

    def _unready(self, engine: LanguageEngine) -> str | None:
        """Why an engine cannot be asked now. In mode `generate` it is waited for."""
        if self._config.answers.mode == "generate":
            write.until_loaded(engine, self._draft)
        elif (state := write.state(engine)) != "ready":
            write.wake(engine)
            return "engine_failed" if state == "failed" else "loading"
        return None

    def _generate(
        self, choice: Choice, history: Sequence[Exchange], sources: Sequence[Source]
    ) -> str | None:
        """Let a model write. Returns why it wrote nothing, if so."""
        engine = choice.engine
        try:
            asked = prompt.build(
                self._config,
                self._asked.question.content,
                history=history,
                sources=sources,
                leaves_the_box=engine.leaves_the_box,
                context_tokens=engine.context_tokens,
                count=engine.count,
                reading_speed=engine.reading_speed,
            )
            self._by(engine, "generate", choice.provider)
            self._drawing_on(_readable(history, engine))
            release = self._release(asked.sources)
            asked = replace(asked, ticket=self._ticket())
            write.generate(
                engine, asked, draft=self._draft, release=release, patience=self._patience()
            )
        except (Busy, EngineFailed, PromptTooLong) as error:
            if self._draft.text:
                raise
            log.warning("not written by it", extra={"code": error.code, **error.facts})
            return "engine_failed" if isinstance(error, EngineFailed) else error.code
        if not any(source.stays_inside for source in sources):  # else there was no choice
            self._tools.router.answered(self._asked.session.id, choice.name)
        if release.only_refused:
            self._refuse("no_answer")
        elif self._draft.text:
            self._settle("complete")
        elif release.withheld:
            self._refuse("unsupported")
        return "empty"

    def _ticket(self) -> Ticket:
        asked = self._asked
        return Ticket(asked.assistant.project_id, asked.session.id, visitor=asked.visitor)

    def _patience(self) -> float | None:
        """Seconds until the first word; where quoting will do instead, there is a limit."""
        answers = self._config.answers
        return answers.wait_seconds if answers.mode == "auto" else None

    def _drawing_on(self, history: Sequence[Exchange]) -> None:
        """What a model reads of earlier answers may be in its own."""
        drawn = [exchange.drawn_on for exchange in history if exchange.answer]
        self._reply.drawn_on = discretion.together(  # type: ignore[assignment]
            [self._reply.drawn_on, *drawn]
        )

    def _release(self, sources: Sequence[Source]) -> Release:
        return Release(
            Support(self._tools.ground, sources),
            self._draft.citations,
            withhold=self._config.answers.unsupported == "withhold",
            refusal=self._config.answers.refusal_text,
        )

    def _quote(self, sources: Sequence[Source], instead: str | None) -> None:
        """The documents' own words; `instead` of a model's, and why."""
        if instead:
            self._reply.metadata["instead_of_writing"] = instead
        self._by(self._tools.quote, "quote")
        question = self._asked.question.content
        write.quote(self._tools.quote, question, sources, draft=self._draft)
        if not self._draft.text:
            return self._refuse("no_answer")
        return self._settle("complete", instead if instead in _TOLD else None)

    def _refuse(self, reason: str) -> None:
        """The program says that there is no answer, whatever a model said."""
        self._reply.mode = "refuse"
        self._draft.draw_on(())
        if self._draft.text:  # the reader has seen a model refuse in words of its own
            self._draft.text = self._config.answers.refusal_text
            return self._settle("complete", reason)
        return self._say(self._config.answers.refusal_text, reason)

    def _say(self, text: str, reason: str | None = None) -> None:
        self._draft.show(text)
        self._settle("complete", reason)

    def _by(self, engine: LanguageEngine, mode: str, provider: str | None = None) -> None:
        self._reply.engine, self._reply.model, self._reply.mode = engine.name, engine.model, mode
        self._reply.metadata.pop("provider", None)
        if provider:
            self._reply.metadata["provider"] = provider

    def _settle(self, state: str, reason: str | None = None) -> None:
        self._reply.state, self._reply.reason = state, reason

    @property
    def _settled(self) -> bool:
        return self._reply.state != "writing"


def _readable(history: Sequence[Exchange], engine: LanguageEngine) -> list[Exchange]:
    """What of it the engine may be shown."""
    return [each for each in history if not (each.stays_inside and engine.leaves_the_box)]


def _source(number: int, hit: Hit) -> Source:
    place = (hit.document_name, f"page {hit.page}" if hit.page else None, hit.sheet, hit.heading)
    return Source(
        number=number,
        title=", ".join(part for part in place if part),
        text=hit.text,
        sentences=hit.sentences,
        vectors=hit.vectors,
        embedder=hit.embedder,
    )
