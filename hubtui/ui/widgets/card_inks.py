"""How the spans of a card are painted."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from rich.style import Style as Ink

from hubtui.cards.model import CodeToken, Mark, Span, Style
from hubtui.cards.model import Line as CardLine
from hubtui.ui.text import Line, hit
from hubtui.ui.theme import Inks

_MARKS: Mapping[Mark, Ink] = {
    Mark.STRONG: Ink(bold=True),
    Mark.EMPHASIS: Ink(italic=True),
    Mark.STRIKE: Ink(strike=True),
    Mark.UNDERLINE: Ink(underline=True),
}


@lru_cache(maxsize=4)
def _card_inks(ink: Inks) -> Mapping[Style, Ink]:
    heading = ink.accent + Ink(bold=True)
    return {
        Style.H1: heading,
        Style.H2: heading,
        Style.H3: ink.strong,
        Style.H4: ink.strong,
        Style.H5: ink.strong + Ink(italic=True),
        Style.H6: ink.muted + Ink(bold=True),
        Style.CODE: ink.code,
        Style.CODE_BLOCK: ink.code,
        Style.KEY: ink.chip,
        Style.MATH: ink.code + Ink(italic=True),
        Style.LINK: ink.link,
        Style.LINK_NUMBER: ink.muted,
        Style.LINK_UNSAFE: ink.bad + Ink(strike=True),
        Style.IMAGE: ink.muted + Ink(italic=True),
        Style.BULLET: ink.accent,
        Style.QUOTE: ink.quote,
        Style.RULE: ink.faint,
        Style.TABLE_BORDER: ink.faint,
        Style.TABLE_HEAD: ink.strong,
        Style.SUMMARY: ink.strong,
        Style.NOTE: ink.link + Ink(underline=False),
        Style.TIP: ink.good,
        Style.IMPORTANT: ink.accent,
        Style.WARNING: ink.warn,
        Style.CAUTION: ink.bad,
        Style.MUTED: ink.muted,
    }


@lru_cache(maxsize=4)
def _code_inks(ink: Inks) -> Mapping[CodeToken, Ink]:
    return {
        CodeToken.TEXT: ink.text,
        CodeToken.KEYWORD: ink.accent,
        CodeToken.NAME: ink.link + Ink(underline=False),
        CodeToken.BUILTIN: ink.link + Ink(underline=False),
        CodeToken.STRING: ink.good,
        CodeToken.NUMBER: ink.warn,
        CodeToken.COMMENT: ink.muted + Ink(italic=True),
        CodeToken.OPERATOR: ink.muted,
        CodeToken.DECORATOR: ink.warn,
        CodeToken.PROMPT: ink.muted,
        CodeToken.OUTPUT: ink.muted,
        CodeToken.ADDED: ink.good,
        CodeToken.REMOVED: ink.bad,
    }


def painted(line: CardLine, ink: Inks) -> Line:
    """Return a line of a card as pieces."""
    return [(span.text, _span_ink(span, ink)) for span in line]


def _span_ink(span: Span, ink: Inks) -> Ink:
    if span.style is Style.CODE_BLOCK and span.code is not None:
        style = _code_inks(ink)[span.code]
    else:
        style = _card_inks(ink).get(span.style, ink.text)
    for mark, more in _MARKS.items():
        if mark in span.marks:
            style += more
    return style if span.link is None else hit(style, f"link:{span.link}")
