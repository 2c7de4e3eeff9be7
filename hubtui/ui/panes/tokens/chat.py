"""A conversation, the prompt that the chat template makes of it, and what is doubtful about the two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from hubtui.core.chats import Chat, RenderedChat
from hubtui.core.errors import HubtuiError, UsageError
from hubtui.core.ports import Services
from hubtui.ui.actions import bindings
from hubtui.ui.panes.tokens import chat_words
from hubtui.ui.panes.tokens.chat_draft import BESIDES, ChatDraft, Row
from hubtui.ui.panes.tokens.chat_lines import prompt_lines, sentences, template_lines, token_lines
from hubtui.ui.panes.tokens.view import TokenSubject, TokenView
from hubtui.ui.text import Line, whole
from hubtui.ui.theme import Inks
from hubtui.ui.widgets.chat_rows import ChatRows
from hubtui.ui.widgets.made_lines import MadeLines
from hubtui.ui.widgets.painted import Lines
from hubtui.ui.widgets.switches import Switches
from hubtui.ui.widgets.token_editor import TokenEditor
from hubtui.ui.work import in_thread

_PANELS = ("prompt", "tokens", "template")
_BEFORE = 3  # lines of the template shown before the one at fault
_TOOLS, _, _JSON = BESIDES
_PLACEHOLDERS = {"message": "What is said", "tools": "JSON schemas of functions", "variables": "A JSON object"}


class ChatPanel(MadeLines):
    """The prompt, its tokens or the template."""

    key_context: ClassVar[str] = "tokens-chat"
    DEFAULT_CSS = "ChatPanel { height: 1fr; min-height: 3; padding: 0 1; margin-top: 1; }"


class ChatView(TokenView):
    """A list of messages, an editor of the one under the cursor, switches, totals and the prompt."""

    key_context: ClassVar[str] = "tokens-chat"
    uses_text: ClassVar[bool] = False
    BINDINGS: ClassVar[list[BindingType]] = bindings("tokens-chat")
    DEFAULT_CSS = """
    ChatView { layout: vertical; }
    ChatView > TokenEditor { margin: 0 1; min-height: 1; }
    ChatView > TokenEditor.-json { max-height: 12; }
    ChatView > Switches, ChatView > Lines { padding: 0 1; }
    ChatView.-low > ChatRows { max-height: 5; }
    ChatView.-low > TokenEditor { max-height: 3; }
    ChatView.-low > TokenEditor.-json { max-height: 6; }
    ChatView.-low > ChatPanel { margin-top: 0; }
    """

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._draft: ChatDraft | None = None
        self._asked_of = ""
        self._asked: Chat | None = None
        self._shown: tuple[Chat, RenderedChat] | None = None
        self._error: HubtuiError | None = None
        self._panel = _PANELS[0]
        self._edited = Row("message", 0)

    def compose(self) -> ComposeResult:
        """Lay the parts out."""
        yield ChatRows()
        yield TokenEditor(self._typed)
        yield Switches()
        yield Lines()
        yield ChatPanel()

    def on_mount(self) -> None:
        """Say that there is nothing yet."""
        self._show()

    def on_resize(self) -> None:
        """Give list and editor less room where there is little, and break the totals anew."""
        self.set_class(self.size.height < 24, "-low")
        self._say()

    def focus_first(self) -> None:
        """Put the focus into the list; in the editor the keys would be typed."""
        self._rows.focus()

    # -- the prompt

    def changed(self, subject: TokenSubject) -> None:
        """Render with this tokenizer; the text of the other views is only the first message."""
        super().changed(subject)
        if self._draft is None:
            self._draft = ChatDraft([{"role": "user", "content": subject.text.partition("\n")[0]}])
            self._put(Row("message", 0))
        if subject.folder != self._asked_of:
            self._asked_of, self._draft.template = subject.folder, ""
            self._asked = self._shown = self._error = None
            self._show()
            self._ask_again()

    def _ask_again(self) -> None:
        """Ask for the prompt of what was written, and show what is known at once."""
        if self._draft is None or self.subject is None:
            return
        try:
            chat = self._draft.chat()
        except UsageError as error:
            self._failed(error)
            return
        self._show_draft()
        if chat == self._asked and self._error is None:
            return
        self._asked = chat = replace(chat, messages=[*chat.messages])  # what is typed next is another conversation
        self.ask(self._ask_for(self.subject, chat), lambda rendered: self._rendered(chat, rendered), self._failed)

    async def _ask_for(self, subject: TokenSubject, chat: Chat) -> RenderedChat:
        inspector = await in_thread(self.services.inspector)
        return await inspector.render_chat(subject.facts.id, subject.folder, chat)

    def _rendered(self, chat: Chat, rendered: RenderedChat) -> None:
        self._shown, self._error = (chat, rendered), None
        self._show()

    def _failed(self, error: HubtuiError) -> None:
        self._error = error
        self._show()

    # -- what is shown

    @property
    def _known(self) -> RenderedChat | None:
        return self._shown[1] if self._shown else None

    def _show(self) -> None:
        self._show_draft()
        self.query_one(ChatPanel).show(self._panel_lines, keep_place=True)

    def _show_draft(self) -> None:
        """Show what was written; the prompt stays as it is until it is rendered anew."""
        draft = self._draft
        if draft is None:
            return
        shown = self._shown[0] if self._shown else None
        self._rows.show(chat_words.rows(draft, self._known, shown), self._rows.cursor)
        self.query_one(Switches).show(chat_words.switches(draft, self._known, self._panel))
        self._say()

    def _say(self) -> None:
        """Say the totals, or what was typed wrong."""
        lines, width = self.query_one(Lines), self.size.width - 2
        if isinstance(self._error, UsageError):
            words = f"{self._error.message} {self._error.hint}".strip()
            lines.show(*sentences([words], "✗", width, lines.inks.bad))
        elif self._known is not None and width > 0:
            lines.show(*chat_words.totals(self._known, width, lines.inks))
        else:
            lines.show()

    def _panel_lines(self, width: int, inks: Inks) -> Sequence[Line]:
        error = self._error
        if error is not None and not isinstance(error, UsageError):
            hint = f"{error.hint} The next edit asks again.".strip()
            return [*sentences([error.message], "✗", width, inks.bad), *sentences([hint], " ", width, inks.text)]
        if self._shown is None:
            waiting = error is None
            return [[("… rendering with the tokenizer's own template", inks.muted)]] if waiting else []
        chat, rendered = self._shown
        if rendered.fault is not None:
            return self._fault_lines(rendered, width, inks)
        doubts = sentences(rendered.warnings, "!", width, inks.warn)
        doubts += [[]] if doubts else []
        if self._panel == "template":
            return template_lines(rendered.source, 0, width, inks)
        made = prompt_lines if self._panel == "prompt" else token_lines
        return [*doubts, *made(chat, rendered, width, inks)]

    def _fault_lines(self, rendered: RenderedChat, width: int, inks: Inks) -> Sequence[Line]:
        fault = rendered.fault
        assert fault is not None  # noqa: S101 - asked before
        lines = sentences([fault.message], "✗", width, inks.bad)
        lines += sentences([fault.hint] if fault.hint else [], " ", width, inks.text)
        if rendered.source:
            first = 1 if self._panel == "template" else fault.line - _BEFORE
            lines += [[], *template_lines(rendered.source, fault.line, width, inks, first=first)]
        return lines

    def copyable(self) -> Sequence[tuple[str, str]]:
        """Return messages, prompt, token ids and template."""
        found = [("messages as JSON", self._draft.json())] if self._draft else []
        rendered = self._known
        if rendered and rendered.sequence is not None:
            ids = rendered.sequence.ids
            found.append(("prompt", rendered.prompt))
            found.append((f"{whole(len(ids))} token ids", " ".join(map(str, ids))))
        if rendered and rendered.source:
            found.append(("chat template", rendered.source))
        return found

    # -- the list and the editor

    @property
    def _rows(self) -> ChatRows:
        return self.query_one(ChatRows)

    @property
    def _row(self) -> Row:
        assert self._draft is not None  # noqa: S101 - the list has rows only with it
        rows = self._draft.rows
        return rows[min(max(self._rows.cursor, 0), len(rows) - 1)]

    def _put(self, row: Row) -> None:
        """Go to a row, with its text in the editor."""
        draft = self._draft
        if draft is None:
            return
        shown = self._shown[0] if self._shown else None
        self._rows.show(chat_words.rows(draft, self._known, shown), draft.rows.index(row))
        self._edited = row
        editor = self.query_one(TokenEditor)
        editor.set_class(not draft.is_plain(row), "-json")
        editor.placeholder = _PLACEHOLDERS.get(row.kind, "")
        if editor.text != draft.text(row):
            editor.put(draft.text(row))

    @on(ChatRows.CursorMoved)
    def _moved(self, event: ChatRows.CursorMoved) -> None:
        event.stop()
        # an older move may be told of only after a key that went elsewhere, when something is typed there already
        if self._draft is not None and self._row != self._edited:
            self._put(self._row)

    @on(ChatRows.Chosen)
    def _chosen(self, event: ChatRows.Chosen) -> None:
        event.stop()
        self.action_chat_edit()

    def _typed(self, text: str) -> None:
        draft, row = self._draft, self._edited
        if draft is None or text == draft.text(row):
            return
        draft.put(row, text)
        self._error = None
        if row.kind == "json":  # there may be more messages above it now, or fewer
            self._rows.show(chat_words.rows(draft, None, None), draft.rows.index(row))
        self._ask_again()

    # -- keys

    def _to(self, row: Row, *, edits: bool = False) -> None:
        self._put(row)
        self._ask_again()
        if edits:
            self.action_chat_edit()

    def action_chat_edit(self) -> None:
        """Edit the row under the cursor."""
        # at once: focus() is deferred, and what is typed after the key may be here already
        self.screen.set_focus(self.query_one(TokenEditor))

    def action_chat_add(self) -> None:
        """Add a message after the one under the cursor and edit it."""
        if self._draft is not None:
            row = self._row
            after = row.index if row.kind == "message" else len(self._draft.messages) - 1
            self._to(Row("message", self._draft.add(after)), edits=True)

    def action_chat_remove(self) -> None:
        """Take the message under the cursor away, or empty the row."""
        if self._draft is None:
            return
        row = self._row
        if row.kind == "message":
            self._draft.remove(row.index)
            row = Row("message", min(row.index, len(self._draft.messages) - 1))
        elif row.kind != "json":
            self._draft.put(row, "")
        self._to(row)

    def action_chat_move(self, step: int) -> None:
        """Move the message under the cursor: 1 down, -1 up."""
        if self._draft is not None and self._row.kind == "message":
            self._to(Row("message", self._draft.move(self._row.index, step)))

    def action_chat_role(self) -> None:
        """Give the message under the cursor the next role."""
        if self._draft is not None and self._row.kind == "message":
            self._draft.next_role(self._row.index)
            self._to(self._row)

    def action_chat_tools(self) -> None:
        """Edit the tools."""
        self._to(_TOOLS, edits=True)

    def action_chat_json(self) -> None:
        """Edit the whole conversation as JSON."""
        self._to(_JSON, edits=True)

    def action_chat_ending(self) -> None:
        """End the prompt with the generation prompt, with the closed turn, with the last message open."""
        if self._draft is not None:
            self._draft.next_ending()
            self._ask_again()

    def action_chat_thinking(self) -> None:
        """Tell the template nothing of thinking, to think, or not to."""
        if self._draft is not None:
            self._draft.next_thinking()
            self._to(self._row)

    def action_chat_template(self) -> None:
        """Take the tokenizer's next template."""
        if self._draft is not None and self._known is not None:
            self._draft.next_template(self._known.templates, self._known.template)
            self._ask_again()

    def action_chat_panel(self) -> None:
        """Show the prompt, its tokens, the template."""
        self._panel = _PANELS[(_PANELS.index(self._panel) + 1) % len(_PANELS)]
        self._show()
        self.query_one(ChatPanel).scroll_to(y=0, animate=False, force=True)

    @on(Switches.Hit)
    async def _switch(self, event: Switches.Hit) -> None:
        event.stop()
        await self.run_action(f"chat_{event.name}")
