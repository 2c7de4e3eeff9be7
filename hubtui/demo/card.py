"""Front matter of README.md as the JSON object that the Hub makes of it; what is wrong with it costs only itself."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass, field
from typing import Any

import yaml

_LONGEST = 1 << 20
_MOST_VALUES = 20_000
_FRONT_MATTER = re.compile(r"\A\ufeff?\s*---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_INDENTATION = re.compile(r"^[-?: \t]+", re.MULTILINE)
_SAFE_DEPTH = 500
_LONGEST_DEEP = 128 << 10  # the slow parser takes a second for so much


class _PlainLoader(yaml.SafeLoader):
    """Refuses merge keys (`<<`), which cards have no use for: nested ones take the parser exponential time."""

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Leave the mapping as it is; a merge key in it then has no constructor and is an error."""


class _FastLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # not in every build of PyYAML
    """The same several times faster, but deep nesting overflows its stack and ends the process."""

    flatten_mapping = _PlainLoader.flatten_mapping


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
    is_shallow = _most_depth(match[1]) < _SAFE_DEPTH
    if not is_shallow and len(match[1]) > _LONGEST_DEEP:
        return Card({}, text)
    try:
        loader = _FastLoader if is_shallow else _PlainLoader
        data = yaml.load(match[1], Loader=loader)  # noqa: S506 - both are safe loaders
        plain = _Plain().value(data)
    except (yaml.YAMLError, ValueError, RecursionError, TypeError):
        return Card({}, text)
    return Card(plain if isinstance(plain, dict) else {}, text)


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


def _most_depth(text: str) -> int:
    """Return a bound on how deep the text can nest: by brackets, and by what stands before a line's first word."""
    brackets = text.count("[") + text.count("{")
    return brackets + max((len(run) for run in _INDENTATION.findall(text)), default=0)


class _Plain:
    """Turns YAML values into JSON ones, and counts them: aliases let 300 bytes stand for a billion values."""

    def __init__(self) -> None:
        self._left = _MOST_VALUES

    def value(self, value: Any, depth: int = 0) -> Any:  # noqa: ANN401 - any YAML in, any JSON out
        self._left -= 1
        if self._left < 0 or depth > 64:
            raise ValueError("the front matter is absurdly large or deep")
        if isinstance(value, dict):
            return {self._key(key): self.value(item, depth + 1) for key, item in value.items()}
        if isinstance(value, list | tuple | set):
            return [self.value(item, depth + 1) for item in value]
        if isinstance(value, float) and not math.isfinite(value):
            return str(value)
        if value is None or isinstance(value, str | int | float | bool):
            return value
        return self._key(value)

    @staticmethod
    def _key(value: object) -> str:
        if isinstance(value, dt.date):
            return value.isoformat()
        return value if isinstance(value, str) else str(value)
