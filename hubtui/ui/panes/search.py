"""The left side: the search line, what it says, and the results."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget

from hubtui.core.errors import HubtuiError, QueryError, UsageError
from hubtui.core.query import Query, parse, to_text
from hubtui.ui import work
from hubtui.ui.messages import Notice, OpenModel
from hubtui.ui.panes.finder import Finder
from hubtui.ui.panes.fit_marks import FitMarks
from hubtui.ui.panes.search_hints import SearchHints
from hubtui.ui.panes.search_state import SearchState, face_of, rule_text
from hubtui.ui.panes.searching import Searching
from hubtui.ui.panes.start import StartPane
from hubtui.ui.widgets.bar import Bar
from hubtui.ui.widgets.face import WaitingFace
from hubtui.ui.widgets.lines_view import LinesView
from hubtui.ui.widgets.result_columns import RowMarks
from hubtui.ui.widgets.results import ResultsView
from hubtui.ui.widgets.search_line import SearchLine
from hubtui.ui.widgets.status_rule import StatusRule

if TYPE_CHECKING:
    from hubtui.core.models import ModelRow, Page
    from hubtui.core.ports import Services
    from hubtui.core.query_complete import Counts

DEBOUNCE_S = 0.15
_BARS = 3  # lines of the pane over the results


class SearchPane(Widget):
    """Search line, hints, results."""

    DEFAULT_CSS = """
    SearchPane { layout: vertical; }
    SearchPane ResultsView, SearchPane StartPane, SearchPane Face { display: none; }
    SearchPane.-start StartPane, SearchPane.-results ResultsView, SearchPane.-face Face { display: block; }
    """

    class Changed(Message):
        """The search or its results changed: the bars show how many there are."""

    class Committed(Message):
        """A search was entered: it becomes a step of the history."""

    def __init__(self, services: Services) -> None:
        super().__init__(classes="-start")
        self.services = services
        self.bookmarks: frozenset[str] = frozenset()
        self._saved: frozenset[str] = frozenset()
        self.finder = Finder(services)
        self._fits = FitMarks(services.box)
        self.searching = Searching(self, self.finder, self._arrived, self._changed)
        self._kept = ""
        self._timer: Timer | None = None
        self._line = SearchLine()
        self._hints = SearchHints(self._line, lambda: self.state.query, self.post_message)
        self._rule = StatusRule()
        self.results = ResultsView(self._marks_of)
        self.start = StartPane(services, self._marks_of)
        self._face = WaitingFace()
        self._is_open_wanted = False

    def compose(self) -> ComposeResult:
        """Yield the bars and the start page; what else can stand in its place is mounted after the first frame."""
        yield self._line
        yield self._hints.bar
        yield self._rule
        yield self.start

    # -- what the screen asks

    @property
    def state(self) -> SearchState:
        """The search in sight, and how far it got."""
        return self.searching.state

    @property
    def has_heard(self) -> bool:
        """Whether the Hub has answered, so that it can say what is left of the quota."""
        return self.state.has_begun or self.start.has_heard

    @property
    def row(self) -> ModelRow | None:
        """The row under the cursor."""
        return self.results.row if self.has_class("-results") else None

    @property
    def model(self) -> str:
        """Id of the model under the cursor, in results or on the start page."""
        if self.has_class("-start"):
            return self.start.model
        return self.row.id if self.row else ""

    def edit(self) -> None:
        """Go into the search line."""
        self._line.enter()

    def focus_list(self) -> None:
        """Go into whatever stands under the search line."""
        views: dict[str, Widget] = {"-start": self.start, "-results": self.results, "-face": self._face}
        self.screen.set_focus(next((view for name, view in views.items() if self.has_class(name)), None))

    def load(self) -> None:
        """Begin what waits for the first frame: memory, devices, the start page."""
        self.mount(self.results, self._face)
        self.read_memory()
        self._fits.refresh(self, self._repaint)
        if self.has_class("-start"):
            self.start.load()

    def read_memory(self) -> None:
        """Read again what is bookmarked and which searches are saved."""
        memory = self.services.memory

        def done(kept: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
            self.bookmarks, self._saved = map(frozenset, kept)
            self._repaint()
            self._tell()

        work.start(self, "memory", lambda: (memory.bookmarks(), memory.searches()), done, self._ignore)

    def search(self, text: str) -> None:
        """Search for a text at once; an empty one shows the start page."""
        self._line.text = text
        self._look(text, is_final=True)

    def reload(self) -> None:
        """Ask again for what is in sight."""
        state = self.state
        if self.has_class("-start"):
            self.start.load()
        elif state.next_page is not None and (state.error or state.rest or not state.rows):
            self.searching.go_on()
        else:
            self._begin(state.text, state.query, keep=True)

    def _note_position(self) -> None:
        """Note in the search that is being left where the user was in its list."""
        self.state.cursor, self.state.first_line = self.results.cursor, self.results.first_line

    def restore(self, state: SearchState) -> None:
        """Show a search of the history again, where it was left."""
        if state is self.state:
            return
        self._note_position()
        self._line.text = state.text
        self._stop_timer()
        self._kept = ""
        self.searching.restore(state)
        if self.state.is_loading:
            return
        self._show_rows(cursor=state.cursor)
        self.results.scroll_to(y=state.first_line, animate=False, force=True)

    # -- typing

    def on_search_line_typed(self, event: SearchLine.Typed) -> None:
        """Say at once what could follow; search when the typing rests."""
        event.stop()
        self._hints.show(event.text)
        self._stop_timer()
        self._timer = self.set_timer(DEBOUNCE_S, lambda: self._look(event.text, is_final=False))

    def on_search_line_entered(self, event: SearchLine.Entered) -> None:
        """Search at once and go into the results; open what is named by id, address or folder."""
        event.stop()
        self._stop_timer()
        if event.is_again:
            self._choose()
            return
        if self._open_named(event.text):
            return
        if self._look(event.text, is_final=True):
            self.focus_list()
            self.post_message(self.Committed())

    def _open_named(self, text: str) -> bool:
        """Open a model that the text names; say whether that leaves nothing to search for."""
        from hubtui.core.target import parse_target  # noqa: PLC0415 - after the first frame

        try:
            target = parse_target(text, os.path.isdir)
        except QueryError:
            return False
        except UsageError as error:
            self.post_message(Notice(str(error), "warning"))
            return True
        if target.kind == "query":
            return False
        self.post_message(OpenModel(target.model or target.folder, target.revision or None))
        is_id = text.strip() == target.model
        if not is_id:
            self._line.text = self.state.text
            self._hints.show(self.state.text, is_final=True)
        return not is_id

    def on_search_line_left(self, event: SearchLine.Left) -> None:
        """Go down into the results."""
        event.stop()
        self.focus_list()

    def on_search_line_hints_changed(self, event: SearchLine.HintsChanged) -> None:
        """Show suggestions only while the search line has the focus."""
        event.stop()
        self._hints.show(self._line.text)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _look(self, text: str, *, is_final: bool) -> bool:
        """Search for a text if it can be read and is another than before; say whether it could be read."""
        self._hints.show(text, is_final=is_final)
        try:
            query = parse(text)
        except QueryError:
            return False
        if query != self.state.query or self.state.is_unanswered:
            self._begin(text, query)
        else:
            self.state.text = text
        return True

    # -- fetching

    def _begin(self, text: str, query: Query, *, keep: bool = False) -> None:
        """Start a search; `keep` leaves the old rows in sight and the cursor on its model."""
        self._note_position()
        row = self.results.row
        self._kept = row.id if keep and row is not None else ""
        self._is_open_wanted = False
        self.searching.begin(text, query)
        self._hints.show(self._line.text)
        if not query.parts:
            self._show("start")
            self.start.load()

    def _arrived(self, page: Page, is_first: bool) -> None:
        state = self.state
        self._fits.refresh(self, self._repaint)
        if is_first:
            kept = (index for index, row in enumerate(state.rows) if row.id == self._kept) if self._kept else ()
            self._show_rows(cursor=next(iter(kept), 0))
        else:
            self.results.extend(page.rows)
            self._changed()
        if self._is_open_wanted and state.rows:
            self._choose()

    def _changed(self) -> None:
        """Show that a search goes on, failed, rests or waits; the rows before stay in sight until others come."""
        state = self.state
        if state.is_loading and not state.has_begun and self.has_class("-results") and self.results.count:
            self._tell()
        else:
            self._show_rows_or_face()

    def on_lines_view_near_end(self, event: LinesView.NearEnd) -> None:
        """Fetch the next page before the end comes into sight."""
        event.stop()
        state = self.state
        if event.view is self.results and not state.error:
            self.searching.go_on()

    # -- where answers come from, what is folded

    def learn_catalogue(self, done: Callable[[], None] | None = None) -> None:
        """Read what the catalogue holds, and the counts of its values for the suggestions; then call `done`."""

        def learned(counts: Counts) -> None:
            self._line.counts = counts
            if self.finder.by_catalogue and not self.state.by_catalogue and self.state.query.parts:
                self._begin(self.state.text, self.state.query, keep=True)  # offline it was asked of the cache
            self._tell()
            if done is not None:
                done()

        # Who waits for it keeps waiting when the catalogue is read once more for nobody.
        group = "catalogue-waited-for" if done is not None else "catalogue"
        work.start(self, group, self.finder.learn, learned, lambda _: learned({}))

    def answer_by(self, *, catalogue: bool) -> None:
        """Let the catalogue answer searches, or the Hub, also the next time; the search in sight is asked again."""
        self.finder.choose(catalogue=catalogue)
        work.start(self, "choice", self.finder.remember, lambda _: None, self._tell_trouble)
        if self.state.query.parts:
            self._begin(self.state.text, self.state.query, keep=True)
        self._tell()

    def toggle_fold(self) -> bool:
        """Fold near-duplicates under the model they were made from, or show every row; say which."""
        self.results.fold(not self.results.is_folded)
        self._tell()
        return self.results.is_folded

    def toggle_family(self) -> bool:
        """Open or close the family under the cursor, folding first where nothing is; say whether there is one."""
        if not self.results.is_folded:
            self.results.fold(True)
        is_family = self.results.toggle_family()
        self._tell()
        return is_family

    # -- showing

    def _show_rows(self, *, cursor: int = 0) -> None:
        words = [word.text for word in self.state.query.words if not word.negated]
        self.results.show(self.state.rows, words, sort=self.state.query.sort, cursor=cursor)
        # A view that was not in sight has no height yet: it will be as high as what is under the rule.
        height = self.results.view_height or max(1, self.size.height - _BARS)
        self.results.scroll_to(y=max(0, cursor - height + 1), animate=False, force=True)
        self._hints.show(self._line.text)
        self._show_rows_or_face()

    def _show_rows_or_face(self) -> None:
        if not self.state.query.parts:
            self._show("start")
        elif (face := face_of(self.state, self.size.height, has_catalogue=self.finder.has_catalogue)) is not None:
            self._face.state = face
            self._show("face")
        else:
            self._show("results")

    def _show(self, what: str) -> None:
        had_focus = self.results.has_focus or self.start.has_focus or self._face.has_focus
        for name in ("start", "results", "face"):
            self.set_class(name == what, f"-{name}")
        if had_focus:
            self.focus_list()
        self._tell()

    def _tell(self) -> None:
        is_saved = to_text(self.state.query) in self._saved
        self._rule.show(rule_text(self.state, self.results.hidden, is_saved=is_saved, answers=self.finder.words))
        self.post_message(self.Changed())

    def _repaint(self) -> None:
        self.results.repaint()
        self.start.repaint()

    def _marks_of(self, row: ModelRow) -> RowMarks:
        return RowMarks(self._fits.verdict(row), row.id in self.bookmarks)

    def _ignore(self, _error: HubtuiError) -> None:
        """Go without bookmarks: the start page tells the error."""

    def _tell_trouble(self, error: HubtuiError) -> None:
        self.post_message(Notice(str(error), "error"))

    def on_start_pane_heard(self, event: StartPane.Heard) -> None:
        """Pass on that there is news for the bars."""
        event.stop()
        self._fits.refresh(self, self._repaint)
        self._tell()

    def on_start_pane_forgotten(self, event: StartPane.Forgotten) -> None:
        """Take the mark of a bookmark or a saved search away everywhere."""
        event.stop()
        self.read_memory()

    # -- choosing

    def on_lines_view_chosen(self, event: LinesView.Chosen) -> None:
        """Open the row under the cursor."""
        event.stop()
        self._choose()

    def on_waiting_face_entered(self, event: WaitingFace.Entered) -> None:
        """Open the first row when it comes."""
        event.stop()
        self._choose()

    def _choose(self) -> None:
        self._is_open_wanted = self.row is None and self.state.is_loading
        if self.row is not None:
            self.post_message(OpenModel(self.row.id))

    def on_bar_hit(self, event: Bar.Hit) -> None:
        """Do what was clicked in the line of hints."""
        event.stop()
        self._hints.click(event.name)
