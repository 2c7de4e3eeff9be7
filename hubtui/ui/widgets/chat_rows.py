"""The messages of a conversation one a line, and below them tools, variables and the whole as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from hubtui.core.untrusted import clean
from hubtui.ui.text import Line, fit
from hubtui.ui.widgets.lines_view import LinesView

_NUMBER, _ROLE, _COUNT = 3, 12, 6


@dataclass(frozen=True, slots=True)
class ChatRow:
    """One line.

    Attributes:
        number: of the message, empty for what is none.
        name: its role, or what it is.
        words: what it says.
        count: its tokens, as words.
        is_odd: what was typed cannot be read.
        is_quiet: there is nothing in it.
    """

    number: str
    name: str
    words: str
    count: str = ""
    is_odd: bool = False
    is_quiet: bool = False


class ChatRows(LinesView):
    """Rows under a cursor; the editor shows the text of that row."""

    key_context: ClassVar[str] = "tokens-chat"
    tells_moves: ClassVar[bool] = True
    DEFAULT_CSS = "ChatRows { height: 1; max-height: 9; padding: 0 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[ChatRow] = ()

    def show(self, rows: Sequence[ChatRow], cursor: int) -> None:
        """Show rows, with the cursor on one of them."""
        before, self._rows = self._rows, tuple(rows)
        changed = [at for at, (old, new) in enumerate(zip(before, rows, strict=False)) if old != new]
        self.set_count(len(rows), cursor=cursor, changed=changed)
        if len(before) != len(rows):
            self.styles.height = max(1, len(rows))
        self.call_after_refresh(self._bring_into_sight, self.cursor)

    def line(self, index: int, width: int) -> Line:
        """Return number, role, words and tokens of a row."""
        row, inks = self._rows[index], self.inks
        room = max(4, width - _NUMBER - _ROLE - _COUNT - 2)
        role = inks.bad if row.is_odd else inks.muted if row.is_quiet or not row.number else inks.accent
        return [
            (f"{row.number:>{_NUMBER}} ", inks.muted),
            (fit(clean(row.name), _ROLE - 1) + " ", role),
            (fit(("✗ " if row.is_odd else "") + clean(row.words), room), inks.muted if row.is_quiet else inks.text),
            (f" {row.count:>{_COUNT}}", inks.strong if row.number and row.count[:1].isdigit() else inks.muted),
        ]
