"""The embedding model in its process: crashes, priorities, and the same vectors as the library."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from appliance.base.errors import EngineFailed
from appliance.engines.sentence import SentenceEmbedder

from .parts import gone, resident, sentence_folder, starter, until

PASSAGE = "The quick brown fox jumps over the lazy dog near the old café. " * 12


def new_embedder() -> SentenceEmbedder:
    model, folder = starter("all-minilm-l6-v2")
    return SentenceEmbedder(folder, fingerprint=model.fingerprint)


@pytest.fixture(scope="module")
def embedder() -> Iterator[SentenceEmbedder]:
    """One embedder for all; a test that ends its process leaves it able to start another."""
    made = new_embedder()
    yield made
    made.close()


def test_the_shape_is_known_without_loading() -> None:
    embedder = new_embedder()

    assert (embedder.dimensions, embedder.window) == (384, 256)
    assert embedder.state() == "stopped"


def test_tokens_are_counted_without_loading() -> None:
    embedder = new_embedder()

    assert embedder.count(["We open at nine.", ""]) == [5, 0]
    assert len(embedder.offsets(PASSAGE)) == embedder.count([PASSAGE])[0] > 128
    assert embedder.state() == "stopped"


def test_a_model_that_is_not_there_is_said_so_when_it_is_needed(tmp_path: Path) -> None:
    absent = SentenceEmbedder(tmp_path / "absent", fingerprint="none")
    absent.preload()

    with pytest.raises(EngineFailed, match="absent holds no embedding model"):
        _ = absent.dimensions
    with pytest.raises(EngineFailed, match="not in absent"):
        absent.embed(["hello"])
    with pytest.raises(EngineFailed, match="absent holds no tokenizer"):
        absent.offsets("hello")
    assert absent.state() == "stopped"


@pytest.mark.slow
def test_a_folder_that_cannot_be_loaded_is_said_so(tmp_path: Path) -> None:
    broken = SentenceEmbedder(sentence_folder(tmp_path / "broken"), fingerprint="broken")

    with pytest.raises(EngineFailed, match="broken cannot be loaded"):
        broken.embed(["hello"])
    broken.close()


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_model_that_dies_at_work_is_replaced(embedder: SentenceEmbedder) -> None:
    embedder.embed(["load"])
    pid = embedder.pid()
    assert pid
    timer = threading.Timer(0.2, lambda: os.kill(pid, signal.SIGSEGV))
    timer.start()

    with pytest.raises(EngineFailed, match="embedding model stopped unexpectedly"):
        embedder.embed([PASSAGE] * 5000)
    timer.join()
    assert len(embedder.embed(["again"])) == 1
    assert embedder.pid() != pid


@pytest.mark.slow
def test_a_waiting_visitor_goes_before_documents(embedder: SentenceEmbedder) -> None:
    embedder.embed(["load"])
    ended: dict[str, float] = {}

    def read_documents() -> None:
        embedder.embed([PASSAGE] * 200)
        ended["documents"] = time.monotonic()

    thread = threading.Thread(target=read_documents)
    thread.start()
    time.sleep(0.1)
    embedder.embed(["When do you open?"], urgent=True)
    ended["visitor"] = time.monotonic()
    thread.join()

    assert ended["visitor"] < ended["documents"]


@pytest.mark.slow
def test_visitors_who_ask_at_once_are_served_together(embedder: SentenceEmbedder) -> None:
    embedder.embed(["load"])
    questions = [f"When do you open on day {number}?" for number in range(24)]
    began = time.monotonic()
    for question in questions:
        embedder.embed([question], urgent=True)
    one_by_one = time.monotonic() - began
    threads = [
        threading.Thread(target=embedder.embed, args=([each],), kwargs={"urgent": True})
        for each in questions
    ]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert time.monotonic() - began < one_by_one


@pytest.mark.slow
def test_many_texts_at_once_are_all_embedded(embedder: SentenceEmbedder) -> None:
    texts = [f"{'word ' * (number % 9)}{number}" for number in range(300)]
    spans = [[(0, 4)] * (number % 3) for number in range(300)]
    found = embedder.embed(texts, spans=spans)

    assert [len(each.spans) for each in found] == [number % 3 for number in range(300)]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_the_vectors_are_those_of_the_library(embedder: SentenceEmbedder) -> None:
    from sentence_transformers import SentenceTransformer

    _, folder = starter("all-minilm-l6-v2")
    texts = ["We open at nine.", PASSAGE * 3, "", "🥐"]
    expected = SentenceTransformer(str(folder), device="cpu", local_files_only=True).encode(
        texts, show_progress_bar=False
    )
    found = np.stack([each.vector for each in embedder.embed(texts)])

    # In half precision, where the processor is fast at it; see `sentence_model.AGREES`.
    assert (found * expected).sum(axis=1).min() > 0.99999 - 1e-6
    assert np.abs(found[0] - expected[0]).max() < 0.01


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="links of POSIX")
def test_what_a_model_reads_first_is_no_part_of_a_span(
    embedder: SentenceEmbedder, tmp_path: Path
) -> None:
    _, folder = starter("all-minilm-l6-v2")
    (tmp_path / "like-e5").symlink_to(folder)
    other = SentenceEmbedder(tmp_path / "like-e5", fingerprint="like-e5")
    text = "We open at nine. Lunch is at noon."
    try:
        question, passage = other.embed([text], urgent=True), other.embed([text], spans=[[(0, 16)]])
    finally:
        other.close()
    expected = embedder.embed(
        [f"query: {text}", f"passage: {text}"], spans=[[], [(9, 25)]], urgent=True
    )

    assert np.allclose(question[0].vector, expected[0].vector, atol=1e-5)
    assert np.allclose(passage[0].vector, expected[1].vector, atol=1e-5)
    assert np.allclose(passage[0].spans, expected[1].spans, atol=1e-5)
    assert other.window < embedder.window


@pytest.mark.slow
def test_unloading_gives_the_memory_back() -> None:
    embedder = new_embedder()
    embedder.embed(["load"])
    pid = embedder.pid()
    assert pid
    loaded = resident(pid)
    embedder.close()

    assert loaded > 200 * 2**20
    assert until(lambda: gone(pid))
    assert embedder.state() == "stopped"
