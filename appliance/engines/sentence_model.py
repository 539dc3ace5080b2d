"""A sentence-transformers model in memory. Only the model's own process imports this."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from torch import Tensor
from torch.nn.functional import normalize


class SentenceModel:
    """Vectors of texts and of spans of them, from one pass."""

    def __init__(self, folder: Path, *, threads: int) -> None:
        """Raises OSError, ValueError and others for a folder that is not such a model."""
        torch.set_num_threads(threads)
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
        self._tokenizer = model.tokenizer
        self.window = int(model.max_seq_length or 512)
        self.dimensions = int(self.embed([""], [[]]).shape[1])

    @torch.inference_mode()
    def embed(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> NDArray[np.float32]:
        """Rows of length 1: first one for each text, then those of all spans in order."""
        encoded = self._tokenizer(
            list(texts),
            padding=True,
            truncation=True,
            max_length=self.window,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
            return_tensors="pt",
        )
        offsets = encoded.pop("offset_mapping").numpy()
        special = encoded.pop("special_tokens_mask").numpy().astype(bool)
        features = self._encoder(dict(encoded))
        vectors = self._finished(self._pooling(features)["sentence_embedding"])
        pooled = self._spans(features["token_embeddings"], vectors, offsets, special, spans)
        return torch.cat([vectors, pooled]).float().numpy()

    def _spans(
        self,
        tokens: Tensor,
        vectors: Tensor,
        offsets: NDArray[Any],
        special: NDArray[Any],
        spans: Sequence[Sequence[tuple[int, int]]],
    ) -> Tensor:
        """Mean of the tokens that begin within each span; the text's vector where none does."""
        rows = [row for row, ranges in enumerate(spans) for _ in ranges]
        if not rows:
            return vectors[:0]
        bounds = np.array([bound for ranges in spans for bound in ranges])
        starts = offsets[rows, :, 0]
        inside = (starts >= bounds[:, :1]) & (starts < bounds[:, 1:]) & ~special[rows]
        first, count = inside.argmax(axis=1), inside.sum(axis=1)
        # Tokens of a span are neighbours, so a running sum has every span's sum in it.
        running = torch.nn.functional.pad(tokens.cumsum(dim=1), (0, 0, 1, 0))
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
