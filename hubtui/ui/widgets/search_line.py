"""The search line: the text of the whole query, and under it what is in force, what could follow, or what is wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from hubtui.core.errors import QueryError
from hubtui.core.numbers import count_text
from hubtui.core.query import Query, Term, parse, part_text
from hubtui.ui.actions import bindings
from hubtui.ui.text import Line, Piece, clip, fit, hit, says_the_same, spread, width_of
from hubtui.ui.widgets.bar import Bar
from hubtui.ui.widgets.ordered_keys import OrderedKeys

if TYPE_CHECKING:
    from hubtui.core.query_complete import Counts, Suggestion

PLACEHOLDER = "type words, task:fill-mask language:fr size:<3B …"


class _Field(OrderedKeys, Input):
    """A text field that hands tab, enter and the arrows to the search line."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("search")

    def on_mount(self) -> None:
        self.cursor_blink = False

    async def action_submit(self) -> None:
        """Ask for the search."""
        self.query_ancestor(SearchLine).submit()

    def action_complete(self) -> None:
        """Take the suggestion that is lit, or the correction; go on to the next pane where there is none."""
        line = self.query_ancestor(SearchLine)
        if not (line.take_suggestion() or line.take_correction()):
            self.screen.focus_next()

    def action_next_suggestion(self) -> None:
        """Light the next suggestion; inside the text go right, as in any field."""
        is_at_end = self.cursor_position == len(self.value)
        if not (is_at_end and self.query_ancestor(SearchLine).light(1)):
            self.action_cursor_right()

    def action_last_suggestion(self) -> None:
        """Light the suggestion before; from the first go left in the text, as in any field."""
        if not self.query_ancestor(SearchLine).light(-1):
            self.action_cursor_left()

    def action_to_results(self) -> None:
        """Go down into the results."""
        self.post_message(SearchLine.Left())


class _Prompt(Bar):
    def pieces(self, width: int) -> Line:
        line = self.query_ancestor(SearchLine)
        return [(fit(" /", width), self.inks.accent if line.is_active else self.inks.muted)]


