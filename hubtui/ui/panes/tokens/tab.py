"""The Tokens tab: what the tokenizer does to a text, while it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, get_args

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from hubtui.core.errors import CheckpointError, HubtuiError
from hubtui.core.models import ModelFacts
from hubtui.core.ports import Services
from hubtui.core.tokens import Padding, TokenizedView, TokenizeOptions, TokenizerInfo
from hubtui.ui.actions import bindings
from hubtui.ui.messages import TokenizerKnown
from hubtui.ui.panes.download_words import waiting_words
from hubtui.ui.panes.opened import OpenedCard, OpenedModel
from hubtui.ui.panes.tab import ModelTab, Progressed
from hubtui.ui.panes.tokens import words
from hubtui.ui.panes.tokens.pieces import PiecesView
from hubtui.ui.panes.tokens.view import TokenSubject, TokenView
from hubtui.ui.panes.tokens.views import PIECES, VIEWS
from hubtui.ui.widgets.face import Face, FaceState, error_face
from hubtui.ui.widgets.fields import FieldLeft, LineField
from hubtui.ui.widgets.switches import Switch, Switches
from hubtui.ui.widgets.token_editor import TokenEditor
from hubtui.ui.widgets.view_strip import ViewStrip
from hubtui.ui.work import in_thread

_PADDINGS: tuple[Padding, ...] = get_args(Padding)
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
    TokensTab #options { height: auto; padding: 0 1; }
    TokensTab #views { height: 1fr; }
    TokensTab LineField { width: 8; margin-left: 1; }
    """

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._options = TokenizeOptions(padding="longest")
        self._folder = ""
        self._info: TokenizerInfo | None = None
        self._views: dict[str, TokenView] = {PIECES: PiecesView(services, self._know)}
        self._names = (PIECES, *VIEWS)
        self._shown = PIECES
        self._error: HubtuiError | None = None
        self._is_prefilled = False

    def compose(self) -> ComposeResult:
        """Lay the parts out; the face stands for them until there is a tokenizer."""
        yield Face(_LOADING)
        with Vertical():
            yield ViewStrip(self._names, _VIEW_KEYS)
            yield TokenEditor(lambda _: self._changed(), placeholder="Each line is a sequence")
            with Horizontal(id="options"):
                yield Switches(last_at_right=True)
                yield LineField(placeholder="none", type="integer", max_length=6)
            with Vertical(id="views"):
                yield self._views[PIECES]

    def on_mount(self) -> None:
        """Show how the text will be encoded."""
        self._show_options()

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
        self._pieces.begin(tokenizers)
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
        limit = self._limit
        self.query_one(LineField).placeholder = str(limit) if limit else "none"
        self._prefill() if self.card and not self._is_prefilled else self._changed()

    def _know(self, info: TokenizerInfo) -> None:
        self._info = info
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
        row = self._editor.cursor_location[0]
        return TokenSubject(self.facts, self._folder, info, self._editor.text, self._options, self._limit, row)

    def _changed(self) -> None:
        """Tell the view in sight; what it shows at once shares the frame of the edit."""
        if self._info is not None:
            self._pieces.caret = self._editor.cursor_location if self._editor.has_focus else None
            self._view.changed(self._subject(self._info))

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
            self._pieces.heard(news)

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

    async def _show_view(self, name: str) -> None:
        """Bring a view into sight, made now if it never was."""
        if name not in self._views:
            self._views[name] = VIEWS[name](self.services)
            await self.query_one("#views").mount(self._views[name])
        had_focus = self._view.has_focus_within or self._view.has_focus
        self._shown = name
        for key, view in self._views.items():
            view.display = key == name
        self.query_one(ViewStrip).show(name)
        self._editor.display = self._view.uses_text
        self.query_one("#options").display = self._view.uses_options
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

    def _set(self, options: TokenizeOptions) -> None:
        self._options = options
        self._show_options()
        self._changed()

    def _show_options(self) -> None:
        options = self._options
        self.query_one(Switches).show(
            (
                Switch("padding", "pad", options.padding, "p", options.padding != "none"),
                Switch("truncation", "truncate", "on" if options.truncation else "off", "t", options.truncation),
                Switch("special", "specials", "on" if options.special_tokens else "off", "a", True),
                Switch("length", "max", "", "m"),
            )
        )

    @on(Switches.Hit)
    async def _switch(self, event: Switches.Hit) -> None:
        event.stop()
        await self.run_action(f"token_{event.name}")

    def action_token_padding(self) -> None:
        """Pad to nothing, to the longest sequence, to the maximum length."""
        at = _PADDINGS.index(self._options.padding)
        self._set(replace(self._options, padding=_PADDINGS[(at + 1) % len(_PADDINGS)]))

    def action_token_truncation(self) -> None:
        """Cut what is longer than the maximum length, or leave it."""
        self._set(replace(self._options, truncation=not self._options.truncation))

    def action_token_special(self) -> None:
        """Add special tokens, or leave them out."""
        self._set(replace(self._options, special_tokens=not self._options.special_tokens))

    def action_token_length(self) -> None:
        """Edit the maximum length."""
        self.screen.set_focus(self.query_one(LineField))

    def action_token_edit(self) -> None:
        """Edit the text."""
        # at once: focus() is deferred, and what is typed after the key may be here already
        self.screen.set_focus(self._editor)

    @on(LineField.Changed)
    def _length_changed(self, event: LineField.Changed) -> None:
        event.stop()
        wanted = int(event.value) if event.value.isdigit() and int(event.value) else None
        if wanted != self._options.max_length:
            self._set(replace(self._options, max_length=wanted))

    def copyable(self) -> Sequence[tuple[str, str]]:
        """Return what the view in sight offers."""
        return self._view.copyable()
