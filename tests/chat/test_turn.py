import threading
import time

import pytest

from appliance.base.errors import Busy, Conflict, EngineFailed, Invalid, NotFound, TooLarge
from appliance.chat.live import LiveAnswer
from appliance.engines.contract import PromptTooLong, Ticket, Waiting
from appliance.store.assistants import Message, Session
from appliance.store.database import database
from appliance.store.projects import DEFAULT_PROJECT
from tests.chat.parts import REFUNDS, Scripted, text_of

GENERATE = {"mode": "generate"}
WITHHOLD = {"mode": "generate", "unsupported": "withhold"}
TRUE = "You get your money back within 14 days."
FALSE = "Owls receive triple refunds."


def until(condition, seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.01)


def result(answer: LiveAnswer):
    return answer.result().data["message"]


class TestWhatIsSaid:
    def test_a_written_answer_is_cited_and_saved_as_it_was_shown(self, office):
        open_office = office(
            Scripted("You get your money ", "back within 14 days."), answers=GENERATE
        )
        told = open_office.ask()
        saved = open_office.messages()[-1]

        assert saved.content == text_of(told) == f"{TRUE} [1]"
        assert (saved.state, saved.mode, saved.reason) == ("complete", "generate", None)
        assert (saved.engine, saved.model) == ("scripted", "Script-1")
        [citation] = saved.citations
        assert (citation["document_name"], citation["page"]) == ("Refunds.pdf", 1)
        assert citation["quote"] == TRUE

    def test_the_events_come_in_the_promised_order(self, office):
        told = office(Scripted(TRUE, " Owls fly."), answers=GENERATE).ask()
        names = [event.name for event in told]

        assert names[:2] == ["message.start", "status"]
        assert names[-1] == "message.end"
        assert names.index("sources") < names.index("message.delta") + 2
        assert [event.number for event in told] == list(range(1, len(told) + 1))
        assert [e.data["state"] for e in told if e.name == "status"] == ["searching", "writing"]

    def test_sources_are_told_before_the_text_that_cites_them(self, office):
        told = office(Scripted(f"{TRUE} The office opens at nine."), answers=GENERATE).ask(
            "money back opens when?"
        )
        known = 0
        for event in told:
            if event.name == "sources":
                known = len(event.data["sources"])
                assert "quote" not in event.data["sources"][-1]
            if event.name == "message.delta":
                assert f"[{known + 1}]" not in event.data["delta"]
        assert known == 2

    def test_an_unsupported_sentence_is_marked(self, office):
        saved = office(Scripted(f"{TRUE} {FALSE}"), answers=GENERATE).answer()
        assert saved.content == f"{TRUE} [1] {FALSE} [?]"

    def test_or_withheld_where_the_assistant_is_set_so(self, office):
        saved = office(Scripted(f"{FALSE} {TRUE}"), answers=WITHHOLD).answer()
        assert saved.content == f"{TRUE} [1]"

    def test_a_model_that_goes_round_in_circles_is_stopped(self, office):
        engine = Scripted(*(f"{TRUE} " for _ in range(50)))
        saved = office(engine, answers=GENERATE).answer()

        assert saved.content == f"{TRUE} [1]"
        assert (saved.state, saved.metadata["cut"]) == ("complete", "repeating")
        assert saved.prompt_tokens > saved.completion_tokens > 0
        assert saved.metadata["usage"] == "estimated"
        assert engine.closed.is_set()

    def test_usage_and_timing_are_kept(self, office):
        told = office(Scripted(TRUE), answers=GENERATE).ask()
        end = told[-1].data

        assert end["usage"] == {"prompt_tokens": 7, "completion_tokens": 1, "total_tokens": 8}
        assert end["message"]["latency_ms"] >= end["message"]["first_token_ms"] >= 0
        assert set(end["message"]["metadata"]["timing"]) == {"search_ms", "check_ms"}

    def test_a_quoted_answer_is_verbatim_and_cited(self, office):
        saved = office(answers={"mode": "quote"}).answer()

        assert (saved.state, saved.mode, saved.reason) == ("complete", "quote", None)
        assert f"{TRUE} [1]" in saved.content
        assert saved.citations[0]["quote"] in REFUNDS

    def test_references_of_the_document_itself_are_not_taken_for_ours(self, office):
        open_office = office(answers={"mode": "quote"})
        open_office.shelf.passages = (("Notes.txt", "Your money comes back [1] in days [2]."),)
        saved = open_office.answer()

        assert saved.content == "Your money comes back (1) in days (2). [1]"
        assert saved.citations[0]["quote"] == "Your money comes back [1] in days [2]."

    def test_a_greeting_asks_neither_search_nor_model(self, office):
        engine = Scripted(TRUE)
        open_office = office(engine, answers=GENERATE)
        saved = open_office.answer("Hello!")

        assert "Refund help" in saved.content
        assert (saved.mode, saved.reason, saved.state) == (None, None, "complete")
        assert open_office.shelf.asked == engine.prompts == []

    def test_the_last_turns_go_to_the_search_and_to_the_model(self, office):
        engine = Scripted(TRUE)
        open_office = office(engine, answers=GENERATE)
        open_office.ask("My money back, when?")
        open_office.ask("And how many days?")

        assert open_office.shelf.asked[-1]["history"] == ["My money back, when?"]
        roles = [(turn.role, turn.content) for turn in engine.prompts[-1].turns[1:3]]
        assert roles == [("user", "My money back, when?"), ("assistant", TRUE)]


