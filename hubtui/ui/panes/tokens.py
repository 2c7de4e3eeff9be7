"""The Tokens tab: what the tokenizer does to a text, while it is typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import ClassVar, get_args

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from hubtui.core.errors import CheckpointError, HubtuiError
from hubtui.core.models import ModelFacts
from hubtui.core.ports import Services
from hubtui.core.tokenizer_ports import Tokenizers
from hubtui.core.tokens import Padding, TokenizedView, TokenizeOptions, TokenizerInfo, TokenWindow
from hubtui.ui.actions import bindings
from hubtui.ui.messages import TokenizerKnown
from hubtui.ui.panes import token_words
from hubtui.ui.panes.opened import OpenedCard, OpenedModel
from hubtui.ui.panes.tab import ModelTab, Progressed, progress_words
from hubtui.ui.text import Line, wrap
from hubtui.ui.widgets.face import Face, FaceState, error_face
from hubtui.ui.widgets.fields import FieldLeft, LineField
from hubtui.ui.widgets.switches import Switch, Switches
from hubtui.ui.widgets.token_board import TokenBoard
from hubtui.ui.widgets.token_editor import TokenEditor
from hubtui.ui.widgets.token_table import TokenTable
from hubtui.ui.work import in_thread

_PADDINGS: tuple[Padding, ...] = get_args(Padding)
_WINDOW_ROWS = 120
_EXAMPLES = 2
_LOADING = FaceState("loading", "loading the tokenizer")


class TokensTab(ModelTab, can_focus=True):
    """An editor of which each line is a sequence, switches, and what becomes of the text."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("tokens")
    DEFAULT_CSS = """
    TokensTab > Vertical { display: none; }
    TokensTab.-ready > Vertical { display: block; }
    TokensTab.-ready > Face { display: none; }
    TokensTab Horizontal { height: auto; padding: 0 1; }
    TokensTab LineField { width: 8; margin-left: 1; }
    """

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._options = TokenizeOptions(padding="longest")
        self._window = TokenWindow(rows=_WINDOW_ROWS)
        self._tokenizers: Tokenizers | None = None
        self._info: TokenizerInfo | None = None
        self._view: TokenizedView | None = None
        self._error: HubtuiError | None = None
        self._is_prefilled = False

    def compose(self) -> ComposeResult:
        """Lay the parts out; the face stands for them until there is a tokenizer."""
        yield Face(_LOADING)
        with Vertical():
            yield TokenEditor(self._type, placeholder="Each line is a sequence")
            with Horizontal():
                yield Switches(last_at_right=True)
                yield LineField(placeholder="none", type="integer", max_length=6)
            yield TokenBoard()

    def on_mount(self) -> None:
        """Show how the text will be encoded."""
        self._show_options()

    def allow_focus(self) -> bool:
        """Take the focus only while nothing in it can."""
        return not self.has_class("-ready")

    def focus_first(self) -> None:
        """Put the focus into the table, or keep it here until there is one; in the text the keys would be typed."""
        (self._board.table if self.has_class("-ready") else self).focus()

    @on(FieldLeft)
    def _leave_field(self, event: FieldLeft) -> None:
        event.stop()
        self._board.table.focus()

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
        self._error = self._info = self._view = None
        self._show_face(_LOADING)
        self.await_work("tokenizer", self._open(self.facts), self._loaded, self._failed)

    async def _open(self, facts: ModelFacts) -> TokenizerInfo:
        snapshot = await self.fetch_files(facts, "tokenizer")
        self._tokenizers = await in_thread(self.services.tokenizers)
        self._tokenizers.listen(self._heard)
        size = facts.config.get("vocab_size")
        size = size if isinstance(size, int) else None
        return await self._tokenizers.open(facts.id, snapshot.folder, embedding_size=size)

    def on_progressed(self, event: Progressed) -> None:
        """Tell how far the download is."""
        if self._info is None and self._error is None:
            is_here = event.progress.done_bytes >= event.progress.total_bytes
            self._show_face(_LOADING if is_here else FaceState("loading", progress_words(event.progress)))

    def _loaded(self, info: TokenizerInfo) -> None:
        self._know(info)
        self.add_class("-ready")
        if self.has_focus:
            self.focus_first()
        limit = self._limit
        self.query_one(LineField).placeholder = str(limit) if limit else "none"
        self._prefill() if self.card and not self._is_prefilled else self._type(self._editor.text)

    def _know(self, info: TokenizerInfo) -> None:
        self._info = info
        self.post_message(TokenizerKnown(self.facts.id, info))

    def _prefill(self) -> None:
        self._is_prefilled = True
        examples = [example.text for example in self.card.front_matter.widget if example.text] if self.card else []
        text = "\n".join(" ".join(words.split()) for words in examples[:_EXAMPLES])
        self._editor.put(text or token_words.first_text(self.facts.languages))

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
        """Load again a tokenizer that failed."""
        if self._error is None or self.opened is None:
            return False
        self._load()
        return True

    # -- what comes back

    def _type(self, text: str) -> None:
        self._window = replace(self._window, first_row=0)
        self._ask(lambda tokenizers: tokenizers.type(text, self._options, self._window))

    @on(TokenTable.WindowWanted)
    def _look(self, event: TokenTable.WindowWanted) -> None:
        self._window = replace(self._window, first_row=event.first_row)
        self._ask(lambda tokenizers: tokenizers.look(self._window))

    def _ask(self, call: Callable[[Tokenizers], TokenizedView | None]) -> None:
        if self._info is None or self._tokenizers is None:
            return
        try:
            view = call(self._tokenizers)
        except HubtuiError as error:
            self._heard(error)
        else:
            if view is not None:
                self._heard(view)

    def _heard(self, news: TokenizedView | TokenizerInfo | HubtuiError) -> None:
        if not self.is_attached or self._info is None:
            return
        if isinstance(news, TokenizerInfo):
            self._know(news)
            self._type(self._editor.text)
        elif isinstance(news, HubtuiError):
            inks = self._board.query_one(TokenTable).inks
            words = [f"✗ {news.message}", news.hint]
            self._board.say(*([(line, inks.bad)] for text in words if text for line in wrap(text, self.size.width - 2)))
        elif self._view is None or news.generation >= self._view.generation:
            self._show_view(news, self._info)

    def _show_view(self, view: TokenizedView, info: TokenizerInfo) -> None:
        self._view = view
        if view.info is not None:
            self._know(view.info)
            info = view.info
        board = self._board
        inks, width = board.table.inks, max(20, self.size.width - 2)
        lines: list[Line] = token_words.totals(view, info, self._limit, inks, width)
        for sentence in token_words.warnings(view, self._options, self._limit):
            lines += [[(line, inks.warn)] for line in wrap(f"! {sentence}", width)]
        board.show(view, self._editor.cursor_location[0])
        board.say(*lines)

    # -- switches

    @property
    def _editor(self) -> TokenEditor:
        return self.query_one(TokenEditor)

    @property
    def _board(self) -> TokenBoard:
        return self.query_one(TokenBoard)

    @property
    def _limit(self) -> int | None:
        stated = self._info.model_max_length if self._info else None
        return stated or (self.opened.facts.max_length if self.opened else None)

    def _set(self, options: TokenizeOptions) -> None:
        self._options = options
        self._show_options()
        self._type(self._editor.text)

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
        """Return the ids of the tokens that are known here."""
        if self._view is None:
            return ()
        ids = [row.id for row in self._view.rows]
        is_all = len(ids) == self._view.total_tokens
        return [("token ids" if is_all else f"the {len(ids)} token ids in sight", " ".join(map(str, ids)))]
