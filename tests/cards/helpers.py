"""What the tests of cards share."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from hubtui.cards.render import render

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hubtui.cards.model import FrontMatter, Line, RenderedCard, Span

# what may steer a terminal or reorder text: controls, bidi and zero-width characters, lone surrogates, tags
_STEERING = frozenset(
    {*range(0x20), *range(0x7F, 0xA0), 0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x2028, 0x202F)}
    | {*range(0x2060, 0x2070), 0xFEFF, *range(0xFFF9, 0xFFFC), *range(0xD800, 0xE000), *range(0xE0000, 0xE0080)}
)
_MAX_COMBINING = 6


def text_of(line: Line) -> str:
    """Return the text of a line."""
    return "".join(span.text for span in line)


def shown(markdown: str, width: int = 40) -> list[str]:
    """Return the lines of a card as text."""
    return [text_of(line) for line in render(markdown, width).lines]


def span_of(markdown: str, text: str, width: int = 80) -> Span:
    """Return the first span that holds `text`."""
    return next(span for line in render(markdown, width).lines for span in line if text in span.text)


def strings_of(card: RenderedCard) -> Iterator[str]:
    """Yield every text that leaves a card."""
    yield from (text_of(line) for line in card.lines)
    for heading in card.headings:
        yield from (heading.text, heading.anchor)
    for link in card.links:
        yield from (link.text, link.url)
    for image in card.images:
        yield from (image.alt, image.src)


def strings_of_front_matter(front_matter: FrontMatter) -> Iterator[str]:
    """Yield every line of text that leaves front matter."""

    def walk(value: object) -> Iterator[str]:
        if isinstance(value, str):
            yield from value.split("\n")
        elif isinstance(value, tuple):
            for item in value:
                yield from walk(item)
        elif hasattr(value, "__dataclass_fields__"):
            for name in value.__dataclass_fields__:
                yield from walk(getattr(value, name))

    return walk(front_matter)


def steering_in(texts: Iterable[str]) -> list[str]:
    """Return the texts that hold what must never reach a terminal: control characters, piled up combining marks."""
    return [
        text for text in texts if any(ord(char) in _STEERING for char in text) or _longest_pile(text) > _MAX_COMBINING
    ]


def _longest_pile(text: str) -> int:
    longest = run = 0
    for char in text:
        run = run + 1 if unicodedata.category(char)[0] == "M" else 0
        longest = max(longest, run)
    return longest
