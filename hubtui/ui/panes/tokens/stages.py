"""What each stage of the tokenizer does to the line that the cursor is in, while it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult

from hubtui.core.errors import HubtuiError
from hubtui.core.ports import Services
from hubtui.core.stages import TokenStages
from hubtui.core.tokens import split_lines
from hubtui.ui.panes.tokens.stage_lines import FOLDS, OPENED_FIRST, stage_lines
from hubtui.ui.panes.tokens.view import TokenSubject, TokenView
from hubtui.ui.text import Line, whole, wrap
from hubtui.ui.widgets.face import Face, FaceState, error_face
from hubtui.ui.widgets.fold_lines import FoldLines
from hubtui.ui.widgets.painted import Lines
from hubtui.ui.work import in_thread

_MOST_CHARACTERS = 2_000
"""Of a longer line only the beginning is taken apart: the rest would be out of sight."""

_LOADING = FaceState("loading", "asking each stage of the tokenizer")
_EMPTY = FaceState(
    "empty", "This line of the text is empty.", "Its stages are shown as you type.", (("e", "edit text"),)
)


class StagesView(TokenView):
    """The stages one below another, each to be opened; what was told last stays until the next is here.

    Args:
        services: of the session.
    """

    follows_cursor: ClassVar[bool] = True
    DEFAULT_CSS = """
    StagesView { layout: vertical; }
    StagesView > Lines { padding: 0 1; }
    StagesView > Face { height: 6; }
    StagesView.-told > Face { display: none; }
    StagesView > FoldLines { height: 1fr; padding: 0 0 0 1; margin-top: 1; }
    StagesView.-low > FoldLines { margin-top: 0; }
    """

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._asked: tuple[str, str] | None = None
        self._told: TokenStages | None = None

    def compose(self) -> ComposeResult:
        """Lay the parts out."""
        yield Lines()
        yield Face(_LOADING)
        yield FoldLines(FOLDS, OPENED_FIRST)

    def focus_first(self) -> None:
        """Put the focus into the stages."""
        self.query_one(FoldLines).focus()

    def changed(self, subject: TokenSubject) -> None:
        """Ask about the line, unless it is the one that was asked about last."""
        super().changed(subject)
        self._say()
        line = self._line[:_MOST_CHARACTERS]
        if self._asked == (subject.folder, line):
            return
        if self._asked is None or self._asked[0] != subject.folder:
            self._told = None
        self._asked = (subject.folder, line)
        if not line:
            self.ask(self._nothing(), self._show, self._failed, pause_s=0)
        else:
            if self._told is None:
                self._show_face(_LOADING)
            self.ask(self._question(subject, line), self._show, self._failed)

    async def _question(self, subject: TokenSubject, line: str) -> TokenStages | None:
        inspector = await in_thread(self.services.inspector)
        return await inspector.stages(subject.facts.id, subject.folder, line)

    async def _nothing(self) -> TokenStages | None:
        """Take the place of a question that is under way."""

    def _show(self, told: TokenStages | None) -> None:
        self._told = told
        self._say()
        if told is None:
            self._show_face(_EMPTY)
            return
        self.add_class("-told")
        # laid out before the first lines are made: how many fit says what is open
        self.call_after_refresh(self._make)

    def _make(self) -> None:
        if self._told is not None:
            self.query_one(FoldLines).show(partial(stage_lines, self._told))

    def _failed(self, error: HubtuiError) -> None:
        self._asked = self._told = None
        self._say()
        self._show_face(error_face(error))

    def _show_face(self, state: FaceState) -> None:
        self.remove_class("-told")
        self.query_one(Face).state = state
        self.query_one(FoldLines).show(None)

    def retry(self) -> bool:
        """Ask again after a failure."""
        if self.subject is None or self._asked is not None:
            return False
        self.changed(self.subject)
        return True

    @property
    def _line(self) -> str:
        if self.subject is None:
            return ""
        lines = split_lines(self.subject.text)
        return lines[self.subject.row] if self.subject.row < len(lines) else ""

    def _say(self) -> None:
        """Say which line it is, where there are several, and what is doubtful."""
        subject, width = self.subject, self.size.width - 2
        if subject is None or width < 1:
            return
        inks = self.query_one(FoldLines).inks
        lines: list[Line] = []
        count = len(split_lines(subject.text))
        if count > 1:
            lines.append(
                [(f"line {subject.row + 1} of {whole(count)}", inks.muted), (" · the one with the cursor", inks.muted)]
            )
        doubts = [self._told.doubt] if self._told is not None and self._told.doubt else []
        if len(self._line) > _MOST_CHARACTERS:
            doubts.append(f"Only the first {whole(_MOST_CHARACTERS)} characters of this line are taken apart.")
        lines += [[(line, inks.warn)] for doubt in doubts for line in wrap(f"! {doubt}", width)]
        self.query_one(Lines).show(*lines)

    def on_resize(self) -> None:
        """Break the lines anew; go without the gap where there is little room."""
        self.set_class(self.size.height < 18, "-low")
        self._say()

    def copyable(self) -> Sequence[tuple[str, str]]:
        """Return what came out of the stages."""
        if self._told is None:
            return ()
        normalized = "".join(run.text for run in self._told.normalized or ())
        offered = [("the normalised text", normalized), ("the decoded text", self._told.decoded)]
        ids = " ".join(str(token.id) for token in self._told.tokens)
        return [("the token ids of this line", ids), *(each for each in offered if each[1])]
