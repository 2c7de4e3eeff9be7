"""Laid-out lines as tuples of plain strings and numbers, for a card of many thousand lines.

Python's garbage collector walks every `Span` that is kept, again and again: at 100,000 lines that stops the interface
for 400 ms at a time. Tuples of strings and numbers it forgets after the first look.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, cast

from hubtui.cards.model import CodeToken, Line, Mark, Span, Style

Packed: TypeAlias = tuple[str | int, ...]
"""One line: for each span its text, style, marks, link and code token, the last two -1 for none."""

_STYLES = tuple(Style)
_TOKENS = tuple(CodeToken)
_STYLE_NUMBERS = {style: number for number, style in enumerate(_STYLES)}
_TOKEN_NUMBERS: dict[CodeToken | None, int] = {None: -1, **{token: number for number, token in enumerate(_TOKENS)}}
_FIELDS = 5


def pack(lines: Sequence[Line]) -> tuple[Packed, ...]:
    """Return lines in the form to keep them in."""
    return tuple(_packed(line) for line in lines)


def _packed(line: Line) -> Packed:
    fields: list[str | int] = []
    for span in line:
        link = -1 if span.link is None else span.link
        fields += (span.text, _STYLE_NUMBERS[span.style], int(span.marks), link, _TOKEN_NUMBERS[span.code])
    return tuple(fields)


def unpack(packed: Packed) -> Line:
    """Return a line as spans."""
    spans: list[Span] = []
    for at in range(0, len(packed), _FIELDS):
        text, style, marks, link, code = cast("tuple[str, int, int, int, int]", packed[at : at + _FIELDS])
        spans.append(
            Span(text, _STYLES[style], Mark(marks), None if link < 0 else link, None if code < 0 else _TOKENS[code])
        )
    return tuple(spans)


def text_of(packed: Packed) -> str:
    """Return what a line says."""
    return "".join(cast("tuple[str, ...]", packed[::_FIELDS]))


def with_last_text(packed: Packed, text: str) -> Packed:
    """Return a line with another text in its last span."""
    return (*packed[:-_FIELDS], text, *packed[1 - _FIELDS :])
