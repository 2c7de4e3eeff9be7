"""Styled lines as text for a terminal or a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubtui.cards.model import CodeToken, Line, Mark, RenderedCard, Span, Style

if TYPE_CHECKING:
    from collections.abc import Iterable

# the sixteen colours that every terminal has, as the user has chosen them
_STYLES = {
    Style.H1: "35",
    Style.H2: "35",
    Style.H3: "34",
    Style.H4: "34",
    Style.H5: "34",
    Style.H6: "34",
    Style.CODE: "33",
    Style.KEY: "7",
    Style.MATH: "36",
    Style.LINK: "34;4",
    Style.LINK_NUMBER: "90",
    Style.LINK_UNSAFE: "31;4",
    Style.IMAGE: "36",
    Style.BULLET: "34",
    Style.QUOTE: "90",
    Style.RULE: "90",
    Style.TABLE_BORDER: "90",
    Style.SUMMARY: "34",
    Style.NOTE: "34",
    Style.TIP: "32",
    Style.IMPORTANT: "35",
    Style.WARNING: "33",
    Style.CAUTION: "31",
    Style.MUTED: "90",
}
_CODE = {
    CodeToken.KEYWORD: "35",
    CodeToken.NAME: "34",
    CodeToken.BUILTIN: "36",
    CodeToken.STRING: "32",
    CodeToken.NUMBER: "33",
    CodeToken.COMMENT: "90",
    CodeToken.DECORATOR: "33",
    CodeToken.PROMPT: "90",
    CodeToken.OUTPUT: "90",
    CodeToken.ADDED: "32",
    CodeToken.REMOVED: "31",
}
_MARKS = {Mark.STRONG: "1", Mark.EMPHASIS: "3", Mark.STRIKE: "9", Mark.UNDERLINE: "4"}


def to_ansi(card: RenderedCard, colour: bool) -> str:
    """Return a card as text with newlines, coloured or plain."""
    return lines_to_ansi(card.lines, colour=colour)


def lines_to_ansi(lines: Iterable[Line], *, colour: bool) -> str:
    """Return lines as text with newlines, coloured by the terminal's own palette or plain."""
    shown = ("".join(map(_painted, line)) if colour else "".join(span.text for span in line) for line in lines)
    return "".join(f"{line}\n" for line in shown)


def links_table(card: RenderedCard) -> tuple[Line, ...]:
    """Return one line for each numbered link: number, address, text; those not to be opened are marked."""
    number_cells = len(f"[{max((link.number for link in card.links), default=0)}]")
    lines: list[Line] = []
    for index, link in enumerate(card.links):
        if not link.number:
            continue
        number = Span(f"[{link.number}]".rjust(number_cells), Style.LINK_NUMBER)
        style = Style.LINK_UNSAFE if link.kind == "unsafe" else Style.LINK
        said = [link.text if link.text != link.url else "", "not safe to open" if link.kind == "unsafe" else ""]
        note = " · ".join(word for word in said if word)
        spans = [number, Span(" "), Span(link.url, style, link=index)]
        lines.append((*spans, Span(f"  {note}", Style.MUTED)) if note else tuple(spans))
    return tuple(lines)


def _painted(span: Span) -> str:
    codes = [code for mark, code in _MARKS.items() if span.marks & mark]
    colour = _CODE.get(span.code, "") if span.code is not None else _STYLES.get(span.style, "")
    if colour:
        codes.append(colour)
    return f"\x1b[{';'.join(codes)}m{span.text}\x1b[0m" if codes else span.text
