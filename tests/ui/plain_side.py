"""A right side that only says what is open: for tests of the left one and of the frame."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.widget import Widget

from hubtui.core.errors import HubtuiError
from hubtui.core.models import ModelFacts
from hubtui.core.ports import Services
from hubtui.ui import work
from hubtui.ui.messages import FactsLoaded, RunStateChanged
from hubtui.ui.text import Line
from hubtui.ui.widgets.lines_view import LinesView


class _Lines(LinesView):
    said: tuple[str, ...] = ()

    def line(self, index: int, width: int) -> Line:  # noqa: ARG002 - short enough for any width
        return [(f" {self.said[index]}", self.inks.text)]


class PlainSide(Widget):
    """Satisfies `ModelSide` and keeps a list of what it was asked."""

    DEFAULT_CSS = "PlainSide { height: 1fr; }"
    key_context = "model"

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.services = services
        self.facts: ModelFacts | None = None
        self.active_tab = 1
        self.asked: list[str] = []
        self._lines = _Lines()

    def compose(self) -> ComposeResult:
        yield self._lines

    def on_mount(self) -> None:
        self._say("mounted")

    def _say(self, what: str) -> None:
        self.asked.append(what)
        self._lines.said = tuple(self.asked)
        if self._lines.is_mounted:
            self._lines.set_count(len(self.asked))

    def open(self, target_id: str, revision: str | None = None) -> None:
        self._say(f"open {target_id} {revision or ''}".strip())

        def done(facts: ModelFacts) -> None:
            self.facts = facts
            self.post_message(FactsLoaded(facts))

        def failed(error: HubtuiError) -> None:
            self._say(error.message)

        work.start(self, "facts", lambda: self.services.hub().facts(target_id, revision), done, failed)

    def show_tab(self, number: int) -> None:
        self.active_tab = number
        self._say(f"tab {number}")
        self.call_after_refresh(self._lines.focus)

    def focus_tab(self) -> None:
        self._lines.focus()

    def reload(self) -> None:
        self._say("reload")

    def copyable(self) -> Sequence[tuple[str, str]]:
        return [("snippet", "from transformers import AutoModel\n")]

    def toggle_pin(self, model: str) -> None:
        self._say(f"pin {model}")

    def mark_bookmark(self, *, is_bookmarked: bool) -> None:
        self._say(f"bookmarked {is_bookmarked}")

    def download(self) -> None:
        self._say("download")
        self.post_message(RunStateChanged(is_busy=True))

    def run_model(self) -> None:
        self._say("run")

    def cancel_run(self) -> None:
        self._say("cancel")
        self.post_message(RunStateChanged(is_busy=False))
