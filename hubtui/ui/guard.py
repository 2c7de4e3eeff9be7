"""The last net before the terminal: nothing that Textual paints can steer it.

Foreign strings are made visible where they enter (`core.untrusted`). Should one slip through, the guard drops at render
time what no painted text needs: control and format characters, separators, lone surrogates, unbounded combining runs
and hyperlinks.
"""

from __future__ import annotations

import unicodedata

from rich.console import Console
from rich.segment import Segment
from textual.strip import Strip

from hubtui.core.untrusted import MAX_COMBINING

_DROPPED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_COMBINING = frozenset({"Mn", "Me", "Mc"})

_render = Strip.render


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


def _render_guarded(self: Strip, console: Console) -> str:
    segments = self._segments  # Textual is pinned, and `Strip` offers no other way to its segments
    safe = [_guarded(segment) for segment in segments]
    if all(new is old for new, old in zip(safe, segments, strict=True)):
        return _render(self, console)
    return _render(Strip(safe), console)


def _guarded(segment: Segment) -> Segment:
    text, style, _ = segment
    safe = drop_controls(text)
    if style is not None and style.link:
        return Segment(safe, style.update_link(None))
    return segment if safe == text else Segment(safe, style)


def install() -> None:
    """Put the guard before every strip that is painted from now on."""
    Strip.render = _render_guarded  # type: ignore[method-assign]  # all painted text goes through it
