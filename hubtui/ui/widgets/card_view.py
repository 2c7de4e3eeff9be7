"""The lines of a rendered model card, painted on demand, with the hits of a search in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import ClassVar

from hubtui.cards.find import Hits
from hubtui.cards.model import Heading, Image, Link
from hubtui.cards.packed import Packed, text_of, unpack, with_last_text
from hubtui.ui.text import Line, Piece, cells
from hubtui.ui.widgets.card_inks import painted
from hubtui.ui.widgets.lines_view import LinesView

_ABOVE_A_HIT = 3  # lines of what stands before a hit that is gone to


class CardView(LinesView):
    """Shows a card as it is being laid out; a click on a link posts `Hit` with `link:INDEX`.

    Lines are kept packed (`cards.packed`) and become spans when they are painted.
    """

    has_cursor: ClassVar[bool] = False

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.key_context = "card"
        self._lines: list[Packed] = []
        self._widest = 0
        self._hits: dict[int, list[tuple[int, int, int]]] = {}
        self._current = -1
        self.headings: list[Heading] = []
        self.links: list[Link] = []
        self.images: list[Image] = []

    def begin(self) -> None:
        """Forget the lines: a card begins, or its lines are laid out again."""
        self._lines, self.headings, self.links, self.images = [], [], [], []
        self._hits, self._widest = {}, 0
        self.set_count(0)

    def add(
        self,
        lines: Sequence[Packed],
        headings: Sequence[Heading],
        links: Sequence[Link],
        images: Sequence[Image],
        max_width: int,
    ) -> None:
        """Put the next lines below those that are there."""
        is_first = not self._lines
        self._lines += lines
        self.headings += headings
        self.links += links
        self.images += images
        if is_first or max_width > self._widest:
            self._widest = max_width
            self.set_count(len(self._lines), width=max_width)
        else:
            self.grow(len(self._lines))

    def say(self, index: int, words: str) -> None:
        """Put other words in place of the last ones of a line."""
        self._lines[index] = with_last_text(self._lines[index], words)
        self._widest = max(self._widest, cells(text_of(self._lines[index])))
        self.set_count(len(self._lines), width=self._widest)

    def texts(self) -> list[str]:
        """Return what the lines say that are there."""
        return [text_of(line) for line in self._lines]

    def line(self, index: int, width: int) -> Line:  # noqa: ARG002 - laid out already
        """Return the pieces of a line."""
        pieces = painted(unpack(self._lines[index]), self.inks)
        return self._lit(pieces, self._hits[index]) if index in self._hits else pieces

    def show_line(self, index: int) -> None:
        """Bring a line to the top of the view."""
        self.scroll_to(y=index, animate=False, force=True)

    def heading_at(self, line: int) -> int:
        """Return the index of the heading that a line stands under, -1 above the first."""
        return max((at for at, heading in enumerate(self.headings) if heading.line <= line), default=-1)

    # -- hits

    def show_hits(self, hits: Hits, current: int) -> None:
        """Light the places of a search, the current one most, and bring that one into sight."""
        by_line: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for number, parts in enumerate(hits.found):
            for line, start, end in parts:
                by_line[line].append((start, end, number))
        self._hits, self._current = dict(by_line), current
        self.repaint()
        if hits.found:
            self._bring_part_into_sight(*hits.found[current][0])

    def _bring_part_into_sight(self, line: int, start: int, end: int) -> None:
        top, height = self.first_line, self.view_height
        if not top <= line < top + height:
            self.show_line(max(0, line - _ABOVE_A_HIT))
        text = text_of(self._lines[line])
        self.show_cells(cells(text[:start]), cells(text[start:end]))

    def _lit(self, pieces: Line, hits: Sequence[tuple[int, int, int]]) -> Line:
        inks, current = self.inks, self._current
        lit: list[Piece] = []
        at = 0
        for text, style in pieces:
            for part, hit in _cut(text, at, hits):
                lit.append((part, style if hit is None else style + (inks.selected if hit == current else inks.chip)))
            at += len(text)
        return lit


def _cut(text: str, at: int, hits: Sequence[tuple[int, int, int]]) -> Iterator[tuple[str, int | None]]:
    """Cut a piece that begins at a character of its line where hits begin and end; say which hit each part is of."""
    done = 0
    for start, end, number in hits:
        first, last = max(done, start - at), min(len(text), end - at)
        if first >= last:
            continue
        if first > done:
            yield text[done:first], None
        yield text[first:last], number
        done = last
    if done < len(text):
        yield text[done:], None
