"""Whether a model can be used without asking for trouble: the verdict, why, and what to do next."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from hubtui.core.code_reviews import CodeReview
from hubtui.core.errors import HubtuiError
from hubtui.core.inquiry import Inquiry, inquire
from hubtui.core.models import ModelFacts
from hubtui.core.ports import Services
from hubtui.core.verdict import judge
from hubtui.core.verdict_words import Step
from hubtui.ui import clock
from hubtui.ui.actions import bindings
from hubtui.ui.screens.safety_rows import SafetyRow, SafetyRows
from hubtui.ui.text import Line, clip, shorten_left
from hubtui.ui.widgets.bar import Bar
from hubtui.ui.widgets.lines_view import LinesView
from hubtui.ui.widgets.overlay_parts import KeysFoot, RowsView, bound
from hubtui.ui.work import start


class _Title(Bar):
    def __init__(self, facts: ModelFacts) -> None:
        super().__init__()
        self._facts = facts

    def pieces(self, width: int) -> Line:
        facts = self._facts
        commit = "" if facts.revision == facts.commit else facts.revision
        at = " ".join(part for part in (commit, facts.commit[:7]) if part)
        name = shorten_left(facts.folder or facts.id, max(8, width - 12 - len(at)))
        return clip([(" Safety ", self.inks.strong), (name, self.inks.muted), (f"  {at}", self.inks.faint)], width)


class _Reasons(RowsView[SafetyRow]):
    """The lines of the verdict; its owner says which keys help on the line under the cursor."""

    tells_moves: ClassVar[bool] = True


class SafetyScreen(ModalScreen[Step | None]):
    """Judges by the facts at once, then by what it asks of the Hub; answers what to open or to search, or None.

    Args:
        services: hold the Hub and what was read before.
        facts: of the model.
    """

    DEFAULT_CSS = """
    SafetyScreen { align: center middle; background: $background 60%; }
    SafetyScreen:ansi { background: transparent; }
    SafetyScreen > Vertical { width: 110; max-width: 100%; height: auto; max-height: 100%; background: $raised;
        padding: 0 1; border: round $faint; }
    SafetyScreen _Reasons { height: auto; margin: 1 0; scrollbar-background: $raised; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings("dialog", "safety")

    def __init__(self, services: Services, facts: ModelFacts) -> None:
        super().__init__()
        self._services, self._facts = services, facts
        self._inquiry: Inquiry | None = None
        self._view, self._foot = _Reasons(), KeysFoot()

    def compose(self) -> ComposeResult:
        """Yield the title, the lines and the keys."""
        with Vertical():
            yield _Title(self._facts)
            yield self._view
            yield self._foot

    def on_mount(self) -> None:
        """Show what is known, and ask for the rest."""
        self._view.focus()
        self.call_after_refresh(self._show)
        self._ask()

    def on_resize(self) -> None:
        """Wrap the sentences anew."""
        if self._view.is_mounted:
            self._show()

    def _ask(self) -> None:
        services, facts = self._services, self._facts

        def ask() -> Inquiry:
            return inquire(services.hub(), facts, services.memory.code_review(facts.folder or facts.id))

        start(self, "inquiry", ask, self._came, self._failed)

    def _came(self, inquiry: Inquiry) -> None:
        self._inquiry = inquiry
        self._show()

    def _failed(self, error: HubtuiError) -> None:
        self._came(Inquiry(files=self._facts.files, unknown=(f"Nothing more could be asked: {error}",)))

    def _show(self) -> None:
        found = judge(self._facts, clock.now(), self._inquiry)
        width = max(40, min(106, self.size.width - 4) - 2)
        view = self._view
        view.rows = SafetyRows(view.inks, width).all(self._facts, found, self._inquiry)
        view.styles.height = max(4, min(len(view.rows), self.size.height - 6))
        view.set_count(len(view.rows))
        self._name_keys()

    def _name_keys(self) -> None:
        view = self._view
        row = view.rows[view.cursor] if 0 <= view.cursor < len(view.rows) else SafetyRow(())
        enter = [("open", _does(row))] if row.code or row.step else []
        code = [("read-code", "code")] if self._files else []
        self._foot.keys = bound(self._services.settings.keys, *enter, ("down up", "move"), *code, ("close", "close"))
        self._foot.refresh()

    @property
    def _files(self) -> bool:
        return self._inquiry is not None and bool(self._inquiry.code.files)

    @on(LinesView.CursorMoved)
    def _moved(self, event: LinesView.CursorMoved) -> None:
        event.stop()
        self._name_keys()

    @on(LinesView.Chosen)
    def _chosen(self, event: LinesView.Chosen) -> None:
        event.stop()
        row = self._view.rows[event.index]
        step = row.step
        if row.code or (step is not None and step.shows_code):
            self._read(row.code)
        elif step is not None and step.address:
            self._show_address(step.address)
        elif step is not None:
            self.dismiss(step)

    def action_read_code(self) -> None:
        """Show the code that a load would run."""
        if self._files:
            self._read("")

    def _read(self, name: str) -> None:
        from hubtui.ui.screens.code import CodeScreen  # noqa: PLC0415 - when it is first opened

        if self._inquiry is None:
            return

        def answered(review: CodeReview | None) -> None:
            if review is not None:
                self._ask()

        screen = CodeScreen(self._services, self._facts, self._inquiry.code, self._inquiry.review, name)
        self.app.push_screen(screen, answered)

    def _show_address(self, address: str) -> None:
        from hubtui.ui.screens.overlays import Overlays  # noqa: PLC0415 - when it is first needed

        def say(text: str) -> None:
            self.notify(text, markup=False)

        Overlays(self, self._services, say).show_address(address)

    def action_close(self) -> None:
        """Answer nothing."""
        self.dismiss(None)


def _does(row: SafetyRow) -> str:
    """What enter does on a line."""
    step = row.step
    if row.code or step is None or step.shows_code:
        return "read the code"
    if step.address:
        return "show the address"
    return "search" if step.query else "open"