class TestWaiting:
    def test_a_visitor_hears_where_they_stand_and_for_how_long(self, office):
        engine = Scripted(Waiting(3, 7.2), Waiting(1, 2.0), Waiting(0), TRUE)
        told = office(engine, answers=GENERATE).ask()
        said = [event.data for event in told if event.name == "status"]

        assert said == [
            {"state": "searching"},
            {"state": "queued", "position": 2, "wait_seconds": 8},
            {"state": "queued", "position": 0, "wait_seconds": 2},
            {"state": "writing"},
        ]

    def test_auto_quotes_when_the_wait_is_over_the_limit(self, office):
        engine = Scripted(Waiting(4, 31.0), TRUE)
        saved = office(engine, answers={"mode": "auto", "wait_seconds": 30}).answer()

        assert (saved.mode, saved.reason) == ("quote", "busy")
        assert engine.closed.is_set()

    def test_and_when_it_lasts_longer_than_was_thought(self, office):
        engine = Scripted(1.5, TRUE)
        saved = office(engine, answers={"mode": "auto", "wait_seconds": 1}).answer()

        assert (saved.mode, saved.reason) == ("quote", "busy")

    def test_generate_waits_however_long_it_takes(self, office):
        engine = Scripted(Waiting(4, 900.0), TRUE)
        assert office(engine, answers={"mode": "generate", "wait_seconds": 1}).answer().mode == (
            "generate"
        )

    def test_the_engine_is_told_whose_question_it_is(self, office):
        engine = Scripted(TRUE)
        open_office = office(engine, answers=GENERATE)
        open_office.ask()

        assert engine.prompts[0].ticket == Ticket(DEFAULT_PROJECT, open_office.session.id)


class TestWhichWay:
    def test_auto_writes_when_the_model_is_ready(self, office):
        assert office(Scripted(TRUE)).answer().mode == "generate"

    def test_auto_quotes_when_the_model_is_too_small_to_be_trusted(self, office):
        saved = office(Scripted(TRUE), auto_prefers_quote=True).answer()
        assert (saved.mode, saved.reason) == ("quote", None)

    def test_but_generate_means_generate(self, office):
        saved = office(Scripted(TRUE), answers=GENERATE, auto_prefers_quote=True).answer()
        assert saved.mode == "generate"

    def test_auto_does_not_wait_for_a_model_that_is_loading(self, office):
        engine = Scripted(TRUE)
        engine.told_state = "loading"
        saved = office(engine).answer()

        assert (saved.mode, saved.reason) == ("quote", None)
        assert saved.metadata["instead_of_writing"] == "loading"
        assert engine.preloaded

    def test_generate_waits_for_it(self, office):
        engine = Scripted(TRUE)
        engine.told_state = "loading"
        threading.Timer(0.3, lambda: setattr(engine, "told_state", "ready")).start()
        assert office(engine, answers=GENERATE).answer().mode == "generate"

    def test_a_model_that_is_not_there_is_quoted_instead_of(self, office):
        saved = office(Scripted(TRUE), llm={"model": "removed"}).answer()
        assert (saved.mode, saved.reason) == ("quote", "engine_failed")

    def test_a_model_that_says_nothing_is_quoted_instead_of(self, office):
        saved = office(Scripted("", " \n"), answers=GENERATE).answer()
        assert saved.mode == "quote"
        assert saved.metadata["instead_of_writing"] == "empty"


