"""Lines of which some open what is folded below them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from textual import on
from textual.binding import BindingType

from hubtui.ui.actions import bindings
from hubtui.ui.text import Line
from hubtui.ui.theme import Inks
from hubtui.ui.widgets.lines_view import LinesView

OPEN_MARK, FOLDED_MARK = "▾", "▸"


@dataclass(frozen=True, slots=True)
class FoldLine:
    """A line.

    Attributes:
        fold: what it folds, or is a part of; empty for a line that no fold holds.
        is_head: it stays when its fold is closed.
    """

    pieces: Line
    fold: str = ""
    is_head: bool = False


FoldMaker: TypeAlias = Callable[[frozenset[str], int, Inks], Sequence[FoldLine]]
"""Takes what is open, cells and styles."""


class FoldLines(LinesView):
    """Shows what a maker makes; enter opens or folds what the cursor is in.

    Args:
        outer: the folds that `a` opens and folds; others lie inside of them.
        first: those of them that are opened at first, in this order and for as long as there is room.
    """

    key_context: ClassVar[str] = "tokens-stages"
    BINDINGS: ClassVar[list[BindingType]] = bindings("tokens-stages")

    def __init__(self, outer: Sequence[str], first: Sequence[str], *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._outer, self._first = frozenset(outer), tuple(first)
        self._opened: frozenset[str] | None = None
        self._make: FoldMaker | None = None
        self._lines: Sequence[FoldLine] = ()
        self._made_for: tuple[int, str] = (0, "")

    def show(self, make: FoldMaker | None) -> None:
        """Show what a maker makes, with the same folds open; None shows nothing."""
        self._make = make
        self._remake()

    def _remake(self) -> None:
        width, before, was_for = self.view_width, self._lines, self._made_for
        self._made_for = (width, self.app.theme)
        if self._make is None or not width:
            self._lines = ()
        else:
            if self._opened is None:
                self._opened = self._opened_at_first(self._make, width)
            self._lines = self._make(self._opened, width, self.inks)
        changed = [at for at, (old, new) in enumerate(zip(before, self._lines, strict=False)) if old != new]
        self.set_count(len(self._lines), changed=changed if was_for == self._made_for else None)

    def _opened_at_first(self, make: FoldMaker, width: int) -> frozenset[str]:
        opened: frozenset[str] = frozenset()
        for fold in self._first:
            wider = opened | {fold}
            if len(make(wider, width, self.inks)) > self.size.height:
                break
            opened = wider
        return opened

    def line(self, index: int, width: int) -> Line:  # noqa: ARG002 - made already
        """Return the pieces of a line."""
        return self._lines[index].pieces

    @on(LinesView.Chosen)
    def _fold_chosen(self, event: LinesView.Chosen) -> None:
        event.stop()
        self.action_fold()

    def action_fold(self) -> None:
        """Open or fold what the cursor is in."""
        fold = self._lines[self.cursor].fold if 0 <= self.cursor < len(self._lines) else ""
        if fold:
            self._open((self._opened or frozenset()) ^ {fold}, fold)

    def action_fold_all(self) -> None:
        """Fold everything, or open all when nothing is open."""
        fold = self._lines[self.cursor].fold if 0 <= self.cursor < len(self._lines) else ""
        self._open(frozenset() if self._opened else self._outer, fold)

    def _open(self, opened: frozenset[str], fold: str) -> None:
        self._opened = opened
        self._remake()
        held = [at for at, line in enumerate(self._lines) if line.fold == fold]
        if not held:
            return
        self.move_to(held[0])
        # what was opened is to be seen, as far as its head stays in sight
        lowest = min(held[0], held[-1] - self.size.height + 1)
        if lowest > self.first_line:
            self.scroll_to(y=lowest, animate=False, force=True)

    def on_resize(self) -> None:
        """Make the lines for the new width."""
        if self._made_for != (self.view_width, self.app.theme):
            self._remake()

    def notify_style_update(self) -> None:
        """Make the lines with the inks of the new theme."""
        super().notify_style_update()
        if self.is_mounted and self._made_for[1] != self.app.theme:
            self._remake()
