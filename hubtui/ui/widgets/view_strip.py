"""The views of a tab as one line of names."""

from __future__ import annotations

from collections.abc import Sequence

from hubtui.ui.text import Line, Piece, hit
from hubtui.ui.widgets.painted import Painted


class ViewStrip(Painted):
    """`pieces  batch  stages … , . view`; a click posts `Hit` with the name of the view.

    Args:
        names: of the views; with one alone there is nothing to choose, and no line.
        keys: that go to the view before and the next, as they are shown.
    """

    def __init__(self, names: Sequence[str], keys: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._names = tuple(names)
        self._keys = keys
        self._active = names[0]

    def show(self, active: str) -> None:
        """Mark a view."""
        self._active = active
        self.changed()

    def lines(self, width: int) -> Sequence[Line]:
        """Return the one line: without the keys where there is no room for them."""
        if len(self._names) < 2:
            return ()
        ink = self.inks
        pieces: list[Piece] = []
        for at, name in enumerate(self._names):
            is_active = name == self._active
            pieces.append(("  " if at else "", ink.text))
            # the mark tells the active view apart where there is no colour
            pieces.append((f"▸{name}" if is_active else name, hit(ink.accent if is_active else ink.muted, name)))
        used = sum(len(words) for words, _ in pieces)
        rest = width - used - len(self._keys)
        if rest >= 2:
            pieces += [(" " * rest, ink.text), (self._keys, ink.key)]
        return [pieces]
