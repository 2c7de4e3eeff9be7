"""The Tokens tab: what the tokenizer does to a text, while it is typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from hubtui.core.errors import CheckpointError, HubtuiError
from hubtui.core.models import ModelFacts
from hubtui.core.ports import Services
from hubtui.core.tokenizer_ports import Tokenizers
from hubtui.core.tokens import TokenizedView, TokenizerInfo
from hubtui.ui.actions import bindings
from hubtui.ui.messages import TokenizerKnown
from hubtui.ui.panes.download_words import waiting_words
from hubtui.ui.panes.opened import Learned, OpenedCard, OpenedModel
from hubtui.ui.panes.tab import ModelTab, Progressed
from hubtui.ui.panes.tokens import words
from hubtui.ui.panes.tokens.options import TokenOptions
from hubtui.ui.panes.tokens.pieces import PiecesView
from hubtui.ui.panes.tokens.view import TokenSubject, TokenView
from hubtui.ui.panes.tokens.views import PIECES, VIEWS
from hubtui.ui.widgets.face import Face, FaceState, error_face
from hubtui.ui.widgets.fields import FieldLeft
from hubtui.ui.widgets.token_editor import TokenEditor
from hubtui.ui.widgets.view_strip import ViewStrip
from hubtui.ui.work import in_thread

_EXAMPLES = 2
_VIEW_KEYS = ", ."
_LOADING = FaceState("loading", "loading the tokenizer")


class TokensTab(ModelTab, can_focus=True):
    """An editor of which each line is a sequence, switches, and what becomes of the text."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("tokens")
    DEFAULT_CSS = """
    TokensTab > Vertical { display: none; }
    TokensTab.-ready > Vertical { display: block; }
    TokensTab.-ready > Face { display: none; }
    TokensTab > Vertical > ViewStrip { padding: 0 1; }
    TokensTab #views { height: 1fr; }
    """

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._tokenizers: Tokenizers | None = None
        self._folder = ""
        self._info: TokenizerInfo | None = None
        self._views: dict[str, TokenView] = {PIECES: PiecesView(services, self._know)}
        self._names = (PIECES, *VIEWS)
        self._shown = PIECES
        self._error: HubtuiError | None = None
        self._is_prefilled = False
        self._pins: Sequence[str] = ()

    def compose(self) -> ComposeResult:
        """Lay the parts out; the face stands for them until there is a tokenizer."""
        yield Face(_LOADING)
        with Vertical():
            yield ViewStrip(self._names, _VIEW_KEYS)
            yield TokenEditor(lambda _: self._changed(), placeholder="Each line is a sequence")
            yield TokenOptions()
            with Vertical(id="views"):
                yield self._views[PIECES]

    def allow_focus(self) -> bool:
        """Take the focus only while nothing in it can."""
        return not self.has_class("-ready")

    def focus_first(self) -> None:
        """Put the focus into the table, or keep it here until there is one; in the text the keys would be typed."""
        (self._view.focus_first if self.has_class("-ready") else self.focus)()

    @on(FieldLeft)
    def _leave_field(self, event: FieldLeft) -> None:
        event.stop()
        self._view.focus_first()

    # -- the tokenizer

    def show(self, opened: OpenedModel) -> None:
        """Bring the tokenizer of another model here."""
        super().show(opened)
        self._is_prefilled = False
        self._load()

    def show_card(self, card: OpenedCard) -> None:
        """Begin with the card's own example, unless the tokenizer is waiting for a text no longer."""
        super().show_card(card)
        if self._info is not None and not self._is_prefilled:
            self._prefill()

    def _load(self) -> None:
        self._error = self._info = None
        self._show_face(_LOADING)
        self.await_work("tokenizer", self._open(self.facts), self._loaded, self._failed)

    async def _open(self, facts: ModelFacts) -> TokenizerInfo:
        snapshot = await self.fetch_files(facts, "tokenizer")
        self._folder = snapshot.folder
        tokenizers = await in_thread(self.services.tokenizers)
        tokenizers.listen(self._heard)
        self._tokenizers = tokenizers
        self._pieces.begin()
        size = facts.config.get("vocab_size")
        size = size if isinstance(size, int) else None
        return await tokenizers.open(facts.id, snapshot.folder, embedding_size=size)

    def on_progressed(self, event: Progressed) -> None:
        """Tell how far the download is."""
        if self._info is None and self._error is None:
            what, figures = waiting_words(event.item)
            self._show_face(FaceState("loading", what, figures) if what else _LOADING)

    def _loaded(self, info: TokenizerInfo) -> None:
        self._know(info)
        self.add_class("-ready")
        if self.has_focus:
            self.focus_first()
        self._prefill() if self.card and not self._is_prefilled else self._changed()

    def _know(self, info: TokenizerInfo) -> None:
        self._info = info
        self._options.know(info, self._limit)
        self.post_message(TokenizerKnown(self.facts.id, info))

    def _prefill(self) -> None:
        self._is_prefilled = True
        examples = [example.text for example in self.card.front_matter.widget if example.text] if self.card else []
        text = "\n".join(" ".join(example.split()) for example in examples[:_EXAMPLES])
        self._editor.put(text or words.first_text(self.facts.languages))

    def _failed(self, error: HubtuiError) -> None:
        self._error = error
        face = error_face(error)
        if isinstance(error, CheckpointError):
            face = replace(face, keys=(("1", "card"), ("2", "files")))
        self._show_face(face)

    def _show_face(self, state: FaceState) -> None:
        if self.has_focus_within:
            self.focus()
        self.remove_class("-ready")
        self.query_one(Face).state = state

    def retry(self) -> bool:
        """Load again a tokenizer that failed, or ask again what the view in sight failed to be told."""
        if self._error is None or self.opened is None:
            return self._view.retry()
        self._load()
        return True

    # -- views

    def _subject(self, info: TokenizerInfo) -> TokenSubject:
        row, text, options = self._editor.cursor_location[0], self._editor.text, self._options.options
        return TokenSubject(self.facts, self._folder, info, text, options, self._limit, row, self._tokenizers)

    def _changed(self) -> None:
        """Tell the view in sight; what it shows at once shares the frame of the edit."""
        if self._info is not None:
            self._pieces.caret = self._caret
            self._view.changed(self._subject(self._info))

    @property
    def _caret(self) -> tuple[int, int] | None:
        """Sequence and character of the text cursor, None while the focus is elsewhere, and in the second of a pair."""
        row, column = self._editor.cursor_location
        if not self._editor.has_focus:
            return None
        if not self._options.options.pairs:
            return row, column
        return None if row % 2 else (row // 2, column)

    @on(TokenEditor.SelectionChanged)
    def _cursor_moved(self, event: TokenEditor.SelectionChanged) -> None:
        event.stop()
        view = self._view
        if view.follows_cursor and view.subject is not None and view.subject.row != event.selection.end[0]:
            self._changed()

    def _heard(self, news: TokenizedView | TokenizerInfo | HubtuiError) -> None:
        if not self.is_attached or self._info is None:
            return
        if isinstance(news, TokenizerInfo):
            self._know(news)
            self._changed()
        else:
            self._view.heard(news)

    @on(TokenEditor.SelectionChanged)
    def _caret_moved(self, event: TokenEditor.SelectionChanged) -> None:
        event.stop()
        if event.text_area.has_focus and self._info is not None and self._shown == PIECES:
            self._pieces.caret = event.text_area.cursor_location
            self._pieces.caret_moved()

    @property
    def _view(self) -> TokenView:
        return self._views[self._shown]

    @property
    def _pieces(self) -> PiecesView:
        return self.query_one(PiecesView)

    def show_pins(self, pins: Sequence[str], learned: Mapping[str, Learned]) -> None:  # noqa: ARG002 - its own suffices
        """Tell the views."""
        self._pins = tuple(pins)
        for view in self._views.values():
            view.show_pins(self._pins)

    async def _show_view(self, name: str) -> None:
        """Bring a view into sight, made now if it never was."""
        if name not in self._views:
            self._views[name] = VIEWS[name](self.services)
            await self.query_one("#views").mount(self._views[name])
            self._views[name].show_pins(self._pins)
        had_focus = self._view.has_focus_within or self._view.has_focus
        self._shown = name
        for key, view in self._views.items():
            view.display = key == name
        self.query_one(ViewStrip).show(name)
        self._editor.display = self._view.uses_text
        self._options.display = self._view.uses_options
        self._options.show_all(all_of_them=self._view.uses_all_options)
        if had_focus or not self._editor.display:
            self._view.focus_first()
        self._changed()

    @on(ViewStrip.Hit)
    async def _choose_view(self, event: ViewStrip.Hit) -> None:
        event.stop()
        if event.name in self._names:
            await self._show_view(event.name)

    async def action_token_view(self, step: int) -> None:
        """Go to another view: 1 the next, -1 the one before."""
        names = self._names
        await self._show_view(names[(names.index(self._shown) + step) % len(names)])

    # -- switches

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the keys of text and options alone while neither is in sight."""
        if action == "token_edit":
            return self._view.uses_text
        if action.startswith("token_") and action != "token_view":
            return self._view.uses_options
        return super().check_action(action, parameters)

    @property
    def _editor(self) -> TokenEditor:
        return self.query_one(TokenEditor)

    @property
    def _limit(self) -> int | None:
        stated = self._info.model_max_length if self._info else None
        return stated or (self.opened.facts.max_length if self.opened else None)

    @property
    def _options(self) -> TokenOptions:
        return self.query_one(TokenOptions)

    @on(TokenOptions.Changed)
    def _options_changed(self, event: TokenOptions.Changed) -> None:
        event.stop()
        self._changed()

    def action_token_option(self, name: str) -> None:
        """Press a switch."""
        if self._view.uses_options:
            self._options.turn(name)

    def action_token_edit(self) -> None:
        """Edit the text."""
        # at once: focus() is deferred, and what is typed after the key may be here already
        self.screen.set_focus(self._editor)

    def copyable(self) -> Sequence[tuple[str, str]]:
        """Return what the view in sight offers."""
        return self._view.copyable()
