"""One row of results as a line: which columns there is room for, and what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from hubtui.core.numbers import age_text, count_text
from hubtui.ui.text import (
    BOOKMARK_MARK,
    CACHED_MARK,
    DOWNLOADS_MARK,
    FIT_MARKS,
    GATED_MARK,
    LIKES_MARK,
    Piece,
    cells,
    fit,
    shorten,
)
from hubtui.ui.theme import Inks

if TYPE_CHECKING:
    from rich.style import Style

    from hubtui.core.fit import Verdict
    from hubtui.core.models import ModelRow

_WIDTHS = {
    "marks": 7,
    "parameters": 7,
    "downloads": 7,
    "age": 5,
    "likes": 6,
    "task": 18,
    "format": 6,
    "library": 15,
    "license": 14,
}
"""Column → its cells, the most telling one first."""

_ID_BESIDE_NUMBERS = 28
_ID_BESIDE_WORDS = 34
_WORDS = frozenset({"task", "library", "license"})
_ORDER = ("task", "library", "license", "parameters", "downloads", "likes", "age", "format", "marks")
_LONGEST_ID = 76
"""Beyond this the numbers of a row stand too far from its id to be read together."""

_OF_SORT = {"downloads": "downloads", "likes": "likes", "updated": "age", "created": "age"}
"""Order of the results → the column that shows it."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns for one width, in the order in which they stand.

    Attributes:
        id_width: cells that the id gets.
        rest: empty cells at the end.
        is_age_of_creation: the age is counted from the first commit, not from the last.
    """

    id_width: int
    names: tuple[str, ...]
    rest: int = 0
    is_age_of_creation: bool = False


@dataclass(frozen=True, slots=True)
class RowMarks:
    """What this machine knows about a row; `fit` is None before the devices were read."""

    fit: Verdict | None = None
    is_bookmarked: bool = False


def columns_for(width: int, sort: str = "") -> Columns:
    """Return the columns that fit beside a readable id: the marks, what the results are sorted by, the most telling."""
    room = width - 1
    chosen: list[str] = []
    by = _OF_SORT.get(sort, "")
    for name in dict.fromkeys(("marks", "parameters", *([by] if by else ()), *_WIDTHS)):
        least = _ID_BESIDE_WORDS if name in _WORDS else _ID_BESIDE_NUMBERS
        if room - _WIDTHS[name] >= least:
            chosen.append(name)
            room -= _WIDTHS[name]
    names = tuple(name for name in _ORDER if name in chosen)
    return Columns(min(room, _LONGEST_ID), names, max(0, room - _LONGEST_ID), sort == "created")


def row_line(
    row: ModelRow,
    columns: Columns,
    marks: RowMarks,
    inks: Inks,
    *,
    now: datetime,
    words: Sequence[str] = (),
    note: str = "",
) -> list[Piece]:
    """Return a row as pieces; `words` of the search are lit in the id, and a short note stands after it."""
    width = columns.id_width - (cells(note) + 1 if note else 0)
    line: list[Piece] = [(" ", inks.text), *_id(row.id, width, inks, words)]
    if note:
        line.append((f" {note}", inks.accent))
    return [*line, *_facts(row, columns, marks, inks, now)]


def member_line(
    row: ModelRow, relation: str, columns: Columns, marks: RowMarks, inks: Inks, *, now: datetime
) -> list[Piece]:
    """Return a row that stands under the model it was made from; `relation` says how, where there is room for it."""
    note = relation if columns.id_width >= _ID_BESIDE_WORDS + cells(relation) else ""
    width = columns.id_width - 4 - (cells(note) + 1 if note else 0)
    line: list[Piece] = [("   └ ", inks.faint), *_id(row.id, width, inks, ())]
    if note:
        line.append((f" {note}", inks.muted))
    return [*line, *_facts(row, columns, marks, inks, now)]


def _facts(row: ModelRow, columns: Columns, marks: RowMarks, inks: Inks, now: datetime) -> list[Piece]:
    line: list[Piece] = []
    for name in columns.names:
        width = _WIDTHS[name]
        if name in _WORDS:
            line.append((" " + fit(_word(row, name), width - 1), inks.muted))
        elif name == "parameters":
            known = "" if row.parameters is None else count_text(row.parameters)
            line.append((fit(known, width, "right"), inks.text))
        elif name == "downloads":
            line += [(fit(count_text(row.downloads), width - 1, "right"), inks.text), (DOWNLOADS_MARK, inks.muted)]
        elif name == "likes":
            line += [(fit(count_text(row.likes), width - 1, "right"), inks.muted), (LIKES_MARK, inks.muted)]
        elif name == "format":
            line.append((" " + fit(_format(row.formats), width - 1), _format_style(row.formats, inks)))
        elif name == "age":
            when = row.created if columns.is_age_of_creation else row.updated
            known = "" if when is None else age_text(when, now)
            line.append((fit(known, width, "right"), inks.muted))
        else:
            line += _marks(row, marks, inks)
    return [*line, (" " * columns.rest, inks.text)] if columns.rest else line


def _word(row: ModelRow, name: str) -> str:
    return {"task": row.pipeline_tag, "library": row.library, "license": row.license}[name]


def _id(model_id: str, width: int, inks: Inks, words: Sequence[str]) -> list[Piece]:
    shown = shorten(model_id, width)
    namespace = shown.find("/") + 1
    pieces: list[Piece] = []
    lit = _lit(shown, words)
    for index, char in enumerate(shown):
        style = inks.accent if lit[index] else inks.muted if index < namespace else inks.text
        if pieces and pieces[-1][1] is style:
            pieces[-1] = (pieces[-1][0] + char, style)
        else:
            pieces.append((char, style))
    return [*pieces, (" " * (width - cells(shown)), inks.text)]


def _lit(shown: str, words: Sequence[str]) -> list[bool]:
    lit = [False] * len(shown)
    lower = shown.lower()
    if len(lower) != len(shown):
        return lit
    for word in words:
        at = lower.find(word.lower())
        if word and at >= 0:
            lit[at : at + len(word)] = [True] * len(word)
    return lit


_SHORT = {"safetensors": "sft", "gguf": "gguf", "pickle": "pkl", "onnx": "onnx", "tensorflow": "tf", "jax": "jax"}
"""Format → its short name, the most welcome first."""


def _format(formats: Sequence[str]) -> str:
    return next((short for name, short in _SHORT.items() if name in formats), "")


def _format_style(formats: Sequence[str], inks: Inks) -> Style:
    is_pickle_only = "pickle" in formats and not {"safetensors", "gguf", "onnx"} & set(formats)
    return inks.warn if is_pickle_only else inks.muted


def _marks(row: ModelRow, marks: RowMarks, inks: Inks) -> list[Piece]:
    verdict = marks.fit
    style = {"fits": inks.good, "tight": inks.warn, "no": inks.bad}.get(verdict or "", inks.muted)
    return [
        ("  ", inks.text),
        (FIT_MARKS[verdict] if verdict else " ", style),
        (" ", inks.text),
        (GATED_MARK if row.gated else " ", inks.warn),
        (CACHED_MARK if row.is_cached else " ", inks.good),
        (BOOKMARK_MARK if marks.is_bookmarked else " ", inks.accent),
    ]
