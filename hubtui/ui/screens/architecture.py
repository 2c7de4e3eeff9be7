"""How a model is built, from its config alone: sizes, modules, and what else it can be loaded as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from hubtui.core.errors import HubtuiError
from hubtui.core.fit import kv_cache_bytes
from hubtui.core.known_config import whole_config
from hubtui.core.models import ModelFacts
from hubtui.core.numbers import size_text
from hubtui.core.ports import Services, Structures
from hubtui.core.structure import Head, Structure
from hubtui.core.structure_words import class_facts, dimension_facts, head_row, module_rows, stored_words
from hubtui.ui.actions import bindings
from hubtui.ui.drawing import table_lines
from hubtui.ui.text import Line, cells, clip, shorten_left, wrap
from hubtui.ui.widgets.bar import Bar
from hubtui.ui.widgets.face import Face, FaceState, error_face
from hubtui.ui.widgets.lines_view import LinesView
from hubtui.ui.widgets.overlay_parts import KeysFoot, RowsView, bound
from hubtui.ui.work import in_thread

_BYTES_IN_16_BITS = 2
_WIDEST, _LABEL = 110, 24


@dataclass(frozen=True, slots=True)
class _Row:
    """A line; `head` is the class that enter builds."""

    pieces: Line
    head: str = ""


class _Title(Bar):
    def __init__(self, model: str) -> None:
        super().__init__()
        self._model = model

    def pieces(self, width: int) -> Line:
        words = "without its weights, from config.json"
        title = [(" Architecture ", self.inks.strong), (shorten_left(self._model, max(8, width - 15)), self.inks.muted)]
        return clip([*title, (f"  {words}", self.inks.faint)], width)


class ArchitectureScreen(ModalScreen[None]):
    """Builds the model in a process of its own and shows it; a head of the list builds it with that one."""

    DEFAULT_CSS = """
    ArchitectureScreen { align: center middle; background: $background 60%; }
    ArchitectureScreen:ansi { background: transparent; }
    ArchitectureScreen > Vertical { width: 110; max-width: 100%; height: 100%; background: $raised;
        padding: 0 1; border: round $faint; }
    ArchitectureScreen RowsView { height: 1fr; margin: 1 0; scrollbar-background: $raised; display: none; }
    ArchitectureScreen Face { background: $raised; }
    ArchitectureScreen.-built RowsView { display: block; }
    ArchitectureScreen.-built Face { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings("dialog")

    def __init__(self, services: Services, facts: ModelFacts) -> None:
        super().__init__()
        self._services, self._facts = services, facts
        self._structures: Structures | None = None
        self._heads: tuple[Head, ...] = ()
        self._view = RowsView[_Row]()
        self._face = Face(FaceState("loading", "Building it without weights … the first time the libraries are loaded"))

    def compose(self) -> ComposeResult:
        """Yield the title, the lines or what stands in their place, and the keys."""
        with Vertical():
            yield _Title(self._facts.id)
            yield self._face
            yield self._view
            yield KeysFoot(
                *bound(
                    self._services.settings.keys,
                    ("open", "build with that head"),
                    ("left right", "sideways"),
                    ("last", "to the heads"),
                    ("close", "close"),
                )
            )

    def on_mount(self) -> None:
        """Begin to build."""
        self._build("")

    def on_lines_view_chosen(self, event: LinesView.Chosen) -> None:
        """Build with the head under the cursor."""
        event.stop()
        if head := self._view.rows[event.index].head:
            self._build(head)

    def action_close(self) -> None:
        """Go back; what is being built is not waited for."""
        self.dismiss(None)

    def _build(self, head: str) -> None:
        async def follow() -> None:
            try:
                structure = await self._built(head)
            except HubtuiError as error:
                self.set_class(False, "-built")
                self._face.state = error_face(error, can_retry=False)
            else:
                self._show(structure)

        self.run_worker(follow(), group="structure", exclusive=True, exit_on_error=False)

    async def _built(self, head: str) -> Structure:
        if self._structures is None:
            self._structures = await in_thread(self._services.structures)
        name, config = self._facts.id, whole_config(self._facts)
        structure = await self._structures.build(name, config, head=head)
        if not self._heads:
            self._heads = await self._structures.heads(name, config)
        return structure

    def _show(self, structure: Structure) -> None:
        inks = self._view.inks
        facts = [row for row in class_facts(structure).items() if row[1]]
        if words := stored_words(structure, self._heads, self._facts.parameters_by_dtype):
            room = max(30, min(self.size.width, _WIDEST) - _LABEL)
            facts += [("" if at else "stored", line) for at, line in enumerate(wrap(words, room))]
        if cache := kv_cache_bytes(self._facts.config, 1, 1, _BYTES_IN_16_BITS):
            facts.append(("KV cache", f"{size_text(cache)} a token in 16 bits"))
        rows = [_Row(line) for line in table_lines(facts, inks)]
        for part in structure.dimensions:
            sizes = [row for row in dimension_facts(part).items() if row[1]]
            rows += [_Row(()), *(_Row(line) for line in table_lines(sizes, inks))]
        modules = table_lines(module_rows(structure), inks, right=frozenset({2}))
        rows += [_Row(()), _Row([(" Modules", inks.strong)]), *(_Row(line) for line in modules)]
        rows += [_Row(()), _Row([(" Can be loaded as", inks.strong), ("   enter builds it", inks.muted)])]
        table = table_lines([head_row(head) for head in self._heads], inks, right=frozenset({1}))
        rows += [
            _Row(line, head.name if head.parameters is not None else "")
            for head, line in zip(self._heads, table, strict=True)
        ]
        self._view.rows = rows
        self.set_class(True, "-built")
        widest = max(sum(cells(text) for text, _ in row.pieces) for row in rows)
        self._view.set_count(len(rows), width=widest, cursor=0)
        self._view.focus()
