"""Tokens as pieces in lines: boundaries, the one in hand, and the line behind which truncation drops the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from rich.cells import chop_cells
from rich.style import Style

from hubtui.core.graphemes import is_inside, safe
from hubtui.core.token_bytes import bytes_of, spelled
from hubtui.core.tokens import TokenizerInfo, TokenRow
from hubtui.core.untrusted import reveal
from hubtui.ui.text import Line, Piece, cells, shorten
from hubtui.ui.theme import Inks

BOUNDARY = "│"
INSIDE = "╎"
"""The boundary where it goes through what is seen as one character."""
_LEFT, _RIGHT = "[", "]"
_CUT_RULE = "┊"


@dataclass(frozen=True, slots=True)
class Cut:
    """The line behind which truncation drops tokens, or dropped them.

    Attributes:
        words: what stands in it, of each sequence that has one.
        side: of the sequence that is dropped, `right` or `left`.
        gone: text of each sequence that has been dropped already, to be drawn beyond the line.
        is_bad: the model fails there.
    """

    words: Mapping[int, str]
    side: str = "right"
    gone: Mapping[int, str] = field(default_factory=dict)
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """What is drawn into the pieces.

    Attributes:
        info: of the tokenizer, for the bytes behind its tokens.
        texts: the sequences, to see which boundaries go through a character.
        hand: (sequence, position) of the token in hand.
        ends: sequence → position of its last token, padding aside.
    """

    info: TokenizerInfo | None = None
    texts: Sequence[str] = ()
    hand: tuple[int, int] | None = None
    cut: Cut | None = None
    ends: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a token stands: cells `start` to `stop` of a line."""

    line: int
    start: int
    stop: int
    row: TokenRow


@dataclass(frozen=True, slots=True)
class Drawn:
    """Pieces in lines.

    Attributes:
        starts: the line at which each sequence begins.
        places: of all pieces, in order; a long one has several.
    """

    lines: list[Line]
    starts: list[int]
    places: list[Place]


def ink_of(row: TokenRow, inks: Inks) -> Style:
    """Return the style of a token: neighbours differ, special, pad and unknown tokens have styles of their own."""
    if row.is_dropped:
        return inks.muted
    if row.kind == "special":
        return inks.special
    if row.kind == "pad":
        return inks.pad
    if row.kind == "unknown":
        return inks.unknown
    return inks.tints[row.position % len(inks.tints)]


def piece_text(row: TokenRow, info: TokenizerInfo | None = None) -> str:
    """Return what stands for a token among the pieces: the text it covers, else the token itself.

    A token that stands for a part of a character is drawn as its bytes.
    """
    surface = row.surface
    if not surface:
        return reveal(row.token)
    if info is None or surface.isascii():
        return reveal(surface)
    data = bytes_of(row.token, info)
    if data is not None and data not in surface.encode(errors="replace"):
        data = None  # of a normalised text
    if data is not None and (shown := spelled(data)) != surface and "⟨" in shown:
        return reveal(safe(shown))
    return reveal(safe(surface))


def draw(rows: Sequence[TokenRow], width: int, inks: Inks, marks: Marks | None = None, *, margin: int = 0) -> Drawn:
    """Draw pieces in lines of `width` cells; each sequence begins on a new line, after its number where there are more.

    Args:
        rows: the tokens.
        width: of a line, in cells.
        inks: styles.
        marks: what is drawn into them.
        margin: cells left of each line, where the bracket of the token in hand finds room.
    """
    drawn = Drawn([], [], [])
    several = bool(rows) and rows[-1].sequence != rows[0].sequence
    for number, tokens in groupby(rows, key=lambda row: row.sequence):
        gutter = f"{number + 1:>2} " if several else " " * margin
        drawn.starts.append(len(drawn.lines))
        _Sequence(drawn, gutter, width, inks, marks or Marks()).draw(number, list(tokens))
    return drawn


