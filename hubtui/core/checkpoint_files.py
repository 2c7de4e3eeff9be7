"""The files of a checkpoint, wherever they are, and the JSON in them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Protocol

from hubtui.core.weights import ReadAt

_JSON_CAP = 32 << 20


class CheckpointFiles(Protocol):
    """The files of one checkpoint, wherever they are."""

    def sizes(self) -> Mapping[str, int]:
        """Return path from the checkpoint's root, with `/` → bytes."""

    def read(self, path: str, offset: int = 0, length: int | None = None) -> bytes:
        """Return up to `length` bytes from `offset`, all the rest when None.

        Raises:
            OSError: the file cannot be read.
        """


def json_object(files: CheckpointFiles, path: str, problems: list[str]) -> dict[str, Any]:
    """Return a JSON object of the checkpoint; empty when it is missing, and with a problem noted when it is broken."""
    size = files.sizes().get(path)
    if size is None:
        return {}
    if size > _JSON_CAP:
        problems.append(f"{path} is too large to be read.")
        return {}
    try:
        value = json.loads(files.read(path), parse_constant=_no_number)
    except OSError as error:
        problems.append(f"{path} cannot be read: {error.strerror or error}.")
        return {}
    except (ValueError, RecursionError) as error:
        problems.append(f"{path} is not valid JSON{place_of(error)}.")
        return {}
    if not isinstance(value, dict):
        problems.append(f"{path} is not a JSON object.")
        return {}
    return value


def place_of(error: ValueError | RecursionError) -> str:
    """Return where JSON is broken, in brackets; empty where that is not known."""
    line, column = getattr(error, "lineno", None), getattr(error, "colno", None)
    return "" if line is None else f" (line {line}, column {column})"


def _no_number(_: str) -> None:
    """NaN and the infinities are no JSON, though Python writes and reads them: what is passed on must be."""


def reader_of(files: CheckpointFiles, path: str) -> ReadAt:
    """Return a function that reads spans of one file."""
    return lambda offset, length: files.read(path, offset, length)
