"""Colours: one accent, muted rules instead of boxes, in a dark, a light and a 16-colour theme.

Lines are painted with the ready-made styles of `inks(app)`; the stylesheets see the same palette as `$accent` and
so on.
The `ansi` theme says everything with attributes too (bold, dim, reverse), so that it still reads under NO_COLOR.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from rich.style import Style
from textual.theme import Theme

if TYPE_CHECKING:
    from textual.app import App


@dataclass(frozen=True, slots=True)
class Inks:
    """Styles for pieces of a line; none sets a background unless it says so.

    Attributes:
        text: ordinary words. strong: names and headings. muted: secondary facts. faint: rules and separators.
        accent: the one colour that leads the eye. key: a key in the bottom line or in help.
        good, warn, bad: verdicts.
        link, code, quote: pieces of a card.
        cursor: background of the line under the cursor of the focused list. cursor_off: the same without focus.
        selected: background of a switch or tab that is on.
        chip: background of a filter in force.
        tints: backgrounds that set neighbouring tokens apart, to be used in turn.
        hand: the token in hand, among the pieces.
        special: a special token. pad: a pad token. unknown: a token outside the vocabulary.
        bar: a bar of a score. bar_rest: what it lacks.
    """

    text: Style
    strong: Style
    muted: Style
    faint: Style
    accent: Style
    key: Style
    good: Style
    warn: Style
    bad: Style
    link: Style
    code: Style
    quote: Style
    cursor: Style
    cursor_off: Style
    selected: Style
    chip: Style
    tints: tuple[Style, ...]
    hand: Style
    special: Style
    pad: Style
    unknown: Style
    bar: Style
    bar_rest: Style


@dataclass(frozen=True, slots=True)
class _Palette:
    """The colours of one theme, as hex triplets."""

    background: str
    text: str
    strong: str
    muted: str
    faint: str
    accent: str
    good: str
    warn: str
    bad: str
    link: str
    code: str
    cursor: str
    cursor_off: str
    raised: str
    selected: str
    tints: tuple[str, ...]


_DARK = _Palette(
    background="#101217",
    text="#cdd2da",
    strong="#f2f4f8",
    muted="#8a92a0",
    faint="#3b424e",
    accent="#ffc857",
    good="#7cc88d",
    warn="#f0955a",
    bad="#f07178",
    link="#82b4f0",
    code="#b9c7a2",
    cursor="#2b3140",
    cursor_off="#1b1f28",
    raised="#20242d",
    selected="#4a3f22",
    tints=("#1f3350", "#3a2d4f", "#1d4038", "#4a3524", "#47293a", "#33401f"),
)
_LIGHT = _Palette(
    background="#fbfaf7",
    text="#2b2f36",
    strong="#0d0f12",
    muted="#646b77",
    faint="#c9ccd2",
    accent="#8f5b00",
    good="#23713b",
    warn="#a84a00",
    bad="#b3262f",
    link="#1d5fa8",
    code="#4c5f1f",
    cursor="#f3e6c4",
    cursor_off="#eeece6",
    raised="#edebe5",
    selected="#f0d999",
    tints=("#d6e6f8", "#e6dcf5", "#d3ecdf", "#f6e3cf", "#f7dbe4", "#e4ebc9"),
)


def _inks(palette: _Palette) -> Inks:
    return Inks(
        text=Style(color=palette.text),
        strong=Style(color=palette.strong, bold=True),
        muted=Style(color=palette.muted),
        faint=Style(color=palette.faint),
        accent=Style(color=palette.accent),
        key=Style(color=palette.accent),
        good=Style(color=palette.good),
        warn=Style(color=palette.warn),
        bad=Style(color=palette.bad),
        link=Style(color=palette.link, underline=True),
        code=Style(color=palette.code),
        quote=Style(color=palette.muted, italic=True),
        cursor=Style(bgcolor=palette.cursor),
        cursor_off=Style(bgcolor=palette.cursor_off),
        selected=Style(color=palette.strong, bgcolor=palette.selected, bold=True),
        chip=Style(color=palette.text, bgcolor=palette.cursor),
        tints=tuple(Style(color=palette.strong, bgcolor=tint) for tint in palette.tints),
        hand=Style(color=palette.background, bgcolor=palette.accent, bold=True, underline=True),
        special=Style(color=palette.accent, bgcolor=palette.raised),
        pad=Style(color=palette.muted, bgcolor=palette.raised),
        unknown=Style(color=palette.background, bgcolor=palette.bad),
        bar=Style(color=palette.accent),
        bar_rest=Style(color=palette.faint),
    )


def _ansi_inks() -> Inks:
    return Inks(
        text=Style(),
        strong=Style(bold=True),
        muted=Style(dim=True),
        faint=Style(dim=True),
        accent=Style(color="magenta", bold=True),
        key=Style(color="magenta", bold=True),
        good=Style(color="green"),
        warn=Style(color="yellow", bold=True),
        bad=Style(color="red", bold=True),
        link=Style(color="blue", underline=True),
        code=Style(color="cyan"),
        quote=Style(italic=True),
        cursor=Style(color="default", bgcolor="default", dim=False, reverse=True),
        cursor_off=Style(underline=True),
        selected=Style(reverse=True, bold=True),
        chip=Style(reverse=True),
        tints=(Style(), Style(reverse=True)),
        hand=Style(color="magenta", bold=True, underline=True, reverse=True),
        special=Style(color="magenta", bold=True, underline=True),
        pad=Style(dim=True, underline=True),
        unknown=Style(color="red", bold=True, reverse=True),
        bar=Style(color="magenta"),
        bar_rest=Style(dim=True),
    )


@cache
def _inks_of(theme: str) -> Inks:
    """Made when a theme is first used: that is one of them before the first frame."""
    return _ansi_inks() if theme == "ansi" else _inks(_LIGHT if theme == "light" else _DARK)


def _theme(name: str, palette: _Palette, *, dark: bool) -> Theme:
    return Theme(
        name=name,
        primary=palette.accent,
        secondary=palette.link,
        accent=palette.accent,
        warning=palette.warn,
        error=palette.bad,
        success=palette.good,
        foreground=palette.text,
        background=palette.background,
        surface=palette.background,
        panel=palette.raised,
        dark=dark,
        variables={
            "muted": palette.muted,
            "faint": palette.faint,
            "strong": palette.strong,
            "raised": palette.raised,
            "scrollbar": palette.faint,
            "scrollbar-hover": palette.muted,
            "scrollbar-active": palette.muted,
            "scrollbar-background": palette.background,
            "scrollbar-background-hover": palette.background,
            "scrollbar-background-active": palette.background,
            "scrollbar-corner-color": palette.background,
            "input-cursor-background": palette.accent,
            "input-cursor-foreground": palette.background,
            "input-cursor-text-style": "none",
            "input-selection-background": palette.selected,
        },
    )


_ANSI_THEME = Theme(
    name="ansi",
    ansi=True,
    primary="ansi_magenta",
    secondary="ansi_blue",
    accent="ansi_magenta",
    warning="ansi_yellow",
    error="ansi_red",
    success="ansi_green",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    variables={
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "muted": "ansi_default",
        "faint": "ansi_default",
        "strong": "ansi_default",
        "raised": "ansi_default",
        "scrollbar": "ansi_default",
        "scrollbar-hover": "ansi_default",
        "scrollbar-active": "ansi_default",
        "scrollbar-background": "ansi_default",
        "scrollbar-background-hover": "ansi_default",
        "scrollbar-background-active": "ansi_default",
        "input-cursor-text-style": "reverse",
        "input-selection-background": "ansi_default",
    },
)

THEMES: tuple[Theme, ...] = (_theme("dark", _DARK, dark=True), _theme("light", _LIGHT, dark=False), _ANSI_THEME)
"""Every theme of hubtui; a theme's name is what `Settings.theme` says."""


def inks(app: App[object]) -> Inks:
    """Return the styles of the theme that is on."""
    return _inks_of(app.theme)
