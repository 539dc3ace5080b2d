"""What is left of a conversation when the program is killed in the middle of an answer."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from appliance.chat import messages
from appliance.store.assistants import Message
from appliance.store.database import database
from appliance.store.opening import open_store
from appliance.store.projects import DEFAULT_PROJECT

TALK = """
import sys
from pathlib import Path
from appliance.chat import draft
from appliance.chat.answer import Tools
from appliance.chat.turn import Chat
from appliance.engines.quote import QuoteEngine
from appliance.store.assistants import Assistant, Session
from appliance.store.opening import open_store
from appliance.store.projects import DEFAULT_PROJECT
from tests.chat.parts import REFUNDS, Scripted, Shelf, ground

draft.SAVE_EVERY = 0.1
open_store(Path(sys.argv[1]) / "data", Path(sys.argv[1]) / "inhouse.key")
engine = Scripted(*(step for _ in range(900) for step in ("word ", 0.02)))
tools = Tools(Shelf(("Refunds.pdf", REFUNDS)), ground, {"x": engine}, "x", QuoteEngine(), False)
config = {"answers": {"mode": "generate"}}
assistant = Assistant.create(
    project_id=DEFAULT_PROJECT, name="Bob", config=config, collection_id="col_1"
)
session = Session.create(project_id=DEFAULT_PROJECT, assistant_id=assistant.id)
for event in Chat(tools).ask(session, assistant, "Money back?").events():
    print(event.name if event else "", flush=True)
"""


@pytest.mark.slow
def test_the_question_and_what_was_written_survive_a_kill(tmp_path):
    root = Path(__file__).parents[2]
    talking = subprocess.Popen(
        [sys.executable, "-c", TALK, str(tmp_path)], stdout=subprocess.PIPE, cwd=root, text=True
    )
    deltas = 0
    while deltas < 40:
        deltas += talking.stdout.readline().strip() == "message.delta"
    os.kill(talking.pid, signal.SIGKILL)
    talking.communicate()

    open_store(tmp_path / "data", tmp_path / "inhouse.key")
    try:
        assert messages.recover() == 1
        question, reply = Message.of(DEFAULT_PROJECT).order_by(Message.seq)
        assert (question.content, reply.state, reply.reason) == (
            "Money back?",
            "partial",
            "interrupted",
        )
        assert reply.content.startswith("word word")
    finally:
        database.close()
