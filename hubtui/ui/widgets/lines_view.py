"""A list of any length that paints only the lines in sight: the base of results, cards, files and token tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from hubtui.ui.actions import bindings
from hubtui.ui.text import Line, hit_name, to_strip, width_of
from hubtui.ui.theme import Inks, inks

_CACHED_LINES = 500


class LinesView(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows `count` lines, each made on demand by `line`.

    A subclass gives `line(index, width)`; with `has_cursor` one line is under a cursor that keys and clicks move, else
    the keys scroll. Lines wider than the view scroll sideways up to `set_count(…, width=…)`. Nothing here relayouts the
    screen: changes repaint lines (`repaint_line`) or the view (`repaint`).
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings("list")
    ALLOW_SELECT = False
    has_cursor: ClassVar[bool] = True
    is_always_lit: ClassVar[bool] = False
    """The cursor looks as with the focus: a field beside the list has it, and moves the cursor."""
    tells_moves: ClassVar[bool] = False
    """`CursorMoved` is posted: a message that nobody takes still goes all the way up, at every step."""
    near_end: ClassVar[int] = 30
    """Lines from the end at which `NearEnd` is posted."""

    class CursorMoved(Message):
        """The cursor stands on another line (with `tells_moves`); `index` is -1 when there are none."""

        def __init__(self, view: LinesView, index: int) -> None:
            super().__init__()
            self.view = view
            self.index = index

        @property
        def control(self) -> LinesView:
            """The view, for `@on` selectors."""
            return self.view

    class Chosen(CursorMoved):
        """A line was chosen with enter or a click on the line under the cursor."""

    class NearEnd(Message):
        """The cursor or the lines in sight came near the end: more lines are welcome."""

        def __init__(self, view: LinesView) -> None:
            super().__init__()
            self.view = view

        @property
        def control(self) -> LinesView:
            """The view, for `@on` selectors."""
            return self.view

    class Hit(Message):
        """A piece that carries a name (`ui.text.hit`) was clicked."""

        def __init__(self, view: LinesView, name: str, index: int) -> None:
            super().__init__()
            self.view = view
            self.name = name
            self.index = index

        @property
        def control(self) -> LinesView:
            """The view, for `@on` selectors."""
            return self.view

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self.count = 0
        self.cursor = -1
        self._line_width = 0
        self._x = 0
        self._base: Style | None = None
        self._strips: LRUCache[tuple[int, int], Strip] = LRUCache(_CACHED_LINES)

    # -- what a subclass says

    def line(self, index: int, width: int) -> Line:
        """Return the pieces of line `index` (0 to `count` - 1) for a view of `width` cells."""
        raise NotImplementedError

    def can_stop_at(self, index: int) -> bool:  # noqa: ARG002 - subclasses decide by the line
        """Say whether the cursor may stand on a line (headings may refuse)."""
        return True

    # -- what an owner does

    @property
    def inks(self) -> Inks:
        """The styles of the theme that is on."""
        return inks(self.app)

    def set_count(
        self, count: int, *, width: int = 0, cursor: int | None = None, changed: Iterable[int] | None = None
    ) -> None:
        """Say how many lines there are and repaint; the cursor and the scroll position stay where they can.

        Args:
            count: number of lines.
            width: cells of the widest line, where lines may be wider than the view.
            cursor: line to put the cursor on.
            changed: which of the lines in sight differ from those painted last; None for all. Lines that came or went
                need not be named.
        """
        old_count, old_cursor, self.count = self.count, self.cursor, count
        self._line_width = width
        wanted = self.cursor if cursor is None else cursor
        self.cursor = self._allowed(max(0, min(wanted, count - 1)), 1) if count and self.has_cursor else -1
        # Assigned behind the reactive's back: its watcher would lay out the whole screen again.
        self.set_reactive(Widget.virtual_size, Size(0, count))
        if self.is_mounted:
            self._scroll_update(self.virtual_size)
        self._x = min(self._x, self._max_x)
        if changed is None:
            self.repaint()
            return
        self._strips.clear()
        last = self.scroll_offset.y + self.size.height
        came_or_went = range(min(old_count, count), min(max(old_count, count), last))
        self._refresh_lines(*changed, old_cursor, self.cursor, *came_or_went)

    def grow(self, count: int) -> None:
        """Say that lines were added at the end: only those of them that are in sight are painted."""
        old = self.count
        self.count = count
        self.set_reactive(Widget.virtual_size, Size(0, count))
        if self.is_mounted:
            self._scroll_update(self.virtual_size)
        if self.cursor < 0 and self.has_cursor:
            self.cursor = self._allowed(0, 1)
        last = min(count, self.scroll_offset.y + self.size.height)
        self._refresh_lines(*range(max(old, self.scroll_offset.y), last))

    def repaint(self) -> None:
        """Make every line in sight anew."""
        self._strips.clear()
        self.refresh(self.size.region)

    def repaint_line(self, index: int) -> None:
        """Make one line anew."""
        self._refresh_lines(index)

    def center(self) -> None:
        """Bring the cursor's line into the middle of the view."""
        self.scroll_to(y=max(0, self.cursor - self.size.height // 2), animate=False, force=True)

    def move_to(self, index: int) -> None:
        """Put the cursor on a line (the nearest that takes it) and bring it into sight."""
        if not self.has_cursor or not self.count:
            return
        before = self.cursor
        direction = 1 if index >= before else -1
        self.cursor = self._allowed(max(0, min(index, self.count - 1)), direction)
        self._bring_into_sight(self.cursor)
        if self.cursor != before:
            self._refresh_lines(before, self.cursor)
            if self.tells_moves:
                self.post_message(self.CursorMoved(self, self.cursor))
        self._check_near_end()

    @property
    def view_width(self) -> int:
        """Cells of a line that are in sight."""
        return self.scrollable_content_region.width

    @property
    def view_height(self) -> int:
        """Lines in sight."""
        return self.scrollable_content_region.height

    @property
    def first_line(self) -> int:
        """Index of the topmost line in sight."""
        return self.scroll_offset.y

    # -- painting

    def render_line(self, y: int) -> Strip:
        """Return line `y` of the view (Textual's line interface)."""
        index, width = self.scroll_offset.y + y, self.view_width
        if index >= self.count:
            return Strip.blank(width, self._base_style)
        key = (index, width)
        strip = self._strips.get(key)
        if strip is None:
            strip = self._paint(index, width)
            self._strips[key] = strip
        return strip

    def _paint(self, index: int, width: int) -> Strip:
        full = max(width, self._line_width)
        pieces = self.line(index, width)
        over = self._cursor_style if index == self.cursor else None
        strip = to_strip(
            pieces, max(full, width_of(pieces)) if self._line_width else width, self._base_style, over=over
        )
        return strip.crop(self._x, self._x + width) if self._line_width else strip

    @property
    def _base_style(self) -> Style:
        # Textual works it out from all ancestors each time it is asked: too slow for every line.
        if self._base is None:
            self._base = self.rich_style
        return self._base

    @property
    def _cursor_style(self) -> Style:
        return self.inks.cursor if self.has_focus or self.is_always_lit else self.inks.cursor_off

    def _refresh_lines(self, *indexes: int) -> None:
        # The cursor's background is part of the strip, so lines that it left or entered are made anew.
        for index in indexes:
            self._strips.discard((index, self.view_width))
        top = self.scroll_offset.y
        regions = [
            Region(0, index - top, self.size.width, 1) for index in indexes if 0 <= index - top < self.size.height
        ]
        if regions:
            self.refresh(*regions)

    def notify_style_update(self) -> None:
        """Forget painted lines when the theme or the stylesheet changes."""
        self._strips.clear()
        self._base = None
        super().notify_style_update()

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Show by the cursor's colour whether keys go here."""
        super().watch_has_focus(_has_focus)
        self._refresh_lines(self.cursor)

    def _on_focus(self, event: events.Focus) -> None:
        self._take_focus_quietly(event, has_focus=True)

    def _on_blur(self, event: events.Blur) -> None:
        self._take_focus_quietly(event, has_focus=False)

    def _take_focus_quietly(self, event: events.Focus | events.Blur, *, has_focus: bool) -> None:
        # In place of Widget's handlers, which paint every line again where only the cursor's has changed.
        event.prevent_default()
        self.has_focus = has_focus
        if self.parent is not None:
            told = events.DescendantFocus(self) if has_focus else events.DescendantBlur(self)
            self.parent.post_message(told)

    # -- moving

    def _allowed(self, index: int, direction: int) -> int:
        for step in (direction, -direction):
            at = index
            while 0 <= at < self.count:
                if self.can_stop_at(at):
                    return at
                at += step
        return -1

    def _bring_into_sight(self, index: int) -> None:
        top, height = self.scroll_offset.y, self.size.height
        if index < top:
            # The line above the first that takes the cursor is its heading: show that too.
            y = 0 if self._allowed(0, 1) == index else index
        elif index >= top + height:
            y = index - height + 1
        else:
            return
        self.scroll_to(y=y, animate=False, force=True)

    def _check_near_end(self) -> None:
        last = max(self.cursor, self.scroll_offset.y + self.size.height)
        if self.count and last >= self.count - self.near_end:
            self.post_message(self.NearEnd(self))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Repaint, and say so when the end comes near."""
        super().watch_scroll_y(old_value, new_value)
        self._check_near_end()

    def _step(self, lines: int) -> None:
        if self.has_cursor:
            self.move_to(self.cursor + lines)
        else:
            self.scroll_to(y=self.scroll_offset.y + lines, animate=False, force=True)

    def action_cursor_down(self) -> None:
        """Go one line down."""
        self._step(1)

    def action_cursor_up(self) -> None:
        """Go one line up."""
        self._step(-1)

    def action_page_down(self) -> None:
        """Go one view down."""
        self._step(max(1, self.size.height - 1))

    def action_page_up(self) -> None:
        """Go one view up."""
        self._step(-max(1, self.size.height - 1))

    def action_first(self) -> None:
        """Go to the first line."""
        self._step(-self.count)

    def action_last(self) -> None:
        """Go to the last line."""
        self._step(self.count)

    def action_choose(self) -> None:
        """Choose the line under the cursor."""
        if self.cursor >= 0:
            self.post_message(self.Chosen(self, self.cursor))

    @property
    def _max_x(self) -> int:
        return max(0, self._line_width - self.view_width)

    def action_scroll_sideways(self, cells: int) -> None:
        """Move the view sideways where lines are wider than it."""
        moved = max(0, min(self._x + cells, self._max_x))
        if moved != self._x:
            self._x = moved
            self.repaint()

    def show_cells(self, start: int, width: int) -> None:
        """Move the view sideways so that some cells of its lines are in sight."""
        if start < self._x or start + width > self._x + self.view_width:
            fits_unmoved = start + width <= self.view_width
            self.action_scroll_sideways((0 if fits_unmoved else max(0, start - self.view_width // 3)) - self._x)

    def action_page_sideways(self, pages: int) -> None:
        """Move the view sideways by its width."""
        self.action_scroll_sideways(pages * max(1, self.view_width - 4))

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to a clicked line; a click on the line under the cursor chooses it."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        index = self.scroll_offset.y + offset.y
        if index >= self.count:
            return
        event.stop()
        if (name := hit_name(event.style)) is not None:
            self.post_message(self.Hit(self, name, index))
        elif index == self.cursor:
            self.action_choose()
        elif self.can_stop_at(index):
            self.move_to(index)