class TestReasons:
    def test_no_answer(self, office):
        engine = Scripted(TRUE)
        saved = office(engine, answers=GENERATE).answer("Which planet is largest?")

        assert (saved.mode, saved.reason, saved.content) == ("refuse", "no_answer", "I don't know")
        assert saved.confidence == 0.1
        assert (saved.citations, engine.prompts) == ([], [])

    def test_no_answer_under_the_assistants_own_threshold(self, office):
        strict = {"mode": "quote", "min_confidence": 0.95, "refusal_text": "Please call us."}
        saved = office(answers=strict).answer()
        assert (saved.reason, saved.content) == ("no_answer", "Please call us.")

    def test_no_answer_in_the_models_own_words(self, office):
        saved = office(Scripted("I don’t ", "know."), answers=GENERATE).answer()
        assert (saved.mode, saved.reason, saved.content) == ("refuse", "no_answer", "I don't know")

    def test_unsupported(self, office):
        saved = office(Scripted(FALSE), answers=WITHHOLD).answer()
        assert (saved.mode, saved.reason, saved.content) == (
            "refuse",
            "unsupported",
            "I don't know",
        )

    def test_busy(self, office):
        saved = office(Scripted(Busy("Full.")), answers=GENERATE).answer()
        assert (saved.mode, saved.reason, saved.state) == ("quote", "busy", "complete")

    def test_context_full(self, office):
        too_long = Scripted(PromptTooLong(tokens=9, limit=8))
        assert office(too_long, answers=GENERATE).answer().reason == "context_full"
        tiny = Scripted(TRUE, context_tokens=40)
        assert office(tiny, answers=GENERATE).answer().reason == "context_full"
        assert tiny.prompts == []

    def test_engine_failed_before_a_word(self, office):
        saved = office(Scripted(EngineFailed("It died.")), answers=GENERATE).answer()
        assert (saved.mode, saved.reason, saved.state) == ("quote", "engine_failed", "complete")

    def test_engine_failed_in_the_middle_and_the_next_question_works(self, office):
        engine = Scripted("You get your ", EngineFailed("The model died."))
        open_office = office(engine, answers=GENERATE)
        told = open_office.ask()
        saved = open_office.messages()[-1]

        assert told[-1].name == "error"
        assert told[-1].data["error"] == {
            "code": "engine_failed",
            "message": "The model died.",
            "type": "api_error",
        }
        assert (saved.state, saved.reason) == ("partial", "engine_failed")
        assert saved.content == text_of(told).rstrip() == "You get your"
        engine.script = (TRUE,)
        assert open_office.answer().state == "complete"

    def test_a_failed_search_is_told_and_the_question_stays(self, office):
        open_office = office(Scripted(TRUE), answers=GENERATE)
        open_office.shelf.error = EngineFailed("The embedding model died.")
        told = open_office.ask("When?")
        question, reply = open_office.messages()

        assert told[-1].name == "error"
        assert (question.content, reply.state, reply.reason) == ("When?", "failed", "engine_failed")

    def test_what_nobody_foresaw_is_told_without_its_inside(self, office, caplog):
        open_office = office(Scripted("You get ", KeyError("secret")), answers=GENERATE)
        told = open_office.ask()

        assert told[-1].data["error"]["code"] == "internal_error"
        assert "secret" not in str(told)
        assert open_office.messages()[-1].state == "partial"


