"""The answers of any task as lines of text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def answer_lines(outputs: Any) -> list[str]:  # noqa: ANN401  each task answers in its own shape
    """Return the answer of any task as lines of text."""
    if isinstance(outputs, list) and outputs and all(isinstance(entry, (dict, list)) for entry in outputs):
        return [line for entry in outputs for line in answer_lines(entry)]
    if isinstance(outputs, Mapping):
        if isinstance(outputs.get("labels"), list):
            pairs = zip(outputs["scores"], outputs["labels"], strict=True)
            return [f"{score:.4f}  {label}" for score, label in pairs]
        return ["  ".join(_cell(value) for value in _ordered(outputs))]
    if isinstance(outputs, list):
        shown = ", ".join(_cell(value) for value in outputs[:8])
        return [shown + (f", … ({len(outputs):,} numbers)" if len(outputs) > 8 else "")]
    return [_cell(outputs)]


def _ordered(answer: Mapping[str, Any]) -> list[Any]:
    """Return the values with the score first, and no raw ids or indexes where a text says the same."""
    hidden = {"score", "token", "index"}
    rest = [value for name, value in answer.items() if name not in hidden]
    return [answer["score"], *rest] if "score" in answer else rest


def _cell(value: Any) -> str:  # noqa: ANN401  each task answers in its own shape
    return f"{value:.4f}" if isinstance(value, float) else str(value)
