"""The elements open at one point of a card, and what closing or opening another closes with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from hubtui.cards.elements import BLOCKS, CELLS, CLOSES, LISTS, SCOPES, TABLE_PARTS
from hubtui.cards.inline import Dress

if TYPE_CHECKING:
    from hubtui.cards.inline import InlineBuffer
    from hubtui.cards.page import Frame, Frames
    from hubtui.cards.tables import Align, TableBuilder

PLAIN = Dress()


class Place(NamedTuple):
    """What holds for the text being read."""

    dress: Dress = PLAIN
    frames: Frames = ()
    align: Align = ""
    heading: int = 0
    dropped: bool = False


@dataclass(slots=True, eq=False)
class Element:
    """An open element; ``before`` is the place outside it."""

    tag: str
    attributes: dict[str, str]
    is_markdown: bool
    is_block: bool
    before: Place
    frame: Frame | None = None
    outer: InlineBuffer | None = None  # of a cell: what was gathered around it
    table: TableBuilder | None = None  # of a table that is not within a cell
    next_item: int = 1  # of an ordered list


class OpenElements:
    """A stack of elements and the place that the topmost makes."""

    def __init__(self) -> None:
        self._stack: list[Element] = []
        self._counts: dict[str, int] = {}
        self._cells = 0
        self.place = Place()

    def __len__(self) -> int:
        return len(self._stack)

    def __contains__(self, tag: str) -> bool:
        return self._counts.get(tag, 0) > 0

    @property
    def top(self) -> Element:
        """The element opened last."""
        return self._stack[-1]

    @property
    def in_cell(self) -> bool:
        """Whether a table cell is open."""
        return self._cells > 0

    @property
    def table(self) -> TableBuilder | None:
        """The table being gathered; None outside tables and in a table within a cell."""
        element = self.nearest({"table"})
        return None if element is None else element.table

    def nearest(self, tags: set[str] | frozenset[str]) -> Element | None:
        """Return the innermost open element of `tags`."""
        return next((element for element in reversed(self._stack) if element.tag in tags), None)

    def first_depth(self, tags: frozenset[str]) -> int | None:
        """Return the depth of the outermost open element of `tags`."""
        return next((depth for depth, element in enumerate(self._stack) if element.tag in tags), None)

    def bullet_depth(self) -> int:
        """Return how many bullet lists are open."""
        return sum(element.tag in LISTS and element.tag != "ol" for element in self._stack)

    def push(self, element: Element, dress: Dress | None = None) -> None:
        """Open an element; its frame and `dress` hold in it."""
        self._stack.append(element)
        self._counts[element.tag] = self._counts.get(element.tag, 0) + 1
        self._cells += element.tag in CELLS
        frames = self.place.frames if element.frame is None else (*self.place.frames, element.frame)
        self.place = self.place._replace(frames=frames, dress=dress or self.place.dress)

    def pop(self) -> None:
        """Close the element opened last."""
        element = self._stack.pop()
        self._counts[element.tag] -= 1
        self._cells -= element.tag in CELLS
        self.place = element.before

    def closed_by_end(self, tag: str, *, markdown: bool) -> int | None:
        """Return the depth that an end tag closes down to; HTML cannot close what Markdown opened around it."""
        if tag not in self:
            return None
        for depth in range(len(self._stack) - 1, -1, -1):
            element = self._stack[depth]
            if element.tag == tag and element.is_markdown == markdown:
                return depth
            if not markdown and _stops(element, tag):
                return None
        return None

    def closed_by_start(self, tag: str, *, markdown: bool) -> int | None:
        """Return the depth that a start tag closes down to, where HTML lets authors leave end tags out."""
        closing = None if markdown else CLOSES.get(tag)
        if closing is not None and any(name in self for name in closing):
            for depth in range(len(self._stack) - 1, -1, -1):
                element = self._stack[depth]
                if element.tag in SCOPES[tag]:
                    break
                if element.tag in closing:
                    return None if element.is_markdown else depth
        for depth in range(len(self._stack) - 1, -1, -1):
            element = self._stack[depth]
            if element.tag == "p" and not element.is_markdown:
                return depth
            if element.is_block:
                break
        return None


def _stops(element: Element, tag: str) -> bool:
    """Tell whether an end tag of HTML may not reach out of `element`."""
    if tag not in BLOCKS:
        return element.is_block
    if element.tag in CELLS:
        return element.is_markdown or tag not in TABLE_PARTS
    return element.is_markdown and (element.frame is not None or element.tag == "table")
