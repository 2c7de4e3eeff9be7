"""The matrix that goes to the model: a row a sequence (or a window of one), a column a position, pads included."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.message import Message

from hubtui.core.tokens import MatrixRow, MatrixWindow, TokenMatrix, TokenRow
from hubtui.core.untrusted import reveal
from hubtui.ui import text
from hubtui.ui.actions import bindings
from hubtui.ui.text import Line, Piece
from hubtui.ui.theme import Inks
from hubtui.ui.widgets.lines_view import LinesView
from hubtui.ui.widgets.painted import Painted

PAD, UNKNOWN, SPECIAL = "░", "?", "·"
"""Marks of cells, so that no colour is needed to tell them apart."""

_MARKS = {"pad": PAD, "unknown": UNKNOWN, "special": SPECIAL, "text": " "}
_TOKEN = 9
_MIN_GUTTER = 4
_STEPS = (1, 2, 5, 10, 20, 50)
_AHEAD = 2
"""Views of columns that are asked for at once; rows half as far."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What cells show.

    Attributes:
        word: of a cell.
        is_text: the words are words, and begin at the left.
    """

    word: Callable[[TokenRow], str]
    is_text: bool = False


SHOWN: Mapping[str, Shown] = {
    "ids": Shown(lambda cell: str(cell.id)),
    "tokens": Shown(lambda cell: reveal(cell.token), is_text=True),
    "mask": Shown(lambda cell: str(cell.attention_mask)),
    "types": Shown(lambda cell: str(cell.type_id)),
}
"""Name → what the cells show, in the order in which they are gone through."""


@dataclass(frozen=True, slots=True)
class Geometry:
    """Where cells are: `gutter` cells for the number of the row, then columns of `cell` cells, a blank before each.

    Attributes:
        first: column in sight.
        is_text: words begin at the left of their cells, numbers end at the right.
    """

    gutter: int
    cell: int
    first: int
    is_text: bool = False

    def columns(self, width: int) -> int:
        """Return how many whole columns fit; the last has a blank behind it for its bracket."""
        return max(1, (width - self.gutter - 1) // self.cell)


class GridHead(Painted):
    """The numbers of the columns."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._geometry = Geometry(_MIN_GUTTER, 6, 0)
        self._last = 0

    def show(self, geometry: Geometry, last: int) -> None:
        """Number the columns up to `last`, which is not among them."""
        if (geometry, last) != (self._geometry, self._last):
            self._geometry, self._last = geometry, last
            self.changed()

    def lines(self, width: int) -> list[Line]:  # noqa: ARG002 - as many columns as the matrix shows
        """Return the one line; where numbers are wider than columns, only every other (fifth, …) has one."""
        at = self._geometry
        room = len(str(max(0, self._last - 1))) + 1
        step = next(step for step in _STEPS if step * at.cell >= room)
        line = ""
        for column in range(at.first, self._last):
            label, left = str(column), at.gutter + (column - at.first) * at.cell
            start = left + 2 if at.is_text else left + at.cell - len(label)
            if column % step == 0 and start >= len(line):
                line += " " * (start - len(line)) + label
        return [[(line, self.inks.muted)]]


