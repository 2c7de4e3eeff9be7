"""The list of the filter panel: every value of the query language that can be switched, with its number of models."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from hubtui.core import tasks
from hubtui.core.query import Query, value_of
from hubtui.core.query_complete import Counts, is_taken
from hubtui.core.query_keys import KEYS
from hubtui.ui.text import Line, Piece, fit, says_the_same, spread, whole
from hubtui.ui.widgets import size_slider
from hubtui.ui.widgets.lines_view import LinesView

SECTIONS: Mapping[str, str] = {
    "task": "Task",
    "size": "Size",
    "library": "Library",
    "language": "Language",
    "license": "Licence",
    "author": "Author",
    "dataset": "Dataset",
    "base": "Base model",
    "app": "Local app",
    "provider": "Inference provider",
    "tag": "Tag",
    "gated": "Gated",
    "fits": "Fits this box",
    "is": "State and format",
    "sort": "Order",
}
"""Key of the query language → heading, in the order of the panel; a key without values has no heading."""

_OPEN = frozenset({"language", "license", "author", "dataset", "base", "tag"})
_MOST_MET = 60  # values of an open vocabulary that are met only while counting: the most frequent ones are offered
_ON, _OFF, _NOT = "●", "○", "⊖"
_COUNT_WIDTH = 10


@dataclass(frozen=True, slots=True)
class Option:
    """One line: a heading, a value that can be switched on, the size slider, or the scale under it."""

    key: str
    value: str
    label: str
    kind: Literal["heading", "value", "slider", "scale"] = "value"


_SLIDER = (Option("size", "", "Number of weights (parameters)", "slider"), Option("size", "", "", "scale"))


def options_for(counts: Counts, *queries: Query) -> list[Option]:
    """Return headings and values: tasks as the Hub groups them, then the other keys.

    Where counts are known, the most frequent values of a group come first. Values of an open vocabulary are offered
    when they were met while counting, or stand in one of the queries.
    """
    options: list[Option] = []
    for key, title in SECTIONS.items():
        groups = _groups(key, title, queries, counts.get(key, {}))
        for heading, values in groups:
            if values or key == "size":
                options.append(Option(key, "", heading, "heading"))
                options += _SLIDER if key == "size" else ()
                options += _by_count(values, counts.get(key))
    return options


def _groups(
    key: str, title: str, queries: Iterable[Query], counted: Mapping[str, int]
) -> Iterator[tuple[str, list[Option]]]:
    if key == "task":
        for group, labels in tasks.LABELS.items():
            yield f"{title} · {group}", [Option(key, task, label) for task, label in labels.items()]
        return
    known = KEYS[key].choices()
    values = [Option(key, value, label) for value, label in known.items()]
    asked = [value for query in queries for is_out in (False, True) for value in value_of(query, key, negated=is_out)]
    others = dict.fromkeys(value for value in (*asked, *_met(key, known, counted)) if value not in known)
    yield title, values + [Option(key, value, value) for value in others]


def _met(key: str, known: Mapping[str, str], counted: Mapping[str, int]) -> list[str]:
    if key not in _OPEN:
        return []
    frequent = heapq.nlargest(_MOST_MET, (value for value in counted if value not in known), key=counted.__getitem__)
    return [value for value in frequent if is_taken(KEYS[key], value)]


def _by_count(values: list[Option], counted: Mapping[str, int] | None) -> list[Option]:
    return values if counted is None else sorted(values, key=lambda option: -counted.get(option.value, 0))


def narrowed(options: Iterable[Option], words: list[str]) -> list[Option]:
    """Return the options whose key, group, label or value holds every word, each group under its heading."""
    found: list[Option] = []
    heading = Option("", "", "", "heading")
    for option in options:
        if option.kind == "heading":
            heading = option
            continue
        text = f"{heading.label} {option.key}:{option.value} {option.label}".lower()
        if option.kind == "scale":
            is_wanted = bool(found) and found[-1].kind == "slider"
        else:
            is_wanted = all(word in text for word in words)
        if is_wanted:
            if heading not in found:
                found.append(heading)
            found.append(option)
    return found


class FilterList(LinesView):
    """The options, each with what the query says of it."""

    is_always_lit = True
    tells_moves = True

    def __init__(self) -> None:
        super().__init__()
        self.options: list[Option] = []
        self.end_in_hand: size_slider.End = "high"
        self._query = Query()
        self._counts: Counts = {}

    def show(self, options: list[Option], query: Query, counts: Counts, *, cursor: int | None = None) -> None:
        """Show other options, or another state of them; without a `cursor` it stays on its option, at its height."""
        old, height = self.option, self.cursor - self.first_line
        self.options, self._query, self._counts = options, query, counts
        if cursor is None and old in options:
            cursor = options.index(old)
            self.set_count(len(options), cursor=cursor)
            self.scroll_to(y=max(0, cursor - height), animate=False, force=True)
        else:
            self.set_count(len(options), cursor=cursor)

    def can_stop_at(self, index: int) -> bool:
        """Pass over headings."""
        return self.options[index].kind in {"value", "slider"}

    def line(self, index: int, width: int) -> Line:
        """Return a heading or an option."""
        option, inks = self.options[index], self.inks
        if option.kind == "slider":
            return size_slider.track(self._query, self.end_in_hand if index == self.cursor else None, inks)
        if option.kind == "scale":
            return size_slider.scale(inks)
        if option.kind == "value":
            return self._value(option, width)
        left: list[Piece] = [(f" {option.label}", inks.strong)]
        if option.key != "size":
            return left
        said = size_slider.words(self._query)
        return spread(left, [(f"{said} ", inks.muted if said == "any" else inks.accent)], width)

    def _value(self, option: Option, width: int) -> Line:
        inks = self.inks
        is_on = option.value in value_of(self._query, option.key) or (
            option.key == "sort" and option.value == self._query.sort
        )
        is_out = option.value in value_of(self._query, option.key, negated=True)
        counted = self._counts.get(option.key)
        number = None if counted is None else counted.get(option.value, 0)
        ink = inks.strong if is_on or is_out else inks.muted if number == 0 else inks.text
        mark, style = (_ON, inks.accent) if is_on else (_NOT, inks.bad) if is_out else (_OFF, inks.muted)
        right: list[Piece] = [] if says_the_same(option.label, option.value) else [(f"{option.value} ", inks.muted)]
        if number is not None:
            right.append((f"{fit(whole(number), _COUNT_WIDTH, 'right')} ", inks.faint if number == 0 else inks.text))
        return spread([(f"   {mark} ", style), (option.label, ink)], right, width)

    @property
    def option(self) -> Option | None:
        """The option under the cursor."""
        return self.options[self.cursor] if 0 <= self.cursor < len(self.options) else None

    @property
    def section(self) -> str:
        """Key of the option under the cursor, or an empty string."""
        return self.option.key if self.option else ""

    def to_section(self, key: str) -> None:
        """Go to the first option of a key."""
        self._go(next((index for index, option in enumerate(self.options) if option.key == key), -1))

    def to_next_section(self, direction: Literal[1, -1]) -> None:
        """Go to the first option under the next heading, or under the one before."""
        headings = [index for index, option in enumerate(self.options) if option.kind == "heading"]
        own = max((at for at, index in enumerate(headings) if index < self.cursor), default=0)
        if 0 <= own + direction < len(headings):
            self._go(headings[own + direction])

    def _go(self, heading: int) -> None:
        if heading >= 0:
            self.move_to(heading + 1)
            self.scroll_to(y=heading, animate=False, force=True)
