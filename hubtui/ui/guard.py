"""The last net before the terminal: nothing that Textual paints can steer it.

Foreign strings are made visible where they enter (`core.untrusted`). Should one slip through, the guard drops at render
time what no painted text needs: control and format characters, separators, lone surrogates, unbounded combining runs
and hyperlinks.
"""

from __future__ import annotations

import unicodedata

from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from textual.strip import Strip

from hubtui.core.untrusted import MAX_COMBINING
from hubtui.ui.sgr import paint

_DROPPED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_COMBINING = frozenset({"Mn", "Me", "Mc"})


def drop_controls(text: str) -> str:
    """Return a text without what could steer a terminal; every other character stays where it is."""
    if text.isascii() and text.isprintable():
        return text
    kept: list[str] = []
    run = 0
    for char in text:
        category = unicodedata.category(char)
        if category in _DROPPED:
            continue
        run = run + 1 if category in _COMBINING else 0
        if run <= MAX_COMBINING:
            kept.append(char)
    return "".join(kept)


def _render(self: Strip, console: Console) -> str:
    """Return the strip as the terminal gets it; hyperlinks are left out, for `paint` knows none."""
    if self._render_cache is None:
        safe = [Segment(drop_controls(text), style) for text, style, _ in self._segments]
        self._render_cache = paint(safe, console._color_system or ColorSystem.TRUECOLOR)  # noqa: SLF001 - as Textual does
    return self._render_cache


def install() -> None:
    """Put the guard before every strip that is painted from now on."""
    Strip.render = _render  # type: ignore[method-assign]  # all painted text goes through it
