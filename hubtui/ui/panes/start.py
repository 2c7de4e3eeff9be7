"""The start page: go on where you were, see what is here and what is trending, or try an example."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message

from hubtui.core.errors import HubtuiError
from hubtui.core.numbers import size_text
from hubtui.core.query import Query
from hubtui.core.untrusted import clean
from hubtui.ui import clock, work
from hubtui.ui.actions import bindings
from hubtui.ui.messages import Notice, OpenModel, QueueChanged, SearchRequested
from hubtui.ui.panes.start_entries import BOOKMARKED, DOWNLOADS, SAVED, Entry, Known, entries_of
from hubtui.ui.text import CACHED_MARK, Line, Piece, ago, fit, shorten, spread, width_of
from hubtui.ui.widgets.lines_view import LinesView
from hubtui.ui.widgets.result_columns import RowMarks, columns_for, row_line

if TYPE_CHECKING:
    from hubtui.core.models import CachedModel, ModelRow, Page
    from hubtui.core.ports import Services

_LOW = 28  # rows of the page below which its sections are shorter
_MOST_LOW, _MOST = 3, 5
_MOST_TRENDING = 12


class StartPane(LinesView):
    """What hubtui shows before there is a search."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("start")
    key_context = "start"
    near_end = 0

    class Heard(Message):
        """The Hub has answered."""

    class Forgotten(Message):
        """A bookmark or a saved search was taken away here."""

    def __init__(self, services: Services, marks_of: Callable[[ModelRow], RowMarks]) -> None:
        super().__init__()
        self._services = services
        self._marks_of = marks_of
        self._entries: list[Entry] = []
        self._known = Known(is_offline=services.settings.offline)
        self._unfolded: frozenset[str] = frozenset()
        self._cached_ids: frozenset[str] = frozenset()
        self._is_listening = False
        self._build()

    # -- what it knows

    def load(self) -> None:
        """Ask for what hubtui remembers, what is in the cache and what is trending."""
        self.recall()
        if not self._is_listening:
            self._is_listening = True
            self._services.queue().listen(lambda: self.post_message(QueueChanged()))
        work.start(self, "unfinished", self._services.queue().recall, self.on_queue_changed, self._no_downloads)
        # The call itself makes the client, in the thread.
        work.start(self, "cached", lambda: self._services.hub().cached(), self._found, self._found_none)
        if self._known.is_offline:
            work.start(self, "trending", self._listed_as_trending, self._found_in_catalogue, self._heard_none)
        else:
            work.start(self, "trending", lambda: self._services.hub().trending(), self._heard, self._heard_none)

    def _listed_as_trending(self) -> Page | None:
        """What was trending when the catalogue was synced; None without a catalogue."""
        catalogue = self._services.catalogue()
        return catalogue.search(Query(), page_size=_MOST_TRENDING) if catalogue.status().is_complete else None

    def _found_in_catalogue(self, page: Page | None) -> None:
        self._know(trending=page.rows if page else (), trending_as_of=page.as_of if page else None)

    def recall(self) -> None:
        """Read again what hubtui remembers."""
        memory = self._services.memory

        def remember() -> Known:
            return Known(memory.searches(), memory.recent_searches(), memory.recent(), memory.bookmarks())

        def remembered(found: Known) -> None:
            self._know(
                saved=found.saved,
                searched=found.searched,
                opened=found.opened,
                bookmarks=found.bookmarks,
                memory_trouble=None,
            )

        work.start(self, "memory", remember, remembered, lambda error: self._know(memory_trouble=error))

    def on_queue_changed(self, _: object = None) -> None:
        """Tell of the downloads that are not over."""
        self._know(downloads=tuple(item for item in self._services.queue().items() if not item.state.is_over))

    def _no_downloads(self, error: HubtuiError) -> None:
        self.post_message(Notice(f"Downloads of earlier sessions are not known: {error}", "warning"))

    @property
    def has_heard(self) -> bool:
        """Whether the Hub, or offline the cache, has answered."""
        return (self._known.cached if self._known.is_offline else self._known.trending) is not None

    def _know(self, **news: object) -> None:
        self._known = replace(self._known, **news)  # type: ignore[arg-type] # the fields of Known, named by the callers
        self._build()

    def _found(self, models: tuple[CachedModel, ...]) -> None:
        self._cached_ids = frozenset(model.id for model in models)
        self._know(cached=models, cached_trouble=None)
        if self._known.is_offline:
            self.post_message(self.Heard())

    def _found_none(self, error: HubtuiError) -> None:
        # Online the Hub says the same of itself, where what is trending would stand.
        self._know(cached_trouble=error if self._known.is_offline else None)

    def _heard(self, rows: tuple[ModelRow, ...]) -> None:
        self._know(trending=rows, trending_trouble=None)
        self.post_message(self.Heard())

    def _heard_none(self, error: HubtuiError) -> None:
        self._know(trending=None, trending_trouble=error)

    # -- the lines

    def _build(self) -> None:
        """Make the lines anew; the cursor stays on its entry, and where it begins until it was moved."""
        old, was_moved = self._entry, self._is_moved
        self._most = self._lines_a_section
        self._entries = entries_of(self._known, self._most, self._unfolded)
        same = (at for at, entry in enumerate(self._entries) if was_moved and old and _is_same(entry, old))
        self.set_count(len(self._entries), cursor=next(same, self._first))

    @property
    def _is_moved(self) -> bool:
        """Whether the cursor was moved from the entry it begins with."""
        return self.cursor != self._first

    @property
    def _first(self) -> int:
        """Where the cursor begins: not on downloads, which nobody is to begin by a key that was meant for a search."""
        targets = (index for index, entry in enumerate(self._entries) if entry.is_target)
        return next((index for index in targets if self._entries[index].section != DOWNLOADS), 0)

    def on_resize(self, event: events.Resize) -> None:
        """Give the sections the lines that there is room for."""
        del event
        if self._lines_a_section != self._most:
            self._build()

    @property
    def _lines_a_section(self) -> int:
        """Lines of a section before it is unfolded; before the first layout the height is 0."""
        return _MOST if self.size.height >= _LOW else _MOST_LOW

    def can_stop_at(self, index: int) -> bool:
        """Stop at searches, models and the ways to the rest only."""
        return self._entries[index].is_target

    def line(self, index: int, width: int) -> Line:
        """Return the entry at `index`."""
        entry, inks = self._entries[index], self.inks
        if entry.heading:
            return spread([(f" {entry.heading}", inks.strong)], [(f"{entry.note} ", inks.muted)], width)
        if entry.row:
            shifted = row_line(entry.row, columns_for(width - 2), self._marks_of(entry.row), inks, now=clock.now())
            return [("  ", inks.text), *shifted]
        if entry.note:
            return self._note(entry, width)
        if entry.search:
            return self._search(entry, width)
        return self._model(entry, width) if entry.model else ()

    def _note(self, entry: Entry, width: int) -> Line:
        inks = self.inks
        if not entry.is_target:
            return [(f"   {entry.note}", inks.bad if entry.is_error else inks.muted)]
        if entry.section == DOWNLOADS:
            key: list[Piece] = [("enter", inks.key), (" goes on " if entry.downloads else " opens it ", inks.muted)]
            said = shorten(entry.note, max(8, width - 3 - width_of(key)))
            return spread([(f" {said}", inks.warn if entry.downloads else inks.text)], key, width)
        left: list[Piece] = [("   … ", inks.faint), (entry.note, inks.muted)]
        return spread(left, [(f"{entry.search} ", inks.muted)] if entry.search else [], width)

    def _search(self, entry: Entry, width: int) -> Line:
        inks = self.inks
        left: list[Piece] = [("   ", inks.text)]
        for number, word in enumerate(clean(entry.search).split()):
            key, colon, value = word.rpartition(":")
            left += [(" " * bool(number) + key + colon, inks.muted), (value, inks.accent if colon else inks.text)]
        said = entry.meaning or ago(entry.when, clock.now())
        right: list[Piece] = [(f"{said} ", inks.muted)] if said else []
        is_roomy = not entry.meaning or width_of(left) + width_of(right) < width
        return spread(left, right if is_roomy else [], width)

    def _model(self, entry: Entry, width: int) -> Line:
        """Return a model with its size here and an age; a mark behind its name says that it is in the cache."""
        inks, when = self.inks, ago(entry.when, clock.now())
        right: list[Piece] = [(f"{fit(when, 9, 'right')} ", inks.muted)] if when else []
        mark = ""
        if entry.size is not None:
            right.insert(0, (fit(size_text(entry.size), 8, "right"), inks.text))
        elif entry.model in self._cached_ids:
            mark = f" {CACHED_MARK}"
        name = clean(entry.model)
        slash = name.rfind("/") + 1 if not name.startswith((".", "/", "~")) else 0
        shown = shorten(name, max(8, width - 6 - width_of(right)))
        left = [("   ", inks.text), (shown[:slash], inks.muted), (shown[slash:], inks.text), (mark, inks.good)]
        return spread(left, right, width)

    # -- choosing

    def on_lines_view_chosen(self, event: LinesView.Chosen) -> None:
        """Search, open the model, or show the section whole."""
        event.stop()
        entry = self._entries[event.index]
        if entry.unfolds:
            self._unfold(entry)
        elif entry.downloads:
            self._go_on(entry.downloads)
        elif entry.search:
            self.post_message(SearchRequested(entry.search))
        elif entry.model:
            self.post_message(OpenModel(entry.model))

    def _go_on(self, numbers: Sequence[int]) -> None:
        for number in numbers:
            self._services.queue().resume(number)

    def _unfold(self, entry: Entry) -> None:
        at = self.cursor
        self._unfolded |= {entry.unfolds}
        self._build()
        # Where the way to the rest stood, the rest begins.
        self.move_to(at)

    def action_forget(self) -> None:
        """Take the saved search or the bookmark under the cursor away."""
        entry, memory = self._entry, self._services.memory
        if entry is None or entry.section not in {SAVED, BOOKMARKED} or entry.note:
            self.post_message(Notice("Only saved searches and bookmarks can be taken away here."))
            return
        is_search = bool(entry.search)

        def forget() -> None:
            if is_search:
                memory.save_search(entry.search, on=False)
            else:
                memory.set_bookmark(entry.model, on=False)

        def done(_: None) -> None:
            what = f"No longer saved: {entry.search}" if is_search else f"{entry.model} is no bookmark any more."
            self.post_message(Notice(what))
            self.recall()
            self.post_message(self.Forgotten())

        def failed(error: HubtuiError) -> None:
            self.post_message(Notice(str(error), "error"))

        work.start(self, "forget", forget, done, failed, exclusive=False)

    @property
    def _entry(self) -> Entry | None:
        return self._entries[self.cursor] if 0 <= self.cursor < len(self._entries) else None

    @property
    def model(self) -> str:
        """The model under the cursor, or an empty string."""
        return self._entry.model if self._entry else ""

    @property
    def search(self) -> str:
        """The search under the cursor, or an empty string."""
        return self._entry.search if self._entry else ""


def _is_same(entry: Entry, old: Entry) -> bool:
    """Say whether an entry is the one before; the line of the downloads is the same whatever it says."""
    return entry == old or entry.section == old.section == DOWNLOADS
