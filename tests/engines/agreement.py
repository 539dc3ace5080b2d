"""How much a model's opinion changes when it reads and writes in a batch, with the same tokens.

Run in a process of its own: python agreement.py model.gguf < texts.json. Every text is read
and continued alone; then eight at a time in one batch, fed with the tokens of the first run.
Prints {"top1": share of equal first choices, "kl": mean divergence in nats, "steps": n}.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench.bare_loop import CHUNK, Loop

STREAMS, STEPS = 8, 16


def log_shares(logits: np.ndarray) -> np.ndarray:
    """Logarithms of the chances, in double precision."""
    wide = logits.astype(np.float64)
    wide -= wide.max()
    return wide - np.log(np.exp(wide).sum())


def read(loop: Loop, prompts: list[list[int]]) -> list[np.ndarray]:
    """All prompts from an empty memory, mixed in chunks; what each says at its end."""
    loop.forget()
    rows = [
        (token, position, stream, position == len(prompt) - 1)
        for stream, prompt in enumerate(prompts)
        for position, token in enumerate(prompt)
    ]
    found: list[np.ndarray] = []
    for at in range(0, len(rows), CHUNK):
        part = rows[at : at + CHUNK]
        loop.decode(part)
        found += [loop.logits(row).copy() for row, each in enumerate(part) if each[3]]
    return found


def alone(loop: Loop, prompt: list[int]) -> tuple[list[int], list[np.ndarray]]:
    """The likeliest tokens, and what the model thought at each step."""
    tokens, thoughts = [], read(loop, [prompt])
    for step in range(STEPS - 1):
        tokens.append(int(np.argmax(thoughts[-1])))
        loop.decode([(tokens[-1], len(prompt) + step, 0, True)])
        thoughts.append(loop.logits(0).copy())
    return tokens, thoughts


def together(
    loop: Loop, prompts: list[list[int]], forced: list[list[int]]
) -> list[list[np.ndarray]]:
    """What the model thinks of each at each step, when all are in one batch."""
    thoughts = [[each] for each in read(loop, prompts)]
    for step in range(STEPS - 1):
        loop.decode(
            [
                (tokens[step], len(prompt) + step, stream, True)
                for stream, (prompt, tokens) in enumerate(zip(prompts, forced, strict=True))
            ]
        )
        for stream, each in enumerate(thoughts):
            each.append(loop.logits(stream).copy())
    return thoughts


def main() -> None:
    """Compare, and say it."""
    loop = Loop(sys.argv[1], threads=2, streams=STREAMS, context=4096)
    prompts = [loop.tokens(text) for text in json.load(sys.stdin)]
    same, divergence = [], []
    for at in range(0, len(prompts), STREAMS):
        group = prompts[at : at + STREAMS]
        first = [alone(loop, prompt) for prompt in group]
        second = together(loop, group, [tokens for tokens, _ in first])
        for (_, before), after in zip(first, second, strict=True):
            for one, other in zip(before, after, strict=True):
                same.append(int(np.argmax(one)) == int(np.argmax(other)))
                known, guess = log_shares(one), log_shares(other)
                divergence.append(float((np.exp(known) * (known - guess)).sum()))
    found = {"top1": np.mean(same), "kl": np.mean(divergence), "steps": len(same)}
    json.dump({name: float(value) for name, value in found.items()}, sys.stdout)


if __name__ == "__main__":
    main()
