"""Two revisions of a model beside each other: what changed, and the text of the file under the cursor."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.timer import Timer

from hubtui.core.differences import Comparison, TextDiff
from hubtui.core.errors import HubtuiError
from hubtui.core.ports import Services
from hubtui.ui import clock
from hubtui.ui.actions import bindings
from hubtui.ui.text import Line
from hubtui.ui.widgets.change_list import ChangeList, short
from hubtui.ui.widgets.diff_view import DiffView
from hubtui.ui.widgets.face import Face, FaceState, error_face
from hubtui.ui.widgets.lines_view import LinesView
from hubtui.ui.widgets.overlay_parts import KeysFoot, TextRule, bound
from hubtui.ui.widgets.painted import Lines
from hubtui.ui.work import start

_WIDE = 100
_FRAME = 3  # lines of the title and the foot
_REST_S = 0.12
"""How long the cursor rests on a file before its texts are fetched."""


class ComparisonScreen(ModalScreen[None]):
    """Compares two revisions over the whole screen.

    Args:
        services: hold the Hub.
        model: whose revisions they are.
        before, after: branch, tag, commit or pull request.
    """

    key_context: ClassVar[str] = "revisions"
    DEFAULT_CSS = """
    ComparisonScreen { layout: vertical; background: $background; }
    ComparisonScreen > Lines { padding: 0 1; }
    ComparisonScreen #both { height: 1fr; layout: vertical; display: none; }
    ComparisonScreen.-found #both { display: block; }
    ComparisonScreen.-found > Face { display: none; }
    ComparisonScreen ChangeList { padding: 0 0 0 1; }
    ComparisonScreen #text { height: 1fr; }
    ComparisonScreen #text > DiffView { height: 1fr; padding: 0 0 0 1; }
    ComparisonScreen.-wide #both { layout: horizontal; }
    ComparisonScreen.-wide ChangeList { width: 45%; }
    ComparisonScreen.-wide #text { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("dialog", "revisions"),
        Binding("q", "close", show=False),
    ]

    def __init__(self, services: Services, model: str, before: str, after: str) -> None:
        super().__init__()
        self._services = services
        self._model, self._before, self._after = model, before, after
        self._found: Comparison | None = None
        self._texts: dict[str, TextDiff] = {}
        self._path = ""
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay the parts out."""
        yield Lines(id="title")
        yield Face(FaceState("loading", f"comparing {short(self._before)} with {short(self._after)}"))
        with Container(id="both"):
            yield ChangeList(clock.now())
            with Container(id="text"):
                yield TextRule()
                yield DiffView()
        yield KeysFoot(
            *bound(self._services.settings.keys, ("close", "back"), ("open", "text")),
            ("tab", "other side"),
            *bound(self._services.settings.keys, ("down up", "move"), ("left right", "sideways")),
        )

    def on_mount(self) -> None:
        """Ask for the comparison."""
        inks = self.query_one(ChangeList).inks
        title: Line = [
            (self._model, inks.strong),
            (f"   {short(self._before)}", inks.text),
            (" → ", inks.accent),
            (short(self._after), inks.text),
        ]
        self.query_one("#title", Lines).show(title, [])
        self.action_retry()

    def on_resize(self, event: events.Resize) -> None:
        """Put list and text side by side where there is room."""
        self._share(event.size)

    def _share(self, size: Size) -> None:
        """Give the text what the list leaves of the lines, at least two of five; side by side both have all of them."""
        is_wide = size.width >= _WIDE
        self.set_class(is_wide, "-wide")
        changes = self.query_one(ChangeList)
        lines = min(len(changes.entries), (size.height - _FRAME) * 3 // 5)
        changes.styles.height = "1fr" if is_wide else max(1, lines)

    def action_retry(self) -> None:
        """Compare, or read the text again that could not be read."""
        if self._found is not None:
            self._texts.pop(self._path, None)
            self._fetch()
            return
        model, before, after = self._model, self._before, self._after
        start(self, "comparison", lambda: self._services.hub().compare(model, before, after), self._came, self._failed)

    def _failed(self, error: HubtuiError) -> None:
        self.query_one(Face).state = error_face(error)

    def _came(self, found: Comparison) -> None:
        if found.relation == "same":
            what = f"{short(self._before)} and {short(self._after)} are the same commit."
            self.query_one(Face).state = FaceState("empty", what, "Choose two others.", (("esc", "back"),))
            return
        self._found = found
        changes = self.query_one(ChangeList)
        changes.show(found)
        if not changes.entries:
            self.query_one(Face).state = FaceState("empty", "No file differs.", "", (("esc", "back"),))
            return
        self._share(self.app.size)
        self.add_class("-found")
        changes.focus()
        self._fetch()

    @on(LinesView.CursorMoved)
    def _moved(self, event: LinesView.CursorMoved) -> None:
        event.stop()
        if self.query_one(ChangeList).path in {self._path, ""}:
            return
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_REST_S, self._fetch)

    def _fetch(self) -> None:
        """Show the text of the file under the cursor; each is fetched once."""
        found, path = self._found, self.query_one(ChangeList).path
        if found is None:
            return
        self._path = path
        self.query_one(TextRule).show(path)
        view = self.query_one(DiffView)
        if not path:
            view.say("No text here: only commits differ.")
        elif path in self._texts:
            view.show(self._texts[path])
        else:
            view.say("reading both texts")
            start(self, "text", lambda: self._services.hub().file_diff(found, path), self._text_came, self._no_text)

    def _text_came(self, diff: TextDiff) -> None:
        self._texts[diff.path] = diff
        self.query_one(DiffView).show(diff)

    def _no_text(self, error: HubtuiError) -> None:
        self.query_one(DiffView).say(f"✗ {error}  r tries again.")

    @on(LinesView.Chosen)
    def _to_text(self, event: LinesView.Chosen) -> None:
        event.stop()
        self.query_one(DiffView).focus()

    def action_close(self) -> None:
        """Go from the text back to the list, from there back to the files."""
        if isinstance(self.focused, DiffView):
            self.query_one(ChangeList).focus()
        else:
            self.dismiss()
