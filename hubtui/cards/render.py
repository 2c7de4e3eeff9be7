"""Model cards as styled lines: all at once, or as they are laid out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubtui.cards.facts import FactsTable, FamilyRows, place_results
from hubtui.cards.flow import Flow
from hubtui.cards.model import CardChunk, FrontMatter, Heading, Image, Line, Link, RenderedCard, Span, Style
from hubtui.cards.page import Page
from hubtui.cards.parse import normalized
from hubtui.cards.reader import MarkdownReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_CARD = 2_000_000
"""Characters of a card that are laid out; the last line says how many more there are."""

_CHUNK_LINES = 60


def render_blocks(
    markdown: str,
    width: int,
    *,
    front_matter: FrontMatter | None = None,
    family: FamilyRows = (),
    chunk_lines: Callable[[], int] = lambda: _CHUNK_LINES,
    between: Callable[[], object] = lambda: None,
) -> Iterator[CardChunk]:
    """Lay a card out and yield it in pieces, so that its first screen can be shown before its end is read.

    Args:
        markdown: the body of the card (`frontmatter.split_card` returns it); anything is taken, nothing raises.
        width: cells that text is wrapped to; code and wide tables may be wider (`CardChunk.max_width`).
        front_matter: what to show of it as a table above the body, and its evaluation results below.
        family: what is known of the model's family, for that table.
        chunk_lines: lines that the next piece has at least, but for the last.
        between: called every few milliseconds of work, for whoever lets others work in between.
    """
    page = Page(width)
    line = FactsTable(page).place(front_matter, family) if front_matter is not None else None
    source = normalized(markdown[:MAX_CARD])
    for _ in MarkdownReader(source, Flow(page)).read():
        between()
        if page.pending >= chunk_lines():
            yield replace(page.take(), family_line=line)
            line = None
    if len(markdown) > MAX_CARD:
        left_out = f"… the card goes on for {len(markdown) - MAX_CARD:,} characters"
        page.place([(Span(left_out, Style.MUTED),)], ())
    if front_matter is not None:
        place_results(page, front_matter.results)
    yield replace(page.take(), family_line=line)


def render(
    markdown: str, width: int, *, front_matter: FrontMatter | None = None, family: FamilyRows = ()
) -> RenderedCard:
    """Lay a whole card out; see `render_blocks` for what it takes."""
    lines: list[Line] = []
    headings: list[Heading] = []
    links: list[Link] = []
    images: list[Image] = []
    max_width = 0
    for chunk in render_blocks(markdown, width, front_matter=front_matter, family=family):
        lines.extend(chunk.lines)
        headings.extend(chunk.headings)
        links.extend(chunk.links)
        images.extend(chunk.images)
        max_width = max(max_width, chunk.max_width)
    return RenderedCard(tuple(lines), tuple(headings), tuple(links), tuple(images), width, max_width)