class SearchLine(Horizontal):
    """One line to type a query in."""

    DEFAULT_CSS = """
    SearchLine { height: 1; }
    SearchLine _Prompt { width: 3; }
    SearchLine Input { width: 1fr; background: $background; }
    SearchLine Input:focus { background-tint: $background 0%; }
    SearchLine Input > .input--placeholder { color: $muted 70%; }
    SearchLine Input:ansi > .input--placeholder { text-style: dim italic; }
    """
    key_context = "search"

    class Typed(Message):
        """The text changed under the user's hands."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Entered(Typed):
        """The text is to be searched now; `is_again` when a second enter came with the first."""

        def __init__(self, text: str, *, is_again: bool = False) -> None:
            super().__init__(text)
            self.is_again = is_again

    class Left(Message):
        """The user goes from the search line into the results."""

    class HintsChanged(Message):
        """There is something else to say under the line, although nobody typed: focus, light or counts changed."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._counts: Counts = {}
        self.lit = 0
        """Index of the suggestion that tab takes."""
        self._field = _Field(text, placeholder=PLACEHOLDER, compact=True, select_on_focus=False)
        self._settled = text

    def compose(self) -> ComposeResult:
        """Yield the prompt and the field."""
        yield _Prompt()
        yield self._field

    @property
    def text(self) -> str:
        """The text as it stands."""
        return self._field.value

    @text.setter
    def text(self, text: str) -> None:
        """Set the text; this is no typing, so nothing is posted."""
        self._settled = text
        self._field.value = text
        self._field.cursor_position = len(text)

    @property
    def is_active(self) -> bool:
        """Whether keys go into the field."""
        return self.screen.focused is self._field

    @property
    def is_readable(self) -> bool:
        """Whether the text is a search."""
        return self._error() is None

    def _error(self) -> QueryError | None:
        try:
            parse(self.text)
        except QueryError as error:
            return error
        return None

    def submit(self) -> None:
        """Ask for the search at once; the keys that came with enter are for its results, not for the text."""
        self.post_message(self.Entered(self.text, is_again=not self.is_active))
        if self.is_readable:
            self.screen.set_focus(None)

    def enter(self) -> None:
        """Give the field the focus."""
        self.screen.set_focus(self._field)

    @property
    def counts(self) -> Counts:
        """How many models have a value, by key, as far as known: suggestions say it and stand in its order."""
        return self._counts

    @counts.setter
    def counts(self, counts: Counts) -> None:
        self._counts = counts
        self.post_message(self.HintsChanged())

    def suggestions(self) -> tuple[Suggestion, ...]:
        """Return what could stand at the cursor; a finished value suggests itself, which is no news."""
        if not (self.is_active and self.text):
            return ()
        from hubtui.core.query_complete import complete, part_start  # noqa: PLC0415 - nothing is typed before

        cursor = self._field.cursor_position
        error = self._error()
        found = complete(self.text, cursor, self._counts)
        if error is not None and error.position < part_start(self.text[:cursor]):
            # What is wrong before the cursor comes first, unless that is what a suggestion puts right.
            found = tuple(entry for entry in found if entry.start <= error.position)
        return tuple(entry for entry in found if self._with(entry)[0].rstrip() != self.text.rstrip())

    def _with(self, suggestion: Suggestion) -> tuple[str, int]:
        """Return the text with a suggestion put in, and where the cursor goes."""
        head, tail = self.text[: suggestion.start] + suggestion.text, self.text[suggestion.end :]
        gap = "" if suggestion.text.endswith(":") else " "
        return head + (gap + tail.lstrip() if tail.strip() or gap else tail), len(head + gap)

    def light(self, steps: int) -> bool:
        """Light another suggestion; say whether there is one that way."""
        at = self.lit + steps
        if not 0 <= at < len(self.suggestions()):
            return False
        self.lit = at
        self.post_message(self.HintsChanged())
        return True

    def take_suggestion(self, index: int | None = None) -> bool:
        """Put a suggestion in, by default the one that is lit; say whether there was one."""
        suggestions, index = self.suggestions(), self.lit if index is None else index
        if index >= len(suggestions):
            return False
        self._field.value, self._field.cursor_position = self._with(suggestions[index])
        return True

    def take_correction(self) -> bool:
        """Put the nearest word in the place of a wrong one; say whether there was one."""
        error = self._error()
        if error is None or not error.suggestion:
            return False
        rest = self.text[error.position :]
        wrong = re.match(r"[^\s:]*:" if error.suggestion.endswith(":") else r'"[^"]*"|[^\s,]*', rest)
        end = error.end if error.end is not None else error.position + (wrong.end() if wrong else 0)
        self._field.value = self.text[: error.position] + error.suggestion + self.text[end:]
        self._field.cursor_position = len(self._field.value)
        return True

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell typing from a text that was set."""
        event.stop()
        self.lit = 0
        if event.value != self._settled:
            self._settled = event.value
            self.post_message(self.Typed(event.value))

    def on_descendant_focus(self, _event: events.DescendantFocus) -> None:
        """Light the prompt."""
        self.query_one(_Prompt).refresh()
        self.post_message(self.HintsChanged())

    def on_descendant_blur(self, _event: events.DescendantBlur) -> None:
        """Put the prompt's light out."""
        self.query_one(_Prompt).refresh()
        self.post_message(self.HintsChanged())


