"""The list of results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from hubtui.ui import clock
from hubtui.ui.text import Line
from hubtui.ui.widgets.lines_view import LinesView
from hubtui.ui.widgets.result_columns import Columns, RowMarks, columns_for, member_line, row_line

if TYPE_CHECKING:
    from hubtui.core.models import ModelRow
    from hubtui.ui.widgets.folded_rows import FoldedRows


class ResultsView(LinesView):
    """Rows of models, as many as were fetched; the owner adds more when `NearEnd` comes.

    The rows are the owner's sequence, not a copy: a list of a million opens as quickly as one of a thousand. Folded,
    the near-duplicates of a model stand under it, and only when its family is open.
    """

    key_context = "results"

    def __init__(self, marks_of: Callable[[ModelRow], RowMarks], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.rows: Sequence[ModelRow] = ()
        self._marks_of = marks_of
        self._words: Sequence[str] = ()
        self._columns = Columns(0, ())
        self._columns_for: tuple[int, str] = (-1, "")
        self._sort = ""
        self._folded: FoldedRows | None = None

    @property
    def row(self) -> ModelRow | None:
        """The row under the cursor."""
        if not 0 <= self.cursor < self.count:
            return None
        return self._folded.row(self.cursor) if self._folded else self.rows[self.cursor]

    @property
    def is_folded(self) -> bool:
        """Whether near-duplicates stand under the model that they were made from."""
        return self._folded is not None

    @property
    def hidden(self) -> int:
        """How many rows are folded away."""
        return self._folded.hidden if self._folded else 0

    def show(self, rows: Sequence[ModelRow], words: Sequence[str] = (), *, sort: str = "", cursor: int = 0) -> None:
        """Show other rows, which stand in the order `sort`; `words` are lit in the ids."""
        self.rows = rows
        self._words, self._sort = words, sort
        if self._folded is not None:
            self._folded = _fold(rows)
        self.set_count(len(self._folded or rows), cursor=cursor)

    def extend(self, rows: Sequence[ModelRow]) -> None:
        """Take note of rows that were added at the end of the sequence; cursor and position stay."""
        if self._folded is None:
            self.grow(len(self.rows))
            return
        kept = self.row
        self._folded.extend(rows)
        self._place(kept)

    def fold(self, is_folded: bool) -> None:
        """Fold near-duplicates, or show every row; the cursor stays on its model or goes to the head of its family."""
        if is_folded == self.is_folded:
            return
        kept = self.row
        self._folded = _fold(self.rows) if is_folded else None
        self._place(kept)

    def toggle_family(self) -> bool:
        """Open the family under the cursor, or close it; say whether there is one."""
        kept = self.row
        if self._folded is None or kept is None or not self._folded.toggle(self.cursor):
            return False
        self._place(kept)
        return True

    def _place(self, kept: ModelRow | None) -> None:
        cursor = 0
        if kept is not None and self._folded is not None:
            cursor = self._folded.place_of(kept.id)
        elif kept is not None:
            cursor = next((index for index, row in enumerate(self.rows) if row.id == kept.id), 0)
        self.set_count(len(self.rows) if self._folded is None else len(self._folded), cursor=cursor)
        self.move_to(cursor)

    def line(self, index: int, width: int) -> Line:
        """Return the row at `index`."""
        if (width, self._sort) != self._columns_for:
            self._columns, self._columns_for = columns_for(width, self._sort), (width, self._sort)
        if self._folded is None:
            return self._row_line(self.rows[index])
        entry = self._folded.entry(index)
        if entry.relation:
            return member_line(
                entry.row, entry.relation, self._columns, self._marks_of(entry.row), self.inks, now=clock.now()
            )
        return self._row_line(entry.row, f"+{entry.folded}" if entry.folded else "")

    def _row_line(self, row: ModelRow, note: str = "") -> Line:
        marks = self._marks_of(row)
        return row_line(row, self._columns, marks, self.inks, now=clock.now(), words=self._words, note=note)


def _fold(rows: Sequence[ModelRow]) -> FoldedRows:
    from hubtui.ui.widgets.folded_rows import FoldedRows  # noqa: PLC0415 - nothing is folded in the first frame

    return FoldedRows(rows)
