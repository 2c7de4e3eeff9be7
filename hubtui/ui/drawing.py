"""Drawing with pieces: bars of scores, styled text broken into lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.cells import chop_cells
from rich.style import Style

from hubtui.ui import text
from hubtui.ui.text import Line, Piece, cells, fit
from hubtui.ui.theme import Inks

SEPARATOR = " · "
BOUNDARY = "│"
_EIGHTHS = " ▏▎▍▌▋▊▉"
_SCORE = 7
_LONGEST_BAR = 40
_WORDS = re.compile(r"\n|[^\S\n]+|\S+")


def bar(score: float, width: int, inks: Inks) -> list[Piece]:
    """Return a horizontal bar of `width` cells for a score of 0 to 1, in eighths of a cell."""
    eighths = round(max(0.0, min(1.0, score)) * width * 8)
    whole, part = divmod(eighths, 8)
    filled = "█" * whole + (_EIGHTHS[part] if part else "")
    return [(filled, inks.bar), ("·" * (width - len(filled)), inks.bar_rest)]


def number(score: float, inks: Inks, *, is_first: bool) -> Piece:
    """Return a score as a number, right-aligned; the first of a list stands out."""
    return (f"{score:{_SCORE}.3f}", inks.strong if is_first else inks.muted)


def scored(rows: Sequence[tuple[str, float]], width: int, inks: Inks) -> list[Line]:
    """Return named scores as bars with numbers, aligned."""
    label = min(max((text.cells(name) for name, _ in rows), default=0), max(10, width // 2))
    room = max(4, min(_LONGEST_BAR, width - label - 2 - _SCORE))
    lines: list[Line] = []
    for at, (name, score) in enumerate(rows):
        head = (text.fit(name, label), inks.strong if at == 0 else inks.text)
        lines.append([head, ("  ", inks.text), *bar(score, room, inks), number(score, inks, is_first=at == 0)])
    return lines


def flow(pieces: Sequence[Piece], width: int) -> list[Line]:
    """Break styled pieces at blanks and newlines into lines of at most `width` cells; a longer word is cut."""
    width = max(2, width)
    lines: list[list[Piece]] = [[]]
    room = width
    for word, style in _words(pieces, width):
        cells = text.cells(word)
        if word == "\n" or cells > room:
            lines.append([])
            room = width
            if not word.strip():
                continue
        lines[-1].append((word, style))
        room -= cells
    return list(lines)


def _words(pieces: Sequence[Piece], width: int) -> Iterator[Piece]:
    for words, style in pieces:
        for word in _WORDS.findall(words):
            for part in chop_cells(word, width) if text.cells(word) > width else [word]:
                yield part, style


def fill(pieces: Sequence[Piece], width: int) -> list[Line]:
    """Break styled pieces wherever a line of `width` cells is full, as text of which each sign counts."""
    width = max(2, width)
    lines: list[list[Piece]] = [[]]
    room = width
    for words, style in pieces:
        rest = words
        while rest:
            # of a long text only as much as may fit is measured
            part = chop_cells(rest[: 4 * room], room)[0] if room > 1 else ""
            # a wide sign does not fit into one cell
            if not part or text.cells(part) > room:
                lines.append([])
                room = width
                continue
            lines[-1].append((part, style))
            room -= text.cells(part)
            rest = rest[len(part) :]
    return list(lines)


def bounded(parts: Sequence[Piece], width: int, boundary: Style) -> list[Line]:
    """Put pieces one after another with a boundary between any two, also where a line ends."""
    lines: list[list[Piece]] = [[]]
    room = width
    for at, (words, style) in enumerate(parts):
        for part in chop_cells(words, max(width - 1, 2)) or [""]:
            if lines[-1] and cells(part) + 1 > room:
                lines.append([])
                room = width
            lines[-1].append((part, style))
            room -= cells(part)
        if at < len(parts) - 1:
            lines[-1].append((BOUNDARY, boundary))
            room -= 1
    return list(lines)


def facts_in_lines(facts: Sequence[Piece], width: int, faint: Style) -> list[Line]:
    """Put facts one after another with a dot between, on as many lines as they need."""
    lines: list[list[Piece]] = [[]]
    for words, style in facts:
        line = lines[-1]
        separator = [(SEPARATOR, faint)] if line else []
        if line and text.width_of([*line, *separator, (words, style)]) > width:
            lines.append([(text.shorten(words, width), style)])
        else:
            line += [*separator, (text.shorten(words, width), style)]
    return list(lines)


def table_lines(rows: Sequence[Sequence[str]], inks: Inks, *, right: frozenset[int] = frozenset()) -> list[Line]:
    """Return rows of words in columns, those of `right` flush right; names and, behind numbers, remarks are muted."""
    columns = max((len(row) for row in rows), default=0)
    widths = [max((cells(row[at]) for row in rows if at < len(row)), default=0) for at in range(columns)]
    lines: list[Line] = []
    for row in rows:
        pieces: list[Piece] = [(" ", inks.text)]
        for at, cell in enumerate(row):
            style = inks.muted if at == 0 or 1 < at == columns - 1 else inks.text
            pieces.append((fit(cell, widths[at], "right" if at in right else "left") + "  ", style))
        lines.append(pieces)
    return lines
