"""Front matter of README.md as the JSON object that the Hub makes of it; what is wrong with it costs only itself."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from hubtui.cards.yamlread import safe_load

_LONGEST = 1 << 20
_FRONT_MATTER = re.compile(r"\A\ufeff?\s*---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Card:
    """README.md in two parts.

    Attributes:
        data: the front matter as JSON values; empty when there is none or it is broken.
        text: the whole file, undecodable bytes replaced; empty when there is none.
    """

    data: dict[str, Any] = field(default_factory=dict)
    text: str = ""


def read_card(content: bytes) -> Card:
    """Split README.md; never raises."""
    text = content[:_LONGEST].decode("utf-8", "replace")
    match = _FRONT_MATTER.match(text)
    if match is None:
        return Card({}, text)
    try:
        data = _plain(safe_load(match[1], []))
    except yaml.YAMLError:
        return Card({}, text)
    return Card(data if isinstance(data, dict) else {}, text)


def card_data(data: dict[str, Any]) -> dict[str, Any]:
    """Return the front matter as the Hub would show it.

    The real Hub refuses cards with wrong types when they are uploaded, and the client relies on it: a single one of
    these would end its whole listing with an exception.
    """
    shown = {key: value for key, value in data.items() if key not in _NOT_METADATA}
    if not isinstance(shown.get("tags", []), list | str):
        del shown["tags"]
    if "model-index" in shown and not _is_model_index(shown["model-index"]):
        del shown["model-index"]
    return shown


# Names of the client's own parameters, which metadata must not fill.
_NOT_METADATA = frozenset({"self", "ignore_metadata_errors", "eval_results"})


def _is_model_index(index: object) -> bool:
    return isinstance(index, list) and all(
        isinstance(model, dict) and _are_objects(model.get("results")) and all(map(_is_result, model["results"]))
        for model in index
    )


def _is_result(result: dict[str, Any]) -> bool:
    is_named = isinstance(result.get("task"), dict) and isinstance(result.get("dataset"), dict)
    return is_named and _are_objects(result.get("metrics"))


def _are_objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _plain(value: Any) -> Any:  # noqa: ANN401 - any YAML in, any JSON out
    """Return what JSON can say: texts for keys, and for numbers that are not finite."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
