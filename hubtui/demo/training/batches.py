"""Lists of token ids made into padded tensors, without ever switching padding on in a tokenizer."""

import random
from collections.abc import Sequence

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

IGNORED = -100  # a label that the loss functions of transformers leave out


def padded(rows: Sequence[Sequence[int]], value: int) -> Tensor:
    """Return the rows as an int64 tensor of shape (rows, longest), filled up with `value` on the right."""
    longest = max(map(len, rows))
    return torch.tensor([[*row, *[value] * (longest - len(row))] for row in rows])


def attention(rows: Sequence[Sequence[int]]) -> Tensor:
    """Return the mask of `padded(rows, …)`: 1 for a token, 0 for padding."""
    return padded([[1] * len(row) for row in rows], 0)


def encoded(tokenizer: PreTrainedTokenizerBase, texts: Sequence[str]) -> list[list[int]]:
    """Return the token ids of each text, special tokens included, neither padded nor truncated."""
    return [list(tokenizer(text)["input_ids"]) for text in texts]


def drawn(rng: random.Random, count: int, size: int) -> list[int]:
    """Return `size` random positions below `count`."""
    return [rng.randrange(count) for _ in range(size)]


def chunks(count: int, size: int = 64) -> list[range]:
    """Return the ranges that cover `count` examples, `size` at a time."""
    return [range(start, min(start + size, count)) for start in range(0, count, size)]