class TestEnding:
    def test_a_stopped_answer_is_saved_as_far_as_it_got(self, office):
        engine = Scripted(*(step for _ in range(200) for step in ("word ", 0.01)))
        open_office = office(engine, answers=GENERATE)
        live = open_office.chat.ask(open_office.session, open_office.assistant, "Money back?")
        events = live.events()
        while not (event := next(events)) or event.name != "message.delta":
            pass
        open_office.chat.stop(open_office.session, live.reply_id)
        last = list(filter(None, events))[-1]

        assert last.name == "message.end"
        assert (last.data["message"]["state"], last.data["message"]["reason"]) == (
            "partial",
            "stopped",
        )
        assert last.data["message"]["content"].startswith("word")
        assert engine.closed.is_set()

    def test_a_model_stops_within_two_seconds_of_the_client_leaving(self, office):
        engine = Scripted(20.0, TRUE)
        open_office = office(engine, answers=GENERATE)
        live = open_office.chat.ask(open_office.session, open_office.assistant, "Money back?")
        reader = live.events()
        next(reader)
        reader.close()
        left = time.monotonic()

        assert engine.closed.wait(3)
        assert 1.0 < time.monotonic() - left < 2.0
        until(lambda: open_office.messages()[-1].state == "partial")
        assert open_office.messages()[-1].reason == "client_left"

    def test_stopping_the_appliance_saves_what_is_there(self, office):
        engine = Scripted(*(step for _ in range(500) for step in ("word ", 0.01)))
        open_office = office(engine, answers=GENERATE)
        live = open_office.chat.ask(open_office.session, open_office.assistant, "Money back?")
        reader = live.events()
        next(reader)
        until(lambda: len(live._events) > 5)
        open_office.chat.shutdown(seconds=5)

        saved = open_office.messages()[-1]
        assert (saved.state, saved.reason) == ("partial", "interrupted")
        assert saved.content
        with pytest.raises(Busy):
            open_office.chat.ask(open_office.new_session(), open_office.assistant, "More?")


class TestManyAtOnce:
    def test_of_two_questions_at_once_in_a_session_exactly_one_is_taken(self, office):
        engine = Scripted(0.5, TRUE)
        open_office = office(engine, answers=GENERATE)
        outcomes: list[object] = []
        gate = threading.Barrier(8)

        def ask() -> None:
            with database.connection_context():
                gate.wait()
                try:
                    live = open_office.chat.ask(
                        open_office.session, open_office.assistant, "Money back?"
                    )
                    outcomes.append(live)
                    live.result()
                except Conflict as conflict:
                    outcomes.append(conflict.message)

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)

        refused = [each for each in outcomes if isinstance(each, str)]
        assert len(refused) == 7
        assert "still being written" in refused[0]
        assert [row.seq for row in open_office.messages()] == [1, 2]

    def test_whoever_has_read_the_end_may_ask_again(self, office):
        open_office = office(Scripted(TRUE), answers=GENERATE)
        for _ in range(30):
            open_office.ask()
        assert [row.seq for row in open_office.messages()] == list(range(1, 61))

    def test_twenty_sessions_are_answered_at_once_without_gaps(self, office):
        open_office = office(Scripted(0.05, TRUE), answers=GENERATE)
        sessions = [open_office.new_session() for _ in range(20)]

        def talk(session: Session) -> None:
            with database.connection_context():
                for _ in range(3):
                    open_office.chat.ask(session, open_office.assistant, "Money back?").result()

        threads = [threading.Thread(target=talk, args=(each,)) for each in sessions]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)

        for session in sessions:
            rows = Message.of(DEFAULT_PROJECT).where(Message.session_id == session.id)
            assert [row.seq for row in rows.order_by(Message.seq)] == list(range(1, 7))
            assert {row.state for row in rows} == {"complete"}
        until(lambda: open_office.chat.running() == 0)

    def test_a_full_house_is_said_and_nothing_is_kept(self, office):
        open_office = office(Scripted(1.0, TRUE), answers=GENERATE, at_once=1)
        open_office.chat.ask(open_office.session, open_office.assistant, "Money back?")
        other = open_office.new_session()
        with pytest.raises(Busy):
            open_office.chat.ask(other, open_office.assistant, "Money back?")
        assert Message.of(DEFAULT_PROJECT).where(Message.session_id == other.id).count() == 0


