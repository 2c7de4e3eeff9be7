"""From elements to blocks: takes what Markdown and HTML open, close and say, and places finished blocks on the page.

Markdown and the HTML inside it feed one flow, as they make one document in a browser: ``<div align="center">`` around
a Markdown table, ``<details>`` around a list. Nothing waits for the end of the card: a block is placed when it closes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubtui.cards.code import code_lines, folded
from hubtui.cards.elements import (
    BLOCKS,
    CELLS,
    DROPPED,
    HEADINGS,
    KNOWN,
    LISTS,
    MARKS,
    STYLES,
    TABLE_PARTS,
    VOID,
    alignment,
    span_count,
)
from hubtui.cards.html import tokenize
from hubtui.cards.inline import Dress, InlineBuffer, Target
from hubtui.cards.latex import to_unicode
from hubtui.cards.model import Line, Mark, Span, Style
from hubtui.cards.page import Frame, heading_lines, heading_style, indented, rule_lines, text_lines
from hubtui.cards.stack import PLAIN, Element, OpenElements
from hubtui.cards.tables import Cell, TableBuilder, TablePlan, table_lines
from hubtui.core.untrusted import clean

if TYPE_CHECKING:
    from hubtui.cards.page import Page

_MAX_DEPTH = 200  # elements open at once; what is opened beyond counts as text without a dress
_BULLETS = "•◦▪"
_TABLES = frozenset({"table"})


class Flow:
    """Reads elements and text in document order and lays finished blocks out on `page`."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._open = OpenElements()
        self._inline = InlineBuffer()
        self._plan: TablePlan | None = None

    # what the reader of Markdown calls

    def html(self, source: str) -> None:
        """Read a fragment of HTML; what it opens may be closed by a later one."""
        for token in tokenize(source):
            if token.kind == "text":
                self.text(token.text)
            elif token.text not in KNOWN or (token.source == "</s>" and "s" not in self._open):
                self.text(token.source)  # <mask>, <unk>, </s>: tokens of a vocabulary, not HTML
            elif token.kind == "open":
                self.open(token.text, token.attributes)
            else:
                self.close(token.text)

    def html_block(self, source: str) -> None:
        """Read a block of HTML: a script or drawing that it does not close ends with it."""
        self.html(source)
        if self._open.place.dropped:
            self._pop_to(self._open.first_depth(DROPPED) or 0)

    def text(self, text: str, style: Style | None = None) -> None:
        """Add text to the current block, of `style` if it has one of its own (inline code, a formula)."""
        place = self._open.place
        if text and not place.dropped:
            self._inline.add(text, place.dress if style is None else place.dress._replace(style=style))

    def math(self, tex: str) -> None:
        """Add a formula to the current block."""
        if not self._open.place.dropped:
            dress = self._open.place.dress._replace(style=Style.MATH, preformatted=True)
            self._inline.add(to_unicode(tex), dress)

    def line_break(self) -> None:
        """Break the line within the current block."""
        if self._open.place.dress.preformatted:
            self.text("\n")
        elif not self._open.place.dropped:
            self._inline.add_break()

    def image(self, alt: str, src: str) -> None:
        """Name an image in the current block."""
        if (src or alt) and not self._open.place.dropped:
            self._inline.add_image(alt, src, self._open.place.dress)

    def open(self, tag: str, attributes: dict[str, str], *, markdown: bool = False) -> None:
        """Open an element of HTML, or the one that a piece of Markdown stands for."""
        if self._open.place.dropped:
            return
        if tag in VOID:
            self._read_void(tag, attributes)
        elif tag in CELLS | {"tr"} and "table" not in self._open:
            return
        elif len(self._open) < _MAX_DEPTH:
            # the cells of a table within a cell stand side by side in its line
            is_block = tag in BLOCKS and not (tag in CELLS and self._open.table is None)
            element = Element(tag, attributes, markdown, is_block, self._open.place)
            if element.is_block:
                self._open_block(element)
            else:
                self._open_inline(element)

    def close(self, tag: str, *, markdown: bool = False) -> None:
        """Close the nearest open element `tag` and all in it; an end tag without a start is nothing."""
        depth = self._open.closed_by_end(tag, markdown=markdown)
        if depth is not None:
            self._pop_to(depth)

    def open_frame(self, frame: Frame) -> None:
        """Open a frame that HTML has no element for: an alert, a footnote."""
        self._flush()
        self._open.push(Element("", {}, is_markdown=True, is_block=True, before=self._open.place, frame=frame))

    def close_frame(self) -> None:
        """Close what `open_frame` opened."""
        self.close("", markdown=True)

    def title(self, text: str, style: Style) -> None:
        """Place a title that the next block follows without a blank line."""
        self._put([(Span(text, style, Mark.STRONG),)])
        self._page.keep_together()

    def keep_together(self) -> None:
        """Leave out the blank line before the next block, which goes on with the one before."""
        self._page.keep_together()

    def plan_table(self, plan: TablePlan) -> None:
        """Take the columns of the next table, which is a piece of a long one, as planned for the whole."""
        self._plan = plan

    def rule(self) -> None:
        """Place a horizontal rule."""
        self._flush()
        if not self._open.in_cell:
            self._put(rule_lines(self._room))

    def code_block(self, text: str, info: str) -> None:
        """Place a block of code; `info` is what stands behind its fence."""
        self._flush()
        if self._open.in_cell:
            self._inline.add(text.rstrip("\n"), Dress(Style.CODE, preformatted=True))
            self._inline.end_line()
        elif not self._open.place.dropped:
            self._put(indented(folded(code_lines(text, info), self._room - 2), Style.CODE_BLOCK))

    def math_block(self, tex: str) -> None:
        """Place a displayed formula."""
        self._flush()
        if self._open.in_cell:
            self.math(tex)
        elif not self._open.place.dropped:
            spans = [Span(clean(to_unicode(tex), multiline=True), Style.MATH)]
            self._put(indented(text_lines(spans, self._room - 2, ""), Style.MATH))

    def finish(self) -> None:
        """Close everything that is still open."""
        self._pop_to(0)
        self._flush()

    # elements

    def _read_void(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "br":
            self.line_break()
        elif tag == "img":
            self.image(attributes.get("alt", ""), attributes.get("src", ""))
        elif tag == "input" and attributes.get("type", "").lower() == "checkbox":
            self.text("☑ " if "checked" in attributes else "☐ ")
        elif tag == "hr":
            self.rule()

    def _open_inline(self, element: Element) -> None:
        tag, attributes = element.tag, element.attributes
        dress = self._open.place.dress
        if tag in MARKS:
            dress = dress._replace(marks=dress.marks | MARKS[tag])
        elif tag in STYLES and not dress.preformatted:
            dress = dress._replace(style=STYLES[tag])
        elif tag == "code" and (block := self._open.nearest({"pre"})) is not None:
            # <pre><code class="language-python">: the block is the code, its language stands here
            block.attributes.setdefault("language", attributes.get("class", "").removeprefix("language-"))
        elif tag == "sup":
            dress = dress._replace(script="sup")
        elif tag == "sub":
            dress = dress._replace(script="sub")
        elif tag == "a" and attributes.get("href", "").strip():
            dress = dress._replace(target=Target(attributes["href"]))
        elif tag in CELLS:
            self.text(" ")
        elif tag in {"video", "audio"}:
            self.image(tag, attributes.get("src", ""))
        self._open.push(element, dress)
        if tag in DROPPED:
            self._open.place = self._open.place._replace(dropped=True)

    def _open_block(self, element: Element) -> None:
        tag = element.tag
        if element.is_markdown and tag in {"h1", "h2"} and self._open.in_cell:
            # a table that was never closed must not swallow the rest of the card
            self._pop_to(self._open.first_depth(_TABLES) or 0)
        while (depth := self._open.closed_by_start(tag, markdown=element.is_markdown)) is not None:
            self._pop_to(depth)
        self._flush()
        element.before = self._open.place
        self._enter(element)
        align = alignment(tag, element.attributes)
        if align:
            self._open.place = self._open.place._replace(align=align)

    def _enter(self, element: Element) -> None:
        """Open a block, with what it changes for the text in it."""
        tag, dress = element.tag, self._open.place.dress
        if tag in TABLE_PARTS:
            dress = self._enter_table_part(element)
        elif tag in HEADINGS:
            style = dress.style if self._open.in_cell else heading_style(HEADINGS[tag])
            dress = dress._replace(style=style, marks=dress.marks | Mark.STRONG)
        elif tag == "pre":
            dress = dress._replace(preformatted=True)
        elif tag == "dt":
            dress = dress._replace(marks=dress.marks | Mark.STRONG)
        elif tag == "summary":
            dress = dress._replace(style=Style.SUMMARY, marks=dress.marks | Mark.STRONG)
        element.frame = self._frame(element)
        self._open.push(element, dress)
        if tag in HEADINGS and not self._open.in_cell:
            self._open.place = self._open.place._replace(heading=HEADINGS[tag])
        elif tag == "summary":
            self.text("▾ ")

    def _enter_table_part(self, element: Element) -> Dress:
        """Open a table, row or cell, and return the dress of the text in it."""
        tag, dress, table = element.tag, self._open.place.dress, self._open.table
        if tag == "table":
            element.table = None if self._open.in_cell else TableBuilder(plan=self._plan)
            self._plan = None
        elif tag == "caption":
            dress = dress._replace(marks=dress.marks | Mark.STRONG)
        elif tag == "tr" and table is not None:
            table.start_row()
        elif tag in CELLS and table is not None:
            element.outer, self._inline = self._inline, InlineBuffer()
            dress = Dress(Style.TABLE_HEAD, Mark.STRONG) if tag == "th" else PLAIN
        return dress

    def _frame(self, element: Element) -> Frame | None:
        tag, attributes = element.tag, element.attributes
        if tag in LISTS:
            start = attributes.get("start", "").strip()
            element.next_item = int(start) if start.isdecimal() and len(start) < 9 else 1
            return Frame(tight=attributes.get("tight", "yes") == "yes")
        if tag == "blockquote":
            return Frame("│ ", Style.QUOTE)
        if tag == "dl":
            return Frame(tight=True)
        if tag == "dd":
            return Frame("  ")
        return self._item_frame(attributes) if tag == "li" else None

    def _item_frame(self, attributes: dict[str, str]) -> Frame:
        parent = self._open.nearest(LISTS)
        marker = attributes.get("marker", "")
        if not marker and parent is not None and parent.tag == "ol":
            marker = f"{parent.next_item}. "
            parent.next_item += 1
        if not marker:
            marker = _BULLETS[max(self._open.bullet_depth() - 1, 0) % len(_BULLETS)] + " "
        if self._open.in_cell:
            self.text(marker)
        tight = parent is None or parent.frame is None or parent.frame.tight
        return Frame(" " * len(marker), Style.BULLET, marker, tight)

    # blocks

    @property
    def _room(self) -> int:
        return self._page.room(self._open.place.frames)

    def _put(self, lines: list[Line]) -> int:
        return self._page.place(lines, self._open.place.frames)

    def _pop_to(self, depth: int) -> None:
        """Close the elements above `depth`, the innermost first."""
        while len(self._open) > depth:
            if self._open.top.is_block:
                self._leave(self._open.top)
            self._open.pop()

    def _leave(self, element: Element) -> None:
        if element.tag == "pre" and not self._open.in_cell:
            text, self._inline = self._inline.raw_text(), InlineBuffer()
            self.code_block(text.removeprefix("\n"), element.attributes.get("language", ""))
        elif element.outer is not None:
            self._leave_cell(element, element.outer)
        else:
            self._flush()
        if element.tag == "li" and element.frame is not None and element.frame.marker and not self._open.in_cell:
            self._put([()])  # an empty item
        if element.table is not None:
            lines = table_lines(element.table.rows, self._room, element.table.plan)
            if lines:
                self._page.add_images(element.table.images, self._put(lines))

    def _leave_cell(self, element: Element, outer: InlineBuffer) -> None:
        content = self._inline.finish(self._page.links)
        self._inline = outer
        table = self._open.table
        if table is None:
            return
        attributes = element.attributes
        columns, rows = span_count(attributes, "colspan"), span_count(attributes, "rowspan")
        is_head = element.tag == "th"
        table.add(Cell(content.spans, alignment(element.tag, attributes), is_head, columns, rows))
        table.images.extend(content.images)

    def _flush(self) -> None:
        """Place the text gathered so far as a block of its own; in a cell, end its line."""
        if self._inline.is_empty:
            return
        if self._inline.is_blank:
            if not self._open.in_cell:
                self._inline = InlineBuffer()
            return
        if self._open.in_cell:
            self._inline.end_line()
            return
        content = self._inline.finish(self._page.links)
        self._inline = InlineBuffer()
        if not content.spans:
            return
        place = self._open.place
        if place.heading:
            first = self._put(heading_lines(place.heading, content.spans, self._room, place.align))
            words = (span.text for span in content.spans if span.style is not Style.LINK_NUMBER)
            self._page.add_heading(place.heading, " ".join("".join(words).split()), first)
        else:
            first = self._put(text_lines(content.spans, self._room, place.align))
        self._page.add_images(content.images, first)
