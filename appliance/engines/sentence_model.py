"""A sentence-transformers model in memory. Only the model's own process imports this."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from torch import Tensor
from torch.nn.functional import normalize, pad

from appliance.engines.sentence_text import Read, padded, read

SMALL = 128  # tokens; so few are read as fast by one thread, and faster in full precision
AGREES = 0.99999  # cosine with the vector in full precision; 0.99997 moved 2 answers of 400
PAYS = 1.3  # times as fast
_TRIAL = "Each of these sentences is read twice, to see how fast this processor is. " * 8


class SentenceModel:
    """Vectors of texts and of spans of them, from one pass."""

    def __init__(self, folder: Path, *, threads: int) -> None:
        """Raises OSError, ValueError and others for a folder that is not such a model."""
        self._threads = threads
        self._half = False
        model = SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        ).eval()
        modules = list(model)
        names = [type(module).__name__ for module in modules]
        self._encoder = modules[0]
        self._pooling = modules[names.index("Pooling")]
        self._after = modules[names.index("Pooling") + 1 :]
        if isinstance(self._pooling.pooling_mode, (list, tuple)):
            raise ValueError("several poolings in one vector cannot be had for a span")
        self.window = int(model.max_seq_length or 512)
        self._filler = int(model.tokenizer.pad_token_id or 0)
        self._kinds = "token_type_ids" in model.tokenizer.model_input_names
        self._tokenizer = model.tokenizer.backend_tokenizer
        self._tokenizer.enable_truncation(self.window)
        self._tokenizer.no_padding()
        self.dimensions = int(self.embed(self.read([""], [[]]))[0].shape[1])
        self._half = self._half_pays()

    def read(self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]) -> list[Read]:
        """Cut texts into tokens. What is beyond the window is left out."""
        encodings = self._tokenizer.encode_batch(list(texts))
        return [read(*each) for each in zip(encodings, spans, strict=True)]

    @torch.inference_mode()
    def embed(self, texts: Sequence[Read]) -> list[NDArray[np.float32]]:
        """For each text rows of length 1: the first is its own, the others are its spans'."""
        small = sum(text.tokens for text in texts) <= SMALL
        torch.set_num_threads(1 if small else self._threads)
        with torch.autocast("cpu", torch.bfloat16, enabled=self._half and not small):
            features = self._encoder(self._features(texts))
        features["token_embeddings"] = features["token_embeddings"].float()
        vectors = self._finished(self._pooling(features)["sentence_embedding"])
        pooled = self._spans(features["token_embeddings"], vectors, texts)
        ends = np.cumsum([len(text.spans) for text in texts])[:-1]
        own, parts = vectors.numpy(), np.split(pooled.numpy(), ends)
        return [np.vstack(each) for each in zip(own, parts, strict=True)]

    def _half_pays(self) -> bool:
        """Whether this processor multiplies numbers of half the size so much faster that it
        is worth it, and the vectors stay what they are."""
        texts = self.read([f"{number} {_TRIAL}" for number in range(8)], [[]] * 8)

        def tried(half: bool) -> tuple[float, NDArray[np.float32]]:
            self._half, times = half, []
            for _ in range(3):  # the first time prepares what the others use
                began = time.perf_counter()
                vectors = np.vstack(self.embed(texts))
                times.append(time.perf_counter() - began)
            return min(times), vectors

        try:
            (full, exact), (half, close) = tried(False), tried(True)
        except RuntimeError:  # a layer that cannot be had in half precision
            return False
        agreement = float((exact * close).sum(axis=1).min())
        return full >= PAYS * half and agreement >= AGREES

    def _features(self, texts: Sequence[Read]) -> dict[str, Tensor]:
        ones = [[1] * text.tokens for text in texts]
        tables = {
            "input_ids": padded([text.ids for text in texts], self._filler),
            "attention_mask": padded(ones, 0),
        }
        if self._kinds:
            tables["token_type_ids"] = padded([text.kinds for text in texts], 0)
        return {name: torch.from_numpy(table) for name, table in tables.items()}

    def _spans(self, tokens: Tensor, vectors: Tensor, texts: Sequence[Read]) -> Tensor:
        """Mean of each span's tokens; the text's vector for a span that has none."""
        rows = [row for row, text in enumerate(texts) for _ in text.spans]
        if not rows:
            return vectors[:0]
        bounds = np.array([bound for text in texts for bound in text.spans])
        first, count = bounds[:, 0], bounds[:, 1]
        # Tokens of a span are neighbours, so a running sum has every span's sum in it.
        running = pad(tokens.cumsum(dim=1), (0, 0, 1, 0))
        means = (running[rows, first + count] - running[rows, first]) / torch.from_numpy(
            np.maximum(count, 1)[:, None]
        )
        pooled = self._finished(means.to(tokens.dtype))
        empty = torch.from_numpy(count == 0)
        pooled[empty] = vectors[torch.tensor(rows)[empty]]
        return pooled

    def _finished(self, pooled: Tensor) -> Tensor:
        """What the model does after pooling, such as a dense layer; then length 1."""
        features: dict[str, Any] = {"sentence_embedding": pooled}
        for module in self._after:
            features = module(features)
        return normalize(features["sentence_embedding"], dim=-1)
