"""The page that blocks are placed on: prefixes of lists and quotes, blank lines between blocks, what was met where."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubtui.cards.inline import LinkRegistry
from hubtui.cards.model import CardChunk, Heading, Image, Line, Span, Style
from hubtui.cards.wrap import line_width, width_of, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubtui.cards.tables import Align

_MIN_TEXT = 24  # cells (half of a narrow page) that deep nesting leaves for text; prefixes beyond are left out
_HEADINGS = (Style.H1, Style.H2, Style.H3, Style.H4, Style.H5, Style.H6)
_NOT_IN_ANCHOR = re.compile(r"[^\w\- ]")


@dataclass(slots=True, eq=False)
class Frame:
    """Something that blocks stand in: a list, an item, a quote.

    ``marker`` begins its first line, ``rest`` every other; in a ``tight`` frame no blank line separates blocks.
    """

    rest: str = ""
    style: Style = Style.TEXT
    marker: str = ""
    tight: bool = False
    width: int = field(init=False)  # cells that the prefix takes

    def __post_init__(self) -> None:
        """Measure the prefix once; every line of the frame asks for it."""
        self.width = width_of(self.rest)


Frames = tuple[Frame, ...]


class Page:
    """Lines of a card as they are laid out, and the index of what they hold."""

    def __init__(self, width: int) -> None:
        self.width = max(width, 1)
        self.links = LinkRegistry()
        self._lines: list[Line] = []
        self._headings: list[Heading] = []
        self._images: list[Image] = []
        self._taken_lines = 0
        self._taken_links = 0
        self._max_width = 0
        self._last_frames: Frames | None = None
        self._anchors: Counter[str] = Counter()
        self._no_gap = False

    @property
    def is_begun(self) -> bool:
        """Whether anything was placed."""
        return self._last_frames is not None

    @property
    def pending(self) -> int:
        """Lines laid out since the last `take`."""
        return len(self._lines)

    def room(self, frames: Frames) -> int:
        """Return the cells left for content inside `frames`."""
        return self.width - sum(frame.width for frame in self._shown(frames))

    def place(self, lines: Sequence[Line], frames: Frames) -> int:
        """Add the lines of one block, a blank line before them where one belongs; return the index of the first."""
        if not lines:
            lines = [()]
        self._add_gap(frames)
        self._last_frames = frames
        first = self._taken_lines + len(self._lines)
        shown = self._shown(frames)
        rest = tuple(Span(frame.rest, frame.style) for frame in shown if frame.rest)
        prefix = tuple(Span(frame.marker or frame.rest, frame.style) for frame in shown if frame.marker or frame.rest)
        for frame in frames:
            frame.marker = ""
        for line in lines:
            self._append(prefix + line if line else _trimmed(prefix))
            prefix = rest
        return first

    def keep_together(self) -> None:
        """Leave out the blank line before the next block."""
        self._no_gap = True

    def add_heading(self, level: int, text: str, line: int) -> None:
        """Index a heading; anchors are made as GitHub makes them."""
        slug = _NOT_IN_ANCHOR.sub("", text.strip().lower()).replace(" ", "-")
        count = self._anchors[slug]
        self._anchors[slug] += 1
        self._headings.append(Heading(level, text, line, f"{slug}-{count}" if count else slug))

    def add_images(self, images: list[tuple[str, str]], line: int) -> None:
        """Index images, given as (name, address)."""
        self._images.extend(Image(alt, src, line) for alt, src in images)

    def take(self) -> CardChunk:
        """Return what was laid out since the last call."""
        links = tuple(self.links.links[self._taken_links :])
        chunk = CardChunk(tuple(self._lines), tuple(self._headings), links, tuple(self._images), self._max_width)
        self._taken_lines += len(self._lines)
        self._taken_links += len(links)
        self._lines, self._headings, self._images = [], [], []
        return chunk

    def _shown(self, frames: Frames) -> list[Frame]:
        if not frames:
            return []
        shown: list[Frame] = []
        left = max(self.width - _MIN_TEXT, self.width // 2)
        for frame in frames:
            if frame.width <= left:
                shown.append(frame)
                left -= frame.width
        return shown

    def _add_gap(self, frames: Frames) -> None:
        skip, self._no_gap = self._no_gap, False
        if self._last_frames is None:
            return
        common = 0
        for before, now in zip(self._last_frames, frames, strict=False):
            if before is not now:
                break
            common += 1
        if skip or (common and frames[common - 1].tight):
            return
        shared = self._shown(frames[:common])
        self._append(_trimmed(tuple(Span(frame.rest, frame.style) for frame in shared if frame.rest)))

    def _append(self, line: Line) -> None:
        self._lines.append(line)
        self._max_width = max(self._max_width, line_width(line))


def _trimmed(prefix: Line) -> Line:
    """Return a prefix without blanks at its end, for lines that hold nothing else."""
    spans = list(prefix)
    while spans:
        text = spans[-1].text.rstrip(" ")
        if text:
            return (*spans[:-1], Span(text, spans[-1].style))
        spans.pop()
    return ()


def text_lines(spans: list[Span], room: int, align: Align) -> list[Line]:
    """Wrap a paragraph, centred or flush right where the card asks for it."""
    lines = wrap(spans, room)
    if align not in {"center", "right"}:
        return lines
    aligned: list[Line] = []
    for line in lines:
        missing = room - line_width(line)
        left = missing if align == "right" else missing // 2
        aligned.append((Span(" " * left), *line) if left > 0 and line else line)
    return aligned


def heading_lines(level: int, spans: list[Span], room: int, align: Align) -> list[Line]:
    """Lay a heading out; the two highest levels are underlined, so that they show without colour too."""
    lines = text_lines(spans, room, align)
    if level <= 2:
        width = max(map(line_width, wrap(spans, room)))
        lines.extend(text_lines([Span(("━" if level == 1 else "─") * width, heading_style(level))], room, align))
    return lines


def heading_style(level: int) -> Style:
    """Return the style of a heading's level, 1 to 6."""
    return _HEADINGS[level - 1]


def rule_lines(room: int) -> list[Line]:
    """Return a horizontal rule."""
    return [(Span("─" * room, Style.RULE),)]


def indented(lines: Sequence[Line], style: Style) -> list[Line]:
    """Return lines two cells to the right, as code and formulas stand."""
    margin = Span("  ", style)
    return [(margin, *line) if line else line for line in lines]
