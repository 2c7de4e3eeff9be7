"""The lines of a text diff, in the colours of what came and what went."""

from __future__ import annotations

from typing import ClassVar

from hubtui.core.differences import TextDiff
from hubtui.ui.text import Line, cells
from hubtui.ui.widgets.lines_view import LinesView


class DiffView(LinesView):
    """Shows a diff without wrapping it; keys scroll."""

    has_cursor: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[str] = []
        self._is_remark = False

    def show(self, diff: TextDiff) -> None:
        """Show a diff from its beginning, or why there is none."""
        more = ["…", "More changed than is shown."] if diff.is_cut else []
        # the first two lines of a unified diff name the file, which the title does already
        self._lay([*diff.lines[2:], *more] if diff.lines else [diff.reason], is_remark=not diff.lines)

    def say(self, words: str) -> None:
        """Show a remark."""
        self._lay([words], is_remark=True)

    def _lay(self, lines: list[str], *, is_remark: bool) -> None:
        self._lines, self._is_remark = [line.replace("\t", "    ") for line in lines], is_remark
        self.set_count(len(self._lines), width=max(map(cells, self._lines), default=0) + 1)
        self.scroll_to(y=0, animate=False, force=True)

    def line(self, index: int, width: int) -> Line:  # noqa: ARG002 - lines are not wrapped
        """Return the pieces of a line."""
        words, ink = self._lines[index], self.inks
        if self._is_remark:
            return [(words, ink.muted)]
        tone = {"+": ink.good, "-": ink.bad, "@": ink.accent}.get(words[:1], ink.text)
        return [(words, tone)]
