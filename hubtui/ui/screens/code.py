"""The Python that a load of a model would run: each file to be read, and what changed since it was read last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.screen import ModalScreen

from hubtui.core.code_reviews import CodeReview, file_change, review_of, state_of
from hubtui.core.custom_code import CodeFile, CustomCode, read_code
from hubtui.core.errors import HubtuiError
from hubtui.core.models import ModelFacts
from hubtui.core.numbers import size_text
from hubtui.core.ports import Services
from hubtui.ui import clock
from hubtui.ui.actions import bindings
from hubtui.ui.screens.safety_rows import STATE_MARKS, STATE_WORDS
from hubtui.ui.text import Line, ago, cells, clip, fit, plural, shorten_left, spread
from hubtui.ui.widgets.diff_view import DiffView
from hubtui.ui.widgets.file_text import FileText, TextOfFile, read
from hubtui.ui.widgets.lines_view import LinesView
from hubtui.ui.widgets.overlay_parts import KeysFoot, TextRule, bound
from hubtui.ui.widgets.painted import Lines
from hubtui.ui.work import start

_WIDE = 160
_MOST_ROWS = 8
_STATE = 14


class CodeList(LinesView):
    """The files, what they are to the user, and what brings them in."""

    tells_moves: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self.files: tuple[CodeFile, ...] = ()
        self.review: CodeReview | None = None

    def line(self, index: int, width: int) -> Line:
        """Return the pieces of a line."""
        file, inks = self.files[index], self.inks
        state = state_of(file, self.review)
        tone = {"new": inks.muted, "read": inks.good, "changed": inks.warn}[state]
        names = min(max(cells(each.name) for each in self.files), max(12, width - _STATE - 16))
        pieces: Line = [
            (f" {STATE_MARKS[state]} ", tone),
            (fit(shorten_left(file.name, names), names + 1), inks.text),
            (fit(size_text(file.size), 8, "right"), inks.muted),
            ("  ", inks.text),
            (fit(STATE_WORDS[state], _STATE), tone),
            (", ".join(file.brought_by), inks.muted),
        ]
        return clip(pieces, width)


class CodeScreen(ModalScreen[CodeReview | None]):
    """Shows the code over the whole screen; answers the new review when the user marked it as read.

    Args:
        services: hold the Hub and what was read before.
        facts: of the model.
        code: what a load would run.
        review: what the user read last.
        name: of the file to begin with (`CodeFile.name`); the first that is not read when empty.
    """

    key_context: ClassVar[str] = "code"
    DEFAULT_CSS = """
    CodeScreen { layout: vertical; background: $background; }
    CodeScreen > Lines { padding: 0 1; }
    CodeScreen > #both { height: 1fr; layout: vertical; }
    CodeScreen #text { height: 1fr; }
    CodeScreen TextOfFile, CodeScreen DiffView { height: 1fr; padding: 0 0 0 1; }
    CodeScreen DiffView { display: none; }
    CodeScreen.-changes DiffView { display: block; }
    CodeScreen.-changes TextOfFile { display: none; }
    CodeScreen.-beside > #both { layout: horizontal; }
    CodeScreen.-beside #text { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings("dialog", "code")

    def __init__(
        self, services: Services, facts: ModelFacts, code: CustomCode, review: CodeReview | None, name: str = ""
    ) -> None:
        super().__init__()
        self._services, self._facts, self._code, self._review = services, facts, code, review
        self._begin = name
        self._before: Mapping[str, CodeFile] | None = None
        self._lost = ""
        self._has_marked = False
        self._list, self._rule, self._diff, self._text = CodeList(), TextRule(), DiffView(), TextOfFile()
        self._foot = KeysFoot()

    def compose(self) -> ComposeResult:
        """Lay the parts out."""
        yield Lines(id="title")
        with Container(id="both"):
            yield self._list
            with Container(id="text"):
                yield self._rule
                yield self._text
                yield self._diff
        yield self._foot

    def on_mount(self) -> None:
        """Show the file to begin with; look for the code as it was read, where it is another."""
        files = self._code.files
        states = [state_of(file, self._review) for file in files]
        unread = next((at for at, state in enumerate(states) if state != "read"), 0)
        at = next((at for at, file in enumerate(files) if file.name == self._begin), unread)
        self._list.files, self._list.review = files, self._review
        self._list.set_count(len(files), cursor=at)
        self._lay_out(self.app.size.width)
        self._list.focus()
        self._tell()
        self._show()
        if self._review is not None and not self._review.covers(self._code):
            self._find_before(self._review)

    def on_resize(self, event: events.Resize) -> None:
        """Put list and text side by side where there is room."""
        self._lay_out(event.size.width)
        self._tell()

    def _lay_out(self, width: int) -> None:
        is_wide = width >= _WIDE
        self.set_class(is_wide, "-beside")
        rows = min(max(1, len(self._code.files)), _MOST_ROWS)
        self._list.styles.height = "1fr" if is_wide else rows
        self._list.styles.width = 78 if is_wide else "1fr"

    @property
    def _file(self) -> CodeFile | None:
        at = self._list.cursor
        return self._code.files[at] if 0 <= at < len(self._code.files) else None

    # -- what was read before

    def _find_before(self, review: CodeReview) -> None:
        services, facts = self._services, self._facts
        if facts.folder:
            self._lost = "How it was when you read it is not kept for a folder."
            return

        def find() -> CustomCode:
            hub = services.hub()
            return read_code(hub, hub.facts(facts.id, review.commit), review.commits)

        start(self, "before", find, self._before_came, self._no_before)

    def _before_came(self, code: CustomCode) -> None:
        self._before = {file.name: file for file in code.files}
        self._tell()
        self._show()

    def _no_before(self, error: HubtuiError) -> None:
        self._lost = f"How it was when you read it cannot be had: {error.message}"
        self._tell()

    # -- the text

    @on(LinesView.CursorMoved)
    def _moved(self, event: LinesView.CursorMoved) -> None:
        event.stop()
        self._show()

    def _show(self) -> None:
        """Show the file under the cursor: its changes where it is another than was read, else its text."""
        file = self._file
        if file is None:
            return
        before = self._before.get(file.name) if self._before is not None else None
        is_changed = before is not None and state_of(file, self._review) == "changed"
        self.set_class(is_changed, "-changes")
        if is_changed:
            self._diff.show(file_change(before, file))
        self._name_text(file)
        start(self, "text", lambda: read(_shown(file), file.path), self._text_came, self._no_text)

    def _name_text(self, file: CodeFile) -> None:
        is_diff = self.has_class("-changes")
        since = f" · changes since {self._review.commit[:7]}" if is_diff and self._review else ""
        cut = f" · the first {size_text(len(file.text))}" if file.is_cut else ""
        self._rule.show(f"{file.name}{since}{cut}")
        can_turn = self._before is not None and file.name in self._before and state_of(file, self._review) == "changed"
        turn = [("code-changes", "whole text" if is_diff else "changes")] if can_turn else []
        is_read = self._review is not None and self._review.covers(self._code)
        mark = [] if is_read else [("code-read", "mark as read")]
        moves = (("down up", "move"), ("left right", "sideways"), ("close", "back"))
        self._foot.keys = bound(self._services.settings.keys, ("open", "text"), *turn, *mark, *moves)
        self._foot.refresh()

    def _text_came(self, text: FileText) -> None:
        self._text.show(text)

    def _no_text(self, error: HubtuiError) -> None:
        self.add_class("-changes")
        self._diff.say(f"✗ {error}")

    @on(LinesView.Chosen)
    def _to_text(self, event: LinesView.Chosen) -> None:
        event.stop()
        (self._diff if self.has_class("-changes") else self._text).focus()

    @on(TextOfFile.Left)
    def _left(self, event: TextOfFile.Left) -> None:
        event.stop()
        self.action_close()

    # -- what the user does

    def action_turn_changes(self) -> None:
        """Show the whole text in place of its changes, or these again."""
        file = self._file
        if file is None or self._before is None or state_of(file, self._review) != "changed":
            return
        held_focus = not self._list.has_focus
        self.toggle_class("-changes")
        self._name_text(file)
        if held_focus:
            (self._diff if self.has_class("-changes") else self._text).focus()

    def action_mark_read(self) -> None:
        """Remember that all of this code was read, so that a change of it is told."""
        memory, model = self._services.memory, self._facts.folder or self._facts.id
        review = review_of(model, self._code, clock.now())
        start(self, "mark", lambda: memory.code_read(review), lambda _: self._marked(review), self._not_marked)

    def _marked(self, review: CodeReview) -> None:
        self._review = self._list.review = review
        self._has_marked, self._lost = True, ""
        self._list.repaint()
        self._tell()
        self._show()

    def _not_marked(self, error: HubtuiError) -> None:
        self.notify(str(error), severity="error", markup=False)

    def action_close(self) -> None:
        """Go from the text back to the list, from there back."""
        if not self._list.has_focus:
            self._list.focus()
        else:
            self.dismiss(self._review if self._has_marked else None)

    # -- the lines at the top

    def _tell(self) -> None:
        inks, width = self._list.inks, max(20, self.app.size.width - 2)
        files = self._code.files
        name = self._facts.folder or self._facts.id
        counted = f"{plural(len(files), 'Python file')}, {size_text(self._code.size_bytes)}"
        title = spread(
            [
                (shorten_left(name, max(12, width - len(counted) - 12)), inks.strong),
                (f"  {self._facts.commit[:7]}", inks.faint),
            ],
            [(counted, inks.muted)],
            width,
        )
        lines: list[Line] = [title]
        if self._facts.safety.custom_code or files:
            lines.append(
                clip([("A load with trust_remote_code=True runs all of it; hubtui does not.", inks.muted)], width)
            )
        lines.append(clip(self._review_words(), width))
        if self._lost:
            lines.append(clip([("! ", inks.warn), (self._lost, inks.text)], width))
        self.query_one("#title", Lines).show(*lines, [])

    def _review_words(self) -> Line:
        inks, review = self._list.inks, self._review
        if review is None:
            return [
                ("○ ", inks.muted),
                ("You have not marked it as read. Marked code is compared when it changes.", inks.text),
            ]
        seen = f"{review.commit[:7] or 'this folder'}, {ago(review.when, clock.now())}"
        if review.covers(self._code):
            return [("✓ ", inks.good), (f"You have read it as it is ({seen}).", inks.text)]
        changed = sum(review.state_of(file) != "read" for file in self._code.files)
        what = f"{plural(changed, 'file')} changed or came since you read it ({seen})."
        return [("! ", inks.warn), (what, inks.text)]


def _shown(file: CodeFile) -> str:
    """The text, or why there is none."""
    return file.text if file.digest else "# This file could not be read."
