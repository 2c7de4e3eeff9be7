"""The list of results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from hubtui.ui import clock
from hubtui.ui.text import Line
from hubtui.ui.widgets.lines_view import LinesView
from hubtui.ui.widgets.result_columns import Columns, RowMarks, columns_for, row_line

if TYPE_CHECKING:
    from hubtui.core.models import ModelRow


class ResultsView(LinesView):
    """Rows of models, as many as were fetched; the owner adds more when `NearEnd` comes."""

    key_context = "results"

    def __init__(self, marks_of: Callable[[ModelRow], RowMarks], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.rows: list[ModelRow] = []
        self._marks_of = marks_of
        self._words: Sequence[str] = ()
        self._columns = Columns(0, ())
        self._columns_width = -1

    @property
    def row(self) -> ModelRow | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    def show(self, rows: Sequence[ModelRow], words: Sequence[str] = (), *, cursor: int = 0) -> None:
        """Show other rows; `words` are lit in the ids."""
        self.rows = list(rows)
        self._words = words
        self.set_count(len(self.rows), cursor=cursor)

    def extend(self, rows: Sequence[ModelRow]) -> None:
        """Add rows at the end; cursor and position stay."""
        self.rows += rows
        self.grow(len(self.rows))

    def line(self, index: int, width: int) -> Line:
        """Return the row at `index`."""
        if width != self._columns_width:
            self._columns, self._columns_width = columns_for(width), width
        row = self.rows[index]
        return row_line(row, self._columns, self._marks_of(row), self.inks, now=clock.now(), words=self._words)
