"""Model cards as styled lines: all at once, or as they are laid out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubtui.cards.flow import Flow
from hubtui.cards.model import CardChunk, Heading, Image, Line, Link, RenderedCard, Span, Style
from hubtui.cards.page import Page
from hubtui.cards.parse import normalized
from hubtui.cards.reader import MarkdownReader

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_CARD = 2_000_000
"""Characters of a card that are laid out; the last line says how many more there are."""

_CHUNK_LINES = 60


def render_blocks(markdown: str, width: int, *, chunk_lines: int = _CHUNK_LINES) -> Iterator[CardChunk]:
    """Lay a card out and yield it in pieces, so that its first screen can be shown before its end is read.

    Args:
        markdown: the body of the card (`frontmatter.split_card` returns it); anything is taken, nothing raises.
        width: cells that text is wrapped to; code and wide tables may be wider (`CardChunk.max_width`).
        chunk_lines: lines that a piece has at least, but for the last.
    """
    page = Page(width)
    source = normalized(markdown[:MAX_CARD])
    for _ in MarkdownReader(source, Flow(page)).read():
        if page.pending >= chunk_lines:
            yield page.take()
    if len(markdown) > MAX_CARD:
        left_out = f"… the card goes on for {len(markdown) - MAX_CARD:,} characters"
        page.place([(Span(left_out, Style.MUTED),)], ())
    yield page.take()


def render(markdown: str, width: int) -> RenderedCard:
    """Lay a whole card out; see `render_blocks` for what it takes."""
    lines: list[Line] = []
    headings: list[Heading] = []
    links: list[Link] = []
    images: list[Image] = []
    max_width = 0
    for chunk in render_blocks(markdown, width):
        lines.extend(chunk.lines)
        headings.extend(chunk.headings)
        links.extend(chunk.links)
        images.extend(chunk.images)
        max_width = max(max_width, chunk.max_width)
    return RenderedCard(tuple(lines), tuple(headings), tuple(links), tuple(images), width, max_width)