class TestTheDoor:
    def test_a_system_without_threads_is_busy_and_the_session_goes_on(self, office, monkeypatch):
        open_office = office(Scripted(TRUE), answers=GENERATE)

        def refuse(thread: threading.Thread) -> None:
            raise RuntimeError("can't start new thread")

        with monkeypatch.context() as patched, pytest.raises(Busy):
            patched.setattr(threading.Thread, "start", refuse)
            open_office.chat.ask(open_office.session, open_office.assistant, "Money back?")
        assert [row.state for row in open_office.messages()] == ["complete", "failed"]
        assert open_office.answer().state == "complete"

    @pytest.mark.parametrize(
        ("content", "kind"),
        [("", Invalid), (" \n\0", Invalid), ("x" * 8001, TooLarge), ("half \ud83d", Invalid)],
    )
    def test_a_question_that_cannot_be_taken_is_not_kept(self, office, content, kind):
        open_office = office(Scripted(TRUE))
        with pytest.raises(kind):
            open_office.chat.ask(open_office.session, open_office.assistant, content)
        assert open_office.messages() == []

    def test_the_question_is_on_the_disk_when_ask_returns(self, office):
        open_office = office(Scripted(1.0, TRUE), answers=GENERATE)
        live = open_office.chat.ask(open_office.session, open_office.assistant, "Money back?")
        assert [row.state for row in open_office.messages()] == ["complete", "writing"]
        live.stop()

    def test_an_answer_is_found_again_and_only_in_its_session(self, office):
        open_office = office(Scripted(TRUE), answers=GENERATE)
        live = open_office.chat.ask(open_office.session, open_office.assistant, "Money back?")
        whole = list(filter(None, live.events()))

        found = open_office.chat.find(open_office.session, live.reply_id)
        assert list(found.events(3)) == whole[3:]
        with pytest.raises(NotFound):
            open_office.chat.find(open_office.new_session(), live.reply_id)
        with pytest.raises(NotFound):
            open_office.chat.stop(open_office.new_session(), live.reply_id)

    def test_an_old_answer_is_told_again_from_its_message(self, office):
        open_office = office(Scripted(TRUE), answers=GENERATE)
        live = open_office.chat.ask(open_office.session, open_office.assistant, "Money back?")
        end = list(filter(None, live.events()))[-1].data
        open_office.chat._live._answers.clear()

        saved = open_office.chat.find(open_office.session, live.reply_id)
        whole = list(saved.events())
        assert [event.name for event in whole] == [
            "message.start",
            "sources",
            "message.delta",
            "message.end",
        ]
        assert whole[-1].data == end
        [only] = saved.events(7)
        assert (only.number, only.name) == (8, "message.end")

    def test_an_unread_answer_never_blocks_its_session_for_long(self, office):
        open_office = office(Scripted(30.0, TRUE), answers=GENERATE, patience=0.2)
        open_office.chat.ask(open_office.session, open_office.assistant, "Money back?")
        until(lambda: open_office.chat.running() == 0)
        assert open_office.messages()[-1].reason == "client_left"

    def test_a_long_answer_is_saved_now_and_then(self, office, monkeypatch):
        monkeypatch.setattr("appliance.chat.draft.SAVE_EVERY", 0.05)
        engine = Scripted(*(step for _ in range(40) for step in ("word ", 0.01)), 10.0)
        open_office = office(engine, answers=GENERATE)
        live = open_office.chat.ask(open_office.session, open_office.assistant, "Money back?")
        reader = live.events()
        next(reader)
        until(lambda: open_office.messages()[-1].content.startswith("word"))
        assert open_office.messages()[-1].state == "writing"
