"""Tables: gathered cell by cell, laid out in columns that fit the width, or scroll sideways where they cannot."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from hubtui.cards.model import Line, Span, Style
from hubtui.cards.wrap import line_width, split_rows, width_of, wrap

Align: TypeAlias = Literal["", "left", "center", "right"]

_SEPARATOR = " │ "
_MAX_WORD = 24  # a longer word (an address, a path) is cut before it makes its column wide
_MAX_COLUMN = 48  # widest column of a table that does not fit anyway
_MAX_COLUMNS = 100
_MAX_SPAN = 50
_MAX_NUMBER = 24
_SIGNS = re.compile(r"[\[*_`<&\\]")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\n]*\)")
_DRESS = re.compile(r"\\(.)|[*`]|<[^<>]*>")
_NUMBER = re.compile(r"[-+±~≈<>≤≥]?\s*[$€£]?\d[\d.,' _]*(?:\s*(?:%|[kKMBTG]i?B?|x|ms|s|[*†‡]|±.*))?$|[-–—]$|$")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its spans (newlines break lines), how it is aligned, over how many columns and rows it goes."""

    spans: list[Span]
    align: Align = ""
    is_head: bool = False
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class TablePlan:
    """What the columns of a long table need, measured on its source: cells of the widest text and of the widest word.

    The pieces that such a table is laid out in must agree, before its end has been read.
    """

    natural: tuple[int, ...]
    narrowest: tuple[int, ...]
    numeric: tuple[bool, ...]


@dataclass(slots=True)
class TableBuilder:
    """Gathers the rows of a table; cells that span columns or rows leave the places behind them empty."""

    rows: list[list[Cell]] = field(default_factory=list)
    images: list[tuple[str, str]] = field(default_factory=list)
    plan: TablePlan | None = None
    _pending: dict[int, int] = field(default_factory=dict)  # column: rows that a cell above still covers

    def start_row(self) -> None:
        """Begin the next row."""
        self.rows.append([])
        self._skip_covered()

    def add(self, cell: Cell) -> None:
        """Put a cell into the next free place of the current row."""
        if not self.rows:
            self.start_row()
        row = self.rows[-1]
        if len(row) >= _MAX_COLUMNS:
            return
        row_span = min(cell.rows, _MAX_SPAN) - 1
        for offset in range(min(cell.columns, _MAX_SPAN)):
            if row_span > 0:
                self._pending[len(row)] = row_span
            row.append(cell if offset == 0 else Cell([], cell.align, cell.is_head))
        self._skip_covered()

    def _skip_covered(self) -> None:
        row = self.rows[-1]
        while (left := self._pending.get(len(row), 0)) > 0:
            self._pending[len(row)] = left - 1
            row.append(Cell([]))


def plan_table(rows: list[list[str]]) -> TablePlan:
    """Measure the columns of a table by the Markdown of its rows, the first of which is its head."""
    count = min(len(rows[0]), _MAX_COLUMNS)
    natural, narrowest, numeric = [1] * count, [1] * count, [True] * count
    for number, row in enumerate(rows):
        for column, source in enumerate(row[:count]):
            text = _plain(source)
            natural[column] = max(natural[column], width_of(text))
            narrowest[column] = max(narrowest[column], _longest_word(text))
            if number and numeric[column]:
                numeric[column] = len(text) <= _MAX_NUMBER and _NUMBER.match(text) is not None
    return TablePlan(tuple(natural), tuple(narrowest), tuple(numeric))


def _plain(source: str) -> str:
    """Return about what a cell will show; the place of a link's number is kept free."""
    text = source.strip()
    if _SIGNS.search(text) is None:
        return text
    return _DRESS.sub(lambda match: match[1] or "", _LINK.sub(r"\1[99]", text))


