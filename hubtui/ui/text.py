"""Words and numbers as the screen shows them, and lines put together from styled pieces.

A line is a list of `(text, style)` pieces, so foreign text is never markup here; widgets that want Textual's `Content`
take it from `plain`. Sizes, counts, ages and durations are written by `core.numbers`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal, TypeAlias

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.strip import Strip

from hubtui.core.numbers import age_text, grouped

if TYPE_CHECKING:
    from hubtui.core.fit import Verdict
    from hubtui.core.verdict import Level

Piece: TypeAlias = tuple[str, Style]
Line: TypeAlias = Sequence[Piece]

FIT_MARKS: dict[Verdict, str] = {"fits": "✓", "tight": "~", "no": "✗", "unknown": "?"}
CACHED_MARK = "●"
BOOKMARK_MARK = "★"
GATED_MARK = "⊘"
DOWNLOADS_MARK = "↓"
LIKES_MARK = "♥"
CURSOR_MARK = "▸"
CHOSEN_MARK, NEEDED_MARK = "●", "○"
COMPARED_MARK = "◆"
SCAN_MARKS: dict[str, str] = {
    "safe": "✓",
    "unscanned": "·",
    "queued": "·",
    "caution": "!",
    "suspicious": "!",
    "unsafe": "✗",
    "error": "?",
}
"""State of a file's scan (`core.scans`) → mark."""

VERDICT_MARKS: dict[Level, str] = {"good": "✓", "care": "!", "stop": "✗"}
"""Level of a reason (`core.verdict`) → mark."""

_HIT = "hit"


def plain(text: str) -> Content:
    """Return text as Textual content in which nothing is markup."""
    return Content(text)


def cells(text: str) -> int:
    """Return how many cells wide a text is."""
    return cell_len(text)


def shorten(text: str, width: int) -> str:
    """Return a text cut to at most `width` cells, with … where something is missing."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…" if width > 0 else ""


def shorten_left(text: str, width: int) -> str:
    """Return a text cut at its beginning, for paths and ids whose end tells more."""
    if cell_len(text) <= width:
        return text
    return "…" + _tail(text, width - 1) if width > 0 else ""


def _tail(text: str, width: int) -> str:
    while cell_len(text) > width:
        text = text[1:]
    return text


def fit(text: str, width: int, align: Literal["left", "right"] = "left") -> str:
    """Return a text of exactly `width` cells: cut with … or padded."""
    text = shorten(text, width)
    space = " " * (width - cell_len(text))
    return space + text if align == "right" else text + space


def wrap(text: str, width: int) -> list[str]:
    """Break a text at blanks into lines of at most `width` cells; a longer word is cut."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            for part in _cut(word, width):
                joined = f"{line} {part}" if line else part
                if cell_len(joined) <= width:
                    line = joined
                else:
                    lines.append(line)
                    line = part
        lines.append(line)
    return lines


def _cut(word: str, width: int) -> list[str]:
    if cell_len(word) <= width or width < 2:
        return [word]
    from rich.cells import chop_cells  # noqa: PLC0415 - rare

    return chop_cells(word, width)


def whole(number: int) -> str:
    """Return a number in full, in groups of three digits."""
    return grouped(number)


def says_the_same(label: str, value: str) -> bool:
    """Say whether a label is its value but for capitals and blanks, so that it need not be shown beside it."""
    return label.lower().replace(" ", "-") == value.lower()


def ago(when: datetime | None, now: datetime) -> str:
    """Return the age in a sentence: `3d ago`, `just now`, or an empty string when it is unknown."""
    if when is None:
        return ""
    short = age_text(when, now)
    return "just now" if short == "now" else f"{short} ago"


def plural(number: int, one: str, many: str = "") -> str:
    """Return a counted noun: `1 model`, `24 models`."""
    return f"{whole(number)} {one if number == 1 else many or one + 's'}"


def hit(style: Style, name: str) -> Style:
    """Return a style that carries a name, by which a widget knows what was clicked (see `hit_name`)."""
    return style + Style(meta={_HIT: name})


def hit_name(style: Style) -> str | None:
    """Return the name that `hit` put on the style under the mouse."""
    name = style.meta.get(_HIT)
    return name if isinstance(name, str) else None


def width_of(pieces: Iterable[Piece]) -> int:
    """Return how many cells wide some pieces are together."""
    return sum(cell_len(text) for text, _ in pieces)


def spread(left: Line, right: Line, width: int, *, gap: int = 1) -> list[Piece]:
    """Return a line with pieces at both ends; the left side gives way when there is no room for both."""
    room = max(0, width - width_of(right) - (gap if right else 0))
    kept = clip(left, room)
    space = max(0, width - width_of(kept) - width_of(right))
    return [*kept, (" " * space, Style.null()), *right]


def clip(pieces: Line, width: int) -> list[Piece]:
    """Return the pieces cut to `width` cells together, with … at the cut."""
    kept: list[Piece] = []
    room = width
    for text, style in pieces:
        taken = cell_len(text)
        if taken > room:
            if room > 0:
                kept.append((shorten(text, room), style))
            elif kept and kept[-1][0]:
                last, last_style = kept[-1]
                kept[-1] = (set_cell_size(last, cell_len(last) - 1) + "…", last_style)
            break
        kept.append((text, style))
        room -= taken
    return kept


def to_strip(pieces: Line, width: int, base: Style, *, over: Style | None = None) -> Strip:
    """Return a line as a strip of exactly `width` cells.

    Args:
        pieces: the line.
        width: cells to fill; what is longer is cut.
        base: colours of the widget, under the pieces' own.
        over: laid over the whole line, such as the cursor's background.
    """
    segments = Segment.apply_style([Segment(text, style) for text, style in pieces if text], base, over)
    # Neighbours of one style become one piece: each costs some thirty bytes on its way to the terminal.
    segments = Segment.simplify(segments)
    fill = base + over if over is not None else base
    return Strip(segments).adjust_cell_length(width, fill)
