import pytest

from appliance.base import clock
from appliance.chat.draft import Draft
from appliance.chat.turn import Chat
from appliance.store.assistants import Message, Session
from appliance.store.projects import DEFAULT_PROJECT
from tests.web.parts import SHOP, Asker, code_of, events_of

SSE = {"Accept": "text/event-stream"}


@pytest.fixture
def session(program, desk, document):
    return program.post(f"/v1/assistants/{desk}/sessions", {"user_id": "u7"}).json["id"]


def ask(asker, session, content="Hello there", **more):
    return asker.post(f"/v1/sessions/{session}/messages", {"content": content}, **more)


def test_a_program_gets_no_visitors_token(program, desk):
    made = program.post(
        f"/v1/assistants/{desk}/sessions", {"user_id": "u7", "metadata": {"page": "/help"}}
    )

    assert made.json["session_token"] is None
    assert made.json["id"] == made.json["session_id"]
    assert (made.json["user_id"], made.json["metadata"]) == ("u7", {"page": "/help"})


def test_a_session_knows_where_it_came_from(ada, vera, program, desk):
    ada.post(f"/v1/assistants/{desk}/sessions", {})
    program.post(f"/v1/assistants/{desk}/sessions", {})
    rows = Session.of(DEFAULT_PROJECT).order_by(Session.id)

    assert [row.kind for row in rows] == ["widget", "console", "api"]
    assert rows[0].origin == SHOP


def test_a_page_does_not_say_who_its_visitor_is(app, desk):
    page = Asker(app, {"Origin": SHOP})
    refused = page.post(f"/v1/assistants/{desk}/sessions", {"user_id": "the boss"})

    assert (code_of(refused)[0], refused.json["error"]["param"]) == (422, "user_id")


def test_the_store_keeps_no_visitors_token(vera):
    token = vera.headers["Authorization"].split()[1]

    assert token not in Session.find(DEFAULT_PROJECT, vera.session).digest


def test_a_visitors_token_expires(vera):
    Session.update(token_expires_at=clock.now()).where(
        Session.project_id == DEFAULT_PROJECT
    ).execute()

    assert code_of(vera.get(f"/v1/sessions/{vera.session}"))[0] == 401


def test_an_answer_comes_with_the_question_as_it_was_saved(program, session):
    told = ask(program, session).json

    assert told["message"]["content"] == "Hello there"
    assert told["reply"]["role"] == "assistant"
    assert told["reply"]["state"] == "complete"
    assert told["sources"] == told["reply"]["citations"]
    assert told["usage"]["total_tokens"] == sum(
        (told["usage"]["prompt_tokens"], told["usage"]["completion_tokens"])
    )


def test_the_text_may_be_called_message(program, session):
    told = program.post(f"/v1/sessions/{session}/messages", {"message": "Hello there"})

    assert told.json["message"]["content"] == "Hello there"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"content": ""}, 422),
        ({"content": " \n "}, 422),
        ({"content": "a", "message": "b"}, 422),
        ({"content": 5}, 422),
        ({"content": "x" * 501}, 413),
        ({"content": "x", "role": "system"}, 422),
        ({"content": "x", "metadata": []}, 422),
    ],
)
def test_a_question_that_is_none_is_refused_and_not_kept(program, session, body, status):
    assert code_of(program.post(f"/v1/sessions/{session}/messages", body))[0] == status
    assert Message.of(DEFAULT_PROJECT).count() == 0


def test_a_session_shows_its_messages_in_order(program, session):
    ask(program, session, "When do you open?")
    ask(program, session, "And when do you close?")
    shown = program.get(f"/v1/sessions/{session}").json

    assert [message["seq"] for message in shown["messages"]] == [1, 2, 3, 4]
    assert [message["role"] for message in shown["messages"]] == ["user", "assistant"] * 2
    assert shown["user_id"] == "u7"


def test_a_stream_tells_the_answer_event_by_event(program, session):
    reply = ask(program, session, headers=SSE)
    events = events_of(reply)
    names = [name for _, name, _ in events]
    reply_id = events[0][2]["reply_id"]

    assert reply.content_type == "text/event-stream; charset=utf-8"
    assert reply.headers["Cache-Control"] == "no-store, no-transform"
    assert reply.headers["X-Accel-Buffering"] == "no"
    assert len(reply.get_data().split(b"\n\n")[0]) >= 2048
    assert (names[0], names[-1]) == ("message.start", "message.end")
    assert [each[0] for each in events] == [f"{reply_id}:{n}" for n in range(1, len(events) + 1)]


def test_the_pieces_of_a_stream_are_the_answer(program, session):
    events = events_of(ask(program, session, headers=SSE))
    pieces = "".join(data["delta"] for _, name, data in events if name == "message.delta")
    saved = program.get(f"/v1/sessions/{session}").json["messages"][-1]

    assert events[-1][2]["message"] == saved
    assert pieces.strip() == saved["content"]


