"""kill -9 at any moment: every accepted document becomes ready, once."""

import collections
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from appliance.store.database import database
from appliance.store.documents import Document, Passage
from appliance.store.embedders import Embedding
from appliance.store.opening import open_store
from appliance.store.projects import DEFAULT_PROJECT
from tests.library import change_child, kill_child

pytestmark = pytest.mark.slow

KILLS = 25


def start(folder: Path, child: str = kill_child.__name__) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", child, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


@pytest.mark.timeout(300)
def test_no_accepted_document_is_lost_or_doubled(tmp_path):
    accepted = 0
    for _ in range(KILLS):
        with start(tmp_path) as child:
            child.stdout.readline()
            time.sleep(random.uniform(0.01, 0.4))
            os.kill(child.pid, signal.SIGKILL)
            accepted += len(child.stdout.read().split())
    with start(tmp_path) as finisher:
        finisher.communicate(timeout=120)
    assert finisher.returncode == 0

    open_store(tmp_path / "data", tmp_path / "key")
    try:
        documents = list(Document.of(DEFAULT_PROJECT))
        assert len(documents) >= accepted > 0
        assert {document.state for document in documents} == {"ready"}
        for document in documents:
            rows = Passage.of(DEFAULT_PROJECT).where(Passage.document_id == document.id)
            positions = sorted(row.position for row in rows)
            assert positions == list(range(kill_child.PASSAGES))
    finally:
        database.close()


@pytest.mark.timeout(300)
def test_a_change_of_the_embedder_comes_to_its_end(tmp_path):
    for _ in range(KILLS):
        with start(tmp_path, change_child.__name__) as child:
            child.stdout.readline()
            time.sleep(random.uniform(0.01, 0.3))
            os.kill(child.pid, signal.SIGKILL)
    with start(tmp_path, change_child.__name__) as finisher:
        told, _ = finisher.communicate(timeout=200)
    assert told.split() == ["ready", "grams-2"]

    open_store(tmp_path / "data", tmp_path / "key")
    try:
        shown = {row.id for row in Passage.of(DEFAULT_PROJECT).where(Passage.position >= 0)}
        made = collections.Counter(
            (row.passage_id, row.embedder) for row in Embedding.of(DEFAULT_PROJECT)
        )
        assert len(shown) == change_child.DOCUMENTS * change_child.PASSAGES
        assert set(made) == {(each, mark) for each in shown for mark in ("grams-1", "grams-2")}
        assert set(made.values()) == {1}
    finally:
        database.close()
