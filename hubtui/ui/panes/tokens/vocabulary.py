"""The vocabulary, searched; ids made text again; and whether the text comes back when it is decoded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from hubtui.core.errors import HubtuiError, UsageError
from hubtui.core.file_lengths import FileLengths
from hubtui.core.ports import Services
from hubtui.core.round_trips import RoundTrip
from hubtui.core.token_vocabulary import DecodedIds, VocabularyPage, VocabularyQuery, parse_query
from hubtui.core.tokens import split_lines
from hubtui.ui.actions import bindings
from hubtui.ui.panes.tokens import vocabulary_words
from hubtui.ui.panes.tokens.length_lines import length_lines
from hubtui.ui.panes.tokens.view import PAUSE_S, TokenSubject, TokenView
from hubtui.ui.text import Line
from hubtui.ui.widgets.face import Face, FaceState, error_face
from hubtui.ui.widgets.painted import Lines
from hubtui.ui.widgets.vocabulary_line import VocabularyField, VocabularyPrompt, VocabularyTally
from hubtui.ui.widgets.vocabulary_list import VocabularyHead, VocabularyList
from hubtui.ui.work import in_thread

_ROWS = 200
_MOST_CHARACTERS = 20_000
"""Of a longer text only the beginning is tried: the rest would be out of sight."""

_LOADING = FaceState("loading", "reading the vocabulary")
_FILE = FaceState(
    "empty",
    "A file on this machine.",
    "How long its lines are in tokens is measured, however large it is.",
    (("enter", "measure"), ("esc", "all tokens")),
)
_NONE = FaceState(
    "empty",
    "No token has it.",
    'Shorten it, or try /a pattern/. Text with capitals is looked for as it is typed; "100-200" is text, 100-200 ids.',
    (("esc", "all tokens"),),
)


class VocabularyView(TokenView, can_focus=True):
    """Round trip of the text, a line to search with, what ids say, and the tokens.

    Args:
        services: of the session.
    """

    key_context: ClassVar[str] = "tokens-vocabulary"
    BINDINGS: ClassVar[list[BindingType]] = bindings("tokens-vocabulary")
    DEFAULT_CSS = """
    VocabularyView { layout: vertical; }
    VocabularyView > Lines { padding: 0 1; }
    VocabularyView > #trip { margin-top: 1; }
    VocabularyView > Horizontal { height: 1; padding: 0 1; margin-top: 1; }
    VocabularyView > Horizontal > VocabularyField { width: 1fr; margin-left: 0; }
    VocabularyView > VocabularyHead { padding: 0 1; margin-top: 1; }
    VocabularyView.-low > #trip, VocabularyView.-low > VocabularyHead { margin-top: 0; }
    VocabularyView.-low > Horizontal { margin-top: 0; }
    VocabularyView > VocabularyList { height: 1fr; min-height: 3; padding: 0 0 0 1; }
    VocabularyView > Face { height: 1fr; min-height: 6; display: none; }
    VocabularyView.-faced > VocabularyList, VocabularyView.-faced > VocabularyHead { display: none; }
    VocabularyView.-faced > Face { display: block; }
    VocabularyView > #lengths { height: 1fr; display: none; }
    VocabularyView.-measured > #lengths { display: block; }
    VocabularyView.-measured > Face { display: none; }
    """

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._query: VocabularyQuery | None = VocabularyQuery()
        self._folder: str | None = None
        self._page: tuple[VocabularyQuery, VocabularyPage] | None = None
        self._decoded: DecodedIds | None = None
        self._trips: list[RoundTrip] | None = None
        self._tried: str | None = None
        self._refused: HubtuiError | None = None
        self._trip_error: HubtuiError | None = None
        self._lengths: FileLengths | None = None
        self._is_measuring = False

    def compose(self) -> ComposeResult:
        """Lay the parts out."""
        yield Lines(id="trip")
        with Horizontal():
            yield VocabularyPrompt()
            yield VocabularyField(self._leave_field)
            yield VocabularyTally()
        yield Lines(id="said")
        yield VocabularyHead()
        yield VocabularyList()
        yield Face(_LOADING)
        yield Lines(id="lengths")

    def focus_first(self) -> None:
        """Put the focus into the tokens."""
        # at once: focus() is deferred, and the list may be shown only now
        self.screen.set_focus(self if self.has_class("-faced") else self._list)

    def allow_focus(self) -> bool:
        """Take the focus only while the tokens cannot."""
        return self.has_class("-faced")

    # -- what is asked

    def changed(self, subject: TokenSubject) -> None:
        """Try the text, and of another tokenizer read the vocabulary."""
        super().changed(subject)
        if subject.folder != self._folder:
            self._folder, self._page, self._decoded, self._trips = subject.folder, None, None, None
            self._tried = None
            self._show_face(_LOADING)
            self._search(pause_s=0)
        self._try(subject)

    def _try(self, subject: TokenSubject) -> None:
        beginning = subject.text[:_MOST_CHARACTERS]
        if beginning == self._tried:
            return
        self._tried = beginning
        self.ask(self._round_trip(subject, split_lines(beginning)), self._trips_known, self._trips_failed, group="trip")

    async def _round_trip(self, subject: TokenSubject, texts: Sequence[str]) -> list[RoundTrip]:
        inspector = await in_thread(self.services.inspector)
        return await inspector.round_trips(subject.facts.id, subject.folder, texts)

    def _trips_known(self, trips: list[RoundTrip]) -> None:
        self._trips, self._trip_error = trips, None
        self._say()

    def _trips_failed(self, error: HubtuiError) -> None:
        self._trips, self._tried, self._trip_error = None, None, error
        self._say()

    def _search(self, *, pause_s: float = PAUSE_S) -> None:
        """Look for what is typed; what was found last stays until the answer is here."""
        subject, query = self.subject, self._query
        if subject is None or query is None:
            return

        def failed(error: HubtuiError) -> None:
            if query != self._query:
                return
            self._refused = error
            if self._page is None:
                self._show_face(error_face(error))
            self._say()

        self.ask(
            self._look(subject, query, None),
            lambda answer: self._found(query, *answer),
            failed,
            group="vocabulary",
            pause_s=pause_s,
        )

    async def _look(
        self, subject: TokenSubject, query: VocabularyQuery, first: int | None
    ) -> tuple[VocabularyPage, DecodedIds | None]:
        inspector = await in_thread(self.services.inspector)
        model, folder = subject.facts.id, subject.folder
        page = await inspector.vocabulary(model, folder, query, first=first, count=_ROWS)
        says = query.kind in {"ids", "near"} and first is None
        return page, await inspector.decode(model, folder, query.ids) if says else None

    def _found(self, query: VocabularyQuery, page: VocabularyPage, decoded: DecodedIds | None) -> None:
        if query != self._query:
            return  # something is typed now that is not looked for
        self._page, self._decoded, self._refused = (query, page), decoded, None
        if page.total:
            had_focus = self.has_focus
            self.remove_class("-faced")
            self._list.show(page, is_new=True)
            if had_focus:
                self.focus_first()
            if page.place is not None:
                # the list is laid out anew by what is said above it
                self.call_after_refresh(self._list.center)
        else:
            self._show_face(_NONE)
        self._say()

    @on(VocabularyList.PageWanted)
    def _page_wanted(self, event: VocabularyList.PageWanted) -> None:
        event.stop()
        if self._page is None or self.subject is None:
            return
        query = self._page[0]

        def found(answer: tuple[VocabularyPage, DecodedIds | None]) -> None:
            if self._page is not None and self._page[0] == query:
                self._page = (query, answer[0])
                self._list.show(answer[0], is_new=False)

        self.ask(self._look(self.subject, query, event.first), found, self._page_failed, group="page", pause_s=0)

    def _page_failed(self, error: HubtuiError) -> None:
        self._refused = error
        self._say()

    def retry(self) -> bool:
        """Ask again after a failure."""
        if self._path and self.subject is not None:
            self._measure()
            return True
        if self.subject is None or (self._refused is None and self._trip_error is None):
            return False
        if self._refused is not None:
            if self._page is None:
                self._show_face(_LOADING)
            self._search(pause_s=0)
        self._try(self.subject)
        return True

    # -- a file

    @property
    def _path(self) -> str:
        """The file that is named in the line, empty where something else is."""
        typed = self._field.value
        return typed[1:].strip() if typed.startswith("@") else ""

    def _measure(self) -> None:
        """Measure the lines of the file; it goes on until the line says something else."""
        subject, path = self.subject, self._path
        if subject is None:
            return
        self._is_measuring, self._refused = True, None
        self._told(path, FileLengths(path))

        def done(found: FileLengths) -> None:
            self._is_measuring = False
            self._told(path, found)

        def failed(error: HubtuiError) -> None:
            self._is_measuring = False
            if path == self._path:
                self._drop_lengths()
                self._show_face(error_face(error))

        self.ask(self._lengths_of(subject, path), done, failed, group="file", pause_s=0)

    async def _lengths_of(self, subject: TokenSubject, path: str) -> FileLengths:
        inspector = await in_thread(self.services.inspector)
        return await inspector.file_lengths(
            subject.facts.id, subject.folder, path, told=lambda found: self._told(path, found)
        )

    def _told(self, path: str, found: FileLengths) -> None:
        if path == self._path:
            self._lengths = found
            self.add_class("-faced", "-measured")
            self._say()

    def _drop_lengths(self) -> None:
        self._lengths, self._is_measuring = None, False
        self.remove_class("-measured")

    # -- what is shown

    @property
    def _list(self) -> VocabularyList:
        return self.query_one(VocabularyList)

    @property
    def _field(self) -> VocabularyField:
        return self.query_one(VocabularyField)

    def _show_face(self, state: FaceState) -> None:
        had_focus = self._list.has_focus
        self.add_class("-faced")
        if had_focus:
            self.focus_first()
        self.query_one(Face).state = state

    def _say(self) -> None:
        """Say what is known, in lines of this width."""
        width, is_low = self.size.width - 2, self.has_class("-low")
        if width < 1:
            return
        inks = self._list.inks
        trip: list[Line] = []
        if self._trip_error is not None:
            trip = vocabulary_words.refusal_lines(self._trip_error, width, inks)
        elif self._trips is not None:
            is_brief = is_low and bool(self._decoded or self._refused or self._lengths)
            trip = vocabulary_words.trip_lines(self._trips, width, inks, is_low=is_low, is_brief=is_brief)
        self.query_one("#trip", Lines).show(*trip)
        said: list[Line] = []
        if self._refused is not None and self._page is not None:
            said = vocabulary_words.refusal_lines(self._refused, width, inks)
        elif self._decoded is not None:
            said = vocabulary_words.decoded_lines(self._decoded, width, inks, most=1 if is_low else 3)
        self.query_one("#said", Lines).show(*said)
        if self._lengths is not None:
            panel = self.query_one("#lengths", Lines)
            room = panel.size.height or self.size.height // 2
            panel.show(*length_lines(self._lengths, width, room, inks, is_done=not self._is_measuring))
            self.query_one(VocabularyTally).show("")
            return
        self.query_one(VocabularyTally).show("" if self._page is None else vocabulary_words.tally(*self._page))

    def on_resize(self) -> None:
        """Break the lines anew; go without gaps where there is little room."""
        self.set_class(self.size.height < 20, "-low")
        self._say()

    def copyable(self) -> Sequence[tuple[str, str]]:
        """Return the token under the cursor and what ids say."""
        found: list[tuple[str, str]] = []
        entry = self._list.current
        if entry is not None:
            found += [("token", entry.token), ("token id", str(entry.id))]
        if self._lengths is not None and not self._is_measuring:
            rows = "\n".join(f"{length}\t{count}" for length, count in sorted(self._lengths.lengths.items()))
            found.append(("tokens and lines", rows))
        if self._decoded is not None:
            found.append(("the text of the ids", self._decoded.text))
        return found

    # -- keys

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.workers.cancel_group(self, "file")
        self._drop_lengths()
        if event.value.startswith("@"):
            self._query = self._decoded = self._refused = None
            self._show_face(_FILE)
            self._say()
            return
        try:
            query = parse_query(event.value)
        except UsageError as error:
            self._refused, self._query = error, None
            self._say()
            return
        if query != self._query or self._refused is not None:
            self._query = query
            self._search()

    def _leave_field(self) -> None:
        if self._path:
            self._measure()
        self.focus_first()

    @on(VocabularyList.Chosen)
    def _chosen(self, event: VocabularyList.Chosen) -> None:
        event.stop()
        self.action_near()

    def action_find(self) -> None:
        """Type what to look for; what was looked for last is there to be typed over."""
        self.screen.set_focus(self._field)  # at once: keys may follow in one go
        self._field.action_select_all()

    def action_near(self) -> None:
        """Show the token under the cursor among its neighbours."""
        entry = self._list.current
        if entry is not None:
            self._field.value = str(entry.id)

    def action_end_find(self) -> None:
        """Show all tokens again; with nothing looked for the key means what it means elsewhere."""
        if not self._field.value:
            raise SkipAction
        self._field.value = ""