class _Sequence:
    """Draws one sequence at the end of what is drawn already."""

    def __init__(self, drawn: Drawn, gutter: str, width: int, inks: Inks, marks: Marks) -> None:
        self._drawn, self._gutter, self._inks, self._marks = drawn, gutter, inks, marks
        self._width = width - len(gutter)
        self._line: list[Piece] = []
        self._used = 0
        self._is_first = True

    def draw(self, number: int, rows: Sequence[TokenRow]) -> None:
        cut, marks = self._marks.cut, self._marks
        words = cut.words.get(number) if cut else None
        gone = cut.gone.get(number, "") if cut else ""
        text = marks.texts[number] if number < len(marks.texts) else ""
        is_plain = text.isascii()
        if cut and words and gone and cut.side == "left" and rows[0].position == 0:
            self._rest(gone)
            self._rule(words, cut)
        before: TokenRow | None = None
        for row in rows:
            if before is not None:
                if cut and words and row.is_dropped != before.is_dropped and row.is_dropped == (cut.side != "left"):
                    self._rule(words, cut)
                else:
                    self._boundary(before, row, is_inside_cluster=not is_plain and _is_cut_through(text, before, row))
            self._piece(row)
            before = row
        if before is not None and (before.sequence, before.position) == marks.hand and self._used < self._width:
            self._put(_RIGHT, self._inks.hand)
        is_end = before is not None and number < len(marks.ends) and before.position == marks.ends[number]
        if cut and words and gone and cut.side != "left" and is_end:
            self._rule(words, cut)
            self._rest(gone)
        self._break()

    def _piece(self, row: TokenRow) -> None:
        is_hand = (row.sequence, row.position) == self._marks.hand
        shown = piece_text(row, self._marks.info)
        style = self._inks.hand if is_hand else ink_of(row, self._inks)
        most = max(self._width - 1, 2)
        parts = [part for part in chop_cells(shown, most) if part] if cells(shown) > most else [shown]
        for part in parts:
            taken = cells(part)
            if self._line and self._used + taken + 1 > self._width:
                if self._line[-1][0] == _LEFT:
                    self._line[-1] = (BOUNDARY, self._inks.muted)
                self._break()
            if is_hand and not self._line and part is parts[0] and self._gutter:
                self._put_gutter(_LEFT)
            start = len(self._gutter) + self._used
            self._drawn.places.append(Place(len(self._drawn.lines), start, start + taken, row))
            self._put(part, style)

    def _boundary(self, before: TokenRow, after: TokenRow, *, is_inside_cluster: bool) -> None:
        hand = self._marks.hand
        if hand == (before.sequence, before.position):
            self._put(_RIGHT, self._inks.hand)
        elif hand == (after.sequence, after.position):
            self._put(_LEFT, self._inks.hand)
        elif is_inside_cluster:
            self._put(INSIDE, self._inks.warn)
        else:
            self._put(BOUNDARY, self._inks.muted)

    def _rule(self, words: str, cut: Cut) -> None:
        """Draw the line behind which the model sees nothing, on a line of its own."""
        self._break()
        shown = shorten(f"{_CUT_RULE} {words} ", self._width)
        self._put(shown, self._inks.bad if cut.is_bad else self._inks.warn)
        self._put("┄" * max(0, self._width - self._used), self._inks.faint)
        self._break()

    def _rest(self, gone: str) -> None:
        for part in chop_cells(reveal(safe(gone)), max(self._width, 2)):
            if part:
                self._put(part, self._inks.muted)
                self._break()

    def _put(self, words: str, style: Style) -> None:
        if not self._line:
            self._put_gutter("")
        self._line.append((words, style))
        self._used += cells(words)

    def _put_gutter(self, bracket: str) -> None:
        shown = self._gutter if self._is_first else " " * len(self._gutter)
        self._is_first = False
        if bracket:
            self._line += [(shown[:-1], self._inks.muted), (bracket, self._inks.hand)]
        elif shown:
            self._line.append((shown, self._inks.muted))

    def _break(self) -> None:
        if self._line:
            self._drawn.lines.append(self._line)
        self._line, self._used = [], 0


def _is_cut_through(text: str, before: TokenRow, after: TokenRow) -> bool:
    """Tell whether two neighbours share a character, or cut what is seen as one."""
    if not (before.surface and after.surface):
        return False
    return after.start < before.end or is_inside(text, after.start)
