"""Word wrap of styled text by terminal cells.

Words break at blanks and between East Asian characters, never between a character and its combining marks, and a word
longer than the line is cut. Widths are those of ``rich.cells``, which the interface paints with.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.cells import cell_len, chop_cells

from hubtui.cards.model import Line, Span
from hubtui.core.untrusted import MAX_COMBINING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_EAST_ASIAN = "\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60"
# a line may not begin with a closing sign nor end with an opening one
_CLOSING = "、。，．：；！？）］｝〕〉》」』】〙〗”’…ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
_OPENING = "（［｛〔〈《「『【〘〖"
_PIECE = re.compile(
    f" +|[{_OPENING}]*[{_EAST_ASIAN}][\u0300-\u036f\u3099\u309a\ufe00-\ufe0f]*[{_CLOSING}]*|[^ {_EAST_ASIAN}]+"
)
_IS_EAST_ASIAN = re.compile(f"[{_EAST_ASIAN}]")

_MAX_CHARACTERS = MAX_COMBINING + 3  # of one cell: a character, its marks, a variation selector, half of a wide one

_Piece = tuple[str, Span]


def width_of(text: str) -> int:
    """Return the cells that `text` takes."""
    return len(text) if text.isascii() else cell_len(text)


def line_width(line: Iterable[Span]) -> int:
    """Return the cells that a line takes."""
    return sum(width_of(span.text) for span in line)


def with_text(span: Span, text: str) -> Span:
    """Return `span` with another text."""
    return span if text == span.text else Span(text, span.style, span.marks, span.link, span.code)


def split_rows(spans: Iterable[Span]) -> list[list[Span]]:
    """Cut spans at the newlines in their text (hard line breaks)."""
    rows: list[list[Span]] = [[]]
    for span in spans:
        if "\n" not in span.text:
            rows[-1].append(span)
            continue
        first, *others = span.text.split("\n")
        if first:
            rows[-1].append(with_text(span, first))
        rows.extend([with_text(span, part)] if part else [] for part in others)
    return rows


def without_end_blanks(spans: Sequence[Span]) -> Line:
    """Return spans without the blanks at their end."""
    kept = list(spans)
    while kept:
        text = kept[-1].text.rstrip(" \n")
        if text == kept[-1].text:
            break
        last = kept.pop()
        if text:
            kept.append(with_text(last, text))
    return tuple(kept)


def wrap(spans: Sequence[Span], width: int) -> list[Line]:
    """Break styled text into lines of at most `width` cells (at least 1); newlines in it break too."""
    lines: list[Line] = []
    for row in split_rows(spans):
        lines.extend(_wrap_row(row, max(width, 1)))
    return lines


def _wrap_row(row: list[Span], width: int) -> Iterator[Line]:
    if line_width(row) <= width:
        yield without_end_blanks(row)
        return
    if len(row) == 1 and row[0].text.isascii():
        yield from _wrap_plain(row[0], width)
        return
    line: list[_Piece] = []
    used = 0
    blank: _Piece | None = None
    for word, word_width in _words(row):
        if word[0][0][0] == " ":
            blank = word[0] if line else None
            continue
        gap = len(blank[0]) if blank else 0
        if used + gap + word_width <= width:
            if blank:
                line.append(blank)
            line.extend(word)
            used += gap + word_width
        else:
            if line:
                yield _joined(line)
            line, used = word, word_width
            if word_width > width:
                *full, line = _cut(word, width)
                yield from map(_joined, full)
                used = sum(width_of(text) for text, _ in line)
        blank = None
    if line:
        yield _joined(line)


def _wrap_plain(span: Span, width: int) -> Iterator[Line]:
    """Wrap one span of ASCII text to the lines that its words give, found at a third of the cost."""
    text, start = span.text.strip(" "), 0
    while len(text) - start > width:
        cut = text.rfind(" ", start, start + width + 1)
        if cut < 0:  # a word longer than the line
            cut = start + width
        yield (with_text(span, text[start:cut].rstrip(" ")),)
        start = cut
        while text[start] == " ":
            start += 1
    if text:
        yield (with_text(span, text[start:]),)


def _words(row: list[Span]) -> Iterator[tuple[list[_Piece], int]]:
    """Yield what may not be broken, with its cells: a run of blanks, a word over span borders, an East Asian sign."""
    word: list[_Piece] = []
    word_width = 0
    for span in row:
        for text in _PIECE.findall(span.text):
            is_word = text[0] != " " and (text.isascii() or not _IS_EAST_ASIAN.search(text))
            if not is_word and word:
                yield word, word_width
                word, word_width = [], 0
            if is_word:
                word.append((text, span))
                word_width += width_of(text)
            else:
                yield [(text, span)], width_of(text)
    if word:
        yield word, word_width


def _cut(word: list[_Piece], width: int) -> list[list[_Piece]]:
    """Cut a word that is longer than a line into lines."""
    rows: list[list[_Piece]] = [[]]
    room = width
    for piece, span in word:
        for part in _parts(piece, room, width):
            cells = width_of(part)
            if cells > room and rows[-1]:
                rows.append([])
                room = width
            rows[-1].append((part, span))  # a character wider than a line goes over the edge rather than away
            room = max(0, room - cells)
    return rows


def _parts(piece: str, room: int, width: int) -> Iterator[str]:
    """Yield what of a piece fits `room` cells, then the rest in stretches of `width` cells."""
    if piece.isascii():
        if room:
            yield piece[:room]
        for at in range(room, len(piece), width):
            yield piece[at : at + width]
        return
    # a slice that is sure to fill the room
    first = next(iter(_chopped(piece[: room * _MAX_CHARACTERS], room)), "") if room else ""
    if width_of(first) > room:
        first = ""
    if first:
        yield first
    yield from _chopped(piece[len(first) :], width)


def _chopped(text: str, width: int) -> list[str]:
    """As rich's `chop_cells`, which drops what has no width of its own at the end of a text."""
    found = chop_cells(text, width)
    rest = text[sum(map(len, found)) :]
    if rest:
        found[-1:] = ["".join(found[-1:]) + rest]
    return [part for part in found if part]


def cut_line(line: Line, width: int) -> list[Line]:
    """Cut a line into lines of `width` cells, wherever that is; blanks are kept."""
    return [_joined(pieces) for pieces in _cut([(span.text, span) for span in line], max(width, 1))]


def _joined(pieces: list[_Piece]) -> Line:
    """Put the pieces of a line back into one span for each stretch of the same origin."""
    out: list[Span] = []
    texts: list[str] = []
    last: Span | None = None
    for text, span in pieces:
        if span is not last:
            if last is not None:
                out.append(with_text(last, "".join(texts)))
            last, texts = span, []
        texts.append(text)
    if last is not None:
        out.append(with_text(last, "".join(texts)))
    return tuple(out)
