"""Laying a card out, in a thread: the first screen at once, the rest in growing pieces."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from textual.message import Message

from hubtui.cards.model import CardSections, Heading, Image, Link

if TYPE_CHECKING:
    from hubtui.cards.facts import FamilyRows
    from hubtui.cards.packed import Packed
    from hubtui.ui.panes.opened import OpenedCard

_MOST_LINES = 4_000
_GROWTH = 3
_SMALL_CARD = 20_000  # characters that are laid out in a few milliseconds: nobody need wait for that to end
_FIRST_REST_S = 0.03  # the first screen is being painted
_SHIFT_S = 0.004
_LONGEST_REST_S = 0.02


@dataclass(frozen=True, slots=True)
class LaidLines:
    """The next lines of a card; `family_line` is where there is room for what the Hub says of its family."""

    lines: tuple[Packed, ...]
    headings: tuple[Heading, ...]
    links: tuple[Link, ...]
    images: tuple[Image, ...]
    max_width: int
    family_line: int | None


class CardLaid(Message, bubble=False):
    """The next lines of a card were laid out; None after the last."""

    def __init__(self, generation: int, laid: LaidLines | None) -> None:
        super().__init__()
        self.generation = generation
        self.laid = laid


class SectionsFound(Message, bubble=False):
    """What the card says and does not say is known."""

    def __init__(self, generation: int, sections: CardSections) -> None:
        super().__init__()
        self.generation = generation
        self.sections = sections


def lay_out(
    card: OpenedCard,
    width: int,
    screen_lines: int,
    *,
    family: FamilyRows,
    generation: int,
    is_stale: Callable[[], bool],
    tell: Callable[[Message], object],
    knows_sections: bool,
) -> None:
    """Lay a card out for `width` cells and look for its sections, unless they are known; parsers are imported here.

    Args:
        card: one that has a body.
        width: cells of a line of text.
        screen_lines: lines in sight, which come first.
        family: what is known of the model's family, or that it is asked for.
        generation: goes with every message.
        is_stale: whether nobody waits for this any more.
        tell: takes `CardLaid` and `SectionsFound`.
        knows_sections: they were found before, for another width.
    """
    from hubtui.cards.packed import pack  # noqa: PLC0415 - parsers, imported in the thread
    from hubtui.cards.render import render_blocks  # noqa: PLC0415 - likewise

    _spare_the_collector()
    body = card.body or ""
    wanted = screen_lines
    pace = _Pace()
    chunks = render_blocks(
        body, width, front_matter=card.front_matter, family=family, chunk_lines=lambda: wanted, between=pace.rest
    )
    for chunk in chunks:
        if is_stale():
            return
        laid = LaidLines(
            pack(chunk.lines), chunk.headings, chunk.links, chunk.images, chunk.max_width, chunk.family_line
        )
        tell(CardLaid(generation, laid))
        wanted = min(wanted * _GROWTH, _MOST_LINES)
        if len(body) > _SMALL_CARD:
            pace.begin()
        if not knows_sections:
            tell(_sections(generation, body))
            knows_sections = True
    tell(CardLaid(generation, None))


@cache
def _spare_the_collector() -> None:
    """Tell Python's garbage collector, once, that all there is now stays: modules and the interface, 60,000 objects.

    It would walk them all again and again while a card is laid out, for 20 ms each time that it stops the interface.
    """
    gc.freeze()


class _Pace:
    """Rests as long as it worked, from the first screen on: threads share Python's lock, and painting comes first."""

    def __init__(self) -> None:
        self._worked_since: float | None = None

    def begin(self) -> None:
        """Begin to rest."""
        if self._worked_since is None:
            time.sleep(_FIRST_REST_S)
        self._worked_since = time.perf_counter()

    def rest(self) -> None:
        """Rest, if it is time."""
        if self._worked_since is None:
            return
        worked = time.perf_counter() - self._worked_since
        if worked > _SHIFT_S:
            time.sleep(min(worked, _LONGEST_REST_S))
            self._worked_since = time.perf_counter()


def _sections(generation: int, body: str) -> SectionsFound:
    from hubtui.cards.sections import find_sections  # noqa: PLC0415 - see above

    return SectionsFound(generation, find_sections(body))
