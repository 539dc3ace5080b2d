import threading

import pytest

from appliance.base.errors import NotFound
from appliance.chat import messages
from appliance.chat.prompt import Exchange
from appliance.store.assistants import Assistant, Message, Session
from appliance.store.database import database
from appliance.store.projects import DEFAULT_PROJECT


@pytest.fixture
def session(store):
    return new_session()


def new_session() -> Session:
    assistant = Assistant.create(
        project_id=DEFAULT_PROJECT, name="Bob", config={}, collection_id="col_1"
    )
    return Session.create(project_id=DEFAULT_PROJECT, assistant_id=assistant.id)


def exchange(session: Session, question: str, answer: str, **fields) -> Message:
    _, reply = messages.begin(session, question, at=1)
    reply.content, reply.state = answer, "complete"
    for name, value in fields.items():
        setattr(reply, name, value)
    messages.keep(reply)
    return reply


def rows(session: Session) -> list[Message]:
    found = Message.of(DEFAULT_PROJECT).where(Message.session_id == session.id)
    return list(found.order_by(Message.seq))


def test_a_question_and_its_answers_place_are_kept_together(session):
    question, reply = messages.begin(session, "When?", metadata={"page": "/x"}, at=5)

    assert [(row.seq, row.role, row.state) for row in rows(session)] == [
        (1, "user", "complete"),
        (2, "assistant", "writing"),
    ]
    assert (reply.reply_to, question.metadata) == (question.id, {"page": "/x"})


def test_a_session_that_is_gone_takes_no_question(session):
    session.delete_instance()
    with pytest.raises(NotFound):
        messages.begin(session, "When?", at=1)
    assert Message.of(DEFAULT_PROJECT).count() == 0


def test_numbers_have_no_gaps_with_twenty_sessions_at_once(session):
    sessions = [session, *(new_session() for _ in range(19))]

    def talk(session: Session) -> None:
        with database.connection_context():
            for _ in range(5):
                messages.begin(session, "When?", at=1)

    threads = [threading.Thread(target=talk, args=(each,)) for each in sessions * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    for each in sessions:
        assert [row.seq for row in rows(each)] == list(range(1, 21))


def test_the_history_is_the_last_exchanges_oldest_first_without_marks(session):
    for number in range(8):
        exchange(session, f"Question {number}?", f"Answer {number}. [1] Guess. [?]")

    assert messages.history(session, last=3) == [
        Exchange(f"Question {number}?", f"Answer {number}. Guess.") for number in (5, 6, 7)
    ]


def test_failed_answers_are_not_replayed_and_refusals_are_no_answers(session):
    exchange(session, "Failed?", "", state="failed")
    exchange(session, "Refused?", "I don't know", mode="refuse")
    exchange(session, "Broken off?", "Half of it", state="partial")
    messages.begin(session, "Being written?", at=1)

    assert messages.history(session) == [
        Exchange("Refused?", ""),
        Exchange("Broken off?", "Half of it"),
    ]


def test_the_history_ends_before_the_question(session):
    exchange(session, "First?", "One.")
    later = exchange(session, "Second?", "Two.")
    assert messages.history(session, before=later.seq - 1) == [Exchange("First?", "One.")]


def test_what_a_crash_cut_off_is_settled_at_the_next_start(session):
    _, reply = messages.begin(session, "When?", at=1)
    messages.keep_so_far(reply, "At ni")
    exchange(session, "And?", "Done.")

    assert messages.recover() == 1
    assert messages.recover() == 0
    settled = Message.find(DEFAULT_PROJECT, reply.id)
    assert (settled.state, settled.reason, settled.content) == ("partial", "interrupted", "At ni")


def test_a_message_is_shown_with_listed_fields_only(session):
    shown = messages.as_json(exchange(session, "When?", "At nine."))
    assert "project_id" not in shown
    assert shown["created_at"] == "1970-01-01T00:00:00.001Z"
