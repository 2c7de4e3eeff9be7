"""Sizes and settings that several architectures share."""

from collections.abc import Mapping, Sequence
from typing import Any

SMALL: Mapping[str, Any] = {
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 128,
}
STILL: Mapping[str, Any] = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
# Attention that is sharp from the start: with the usual 0.02 so narrow a model stays at chance for long.
SHARP: Mapping[str, Any] = {"initializer_range": 0.1}


def names_of(labels: Sequence[str]) -> dict[str, Any]:
    """Return the `id2label` and `label2id` of a config."""
    return {"id2label": dict(enumerate(labels)), "label2id": {label: i for i, label in enumerate(labels)}}
