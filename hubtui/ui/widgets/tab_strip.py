"""The tabs of the model pane as one line: numbers are the keys."""

from __future__ import annotations

from collections.abc import Sequence

from hubtui.ui.text import Line, Piece, hit, width_of
from hubtui.ui.widgets.painted import Painted


class TabStrip(Painted):
    """`─ 1 Card ─ 2 Files ─[3 Tokens]─…` across the pane; a click posts `Hit` with the number of the tab."""

    DEFAULT_CSS = "TabStrip { height: 1; }"

    def __init__(self, titles: Sequence[str], *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._titles = tuple(titles)
        self._active = 1

    def show(self, active: int) -> None:
        """Mark tab `active`, counted from 1."""
        self._active = active
        self.changed()

    def lines(self, width: int) -> Sequence[Line]:
        """Return the one line: numbers alone for other tabs when there is no room for the titles."""
        pieces = self._pieces(spaced=True)
        if width_of(pieces) > width:
            pieces = self._pieces(spaced=False)
        rest = width - width_of(pieces)
        return [[*pieces, ("─" * max(0, rest), self.inks.faint)]]

    def _pieces(self, *, spaced: bool) -> list[Piece]:
        ink = self.inks
        pieces: list[Piece] = []
        for number, title in enumerate(self._titles, start=1):
            is_active = number == self._active
            name = str(number)
            pieces.append(("─" if spaced else "", ink.faint))
            pieces.append(("[" if is_active else " ", hit(ink.accent, name)))
            pieces.append((name, hit(ink.accent if is_active else ink.key, name)))
            if spaced or is_active:
                pieces.append((f" {title}", hit(ink.strong if is_active else ink.muted, name)))
            pieces.append(("]" if is_active else " ", hit(ink.accent, name)))
        return pieces
