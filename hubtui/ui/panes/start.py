"""The start page: what to type, what is trending, what was opened lately, what is bookmarked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from textual.message import Message

from hubtui.core.errors import HubtuiError
from hubtui.core.untrusted import clean
from hubtui.ui import clock, work
from hubtui.ui.messages import OpenModel, SearchRequested
from hubtui.ui.text import Line, Piece, ago, shorten, spread
from hubtui.ui.widgets.lines_view import LinesView
from hubtui.ui.widgets.result_columns import RowMarks, columns_for, row_line

if TYPE_CHECKING:
    from hubtui.core.models import ModelRow
    from hubtui.core.ports import Services

EXAMPLES = (
    ("task:fill-mask language:fr", "words that fill a gap, in French"),
    ("task:text-generation size:<3B fits:yes", "small chat models that fit this box"),
    ("task:text-classification gated:no sort:likes", "labels for texts, open files, best liked"),
)
_MOST_RECENT = 8
_MOST_BOOKMARKS = 30


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line: a heading, a note, an example query, or a model (with a row where the Hub told one)."""

    heading: str = ""
    note: str = ""
    example: tuple[str, str] | None = None
    model: str = ""
    opened: datetime | None = None
    row: ModelRow | None = None
    is_error: bool = False

    @property
    def is_target(self) -> bool:
        return bool(self.example or self.model)


class StartPane(LinesView):
    """What hubtui shows before there is a search."""

    key_context = "start"

    class Heard(Message):
        """The Hub has answered."""

    near_end = 0

    def __init__(self, services: Services, marks_of: Callable[[ModelRow], RowMarks]) -> None:
        super().__init__()
        self._services = services
        self._marks_of = marks_of
        self._entries: list[_Entry] = []
        self._trending: tuple[ModelRow, ...] | None = None
        self._trouble: HubtuiError | None = None
        self._recent: tuple[tuple[str, datetime], ...] = ()
        self._bookmarks: tuple[str, ...] = ()
        self._build()

    def load(self) -> None:
        """Ask for what is trending and for what hubtui remembers."""

        def remember() -> tuple[tuple[tuple[str, datetime], ...], tuple[str, ...]]:
            return self._services.memory.recent(), self._services.memory.bookmarks()

        def remembered(found: tuple[tuple[tuple[str, datetime], ...], tuple[str, ...]]) -> None:
            self._recent, self._bookmarks = found
            self._build()

        self._trouble = None
        work.start(self, "memory", remember, remembered, self._failed)
        work.start(self, "trending", lambda: self._services.hub().trending(), self._arrived, self._failed)

    @property
    def has_heard(self) -> bool:
        """Whether the Hub has answered."""
        return self._trending is not None

    def _arrived(self, rows: tuple[ModelRow, ...]) -> None:
        self._trending = rows
        self._build()
        self.post_message(self.Heard())

    def _failed(self, error: HubtuiError) -> None:
        self._trouble = error
        self._build()

    def _build(self) -> None:
        entries: list[_Entry] = [_Entry(heading="Try a search", note="/ to type your own")]
        entries += [_Entry(example=example) for example in EXAMPLES]
        if self._recent:
            entries += [_Entry(), _Entry(heading="Recently opened")]
            entries += [_Entry(model=model, opened=when) for model, when in self._recent[:_MOST_RECENT]]
        if self._bookmarks:
            entries += [_Entry(), _Entry(heading="Bookmarks", note="is:bookmarked")]
            entries += [_Entry(model=model) for model in self._bookmarks[:_MOST_BOOKMARKS]]
        is_offline = self._services.settings.offline
        found = "In this machine's cache" if is_offline else "Trending on the Hub"
        entries += [_Entry(), _Entry(heading=found), *self._trending_entries()]
        self._entries = entries
        self.set_count(len(entries))

    def _trending_entries(self) -> list[_Entry]:
        if self._trending:
            return [_Entry(model=row.id, row=row) for row in self._trending]
        if self._trouble is not None:
            said = [self._trouble.message, self._trouble.hint, "r asks again."]
            return [_Entry(note=text, is_error=True) for text in said if text]
        if self._trending is None:
            return [_Entry(note="asking …")]
        is_offline = self._services.settings.offline
        return [_Entry(note="nothing yet: go online, and d downloads a model" if is_offline else "nothing now")]

    def can_stop_at(self, index: int) -> bool:
        """Stop at examples and models only."""
        return self._entries[index].is_target

    def line(self, index: int, width: int) -> Line:
        """Return the entry at `index`."""
        entry, inks = self._entries[index], self.inks
        if entry.heading:
            return spread([(f" {entry.heading}", inks.strong)], [(f"{entry.note} ", inks.muted)], width)
        if entry.example:
            return self._example(*entry.example, width)
        if entry.row:
            shifted = row_line(entry.row, columns_for(width - 2), self._marks_of(entry.row), inks, now=clock.now())
            return [("  ", inks.text), *shifted]
        if entry.model:
            left: list[Piece] = [(f"   {shorten(clean(entry.model), width - 14)}", inks.text)]
            return spread(left, [(f"{ago(entry.opened, clock.now())} ", inks.muted)], width)
        return [(f"   {entry.note}", inks.bad if entry.is_error else inks.muted)]

    def _example(self, query: str, meaning: str, width: int) -> Line:
        left: list[Piece] = [("   ", self.inks.text)]
        for number, word in enumerate(query.split()):
            key, _, value = word.partition(":")
            left += [(" " * bool(number) + key + ":", self.inks.muted), (value, self.inks.accent)]
        right: list[Piece] = [(f"{meaning} ", self.inks.muted)]
        is_roomy = width >= len(query) + len(meaning) + 8
        return spread(left, right if is_roomy else [], width)

    def on_lines_view_chosen(self, event: LinesView.Chosen) -> None:
        """Run the example, or open the model."""
        event.stop()
        entry = self._entries[event.index]
        if entry.example:
            self.post_message(SearchRequested(entry.example[0]))
        elif entry.model:
            self.post_message(OpenModel(entry.model))

    @property
    def model(self) -> str:
        """The model under the cursor, or an empty string."""
        return self._entries[self.cursor].model if 0 <= self.cursor < len(self._entries) else ""