def table_lines(rows: list[list[Cell]], width: int, plan: TablePlan | None = None) -> list[Line]:
    """Lay a table out.

    Columns keep their natural width if the table then fits `width`; else long cells are wrapped as far as their words
    allow. A table whose words do not fit keeps columns of a readable width and is wider than `width`. A piece of a long
    table has its columns as its `plan` says.
    """
    rows = [row for row in rows if row]
    if not rows:
        return []
    count = max(len(row) for row in rows)
    grid = [row + [Cell([])] * (count - len(row)) for row in rows]
    natural, narrowest = _needs(grid, count) if plan is None else _planned(plan, count)
    widths = _column_widths(natural, narrowest, width)
    aligns = _column_aligns(grid, count, plan)
    head_rows = 0
    while head_rows < len(grid) and any(c.is_head for c in grid[head_rows]) and _is_head_row(grid[head_rows]):
        head_rows += 1
    lines: list[Line] = []
    for number, row in enumerate(grid):
        if number == head_rows and number > 0:
            lines.append((Span("─┼─".join("─" * cells for cells in widths), Style.TABLE_BORDER),))
        if any(cell.spans for cell in row):
            lines.extend(_row_lines(row, widths, aligns))
    return lines


def _is_head_row(row: list[Cell]) -> bool:
    return all(cell.is_head or not cell.spans for cell in row)


def _needs(grid: list[list[Cell]], count: int) -> tuple[list[int], list[int]]:
    natural, narrowest = [1] * count, [1] * count
    for row in grid:
        for column, cell in enumerate(row):
            for line in split_rows(cell.spans):
                natural[column] = max(natural[column], line_width(line))
                narrowest[column] = max(narrowest[column], _longest_word("".join(span.text for span in line)))
    return natural, narrowest


def _planned(plan: TablePlan, count: int) -> tuple[list[int], list[int]]:
    missing = [1] * (count - len(plan.natural))
    return [*plan.natural[:count], *missing], [*plan.narrowest[:count], *missing]


def _column_widths(natural: list[int], narrowest: list[int], width: int) -> list[int]:
    room = width - len(_SEPARATOR) * (len(natural) - 1)
    if sum(natural) <= room:
        return natural
    if sum(narrowest) > room:
        return [min(cells, max(_MAX_COLUMN, least)) for cells, least in zip(natural, narrowest, strict=True)]
    return _shared(natural, narrowest, room)


def _shared(natural: list[int], narrowest: list[int], room: int) -> list[int]:
    """Give each column what its words need, and the rest to those that want more: the modest ones first."""
    widths = list(narrowest)
    spare = room - sum(widths)
    wanting = sorted(range(len(widths)), key=lambda column: natural[column] - narrowest[column])
    for place, column in enumerate(wanting):
        share = spare // (len(wanting) - place)
        granted = min(natural[column] - widths[column], share)
        widths[column] += granted
        spare -= granted
    return widths


def _longest_word(text: str) -> int:
    return min(_MAX_WORD, max((width_of(word) for word in text.split(" ")), default=0))


def _column_aligns(grid: list[list[Cell]], count: int, plan: TablePlan | None) -> list[Align]:
    """Return how each column is aligned: as written, else numbers to the right."""
    aligns: list[Align] = []
    for column in range(count):
        if plan is not None:
            aligns.append("right" if column < len(plan.numeric) and plan.numeric[column] else "left")
            continue
        body = [row[column] for row in grid if not row[column].is_head]
        numeric = any(cell.spans for cell in body) and all(map(_is_number, body))
        aligns.append("right" if numeric else "left")
    return aligns


def _is_number(cell: Cell) -> bool:
    text = "".join(span.text for span in cell.spans)
    return len(text) <= _MAX_NUMBER and _NUMBER.match(text) is not None


def _row_lines(row: list[Cell], widths: list[int], aligns: list[Align]) -> list[Line]:
    columns = [wrap(cell.spans, cells) for cell, cells in zip(row, widths, strict=True)]
    border = Span(_SEPARATOR, Style.TABLE_BORDER)
    lines: list[Line] = []
    for number in range(max(map(len, columns))):
        line: list[Span] = []
        for column, cell_lines in enumerate(columns):
            if column:
                line.append(border)
            content = cell_lines[number] if number < len(cell_lines) else ()
            align = row[column].align or aligns[column]
            line.extend(_padded(content, widths[column], align, last=column == len(columns) - 1))
        lines.append(tuple(line))
    return lines


def _padded(content: Line, cells: int, align: Align, *, last: bool) -> list[Span]:
    missing = cells - line_width(content)
    left = 0 if align in {"", "left"} else missing if align == "right" else missing // 2
    padded = [Span(" " * left)] if left > 0 else []
    padded.extend(content)
    if not last and missing - left > 0:
        padded.append(Span(" " * (missing - left)))
    return padded
