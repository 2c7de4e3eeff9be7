"""Styled text as the bytes of a terminal, with no more of them than it needs.

Textual sends the whole style and a reset around every piece, some forty bytes each. On a line of a dozen pieces most of
that is the same background again; here a piece says only what differs from the one before. Over SSH a page of results
is a third shorter.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

_ATTRIBUTES = (
    ("bold", "1"),
    ("dim", "2"),
    ("italic", "3"),
    ("underline", "4"),
    ("blink", "5"),
    ("blink2", "6"),
    ("reverse", "7"),
    ("conceal", "8"),
    ("strike", "9"),
    ("underline2", "21"),
    ("frame", "51"),
    ("encircle", "52"),
    ("overline", "53"),
)
_NOTHING = ("", "", "")
_RESET = "\x1b[0m"


def paint(segments: Iterable[Segment], color_system: ColorSystem) -> str:
    """Return the pieces of one line; it begins and ends with the terminal's default style (ECMA-48, SGR)."""
    parts: list[str] = []
    before = _NOTHING
    for text, style, _ in segments:
        if not text:
            continue
        now = _codes(style, color_system) if style else _NOTHING
        if before[1] and text.isspace() and not now[0] and not before[0] and now[2] == before[2]:
            # The colour of a blank is not to be seen.
            parts.append(text)
            continue
        if now != before:
            parts.append(_change(before, now))
            before = now
        parts.append(text)
    if before != _NOTHING:
        parts.append(_RESET)
    return "".join(parts)


def _change(before: tuple[str, str, str], now: tuple[str, str, str]) -> str:
    """Return the sequence that leads from one style to the next."""
    if now == _NOTHING:
        return _RESET
    goes = any(old and not new for old, new in zip(before[1:], now[1:], strict=True))
    if now[0] != before[0] or goes:
        # Attributes and colours cannot all be taken back one by one in every terminal: begin anew.
        codes = ["0"] * (before != _NOTHING) + [part for part in now if part]
    else:
        codes = [new for old, new in zip(before[1:], now[1:], strict=True) if new != old]
    return f"\x1b[{';'.join(codes)}m"


@lru_cache(maxsize=4096)
def _codes(style: Style, color_system: ColorSystem) -> tuple[str, str, str]:
    """Return a style's attributes, colour and background, each as codes of SGR."""
    attributes = ";".join(code for name, code in _ATTRIBUTES if getattr(style, name))
    colors = [
        ";".join(color.downgrade(color_system).get_ansi_codes(foreground)) if color is not None else ""
        for color, foreground in ((style.color, True), (style.bgcolor, False))
    ]
    return attributes, colors[0], colors[1]
