"""The text as the tokenizer cuts it: pieces with a visible boundary and a tint each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.style import Style

from hubtui.core.tokens import TokenRow
from hubtui.core.untrusted import reveal
from hubtui.ui.drawing import bounded
from hubtui.ui.text import Line
from hubtui.ui.theme import Inks
from hubtui.ui.widgets.made_lines import MadeLines


def ink_of(row: TokenRow, inks: Inks) -> Style:
    """Return the style of a token: neighbours differ, special, pad and unknown tokens have styles of their own."""
    if row.kind == "special":
        return inks.special
    if row.kind == "pad":
        return inks.pad
    if row.kind == "unknown":
        return inks.unknown
    return inks.tints[row.position % len(inks.tints)]


def piece_text(row: TokenRow) -> str:
    """Return what stands for a token among the pieces: the text it covers, else the token itself."""
    return reveal(row.surface or row.token)


def lay_out(rows: Sequence[TokenRow], width: int, inks: Inks) -> tuple[list[Line], list[int]]:
    """Return the pieces in lines of `width` cells, and the line at which each sequence begins.

    Each sequence begins on a new line, after its number where there are several.
    """
    lines: list[Line] = []
    starts: list[int] = []
    several = bool(rows) and rows[-1].sequence != rows[0].sequence
    for number, tokens in groupby(rows, key=lambda row: row.sequence):
        gutter = f"{number + 1:>2} " if several else ""
        starts.append(len(lines))
        parts = [(piece_text(row), ink_of(row, inks)) for row in tokens]
        for at, line in enumerate(bounded(parts, width - len(gutter), inks.muted)):
            lines.append([(gutter if at == 0 else " " * len(gutter), inks.muted), *line])
    return lines, starts


class TokenPieces(MadeLines):
    """Shows the first tokens of a text as pieces; the table shows them all."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._starts: list[int] = []

    def show_rows(self, rows: Sequence[TokenRow], sequence: int = 0) -> None:
        """Show these pieces, with those of one sequence in sight: the one that is being edited."""

        def make(width: int, inks: Inks) -> list[Line]:
            lines, self._starts = lay_out(rows, max(width, 10), inks)
            return lines

        self.show(make, keep_place=True)
        if self.count > self.size.height and sequence < len(self._starts):
            ends = [*self._starts[1:], self.count]
            wanted = max(self._starts[sequence], ends[sequence] - self.size.height)
            self.scroll_to(y=wanted if sequence else 0, animate=False, force=True)

    def remade(self) -> None:
        """Be as high as the pieces, up to `max-height`; the same height lays nothing out."""
        self.styles.height = max(1, self.count)