def test_a_broken_stream_is_taken_up_where_it_broke(program, session):
    events = events_of(ask(program, session, headers=SSE))
    last_seen = {**SSE, "Last-Event-ID": events[2][0]}
    again = events_of(ask(program, session, headers=last_seen))

    assert again == events[3:]
    assert Message.of(DEFAULT_PROJECT).count() == 2


def test_an_answer_can_be_listened_to_again(program, session):
    events = events_of(ask(program, session, headers=SSE))
    path = f"/v1/sessions/{session}/messages/{events[0][2]['reply_id']}/events"

    assert events_of(program.get(path)) == events
    assert events_of(program.get(path, headers={"Last-Event-ID": events[-2][0]})) == events[-1:]


@pytest.mark.parametrize(
    "header", ["x", "msg_1:", "msg_1:-1", ":3", "msg_1:٣", "msg_1:" + "9" * 30]
)
def test_a_last_event_id_that_is_none_of_ours_is_refused(program, session, header):
    headers = {"Last-Event-ID": header.encode().decode("latin-1")}

    assert code_of(ask(program, session, headers=headers)) == (422, "invalid_request")


def test_an_answer_of_another_session_is_not_there(program, session, desk):
    other = program.post(f"/v1/assistants/{desk}/sessions", {}).json["id"]
    reply_id = ask(program, other).json["reply"]["id"]

    assert code_of(program.get(f"/v1/sessions/{session}/messages/{reply_id}/events"))[0] == 404
    assert code_of(program.post(f"/v1/sessions/{session}/messages/{reply_id}/stop"))[0] == 404
    resumed = ask(program, session, headers={"Last-Event-ID": f"{reply_id}:1"})
    assert code_of(resumed)[0] == 404


def test_stopping_what_is_over_changes_nothing(program, session):
    reply_id = ask(program, session).json["reply"]["id"]
    stopped = program.post(f"/v1/sessions/{session}/messages/{reply_id}/stop")

    assert (stopped.status_code, stopped.json["state"]) == (202, "complete")


def test_a_visitor_talks_and_reads(vera, document):
    ask(vera, vera.session)
    shown = vera.get(f"/v1/sessions/{vera.session}")

    assert len(shown.json["messages"]) == 2
    assert shown.headers["Access-Control-Allow-Origin"] == SHOP


@pytest.mark.parametrize("fact", ["cost_usd", "cached_tokens"])
def test_what_an_answer_cost_and_had_in_common_with_others_is_for_the_office_only(
    vera, program, document, monkeypatch, fact
):
    finish = Draft.finish

    def noted(draft):
        draft.reply.metadata[fact] = 25
        finish(draft)

    monkeypatch.setattr(Draft, "finish", noted)
    for reader, times in ((vera, 0), (program, 1)):
        path = f"/v1/sessions/{vera.session}/messages"
        replied = ask(reader, vera.session)
        streamed = ask(reader, vera.session, headers=SSE)
        followed = reader.get(f"{path}/{replied.json['reply']['id']}/events")

        assert [each.text.count(fact) for each in (replied, streamed, followed)] == [times] * 3
    assert fact not in vera.get(f"/v1/sessions/{vera.session}").text
    assert fact in program.get(f"/v1/sessions/{vera.session}").text


def test_a_visitor_asks_a_few_questions_at_once_and_no_flood(vera, document):
    told = [ask(vera, vera.session).status_code for _ in range(12)]

    assert told[:10] == [200] * 10
    assert told[-1] == 429


def test_a_visitor_has_one_turn_at_the_model_for_all_sessions(vera, program, monkeypatch):
    turns = []
    asked = Chat.ask
    monkeypatch.setattr(
        Chat, "ask", lambda *a, **more: turns.append(more["visitor"]) or asked(*a, **more)
    )
    ask(vera, vera.session)
    ask(program, vera.session)

    assert turns == ["127.0.0.1", ""]


def test_a_program_may_ask_as_often_as_it_likes(program, session):
    assert {ask(program, session).status_code for _ in range(12)} == {200}


def test_a_person_at_the_console_asks_with_the_cookie(ada, desk, document):
    session = ada.post(f"/v1/assistants/{desk}/sessions", {}).json["id"]

    assert ask(ada, session).status_code == 200


def test_a_full_house_is_told_and_nothing_is_kept(app, program, session):
    seats = app.extensions["limits"].seats
    taken = [seats.take() for _ in range(18)]
    refused = ask(program, session)
    for give_back in taken:
        give_back()

    assert code_of(refused) == (503, "busy")
    assert Message.of(DEFAULT_PROJECT).count() == 0
    assert ask(program, session).status_code == 200


def test_a_seat_is_given_back_by_every_kind_of_answer(app, program, session):
    for headers in ({}, SSE):
        ask(program, session, headers=headers).close()

    assert app.extensions["limits"].seats.taken == 0


def test_listening_without_a_credential_is_not_possible(app, vera, document):
    reply_id = ask(vera, vera.session).json["reply"]["id"]
    path = f"/v1/sessions/{vera.session}/messages/{reply_id}/events"

    assert code_of(Asker(app, {"Origin": SHOP}).get(path))[0] == 401