class HintBar(Bar):
    """The line under the search line: chips of the filters in force, or suggestions while typing, or the error."""

    def __init__(self) -> None:
        super().__init__()
        self._query = Query()
        self._suggestions: Sequence[Suggestion] = ()
        self._lit = 0
        self._error: QueryError | None = None

    def show(
        self, query: Query, suggestions: Sequence[Suggestion] = (), error: QueryError | None = None, *, lit: int = 0
    ) -> None:
        """Say what is in force, what could follow (`lit` is what tab takes) and what is wrong."""
        self._query, self._suggestions, self._error = query, suggestions, error
        self._lit = max(0, min(lit, len(suggestions) - 1))
        self.refresh()

    def pieces(self, width: int) -> Line:
        """Return the error, else the suggestions, else the chips and the order of the results."""
        if self._error is not None and not self._suggestions:
            return self._error_line(self._error, width)
        if self._suggestions:
            return self._suggestion_line(width)
        return self._chip_line(width)

    def _error_line(self, error: QueryError, width: int) -> Line:
        """What is wrong, and what is meant; where there is no room for both the second comes first."""
        what: list[Piece] = [(f"{error.message} ", self.inks.bad)]
        remedy: list[Piece] = [(f"{error.hint} ", self.inks.muted)] if error.hint else []
        if error.suggestion:
            remedy = [
                ("Did you mean ", self.inks.muted),
                (error.suggestion, hit(self.inks.accent, "fix")),
                ("? ", self.inks.muted),
                ("tab ", self.inks.key),
            ]
        mark: Piece = (" ✗ ", self.inks.bad)
        is_cut = error.suggestion and width_of([mark, *what, *remedy]) > width + 1  # the last cell is a blank
        return clip([mark, *remedy, *what] if is_cut else [mark, *what, *remedy], width)

    def _suggestion_line(self, width: int) -> Line:
        """Return the suggestions from the first on, or from where the lit one is still in sight."""
        lit = self._suggestions[self._lit]
        is_news = width >= _ROOM_FOR_LABEL and not says_the_same(lit.label, lit.text)
        right: list[Piece] = [(f"{lit.label} ", self.inks.muted)] if is_news else []
        room = width - width_of(right)
        items = [self._item(index) for index in range(len(self._suggestions))]
        first = 0
        while first < self._lit and _upto(items[first : self._lit + 1]) > room:
            first += 1
        line: list[Piece] = [(" tab ", self.inks.key)] + [("… ", self.inks.faint)] * bool(first)
        for index in range(first, len(items)):
            left_over = room - width_of(line) - 2 * (index < len(items) - 1)
            if width_of(items[index]) > left_over and index > self._lit:
                line.append(("…", self.inks.faint))
                break
            line += items[index]
        return spread(line, right, width)

    def _item(self, index: int) -> list[Piece]:
        """Return a suggestion with its number of models where known; the one that tab takes stands out."""
        entry, inks, name = self._suggestions[index], self.inks, f"take:{index}"
        is_lit = index == self._lit
        base = inks.chip if is_lit else Style.null()
        pieces: list[Piece] = [(f" {entry.text}", hit(base + (inks.strong if is_lit else inks.text), name))]
        if entry.count is not None:
            pieces.append((f" {count_text(entry.count)}", hit(base + inks.muted, name)))
        return [*pieces, (" ", hit(base, name))]

    def _chip_line(self, width: int) -> Line:
        chips: list[Piece] = [(" ", self.inks.text)]
        for index, part in enumerate(self._query.parts):
            if isinstance(part, Term) and part.key != "sort":
                chips += [
                    (f" {_chip_text(part)} ", hit(self.inks.chip, "filters")),
                    ("✕ ", hit(self.inks.chip + self.inks.muted, f"drop:{index}")),
                    (" ", self.inks.text),
                ]
        chips += [("+ ", hit(self.inks.accent, "filters")), ("filter", hit(self.inks.muted, "filters"))]
        order: list[Piece] = [
            ("by ", hit(self.inks.muted, "sort")),
            (self._query.sort, hit(self.inks.text, "sort")),
            (" ▾ ", hit(self.inks.muted, "sort")),
        ]
        return spread(chips, order, width)


def _upto(items: Sequence[Line]) -> int:
    """Return the width of suggestions together, with the words and dots at the ends of the line."""
    return 9 + sum(map(width_of, items))


_ROOM_FOR_LABEL = 60
_VALUE_IS_ENOUGH = frozenset({"task", "library", "language", "license", "size", "author"})


def _chip_text(term: Term) -> str:
    text = part_text(term)
    if term.key not in _VALUE_IS_ENOUGH:
        return text
    value = text.partition(":")[2]
    return f"not {value}" if term.negated else value
