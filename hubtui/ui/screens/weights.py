"""The weights of a model, from the headers of their files: sums, files, metadata, every tensor by module name."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input

from hubtui.core.errors import CheckpointError, HubtuiError
from hubtui.core.models import FileEntry, ModelFacts
from hubtui.core.numbers import count_text, size_text
from hubtui.core.ports import Services
from hubtui.core.tensors import Tensors
from hubtui.ui.actions import bindings
from hubtui.ui.screens.overlays import Overlays
from hubtui.ui.text import Line, Piece, clip, plural, shorten_left
from hubtui.ui.widgets.bar import Bar
from hubtui.ui.widgets.face import Face, FaceState, error_face
from hubtui.ui.widgets.lines_view import LinesView
from hubtui.ui.widgets.made_lines import MadeLines, Maker
from hubtui.ui.widgets.narrowing import Narrowing
from hubtui.ui.widgets.overlay_parts import KeysFoot, bound
from hubtui.ui.widgets.weights_list import WeightsList
from hubtui.ui.widgets.weights_outline import TENSORS, Outline, OutlineRow
from hubtui.ui.work import start

_READING = "Reading the headers of its weights"
_WIDE = 100
_LITTLE = 0.5
"""Of all bytes: who has read more than this has downloaded weights."""


class _Head(Bar):
    """What it is of, and its sums."""

    DEFAULT_CSS = "_Head { height: 2; }"

    def __init__(self, model: str) -> None:
        super().__init__()
        self._model = model
        self.outline: Outline | None = None

    def line(self, y: int, width: int) -> Line:
        if y == 0:
            return [(" Weights ", self.inks.strong), (shorten_left(self._model, max(8, width - 10)), self.inks.muted)]
        return clip(_sums(self.outline, self, is_wide=width >= _WIDE), width) if self.outline is not None else ()


def _sums(outline: Outline, of: Bar, *, is_wide: bool) -> list[Piece]:
    """Return how many tensors there are, of what was asked for where something narrows."""
    inks, tensors, found = of.inks, outline.tensors, outline.found
    total = found or outline.total
    counted = f"{total.tensors:,} of {outline.total.tensors:,}" if found else f"{total.tensors:,}"
    counted_parameters = f"{total.parameters:,}" if is_wide else count_text(total.parameters)
    facts = [
        (f"{counted} tensors", inks.strong),
        (f"{counted_parameters} parameters", inks.strong),
        (size_text(total.size_bytes), inks.strong),
    ]
    dtypes = outline.by_dtype
    if len(dtypes) == 1 and not found:
        facts.append((f"all {dtypes[0].name}", inks.muted))
    files = len(tensors.files)
    facts.append((plural(files, f"{tensors.format} file") if files > 1 else tensors.files[0].path, inks.muted))
    line: list[Piece] = [(" ", inks.text)]
    for words in facts:
        line += [(" · ", inks.faint)] * (len(line) > 1) + [words]
    return line


class _Quiet(Bar):
    """What was read for it."""

    def __init__(self) -> None:
        super().__init__()
        self.words = ""

    def pieces(self, width: int) -> Line:
        return clip([(f" {self.words}", self.inks.faint if self.app.theme == "ansi" else self.inks.muted)], width)


def read_words(tensors: Tensors, *, is_local: bool) -> str:
    """Return what was read, in one line."""
    stored = sum(file.size_bytes for file in tensors.files)
    gguf = " · shapes as in the file, the fastest dimension first" if tensors.format == "gguf" else ""
    if not tensors.reads:
        return f"Headers that were read before; nothing was fetched{gguf}"
    what = f"{size_text(tensors.read_bytes)} of {size_text(stored)} in {plural(tensors.reads, 'read')}"
    if is_local:
        return f"Read here: {what}{gguf}"
    clause = " · no weights downloaded" if tensors.read_bytes < _LITTLE * stored else ""
    return f"Fetched: {what}{clause}{gguf}"


class WeightsScreen(ModalScreen[None]):
    """Lists the tensors of a model.

    Args:
        services: read the headers.
        facts: of the model.
        path: a weight file to begin at, or the index of some; the weights that a run would load when empty.
        about: makes lines of facts about that file.
    """

    class Progressed(Message, bubble=False):
        """Some of the headers are read; sent from a thread."""

        def __init__(self, done: int, total: int) -> None:
            super().__init__()
            self.done, self.total = done, total

    key_context: ClassVar[str] = "weights"
    AUTO_FOCUS = ""  # the field is hidden until it is asked for
    DEFAULT_CSS = """
    WeightsScreen { align: center middle; background: $background 60%; }
    WeightsScreen:ansi { background: transparent; }
    WeightsScreen > Vertical { width: 124; max-width: 100%; height: 100%; background: $raised; padding: 0 1;
        border: round $faint; }
    WeightsScreen WeightsList { height: 1fr; margin-top: 1; scrollbar-background: $raised; display: none; }
    WeightsScreen Narrowing { background: $raised; margin: 1 0 0 0; padding: 0 1 !important; display: none; }
    WeightsScreen Narrowing:focus { background-tint: $background 0%; }
    WeightsScreen Face { background: $raised; margin-top: 1; }
    WeightsScreen MadeLines { height: 1fr; padding: 0 3; display: none; scrollbar-background: $raised; }
    WeightsScreen.-failed Face { height: 9; }
    WeightsScreen.-failed MadeLines { display: block; }
    WeightsScreen.-read WeightsList { display: block; }
    WeightsScreen.-read.-narrowed Narrowing { display: block; }
    WeightsScreen.-read Face { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings("dialog", "weights")

    def __init__(self, services: Services, facts: ModelFacts, path: str = "", about: Maker | None = None) -> None:
        super().__init__()
        self._services, self._facts, self._path = services, facts, path
        self._is_closed = False
        self._head, self._view, self._quiet = _Head(facts.id), WeightsList(about), _Quiet()
        self._face = Face(FaceState("loading", f"{_READING} …"))
        self._field = Narrowing(placeholder="words of names, dtypes, shapes, files", compact=True)
        self._foot = KeysFoot()
        self._about, self._facts_of_file = about, MadeLines()

    def compose(self) -> ComposeResult:
        """Yield the sums, the list or what stands in its place, what was read, and the keys."""
        with Vertical():
            yield self._head
            yield self._field
            yield self._face
            yield self._facts_of_file
            yield self._view
            yield self._quiet
            yield self._foot

    def on_mount(self) -> None:
        """Begin to read."""
        self._read()

    def on_unmount(self) -> None:
        """Let the reading stop."""
        self._is_closed = True

    # -- reading

    def _read(self) -> None:
        self.remove_class("-read", "-failed")
        self._face.state = FaceState("loading", f"{_READING} …")
        self._show_keys()
        facts, path = self._facts, self._path

        def call() -> Outline:
            tensors = self._services.headers().tensors(
                facts, path, progress=self._progress, is_cancelled=lambda: self._is_closed
            )
            return Outline(tensors, _others(facts, tensors))

        start(self, "headers", call, self._came, self._failed)

    def _progress(self, done: int, total: int) -> None:
        if total > 1:
            self.post_message(self.Progressed(done, total))

    def on_weights_screen_progressed(self, event: Progressed) -> None:
        """Say how many are read."""
        if not self.has_class("-read"):
            self._face.state = FaceState("loading", f"{_READING}: {event.done} of {event.total} files")

    def _failed(self, error: HubtuiError) -> None:
        if self._about is not None:  # what is known of the file without its header
            self.add_class("-failed")
            self._facts_of_file.show(self._about)
        if isinstance(error, CheckpointError):  # there is nothing to be had by asking again
            self._face.state = FaceState("empty", error.message, error.hint, (("esc", "close"),))
        else:
            self._face.state = error_face(error)
        self._show_keys()

    def _came(self, outline: Outline) -> None:
        self._head.outline = outline
        self._quiet.words = read_words(outline.tensors, is_local=bool(self._facts.folder or self._facts.from_cache))
        self.set_class(True, "-read")
        self.call_after_refresh(self._show, outline)

    def _show(self, outline: Outline) -> None:
        self._view.show(outline)
        self._view.move_to(self._view.row_of(TENSORS) + 1)
        self._view.scroll_to(y=0, animate=False, force=True)
        self._view.focus()
        paths = [file.path for file in outline.tensors.files]
        if self._path in paths and len(paths) > 1:
            self._narrow(self._path)
        self._refresh_bars()

    def action_retry(self) -> None:
        """Read again what could not be read."""
        if self._face.state.kind == "error":
            self._read()

    # -- the list

    @on(LinesView.Chosen)
    def _opened(self, event: LinesView.Chosen) -> None:
        event.stop()
        row, outline = self._view.rows[event.index], self._view.outline
        if outline is None:
            return
        if row.key:
            outline.toggle(row.key)
            self._view.show(outline)
            if event.index > self._view.first_line + self._view.view_height * 2 // 3:
                self._view.center()  # what was opened would be below the view
        elif row.kind in {"dtype", "file"}:
            self._narrow(row.label)
        elif row.kind == "other":
            self._path = row.label
            self._close_narrowing()
            self._read()

    def action_fold_layers(self) -> None:
        """Show layers that are alike one by one, or as one."""
        if (outline := self._view.outline) is not None:
            outline.set_fold(fold=not outline.fold)
            self._view.show(outline)
            self._refresh_bars()

    def action_open_all(self) -> None:
        """Open all modules, or fold them."""
        outline = self._view.outline
        if outline is not None:
            start(self, "open-all", outline.open_all, lambda _: self._view.show(outline), lambda _: None)

    def action_copy(self) -> None:
        """Copy what the line under the cursor is about."""
        row = self._view.row
        if row is None or not self.has_class("-read"):
            return
        text, what = _copied(row)
        if text:
            Overlays(self, self._services, self._say).copy(text, what)

    def _say(self, words: str) -> None:
        self.notify(words, markup=False)

    # -- narrowing

    def action_narrow(self) -> None:
        """Let the user type words that tensors must have."""
        if self.has_class("-read"):
            self.add_class("-narrowed")
            self.set_focus(self._field)  # at once: the letters may have come with the key

    def _narrow(self, words: str) -> None:
        self.add_class("-narrowed")
        self._field.value = words

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list."""
        event.stop()
        outline = self._view.outline
        if outline is not None and tuple(event.value.lower().split()) != outline.words:
            outline.narrow(event.value)
            self._view.show(outline)
            self._view.move_to(self._view.row_of(TENSORS) + 1)
            self._view.scroll_to(y=0, animate=False, force=True)
            self._refresh_bars()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to the tensors that are left."""
        event.stop()
        if not event.value.strip():
            self._close_narrowing()
        self._view.focus()

    @on(Narrowing.Left)
    def _end_narrowing(self, event: Narrowing.Left) -> None:
        event.stop()
        self._close_narrowing()
        self._view.focus()

    def _close_narrowing(self) -> None:
        self.remove_class("-narrowed")
        self._field.value = ""

    def action_close(self) -> None:
        """Show all tensors again where some words narrow them, else go back."""
        if self.has_class("-narrowed"):
            self._close_narrowing()
            self._view.focus()
        else:
            self.dismiss(None)

    # -- bars

    def _refresh_bars(self) -> None:
        self._head.refresh()
        self._quiet.refresh()
        self._show_keys()

    def _show_keys(self) -> None:
        outline = self._view.outline
        is_loading = self._face.state.kind == "loading" and not self.has_class("-read")
        keys = [("close", "show all" if outline is not None and outline.words else "stop" if is_loading else "close")]
        if outline is not None and self.has_class("-read"):
            keys = [
                ("open", "open"),
                ("narrow-weights", "narrow"),
                ("fold-layers", "each layer" if outline.fold else "as one"),
                ("open-modules", "open all"),
                ("copy-tensor", "copy name"),
                *keys,
            ]
        self._foot.keys = bound(self._services.settings.keys, *keys)
        self._foot.refresh()


def _others(facts: ModelFacts, tensors: Tensors) -> list[FileEntry]:
    """The weight files that were not read, and that could be."""
    read = {file.path for file in tensors.files}
    return [entry for entry in facts.files if entry.format in {"safetensors", "gguf"} and entry.path not in read]


def _copied(row: OutlineRow) -> tuple[str, str]:
    """What to copy of a line, and what that is."""
    if row.node is not None:
        entry = row.node.entries[0]
        if row.node.leaf is not None:
            return entry.own_name, "name of the tensor"
        cut = len(entry.name) - len(entry.own_name)
        return entry.name[cut : row.node.start - 1], "name of the module"
    if row.value is not None:
        return row.value.text, row.label
    return (row.label, "line") if row.kind in {"file", "other", "dtype", "text"} else ("", "")
