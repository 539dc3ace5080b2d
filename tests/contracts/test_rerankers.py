"""What every reranker promises, held against each of them.

No reranking model ships, so the cross-encoder's is made here: a BERT of two small layers
that has been taught five pairs by heart. What real ones are worth was not measured.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.base.errors import EngineFailed
from appliance.engines.contract import Reranker
from appliance.engines.rerank import CrossReranker
from tests.engines.parts import sentence_folder, starter

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning"),
]

QUESTION = "When do you open?"
TEXTS = [
    "A bag of nails costs two euros.",
    "We open at nine.",
    "The cat sleeps on the sofa.",
    "Parking is behind the house.",
    "Lunch is at noon.",
]


def taught(folder: Path) -> Path:
    """A folder with a small cross-encoder that knows which of the texts answers the question."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    _, starter_folder = starter("all-minilm-l6-v2")
    tokenizer = AutoTokenizer.from_pretrained(starter_folder, local_files_only=True)
    torch.manual_seed(1)
    model = BertForSequenceClassification(
        BertConfig(
            vocab_size=len(tokenizer),
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            num_labels=1,
        )
    )
    pairs = tokenizer([QUESTION] * len(TEXTS), TEXTS, padding=True, return_tensors="pt")
    wanted = torch.tensor([[float(text == TEXTS[1])] for text in TEXTS])
    teacher = torch.optim.Adam(model.parameters(), lr=5e-3)
    for _ in range(60):
        loss = torch.nn.functional.binary_cross_entropy_with_logits(model(**pairs).logits, wanted)
        teacher.zero_grad()
        loss.backward()
        teacher.step()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def cross(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CrossReranker]:
    made = CrossReranker(taught(tmp_path_factory.mktemp("cross")), fingerprint="cross-1")
    yield made
    made.close()


@pytest.fixture(scope="module")
def reranker(cross: CrossReranker) -> Reranker:
    return cross


def test_each_text_gets_a_number_between_0_and_1(reranker: Reranker) -> None:
    scores = reranker.score(QUESTION, [*TEXTS, "", "word " * 2_000])

    assert len(scores) == len(TEXTS) + 2
    assert all(0 <= score <= 1 for score in scores)


def test_what_answers_the_question_is_first(reranker: Reranker) -> None:
    scores = reranker.score(QUESTION, TEXTS)
    assert max(range(len(TEXTS)), key=scores.__getitem__) == 1


def test_the_numbers_do_not_depend_on_the_company(reranker: Reranker) -> None:
    together = reranker.score(QUESTION, TEXTS)
    alone = [reranker.score(QUESTION, [text])[0] for text in TEXTS]
    assert together == pytest.approx(alone, abs=1e-4)


def test_nothing_in_nothing_out(reranker: Reranker) -> None:
    assert reranker.score(QUESTION, []) == []


def test_a_model_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    absent = CrossReranker(tmp_path / "absent", fingerprint="none")
    absent.preload()
    with pytest.raises(EngineFailed, match="not in absent"):
        absent.score(QUESTION, TEXTS)
    assert absent.state() == "stopped"


def test_a_folder_that_is_no_reranker_is_said_so(tmp_path: Path) -> None:
    broken = CrossReranker(sentence_folder(tmp_path / "broken"), fingerprint="broken")
    with pytest.raises(EngineFailed, match="broken cannot be loaded"):
        broken.score(QUESTION, TEXTS)
    broken.close()


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_model_that_dies_is_replaced(cross: CrossReranker) -> None:
    cross.score(QUESTION, TEXTS)
    pid = cross.pid()
    assert pid
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(EngineFailed, match="reranking model stopped"):
        for _ in range(50):
            cross.score(QUESTION, TEXTS * 20)
    assert len(cross.score(QUESTION, TEXTS)) == len(TEXTS)
    assert cross.pid() != pid
