"""kill -9 at any moment: every accepted document becomes ready, once."""

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
from appliance.store.opening import open_store
from appliance.store.projects import DEFAULT_PROJECT
from tests.library import kill_child

pytestmark = pytest.mark.slow

KILLS = 25


def start(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", kill_child.__name__, str(folder)],
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
