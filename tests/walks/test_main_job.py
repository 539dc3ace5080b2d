"""From a file to a cited answer, through the running program with its real models."""

import time

import pytest

from tests.live import SAMPLES, Appliance

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

QUESTIONS = [
    ("What was the total on the receipt?", "RECEIPT", 1, "821.14"),
    ("Who was the cashier at TechMart?", "RECEIPT", 1, "Emily Rodriguez"),
    ("How many days do I have for returns?", "RECEIPT", 1, "30 days"),
    ("In which format is Holiday Spectacular shown?", "movie-theater", 1, "IMAX"),
    ("What are the payment terms of the booking agency's billing?", "movie-theater", 1, "Net 30"),
    ("What is AutoGen?", "test.", None, "AutoGen"),
    ("What is conversation programming?", "test.pdf", 1, "onversation programming"),
    ("How many problems does the MATH benchmark consist of?", "test_blog", None, "12K"),
    ("What does the temperature parameter control?", "test_blog", None, "randomness"),
    ("Who sent the test email message?", "test_outlook", None, "test.sender@example.com"),
]


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """All samples ingested by one running appliance."""
    appliance = Appliance(tmp_path_factory.mktemp("office")).start().set_up()
    appliance.front_desk = appliance.assistant(answers={"mode": "quote"})
    for path in sorted(SAMPLES.iterdir()):
        if path.name.startswith(("test", "RECEIPT", "movie")):
            appliance.upload(appliance.front_desk, path.name, path.read_bytes())
    appliance.documents = appliance.ready(appliance.front_desk)
    yield appliance
    appliance.stop()


def test_every_sample_becomes_ready(office):
    states = {document["name"]: document["status"] for document in office.documents}
    assert len(states) == 10
    assert set(states.values()) == {"ready"}, states


@pytest.mark.parametrize(("question", "document", "page", "words"), QUESTIONS)
def test_a_question_is_answered_with_the_right_place_cited_first(
    office, question, document, page, words
):
    reply = office.ask(office.session(office.front_desk), question)

    first = reply["citations"][0]
    assert first["document_name"].startswith(document), reply
    assert page is None or first["page"] == page
    assert any(words in citation["text"] for citation in reply["citations"])


def test_what_the_documents_do_not_say_is_refused_by_the_program(office):
    reply = office.ask(office.session(office.front_desk), "When was the Eiffel Tower built?")
    assert reply["content"] == "I don't know"
    assert reply["reason"] == "no_answer"


def test_tokens_arrive_one_by_one_and_make_up_the_saved_answer(office):
    writer = office.assistant(
        answers={"mode": "generate"},
        knowledge={
            "collection_ids": [office.get(f"/v1/assistants/{office.front_desk}")["collection_id"]]
        },
    )
    session, arrivals, kinds = office.session(writer), [], []
    for kind, data in office.stream(session, "What is AutoGen?"):
        kinds.append(kind)
        if kind == "message.delta":
            arrivals.append(time.monotonic())
        last = data

    assert kinds[0] == "message.start"
    assert kinds[-1] == "message.end"
    assert len(arrivals) > 5
    assert arrivals[-1] - arrivals[0] > 0.1
    saved = office.get(f"/v1/sessions/{session}")["messages"]
    assert saved[-1]["content"] == last["message"]["content"]