class TokenGrid(LinesView):
    """The matrix, of which only a part is known; `WindowWanted` asks for another, `CellMoved` names the cell."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("list", "tokens-grid")
    key_context: ClassVar[str] = "tokens-grid"
    has_cursor: ClassVar[bool] = True

    class WindowWanted(Message):
        """Cells came into sight that are not known."""

        def __init__(self, grid: TokenGrid, window: MatrixWindow) -> None:
            super().__init__()
            self.grid = grid
            self.window = window

    class CellMoved(Message):
        """The cursor stands on another cell, or other columns are in sight."""

        def can_replace(self, message: Message) -> bool:
            """Let the last of many stand for all."""
            return isinstance(message, TokenGrid.CellMoved)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._matrix: TokenMatrix | None = None
        self._asked: MatrixWindow | None = None
        self._digits = 3
        self._first_column = 0
        self.column = 0
        self.shown = "ids"

    # -- what an owner does

    def window(self) -> MatrixWindow:
        """Return the part that is worth asking for: what is in sight and some around it."""
        rows, columns = max(1, self.size.height), self.geometry.columns(self.view_width)
        return MatrixWindow(
            first_row=max(0, self.first_line - rows // 4),
            rows=rows + rows // 2,
            first_column=max(0, self._first_column - columns // 2),
            columns=columns * _AHEAD,
        )

    def show(self, matrix: TokenMatrix, vocab_size: int) -> None:
        """Show a part of a matrix; the cursor stays where it can."""
        self._matrix, self._asked = matrix, None
        self._digits = max(3, len(str(max(0, vocab_size - 1))))
        self.column = max(0, min(self.column, matrix.longest - 1))
        self._bring_column_into_sight()
        self.set_count(matrix.n_rows)
        self.post_message(self.CellMoved())

    def clear(self) -> None:
        """Show nothing."""
        self._matrix = None
        self.set_count(0)

    def show_next(self) -> None:
        """Show the next property of the cells."""
        names = list(SHOWN)
        self.shown = names[(names.index(self.shown) + 1) % len(names)]
        self._bring_column_into_sight()
        self.repaint()
        self.post_message(self.CellMoved())

    @property
    def geometry(self) -> Geometry:
        """Where the cells are."""
        n_rows = self._matrix.n_rows if self._matrix else 0
        widths = {"ids": self._digits + 2, "tokens": _TOKEN + 1, "mask": 3, "types": 3}
        gutter, is_text = max(_MIN_GUTTER, len(str(n_rows)) + 2), SHOWN[self.shown].is_text
        return Geometry(gutter, widths[self.shown], self._first_column, is_text)

    @property
    def last_column(self) -> int:
        """The first column behind those in sight."""
        longest = self._matrix.longest if self._matrix else 0
        return min(self._first_column + self.geometry.columns(self.view_width), longest)

    def row_at(self, index: int) -> MatrixRow | None:
        """Return a row, None when it is not known."""
        if self._matrix is None:
            return None
        at = index - self._matrix.window.first_row
        return self._matrix.rows[at] if 0 <= at < len(self._matrix.rows) else None

    def cell_at(self, row: MatrixRow, column: int) -> TokenRow | None:
        """Return a cell, None when it is not known or the row ends before it."""
        if self._matrix is None:
            return None
        at = column - self._matrix.window.first_column
        return row.cells[at] if 0 <= at < len(row.cells) else None

    # -- painting

    def line(self, index: int, width: int) -> Line:
        """Return the cells of a row that are in sight."""
        row, at = self.row_at(index), self.geometry
        if row is None:
            self._ask()
            return [("…".rjust(at.gutter), self.inks.faint)]
        is_first = row.window == 0
        label = str(row.sequence + 1) if is_first else f"+{row.window}"
        pieces: list[Piece] = [(label.rjust(at.gutter - 1) + " ", self.inks.strong if is_first else self.inks.muted)]
        last = min(at.first + at.columns(width), row.length)
        mark = self.column if index == self.cursor else -2
        for column in range(at.first, last):
            pieces += self._cell(row, column, mark, at.cell - 1)
        if mark == last - 1:
            pieces.append(("]", self.inks.accent))
        return pieces

    def _cell(self, row: MatrixRow, column: int, marked: int, width: int) -> list[Piece]:
        gap = "[" if column == marked else "]" if column == marked + 1 else " "
        before: Piece = (gap, self.inks.accent)
        cell = self.cell_at(row, column)
        if cell is None:
            self._ask()
            return [before, ("…".rjust(width), self.inks.faint)]
        return [before, (cell_words(cell, self.shown, width), ink_of_cell(cell, self.inks))]

    def _ask(self) -> None:
        window = self.window()
        if window != self._asked:
            self._asked = window
            self.post_message(self.WindowWanted(self, window))

    # -- moving

    def move_to(self, index: int) -> None:
        """Put the cursor on another row."""
        before = self.cursor
        super().move_to(index)
        if self.cursor != before:
            self.post_message(self.CellMoved())

    def move_column(self, column: int) -> None:
        """Put the cursor on another column."""
        longest = self._matrix.longest if self._matrix else 0
        column = max(0, min(column, longest - 1))
        if column == self.column:
            return
        self.column = column
        if self._bring_column_into_sight():
            self.repaint()
        else:
            self.repaint_line(self.cursor)
        self.post_message(self.CellMoved())

    def _bring_column_into_sight(self) -> bool:
        """Say whether other columns are in sight than before."""
        columns, before = self.geometry.columns(self.view_width), self._first_column
        longest = self._matrix.longest if self._matrix else 0
        if self.column < self._first_column:
            self._first_column = self.column
        elif self.column >= self._first_column + columns:
            self._first_column = self.column - columns + 1
        self._first_column = max(0, min(self._first_column, longest - columns))
        return before != self._first_column

    def action_scroll_sideways(self, cells: int) -> None:
        """Go to the next column, or the one before."""
        self.move_column(self.column + (1 if cells > 0 else -1))

    def action_page_sideways(self, pages: int) -> None:
        """Go as many columns on as are in sight."""
        self.move_column(self.column + pages * self.geometry.columns(self.view_width))

    def action_grid_column(self, end: int) -> None:
        """Go to the first column, or the last of this row."""
        row = self.row_at(self.cursor)
        longest = self._matrix.longest if self._matrix else 0
        self.move_column(0 if end < 0 else (row.length if row is not None else longest) - 1)

    def on_resize(self) -> None:
        """Keep the cell in sight."""
        self._bring_column_into_sight()
        self.repaint()
        self.post_message(self.CellMoved())

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the cell that was clicked."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        event.stop()
        at = self.geometry
        if offset.x >= at.gutter:
            self.move_column(at.first + (offset.x - at.gutter) // at.cell)
        self.move_to(self.first_line + offset.y)


def cell_words(cell: TokenRow, shown: str, width: int) -> str:
    """Return what a cell shows, `width` cells wide, after the mark of its kind; a pad fills its cell."""
    how, mark = SHOWN[shown], _MARKS[cell.kind]
    words = text.shorten(how.word(cell), width - 1)
    fill = (PAD if cell.kind == "pad" else " ") * (width - 1 - text.cells(words))
    return (
        f"{mark}{words}{fill}" if how.is_text else f"{fill}{mark}{words}" if cell.kind != "pad" else mark + fill + words
    )


def ink_of_cell(cell: TokenRow, inks: Inks) -> Style:
    """Return the style of a cell: text plain, so that what is not text stands out."""
    return {"pad": inks.muted, "special": inks.accent, "unknown": inks.bad, "text": inks.text}[cell.kind]
